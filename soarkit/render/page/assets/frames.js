/* Custom views: each lives in a frame of its own that may run scripts and nothing else. What it asks for comes as messages. */
{
  const { element, button } = soarkit;

  // A frame inherits the page's policy; this only narrows it. `trusted-types` lets frame.js make the one policy there is.
  const POLICY = [
    "default-src 'none'",
    "script-src 'unsafe-inline'",
    "style-src 'unsafe-inline'",
    "img-src data:",
    "font-src data:",
    "media-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
  ].join("; ");

  // Elements that name an address which is looked up or connected to without asking the policy, and those that would
  // begin a new realm: as in frame.js, for what the parser meets.
  const CLOSED = /<(?=(?:[^\s<>"'=/:]*:)?(?:applet|base|embed|fencedframe|frame|frameset|iframe|link|meta|object|portal)(?:[\s/>]|$))/gi;

  const LEAST = 40;
  const MOST = 20000; // pixels; a taller view scrolls in its frame
  const MOST_PRINTED = 50000;
  const GROWTHS = 40; // without a person doing anything; a view as tall as its frame and a line would grow for ever
  const LONGEST_ADDRESS = 8192;
  const LONGEST_VALUE = 1_000_000;
  const MOST_ITEMS = 1000;
  const PAUSE = 100; // milliseconds between two menus or links; a person is not faster
  const SETTLED = 700; // milliseconds before a link can be opened: a view may ask for two presses at its place

  const policy = window.trustedTypes?.createPolicy("soarkit", { createHTML: (markup) => markup }) ?? { createHTML: (markup) => markup };
  const frames = new Map();

  function markup(view) {
    const inlined = (name, id) => `<${name}>${soarkit.block(id)}</${name}>`;
    const wants = (name) => (view.libraries ?? []).includes(name);
    return [
      // No end tag of a script stands in this script itself, which stands in one.
      `<!doctype html><html data-theme="${soarkit.theme.dark ? "dark" : "light"}"><head><meta charset="utf-8">`,
      `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta http-equiv="x-dns-prefetch-control" content="off">`,
      inlined("script", "frame-script"),
      wants("datatables") ? inlined("style", "frame-datatables-styles") : "",
      inlined("style", "frame-styles"),
      wants("jquery") ? inlined("script", "frame-jquery") : "",
      wants("datatables") ? inlined("script", "frame-datatables") : "",
      wants("echarts") ? inlined("script", "frame-echarts") : "",
      "</head><body><x-guard></x-guard>",
      soarkit.block(view.html).replace(CLOSED, "<x-"),
      "</body></html>",
    ].join("");
  }

  const limited = (height) => `${Math.min(Math.max(height, LEAST), soarkit.printing?.now ? MOST_PRINTED : MOST)}px`;
  const mine = (source) => Array.from(frames.values()).find((known) => source !== null && known.frame.contentWindow === source);
  const acts = () => navigator.userActivation?.isActive !== false;

  function fill(known) {
    if (known.filled) return;
    known.filled = true;
    known.frame.srcdoc = policy.createHTML(markup(known.view));
    seen?.unobserve(known.frame);
  }

  // Frames are made when they are about to be seen: a report may have hundreds.
  const seen = window.IntersectionObserver
    ? new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && fill(frames.get(entry.target))), { rootMargin: "1500px" })
    : null;

  soarkit.parts.view = (view) => {
    const frame = element("iframe", {
      class: "view",
      sandbox: "allow-scripts",
      allow: "",
      referrerpolicy: "no-referrer",
      title: view.title || "Custom view",
    });
    const known = { frame, view, filled: false, height: 0, growths: 0, asked: -Infinity };
    frames.set(frame, known);
    frame.style.colorScheme = soarkit.theme.dark ? "dark" : "light";
    if (seen) seen.observe(frame);
    else fill(known);
    return frame;
  };

  // ---- What a frame may ask for ----

  const isText = (value, most) => typeof value === "string" && value.length <= most;
  const isPlace = (value) => typeof value === "number" && Number.isFinite(value);

  const asked = {
    height(known, { height }) {
      if (!isPlace(height) || height < 0) return;
      if (acts()) known.growths = 0;
      if (height > known.height && (known.growths += 1) > GROWTHS) return;
      known.height = height;
      known.frame.style.height = limited(height);
    },

    menu(known, { items, x, y }) {
      if (!acts() || !Array.isArray(items) || !items.length || items.length > MOST_ITEMS || !isPlace(x) || !isPlace(y)) return;
      const fine = (item) => item !== null && typeof item === "object" && Array.isArray(item.contains) && item.contains.length <= 100 && item.contains.every((type) => isText(type, 200));
      if (!items.every(fine)) return;
      const values = items.map((item) => JSON.stringify(item.value ?? null));
      if (values.some((value) => value.length > LONGEST_VALUE)) return;
      const box = known.frame.getBoundingClientRect();
      const within = (value, most) => Math.min(Math.max(value, 0), most);
      soarkit.openMenu(
        items.map((item, at) => ({ contains: item.contains, value: JSON.parse(values[at]) })),
        { x: box.left + within(x, box.width), y: box.top + within(y, box.height) },
      );
    },

    link(known, { url }) {
      if (acts() && isText(url, LONGEST_ADDRESS)) askBeforeOpening(url);
    },
  };

  // ---- A view that leaves its frame is taken away before it does: frame.js says why ----

  const TURNS = 5; // of the focus, at once; no person moves it like that

  function stop(known) {
    if (!frames.delete(known.frame)) return;
    seen?.unobserve(known.frame);
    known.frame.replaceWith(soarkit.parts.error({ what: "This view was stopped", where: "It tried to leave its frame for another address." }));
  }

  let turns = { count: 0, at: 0 };
  const turned = () => {
    const now = performance.now();
    turns = { count: now - turns.at < 20 ? turns.count + 1 : 1, at: now };
    if (document.activeElement?.localName === "iframe") turned.frame = document.activeElement;
    if (turns.count >= TURNS && frames.has(turned.frame)) stop(frames.get(turned.frame));
  };
  addEventListener("focus", turned);
  addEventListener("blur", turned);

  addEventListener("message", (event) => {
    const known = mine(event.source);
    const message = event.data;
    const [port] = event.ports;
    if (known && port && !known.port) {
      known.port = port;
      port.onmessage = () => stop(known);
    }
    if (!known || message === null || typeof message !== "object" || !Object.hasOwn(asked, message.soarkit)) return;
    if (message.soarkit !== "height") {
      if (performance.now() - known.asked < PAUSE) return;
      known.asked = performance.now();
    }
    try {
      asked[message.soarkit](known, message);
    } catch {
      // a message that cannot be understood is no message
    }
  });

  soarkit.theme.watch((dark) => {
    for (const { frame } of frames.values()) {
      frame.style.colorScheme = dark ? "dark" : "light";
      frame.contentWindow?.postMessage({ soarkit: "theme", dark }, "*");
    }
  });

  soarkit.printing?.watch((now) => {
    for (const known of frames.values()) {
      if (now) fill(known);
      if (known.height) known.frame.style.height = limited(known.height);
    }
  });

  // ---- Links: where one leads is shown first, and nothing is asked of it until somebody opens it ----

  const address = (url) => {
    try {
      const parsed = new URL(url);
      return ["http:", "https:"].includes(parsed.protocol) ? parsed : null;
    } catch {
      return null;
    }
  };

  function askBeforeOpening(url) {
    document.querySelector("dialog.link")?.remove();
    const parsed = address(url);
    const shown = performance.now();
    const open = (event) => (performance.now() - shown < SETTLED ? event.preventDefault() : dialog.close());
    const dialog = element(
      "dialog",
      { class: "link", "aria-label": "Link in a custom view", on: { close: () => dialog.remove() } },
      element("p", {}, parsed ? "A custom view links to " : "A custom view has a link that cannot be opened from here:", parsed ? element("strong", {}, ...soarkit.visible(parsed.host)) : null),
      element("p", { class: "address" }, element("bdi", { class: "mono", dir: "ltr" }, ...soarkit.visible(url))),
      element(
        "div",
        { class: "choices" },
        button("copy", "Copy the address", (event) => soarkit.copy(url, event.currentTarget, "Address copied"), { text: "Copy" }),
        parsed ? element("a", { class: "button", href: parsed.href, target: "_blank", rel: "noopener noreferrer", on: { click: open } }, "Open") : null,
        button("close", "Close", () => dialog.close(), { text: "Close" }),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  }
}
