/* Sorting of columns: keys are made once for each column, then any order is a matter of counting. */
{
  const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  const BEYOND_ASCII = /[^\u0000-\u007f]/;
  const HEX = /^[0-9a-f-]{24,}$/i; // hashes and UUIDs: their digits are no numbers

  // Groups, in this order whatever the direction: numbers, texts, booleans, nested values; what is missing comes last.
  const [NUMBERS, TEXTS, BOOLEANS, NESTED, MISSING] = [0, 1, 2, 3, 4];

  const isDigit = (code) => code >= 48 && code <= 57;
  const LENGTHS = Array.from({ length: 16 }, (_, length) => String.fromCharCode(0x30 + length));

  // A digit for its length before each run of digits, so that host2 comes before host10 and 10.0.2.1 before 10.0.10.1.
  function numbered(text) {
    let made = "";
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (!isDigit(text.charCodeAt(at))) continue;
      const start = at;
      while (isDigit(text.charCodeAt(at))) at++;
      let first = start;
      while (first < at - 1 && text.charCodeAt(first) === 48) first++;
      made += text.slice(from, start) + LENGTHS[Math.min(at - first, 15)] + text.slice(first, at);
      from = at;
    }
    return from ? made + text.slice(from) : text;
  }

  // Without case and accents, however they are encoded.
  soarkit.folded = (text) =>
    (BEYOND_ASCII.test(text) ? text.normalize("NFKD").replace(/\p{M}+/gu, "") : text).toLowerCase();

  function textKey(text) {
    const cut = text.length > 256 ? text.slice(0, 256) : text;
    const key = soarkit.folded(cut);
    return HEX.test(key) ? key : numbered(key);
  }

  function keyOf(value, numeric) {
    if (value === null || value === undefined || value === "") return [MISSING, 0];
    if (typeof value === "number") return [NUMBERS, value];
    if (typeof value === "boolean") return [BOOLEANS, Number(value)];
    if (typeof value === "string")
      return numeric && NUMBER.test(value) ? [NUMBERS, Number(value)] : [TEXTS, textKey(value)];
    if (soarkit.isExact(value))
      return Number.isNaN(Number(value.$)) ? [TEXTS, textKey(value.$)] : [NUMBERS, Number(value.$), value.$];
    return [NESTED, textKey(soarkit.preview(value, 200))];
  }

  // Doubles that are equal may stand for exact integers that are not.
  function compareExact(a, b) {
    const [left, right] = [a, b].map((text) => (/^-?\d+$/.test(text) ? BigInt(text) : null));
    return left === null || right === null || left === right ? 0 : left < right ? -1 : 1;
  }

  /** The rank of every row in one column: equal values have equal ranks, and -1 is for missing ones. */
  soarkit.ranks = (rows, column, numeric) => {
    const places = new Map(); // of the different values, of which there are often few
    const values = Array.from({ length: NESTED + 1 }, () => ({ keys: [], exact: new Map(), rows: [] }));
    const groups = new Uint8Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row][column];
      let place = places.get(value);
      if (place === undefined) {
        const [group, key, exact] = keyOf(value, numeric);
        place = { group, at: -1 };
        if (group !== MISSING) place.at = values[group].keys.push(key) - 1;
        if (exact !== undefined) values[group].exact.set(place.at, exact);
        places.set(value, place);
      }
      groups[row] = place.group;
      if (place.group !== MISSING) values[place.group].rows.push(row, place.at);
    }
    const ranks = new Int32Array(rows.length).fill(-1);
    let count = 0;
    for (const [group, { keys, exact, rows: members }] of values.entries()) {
      const fast = group === NUMBERS ? Float64Array.from(keys) : keys;
      const textOf = (at) => exact.get(at) ?? String(fast[at]);
      let order =
        group === NUMBERS
          ? (a, b) => fast[a] - fast[b]
          : (a, b) => (fast[a] < fast[b] ? -1 : fast[a] > fast[b] ? 1 : 0);
      if (exact.size) order = (a, b) => fast[a] - fast[b] || compareExact(textOf(a), textOf(b));
      const sorted = Uint32Array.from(keys.keys()).sort(order);
      const rankOf = new Int32Array(keys.length);
      for (let at = 0; at < sorted.length; at++) {
        if (at && order(sorted[at - 1], sorted[at])) count++;
        rankOf[sorted[at]] = count;
      }
      if (sorted.length) count++;
      for (let at = 0; at < members.length; at += 2) ranks[members[at]] = rankOf[members[at + 1]];
    }
    return { ranks, groups, count };
  };

  /** Row numbers in order, stable; descending turns each group around and leaves the groups where they are. */
  soarkit.sorted = ({ ranks, groups, count }, descending) => {
    const ends = new Int32Array(MISSING + 1);
    for (let row = 0; row < ranks.length; row++)
      if (ranks[row] >= 0) ends[groups[row]] = Math.max(ends[groups[row]], ranks[row] + 1);
    const starts = new Int32Array(MISSING + 1);
    for (let group = 1, last = 0; group <= MISSING; group++) {
      last = Math.max(last, ends[group - 1]);
      starts[group] = last;
    }
    const place = (row) => {
      if (ranks[row] < 0) return count;
      const group = groups[row];
      return descending ? starts[group] + ends[group] - 1 - ranks[row] : ranks[row];
    };
    const offsets = new Int32Array(count + 2);
    for (let row = 0; row < ranks.length; row++) offsets[place(row) + 1]++;
    for (let at = 1; at < offsets.length; at++) offsets[at] += offsets[at - 1];
    const order = new Int32Array(ranks.length);
    for (let row = 0; row < ranks.length; row++) order[offsets[place(row)]++] = row;
    return order;
  };
}
