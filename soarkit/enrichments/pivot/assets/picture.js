/* The picture: nodes and edges as SVG, to be moved, zoomed and dragged. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;
  const NEAREST = 4;
  const FARTHEST = 0.05;
  const LARGEST = 1.6; // that a picture gets by itself
  const LEGIBLE = 0.62;
  const NAME = 0.3; // share of the width that one name may cost; longer ones are moved inward
  const SPACE = 24; // around a picture that fits, in pixels
  const EDGE = 6; // pixels between a name and the picture's edge
  const PAPER = [680, 620]; // pixels of the picture on paper, about

  const { svg, shapes } = soarkit;

  const layers = Object.fromEntries(["edges", "ways", "nodes"].map((name) => [name, svg("g", { class: name })]));
  const world = svg("g", { class: "world" }, layers.edges, layers.ways, layers.nodes);
  const picture = svg(
    "svg",
    {
      class: "picture",
      tabindex: 0,
      role: "application",
      "aria-label":
        "Graph. Arrow keys go from node to node, Enter folds and unfolds, plus and minus zoom, 0 shows all.",
    },
    svg("defs", {}, shapes.arrow("plain"), shapes.arrow("strong")),
    world,
  );

  const view = { x: 0, y: 0, k: 1, own: false }; // own: somebody has moved it
  const nodes = new Map();
  const edges = new Map();
  let hovered = null;
  let screen = null; // the view, while the page is printed
  let paper = null; // from where to where the picture goes on it

  function sync() {
    for (const [id, item] of nodes)
      if (!entities.seen.has(id)) {
        item.group.remove();
        nodes.delete(id);
      }
    for (const id of entities.seen)
      if (!nodes.has(id)) {
        const item = shapes.makeNode(id);
        nodes.set(id, item);
        layers.nodes.append(item.group);
      }
    for (const item of nodes.values()) shapes.showBehind(item);
    const shown = entities.edges();
    const bent = shapes.bends(shown);
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
        const item = shapes.makeEdge(edge, bent.get(edge.id));
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
    for (const item of edges.values()) shapes.place(item);
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
    world.style.setProperty("--k", view.k);
    const near = neighbours(hovered ?? entities.selected);
    const sight = paper ?? [EDGE - view.x, size()[0] - EDGE - view.x];
    soarkit.writeNames({ nodes, edges, k: view.k, sight, hovered, near, matching });
  }

  // The view

  function apply() {
    if (screen) return;
    world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    writeLater();
  }

  const size = () => [picture.clientWidth || 800, picture.clientHeight || 600];

  // What is to be seen with its names, which are as large at every scale.
  // most: pixels that a name may cost
  soarkit.extent = (k, most = Infinity) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [id, item] of nodes) {
      const { x, y } = places.get(id);
      const own = soarkit.boundsOf(item, x * k, y * k, k, most);
      for (const at of [0, 1]) {
        box[at] = Math.min(box[at], own[at] / k);
        box[at + 2] = Math.max(box[at + 2], own[at + 2] / k);
      }
    }
    return nodes.size ? box : [-50, -50, 50, 50];
  };

  // The largest scale at which all of it has room, names included.
  function scaleFor(width, height) {
    const fits = (k) => {
      const [left, top, right, bottom] = soarkit.extent(k, width * NAME);
      return (right - left) * k <= width && (bottom - top) * k <= height;
    };
    let [least, most] = [FARTHEST, LARGEST];
    if (fits(most)) return most;
    for (let step = 0; step < 12; step++) {
      const middle = Math.sqrt(least * most);
      if (fits(middle)) least = middle;
      else most = middle;
    }
    return least;
  }

  // All of it; in layers at first the beginning, where all of it were too small to read.
  function fit({ legible = false } = {}) {
    const [width, height] = size();
    const space = Math.min(SPACE, width / 20, height / 20);
    view.k = scaleFor(width - 2 * space, height - 2 * space);
    const [left, top, right, bottom] = soarkit.extent(view.k, width * NAME);
    view.x = width / 2 - (view.k * (left + right)) / 2;
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

  function hover(id) {
    if (hovered === id) return;
    hovered = id;
    mark();
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
    view,
    apply,
    hover,
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
    // On paper all of it, as large as the paper is: nobody knows its size before.
    onPaper(now) {
      if (now) {
        screen = { ...view };
        const k = scaleFor(...PAPER);
        const [left, top, right, bottom] = soarkit.extent(k, PAPER[0] * NAME);
        const space = 8 / k;
        const [width, height] = [right - left + 2 * space, bottom - top + 2 * space];
        view.k = k;
        paper = [(left - space) * k, (right + space) * k];
        write();
        world.removeAttribute("transform");
        picture.setAttribute("viewBox", `${left - space} ${top - space} ${width} ${height}`);
      } else if (screen) {
        picture.removeAttribute("viewBox");
        Object.assign(view, screen);
        screen = paper = null;
        apply();
      }
    },
    arrange(kind) {
      view.own = false;
      delete picture.dataset.resting;
      picture.classList.toggle("layered", kind === "layers");
      layout.choose(kind);
    },
  };
}
