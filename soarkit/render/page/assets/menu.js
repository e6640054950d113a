/* The contextual menu of a value: what it is, and the exact commands that take it. */
{
  const { element, icon, button } = soarkit;
  const MOST = 60; // commands shown at once; the rest on demand
  const FILTER_FROM = 10;
  const LONGEST = 100_000; // characters of a value that a command line takes: Linux allows 128 KiB a word
  const SHOWN = 5_000; // characters of a word of a command; copying gives all of it
  const READ = 100_000; // characters of the value itself

  let contextual = { types: {}, commands: [] };
  let panel = null;
  let opener = null;

  soarkit.setContextual = (given) => {
    contextual = given ?? contextual;
  };

  // Commands for a value of these types, in the order in which they were given: by app, read-only ones first.
  const commandsFor = (types) => {
    const known = (type) => Object.hasOwn(contextual.types, type);
    const found = (type) =>
      [
        type.toLowerCase(),
        type
          .toLowerCase()
          .replace(/[\s_]+/g, " ")
          .trim(),
        "*",
      ].find(known);
    const places = new Set(types.flatMap((type) => contextual.types[found(type)] ?? []));
    return [...places]
      .sort((a, b) => a - b)
      .map((place) => contextual.commands[place])
      .filter(Boolean);
  };

  const cut = (text, most = SHOWN) => (text.length > most ? `${text.slice(0, most)}…` : text);

  function commandRow(entry, value) {
    const words = soarkit.commandWords(entry, value);
    const text = words.map(([word]) => word).join(" ");
    const shown = words.flatMap(([word, open], at) => [
      at ? " " : "",
      open ? element("mark", { title: "to be filled in" }, word) : cut(word),
    ]);
    const copy = button("copy", `Copy: ${cut(text)}`, (event) => soarkit.copy(text, event.currentTarget, "Command copied"), {
      title: "Copy the command",
    });
    const changes = entry.read_only
      ? null
      : element("span", { class: "badge changes", title: "not marked as read-only by its app" }, "changes things");
    return element(
      "li",
      { class: "command" },
      element("div", { class: "command-name" }, element("span", {}, ...soarkit.visible(entry.action)), changes),
      element("code", { dir: "ltr" }, ...shown),
      copy,
    );
  }

  function commandList(types, value) {
    const all = commandsFor(types);
    const list = element("div", { class: "menu-groups" });
    const draw = (query, most) => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const found = all.filter((entry) =>
        words.every((word) => `${entry.app} ${entry.action} ${entry.slug}`.toLowerCase().includes(word)),
      );
      const groups = new Map();
      for (const entry of found.slice(0, most)) groups.set(entry.app, [...(groups.get(entry.app) ?? []), entry]);
      list.replaceChildren(
        ...Array.from(groups, ([app, entries]) =>
          element(
            "section",
            {},
            element("h3", {}, ...soarkit.visible(app)),
            element(
              "ul",
              {},
              entries.map((entry) => commandRow(entry, value)),
            ),
          ),
        ),
        found.length > most
          ? button(null, "", () => draw(query, Infinity), {
              text: `Show ${soarkit.count(found.length - most)} more`,
              class: "button more",
            })
          : "",
        found.length ? "" : element("p", { class: "note" }, "No action matches."),
      );
    };
    const kinds = types.join(", ");
    if (!all.length)
      return [element("p", { class: "note" }, types.length ? `No installed app has an action for ${kinds}.` : "")];
    if (soarkit.plainText(value).length > LONGEST)
      return [element("p", { class: "note" }, "This value is too long for a command line.")];
    draw("", MOST);
    const filter =
      all.length < FILTER_FROM
        ? null
        : element("input", {
            type: "search",
            class: "filter",
            placeholder: `Filter ${all.length} actions`,
            "aria-label": "Filter actions",
            spellcheck: "false",
            on: { input: (event) => draw(event.target.value, MOST) },
          });
    return [filter, list];
  }

  function valueShown(value) {
    if (soarkit.isNested(value)) return element("div", { class: "menu-value" }, soarkit.tree(value, { open: true }));
    const text = value === "" ? "“”" : soarkit.plainText(value) || "–";
    return element(
      "div",
      { class: "menu-value", tabindex: text.length > 400 ? "0" : null },
      element("bdi", { class: "mono", dir: "auto" }, ...soarkit.visible(cut(text, READ))),
    );
  }

  function about(item, back) {
    const types = item.contains ?? [];
    const copies = [
      button(
        "copy",
        "Copy value",
        (event) => soarkit.copy(soarkit.plainText(item.value), event.currentTarget, "Value copied"),
        { text: "Copy value" },
      ),
    ];
    if (item.path)
      copies.push(
        button("path", "Copy data path", (event) => soarkit.copy(item.path, event.currentTarget, "Data path copied"), {
          text: "Copy data path",
          title: item.path,
        }),
      );
    const close = button("close", "Close", () => panel.hidePopover(), { class: "button bare menu-close" });
    return [
      element(
        "header",
        {},
        back ? button("caret", "Back", back, { class: "button bare back" }) : null,
        valueShown(item.value),
        close,
      ),
      element(
        "div",
        { class: "menu-facts" },
        types.map((type) => element("span", { class: "badge" }, ...soarkit.visible(type))),
        ...copies,
      ),
      ...commandList(types, item.value),
    ];
  }

  // Several values, or a list: one is chosen first.
  function choice(items) {
    const shown = items.slice(0, 200);
    const choose = (item) => () =>
      fill(
        about(item, () => fill(choice(items), "Values")),
        describe(item),
      );
    return [
      element(
        "header",
        {},
        element("h3", {}, soarkit.plural(items.length, "value")),
        button("close", "Close", () => panel.hidePopover(), { class: "button bare menu-close" }),
      ),
      element(
        "ul",
        { class: "menu-choice" },
        shown.map((item) =>
          element(
            "li",
            {},
            element(
              "button",
              { type: "button", class: "button plain", on: { click: choose(item) } },
              element(
                "bdi",
                { dir: "auto", class: "mono" },
                ...soarkit.visible(soarkit.plainText(item.value).slice(0, 300)),
              ),
              icon("caret"),
            ),
          ),
        ),
      ),
      items.length > shown.length ? element("p", { class: "note" }, `The first ${shown.length} are shown.`) : "",
    ];
  }

  const describe = (item) => `Actions for ${soarkit.plainText(item.value).slice(0, 80)}`;

  function fill(children, label) {
    panel.setAttribute("aria-label", label);
    panel.replaceChildren(...children.filter(Boolean));
    const first = [".filter", ".menu-choice button", ".command button", ".menu-facts button"]
      .map((what) => panel.querySelector(what))
      .find(Boolean);
    (first ?? panel).focus({ preventScroll: true });
  }

  // Arrow keys walk over everything that can be pressed.
  function walk(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    if (
      !(event.key in steps) ||
      event.target.closest("[role=tree]") ||
      (event.target.tagName === "INPUT" && !event.key.startsWith("Arrow"))
    )
      return;
    const stops = [...panel.querySelectorAll("input, button")].filter((one) => one.checkVisibility());
    const at = stops.indexOf(document.activeElement) + steps[event.key];
    stops[Math.max(0, Math.min(stops.length - 1, at))]?.focus();
    event.preventDefault();
  }

  // Beside what was pressed, and inside the viewport.
  function position(place) {
    const box =
      place instanceof Element
        ? place.getBoundingClientRect()
        : { left: place.x, right: place.x, top: place.y, bottom: place.y };
    const [width, height] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
    const margin = 8;
    const size = panel.getBoundingClientRect();
    const below = height - box.bottom - margin;
    const above = box.top - margin;
    const up = size.height > below && above > below;
    const room = Math.max(160, (up ? above : below) - 4);
    panel.style.maxHeight = `${Math.min(room, height - 2 * margin, 560)}px`;
    const tall = panel.getBoundingClientRect().height;
    const top = up ? box.top - tall - 4 : box.bottom + 4;
    panel.style.top = `${Math.max(margin, Math.min(top, height - tall - margin))}px`;
    panel.style.left = `${Math.max(margin, Math.min(box.left, width - size.width - margin))}px`;
  }

  function build() {
    panel = element("div", { class: "menu", popover: "auto", role: "dialog", tabindex: "-1", on: { keydown: walk } });
    panel.addEventListener("toggle", (event) => {
      if (event.newState !== "closed") return;
      opener?.removeAttribute("aria-expanded");
      opener = null;
    });
    // A press inside a frame is not seen out here, but the focus that goes there is.
    addEventListener("blur", () =>
      setTimeout(
        () => document.activeElement?.tagName === "IFRAME" && panel.matches(":popover-open") && panel.hidePopover(),
      ),
    );
    document.body.append(panel);
  }

  soarkit.openMenu = (items, place) => {
    const all = items.flatMap((item) =>
      Array.isArray(item.value) && item.contains?.length
        ? item.value.filter((one) => soarkit.hasMenu(one, item.contains)).map((value) => ({ ...item, value }))
        : [item],
    );
    if (!all.length) return;
    if (!panel) build();
    panel.style.maxHeight = "";
    panel.showPopover(); // first: what has the focus now gets it back
    opener = place instanceof Element ? place : null;
    opener?.setAttribute("aria-expanded", "true");
    if (all.length === 1) fill(about(all[0]), describe(all[0]));
    else fill(choice(all), "Values");
    position(place);
  };

  soarkit.openMark = (node) => {
    const mark = soarkit.markOf(node);
    if (mark) soarkit.openMenu([mark], node);
    return Boolean(mark);
  };

  // Marked values wherever they are. A press that ends a selection of text is none.
  addEventListener("click", (event) => {
    const node = event.target.closest?.(".marked");
    if (node && getSelection().isCollapsed) soarkit.openMark(node);
  });
  addEventListener("keydown", (event) => {
    const node = event.target.closest?.(".marked");
    if (node && event.target === node && (event.key === "Enter" || event.key === " ") && soarkit.openMark(node))
      event.preventDefault();
  });
}
