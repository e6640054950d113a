/* The graph that was found, and what of it is to be seen: what is folded, filtered, searched for and selected. */
{
  const START = 120; // nodes that are unfolded at first, at most

  const graph = soarkit.block("graph");
  const nodes = new Map(graph.nodes.map((node) => [node.id, { ...node, out: [], in: [], asks: [] }]));
  for (const edge of graph.edges) {
    nodes.get(edge.source).out.push(edge);
    nodes.get(edge.target).in.push(edge);
  }
  graph.runs.forEach((run, at) => nodes.get(run.node).asks.push({ ...run, at }));
  const root = nodes.get(graph.nodes[0].id);

  // Texts are searched once, in lower case.
  for (const node of nodes.values()) {
    const fields = node.fields.flatMap((field) => [field.display_name, field.value]);
    const ways = node.in.flatMap((edge) => [edge.transform]);
    node.text = [node.value, soarkit.typeName(node.type), ...fields, ...node.notes, ...ways].join("\n").toLowerCase();
  }

  const folded = new Set();
  const hiddenTypes = new Set();
  const watchers = [];
  let seen = new Set();
  let selected = null;
  let query = "";
  let matches = [];

  const leads = (node) => node.out.some((edge) => edge.target !== node.id);

  // What can be reached from the beginning without going through what is folded.
  function reach() {
    const reached = new Set([root.id]);
    for (const id of reached) {
      if (folded.has(id)) continue;
      for (const edge of nodes.get(id).out) reached.add(edge.target);
    }
    return new Set([...reached].filter((id) => !hiddenTypes.has(nodes.get(id).type)));
  }

  // A large graph begins with what is near its beginning.
  function foldAtFirst() {
    let room = START - 1;
    const under = new Set();
    for (const node of nodes.values()) {
      const own = node.out.filter((edge) => !edge.back).length;
      const hidden = under.has(node.parent);
      if (hidden) under.add(node.id);
      if (own && node !== root && (hidden || own > room)) {
        folded.add(node.id);
        under.add(node.id);
      } else room -= own;
    }
  }

  function changed(what) {
    if (what !== "selected") seen = reach();
    if (what === "query" || what === "seen")
      matches = query ? [...nodes.values()].filter((node) => node.text.includes(query)) : [];
    for (const call of watchers) call(what);
  }

  const entities = {
    graph,
    nodes,
    root,
    leads,
    get seen() {
      return seen;
    },
    get selected() {
      return selected;
    },
    get matches() {
      return matches;
    },
    get query() {
      return query;
    },
    hiddenTypes,
    isFolded: (id) => folded.has(id),
    edges: () =>
      graph.edges.filter((edge) => seen.has(edge.source) && seen.has(edge.target) && !folded.has(edge.source)),
    // How many there are behind a folded node, of those that are nowhere else to be seen.
    behind(id) {
      const found = new Set([id]);
      for (const at of found)
        for (const edge of nodes.get(at).out)
          if (!seen.has(edge.target) && !hiddenTypes.has(nodes.get(edge.target).type)) found.add(edge.target);
      return found.size - 1;
    },
    watch: (call) => watchers.push(call),
    select(id) {
      if (selected === id) return;
      selected = id;
      changed("selected");
    },
    fold(id, now = !folded.has(id)) {
      if (!leads(nodes.get(id)) || folded.has(id) === now) return;
      if (now) folded.add(id);
      else folded.delete(id);
      changed("seen");
    },
    foldAll(now) {
      folded.clear();
      if (now) for (const node of nodes.values()) if (leads(node)) folded.add(node.id);
      changed("seen");
    },
    // Unfolds what hides a node, and shows its type again.
    reveal(id) {
      let any = hiddenTypes.delete(nodes.get(id).type);
      for (let at = nodes.get(id).parent; at; at = nodes.get(at).parent) any = folded.delete(at) || any;
      if (any) changed("seen");
    },
    toggleType(type) {
      if (!hiddenTypes.delete(type)) hiddenTypes.add(type);
      changed("seen");
    },
    search(text) {
      query = text.trim().toLowerCase();
      changed("query");
    },
  };

  foldAtFirst();
  seen = reach();
  soarkit.entities = entities;
}
