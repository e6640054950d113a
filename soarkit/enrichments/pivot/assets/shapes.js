/* Nodes and edges as SVG: how they look and where they lie. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;

  soarkit.svg = (tag, attributes = {}, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null));
    return node;
  };
  const { svg } = soarkit;

  const arrow = (name) =>
    svg(
      "marker",
      {
        id: `arrow-${name}`,
        class: `arrow ${name}`,
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 7,
        markerHeight: 7,
        orient: "auto",
        markerUnits: "userSpaceOnUse",
      },
      svg("path", { d: "M0 .8L7 4 0 7.2z" }),
    );

  // Nodes

  const brush = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).getPropertyValue("--sans") || "sans-serif";

  const WIDE = 8; // pixels that a letter of a name takes on average, at most
  const SHORTEST = 12; // letters of a name

  // Pixels of a name; letters of other scripts are twice as wide as ours, or half.
  function widthOf(text, bold) {
    brush.font = `${bold ? 620 : 400} 11.5px ${family}`;
    return Math.ceil(brush.measureText(text).width) + 4;
  }

  // A name that is not too long, and how wide it is. Letters that are wide make it shorter.
  function nameOf(value, bold, length) {
    const most = length * WIDE;
    for (;;) {
      const text = soarkit.cut(value, length);
      const width = widthOf(text, bold);
      if (width <= most || length <= SHORTEST) return [text, width];
      length -= 2;
    }
  }

  function makeNode(id) {
    const node = entities.nodes.get(id);
    const radius = soarkit.radius(node);
    const failed = node.asks.some((ask) => ask.status !== "success");
    const name = svg("text", { class: "name" });
    const root = node === entities.root;
    const [text, width] = nameOf(node.value || "(empty)", root, root && innerWidth > 760 ? 48 : 26);
    name.textContent = text;
    const title = svg("title");
    title.textContent = `${soarkit.typeName(node.type)}: ${soarkit.cut(node.value, 300)}`;
    const count = svg("text", { class: "behind" });
    const scale = (radius * 1.15) / 16;
    const group = svg(
      "g",
      {
        class: `node ${soarkit.typeClass(node.type)} ${root ? "root" : ""} state-${node.state}`,
        "data-id": id,
      },
      title,
      svg("circle", { class: "halo", r: radius + 5 }),
      svg("circle", { class: "disc", r: radius }),
      svg("path", {
        class: "sign",
        d: soarkit.typePath(node.type),
        transform: `scale(${scale}) translate(-8 -8)`,
      }),
      failed ? svg("circle", { class: "failure", cx: radius * 0.72, cy: -radius * 0.72, r: 4.5 }) : null,
      svg(
        "g",
        { class: "more", transform: `translate(${radius * 0.8} ${radius * 0.75})` },
        svg("rect", { rx: 7, height: 14, y: -7 }),
        count,
      ),
      name,
    );
    return { node, radius, group, name, count, width };
  }

  function showBehind(item) {
    const folded = entities.isFolded(item.node.id);
    item.group.classList.toggle("folded", folded);
    if (!folded) return;
    const behind = entities.behind(item.node.id);
    item.count.textContent = behind ? `+${soarkit.count(behind)}` : "…";
    const width = item.count.textContent.length * 6 + 8;
    const box = item.count.previousSibling;
    box.setAttribute("width", width);
    box.setAttribute("x", -4);
    item.count.setAttribute("x", width / 2 - 4);
  }

  // Edges. Several between the same two nodes are bent, each by another way.

  function makeEdge(edge, bend) {
    const line = svg("path", { class: "line" });
    const title = svg("title");
    const [from, to] = [edge.source, edge.target].map((id) => soarkit.cut(entities.nodes.get(id).value, 60));
    title.textContent = `${from} → ${to}\n${soarkit.written(edge.transform)} · ${soarkit.written(edge.bundle)}`;
    const group = svg("g", { class: `edge${edge.back ? " back" : ""}`, "data-id": edge.id }, title, line);
    const way = svg("text", { class: "way" });
    way.textContent = soarkit.cut(edge.transform, 32);
    return { edge, bend, group, line, way, width: way.textContent.length * 5.8 };
  }

  function bends(list) {
    const pairs = new Map();
    for (const edge of list) {
      const pair = edge.source < edge.target ? `${edge.source} ${edge.target}` : `${edge.target} ${edge.source}`;
      if (!pairs.has(pair)) pairs.set(pair, []);
      pairs.get(pair).push(edge);
    }
    const found = new Map();
    for (const group of pairs.values())
      group.forEach((edge, at) => {
        const bend = (at - (group.length - 1) / 2) * 26;
        found.set(edge.id, edge.source < edge.target ? bend : -bend);
      });
    return found;
  }

  function place(item) {
    const { edge, bend } = item;
    const [a, b] = [places.get(edge.source), places.get(edge.target)];
    if (edge.source === edge.target) {
      const r = a.radius;
      item.line.setAttribute("d", `M${a.x - 5} ${a.y - r}c-22 -34 32 -34 ${10} ${-1}`);
      Object.assign(item, { mx: a.x, my: a.y - r - 26, angle: 0, length: 60 });
      return;
    }
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = Math.hypot(dx, dy) || 1;
    const [nx, ny] = [-dy / length, dx / length];
    const [mx, my] = [(a.x + b.x) / 2 + nx * bend, (a.y + b.y) / 2 + ny * bend];
    if (layout.kind === "layers" && dx > 100) {
      const [x1, x2] = [a.x + a.radius + 1, b.x - b.radius - 3];
      const half = (x1 + x2) / 2;
      item.line.setAttribute("d", `M${x1} ${a.y}C${half} ${a.y} ${half} ${b.y + bend} ${x2} ${b.y}`);
      const angle = (Math.atan2(dy * 1.4, x2 - x1) * 180) / Math.PI;
      Object.assign(item, { mx: half, my: (a.y + b.y + bend * 0.75) / 2, length, angle });
      return;
    }
    // The ends lie on the rims of the nodes, in the direction in which the line leaves.
    const end = (place, radius) => {
      const far = Math.hypot(mx - place.x, my - place.y) || 1;
      return [place.x + ((mx - place.x) / far) * radius, place.y + ((my - place.y) / far) * radius];
    };
    const [x1, y1] = end(a, a.radius + 1);
    const [x2, y2] = end(b, b.radius + 3);
    item.line.setAttribute(
      "d",
      bend ? `M${x1} ${y1}Q${mx + nx * bend} ${my + ny * bend} ${x2} ${y2}` : `M${x1} ${y1}L${x2} ${y2}`,
    );
    const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
    Object.assign(item, {
      mx: bend ? mx + nx * bend * 0.1 : mx,
      my,
      length,
      angle: Math.abs(angle) > 90 ? angle + 180 : angle,
    });
  }

  soarkit.shapes = { arrow, makeNode, showBehind, makeEdge, bends, place };
}
