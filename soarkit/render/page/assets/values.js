/* Values: their kinds, their exact text, and how they look. */
{
  const { element } = soarkit;

  // A number that JavaScript cannot hold, as the text that it came as: {"$": "12345678901234567890"} in a block.
  class Exact {
    constructor(text) {
      this.$ = text;
    }
  }
  const isExact = (value) => value instanceof Exact;
  soarkit.isExact = isExact;

  // {"$": {...}} is an object of the data that looks the same. Only blocks that hold such a thing are walked through.
  function restored(value) {
    if (value === null || typeof value !== "object") return value;
    if (!Array.isArray(value) && Object.hasOwn(value, "$") && Object.keys(value).length === 1) {
      if (typeof value.$ === "string") return new Exact(value.$);
      return Object.hasOwn(value.$ ?? {}, "$") ? { $: restored(value.$.$) } : { $: restored(value.$) };
    }
    for (const key of Object.keys(value)) {
      const part = restored(value[key]);
      if (part !== value[key])
        Object.defineProperty(value, key, { value: part, enumerable: true, configurable: true, writable: true });
    }
    return value;
  }

  const blocks = new Map();
  soarkit.block = (id) => {
    if (!blocks.has(id)) {
      const node = document.getElementById(id);
      const text = node.textContent;
      const value = JSON.parse(text);
      blocks.set(id, text.includes('{"$":') ? restored(value) : value);
      node.remove(); // its text is no longer needed, and may be many megabytes
    }
    return blocks.get(id);
  };

  soarkit.kindOf = (value) => {
    if (value === null || value === undefined) return "null";
    if (Array.isArray(value)) return "list";
    if (typeof value === "object") return isExact(value) ? "number" : "object";
    return { string: "text", number: "number", boolean: "boolean" }[typeof value];
  };

  soarkit.isNested = (value) => value !== null && typeof value === "object" && !isExact(value);

  // JSON text with the exact numbers in their places.
  soarkit.json = (value, indent = 0, level = 0) => {
    if (isExact(value)) return value.$;
    if (!soarkit.isNested(value)) return Object.is(value, -0) ? "-0.0" : JSON.stringify(value ?? null);
    const list = Array.isArray(value);
    const items = list
      ? value.map((item) => soarkit.json(item, indent, level + 1))
      : Object.entries(value).map(
          ([key, item]) => `${JSON.stringify(key)}:${indent ? " " : ""}${soarkit.json(item, indent, level + 1)}`,
        );
    const [open, close] = list ? "[]" : "{}";
    if (!items.length || !indent) return open + items.join(indent ? ", " : ",") + close;
    const margin = " ".repeat(indent * (level + 1));
    return `${open}\n${items.map((item) => margin + item).join(",\n")}\n${" ".repeat(indent * level)}${close}`;
  };

  // What copying a value gives.
  soarkit.plainText = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value;
    return isExact(value) ? value.$ : soarkit.json(value, soarkit.isNested(value) ? 2 : 0);
  };

  // Controls, format characters (bidi overrides, zero-width ones, tags) and halves of pairs would hide or disguise what
  // is there. Line ends, tabs and the joiners of emoji and Indic scripts are part of ordinary text.
  const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  const UNSEEN_PARTS = new RegExp(`((?:${UNSEEN.source})+)`, "u");

  const escaped = (text) =>
    Array.from(text, (one) => {
      const code = one.codePointAt(0);
      if (one === "\r") return "\\r";
      if (code > 0xffff) return `\\u{${code.toString(16)}}`;
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    }).join("");

  // The nodes of a text: what cannot be seen stands as an escape. Without \r when it only ends lines.
  soarkit.visible = (text) => {
    if (!UNSEEN.test(text)) return [text];
    return text
      .replaceAll("\r\n", "\n")
      .split(UNSEEN_PARTS)
      .map((part, at) =>
        at % 2
          ? element("span", { class: "unseen-mark", title: "characters that cannot be seen" }, escaped(part))
          : part,
      )
      .filter((part) => part !== "");
  };

  const SHORT = 60;

  // One line that stands for a list or an object, cut early: it may be huge.
  soarkit.preview = (value, room = SHORT) => {
    const list = Array.isArray(value);
    const entries = list ? value.slice(0, 8).map((item) => [null, item]) : Object.entries(value).slice(0, 8);
    const size = list ? value.length : Object.keys(value).length;
    let text = "";
    for (const [key, item] of entries) {
      const shown = soarkit.isNested(item)
        ? Array.isArray(item)
          ? "[…]"
          : "{…}"
        : typeof item === "string"
          ? item.slice(0, room)
          : soarkit.json(item);
      const next = `${text ? ", " : ""}${key === null ? "" : `${key}: `}${shown}`;
      if (text.length + next.length > room) break;
      text += next;
    }
    const whole = entries.length === size && text.length < room && !text.endsWith("…");
    return list ? `[${text}${whole ? "" : ", …"}]` : `{${text}${whole ? "" : ", …"}}`;
  };

  // The types for which a value can have a menu: it has some, and it is something.
  soarkit.hasMenu = (value, contains) => {
    if (!contains || !contains.length || value === null || value === undefined || value === "") return false;
    if (Array.isArray(value)) return value.some((item) => soarkit.hasMenu(item, contains));
    return typeof value !== "object" || isExact(value);
  };

  // A value that is not nested. Marked values open their menu; see menu.js for what listens.
  soarkit.valueView = (value, { contains = [], path = null, tabbable = true } = {}) => {
    const kind = soarkit.kindOf(value);
    if (kind === "null")
      return element("span", { class: "value null", role: "img", "aria-label": "no value", title: "null" }, "–");
    if (kind === "list" || kind === "object")
      return element("span", { class: `value ${kind}` }, ...soarkit.visible(soarkit.preview(value)));
    const text = kind === "text" ? value : soarkit.plainText(value);
    if (text === "") return element("span", { class: "value empty", title: "an empty text" }, "“”");
    const node = element("bdi", { class: `value ${kind}`, dir: "auto" }, ...soarkit.visible(text));
    if (soarkit.hasMenu(value, contains)) soarkit.mark(node, value, contains, { path, tabbable });
    return node;
  };

  const marked = new WeakMap();

  soarkit.mark = (node, value, contains, { path = null, tabbable = true } = {}) => {
    node.classList.add("marked");
    for (const [name, text] of [
      ["role", "button"],
      ["aria-haspopup", "dialog"],
      ["tabindex", tabbable ? "0" : "-1"],
    ])
      node.setAttribute(name, text);
    node.setAttribute("title", contains.join(", "));
    marked.set(node, { contains, value, path });
    return node;
  };

  soarkit.markOf = (node) => marked.get(node);
}
