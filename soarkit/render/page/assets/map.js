/* Places on a world map that is drawn here, without any network. Points that would overlap are one point with a count. */
{
  const { element, button } = soarkit;
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [3600, 1800]; // tenths of a degree, from 180° west and 90° north
  const WORLD = { x: 0, y: 40, width: WIDTH, height: 1500 }; // without the far south, where nobody lives
  const SMALLEST = 60; // the closest look: 6° across
  const APART = 26; // pixels between points that are told apart
  const LISTED = 50; // places listed at once

  const svg = (name, attributes, ...children) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  function outline() {
    const { land, borders } = document.getElementById("world") || outline.known ? (outline.known ??= soarkit.block("world")) : { land: "", borders: "" };
    const lines = [];
    for (let x = 0; x <= WIDTH; x += 300) lines.push(`M${x} 0V${HEIGHT}`);
    for (let y = 0; y <= HEIGHT; y += 300) lines.push(`M0 ${y}H${WIDTH}`);
    return svg(
      "svg",
      { preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true", focusable: "false" },
      svg("path", { class: "graticule", d: lines.join("") }),
      svg("path", { class: "land", d: land }),
      svg("path", { class: "borders", d: borders }),
    );
  }

  const degrees = (value, [positive, negative]) => `${Math.abs(value).toFixed(2)}° ${value < 0 ? negative : positive}`;
  const place = (point) => `${degrees(point.latitude, "NS")}, ${degrees(point.longitude, "EW")}`;

  // What a point is called: its first detail that says something.
  function name(point) {
    const found = (point.details ?? []).find(([, value]) => value !== null && value !== "" && !soarkit.isNested(value));
    return found ? soarkit.plainText(found[1]).slice(0, 80) : place(point);
  }

  const described = (point) => element("div", { class: "map-place" }, element("p", { class: "map-where" }, place(point)), point.details?.length ? soarkit.fieldList(point.details) : null);

  // A list that grows on demand.
  function listed(points) {
    const list = element("ol", { class: "map-list" });
    const more = button(null, "", () => grow(), { class: "button more", text: "Show more" });
    let shown = 0;
    const grow = () => {
      for (const point of points.slice(shown, shown + LISTED)) list.append(element("li", {}, described(point)));
      shown += LISTED;
      if (shown >= points.length) more.remove();
    };
    grow();
    return points.length > LISTED ? [list, more] : [list];
  }

  class WorldMap {
    constructor(points) {
      this.points = points.map((point) => ({ point, x: (point.longitude + 180) * 10, y: (90 - point.latitude) * 10 }));
      this.drawing = outline();
      this.dots = element("div", { class: "map-dots" });
      this.panel = element("div", { class: "map-panel", hidden: true, role: "dialog", "aria-label": "Places", tabindex: "-1" });
      const tool = (icon, label, text, press) => button(icon, label, press, { text, title: label });
      this.stage = element("div", { class: "map-stage", role: "group", "aria-label": `World map with ${soarkit.plural(points.length, "place")}` }, this.drawing, this.dots);
      this.node = element(
        "div",
        { class: "map" },
        element(
          "div",
          { class: "map-tools" },
          tool(null, "Zoom in", "+", () => this.zoom(0.5)),
          tool(null, "Zoom out", "−", () => this.zoom(2)),
          points.length ? tool(null, "Zoom to the places", "Places", () => this.fit()) : null,
          tool(null, "Show the whole world", "World", () => this.look(WORLD)),
        ),
        this.stage,
        this.panel,
      );
      this.#listen();
      this.look(WORLD);
    }

    #listen() {
      let last = null;
      this.stage.addEventListener("pointerdown", (event) => {
        if (event.button === 0 && !event.target.closest("button")) last = event;
      });
      this.stage.addEventListener("pointermove", (event) => {
        if (!last || !(event.buttons & 1)) return;
        const scale = this.view.width / this.stage.clientWidth;
        this.look({ ...this.view, x: this.view.x - (event.clientX - last.clientX) * scale, y: this.view.y - (event.clientY - last.clientY) * scale });
        last = event;
      });
      for (const end of ["pointerup", "pointerleave", "pointercancel"]) this.stage.addEventListener(end, () => (last = null));
      this.stage.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 0.8 : 1.25);
      });
      this.node.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (event.key === "Escape" && !this.panel.hidden) {
          event.preventDefault();
          this.closePanel();
        } else if (step && !this.panel.contains(event.target)) {
          event.preventDefault();
          this.look({ ...this.view, x: this.view.x + (step[0] * this.view.width) / 8, y: this.view.y + (step[1] * this.view.height) / 8 });
        } else if ((event.key === "+" || event.key === "-") && !this.panel.contains(event.target)) this.zoom(event.key === "+" ? 0.5 : 2);
      });
      new ResizeObserver(() => this.look(this.view)).observe(this.stage);
    }

    /** Look at a part of the world; it is kept within the map, and in the shape of the stage. */
    look({ x, y, width, height }) {
      const shape = WORLD.height / WORLD.width;
      const wide = Math.min(Math.max(width, height / shape, SMALLEST), WIDTH);
      const high = wide * shape;
      const inside = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));
      this.view = { x: inside(x + (width - wide) / 2, WIDTH - wide), y: inside(y + (height - high) / 2, HEIGHT - high), width: wide, height: high };
      this.drawing.setAttribute("viewBox", `${this.view.x} ${this.view.y} ${this.view.width} ${this.view.height}`);
      this.#dot();
    }

    zoom(by) {
      const { x, y, width, height } = this.view;
      this.look({ x: x + (width * (1 - by)) / 2, y: y + (height * (1 - by)) / 2, width: width * by, height: height * by });
    }

    /** Zoom to all places, or to some. */
    fit(points = this.points) {
      const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
      for (const { x, y } of points) {
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
      const [width, height] = [(box.right - box.left) * 1.3 + 20, (box.bottom - box.top) * 1.3 + 20];
      this.look({ x: (box.left + box.right - width) / 2, y: (box.top + box.bottom - height) / 2, width, height });
    }

    // Places that would overlap make one dot, where the first of them is.
    #dot() {
      const reach = (APART * this.view.width) / (this.stage.clientWidth || 900);
      const cells = new Map();
      const key = (x, y) => `${x} ${y}`;
      const near = (one, column, row) => {
        for (const x of [column, column - 1, column + 1]) {
          for (const y of [row, row - 1, row + 1]) {
            const found = cells.get(key(x, y))?.find(([first]) => Math.hypot(first.x - one.x, first.y - one.y) < reach);
            if (found) return found;
          }
        }
        return null;
      };
      const groups = [];
      for (const one of this.points) {
        const [x, y] = [one.x - this.view.x, one.y - this.view.y];
        if (x < 0 || x > this.view.width || y < 0 || y > this.view.height) continue;
        const [column, row] = [Math.floor(one.x / reach), Math.floor(one.y / reach)];
        const group = near(one, column, row);
        if (group) group.push(one);
        else {
          const made = [one];
          groups.push(made);
          cells.set(key(column, row), [...(cells.get(key(column, row)) ?? []), made]);
        }
      }
      const kept = document.activeElement?.dataset?.place;
      this.dots.replaceChildren(
        ...groups.map((members, at) => {
          const count = members.length;
          const [{ x, y }] = members;
          const percent = (part, whole) => `${(part / whole) * 100}%`;
          const label = count === 1 ? `${name(members[0].point)}: ${place(members[0].point)}` : `${soarkit.plural(count, "place")}, among them ${name(members[0].point)}`;
          return element(
            "button",
            {
              type: "button",
              class: count > 1 ? "map-dot many" : "map-dot",
              "data-place": at,
              title: label,
              "aria-label": label,
              style: { left: percent(x - this.view.x, this.view.width), top: percent(y - this.view.y, this.view.height) },
              on: { click: (event) => this.openPanel(members, event.currentTarget) },
            },
            count > 1 ? element("span", {}, soarkit.count(count)) : null,
          );
        }),
      );
      if (kept) this.dots.querySelector(`[data-place="${CSS.escape(kept)}"]`)?.focus();
    }

    openPanel(members, dot) {
      this.opener = dot;
      const points = members.map(({ point }) => point);
      const closer = members.length > 1 && this.view.width > SMALLEST ? button(null, "Zoom to these places", () => this.fit(members), { text: "Zoom to these" }) : null;
      this.panel.replaceChildren(
        element("header", {}, element("h3", {}, soarkit.plural(points.length, "place")), closer, button("close", "Close", () => this.closePanel(), { class: "button bare" })),
        ...listed(points),
      );
      this.panel.hidden = false;
      this.panel.focus();
    }

    closePanel() {
      this.panel.hidden = true;
      (this.opener?.isConnected ? this.opener : this.stage.querySelector("button") ?? this.node.querySelector("button")).focus();
    }
  }

  const onEarth = ({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;

  soarkit.parts.map = (part) => {
    const points = part.points.filter(onEarth);
    const without = (part.without ?? 0) + part.points.length - points.length;
    const list = element("details", { class: "map-all" }, element("summary", {}, `List of ${soarkit.plural(points.length, "place")}`));
    list.addEventListener("toggle", () => list.append(...listed(points)), { once: true });
    soarkit.printing.watch((now) => now && (list.open = true));
    return element(
      "div",
      { class: "map-part" },
      new WorldMap(points).node,
      without ? element("p", { class: "note" }, `${soarkit.plural(without, "row")} without a place.`) : null,
      points.length ? list : null,
    );
  };
}
