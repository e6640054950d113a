/* Widgets: the frame around the parts of a result, and the simple parts. */
{
  const { element, button, icon } = soarkit;
  const FEWEST_ROWS = 3; // less than that shows nothing of a table
  const FEWEST_COLUMNS = 3;
  const LOST = 1.5; // contrast of text that nobody can read

  const texts = (text) => soarkit.visible(text ?? "");

  function logo(given) {
    if (!given || (!given.light && !given.dark)) return null;
    return ["light", "dark"].map((theme) =>
      element("img", { class: `logo ${theme}-only`, src: given[theme] ?? given.light ?? given.dark, alt: "" }),
    );
  }

  /** A badge for a status: success, failed, cancelled. */
  soarkit.statusBadge = (status) => {
    const good = status === "success";
    const word = String(status).replace(/^./, (first) => first.toUpperCase());
    return element(
      "span",
      { class: `status ${good ? "success" : "failed"}` },
      icon(good ? "check" : "warning"),
      element("span", {}, word),
    );
  };

  /** How light a computed colour is, 0 to 1; null for one that lets everything through. */
  function luminance(colour) {
    const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [];
    const [red, green, blue] = parts.map((part) => (part / 255) ** 2.2);
    return parts.length < 3 || parts[3] === 0 ? null : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  class Widget {
    constructor(given) {
      this.given = given;
      this.body = element("div", { class: "widget-body", id: `${given.id}-body` });
      const name = `${given.id}-title`;
      this.folding = button("caret", "Collapse", () => this.fold(!this.folded), {
        "aria-expanded": "true",
        "aria-controls": this.body.id,
        class: "button bare fold-widget",
      });
      this.sizing = button("maximise", "Maximise", () => this.maximise(!this.large));
      const title = element(
        "div",
        { class: "widget-titles" },
        element("h2", { id: name, dir: "auto" }, ...texts(given.title || given.menu_name || "Result")),
        given.subtitle ? element("p", { class: "subtitle", dir: "auto" }, ...texts(given.subtitle)) : null,
      );
      const failed = given.status === "failed" ? soarkit.statusBadge("failed") : null;
      this.node = element(
        "section",
        {
          class: "widget",
          id: given.id,
          "aria-labelledby": name,
          tabindex: "-1",
          style: { "--span": Math.min(12, Math.max(FEWEST_COLUMNS, given.width ?? 12)) },
        },
        element(
          "header",
          { class: "widget-head" },
          this.folding,
          logo(given.logo),
          title,
          failed,
          element("span", { class: "widget-tools" }, this.sizing),
        ),
        this.body,
      );
      if ((given.width ?? 12) > 6) this.node.classList.add("wide");
      if (given.height) this.node.style.setProperty("--rows", Math.max(FEWEST_ROWS, given.height));
      this.#colour(given.colors ?? {});
      this.node.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !this.large || event.defaultPrevented) return;
        this.maximise(false);
        this.sizing.focus();
      });
    }

    // Colours of a custom view: its title bar, the text on it, and the ground of its body.
    #colour({ title, text, body }) {
      const given = { "--title": title, "--title-text": title && text, "--body": body };
      for (const [name, colour] of Object.entries(given))
        if (colour && CSS.supports("color", colour)) this.node.style.setProperty(name, colour);
    }

    // Where a view names a ground, and no colour of its text or one that is lost on it: black or white.
    #legible() {
      if (!this.given.colors?.title) return;
      const style = getComputedStyle(this.node.firstElementChild);
      const ground = luminance(style.backgroundColor);
      if (ground === null) return;
      const text = this.given.colors.text ? luminance(style.color) : null;
      const [low, high] = [ground, text ?? ground].sort((a, b) => a - b);
      if ((high + 0.05) / (low + 0.05) >= LOST) return;
      this.node.style.setProperty("--title-text", ground > 0.18 ? "#000000" : "#ffffff");
    }

    draw() {
      this.#legible();
      const parts = this.given.parts ?? [];
      this.body.classList.toggle("single", parts.length === 1);
      this.body.replaceChildren(...parts.map((part) => this.#part(part, parts.length)));
      if (!parts.length) this.body.append(element("p", { class: "note" }, "Nothing to show."));
    }

    #part(part, count) {
      const caption =
        part.caption && (count > 1 || part.caption !== this.given.title)
          ? element("h3", { class: "caption", dir: "auto" }, ...texts(part.caption))
          : null;
      const kind = `part part-${part.kind}`;
      if (!part.folded) return element("div", { class: kind }, caption, this.#content(part));
      const node = element("details", { class: kind }, element("summary", {}, icon("caret"), caption ?? "Data"));
      node.addEventListener("toggle", () => node.append(this.#content(part)), { once: true });
      return node;
    }

    // One part that cannot be drawn leaves the others alone.
    #content(part) {
      try {
        if (!Object.hasOwn(soarkit.parts, part.kind)) throw new Error(`no way to draw a part of the kind ${part.kind}`);
        return soarkit.parts[part.kind](part, this.given);
      } catch (error) {
        console.error(error);
        return soarkit.parts.error({ what: "This part could not be drawn", where: String(error.message ?? error) });
      }
    }

    fold(now) {
      this.folded = now;
      this.node.classList.toggle("folded", now);
      this.folding.setAttribute("aria-expanded", String(!now));
      for (const name of ["title", "aria-label"]) this.folding.setAttribute(name, now ? "Expand" : "Collapse");
    }

    // Never moved in the document: its frames would start again.
    maximise(now) {
      this.large = now;
      if (now) this.fold(false);
      this.node.classList.toggle("maximised", now);
      document.documentElement.classList.toggle("has-maximised", now);
      for (const other of document.querySelectorAll(".bar, .report, .widget"))
        if (other !== this.node) other.inert = now;
      this.sizing.replaceChildren(icon(now ? "minimise" : "maximise"));
      for (const name of ["title", "aria-label"]) this.sizing.setAttribute(name, now ? "Restore (Escape)" : "Maximise");
    }
  }

  soarkit.Widget = Widget;

  // ---- simple parts

  soarkit.parts.note = (part) => element("p", { class: "note", dir: "auto" }, ...texts(part.text));

  soarkit.parts.error = (part) =>
    element(
      "div",
      { class: "error", role: "note" },
      icon("warning"),
      element(
        "div",
        {},
        element("p", { class: "error-what", dir: "auto" }, ...texts(part.what)),
        part.where ? element("p", { class: "error-where mono", dir: "auto" }, ...texts(part.where)) : null,
        part.hint ? element("p", { class: "error-hint", dir: "auto" }, ...texts(part.hint)) : null,
      ),
    );

  /** A list of names and values. @param items [[name, value, contains, path], ...] */
  soarkit.fieldList = (items) =>
    element(
      "dl",
      { class: "fields" },
      items.map(([name, value, contains, path]) =>
        element(
          "div",
          { class: "field" },
          element("dt", { dir: "auto" }, ...texts(name)),
          element("dd", {}, soarkit.anyValue(value, contains ?? [], path ?? null)),
        ),
      ),
    );

  // Nested values as small trees, lists of marked values one by one.
  soarkit.anyValue = (value, contains = [], path = null) => {
    if (Array.isArray(value) && value.length && value.length <= 20 && !value.some(soarkit.isNested))
      return element(
        "span",
        { class: "several" },
        value.map((item) => soarkit.valueView(item, { contains, path })),
      );
    return soarkit.isNested(value)
      ? soarkit.tree(value, { path, contains: path ? { [path]: contains } : {}, inline: true })
      : soarkit.valueView(value, { contains, path });
  };

  soarkit.parts.fields = (part) => soarkit.fieldList(part.items);
}
