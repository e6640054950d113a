/* Above the picture: search, types, layout, folding; over it: zoom. */
{
  const { entities, element, button, icon, picture } = soarkit;
  const { graph } = entities;

  // Search. Enter goes from match to match, and unfolds what hides it.

  const input = element("input", {
    class: "filter",
    type: "search",
    placeholder: "Search",
    "aria-label": "Search entities",
    spellcheck: "false",
    autocomplete: "off",
  });
  const found = element("span", { class: "found", "aria-live": "polite" });
  let at = -1;

  function tell() {
    const count = entities.matches.length;
    if (!entities.query) found.textContent = "";
    else if (!count) found.textContent = "none";
    else found.textContent = at < 0 ? soarkit.count(count) : `${at + 1} of ${soarkit.count(count)}`;
    found.classList.toggle("none", entities.query !== "" && !count);
  }

  input.addEventListener("input", () => {
    at = -1;
    entities.search(input.value);
    tell();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value) {
      input.value = "";
      input.dispatchEvent(new Event("input"));
    } else if (event.key === "Enter" && entities.matches.length) {
      const count = entities.matches.length;
      at = (at + (event.shiftKey ? -1 : 1) + count) % count;
      const { id } = entities.matches[at];
      entities.reveal(id);
      entities.select(id);
      picture.bringIntoView(id);
      tell();
    } else return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    input.focus();
    event.preventDefault();
  });

  // Types

  const counts = new Map();
  for (const node of graph.nodes) counts.set(node.type, (counts.get(node.type) ?? 0) + 1);
  const place = (type) => (soarkit.typeOrder.indexOf(type) + 99) % 99;
  const chips = [...counts]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([type, count]) => {
      const chip = element(
        "button",
        {
          type: "button",
          class: "chip",
          "aria-pressed": "true",
          "aria-label": `${soarkit.typeName(type)}, ${soarkit.count(count)}`,
          title: `Show or hide: ${soarkit.typeName(type)}`,
          on: { click: () => entities.toggleType(type) },
        },
        soarkit.typeDot(type),
        soarkit.cut(soarkit.typeName(type), 24),
        element("span", { class: "chip-count" }, soarkit.count(count)),
      );
      entities.watch(() => chip.setAttribute("aria-pressed", String(!entities.hiddenTypes.has(type))));
      return chip;
    });

  // Layout

  const LAYOUTS = { web: "Web", layers: "Layers" };
  const choices = Object.entries(LAYOUTS).map(([kind, label]) => {
    const choice = element(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-pressed": String(kind === soarkit.layout.kind),
        on: {
          click: () => {
            picture.arrange(kind);
            for (const one of choices) one.setAttribute("aria-pressed", String(one === choice));
          },
        },
      },
      label,
    );
    return choice;
  });

  const shown = element("p", { class: "shown", "aria-live": "polite" });
  const tellShown = () => {
    const [seen, all] = [entities.seen.size, graph.nodes.length];
    shown.textContent =
      seen < all
        ? `${soarkit.count(seen)} of ${soarkit.plural(all, "entity", "entities")}`
        : soarkit.plural(all, "entity", "entities");
  };
  entities.watch(tellShown);
  tellShown();

  soarkit.toolbar = () =>
    element(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Graph" },
      element("div", { class: "search" }, icon("search"), input, found),
      element("div", { class: "chips", role: "group", "aria-label": "Types" }, chips),
      element("span", { class: "gap" }),
      element("div", { class: "choices", role: "group", "aria-label": "Layout" }, choices),
      button("expand", "Unfold all", () => entities.foldAll(false)),
      button("fold", "Fold all", () => entities.foldAll(true)),
      soarkit.exportMenu(),
    );

  const plain = (text, label, run) =>
    element("button", { type: "button", class: "zoom", "aria-label": label, title: label, on: { click: run } }, text);

  soarkit.canvas = () =>
    element(
      "div",
      { class: "canvas" },
      picture.node,
      shown,
      element(
        "div",
        { class: "zooms", role: "group", "aria-label": "Zoom" },
        plain("+", "Zoom in", () => picture.zoom(1.3)),
        plain("−", "Zoom out", () => picture.zoom(1 / 1.3)),
        plain("⤢", "Show all", () => picture.showAll()),
      ),
    );
}
