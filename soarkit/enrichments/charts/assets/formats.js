/* Numbers and dates as the format texts of charts ask for them. Dates are in UTC, as everything in a chart is. */
{
  const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ]; // prettier-ignore
  const SYMBOLS = ["", "k", "M", "G", "T", "P", "E"];
  const DAY = 86_400_000;
  // What a date on an axis is written by: the greatest unit that begins there.
  const FORMATS = {
    millisecond: "%H:%M:%S.%L",
    second: "%H:%M:%S",
    minute: "%H:%M",
    hour: "%H:%M",
    day: "%e. %b",
    week: "%e. %b",
    month: "%b '%y",
    year: "%Y",
  };
  const TEMPLATE_NUMBER = /^(,)?(?:\.(\d{0,2}))?f$/;
  const two = (number) => String(number).padStart(2, "0");

  function weekOf(date) {
    const thursday = new Date(date);
    thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
    return Math.ceil(((thursday - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY + 1) / 7);
  }

  const CODES = {
    a: (date) => DAYS[date.getUTCDay()].slice(0, 3),
    A: (date) => DAYS[date.getUTCDay()],
    b: (date) => MONTHS[date.getUTCMonth()].slice(0, 3),
    B: (date) => MONTHS[date.getUTCMonth()],
    d: (date) => two(date.getUTCDate()),
    e: (date) => String(date.getUTCDate()),
    H: (date) => two(date.getUTCHours()),
    I: (date) => two(date.getUTCHours() % 12 || 12),
    k: (date) => String(date.getUTCHours()),
    l: (date) => String(date.getUTCHours() % 12 || 12),
    L: (date) => String(date.getUTCMilliseconds()).padStart(3, "0"),
    m: (date) => two(date.getUTCMonth() + 1),
    M: (date) => two(date.getUTCMinutes()),
    p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
    P: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
    S: (date) => two(date.getUTCSeconds()),
    u: (date) => String(date.getUTCDay() || 7),
    V: (date) => two(weekOf(date)),
    w: (date) => String(date.getUTCDay()),
    y: (date) => two(date.getUTCFullYear() % 100),
    Y: (date) => String(date.getUTCFullYear()),
    "%": () => "%",
  };

  /** A date, milliseconds since 1970, by codes such as `%e. %b %Y`. */
  function date(value, form) {
    const moment = new Date(value);
    if (Number.isNaN(moment.getTime())) return "";
    return form.replace(/%([a-zA-Z%])/g, (all, code) => (Object.hasOwn(CODES, code) ? CODES[code](moment) : all));
  }

  /** A date in as few words as tell it: the year at the beginning of a year, the time within a day. */
  function shortDate(value, given = {}) {
    const moment = new Date(value);
    const unit =
      value % 1000
        ? "millisecond"
        : value % 60_000
          ? "second"
          : value % 3_600_000
            ? "minute"
            : value % DAY
              ? "hour"
              : moment.getUTCDate() > 1
                ? "day"
                : moment.getUTCMonth()
                  ? "month"
                  : "year";
    return date(value, given[unit] ?? FORMATS[unit]);
  }

  /** A date with what of its time is not zero. */
  const longDate = (value) =>
    date(value, value % DAY ? (value % 60_000 ? "%a, %e. %b %Y, %H:%M:%S" : "%a, %e. %b %Y, %H:%M") : "%a, %e. %b %Y");

  function number(value, decimals, grouped) {
    const digits = decimals === null ? { maximumFractionDigits: 20 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return value.toLocaleString("en-US", { ...digits, useGrouping: grouped });
  }

  /** A number on an axis: in thousands, millions, … from ten thousand on. */
  function shortNumber(value) {
    if (typeof value !== "number" || !Number.isFinite(value)) return String(value ?? "");
    const size = Math.abs(value);
    if (size >= 1e21 || (size && size < 1e-6)) return value.toExponential(2);
    if (size < 10_000) return number(Number(value.toPrecision(12)), null, false); // years have no comma
    const step = Math.min(Math.floor(Math.log10(size) / 3), SYMBOLS.length - 1);
    const short = Number((value / 1000 ** step).toPrecision(6));
    return `${number(short, null, true)}${SYMBOLS[step]}`;
  }

  /** A value as a template writes it. @param form what stands behind the colon: `.1f`, `,.0f`, `%Y-%m-%d` */
  function written(value, form) {
    if (value === null || value === undefined) return "";
    if (soarkit.isExact(value)) return value.$;
    if (form && typeof value === "number") {
      const parts = TEMPLATE_NUMBER.exec(form);
      if (parts) return number(value, parts[2] ? Number(parts[2]) : null, Boolean(parts[1]));
      if (form.includes("%")) return date(value, form);
    }
    if (typeof value === "number") return String(Number(value.toPrecision(15)));
    return typeof value === "object" ? soarkit.json(value) : String(value);
  }

  soarkit.chartFormats = { date, shortDate, longDate, shortNumber, number, written };
}
