/* The same graph as a list that opens and closes, for keyboards and for reading. */
{
  const { entities, element, icon } = soarkit;
  const MANY = 400; // entries of one entity that are listed at a time

  const list = element("ul", { class: "outline", role: "tree", "aria-label": "Entities" });
  const entries = new Map(); // of a node, where it was met first

  const dot = (type) => element("span", { class: `dot ${soarkit.typeClass(type)}`, title: soarkit.typeName(type) });
  soarkit.typeDot = dot;

  function makeEntry(id, edge, level) {
    const node = entities.nodes.get(id);
    const again = Boolean(edge?.back);
    const row = element(
      "div",
      { class: "entry-row", style: { "--level": level } },
      element("span", { class: "fold" }, !again && entities.leads(node) ? icon("caret") : null),
      dot(node.type),
      element("bdi", { class: "entry-value", dir: "auto" }, soarkit.cut(node.value || "(empty)", 80)),
      edge && edge.times > 1 ? element("span", { class: "entry-note" }, `×${edge.times}`) : null,
      again ? element("span", { class: "entry-note", title: "met before" }, "↑") : null,
      edge ? element("span", { class: "entry-way" }, soarkit.cut(edge.transform, 40)) : null,
    );
    const entry = element("li", {
      role: "treeitem",
      tabindex: "-1",
      "data-id": id,
      class: again ? "again" : null,
      "aria-level": level + 1,
      "aria-label": `${soarkit.typeName(node.type)} ${soarkit.cut(node.value, 120)}${again ? ", met before" : ""}`,
    });
    entry.append(row);
    row.addEventListener("click", (event) => {
      if (event.target.closest(".fold") && entry.hasAttribute("aria-expanded")) entities.fold(id);
      else entities.select(id);
      focus(entry, false);
    });
    row.addEventListener("dblclick", () => entry.hasAttribute("aria-expanded") && entities.fold(id));
    const item = { id, node, edge, entry, row, again, level, group: null };
    entry.item = item;
    if (!again) entries.set(id, item);
    return item;
  }

  // Children are made when they are first to be seen.
  function show(item) {
    if (item.again || !entities.leads(item.node)) return;
    const open = !entities.isFolded(item.id);
    item.entry.setAttribute("aria-expanded", String(open));
    if (open && !item.group) {
      item.group = element("ul", { role: "group" });
      item.entry.append(item.group);
      grow(item, 0);
    }
    if (item.group) item.group.hidden = !open;
  }

  function grow(item, from) {
    const edges = item.node.out.filter((edge) => edge.target !== item.id || edge.back);
    const made = edges.slice(from, from + MANY).map((edge) => makeEntry(edge.target, edge, item.level + 1));
    item.group.append(...made.map((one) => one.entry));
    if (edges.length > from + MANY) {
      const more = soarkit.button(null, "", () => (more.remove(), grow(item, from + MANY), refresh()), {
        text: `${soarkit.count(edges.length - from - MANY)} more`,
      });
      item.group.append(more);
    }
    waiting.push(...made);
  }

  let waiting = [];
  function refresh() {
    waiting.push(...entries.values());
    // Chains may be long: no function calls itself here.
    while (waiting.length) show(waiting.pop());
    for (const entry of list.querySelectorAll("[role=treeitem]")) {
      entry.classList.toggle("filtered", entities.hiddenTypes.has(entry.item.node.type));
    }
  }

  function mark() {
    const matching = new Set(entities.matches.map((node) => node.id));
    list.classList.toggle("searching", entities.query !== "");
    for (const entry of list.querySelectorAll("[role=treeitem]")) {
      const chosen = entry.item.id === entities.selected;
      entry.setAttribute("aria-selected", String(chosen));
      entry.classList.toggle("match", matching.has(entry.item.id));
    }
    const chosen = entities.selected !== null && entries.get(entities.selected);
    if (chosen && chosen.entry.isConnected) {
      if (!list.contains(document.activeElement)) {
        reachable(chosen.entry);
        bringIntoView(chosen.row);
      }
    }
  }

  // Only the list itself is scrolled, where it has a height of its own: on narrow screens the page stays where it is.
  function bringIntoView(row) {
    const box = list.parentElement;
    if (box.scrollHeight <= box.clientHeight) return;
    const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 8;
    else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 8;
  }

  // One entry is reached by the tab key; the others from there by arrows.
  let current = null;
  function reachable(entry) {
    current?.setAttribute("tabindex", "-1");
    current = entry;
    entry.setAttribute("tabindex", "0");
  }
  function focus(entry, select = true) {
    reachable(entry);
    entry.focus({ preventScroll: true });
    entry.item.row.scrollIntoView({ block: "nearest" });
    if (select) entities.select(entry.item.id);
  }

  const shown = () =>
    [...list.querySelectorAll("[role=treeitem]:not(.filtered)")].filter((entry) => entry.offsetParent !== null);

  list.addEventListener("keydown", (event) => {
    const entry = event.target.closest("[role=treeitem]");
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = shown();
    const at = all.indexOf(entry);
    const open = entry.getAttribute("aria-expanded");
    const go = (other) => other && focus(other);
    if (event.key === "ArrowDown") go(all[at + 1]);
    else if (event.key === "ArrowUp") go(all[at - 1]);
    else if (event.key === "Home") go(all[0]);
    else if (event.key === "End") go(all.at(-1));
    else if (event.key === "ArrowRight") {
      if (open === "false") entities.fold(entry.item.id, false);
      else if (open === "true") go(all[at + 1]);
    } else if (event.key === "ArrowLeft") {
      if (open === "true") entities.fold(entry.item.id, true);
      else go(entry.parentElement.closest("[role=treeitem]"));
    } else if (event.key === "Enter" || event.key === " ") entities.select(entry.item.id);
    else return;
    event.preventDefault();
  });

  entities.watch((what) => {
    if (what === "seen") refresh();
    mark();
  });

  soarkit.outline = {
    node: list,
    begin() {
      const top = makeEntry(entities.root.id, null, 0);
      list.append(top.entry);
      refresh();
      reachable(top.entry);
      mark();
    },
  };
}
