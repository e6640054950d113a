/* Puts the page together. What is seen first is drawn first; the rest follows while the page already answers. */
{
  const { element } = soarkit;
  const BUDGET = 60; // milliseconds of drawing at a time

  const report = soarkit.block("report");
  soarkit.setContextual(report.contextual);
  document.title = report.title;

  const widgets = report.widgets.map((given) => new soarkit.Widget(given));
  const [bar, head] = [soarkit.bar(report), soarkit.reportHead(report)];
  soarkit.watchHead(bar, head.firstElementChild);
  document.getElementById("page").append(
    bar,
    head,
    element(
      "div",
      { class: "grid" },
      widgets.map((widget) => widget.node),
    ),
    soarkit.reportFoot(report),
  );

  const waiting = [...widgets];
  function draw(budget) {
    const end = performance.now() + budget;
    do {
      waiting.shift()?.draw();
    } while (waiting.length && performance.now() < end);
    if (waiting.length) setTimeout(draw, 0, BUDGET);
    else document.documentElement.dataset.ready = "";
  }
  draw(BUDGET);

  soarkit.printing.watch((now) => now && waiting.length && draw(Infinity));
}
