/* The graph as files: all of it as data, or what is to be seen of it as a picture. */
{
  const { entities, element } = soarkit;
  const { graph } = entities;

  function save(name, content, type) {
    const blob = content instanceof Blob ? content : new Blob([content], { type: `${type};charset=utf-8` });
    const address = URL.createObjectURL(blob);
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  const stem = () => {
    const plain = entities.root.value.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[.-]+|[.-]+$/g, "");
    return plain.slice(0, 60) || "graph";
  };

  function nodesCsv() {
    const names = [...new Set(graph.nodes.flatMap((node) => node.fields.map((field) => field.name)))];
    const rows = graph.nodes.map((node) => {
      const fields = new Map(node.fields.map((field) => [field.name, field.value]));
      return [
        node.id,
        node.type,
        node.value,
        node.depth,
        node.times,
        node.state,
        ...names.map((name) => fields.get(name) ?? ""),
      ];
    });
    return soarkit.csv(["id", "type", "value", "depth", "times", "state", ...names], rows);
  }

  const edgesCsv = () =>
    soarkit.csv(
      ["id", "source", "target", "source_value", "target_value", "transform", "bundle", "back", "times"],
      graph.edges.map((edge) => [
        edge.id,
        edge.source,
        edge.target,
        entities.nodes.get(edge.source).value,
        entities.nodes.get(edge.target).value,
        edge.transform,
        edge.bundle,
        edge.back,
        edge.times,
      ]),
    );

  // XML knows no control characters: they are written out.
  // eslint-disable-next-line no-control-regex
  const NOT_XML =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const xml = (text) =>
    String(text)
      .replace(NOT_XML, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("\r", "&#13;");

  function graphml() {
    const names = [...new Set(graph.nodes.flatMap((node) => node.fields.map((field) => field.name)))];
    const keys = [
      ["type", "node", "type", "string"],
      ["value", "node", "value", "string"],
      ["label", "node", "label", "string"],
      ["depth", "node", "depth", "int"],
      ["transform", "edge", "transform", "string"],
      ["bundle", "edge", "bundle", "string"],
      ["back", "edge", "back", "boolean"],
      ...names.map((name, at) => [`field${at}`, "node", name, "string"]),
    ];
    const data = (key, value) => `      <data key="${key}">${xml(value)}</data>`;
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
      ...keys.map(
        ([id, of, name, type]) => `  <key id="${id}" for="${of}" attr.name="${xml(name)}" attr.type="${type}"/>`,
      ),
      '  <graph edgedefault="directed">',
    ];
    for (const node of graph.nodes)
      lines.push(
        `    <node id="n${node.id}">`,
        data("type", node.type),
        data("value", node.value),
        data("label", node.value),
        data("depth", node.depth),
        ...node.fields.map((field) => data(`field${names.indexOf(field.name)}`, field.value)),
        "    </node>",
      );
    for (const edge of graph.edges)
      lines.push(
        `    <edge id="e${edge.id}" source="n${edge.source}" target="n${edge.target}">`,
        data("transform", edge.transform),
        data("bundle", edge.bundle),
        data("back", edge.back),
        "    </edge>",
      );
    return [...lines, "  </graph>", "</graphml>", ""].join("\n");
  }

  const FORMATS = [
    ["PNG picture", () => soarkit.drawingAsPng().then((blob) => save(`${stem()}.png`, blob))],
    ["SVG picture", () => save(`${stem()}.svg`, soarkit.drawing().text, "image/svg+xml")],
    ["JSON", () => save(`${stem()}.json`, `${JSON.stringify(graph, null, 2)}\n`, "application/json")],
    ["CSV, entities", () => save(`${stem()}-entities.csv`, `\ufeff${nodesCsv()}`, "text/csv")],
    ["CSV, edges", () => save(`${stem()}-edges.csv`, `\ufeff${edgesCsv()}`, "text/csv")],
    ["GraphML", () => save(`${stem()}.graphml`, graphml(), "application/xml")],
  ];

  soarkit.exportMenu = () => {
    const menu = element(
      "div",
      { class: "small-menu", role: "menu", "aria-label": "Export", popover: "auto" },
      FORMATS.map(([label, run]) =>
        element(
          "button",
          { type: "button", role: "menuitem", class: "button plain", on: { click: () => (menu.hidePopover(), run()) } },
          label,
        ),
      ),
    );
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const all = [...menu.children];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      event.preventDefault();
    });
    const open = soarkit.button(
      "download",
      "Export",
      () => {
        menu.showPopover();
        const box = open.getBoundingClientRect();
        menu.style.top = `${box.bottom + 4}px`;
        menu.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - menu.offsetWidth - 8))}px`;
        menu.firstElementChild.focus();
      },
      { text: "Export", "aria-haspopup": "menu" },
    );
    return [open, menu];
  };
}
