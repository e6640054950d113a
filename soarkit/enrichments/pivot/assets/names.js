/* Names of nodes and ways stand where there is room: what matters more is written first. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;

  // k: the scale; near: a node and those beside it, which are what somebody looks at.
  soarkit.writeNames = ({ nodes, edges, k, hovered, near, matching }) => {
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
      const r = item.radius;
      const [cx, cy] = right ? [x * k + r * k + 6 + item.width / 2, y * k] : [x * k, (y + r) * k + 11];
      const box = [cx - item.width / 2, cy - 7, cx + item.width / 2, cy + 7];
      const always = item.node === entities.root || item.node.id === hovered || item.node.id === entities.selected;
      const shown = always || !taken(box, false);
      if (shown) taken(box, true);
      item.name.classList.toggle("unwritten", !shown);
      item.name.setAttribute("x", right ? r + 6 / k : 0);
      item.name.setAttribute("y", right ? 4 / k : r + 14 / k);
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
