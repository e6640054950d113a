/* Puts the page together. */
{
  const { entities, element } = soarkit;
  const { graph, root } = entities;
  const about = soarkit.block("about");
  document.title = `${soarkit.written(root.value)} · graph`;

  const notices = [];
  if (graph.stopped === "cancelled") notices.push("Cancelled before its end: what had been found so far is shown.");
  const omitted = graph.runs.reduce((sum, run) => sum + run.omitted, 0);
  if (graph.stopped === "max_nodes")
    notices.push(
      `The graph is full (${soarkit.count(graph.bounds.max_nodes)} entities): ${soarkit.count(omitted)} more were left out.`,
    );
  const cut = graph.runs.filter((run) => run.shown < run.entities);
  if (cut.length === 1)
    notices.push(`${soarkit.written(cut[0].display_name)}: ${cut[0].shown} of ${cut[0].entities} entities are shown.`);
  else if (cut.length)
    notices.push(
      `${cut.length} runs gave more entities than are shown: ${cut[0].shown} of ${cut[0].entities}, and so on.`,
    );

  const outline = element(
    "nav",
    { class: "side", "aria-label": "Entities" },
    element("h2", { class: "side-title" }, "Entities"),
    element("div", { class: "side-body" }, soarkit.outline.node),
  );

  document
    .getElementById("page")
    .append(
      element(
        "div",
        { class: "bar titled" },
        element("span", { class: "bar-name" }, "soarkit"),
        element(
          "h1",
          { class: "graph-title", dir: "auto" },
          soarkit.typeDot(root.type),
          element("bdi", {}, soarkit.cut(root.value || "(empty)", 90)),
          element("span", { class: "dim" }, soarkit.typeName(root.type)),
        ),
        element("span", { class: "gap" }),
        soarkit.themeButton(),
      ),
      ...notices.map((text) => element("p", { class: "notice", role: "note" }, soarkit.icon("warning"), text)),
      soarkit.toolbar(),
      element("div", { class: "stage" }, outline, soarkit.canvas(), soarkit.panel.node),
      soarkit.paper,
      element(
        "footer",
        { class: "foot" },
        "Made ",
        soarkit.moment(about.made),
        ` by soarkit ${about.soarkit}. This page loads nothing from the network.`,
      ),
    );
  soarkit.outline.begin();
  soarkit.panel.begin();
  soarkit.picture.begin();
  document.documentElement.dataset.ready = "";
}
