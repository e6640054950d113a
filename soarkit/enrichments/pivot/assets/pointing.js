/* Pointers and keys in the picture. */
{
  const { entities, layout } = soarkit;
  const { places } = layout;
  const { node: picture, view, zoom, apply } = soarkit.picture;
  const hover = (id) => pointers.size || soarkit.picture.hover(id);
  const CLICK = 4; // pixels that a pointer may move and still mean a click

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
    } else if ((event.key === "Enter" || event.key === " ") && entities.selected !== null)
      entities.fold(entities.selected);
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") soarkit.picture.showAll();
    else if (event.key === "Escape") entities.select(null);
    else return;
    event.preventDefault();
  }
}
