/* On paper: the picture, and below it all entities with the ways there as a table. */
{
  const { entities, element } = soarkit;
  const MOST = 2000; // rows that are printed
  const place = element("div", { class: "print-only paper" });

  function fill() {
    const { nodes } = entities.graph;
    const rows = nodes.slice(0, MOST).map((one) => {
      const node = entities.nodes.get(one.id);
      const ways = node.in
        .slice(0, 10)
        .map((edge) => `${edge.transform} of ${entities.nodes.get(edge.source).value}`)
        .join("; ");
      return element(
        "tr",
        {},
        [soarkit.typeName(node.type), node.value, String(node.depth), ways].map((text) =>
          element("td", { dir: "auto" }, ...soarkit.visible(text)),
        ),
      );
    });
    place.replaceChildren(
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ["Type", "Value", "Steps out", "Found by"].map((name) => element("th", { scope: "col" }, name)),
          ),
        ),
        element("tbody", {}, rows),
      ),
      nodes.length > MOST ? element("p", {}, `${MOST} of ${nodes.length} entities`) : "",
    );
  }

  soarkit.printing.watch((now) => {
    if (now) fill();
    else place.replaceChildren();
    soarkit.picture.onPaper(now);
  });
  soarkit.paper = place;
}
