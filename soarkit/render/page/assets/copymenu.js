/* What of a table is copied: the cell, its row, or all that is shown. */
{
  const { element } = soarkit;
  let menu = null;

  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const items = [...menu.children];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    event.preventDefault();
  }

  soarkit.copyMenu = (opener, table) => {
    if (!menu) {
      menu = element("div", {
        class: "small-menu",
        role: "menu",
        "aria-label": "Copy",
        popover: "auto",
        on: { keydown: walk },
      });
      document.body.append(menu);
    }
    const item = (what, label, told) =>
      element(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: "button plain",
          on: {
            click: () => {
              menu.hidePopover();
              soarkit.copy(table.copied(what), opener, told);
            },
          },
        },
        label,
      );
    menu.replaceChildren(
      item("cell", "Cell", "Cell copied"),
      item("row", "Row", "Row copied"),
      item("table", `Table, ${soarkit.plural(table.rows.length, "row")}`, "Table copied"),
    );
    menu.showPopover();
    const box = opener.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const below = box.bottom + 4;
    const top = below + size.height > height ? Math.max(8, box.top - size.height - 4) : below;
    menu.style.left = `${Math.max(8, Math.min(box.right - size.width, width - size.width - 8))}px`;
    menu.style.top = `${top}px`;
    menu.firstElementChild.focus();
  };
}
