/* The picture: nodes and edges as SVG, to be moved, zoomed and dragged. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;
  const NEAREST = 4;
  const FARTHEST = 0.05;
  const LEGIBLE = 0.62;
  const SPACE = 48; // around a picture that fits, in pixels
  const CLICK = 4; // pixels that a pointer may move and still mean a click

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

  const layers = Object.fromEntries(["edges", "ways", "nodes"].map((name) => [name, svg("g", { class: name })]));
  const world = svg("g", { class: "world" }, layers.edges, layers.ways, layers.nodes);
  const picture = svg(
    "svg",
    {
      class: "picture",
      tabindex: 0,
      role: "application",
      "aria-label": "Graph. Arrow keys go from node to node, Enter folds and unfolds, plus and minus zoom, 0 shows all.",
    },
    svg("defs", {}, arrow("plain"), arrow("strong")),
    world,
  );

  const view = { x: 0, y: 0, k: 1, own: false }; // own: somebody has moved it
  const nodes = new Map();
  const edges = new Map();
  let hovered = null;

  // Nodes

  function makeNode(id) {
    const node = entities.nodes.get(id);
    const radius = soarkit.radius(node);
    const failed = node.asks.some((ask) => ask.status !== "success");
    const name = svg("text", { class: "name" });
    name.textContent = soarkit.cut(node.value || "(empty)", node === entities.root ? 48 : 26);
    const title = svg("title");
    title.textContent = `${soarkit.typeName(node.type)}: ${soarkit.cut(node.value, 300)}`;
    const count = svg("text", { class: "behind" });
    const scale = (radius * 1.15) / 16;
    const group = svg(
      "g",
      {
        class: `node ${soarkit.typeClass(node.type)} ${node === entities.root ? "root" : ""} state-${node.state}`,
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
    return { node, radius, group, name, count, width: name.textContent.length * 6.3 };
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
    Object.assign(item, { mx: bend ? mx + nx * bend * 0.1 : mx, my, length, angle: Math.abs(angle) > 90 ? angle + 180 : angle });
  }

  function sync() {
    for (const [id, item] of nodes)
      if (!entities.seen.has(id)) {
        item.group.remove();
        nodes.delete(id);
      }
    for (const id of entities.seen)
      if (!nodes.has(id)) {
        const item = makeNode(id);
        nodes.set(id, item);
        layers.nodes.append(item.group);
      }
    for (const item of nodes.values()) showBehind(item);
    const shown = entities.edges();
    const bent = bends(shown);
    const kept = new Set(shown.map((edge) => edge.id));
    for (const [id, item] of edges)
      if (!kept.has(id)) {
        item.group.remove();
        item.way.remove();
        edges.delete(id);
      }
    for (const edge of shown) {
      if (edges.has(edge.id)) edges.get(edge.id).bend = bent.get(edge.id);
      else {
        const item = makeEdge(edge, bent.get(edge.id));
        edges.set(edge.id, item);
        layers.edges.append(item.group);
        layers.ways.append(item.way);
      }
    }
  }

  function moved() {
    for (const [id, item] of nodes) {
      const { x, y } = places.get(id);
      item.group.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    }
    for (const item of edges.values()) place(item);
    if (!view.own) fit({ legible: true });
    else writeLater();
  }

  // Names and ways stand where there is room: what matters more is written first.

  let writing = 0;
  function writeLater() {
    picture.classList.toggle("busy", !layout.light);
    if (layout.light) writing ||= requestAnimationFrame(write);
  }

  function write() {
    writing = 0;
    const cells = new Map();
    const SIZE = 64;
    function taken(box, take) {
      const [left, top, right, bottom] = box;
      for (let x = Math.floor(left / SIZE); x <= right / SIZE; x++)
        for (let y = Math.floor(top / SIZE); y <= bottom / SIZE; y++) {
          const key = `${x} ${y}`;
          if (take) cells.set(key, [...(cells.get(key) ?? []), box]);
          else if (cells.get(key)?.some((one) => one[0] < right && one[2] > left && one[1] < bottom && one[3] > top))
            return true;
        }
      return false;
    }
    const { k } = view;
    world.style.setProperty("--k", k);
    const near = neighbours(hovered ?? entities.selected);
    const rank = (item) =>
      (item.node.id === hovered || item.node.id === entities.selected ? 4000 : 0) +
      (matching.has(item.node.id) ? 2000 : 0) +
      (item.node === entities.root ? 1000 : 0) +
      (near.has(item.node.id) ? 500 : 0) +
      Math.min(400, item.node.out.length * 10 + item.node.in.length * 6);
    const items = [...nodes.values()].sort((a, b) => rank(b) - rank(a));
    for (const item of items) {
      const { x, y } = places.get(item.node.id);
      const r = item.radius * k;
      taken([x * k - r, y * k - r, x * k + r, y * k + r], true);
    }
    const right = layout.kind === "layers";
    for (const item of items) {
      const { x, y } = places.get(item.node.id);
      const r = item.radius;
      const [cx, cy] = right ? [x * k + r * k + 6 + item.width / 2, y * k] : [x * k, (y + r) * k + 11];
      const box = [cx - item.width / 2, cy - 7, cx + item.width / 2, cy + 7];
      const shown = item.node.id === hovered || item.node.id === entities.selected || !taken(box, false);
      if (shown) taken(box, true);
      item.name.classList.toggle("unwritten", !shown);
      item.name.setAttribute("x", right ? r + 6 / k : 0);
      item.name.setAttribute("y", right ? 4 / k : r + 14 / k);
    }
    for (const item of edges.values()) {
      const { edge, width, length, angle, mx, my } = item;
      const wanted = near.size && (edge.source === near.of || edge.target === near.of);
      const turned = (angle * Math.PI) / 180;
      const [w, h] = [width * Math.abs(Math.cos(turned)) + 10, width * Math.abs(Math.sin(turned)) + 11].map((one) => one / 2);
      const box = [mx * k - w, my * k - h, mx * k + w, my * k + h];
      const shown = (wanted || length * k > width + 2 * 17 * k + 12) && !taken(box, false);
      if (shown) taken(box, true);
      item.way.classList.toggle("unwritten", !shown);
      if (shown) item.way.setAttribute("transform", `translate(${mx} ${my}) rotate(${angle}) translate(0 ${-3 / k})`);
    }
  }

  // The view

  function apply() {
    world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    writeLater();
  }

  const size = () => [picture.clientWidth || 800, picture.clientHeight || 600];

  soarkit.extent = () => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const id of entities.seen) {
      const { x, y, radius } = places.get(id);
      box[0] = Math.min(box[0], x - radius);
      box[1] = Math.min(box[1], y - radius);
      box[2] = Math.max(box[2], x + radius);
      box[3] = Math.max(box[3], y + radius);
    }
    return entities.seen.size ? box : [-50, -50, 50, 50];
  };

  // All of it; in layers at first the beginning, where all of it were too small to read.
  function fit({ legible = false } = {}) {
    const [width, height] = size();
    const [left, top, right, bottom] = soarkit.extent();
    const aside = layout.kind === "layers" ? 150 : 0; // names stand to the right
    const space = Math.min(SPACE, width / 8, height / 8);
    const k = Math.min((width - 2 * space - aside) / (right - left), (height - 2 * space) / (bottom - top), 1.6);
    view.k = Math.max(FARTHEST, Math.min(NEAREST, k));
    view.x = (width - aside) / 2 - (view.k * (left + right)) / 2;
    view.y = height / 2 - (view.k * (top + bottom)) / 2;
    if (legible && layout.kind === "layers" && view.k < LEGIBLE) {
      const { x, y } = places.get(entities.root.id);
      Object.assign(view, { k: LEGIBLE, x: space - LEGIBLE * (x - 20), y: height / 2 - LEGIBLE * y, own: true });
    }
    apply();
  }

  function zoom(factor, x = size()[0] / 2, y = size()[1] / 2) {
    const k = Math.max(FARTHEST, Math.min(NEAREST, view.k * factor));
    view.x = x - ((x - view.x) * k) / view.k;
    view.y = y - ((y - view.y) * k) / view.k;
    Object.assign(view, { k, own: true });
    apply();
  }

  // Moves a node into view, where it is not.
  function bringIntoView(id) {
    const place = places.get(id);
    if (!place || !entities.seen.has(id)) return;
    const [width, height] = size();
    const [x, y] = [view.x + place.x * view.k, view.y + place.y * view.k];
    if (x > 40 && y > 40 && x < width - 40 && y < height - 40) return;
    Object.assign(view, { x: view.x + width / 2 - x, y: view.y + height / 2 - y, own: true });
    apply();
  }

  // What stands out

  let matching = new Set();

  function neighbours(id) {
    const found = new Set();
    if (id === null || !nodes.has(id)) return found;
    found.of = id;
    found.add(id);
    for (const { edge } of edges.values()) {
      if (edge.source === id) found.add(edge.target);
      if (edge.target === id) found.add(edge.source);
    }
    return found;
  }

  function mark() {
    const of = hovered ?? entities.selected;
    const near = neighbours(of);
    matching = new Set(entities.matches.map((node) => node.id));
    picture.classList.toggle("focusing", hovered !== null);
    picture.classList.toggle("searching", entities.query !== "");
    for (const [id, item] of nodes) {
      item.group.classList.toggle("near", near.has(id));
      item.group.classList.toggle("selected", id === entities.selected);
      item.group.classList.toggle("match", matching.has(id));
    }
    for (const item of edges.values()) {
      const strong = of !== null && (item.edge.source === of || item.edge.target === of);
      item.group.classList.toggle("near", strong);
      item.way.classList.toggle("near", strong);
    }
    writeLater();
  }

  // Pointers: one moves the picture or a node, two zoom.

  const pointers = new Map();
  let grip = null;

  const nodeAt = (event) => {
    const group = event.target.closest?.(".node");
    return group ? Number(group.dataset.id) : null;
  };
  const local = (event) => {
    const box = picture.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return [Math.hypot(a[0] - b[0], a[1] - b[1]), (a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  };

  function press(event) {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, local(event));
    const id = nodeAt(event);
    const more = event.target.closest?.(".more") !== null;
    grip = { id, more, at: local(event), from: { ...view }, moved: false };
    if (id !== null) Object.assign(grip, { place: { ...places.get(id) } });
    if (pointers.size === 2) grip = { pinch: spread() };
  }

  function pull(event) {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, local(event));
    if (grip?.pinch) {
      if (pointers.size < 2) return;
      const now = spread();
      zoom(now[0] / (grip.pinch[0] || 1), now[1], now[2]);
      grip.pinch = now;
      return;
    }
    if (!grip) return;
    const [x, y] = local(event);
    const [dx, dy] = [x - grip.at[0], y - grip.at[1]];
    if (!grip.moved && Math.hypot(dx, dy) < CLICK) return;
    grip.moved = true;
    picture.classList.add("dragging");
    view.own = true;
    if (grip.id !== null) layout.drag(grip.id, grip.place.x + dx / view.k, grip.place.y + dy / view.k);
    else {
      Object.assign(view, { x: grip.from.x + dx, y: grip.from.y + dy });
      apply();
    }
  }

  function release(event) {
    pointers.delete(event.pointerId);
    picture.classList.remove("dragging");
    if (grip && !grip.moved && !grip.pinch && event.type === "pointerup") {
      if (grip.id !== null && grip.more) entities.fold(grip.id);
      else entities.select(grip.id);
    }
    grip = null;
  }

  for (const [name, listener] of Object.entries({
    pointerdown: press,
    pointermove: pull,
    pointerup: release,
    pointercancel: release,
    pointerover: (event) => hover(nodeAt(event)),
    pointerleave: () => hover(null),
    dblclick: (event) => {
      // The pointer is captured, so the event is the picture's: what lies under it is what is meant.
      const group = document.elementFromPoint(event.clientX, event.clientY)?.closest(".node");
      if (group) entities.fold(Number(group.dataset.id));
    },
    keydown: key,
  }))
    picture.addEventListener(name, listener);
  picture.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const amount = event.deltaMode ? event.deltaY * 16 : event.deltaY;
      zoom(Math.exp(-Math.max(-120, Math.min(120, amount)) * (event.ctrlKey ? 0.01 : 0.0022)), ...local(event));
    },
    { passive: false },
  );

  function hover(id) {
    if (hovered === id || pointers.size) return;
    hovered = id;
    mark();
  }

  // Keys: the nearest node in a direction.

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function towards([ux, uy]) {
    if (entities.selected === null || !entities.seen.has(entities.selected)) return entities.root.id;
    const from = places.get(entities.selected);
    let best = null;
    let least = Infinity;
    for (const id of entities.seen) {
      const place = places.get(id);
      const [dx, dy] = [place.x - from.x, place.y - from.y];
      const along = dx * ux + dy * uy;
      if (along <= 1) continue;
      const cost = along + 2.2 * Math.abs(dx * uy - dy * ux);
      if (cost < least) [best, least] = [id, cost];
    }
    return best;
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const id = towards(arrow);
      if (id !== null) entities.select(id);
    } else if ((event.key === "Enter" || event.key === " ") && entities.selected !== null) entities.fold(entities.selected);
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") soarkit.picture.showAll();
    else if (event.key === "Escape") entities.select(null);
    else return;
    event.preventDefault();
  }

  layout.onMove(moved, () => {
    writeLater();
    picture.dataset.resting = "";
  });
  entities.watch((what) => {
    if (what === "seen") {
      delete picture.dataset.resting;
      sync();
      layout.arrange();
    }
    mark();
    if (what === "selected" && entities.selected !== null) bringIntoView(entities.selected);
  });
  new ResizeObserver(() => (view.own ? writeLater() : fit())).observe(picture);

  soarkit.picture = {
    node: picture,
    world,
    zoom,
    bringIntoView,
    showAll() {
      view.own = false;
      fit();
    },
    begin() {
      sync();
      layout.arrange();
      mark();
    },
    arrange(kind) {
      view.own = false;
      delete picture.dataset.resting;
      picture.classList.toggle("layered", kind === "layers");
      layout.choose(kind);
    },
  };
}
