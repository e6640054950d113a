/* Items of widgets: a value with its look and its link. blocks.py says what a cell looks like in the page's JSON. */
{
  const { element } = soarkit;

  const isWhole = (cell) => cell !== null && typeof cell === "object" && !soarkit.isExact(cell);
  const isComposite = (cell) => isWhole(cell) && Array.isArray(cell.c);

  /** The items of a cell: one, or those of a composite. */
  soarkit.itemsOf = (cell) => (isComposite(cell) ? cell.c : [cell]);
  soarkit.valueOf = (item) => (isWhole(item) ? item.v : item);

  /** The text of one item, as it is shown. */
  soarkit.itemText = (item) => (isWhole(item) ? soarkit.plainText(item.l ?? item.v) : soarkit.plainText(item));

  /** The text of a cell: items beside each other, or a line each. */
  soarkit.cellText = (cell) =>
    isComposite(cell) ? cell.c.map(soarkit.itemText).join(cell.b ? "\n" : " ") : soarkit.itemText(cell);

  // Python has looked at it already; nothing else than these two ever becomes an address here.
  function webAddress(text) {
    try {
      const address = new URL(text);
      return ["http:", "https:"].includes(address.protocol) ? address.href : null;
    } catch {
      return null;
    }
  }

  function styled(node, number) {
    if (number === undefined) return node;
    const { ground, light, dark, size, italic, bold } = soarkit.styles[number];
    const given = { "--ink-light": light, "--ink-dark": dark, "background-color": ground, "font-size": size };
    for (const [name, value] of Object.entries(given)) if (value) node.style.setProperty(name, value);
    if (light) node.classList.add("inked");
    if (ground) node.classList.add("grounded");
    if (italic) node.style.setProperty("font-style", "italic");
    if (bold) node.style.setProperty("font-weight", "700");
    return node;
  }

  /** One item. In a grid its link is no stop of the Tab key: Enter on its cell follows it. */
  soarkit.itemView = (item, { tabbable = true } = {}) => {
    const text = soarkit.visible(soarkit.itemText(item));
    if (!isWhole(item)) return element("bdi", { class: "item", dir: "auto" }, text);
    const address = item.h ? webAddress(item.h) : null;
    const tabindex = tabbable ? null : "-1";
    if (address)
      return styled(
        element(
          "a",
          {
            class: "item link",
            dir: "auto",
            href: address,
            target: "_blank",
            rel: "noopener noreferrer",
            title: item.l ? address : null,
            tabindex,
          },
          text,
        ),
        item.s,
      );
    if (item.o)
      return styled(
        element(
          "button",
          {
            type: "button",
            class: "item link observable",
            dir: "auto",
            title: item.l && item.l !== item.o ? item.o : null,
            tabindex,
            on: { click: (event) => soarkit.goTo(item.o, event.currentTarget) },
          },
          text,
        ),
        item.s,
      );
    return styled(element("bdi", { class: "item", dir: "auto" }, text), item.s);
  };

  const ENDS = /[\s(\[{"'“‘/]$/;
  const BEGINS = /^[\s)\]}.,;:!?"'”’/]/;

  // Nodes of items in one line. Scripts seldom write the blank between two of them. In a cell they are things of their
  // own, such as paths, and no parts of a sentence.
  function flow(items, options, apart = false) {
    const nodes = [];
    let before = "";
    for (const item of items) {
      const text = soarkit.itemText(item);
      if (before && text && (apart || (!ENDS.test(before) && !BEGINS.test(text)))) nodes.push(" ");
      nodes.push(soarkit.itemView(item, options));
      before = text || before;
    }
    return nodes;
  }

  /** The nodes of a cell. */
  soarkit.cellView = (cell, options) => {
    if (!isComposite(cell)) return [soarkit.itemView(cell, options)];
    if (!cell.b) return flow(cell.c, options, true);
    return cell.c.map((item) => element("span", { class: "own-line" }, soarkit.itemView(item, options)));
  };

  /** Texts that share a line and a background. */
  soarkit.parts.text = (part) => {
    const stacked = part.items.some((cell) => isComposite(cell) && cell.b);
    if (stacked)
      return element(
        "div",
        { class: "text-run" },
        part.items.map((cell) => element("span", { class: "beside" }, soarkit.cellView(cell))),
      );
    return element("p", { class: "text-run", dir: "auto" }, flow(part.items.flatMap(soarkit.itemsOf)));
  };

  soarkit.parts.rule = () => element("hr", { class: "rule" });
}
