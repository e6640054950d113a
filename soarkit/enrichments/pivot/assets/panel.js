/* What there is to say of the selected entity; of the whole graph where none is. */
{
  const { entities, element, button } = soarkit;
  const { graph } = entities;
  const texts = (text) => soarkit.visible(String(text ?? ""));
  const body = element("div", { class: "panel-body" });
  const panel = element("aside", { class: "panel", "aria-label": "Selected entity" }, body);

  const section = (title, ...content) =>
    element("section", { class: "panel-part" }, element("h3", {}, title), ...content);

  const STATES = {
    asked: null,
    end: "No installed pivot takes this type.",
    depth: "Not followed further: the graph ends at this depth.",
    left: "Not asked: the walk ended before.",
  };

  function command(name, node) {
    const text = soarkit.pivotCommand(name, node);
    if (text === null) return null;
    const copy = button("copy", "Copy", () => soarkit.copy(text, copy, "Command copied"));
    return element("div", { class: "command-line" }, element("code", {}, text), copy);
  }

  const goTo = (id) => {
    const node = entities.nodes.get(id);
    return element(
      "button",
      { type: "button", class: "link", dir: "auto", on: { click: () => (entities.reveal(id), entities.select(id)) } },
      soarkit.typeDot(node.type),
      element("bdi", {}, soarkit.cut(node.value || "(empty)", 60)),
    );
  };

  function ran(ask) {
    const found =
      ask.shown < ask.entities
        ? `${ask.shown} of ${ask.entities} entities`
        : soarkit.plural(ask.entities, "entity", "entities");
    const facts = [
      ask.status === "success" ? found : null,
      ask.omitted ? `${ask.omitted} omitted: the graph is full` : null,
      typeof ask.elapsed === "number" ? soarkit.duration(ask.elapsed) : null,
      ask.asset ? `asset ${soarkit.written(ask.asset)}` : null,
      ask.id ? `run ${soarkit.written(ask.id)}` : null,
    ].filter(Boolean);
    return element(
      "li",
      { class: `ran ${ask.status === "success" ? "success" : "failed"}` },
      element(
        "div",
        { class: "ran-name" },
        soarkit.icon(ask.status === "success" ? "check" : "warning"),
        element("bdi", { dir: "auto" }, ...texts(ask.display_name)),
        element("bdi", { class: "dim", dir: "auto" }, ...texts(ask.bundle)),
      ),
      ask.message ? element("p", { class: "ran-message", dir: "auto" }, ...texts(ask.message)) : null,
      ask.messages.map((one) =>
        element(
          "p",
          { class: `said ${one.type.toLowerCase()}`, dir: "auto" },
          element("span", { class: "said-level" }, soarkit.written(one.type)),
          " ",
          ...texts(one.text),
        ),
      ),
      element("p", { class: "dim small" }, facts.join(" · ")),
    );
  }

  function ofNode(node) {
    const copy = button("copy", "Copy value", () => soarkit.copy(node.value, copy, "Value copied"));
    const close = button("close", "Close", () => entities.select(null), { class: "button bare close-panel" });
    const folds = entities.leads(node)
      ? button(null, "", () => entities.fold(node.id), { text: entities.isFolded(node.id) ? "Unfold" : "Fold" })
      : null;
    const ways = node.in.filter((edge) => edge.source !== node.id);
    const commands = [command("pivot", node), command("enrich", node)].filter(Boolean);
    const whole = ways.length > 50 ? `Found by, 50 of ${ways.length}` : "Found by";
    return [
      element(
        "header",
        { class: "panel-head" },
        element(
          "div",
          { class: "panel-type" },
          soarkit.typeDot(node.type),
          soarkit.typeName(node.type),
          element("span", { class: "gap" }),
          close,
        ),
        element(
          "div",
          { class: "panel-value" },
          element("h2", { dir: "auto" }, ...(node.value ? texts(node.value) : ["(empty)"])),
          copy,
        ),
        element(
          "p",
          { class: "dim small" },
          node === entities.root
            ? "Where the graph begins"
            : `${soarkit.plural(node.depth, "step")} out${node.times > 1 ? `, found ${node.times} times` : ""}`,
        ),
        folds,
      ),
      STATES[node.state] ? element("p", { class: "panel-state" }, STATES[node.state]) : null,
      node.fields.length
        ? section(
            "Fields",
            element(
              "dl",
              { class: "panel-fields" },
              node.fields.flatMap((field) => [
                element(
                  "dt",
                  { dir: "auto", title: soarkit.written(field.name) },
                  ...texts(field.display_name || field.name),
                ),
                element("dd", { dir: "auto" }, ...texts(field.value)),
              ]),
            ),
          )
        : null,
      node.asks.length ? section("Transforms", element("ul", { class: "ran-list" }, node.asks.map(ran))) : null,
      ways.length
        ? section(
            whole,
            element(
              "ul",
              { class: "ways-list" },
              ways
                .slice(0, 50)
                .map((edge) =>
                  element(
                    "li",
                    {},
                    goTo(edge.source),
                    element("span", { class: "dim small" }, ...texts(edge.transform)),
                  ),
                ),
            ),
          )
        : null,
      commands.length
        ? section("Go on from here", ...commands)
        : section("Go on from here", element("p", { class: "dim" }, "No command can be written for this value.")),
    ];
  }

  function ofGraph() {
    const failed = graph.runs.filter((run) => run.status !== "success");
    const facts = [
      ["Entities", soarkit.count(graph.nodes.length)],
      ["Edges", soarkit.count(graph.edges.length)],
      ["Runs", `${soarkit.count(graph.runs.length)}${failed.length ? `, ${soarkit.count(failed.length)} failed` : ""}`],
      ["Depth", `${Math.max(...graph.nodes.map((node) => node.depth))} of ${graph.bounds.depth}`],
      ["Took", soarkit.duration(graph.elapsed)],
    ];
    return [
      element("header", { class: "panel-head" }, element("h2", {}, "The graph")),
      element(
        "dl",
        { class: "panel-fields" },
        facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
      ),
      failed.length
        ? section(
            "Failed",
            element(
              "ul",
              { class: "ways-list" },
              failed
                .slice(0, 50)
                .map((run) =>
                  element(
                    "li",
                    {},
                    goTo(run.node),
                    element(
                      "span",
                      { class: "small bad", dir: "auto" },
                      ...texts(`${run.display_name}: ${run.message || run.status}`),
                    ),
                  ),
                ),
            ),
          )
        : null,
      element(
        "p",
        { class: "dim small hint" },
        "Select an entity to read about it; twice folds and unfolds it. Drag it to where it is better seen.",
      ),
    ];
  }

  function draw() {
    const node = entities.selected === null ? null : entities.nodes.get(entities.selected);
    panel.classList.toggle("of-node", node !== null);
    body.replaceChildren(...(node ? ofNode(node) : ofGraph()).filter(Boolean));
    body.scrollTop = 0;
  }

  entities.watch((what) => (what === "selected" || what === "seen") && draw());
  soarkit.panel = { node: panel, begin: draw };
}
