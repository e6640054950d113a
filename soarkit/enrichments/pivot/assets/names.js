/* Names of nodes and ways stand where there is room: what matters more is written first. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;

  const BELOW = [4, 18]; // pixels from a node's rim to the top and to the bottom of its name
  const BESIDE = 6; // from a node's rim to a name on its right
  const RING = 6; // around a node, in the graph's own measure

  // Where a node's name stands, in pixels from the node's middle at this scale.
  function nameBox({ node, radius }, k, width) {
    const rim = (node === entities.root ? radius + RING : radius) * k;
    if (layout.kind === "layers") return [rim + BESIDE, -7, rim + BESIDE + width, 7];
    return [-width / 2, rim + BELOW[0], width / 2, rim + BELOW[1]];
  }

  // The place that a node takes with its name, as far as the name may cost room.
  soarkit.boundsOf = (item, x, y, k, most) => {
    const [left, top, right, bottom] = nameBox(item, k, Math.min(item.width, most));
    const rim = (item.radius + RING) * k;
    return [x + Math.min(left, -rim), y + Math.min(top, -rim), x + Math.max(right, rim), y + Math.max(bottom, rim)];
  };

  // How far a name is moved so that it does not hang over the edge, while its node is in sight.
  function inward(x, [left, , right], [from, to]) {
    if (layout.kind === "layers" || x < from || x > to || right - left > to - from) return 0;
    return Math.max(0, from - x - left) - Math.max(0, x + right - to);
  }

  // k: the scale; sight: from where to where the picture goes, in pixels of the world; near: a node and those beside it, which are what somebody looks at.
  soarkit.writeNames = ({ nodes, edges, k, sight, hovered, near, matching }) => {
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
      const own = nameBox(item, k, item.width);
      const aside = inward(x * k, own, sight);
      const box = [x * k + own[0] + aside, y * k + own[1], x * k + own[2] + aside, y * k + own[3]];
      const always = item.node === entities.root || item.node.id === hovered || item.node.id === entities.selected;
      const shown = always || !taken(box, false);
      if (shown) taken(box, true);
      item.name.classList.toggle("unwritten", !shown);
      item.name.setAttribute("x", (right ? own[0] : aside) / k);
      item.name.setAttribute("y", (right ? 4 : own[1] + 10) / k);
    }
    for (const item of edges.values()) {
      const { edge, width, length, angle, mx, my } = item;
      const wanted = near.size && (edge.source === near.of || edge.target === near.of);
      const turned = (angle * Math.PI) / 180;
      const [w, h] = [width * Math.abs(Math.cos(turned)) + 10, width * Math.abs(Math.sin(turned)) + 11].map(
        (one) => one / 2,
      );
      const box = [mx * k - w, my * k - h, mx * k + w, my * k + h];
      const shown = (wanted || length * k > width + 2 * 17 * k + 12) && !taken(box, false);
      if (shown) taken(box, true);
      item.way.classList.toggle("unwritten", !shown);
      if (shown) item.way.setAttribute("transform", `translate(${mx} ${my}) rotate(${angle}) translate(0 ${-3 / k})`);
    }
  };
}
