/* Charts: drawn when they are first seen, and again when the theme or the room changes. */
{
  const { element, button } = soarkit;
  const CANVAS = 3000; // points from which single shapes cost too much
  const ROWS = 1000; // of the data that are listed
  const SCALE = 2; // of a saved image

  const shown = new Set();
  let numbers = 0;

  const points = (drawing) => drawing.series.reduce((sum, series) => sum + series.points.rows.length, 0);

  class Chart {
    constructor(drawing, height) {
      this.drawing = drawing;
      this.figure = new soarkit.ChartFigure(drawing);
      this.figure.items = new Map(
        drawing.option.series.filter(({ id }) => this.figure.byId.has(id)).map(({ id, data }) => [Number(id.slice(1)), data]),
      );
      this.figure.order = drawing.option.series.map(({ id }) => id);
      this.stage = element("div", {
        class: "chart-stage",
        role: "img",
        "aria-label": drawing.description,
        tabindex: "0",
        style: { height: `${height}px` },
      });
      this.watcher = new ResizeObserver(() => this.#fit());
      this.watcher.observe(this.stage);
      soarkit.theme.watch(() => this.chart && this.draw());
    }

    get width() {
      return Math.floor(this.stage.clientWidth);
    }

    // A chart that nobody has seen yet is drawn when it has room.
    #fit() {
      if (!this.stage.isConnected) return this.dispose();
      if (!this.width) return undefined;
      if (!this.chart) return this.near ? this.draw() : undefined;
      return this.width === this.chart.getWidth() ? undefined : this.draw();
    }

    /** Draw at once, or when the chart comes near what is seen. */
    wait() {
      const sight = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          sight.disconnect();
          this.near = true;
          this.#fit();
        },
        { rootMargin: "400px" },
      );
      sight.observe(this.stage);
    }

    option(tones, ground) {
      this.figure.marks = soarkit.chartMarks(this.drawing, ground, tones);
      const filled = soarkit.chartLook.filled(this.drawing.option, tones, ground, this.figure.functions(), this.figure.marks);
      return soarkit.chartFit(filled, this.figure.width, this.figure.font);
    }

    // The ground is the author's, where there is one; else it is the page's.
    made(node, renderer, more = {}) {
      const { option, ground } = this.drawing;
      const tones = soarkit.chartLook.colours(ground);
      this.figure.tones = tones;
      this.figure.width = more.width ?? this.width;
      this.figure.font = getComputedStyle(document.body).fontFamily;
      const chart = echarts.init(node, soarkit.chartLook.theme(tones), { renderer, ...more });
      const behind = option.backgroundColor === "transparent" ? tones.card : option.backgroundColor;
      chart.setOption(this.option(tones, typeof behind === "string" ? behind : behind.colorStops[0].color));
      return chart;
    }

    draw() {
      const selected = this.chart?.getOption().legend?.[0]?.selected;
      this.chart?.dispose();
      try {
        this.chart = this.made(this.stage, points(this.drawing) > CANVAS ? "canvas" : "svg");
        if (selected) this.chart.setOption({ legend: { selected } });
      } catch (error) {
        this.#fail(error);
      }
      shown.add(this);
      this.stage.dataset.drawn = "";
    }

    // What the library cannot draw leaves the rest of the page alone, and its data can still be read.
    #fail(error) {
      console.error(error);
      this.watcher.disconnect();
      this.dispose();
      this.failed = true;
      this.stage.replaceChildren(element("p", { class: "note" }, `This chart could not be drawn: ${error.message}`));
    }

    dispose() {
      this.chart?.dispose();
      this.chart = null;
      shown.delete(this);
    }

    /** The chart as a PNG, with the ground that it has here. */
    save(name) {
      const width = this.width || 800;
      const height = this.stage.clientHeight || this.drawing.height;
      const scratch = element("div", { style: { width: `${width}px`, height: `${height}px` } });
      const chart = this.made(scratch, "canvas", { width, height, devicePixelRatio: SCALE });
      const given = this.drawing.option.backgroundColor;
      const backgroundColor = given === "transparent" ? this.figure.tones.card : given;
      const link = element("a", {
        href: chart.getDataURL({ type: "png", pixelRatio: SCALE, backgroundColor }),
        download: `${name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "chart"}.png`,
      });
      chart.dispose();
      link.click();
    }
  }

  function listed(figure) {
    const { columns, rows } = figure.table();
    const cell = (value) => {
      const text = value === null ? "" : soarkit.isExact(value) ? value.$ : typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 6 }) : String(value);
      return element("td", { class: typeof value === "number" ? "number" : null }, element("bdi", { dir: "auto" }, text));
    };
    return [
      element(
        "div",
        { class: "chart-table", tabindex: "0", role: "group", "aria-label": "The chart's data" },
        element(
          "table",
          {},
          element("thead", {}, element("tr", {}, columns.map((name) => element("th", { scope: "col" }, name)))),
          element("tbody", {}, rows.slice(0, ROWS).map((row) => element("tr", {}, row.map(cell)))),
        ),
      ),
      rows.length > ROWS
        ? element("p", { class: "note" }, `The first ${soarkit.count(ROWS)} of ${soarkit.plural(rows.length, "point")}.`)
        : null,
    ].filter(Boolean);
  }

  soarkit.parts.chart = (part) => {
    const drawing = soarkit.block(part.chart);
    const chart = new Chart(drawing, part.height ?? drawing.height);
    const name = `chart-data-${++numbers}`;
    const data = element("div", { id: name, hidden: true });
    const toggle = button(null, "", () => {
      if (!data.firstChild) data.append(...listed(chart.figure));
      data.hidden = !data.hidden;
      toggle.setAttribute("aria-expanded", String(!data.hidden));
      toggle.firstChild.textContent = data.hidden ? "Show the data" : "Hide the data";
    }, { text: "Show the data", class: "button more", "aria-expanded": "false", "aria-controls": name });
    const save = button("download", "Save as image", () => chart.save(part.caption || drawing.description));
    const node = element("div", { class: "chart" }, chart.stage, element("div", { class: "chart-tools" }, toggle, save), data);
    node.chart = chart;
    // Not in the document yet: what is to be seen is known when it is.
    queueMicrotask(() => chart.wait());
    soarkit.printing.watch((now) => now && !chart.chart && !chart.failed && chart.width && chart.draw());
    return node;
  };

  /** The ECharts instances that are drawn, for tests and for those who look into a page. */
  soarkit.charts = shown;
}
