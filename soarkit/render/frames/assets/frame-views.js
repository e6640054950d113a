"use strict";

/* What views use of the platform's pages: the contextual menu, links, folding, tabs, the theme. */
(() => {
  const page = window.parent;
  const tell = (message) => page.postMessage(message, "*");
  const own = (name, value) => Object.defineProperty(window, name, { value, writable: true, configurable: true, enumerable: true });

  // ---- The platform's functions ----

  let menuAt = -Infinity;
  own("context_menu", (node, items) => {
    const list = (Array.isArray(items) ? items : [items]).filter((item) => item && typeof item === "object");
    const place = node?.getBoundingClientRect?.() ?? { left: 0, bottom: 0 };
    menuAt = performance.now();
    tell({
      soarkit: "menu",
      items: list.map((item) => ({ contains: [].concat(item.contains ?? []).map(String), value: JSON.parse(JSON.stringify(item.value ?? null)) })),
      x: place.left,
      y: place.bottom,
    });
    return false;
  });
  own("get_my_container", (node) => node?.closest?.(".widget") ?? document.body);
  own("PHANTOM_THEME", document.documentElement.dataset.theme === "dark" ? "dark" : "light");
  for (const name of ["reload_widget", "on_tool_menu", "collapse_widget", "remove_widget", "toggle_jsonview", "maximize_widget", "resize_widget", "handle_update"]) {
    own(name, () => false);
  }

  // Evaluating a text is not allowed here; a script element does the same for one whose value nobody wants.
  const run = (code) => {
    const script = document.createElement("script");
    script.text = code;
    document.head.append(script);
    script.remove();
  };
  const evaluate = window.eval;
  window.eval = (code) => {
    try {
      return evaluate(code);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      const node = handlerOf(code);
      return node ? handle(node, code) : run(code);
    }
  };

  // Handlers that are no events of a browser. As a handler of another name the text gets its element as `this`.
  const handlers = ["onwidgetload", "onwidgetresize", "onwidgetupdate"];
  const handle = (node, code) => {
    node.setAttribute("onbeforetoggle", code);
    const handler = node.onbeforetoggle;
    node.removeAttribute("onbeforetoggle");
    return handler?.call(node, new Event("widget"));
  };
  // A view that evaluates the text of a handler means the element that has it.
  const handlerOf = (code) =>
    [...document.querySelectorAll(handlers.map((name) => `[${name}]`).join())].find((node) => handlers.some((name) => node.getAttribute(name) === code));
  const callHandlers = (name) => {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      try {
        handle(node, node.getAttribute(name));
      } catch (error) {
        console.info(`${name} failed:`, String(error));
      }
    }
  };

  // ---- Folding, tabs and drop-downs, as Bootstrap has them ----

  const named = (selector) => {
    try {
      return selector ? [...document.querySelectorAll(selector)] : [];
    } catch {
      // an id made of data may be no selector
      const found = selector.startsWith("#") ? document.getElementById(selector.slice(1)) : null;
      return found ? [found] : [];
    }
  };
  const targets = (node) => {
    const selector = node.getAttribute("data-target") ?? node.getAttribute("data-bs-target") ?? node.getAttribute("href") ?? "";
    return named(selector.includes("#") || node.hasAttribute("data-target") ? selector.slice(Math.max(selector.indexOf("#"), 0)) : "");
  };
  const isOpen = (node) => node.classList.contains("in") || node.classList.contains("show");
  const setOpen = (node, open) => {
    node.classList.toggle("in", open);
    node.classList.toggle("show", open);
  };
  const mark = (node, open) => {
    node.classList.toggle("collapsed", !open);
    node.setAttribute("aria-expanded", String(open));
  };

  const toggles = {
    collapse(node) {
      const found = targets(node);
      const open = !found.some(isOpen);
      const parent = open ? named(node.getAttribute("data-parent"))[0] : null;
      for (const other of parent?.querySelectorAll(".collapse") ?? []) if (isOpen(other) && !found.some((one) => other.contains(one) || one.contains(other))) setOpen(other, false);
      for (const one of found) setOpen(one, open);
      mark(node, open);
    },
    tab(node) {
      const list = node.closest(".nav, [role=tablist], ul") ?? node.parentElement;
      for (const other of list.querySelectorAll(".active")) if (!other.classList.contains("tab-pane")) other.classList.remove("active");
      node.classList.add("active");
      node.closest("li")?.classList.add("active");
      for (const pane of targets(node)) {
        for (const other of pane.parentElement.children) {
          other.classList.remove("active");
          setOpen(other, false);
        }
        pane.classList.add("active");
        setOpen(pane, true);
      }
    },
    dropdown(node) {
      const open = !node.parentElement.classList.contains("open");
      closeDropdowns();
      node.parentElement.classList.toggle("open", open);
      mark(node, open);
    },
  };
  toggles.pill = toggles.tab;
  const closeDropdowns = () => {
    for (const open of document.querySelectorAll(".open > [data-toggle=dropdown]")) {
      open.parentElement.classList.remove("open");
      mark(open, false);
    }
  };

  // ---- Links: none is followed here; where one leads is told to the page, which shows it ----

  const follow = (address) => {
    if (address.startsWith("#")) {
      const found = document.getElementById(decodeURIComponent(address.slice(1)));
      found?.scrollIntoView();
    } else if (/^javascript:/i.test(address)) {
      if (/[^;\s]/.test(address.slice(11).replace("void(0)", ""))) run(decodeURIComponent(address.slice(11)));
    } else if (address) {
      // Where the view itself opens a menu, the link is only the look of it.
      setTimeout(() => performance.now() - menuAt > 300 && tell({ soarkit: "link", url: address.startsWith("//") ? `https:${address}` : address }));
    }
  };
  own("open", (address) => {
    if (address) follow(String(address));
    return null;
  });

  const clicked = (event) => {
    const path = event.composedPath().filter((node) => node instanceof Element);
    const toggle = path.find((node) => node.hasAttribute("data-toggle") || node.hasAttribute("data-bs-toggle"));
    const link = path.find((node) => node.matches("a, area") && (node.hasAttribute("href") || node.hasAttribute("xlink:href")));
    if (link) event.preventDefault();
    if (event.type === "auxclick") return;
    const kind = toggle && (toggle.getAttribute("data-toggle") ?? toggle.getAttribute("data-bs-toggle"));
    if (kind !== "dropdown") closeDropdowns();
    if (Object.hasOwn(toggles, kind ?? "")) toggles[kind](toggle);
    else if (link) follow((link.getAttribute("href") ?? link.getAttribute("xlink:href")).trim());
  };
  addEventListener("click", clicked, true);
  addEventListener("auxclick", clicked, true);
  addEventListener("submit", (event) => event.preventDefault(), true);

  // ---- Height and theme ----

  let told = -1;
  const measure = () => {
    const body = document.body;
    const height = body ? Math.ceil(Math.max(body.scrollHeight, body.getBoundingClientRect().bottom + scrollY)) : 0;
    if (height !== told) tell({ soarkit: "height", height: (told = height) });
  };
  addEventListener("message", (event) => {
    if (event.source !== page || event.data?.soarkit !== "theme") return;
    document.documentElement.dataset.theme = event.data.dark ? "dark" : "light";
    window.PHANTOM_THEME = event.data.dark ? "dark" : "light";
  });
  addEventListener("DOMContentLoaded", () => {
    callHandlers("onwidgetload");
    callHandlers("onwidgetresize");
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    for (const child of document.body.children) observer.observe(child);
    measure();
  });
  addEventListener("load", measure);
})();
