/* The rows of a table without their looks: what is filtered, in which order, and how wide columns should be. */
{
  const BUDGET = 8; // milliseconds that may pass before the page must answer again
  const SEPARATOR = "\u0001";

  class Rows {
    /** @param rows lists of cells  @param columns [{name, type, ...}] */
    constructor(rows, columns) {
      this.rows = rows;
      this.columns = columns;
      this.shown = null; // row numbers in the shown order; null: all as they came
      this.sort = { column: null, descending: false };
      this.query = "";
      this.matches = null;
      this.ranks = new Map();
      this.haystacks = [];
    }

    get length() {
      return this.shown ? this.shown.length : this.rows.length;
    }

    number(at) {
      return this.shown ? this.shown[at] : at;
    }

    at(place) {
      return this.rows[this.number(place)];
    }

    /** Cells of all shown rows, in the shown order. */
    all() {
      return this.shown ? Array.from(this.shown, (row) => this.rows[row]) : this.rows;
    }

    sortBy(column, descending) {
      this.sort = { column, descending };
      this.#arrange();
    }

    filterBy(query) {
      const words = soarkit.folded(query).split(/\s+/).filter(Boolean);
      this.prepare(Infinity);
      const narrower = this.matches && query.startsWith(this.query) && this.query !== "";
      this.query = query;
      if (!words.length) this.matches = null;
      else {
        const before = narrower ? this.matches : null;
        const matches = new Uint8Array(this.rows.length);
        for (let row = 0; row < matches.length; row++) {
          if (before && !before[row]) continue;
          const text = this.haystacks[row];
          let every = true;
          for (let at = 0; every && at < words.length; at++) every = text.includes(words[at]);
          if (every) matches[row] = 1;
        }
        this.matches = matches;
      }
      this.#arrange();
    }

    /** Makes the texts that are searched, for as long as may be; true when all are there. */
    prepare(budget = BUDGET) {
      const end = performance.now() + budget;
      const { rows, haystacks } = this;
      while (haystacks.length < rows.length) {
        const stop = Math.min(haystacks.length + 500, rows.length);
        for (let row = haystacks.length; row < stop; row++) {
          let text = "";
          for (const cell of rows[row])
            text += `${typeof cell === "string" ? cell : cell === null ? "" : soarkit.json(cell)}${SEPARATOR}`;
          haystacks.push(soarkit.folded(text));
        }
        if (performance.now() > end) break;
      }
      return haystacks.length === rows.length;
    }

    /** Characters that a column needs: most of its values in full, but no column more than its share. */
    width(column) {
      const step = Math.max(1, Math.floor(this.rows.length / 200));
      const lengths = [];
      for (let row = 0; row < this.rows.length; row += step) {
        const cell = this.rows[row][column];
        lengths.push(
          typeof cell === "string"
            ? cell.length
            : cell === null
              ? 1
              : soarkit.isNested(cell)
                ? 24
                : soarkit.plainText(cell).length,
        );
      }
      lengths.sort((a, b) => a - b);
      const most = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
      return Math.max(6, Math.min(44, Math.max(most + 1, this.columns[column].name.length + 3)));
    }

    /** Do all values of a column that are there read as numbers? They stand at the right then. */
    isNumeric(column) {
      const step = Math.max(1, Math.floor(this.rows.length / 500));
      let seen = false;
      for (let row = 0; row < this.rows.length; row += step) {
        const cell = this.rows[row][column];
        if (cell === null || cell === undefined || cell === "") continue;
        if (typeof cell !== "number" && !soarkit.isExact(cell)) return false;
        seen = true;
      }
      return seen;
    }

    #arrange() {
      const { column, descending } = this.sort;
      let order = null;
      if (column !== null) {
        if (!this.ranks.has(column))
          this.ranks.set(column, soarkit.ranks(this.rows, column, this.columns[column].type === "numeric"));
        order = soarkit.sorted(this.ranks.get(column), descending);
      }
      if (this.matches) {
        const { matches } = this;
        const found = [];
        for (let at = 0; at < matches.length; at++) {
          const row = order ? order[at] : at;
          if (matches[row]) found.push(row);
        }
        order = found;
      }
      this.shown = order;
    }
  }

  soarkit.Rows = Rows;
}
