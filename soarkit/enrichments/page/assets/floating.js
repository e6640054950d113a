/* What floats above the page: the whole of a text that was cut, small menus, and the command for another observable. */
{
  const { element, button } = soarkit;
  const GAP = 6;

  function place(node, anchor) {
    const box = anchor.getBoundingClientRect();
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const left = Math.max(8, Math.min(box.left, width - node.offsetWidth - 8));
    const below = box.bottom + GAP;
    const top = below + node.offsetHeight > height - 8 ? Math.max(8, box.top - GAP - node.offsetHeight) : below;
    node.style.setProperty("left", `${left}px`);
    node.style.setProperty("top", `${top}px`);
  }

  /** Shows a popover beside what opened it. */
  soarkit.popUp = (menu, anchor) => {
    if (menu.matches(":popover-open")) return menu.hidePopover();
    menu.showPopover();
    place(menu, anchor);
    menu.querySelector("input, a, button")?.focus();
  };

  // ---- the whole text of a cell that is cut

  const tip = element("div", { class: "tip", role: "tooltip", id: "tip", popover: "manual" });
  let tipped = null;

  const isCut = (node) =>
    node.scrollWidth > node.clientWidth + 1 ||
    Array.from(node.querySelectorAll(".own-line, .sort > span")).some((line) => line.scrollWidth > line.clientWidth + 1);

  function hideTip() {
    if (tip.matches(":popover-open")) tip.hidePopover();
    tipped?.removeAttribute("aria-describedby");
    tipped = null;
  }

  function showTip(cell) {
    if (cell === tipped) return;
    hideTip();
    if (!isCut(cell)) return;
    if (!tip.isConnected) document.body.append(tip);
    const lines = cell.querySelectorAll(".own-line");
    const text = lines.length ? Array.from(lines, (line) => line.textContent).join("\n") : cell.textContent;
    tip.replaceChildren(...soarkit.visible(text));
    tip.showPopover();
    place(tip, cell);
    cell.setAttribute("aria-describedby", "tip");
    tipped = cell;
  }

  /** Cells of this table that are cut show all of their text while the pointer or the focus is on them. */
  soarkit.tipsOf = (table, selector) => {
    const over = (event) => {
      const cell = event.target.closest(selector);
      if (cell) showTip(cell);
    };
    const out = (event) => {
      if (tipped && !tipped.contains(event.relatedTarget)) hideTip();
    };
    for (const name of ["mouseover", "focusin"]) table.addEventListener(name, over);
    for (const name of ["mouseout", "focusout"]) table.addEventListener(name, out);
  };
  addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
  addEventListener("scroll", hideTip, { capture: true, passive: true });

  // ---- another observable

  const command = (value) => `soarkit enrich ${value.startsWith("-") ? "-- " : ""}${soarkit.quote(value)}`;
  const isPlain = (text) => soarkit.visible(text).every((part) => typeof part === "string") && !/[\n\t]/.test(text);

  let asking = null;

  /** Leads to an observable: to its place in this page, else to the command that makes one of it. */
  soarkit.goTo = (value, anchor) => {
    const there = soarkit.observablePlace(value);
    if (there) {
      there.scrollIntoView({ block: "start" });
      there.focus({ preventScroll: true });
      return;
    }
    asking?.remove();
    const parts = [
      element("p", { class: "ask-value mono", dir: "auto" }, ...soarkit.visible(value)),
      element("p", { class: "dim" }, "It is not on this page."),
    ];
    const copies = [
      button("copy", "Copy value", (event) => soarkit.copy(value, event.currentTarget, "Value copied"), { text: "Copy value" }),
    ];
    if (isPlain(value)) {
      parts.push(element("code", { class: "ask-command" }, command(value)));
      copies.unshift(
        button("copy", "Copy command", (event) => soarkit.copy(command(value), event.currentTarget, "Command copied"), { text: "Copy command" }),
      );
    }
    asking = element(
      "div",
      { class: "small-menu ask", popover: "auto", role: "dialog", "aria-label": "Another observable" },
      parts,
      element("div", { class: "ask-buttons" }, copies),
    );
    asking.addEventListener("toggle", (event) => {
      if (event.newState === "closed" && document.activeElement === document.body) anchor.focus();
    });
    document.body.append(asking);
    soarkit.popUp(asking, anchor);
  };
}
