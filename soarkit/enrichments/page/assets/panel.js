/* What one transform found: drawn when its tab is first looked at. */
{
  const { element, icon } = soarkit;
  const BUDGET = 40; // milliseconds of drawing at a time

  const texts = (text) => soarkit.visible(text ?? "");
  const fact = (name, ...content) =>
    element("div", { class: "fact" }, element("dt", {}, name), element("dd", { dir: "auto" }, ...content));

  // One part that cannot be drawn leaves the others alone.
  function drawn(part, given) {
    try {
      if (!Object.hasOwn(soarkit.parts, part.kind)) throw new Error(`no way to draw a part of the kind ${part.kind}`);
      return soarkit.parts[part.kind](part, given);
    } catch (error) {
      console.error(error);
      return soarkit.parts.error({ what: "This part could not be drawn", where: String(error.message ?? error) });
    }
  }

  // Charts have their names above them, as tables have, unless their titles say the same.
  function framed(part, node) {
    if (part.kind !== "chart") return node;
    const title = soarkit.block(part.chart).option.title;
    const titles = [title].flat().map((one) => one?.text);
    const name = part.caption && !titles.includes(part.caption) ? element("h3", { class: "items-name", dir: "auto" }, ...texts(part.caption)) : null;
    return element("section", { class: "chart-card", "aria-label": part.caption || "Chart" }, name, node);
  }

  function fold(name, kind, items) {
    return element(
      "details",
      { class: `fold-away ${kind}` },
      element("summary", {}, icon("caret"), element("span", {}, name)),
      element("ul", {}, items),
    );
  }

  class Panel {
    constructor(given) {
      this.given = given;
      this.waiting = null;
      this.node = element("div", { class: "panel", id: given.id, tabindex: "0" });
    }

    /** Draws it, unless that was done; all at once where it is to be printed. */
    draw(budget = BUDGET, done = () => {}) {
      if (!this.waiting) this.#begin();
      const end = performance.now() + budget;
      while (this.waiting.length && performance.now() < end) {
        const { part, place } = this.waiting.shift();
        place.append(framed(part, drawn(part, this.given)));
      }
      if (this.waiting.length) setTimeout(() => this.draw(BUDGET, done), 0);
      else done();
    }

    #begin() {
      const { given } = this;
      this.waiting = given.parts.map((part) => ({
        part,
        place: element("div", { class: `part part-${part.kind}` }),
      }));
      this.node.append(this.#head(), ...this.waiting.map(({ place }) => place));
      if (!given.parts.length) this.node.append(element("p", { class: "note nothing" }, "This transform found nothing."));
      if (given.messages.length)
        this.node.append(
          fold(
            soarkit.plural(given.messages.length, "message"),
            "messages",
            given.messages.map(([kind, text]) =>
              element(
                "li",
                {},
                element("span", { class: `level ${kind.toLowerCase()}` }, kind),
                " ",
                element("span", { dir: "auto" }, ...texts(text)),
              ),
            ),
          ),
        );
      if (given.warnings.length)
        this.node.append(
          fold(
            soarkit.plural(given.warnings.length, "warning"),
            "warnings",
            given.warnings.map((text) => element("li", { dir: "auto" }, ...texts(text))),
          ),
        );
    }

    #head() {
      const { given } = this;
      return element(
        "header",
        { class: "panel-head" },
        element(
          "div",
          { class: "panel-name" },
          element("h3", { dir: "auto" }, ...texts(given.display_name || given.name)),
          given.status === "success" ? null : soarkit.statusBadge(given.timed_out ? "timed out" : given.status),
        ),
        element(
          "dl",
          { class: "facts" },
          typeof given.elapsed === "number" ? fact("Took", soarkit.duration(given.elapsed)) : null,
          given.started ? fact("Started", soarkit.moment(given.started)) : null,
          given.run_id ? fact("Run", element("span", { class: "mono" }, ...texts(given.run_id))) : null,
        ),
      );
    }
  }

  soarkit.Panel = Panel;
}
