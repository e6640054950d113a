"use strict";

/*
 * The one name of this page's script. Each file adds its part; what the others may build on:
 *
 *   soarkit.parts[kind] = (part, widget) => Element   draws one part of a widget
 *   soarkit.element(name, attributes, ...children)    the only way elements are made: text is always text
 *   soarkit.icon(name), soarkit.button(...)
 *   soarkit.block(id)                                 the content of a JSON block, parsed when first asked for
 *   soarkit.valueView(value, {contains, path})        a value as people read it, marked when it has a menu
 *   soarkit.tree(value, {...}), soarkit.dataTable(...)
 *   soarkit.openMenu(items, place)                    items: [{contains, value}]; place: an element,
 *                                                     or {x, y} in the viewport
 *   soarkit.theme.dark, soarkit.theme.watch(dark => ...)
 */
const soarkit = { parts: {} };

{
  const SVG = "http://www.w3.org/2000/svg";

  // Drawn on a 16 x 16 grid with strokes of 1.5.
  const ICONS = {
    caret: "M6 4l4 4-4 4",
    check: "M3 8.5l3.2 3.2L13 5",
    close: "M4 4l8 8M12 4l-8 8",
    clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.3",
    columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
    copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
    download: "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
    expand: "M4 6l4-4 4 4M4 10l4 4 4-4",
    fold: "M4 2l4 4 4-4M4 14l4-4 4 4",
    maximise: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5L9 7M2.5 13.5L7 9",
    minimise: "M13.5 6.5h-4v-4M2.5 9.5h4v4M9.5 6.5l4-4M6.5 9.5l-4 4",
    moon: "M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7z",
    path: "M5.5 3h-2v4L2 8l1.5 1v4h2M10.5 3h2v4L14 8l-1.5 1v4h-2",
    search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5l3 3",
    sun:
      "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z" +
      "M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
    auto: "M2.5 3h11v8h-11zM5.5 13.5h5M8 11v2.5",
    warning: "M8 2.5l6 11H2zM8 6.5v3.5M8 11.7v.3",
  };

  // Everything an element may be given. Handlers come as functions; no text ever becomes code or markup.
  function set(node, name, value) {
    if (value === null || value === undefined || value === false) return;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (/^(on|srcdoc$)/i.test(name)) throw new TypeError(`no such attribute here: ${name}`);
    else node.setAttribute(name, value === true ? "" : String(value));
  }

  soarkit.element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) set(node, name, value);
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };

  soarkit.icon = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    for (const [key, value] of [
      ["viewBox", "0 0 16 16"],
      ["class", "icon"],
      ["aria-hidden", "true"],
    ])
      svg.setAttribute(key, value);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  // A button with an icon; its label is read aloud and shown as a tooltip, or as text when it is asked for.
  soarkit.button = (icon, label, press, { text = "", ...attributes } = {}) => {
    const name = text === label ? null : label || null;
    return soarkit.element(
      "button",
      {
        type: "button",
        class: text ? "button" : "button bare",
        "aria-label": name,
        title: name,
        ...attributes,
        on: { click: press },
      },
      icon ? soarkit.icon(icon) : null,
      text ? soarkit.element("span", {}, text) : null,
    );
  };

  soarkit.count = (number) => number.toLocaleString("en-US");
  soarkit.plural = (number, one, many = `${one}s`) => `${soarkit.count(number)} ${number === 1 ? one : many}`;

  const announcer = soarkit.element("div", { class: "unseen", role: "status", "aria-live": "polite" });
  soarkit.say = (text) => {
    if (!announcer.isConnected) document.body.append(announcer);
    announcer.textContent = text;
  };
}
