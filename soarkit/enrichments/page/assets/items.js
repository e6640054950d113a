/* Tables of items: pages of rows, sorted by type, with columns to choose and a way to take the rows away. */
{
  const { element, button, icon } = soarkit;
  const SIZES = [25, 50, 100, 250];
  const FILTER_FROM = 8;
  const ON_PAPER = 1000; // rows
  const NUMERIC = new Set(["Integer", "Float"]);
  let last = 0;

  class ItemTable {
    constructor(part, panel) {
      this.part = part;
      this.panel = panel;
      this.rows = soarkit.block(part.rows);
      this.columns = part.columns.map((column, at) => ({ ...column, at, shown: true }));
      this.order = Array.from(this.rows.keys());
      this.sort = { column: null, descending: false };
      this.query = "";
      this.size = SIZES[0];
      this.page = 0;
      this.current = { row: 0, column: 0 };
      this.id = `items-${++last}`;
      this.node = this.#build();
      this.draw();
      soarkit.printing.watch(() => this.draw());
    }

    #build() {
      this.head = element("thead");
      this.body = element("tbody");
      this.widths = element("colgroup");
      this.grid = element(
        "table",
        { role: "grid", class: "item-grid", "aria-labelledby": `${this.id}-name`, on: { keydown: (event) => this.#key(event) } },
        this.widths,
        this.head,
        this.body,
      );
      soarkit.tipsOf(this.grid, "td, th");
      this.scroller = element("div", { class: "scroll" }, this.grid);
      this.fit = soarkit.fitColumns(this.grid, this.scroller, () => this.shown);
      soarkit.fadeSides(this.scroller);
      this.none = element("p", { class: "note none", hidden: true });
      return element("section", { class: "items", "aria-labelledby": `${this.id}-name` }, this.#title(), this.scroller, this.none, this.#pager());
    }

    #title() {
      const { part, rows } = this;
      const name = element("h3", { class: "items-name", id: `${this.id}-name`, dir: "auto" }, ...soarkit.visible(part.caption || "Table"));
      const left = part.total - rows.length;
      const note =
        left > 0
          ? element(
              "span",
              { class: "limit" },
              `${soarkit.count(rows.length)} of ${soarkit.count(part.total)}`,
            )
          : null;
      const filter =
        rows.length < FILTER_FROM
          ? null
          : element(
              "label",
              { class: "filter-box" },
              icon("search"),
              element("input", {
                type: "search",
                class: "filter",
                placeholder: "Filter",
                "aria-label": "Filter rows",
                spellcheck: "false",
                autocomplete: "off",
                on: { input: (event) => this.#filter(event.target.value) },
              }),
            );
      const tools = rows.length
        ? [this.columns.length > 1 ? this.#chooser() : null, button("download", "CSV", () => this.#download(), { text: "CSV", title: "Download the shown rows as CSV" })]
        : [];
      return element("header", { class: "items-head" }, name, note, element("span", { class: "gap" }), element("span", { class: "items-tools" }, filter, ...tools));
    }

    #chooser() {
      const menu = element(
        "fieldset",
        { class: "small-menu chooser", popover: "auto", id: `${this.id}-columns` },
        element("legend", { class: "unseen" }, "Columns"),
        this.columns.map((column) =>
          element(
            "label",
            { class: "choice" },
            element("input", {
              type: "checkbox",
              checked: true,
              on: { change: (event) => this.#choose(column, event.target) },
            }),
            element("bdi", { dir: "auto" }, ...soarkit.visible(column.name || `Column ${column.at + 1}`)),
          ),
        ),
      );
      const open = button("columns", "Columns", () => soarkit.popUp(menu, open), { text: "Columns", "aria-haspopup": "true" });
      return [open, menu];
    }

    #pager() {
      const select = element(
        "select",
        { class: "size", on: { change: (event) => this.#resize(Number(event.target.value)) } },
        SIZES.map((size) => element("option", { value: size }, String(size))),
      );
      this.range = element("span", { class: "count range", role: "status" });
      this.back = button("caret", "Previous page", () => this.#turn(-1), { class: "button bare back-page" });
      this.next = button("caret", "Next page", () => this.#turn(1));
      const label = element("label", { class: "sizes" }, element("span", {}, "Rows"), select);
      label.hidden = this.rows.length <= SIZES[0];
      this.turning = element("span", { class: "turning" }, this.back, this.next);
      this.foot = element("footer", { class: "pager" }, label, this.#limit(), element("span", { class: "gap" }), this.range, this.turning);
      return this.foot;
    }

    // Where the rest is, when only the first ones are in the page.
    #limit() {
      if (this.part.total <= this.rows.length) return null;
      const { run_id: run } = this.panel ?? {};
      const all = run ? [": ", element("code", {}, `soarkit runs show ${run} --format json`)] : ".";
      return element("span", { class: "rest" }, `The first ${soarkit.count(this.rows.length)} are shown; the stored result has all`, all);
    }

    get shown() {
      return this.columns.filter((column) => column.shown);
    }

    // ---- drawing

    draw() {
      const paper = soarkit.printing.now;
      const size = paper ? ON_PAPER : this.size;
      const pages = Math.max(1, Math.ceil(this.order.length / size));
      this.page = Math.min(this.page, pages - 1);
      const first = paper ? 0 : this.page * size;
      this.first = first;
      const rows = this.order.slice(first, first + size);
      this.current.row = Math.max(0, Math.min(this.current.row, rows.length - 1));
      this.current.column = Math.min(this.current.column, this.shown.length - 1);
      this.#columns();
      this.body.replaceChildren(...rows.map((row, at) => this.#row(row, at)));
      this.grid.setAttribute("aria-rowcount", this.order.length + 1);
      if (!paper) this.fit();
      this.none.hidden = rows.length > 0;
      this.none.textContent = this.rows.length ? "No row matches." : this.part.unit === "entity" ? "No entities." : "No rows.";
      this.range.textContent = rows.length
        ? `${soarkit.count(first + 1)} – ${soarkit.count(first + rows.length)} of ${soarkit.count(this.order.length)}`
        : "0 of 0";
      this.foot.hidden = !this.rows.length;
      this.turning.hidden = pages === 1;
      this.back.disabled = this.page === 0;
      this.next.disabled = this.page === pages - 1;
    }

    #columns() {
      const { shown } = this;
      const whole = shown.reduce((sum, column) => sum + column.width, 0) || 1;
      this.widths.replaceChildren(
        ...shown.map((column) => element("col", { style: { width: `${(column.width / whole) * 100}%` } })),
      );
      this.head.replaceChildren(element("tr", { "aria-rowindex": 1 }, shown.map((column, at) => this.#heading(column, at))));
    }

    #heading(column, at) {
      const sorted = this.sort.column === column.at;
      return element(
        "th",
        {
          scope: "col",
          "aria-colindex": column.at + 1,
          "aria-sort": !sorted ? "none" : this.sort.descending ? "descending" : "ascending",
          class: NUMERIC.has(column.type) ? "number" : null,
        },
        element(
          "button",
          { type: "button", class: "sort", on: { click: () => this.#sort(column, at) } },
          element("span", { dir: "auto" }, ...soarkit.visible(column.name || "–")),
          icon("caret"),
        ),
      );
    }

    #row(row, at) {
      const cells = this.rows[row];
      return element(
        "tr",
        { "aria-rowindex": this.first + at + 2 },
        this.shown.map((column, place) => {
          const cell = cells[column.at];
          const here = at === this.current.row && place === this.current.column;
          const composite = cell !== null && typeof cell === "object" && Array.isArray(cell.c);
          return element(
            "td",
            {
              class: [NUMERIC.has(column.type) ? "number" : "", composite && !cell.b ? "flow" : ""].join(" ").trim() || null,
              tabindex: here ? "0" : "-1",
              "aria-colindex": column.at + 1,
              on: { focus: () => this.#walked(at, place) },
            },
            soarkit.cellView(cell, { tabbable: false }),
          );
        }),
      );
    }

    // ---- what people do

    #sort(column, at) {
      const { sort } = this;
      if (sort.column !== column.at) this.sort = { column: column.at, descending: false };
      else if (!sort.descending) this.sort = { column: column.at, descending: true };
      else this.sort = { column: null, descending: false };
      this.#arrange();
      this.head.querySelectorAll(".sort")[at]?.focus();
    }

    #filter(query) {
      this.query = query;
      this.#arrange();
    }

    #arrange() {
      const { column, descending } = this.sort;
      const order =
        column === null
          ? Array.from(this.rows.keys())
          : soarkit.orderOf(this.rows, column, this.columns[column].type, descending);
      const words = soarkit.folded(this.query).split(/\s+/).filter(Boolean);
      this.haystacks ??= words.length ? this.rows.map((row) => soarkit.folded(row.map(soarkit.cellText).join("\u0001"))) : null;
      this.order = words.length ? order.filter((row) => words.every((word) => this.haystacks[row].includes(word))) : order;
      this.page = 0;
      this.current.row = 0;
      this.draw();
    }

    #choose(column, box) {
      if (!box.checked && this.shown.length === 1) {
        box.checked = true; // one has to stay
        return;
      }
      column.shown = box.checked;
      this.draw();
    }

    #resize(size) {
      this.page = Math.floor((this.page * this.size) / size);
      this.size = size;
      this.draw();
    }

    #turn(step) {
      this.page += step;
      this.current.row = 0;
      this.draw();
      if (this.node.getBoundingClientRect().top < 0) this.node.scrollIntoView({ block: "start" });
    }

    // ---- keys

    #walked(row, column) {
      this.#cell()?.setAttribute("tabindex", "-1");
      this.current = { row, column };
      this.#cell()?.setAttribute("tabindex", "0");
    }

    #cell() {
      return this.body.children[this.current.row]?.children[this.current.column] ?? null;
    }

    #key(event) {
      if (!event.target.matches("td")) return;
      const { row, column } = this.current;
      const [lastRow, lastColumn] = [this.body.children.length - 1, this.shown.length - 1];
      const steps = {
        ArrowDown: [row + 1, column],
        ArrowUp: [row - 1, column],
        ArrowRight: [row, column + 1],
        ArrowLeft: [row, column - 1],
        Home: [event.ctrlKey ? 0 : row, 0],
        End: [event.ctrlKey ? lastRow : row, lastColumn],
      };
      const cell = this.#cell();
      if (steps[event.key]) {
        const [nextRow, nextColumn] = steps[event.key];
        this.body.children[Math.max(0, Math.min(lastRow, nextRow))]?.children[Math.max(0, Math.min(lastColumn, nextColumn))]?.focus();
      } else if (event.key === "PageDown" && !this.next.disabled) this.#turn(1);
      else if (event.key === "PageUp" && !this.back.disabled) this.#turn(-1);
      else if (event.key === "Enter") cell?.querySelector(".link")?.click();
      else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && getSelection().isCollapsed)
        soarkit.copy(soarkit.cellText(this.rows[this.order[this.first + row]][this.shown[column].at]), null, "Cell copied");
      else return;
      if (event.key.startsWith("Page")) this.#cell()?.focus();
      event.preventDefault();
    }

    // Values of cells that are nothing but a value stay what they are: numbers are numbers in a spreadsheet.
    #download() {
      const { shown } = this;
      const plain = (cell) => (cell !== null && typeof cell === "object" && !soarkit.isExact(cell) ? soarkit.cellText(cell) : cell);
      const rows = this.order.map((row) => shown.map((column) => plain(this.rows[row][column.at])));
      soarkit.download(
        `${this.part.caption || "table"}.csv`,
        soarkit.csv(shown.map((column) => column.name), rows),
        "text/csv",
      );
    }
  }

  soarkit.parts.items = (part, panel) => new ItemTable(part, panel).node;
}
