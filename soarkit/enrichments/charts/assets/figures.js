/* What a chart says: its points, as templates name them, and the texts that are made of them. */
{
  const { date, shortDate, longDate, shortNumber, number, written } = soarkit.chartFormats;
  const VALUES = ["y", "low", "q1", "median", "q3", "high", "value", "x", "x2", "total"];

  class Figure {
    constructor(drawing) {
      this.drawing = drawing;
      this.tones = {};
      this.order = [];
      this.byId = new Map(drawing.series.map((series) => [series.id, series]));
      this.byNumber = new Map(drawing.series.map((series) => [Number(series.id.slice(1)), series]));
    }

    idOf(index) {
      return this.order[index];
    }

    // Error bars stand where the last series before them stands.
    placeOf(number, groups) {
      const own = `s${number}`;
      if (groups.some((group) => group.includes(own))) return own;
      return groups.flat().filter((id) => Number(id.slice(1)) < number).at(-1) ?? groups[0]?.[0];
    }

    colourOf(number) {
      const { color } = this.byNumber.get(number);
      return typeof color === "string" ? this.seen(color) : color.colorStops[0].color;
    }

    // A colour as it can be told from the ground.
    seen(colour) {
      return this.marks?.get(colour) ?? colour;
    }

    // The colour that one point has and its series has not.
    itemColour(number, at) {
      return this.seen(this.items?.get(number)?.[at]?.itemStyle?.color ?? null);
    }

    inkOn(fill) {
      const parts = /^#(..)(..)(..)/.exec(fill)?.slice(1).map((part) => parseInt(part, 16)) ?? fill?.match?.(/[\d.]+/g)?.map(Number);
      if (!parts || parts.length < 3) return this.tones.text;
      const [red, green, blue] = parts.map((part) => (part / 255) ** 2.2);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.22 ? "#1a212b" : "#ffffff";
    }

    axis(series, role) {
      return this.drawing.axes[role][series.axes[role === "x" ? 0 : 1]] ?? { kind: "value" };
    }

    placeText(axis, value, form) {
      if (value === null || value === undefined) return "";
      if (axis.kind === "category") return axis.categories?.[value] ?? String(value);
      if (axis.kind === "time") return form ? date(value, form) : longDate(value);
      return written(value);
    }

    /** A point with all that templates know of it. */
    point(series, at) {
      const { keys, rows } = series.points;
      const row = rows[at];
      const point = {};
      if (!row) return point;
      keys.forEach((key, number) => row[number] !== null && (point[key] = row[number]));
      const [x, y] = [this.axis(series, "x"), this.axis(series, "y")];
      const place = row[keys.indexOf("x")];
      point.index = at;
      point.category ??= x.kind === "category" ? this.placeText(x, place) : place;
      point.key = point.name ?? (series.type === "pie" ? "Slice" : this.placeText(x, place, series.dates));
      point.name ??= point.key;
      if (y.kind === "category") point.yCategory = this.placeText(y, point.y);
      const given = this.itemColour(Number(series.id.slice(1)), at) ?? this.seen(series.color);
      point.color = typeof given === "string" ? given : given?.colorStops?.[0]?.color;
      return point;
    }

    /** What a path of a template names. */
    resolve(path, context) {
      let value = context;
      for (const name of path.split(".")) {
        if (name === "options" && value === context.point) continue;
        if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return null;
        value = value[name];
      }
      return value;
    }

    context(series, at, more = {}) {
      const point = { ...this.point(series, at), ...more };
      return {
        point,
        series: { name: series.name, color: point.color && series.colors ? point.color : this.colourOf(Number(series.id.slice(1))), index: Number(series.id.slice(1)), type: series.type },
        x: point.x,
        y: point.y,
        key: point.key,
        name: point.name,
        percentage: point.percentage,
        total: point.total,
        value: point.value ?? point.y,
      };
    }

    // How one run of a template reads. Numbers of points carry the tooltip's decimals, prefix and suffix.
    words(run, context, series = null) {
      if (run.n) return "\n";
      if (run.t !== undefined) return run.t;
      const value = this.resolve(run.v, context);
      const name = /^point\.(\w+)$/.exec(run.v)?.[1];
      if (series && name && typeof value === "number") {
        const axis = name === "y" || name === "low" || name === "high" ? this.axis(series, "y") : this.axis(series, "x");
        if (!run.f && (name === "x" || name === "x2") && axis.kind !== "value") return this.placeText(axis, value, series.dates);
        if (!run.f && name === "y" && axis.kind === "category") return this.placeText(axis, value);
        if (!run.f && axis.kind === "time" && (name === "low" || name === "high" || name === "y")) return longDate(value);
        if (VALUES.includes(name) && name !== "x" && name !== "x2") {
          const plain = run.f ? written(value, run.f) : number(value, series.decimals ?? null, true);
          return `${series.prefix ?? ""}${plain}${series.suffix ?? ""}`;
        }
      }
      return written(value, run.f);
    }

    text(runs, context, series = null) {
      return runs.map((run) => this.words(run, context, series)).join("");
    }

    label({ series: at, runs }) {
      const series = this.byNumber.get(at);
      return ({ dataIndex, value, at: end }) => {
        const context = this.context(series, dataIndex, end ? { y: value } : {});
        if (context.point.y === undefined && context.point.value === undefined && !end && series.type !== "xrange") return "";
        return this.text(runs, context);
      };
    }

    /** The functions that options name. */
    functions() {
      return {
        label: (given) => this.label(given),
        pointLabel: ({ series, at, runs }) => {
          const found = this.byNumber.get(series);
          return () => this.text(runs, this.context(found, at));
        },
        axisLabel: ({ runs, kind, skip }) => (value) => (value === skip ? "" : this.text(runs, { value, axis: {} }) || (kind === "value" ? shortNumber(value) : "")),
        dateLabel: ({ formats }) => (value) => shortDate(value, formats),
        numberLabel: ({ skip }) => (value) => (value === skip ? "" : shortNumber(value)),
        legendName: () => (name) => name,
        share: ({ of }) => Math.max((this.width * 0.86) / of - 6, 24),
        words: ({ text }) => () => text,
        tooltip: () => (params) => this.tip(Array.isArray(params) ? params : [params]),
        shape: (given) => soarkit.chartShape({ ...given }, this),
      };
    }

    /** All points as a table: names of columns, and rows of texts and numbers. */
    table() {
      const shown = new Set();
      const rows = [];
      const hidden = new Set(["color", "colour", "sliced", "drilldown", "dataLabels", "marker", "events", "selected", "id", "legendIndex"]);
      const flat = (value) => (value !== null && typeof value === "object" && !soarkit.isExact(value) ? soarkit.json(value) : value);
      for (const series of this.drawing.series) {
        const [x, y] = [this.axis(series, "x"), this.axis(series, "y")];
        const { keys, rows: points } = series.points;
        for (const point of points) {
          const row = new Map([["Series", series.name]]);
          keys.forEach((key, at) => {
            const value = point[at];
            if (hidden.has(key) || (key === "x" && (series.type === "pie" || series.type === "gauge"))) return;
            const axis = key === "x" || key === "x2" ? x : key === "y" ? y : null;
            const head = key === "x" ? x.title || "x" : key === "y" ? y.title || "y" : key;
            row.set(head, axis && axis.kind !== "value" && axis.kind !== "log" ? this.placeText(axis, value, axis.kind === "time" ? "%Y-%m-%d %H:%M:%S" : undefined) : flat(value));
          });
          for (const [name, value] of row) if (value !== null && value !== "") shown.add(name);
          rows.push(row);
        }
      }
      const columns = [...shown];
      return { columns, rows: rows.map((row) => columns.map((name) => row.get(name) ?? null)) };
    }
  }

  soarkit.ChartFigure = Figure;
}
