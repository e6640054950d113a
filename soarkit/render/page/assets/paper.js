/* Tables on paper: all of a value, and columns that do not fit beside the others below them. */
{
  const { element } = soarkit;
  const ROWS = 1000;
  const CELLS = 50_000;
  const LINE = 96; // characters beside each other on upright paper
  const PADDING = 2; // of a column, in characters
  const SQUEEZED = 14; // characters that a column has at least, if it needs as many
  const CUT = 2000; // characters of a value

  // Groups of columns that fit; each after the first shows the first column too, to tell the rows apart.
  function bands(widths) {
    const made = [];
    let used = Infinity;
    for (const [column, width] of widths.entries()) {
      if (used + width > LINE) {
        made.push({ first: column, shown: column ? [0] : [] });
        used = column ? widths[0] : 0;
      }
      made.at(-1).shown.push(column);
      used += width;
    }
    return made;
  }

  function textOf(value) {
    if (value === null || value === undefined) return "–";
    const plain = Array.isArray(value) && value.length && !value.some(soarkit.isNested);
    const text = plain
      ? value.map(soarkit.plainText).join(", ")
      : soarkit.isNested(value)
        ? soarkit.json(value)
        : soarkit.plainText(value);
    return text.length > CUT
      ? `${text.slice(0, CUT)}… (${soarkit.plural(text.length - CUT, "more character")})`
      : text || "“”";
  }

  /** What is printed of a table's shown rows: elements, of which the last ones say what is left out. */
  soarkit.paperTables = (rows, columns, numeric) => {
    const count = Math.min(rows.length, ROWS, Math.max(1, Math.floor(CELLS / columns.length)));
    const widths = columns.map((_, column) => Math.min(SQUEEZED, rows.width(column)));
    const groups = bands(widths.map((width) => width + PADDING));
    const look = (column) => (numeric[column] ? "number" : null);
    const made = groups.map(({ first, shown }) =>
      element(
        "table",
        {},
        groups.length > 1
          ? element("caption", {}, `Columns ${first + 1} to ${shown.at(-1) + 1} of ${columns.length}`)
          : null,
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            shown.map((column) =>
              element(
                "th",
                { scope: "col", class: look(column), style: { "--width": `${widths[column]}ch` } },
                ...soarkit.visible(columns[column].name || "–"),
              ),
            ),
          ),
        ),
        element(
          "tbody",
          {},
          Array.from({ length: count }, (_, at) =>
            element(
              "tr",
              {},
              shown.map((column) =>
                element(
                  "td",
                  { class: look(column) },
                  element("bdi", { dir: "auto" }, ...soarkit.visible(textOf(rows.at(at)[column]))),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    if (count < rows.length)
      made.push(
        element(
          "p",
          { class: "note" },
          `The first ${soarkit.count(count)} of ${soarkit.plural(rows.length, "row")}.`,
        ),
      );
    return made;
  };
}
