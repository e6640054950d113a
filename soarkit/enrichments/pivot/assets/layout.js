/* Where nodes lie: as a web, pulled and pushed until it is at rest, or in layers from left to right. */
{
  const { entities } = soarkit;
  const { forceSimulation, forceLink, forceManyBody, forceCollide, forceX, forceY } = d3;
  const places = new Map(); // of every node that was ever shown
  const BUDGET = 12; // milliseconds of a frame
  const LONG_BUDGET = 90; // of one that takes long to draw
  const LARGE = 300; // nodes
  const FIRST = 350; // milliseconds before anything is shown
  const tall = matchMedia("(max-width: 760px) and (orientation: portrait)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  soarkit.radius = (node) => (node === entities.root ? 17 : Math.min(15, 9 + 1.6 * Math.log2(1 + node.out.length)));

  let kind = "web";
  let simulation = null;
  let frame = 0;
  let moved = () => {};
  let rested = () => {};

  // A node begins beside the one it was met from, each at its own angle, so that pictures of one graph are alike.
  function begin(node, above, among) {
    const from = places.get(above.get(node.id));
    if (!from) return { x: 0, y: 0 };
    const away = from.parentAngle ?? 0;
    const [at, count] = among.get(node.id);
    const whole = from.id === entities.root.id;
    const spread = whole ? 2 * Math.PI : Math.PI * 1.1;
    const angle = whole ? (spread * at) / count : away + spread * ((at + 0.5) / count - 0.5);
    const far = 70 + 5 * Math.sqrt(count) + (count > 12 ? 14 * (at % 3) : 0);
    return { x: from.x + far * Math.cos(angle), y: from.y + far * Math.sin(angle), parentAngle: angle };
  }

  // From where each node is reached: where it was met first, or another way where that is not to be seen.
  function reachedFrom() {
    const above = new Map();
    for (const edge of entities.edges())
      if (edge.source !== edge.target && (!edge.back || !above.has(edge.target))) above.set(edge.target, edge.source);
    above.delete(entities.root.id);
    return above;
  }

  function siblings(ids, above) {
    const groups = new Map();
    for (const id of ids) {
      const from = above.get(id);
      if (!groups.has(from)) groups.set(from, []);
      groups.get(from).push(id);
    }
    const among = new Map();
    for (const group of groups.values()) group.forEach((id, at) => among.set(id, [at, group.length]));
    return among;
  }

  function layers(ids) {
    const shown = new Set(ids);
    const under = new Map();
    const tops = [];
    for (const id of ids) {
      const { parent } = entities.nodes.get(id);
      if (!parent || !shown.has(parent) || entities.isFolded(parent)) tops.push(id);
      else if (under.has(parent)) under.get(parent).push(id);
      else under.set(parent, [id]);
    }
    let line = 0;
    const WIDE = 290;
    const HIGH = ids.length < 30 ? 58 : 34;
    // From the leaves to the top, without a stack of calls.
    const order = [];
    const waiting = [...tops].reverse();
    while (waiting.length) {
      const id = waiting.pop();
      order.push(id);
      waiting.push(...[...(under.get(id) ?? [])].reverse());
    }
    for (const id of order) {
      const place = places.get(id);
      place.x = entities.nodes.get(id).depth * WIDE;
      if (!under.has(id)) place.y = HIGH * line++;
    }
    for (const id of order.reverse()) {
      const own = under.get(id);
      if (own) places.get(id).y = (places.get(own[0]).y + places.get(own.at(-1)).y) / 2;
    }
  }

  function web(ids, above, gently) {
    const items = ids.map((id) => places.get(id));
    const base = ids.length < 40 ? 120 : ids.length < 90 ? 76 : 54; // room for the names of ways
    const links = entities
      .edges()
      .filter((edge) => edge.source !== edge.target)
      .map((edge) => ({ source: edge.source, target: edge.target, back: above.get(edge.target) !== edge.source }));
    simulation = forceSimulation(items)
      .stop()
      .force(
        "push",
        forceManyBody()
          .strength((item) => -150 - 22 * Math.min(20, item.fan))
          .distanceMax(900),
      )
      .force("apart", forceCollide((item) => item.radius + 9).strength(0.8))
      .force(
        "pull",
        forceLink(links)
          .id((item) => item.id)
          .distance((link) => (link.back ? base + 70 : base + 3.4 * Math.sqrt(link.source.fan) + link.target.radius))
          .strength((link) => (link.back ? 0.05 : 0.75)),
      )
      .force("x", forceX(0).strength(tall.matches ? 0.04 : 0.018))
      .force("y", forceY(0).strength(tall.matches ? 0.014 : 0.03));
    simulation.alpha(gently ? 0.45 : 1).alphaDecay(ids.length > 400 ? 0.035 : 0.025);
  }

  function step() {
    frame = 0;
    if (!simulation) return;
    const large = entities.seen.size > LARGE;
    const end = performance.now() + (large || still.matches ? LONG_BUDGET : BUDGET);
    do simulation.tick();
    while (performance.now() < end && simulation.alpha() > 0.004);
    const done = simulation.alpha() <= 0.004;
    if (!still.matches || done) moved();
    if (done) {
      simulation = null;
      rested();
    } else frame = requestAnimationFrame(step);
  }

  soarkit.layout = {
    places,
    get kind() {
      return kind;
    },
    // Whether there is time to write names while nodes move.
    get light() {
      return simulation === null || entities.seen.size <= LARGE;
    },
    onMove(call, rest) {
      moved = call;
      rested = rest;
    },
    // Lays out what is to be seen. What has a place stays near it.
    arrange({ afresh = false } = {}) {
      if (afresh) places.clear();
      const ids = [...entities.seen];
      const first = places.size === 0;
      const above = reachedFrom();
      const among = siblings(ids, above);
      for (const id of ids) {
        const node = entities.nodes.get(id);
        if (!places.has(id)) places.set(id, { id, ...begin(node, above, among) });
        Object.assign(places.get(id), {
          radius: soarkit.radius(node),
          fan: entities.isFolded(id) ? 0 : node.out.length,
        });
      }
      simulation = null;
      if (kind === "layers") {
        layers(ids);
        moved();
        rested();
        return;
      }
      web(ids, above, !first);
      if (first) {
        const end = performance.now() + FIRST;
        while (simulation.alpha() > 0.004 && performance.now() < end) simulation.tick();
      }
      if (!frame) step();
    },
    choose(name) {
      kind = name;
      for (const place of places.values()) place.fx = place.fy = null;
      this.arrange({ afresh: name === "web" });
    },
    // While somebody drags a node, the others make room; it stays where it is dropped.
    drag(id, x, y) {
      const place = places.get(id);
      Object.assign(place, { x, y });
      if (kind !== "web") return moved();
      Object.assign(place, { fx: x, fy: y, vx: 0, vy: 0 });
      if (!simulation) web([...entities.seen], reachedFrom(), true);
      simulation.alpha(Math.max(simulation.alpha(), 0.12));
      if (!frame) frame = requestAnimationFrame(step);
    },
  };
}
