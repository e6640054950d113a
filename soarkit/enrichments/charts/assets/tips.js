/* Tooltips: elements that hold text, so that nothing of the data can be markup. */
{
  const { element } = soarkit;
  const MOST = 30; // series in one tooltip

  soarkit.ChartFigure.prototype.tip = function tip(params) {
    const points = params.filter((one) => this.byId.has(one.seriesId) && one.dataIndex !== undefined && one.dataIndex >= 0);
    if (!points.length) return "";
    const lines = [];
    let line = [];
    const add = (runs, context, series) => {
      for (const run of runs) {
        if (run.n) {
          lines.push(line);
          line = [];
          continue;
        }
        const colour = run.c?.includes(".") ? this.resolve(run.c, context) : run.c;
        const words = this.words(run, context, series);
        if (words)
          line.push(
            element(
              "span",
              { class: [run.b && "strong", run.i && "slanted"].filter(Boolean).join(" ") || null, style: colour ? { color: colour } : {} },
              words,
            ),
          );
      }
    };
    const seen = points.map((one) => {
      const series = this.byId.get(one.seriesId);
      return { series, context: this.context(series, one.dataIndex) };
    });
    add(seen[0].series.header, seen[0].context, seen[0].series);
    for (const { series, context } of seen.slice(0, MOST)) {
      const empty = series.type !== "xrange" && ["y", "low", "value"].every((name) => context.point[name] === undefined);
      if (empty) continue;
      if (line.length) lines.push(line.splice(0));
      add(series.point, context, series);
    }
    if (seen[0].series.footer.length) add(seen[0].series.footer, seen[0].context, seen[0].series);
    if (line.length) lines.push(line);
    const shown = lines.filter((one) => one.length);
    return element(
      "div",
      { class: "chart-tip" },
      shown.map((one) => element("div", { dir: "auto" }, ...one)),
    );
  };
}
