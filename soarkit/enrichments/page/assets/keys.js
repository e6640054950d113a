/* What rows are sorted by: numbers, moments and addresses as such, else text without case; what is empty comes last. */
{
  const [NUMBERS, MOMENTS, ADDRESSES, TEXTS, EMPTY] = [0, 1, 2, 3, 4];
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const ISO = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?$/i;
  const DAY_FIRST = /^(\d\d?)\.(\d\d?)\.(\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d))?)?$/;
  const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:[/:].*)?$/;
  const SECONDS = 1e11; // a larger number of a moment means milliseconds

  function number(value) {
    if (typeof value === "number") return value;
    const text = soarkit.plainText(value).trim();
    if (NUMBER.test(text)) return Number(text);
    return GROUPED.test(text) ? Number(text.replaceAll(",", "")) : null;
  }

  function zone(text) {
    if (!text || !/\d/.test(text)) return 0;
    const digits = text.slice(1).replace(":", "").padEnd(4, "0");
    return (text[0] === "-" ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  }

  // Milliseconds since 1970; without a zone they are taken as UTC.
  function moment(value) {
    const plain = number(value);
    if (plain !== null) return Math.abs(plain) < SECONDS ? plain * 1000 : plain;
    const text = String(value).trim();
    const iso = ISO.exec(text);
    if (iso) {
      const [, year, month, day, hours = 0, minutes = 0, seconds = 0, part = "", offset] = iso;
      const rest = part ? Number(`0.${part}`) * 1000 : 0;
      return Date.UTC(year, month - 1, day, hours, minutes, seconds) + rest - zone(offset);
    }
    const dotted = DAY_FIRST.exec(text);
    if (dotted) {
      const [, day, month, year, hours = 0, minutes = 0, seconds = 0] = dotted;
      return Date.UTC(year, month - 1, day, hours, minutes, seconds);
    }
    const read = Date.parse(`${text} UTC`);
    const found = Number.isNaN(read) ? Date.parse(text) : read;
    return Number.isNaN(found) ? null : found;
  }

  function address(value) {
    const found = ADDRESS.exec(String(value).trim());
    if (!found) return null;
    const octets = found.slice(1).map(Number);
    return octets.every((octet) => octet < 256) ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : null;
  }

  const READERS = {
    Integer: [NUMBERS, number],
    Float: [NUMBERS, number],
    Date: [MOMENTS, moment],
    DateTime: [MOMENTS, moment],
    IPv4: [ADDRESSES, address],
  };

  /** What a cell is sorted by: [group, key]. A composite goes by its first item. */
  soarkit.sortKey = (cell, columnType) => {
    const item = soarkit.itemsOf(cell)[0];
    const text = item === undefined ? "" : soarkit.itemText(item).trim();
    if (text === "") return [EMPTY, 0];
    const value = soarkit.valueOf(item) ?? text;
    const [group, read] = READERS[item?.t ?? columnType ?? "String"] ?? [];
    const key = read?.(value) ?? null;
    if (key !== null) return [group, key];
    // A number that a script gave no type is a number all the same.
    return group === undefined && typeof value === "number" ? [NUMBERS, value] : [TEXTS, soarkit.folded(text)];
  };

  // Without case and accents, however they are encoded.
  soarkit.folded = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();

  /** Numbers of rows in order; stable in both directions. */
  soarkit.orderOf = (rows, column, columnType, descending) => {
    const keys = rows.map((row) => soarkit.sortKey(row[column], columnType));
    const turn = descending ? -1 : 1;
    return Array.from(rows.keys()).sort((one, other) => {
      const [a, b] = [keys[one], keys[other]];
      if (a[0] === EMPTY || b[0] === EMPTY) return (a[0] === EMPTY) - (b[0] === EMPTY);
      if (a[0] !== b[0]) return turn * (a[0] - b[0]);
      return a[1] < b[1] ? -turn : a[1] > b[1] ? turn : 0;
    });
  };
}
