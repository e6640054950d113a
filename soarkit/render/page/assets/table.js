/* Tables: a grid that is walked with the keys; of many rows only those in view are in the page. */
{
  const { element, button, icon } = soarkit;
  const WHOLE = 200; // up to here all rows are in the page, and their text wraps
  const MOST_CELLS = 2000; // of such a table
  const ROW = 30; // pixels, as page.css has it
  const TALLEST = 8_000_000; // pixels; browsers cannot lay out much more
  const CUT = 400; // characters of a long value in a row
  const FILTER_FROM = 5;
  const SNUG = 80; // characters; a table that needs less is not drawn out over the whole width
  const NARROWEST = 22; // characters below which no column of a short table is squeezed
  const ids = (() => {
    let last = 0;
    return () => `cell-${++last}`;
  })();

  class Table {
    constructor(part, widget) {
      this.part = part;
      this.label = part.caption || widget.title || "Results";
      this.rows = new soarkit.Rows(soarkit.block(part.rows), part.columns);
      this.whole = this.rows.length <= Math.max(20, Math.min(WHOLE, MOST_CELLS / part.columns.length));
      this.snug = this.whole && part.columns.reduce((sum, _, column) => sum + this.rows.width(column), 0) < SNUG;
      this.numeric = part.columns.map((_, column) => this.rows.isNumeric(column));
      this.current = { row: 0, column: 0 };
      this.drawn = new Map(); // elements of the rows in the page, by their place
      this.id = ids();
      this.node = this.#build();
      this.#print(soarkit.printing.now);
      soarkit.printing.watch((now) => this.#print(now));
    }

    #build() {
      const { part } = this;
      this.body = element("tbody");
      this.above = element(
        "tr",
        { class: "space", "aria-hidden": "true" },
        element("td", { colspan: part.columns.length }),
      );
      this.below = this.above.cloneNode(true);
      this.heads = part.columns.map((column, at) => this.#head(column, at));
      this.grid = element(
        "table",
        {
          role: "grid",
          class: this.whole ? "whole" : "long",
          tabindex: "0",
          "aria-label": this.label,
          "aria-rowcount": this.rows.length + 1,
          "aria-colcount": part.columns.length,
          on: {
            keydown: (event) => this.#key(event),
            click: (event) => this.#press(event),
            focus: () => this.#reach(false),
          },
        },
        this.#columns(),
        element(
          "thead",
          {},
          element(
            "tr",
            { "aria-rowindex": 1 },
            this.heads,
            this.snug ? element("td", { class: "rest", "aria-hidden": "true" }) : null,
          ),
        ),
        this.body,
      );
      this.scroller = element("div", { class: "scroll", on: { scroll: () => this.#later() } }, this.grid);
      this.none = element("p", { class: "note", hidden: true }, "No row matches.");
      this.paper = element("div", { class: "paper print-only" });
      const node = element("div", { class: "table" }, this.#tools(), this.scroller, this.paper, this.none);
      if (!this.whole) new ResizeObserver(() => this.draw()).observe(this.scroller);
      this.draw();
      return node;
    }

    #columns() {
      if (this.whole) return null;
      const widths = this.part.columns.map((_, column) => this.rows.width(column));
      return element(
        "colgroup",
        {},
        widths.map((width) => element("col", { style: { width: `${width + 2}ch` } })),
      );
    }

    #head(column, at) {
      const about = [column.path, column.type, (column.contains ?? []).join(", ")].filter(Boolean).join("\n");
      const press = () => this.#sort(at);
      return element(
        "th",
        {
          scope: "col",
          "aria-colindex": at + 1,
          "aria-sort": "none",
          class: this.numeric[at] ? "number" : null,
          style: { "--width": `${Math.min(NARROWEST, this.rows.width(at))}ch` },
        },
        element(
          "button",
          {
            type: "button",
            class: "sort",
            title: about || null,
            tabindex: at ? "-1" : "0",
            on: { click: press, keydown: (event) => this.#headKey(event, at) },
          },
          element("span", {}, ...soarkit.visible(column.name || "–")),
          icon("caret"),
        ),
      );
    }

    #tools() {
      const { rows } = this;
      this.counter = element("span", { class: "count", role: "status" });
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
                placeholder: "Filter rows",
                "aria-label": "Filter rows",
                spellcheck: "false",
                autocomplete: "off",
                on: { input: (event) => this.#filter(event.target.value), focus: () => this.#prepare() },
              }),
            );
      const copy = button("copy", "Copy", (event) => soarkit.copyMenu(event.currentTarget, this), {
        text: "Copy",
        "aria-haspopup": "menu",
      });
      const csv = button("download", "CSV", () => this.#download(), {
        text: "CSV",
        title: "Download the shown rows as CSV",
      });
      return element(
        "div",
        { class: "tools" },
        filter,
        this.counter,
        element("span", { class: "gap" }),
        rows.length ? [copy, csv] : null,
      );
    }

    // ---- what is shown

    draw() {
      const { length } = this.rows;
      const [first, last] = this.whole ? [0, length] : this.#window();
      for (const [at, row] of this.drawn) {
        if (at >= first && at < last) continue;
        row.remove();
        this.drawn.delete(at);
      }
      const rows = [];
      for (let at = first; at < last; at++) {
        if (!this.drawn.has(at)) this.drawn.set(at, this.#row(at));
        rows.push(this.drawn.get(at));
      }
      this.body.replaceChildren(...(this.whole ? rows : [this.above, ...rows, this.below]));
      this.#count();
    }

    // The places in view, and the heights of what stands above and below them.
    #window() {
      const { length } = this.rows;
      const height = Math.min(length * ROW, TALLEST);
      const seen = Math.ceil((this.scroller.clientHeight || 600) / ROW);
      const extra = 8;
      const top = Math.max(0, Math.min(this.scroller.scrollTop, height));
      const room = Math.max(1, height - seen * ROW);
      const middle =
        height === length * ROW ? Math.floor(top / ROW) : Math.round(Math.min(1, top / room) * (length - seen));
      const first = Math.max(0, Math.min(middle, length - seen) - extra);
      const last = Math.min(length, first + seen + 2 * extra);
      const above =
        height === length * ROW
          ? first * ROW
          : Math.max(0, Math.min(top - (middle - first) * ROW, height - (last - first) * ROW));
      for (const [row, size] of [
        [this.above, above],
        [this.below, height - above - (last - first) * ROW],
      ]) {
        row.hidden = size <= 0;
        row.firstChild.style.height = `${Math.max(0, size)}px`;
      }
      return [first, last];
    }

    #later() {
      if (this.whole || this.waiting) return;
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        this.draw();
      });
    }

    #row(at) {
      const cells = this.rows.at(at);
      return element(
        "tr",
        { "aria-rowindex": at + 2 },
        this.part.columns.map((column, place) => this.#cell(cells[place], column, at, place)),
        this.snug ? element("td", { class: "rest", "aria-hidden": "true" }) : null,
      );
    }

    #cell(value, column, row, place) {
      const { contains = [], path = null } = column;
      const attributes = { "aria-colindex": place + 1, class: this.numeric[place] ? "number" : null };
      if (row === this.current.row && place === this.current.column)
        Object.assign(attributes, { id: this.id, class: `${attributes.class ?? ""} current` });
      if (this.whole && soarkit.isNested(value))
        return element("td", attributes, soarkit.anyValue(value, contains, path));
      const long = typeof value === "string" && value.length > CUT;
      const shown = soarkit.valueView(long ? `${value.slice(0, CUT)}…` : value, { path, tabbable: false });
      if (soarkit.hasMenu(value, contains)) soarkit.mark(shown, value, contains, { path, tabbable: false });
      else if (long || soarkit.isNested(value)) shown.classList.add("cut");
      return element("td", attributes, shown);
    }

    #count() {
      const { length } = this.rows;
      const total = Math.max(this.part.total ?? 0, this.rows.rows.length);
      const all = length === this.rows.rows.length;
      const text = all
        ? total > length
          ? `${soarkit.count(length)} of ${soarkit.plural(total, "row")}`
          : soarkit.plural(length, "row")
        : `${soarkit.count(length)} of ${soarkit.plural(total, "row")}`;
      if (this.counter.textContent !== text) this.counter.textContent = text;
      this.none.hidden = length > 0;
      this.none.textContent = this.rows.rows.length ? "No row matches." : "No rows.";
    }

    #renew() {
      this.drawn.clear();
      this.current.row = 0;
      this.grid.setAttribute("aria-rowcount", this.rows.length + 1);
      this.scroller.scrollTop = 0;
      this.draw();
    }

    // ---- sorting, filtering

    #sort(column) {
      const { sort } = this.rows;
      if (sort.column !== column) this.rows.sortBy(column, false);
      else if (!sort.descending) this.rows.sortBy(column, true);
      else this.rows.sortBy(null, false);
      const now = this.rows.sort;
      for (const [at, head] of this.heads.entries())
        head.setAttribute("aria-sort", at !== now.column ? "none" : now.descending ? "descending" : "ascending");
      this.#renew();
    }

    #filter(query) {
      this.wanted = query;
      this.filtering ??= requestAnimationFrame(() => {
        this.filtering = null;
        this.rows.filterBy(this.wanted);
        this.#renew();
      });
    }

    // While somebody is about to type, a few milliseconds at a time.
    #prepare() {
      if (!this.rows.prepare()) setTimeout(() => this.#prepare(), 4);
    }

    // ---- keys and presses

    #key(event) {
      if (event.target !== this.grid) return;
      const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 2);
      const { row, column } = this.current;
      const lastRow = this.rows.length - 1;
      const lastColumn = this.part.columns.length - 1;
      const steps = {
        ArrowDown: [row + 1, column],
        ArrowUp: [row - 1, column],
        ArrowRight: [row, column + 1],
        ArrowLeft: [row, column - 1],
        PageDown: [row + page, column],
        PageUp: [row - page, column],
        Home: [event.ctrlKey ? 0 : row, 0],
        End: [event.ctrlKey ? lastRow : row, lastColumn],
      };
      const command = event.ctrlKey || event.metaKey;
      if (event.key === "ArrowUp" && row === 0) this.#focusHead(column);
      else if (event.key in steps) {
        const [nextRow, nextColumn] = steps[event.key];
        this.#move(Math.max(0, Math.min(lastRow, nextRow)), Math.max(0, Math.min(lastColumn, nextColumn)));
        this.#reach(true);
      } else if (event.key === "Enter" || event.key === " ") this.#open();
      else if (command && event.key.toLowerCase() === "c" && getSelection().isCollapsed)
        soarkit.copy(this.copied("cell"), null, "Cell copied");
      else return;
      event.preventDefault();
    }

    // All headings are one stop of the Tab key; arrows walk over them, and down to the cells.
    #headKey(event, at) {
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.heads.length - 1 }[event.key];
      if (event.key === "ArrowDown") this.grid.focus();
      else if (this.heads[next]) this.#focusHead(next);
      else return;
      event.preventDefault();
    }

    #focusHead(column) {
      for (const [at, head] of this.heads.entries()) head.firstChild.tabIndex = at === column ? 0 : -1;
      this.heads[column].firstChild.focus();
    }

    #cellElement() {
      return this.drawn.get(this.current.row)?.children[this.current.column] ?? null;
    }

    #move(row, column) {
      const old = this.#cellElement();
      old?.classList.remove("current");
      old?.removeAttribute("id");
      this.current = { row, column };
      const cell = this.#cellElement();
      cell?.classList.add("current");
      if (cell) cell.id = this.id;
    }

    // Brings the current cell into view, below the heading that stays.
    #reach(scroll) {
      if (!this.rows.length) return;
      if (scroll && !this.whole && !this.drawn.has(this.current.row)) {
        const height = Math.min(this.rows.length * ROW, TALLEST);
        this.scroller.scrollTop = (this.current.row / this.rows.length) * height;
        this.draw();
      }
      const cell = this.#cellElement();
      if (!cell) return;
      if (scroll) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.grid.setAttribute("aria-activedescendant", this.id);
    }

    #press(event) {
      const cell = event.target.closest("td");
      const row = cell?.parentElement;
      if (
        !cell ||
        cell.matches(".rest, thead td") ||
        row === this.above ||
        row === this.below ||
        event.target.closest("[role=tree]")
      )
        return;
      this.#move(Number(row.getAttribute("aria-rowindex")) - 2, [...row.children].indexOf(cell));
      this.#reach(false);
      if (event.target.closest(".marked") || !getSelection().isCollapsed) return;
      const shown = event.target.closest(".value");
      if (shown && (shown.classList.contains("cut") || (!this.whole && cell.scrollWidth > cell.clientWidth)))
        this.#open();
    }

    // The menu of the current cell; without types it shows the whole value.
    #open() {
      const { row, column } = this.current;
      const cell = this.#cellElement();
      const mark = cell?.querySelector(".marked");
      if (mark) soarkit.openMark(mark);
      else if (cell)
        soarkit.openMenu(
          [{ contains: [], value: this.rows.at(row)[column], path: this.part.columns[column].path }],
          cell,
        );
    }

    // ---- taking data away

    copied(what) {
      const { row, column } = this.current;
      if (what === "cell") return soarkit.plainText(this.rows.at(row)?.[column]);
      if (what === "row") return soarkit.tsv([this.rows.at(row) ?? []]);
      return soarkit.tsv([this.part.columns.map((one) => one.name), ...this.rows.all()]);
    }

    #download() {
      const header = this.part.columns.map((column) => column.name);
      soarkit.download(`${this.part.name || "table"}.csv`, soarkit.csv(header, this.rows.all()), "text/csv");
    }

    #print(now) {
      this.paper.replaceChildren(...(now ? soarkit.paperTables(this.rows, this.part.columns, this.numeric) : []));
    }
  }

  soarkit.parts.table = (part, widget) => new Table(part, widget).node;
}
