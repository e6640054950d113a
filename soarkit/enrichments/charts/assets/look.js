/* How charts look on the page's ground, and what stands in options for a function or a colour. */
{
  const TEXT = 2.6; // contrast of text that is kept as its author has it
  const FONT = 12;
  const PAINT = new Set(["color", "fill", "stroke"]);
  const LINE = 16; // the library would measure a letter that fonts may not have

  /** The page's colours, or those of paper where a chart brings a light or dark ground of its own. */
  function colours(ground) {
    const style = getComputedStyle(document.documentElement);
    const own = (name) => style.getPropertyValue(`--${name}`).trim();
    const here = soarkit.theme.dark ? "dark" : "light";
    const names = ["text", "dim", "line", "line-strong", "card", "sunk"];
    if (!ground || ground === here) return Object.fromEntries(names.map((name) => [name, own(name)]));
    return ground === "light"
      ? { text: "#1a212b", dim: "#586474", line: "#e1e4e9", "line-strong": "#c9ced6", card: "#ffffff", sunk: "#f7f8fa" }
      : { text: "#dde3ea", dim: "#97a3b2", line: "#2a323d", "line-strong": "#404b59", card: "#161b22", sunk: "#1b212a" };
  }

  function luminance(colour) {
    const hex = /^#([0-9a-f]{6})/i.exec(colour)?.[1] ?? /^#([0-9a-f]{3})/i.exec(colour)?.[1]?.replace(/./g, "$&$&");
    const parts = hex ? [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) : colour.match(/[\d.]+/g)?.map(Number);
    if (!parts || parts.length < 3) return null;
    const [red, green, blue] = parts.map((part) => (part / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(colour, ground) {
    const [one, other] = [luminance(colour), luminance(ground)];
    if (one === null || other === null || colour === "transparent") return Infinity;
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }

  const legible = (colour, ground) => contrast(colour, ground) >= TEXT;

  /** A colour with a part of another one in it, both `#rrggbb`. */
  function mixed(colour, other, part) {
    const parts = [colour, other].map((one) => /^#(..)(..)(..)$/.exec(one)?.slice(1).map((two) => parseInt(two, 16)));
    if (!parts[0] || !parts[1]) return other;
    return `#${parts[0].map((one, at) => Math.round(one + (parts[1][at] - one) * part).toString(16).padStart(2, "0")).join("")}`;
  }

  /** ECharts' theme: what is said by nobody else. */
  function theme(tones) {
    const axis = {
      axisLine: { lineStyle: { color: tones["line-strong"] } },
      axisTick: { lineStyle: { color: tones["line-strong"] } },
      axisLabel: { color: tones.dim, fontSize: FONT - 1 },
      splitLine: { lineStyle: { color: tones.line } },
      nameTextStyle: { color: tones.dim, fontSize: FONT - 1, lineHeight: LINE - 1 },
    };
    const words = { color: tones.text, textBorderColor: "transparent", lineHeight: LINE };
    return {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: FONT, color: tones.text },
      title: {
        textStyle: { color: tones.text, fontSize: 15, fontWeight: 600, lineHeight: 20 },
        subtextStyle: { color: tones.dim, fontSize: FONT, lineHeight: LINE },
      },
      legend: {
        textStyle: { color: tones.text },
        inactiveColor: tones["line-strong"],
        pageIconColor: tones.dim,
        pageIconInactiveColor: tones.line,
        pageTextStyle: { color: tones.dim },
      },
      categoryAxis: axis,
      valueAxis: axis,
      timeAxis: axis,
      logAxis: axis,
      line: { label: words },
      bar: { label: words },
      pie: { label: words, labelLine: { lineStyle: { color: tones["line-strong"] } } },
      gauge: {
        axisLabel: { color: tones.dim, fontSize: FONT - 1 },
        axisTick: { lineStyle: { color: tones["line-strong"] } },
        splitLine: { lineStyle: { color: tones["line-strong"], width: 2 } },
        title: { color: tones.dim, fontSize: FONT + 1, lineHeight: LINE + 1 },
        detail: { color: tones.text },
      },
      visualMap: { textStyle: { color: tones.dim } },
      markLine: { label: { color: tones.text } },
      markArea: { label: { color: tones.text } },
    };
  }

  /**
   * A copy of options in which functions and colours stand for their names: {"@": name, ...}.
   * @param made functions by name: (what was said) => function
   * @param marks colours that are taken in place of others
   */
  function filled(value, tones, ground, made, marks) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((part) => filled(part, tones, ground, made, marks));
    const name = value["@"];
    if (name === "theme") return tones[value.name];
    if (name === "text") return legible(value.color, ground) ? value.color : tones.text;
    const copy = {};
    for (const [key, part] of Object.entries(value)) copy[key] = (PAINT.has(key) && marks.get(part)) || filled(part, tones, ground, made, marks);
    return name === undefined ? copy : made[name](copy);
  }

  soarkit.chartLook = { colours, contrast, mixed, theme, filled };
}
