/* What only the page knows: how wide texts are, and how a colour is seen on the ground. */
{
  const LEAST = 1.3; // contrast of marks that can be seen
  const TURNED = 14; // pixels that a turned name takes along its axis
  const pen = document.createElement("canvas").getContext("2d");

  const wide = (text, style, font) => {
    pen.font = `${style.fontWeight ?? 400} ${style.fontSize ?? 11}px ${font}`;
    return pen.measureText(text).width;
  };

  // How many lines a text takes when it is broken between words.
  function lines(text, style, font, room) {
    let count = 0;
    for (const line of text.split("\n")) {
      let used = room + 1;
      for (const word of line.split(" ")) {
        const next = wide(`${word} `, style, font);
        if (used + next > room) {
          count += Math.max(1, Math.ceil(next / room));
          used = 0;
        }
        used += next;
      }
    }
    return count;
  }

  // A long title is broken, and all that stands below it moves down.
  function title(option, width, font) {
    const made = option.title?.[0];
    if (!made) return;
    const room = width - 24;
    const styles = [
      [made.text, { fontSize: 15, fontWeight: 600, lineHeight: 20, ...made.textStyle }, made.textStyle],
      [made.subtext, { fontSize: 12, lineHeight: 16, ...made.subtextStyle }, made.subtextStyle],
    ];
    let more = 0;
    for (const [text, style, own] of styles) {
      if (!text) continue;
      own.width ??= room;
      more += (lines(text, style, font, own.width) - 1) * style.lineHeight;
    }
    if (typeof made.top !== "number") return;
    for (const one of [option.grid, option.legend, ...option.series]) if (typeof one?.top === "number") one.top += more;
  }

  // An upright legend takes no more room than its names.
  function legend(option, font) {
    const { show, orient, right, data, textStyle } = option.legend;
    if (!show || orient !== "vertical" || option.grid?.outerBoundsMode !== "same") return;
    const side = right === undefined ? "left" : "right";
    const names = data.map(({ name }) => wide(name, { fontSize: 12, ...textStyle }, font));
    const spare = Math.max(textStyle.width - Math.max(0, ...names) - 16, 0);
    for (const one of [option.grid, ...option.series]) if (typeof one[side] === "number") one[side] -= spare;
  }

  // Names of categories that do not fit beside each other are turned.
  function names(axis, width, font, option) {
    const label = axis.axisLabel;
    if (axis.type !== "category" || !axis.show || label.rotate || label.formatter) return;
    const { left, right } = option.grid;
    const room = (width - left - right - 60 * option.yAxis.filter(({ show }) => show).length) / axis.data.length;
    if (label.overflow === "break") label.width = Math.max(room - 6, 24);
    const words = label.overflow === "break" ? (name) => name.split(/\s/) : (name) => [name];
    const widest = Math.max(0, ...axis.data.slice(0, 200).flatMap(words).map((word) => wide(word, label, font)));
    if (widest <= room - 8) return;
    if (room < TURNED) Object.assign(label, { interval: "auto", hideOverlap: true, overflow: "truncate", width: 160 });
    else Object.assign(label, { rotate: 45, overflow: "truncate", width: 160, interval: 0, hideOverlap: false });
    delete label.lineHeight; // with it, a short name would take all the width
  }

  /** Options that fit into so many pixels. */
  soarkit.chartFit = (option, width, font) => {
    title(option, width, font);
    legend(option, font);
    for (const axis of option.xAxis ?? []) names(axis, width, font, option);
    return option;
  };

  /** Of the colours of a chart's marks those that would be lost on the ground, each with one that is not. */
  soarkit.chartMarks = (drawing, ground, tones) => {
    const { contrast, mixed } = soarkit.chartLook;
    const found = new Set(drawing.series.map(({ color }) => color));
    for (const { data } of drawing.option.series) for (const item of data ?? []) found.add(item?.itemStyle?.color);
    const lost = [...found].filter((colour) => typeof colour === "string" && contrast(colour, ground) < LEAST);
    return new Map(lost.map((colour) => [colour, mixed(colour, tones.text, 0.5)]));
  };
}
