/* Shapes that ECharts has not. Each is given a point's values and draws it; places are in pixels. */
{
  const clipped = (shape, area) => {
    const x = Math.max(shape.x, area.x);
    const y = Math.max(shape.y, area.y);
    const width = Math.min(shape.x + shape.width, area.x + area.width) - x;
    const height = Math.min(shape.y + shape.height, area.y + area.height) - y;
    return width >= 0 && height >= 0 ? { x, y, width, height } : null;
  };

  /** What a shape draws with: places along the axis of x ("along") and of y ("up"), whichever way they lie. */
  class Pen {
    constructor(given, params, api, figure) {
      Object.assign(this, { given, params, api, figure });
      this.turned = given.inverted;
      this.own = figure.itemColour(given.series, params.dataIndex);
    }

    value(dimension) {
      const found = this.api.value(dimension);
      return typeof found === "number" && Number.isFinite(found) ? found : null;
    }

    at(along, up) {
      const [x, y] = this.api.coord(this.turned ? [up, along] : [along, up]);
      return this.turned ? { along: y, up: x } : { along: x, up: y };
    }

    // Pixels that so much of the axis of x takes.
    wide(units) {
      const size = this.api.size(this.turned ? [0, units] : [units, 0]);
      return Math.abs(this.turned ? size[1] : size[0]);
    }

    high(units) {
      const size = this.api.size(this.turned ? [units, 0] : [0, units]);
      return Math.abs(this.turned ? size[0] : size[1]);
    }

    // The middle and the width of a column: its share of what its neighbours and it have.
    slot(along) {
      const { slot, band, placement } = this.given;
      const shown = this.api.currentSeriesIndices?.().map((index) => this.figure.idOf(index)) ?? [];
      const groups = slot.groups.filter((group) => group.some((id) => shown.includes(id)));
      const at = Math.max(groups.findIndex((group) => group.includes(this.figure.placeOf(this.given.series, groups))), 0);
      const count = Math.max(groups.length, 1);
      const part = ((1 - 2 * slot.groupPadding) * this.wide(band)) / count;
      const width = Math.min(slot.pixels ?? part * (1 - 2 * slot.pointPadding), slot.most ?? Infinity);
      const shift = (placement ?? 0) * this.wide(band);
      return { middle: along + ((at - (count - 1) / 2) * part + shift) * this.order, width };
    }

    // Whether the first of several columns stands left (1) or right of the others, as the axis runs.
    get order() {
      const from = this.at(0, 0).along;
      const to = this.at(1, 0).along;
      return to < from ? -1 : 1;
    }

    area() {
      return this.params.coordSys;
    }

    box(along, up, width, height) {
      return this.turned ? { x: up, y: along, width: height, height: width } : { x: along, y: up, width, height };
    }

    rect(shape, style, more = {}) {
      const kept = clipped(shape, this.area());
      if (!kept) return null;
      const radius = Math.min(style.radius ?? 0, kept.width / 2, kept.height / 2);
      const { radius: _, ...look } = style;
      return { type: "rect", shape: { ...kept, r: radius }, style: look, ...more };
    }

    line(from, to, style) {
      const [x1, y1] = this.turned ? [from.up, from.along] : [from.along, from.up];
      const [x2, y2] = this.turned ? [to.up, to.along] : [to.along, to.up];
      return { type: "line", shape: { x1, y1, x2, y2 }, style: { ...style, fill: null } };
    }

    label(text, x, y, style, align, verticalAlign) {
      if (!text) return null;
      const { show: _, formatter: __, position: ___, color, width, overflow, rotate: ____, ...look } = style;
      return {
        type: "text",
        silent: true,
        z2: 10,
        x,
        y,
        style: { text, fill: color ?? this.figure.tones.text, align, verticalAlign, width, overflow, fontSize: 11, fontFamily: this.figure.font, ...look },
      };
    }

    look() {
      const { look } = this.given;
      return this.own === null ? look : { ...look, fill: this.own };
    }
  }

  const group = (children) => {
    const shown = children.filter(Boolean);
    return shown.length ? { type: "group", children: shown } : null;
  };

  function ends(pen, low, high, middle, width) {
    const { label } = pen.given;
    if (!label) return [];
    const text = (value, name) => label.formatter({ dataIndex: pen.params.dataIndex, value, at: name });
    const [first, last] = [pen.at(0, low).up, pen.at(0, high).up];
    const [small, great] = first < last ? [first, last] : [last, first];
    const [atSmall, atGreat] = first < last ? [["low", low], ["high", high]] : [["high", high], ["low", low]];
    const inside = label.position === "inside" && great - small > 30;
    const gap = inside ? -4 : 4;
    const put = ([name, value], up, side) =>
      pen.turned
        ? pen.label(text(value, name), up + side * gap, middle, label, (side < 0) !== inside ? "right" : "left", "middle")
        : pen.label(text(value, name), middle, up + side * gap, label, "center", (side < 0) !== inside ? "bottom" : "top");
    return [put(atSmall, small, -1), put(atGreat, great, 1)];
  }

  const SHAPES = {
    range(pen) {
      const [place, low, high] = [pen.value(0), pen.value(1), pen.value(2)];
      if (place === null || low === null || high === null) return null;
      const { middle, width } = pen.slot(pen.at(place, low).along);
      const [first, last] = [pen.at(place, low).up, pen.at(place, high).up];
      const box = pen.box(middle - width / 2, Math.min(first, last), width, Math.max(Math.abs(last - first), 1));
      return group([pen.rect(box, pen.look(), { name: "range" }), ...ends(pen, low, high, middle, width)]);
    },

    waterfall(pen) {
      const [place, begin, end, next] = [0, 1, 2, 3].map((at) => pen.value(at));
      if (place === null || begin === null || end === null) return null;
      const { middle, width } = pen.slot(pen.at(place, begin).along);
      const [first, last] = [pen.at(place, begin).up, pen.at(place, end).up];
      const bar = pen.rect(
        pen.box(middle - width / 2, Math.min(first, last), width, Math.max(Math.abs(last - first), 1)),
        pen.look(),
        { name: "fall" },
      );
      let joined = null;
      if (next !== null) {
        const to = pen.slot(pen.at(next, end).along).middle;
        const side = Math.sign(to - middle) || 1;
        joined = pen.line(
          { along: middle + (side * width) / 2, up: last },
          { along: to - (side * width) / 2, up: last },
          pen.given.line,
        );
      }
      const { label } = pen.given;
      let text = null;
      if (label) {
        const words = label.formatter({ dataIndex: pen.params.dataIndex });
        const above = Math.min(first, last) - 4;
        text = label.position === "inside"
          ? pen.turned
            ? pen.label(words, (first + last) / 2, middle, label, "center", "middle")
            : pen.label(words, middle, (first + last) / 2, label, "center", "middle")
          : pen.turned
            ? pen.label(words, Math.max(first, last) + 4, middle, label, "left", "middle")
            : pen.label(words, middle, above, label, "center", "bottom");
      }
      return group([joined, bar, text]);
    },

    errorbar(pen) {
      const [place, low, high] = [pen.value(0), pen.value(1), pen.value(2)];
      if (place === null || low === null || high === null) return null;
      const { middle, width } = pen.slot(pen.at(place, low).along);
      const half = whisker(pen, width) / 2;
      const [first, last] = [pen.at(place, low).up, pen.at(place, high).up];
      const strokes = ownStrokes(pen);
      return group([
        pen.line({ along: middle, up: first }, { along: middle, up: last }, strokes.stem),
        ...[first, last].map((up) =>
          pen.line({ along: middle - half, up }, { along: middle + half, up }, strokes.whisker),
        ),
      ]);
    },

    box(pen) {
      const [place, ...five] = [0, 1, 2, 3, 4, 5].map((at) => pen.value(at));
      if (place === null || five.includes(null)) return null;
      const { middle, width } = pen.slot(pen.at(place, five[0]).along);
      const [low, q1, median, q3, high] = five.map((value) => pen.at(place, value).up);
      const half = whisker(pen, width) / 2;
      const strokes = ownStrokes(pen, pen.figure.colourOf(pen.given.series));
      const [top, bottom] = [Math.min(q1, q3), Math.max(q1, q3)];
      const look = { ...pen.given.look, stroke: pen.own ?? pen.given.look.stroke ?? pen.figure.colourOf(pen.given.series), lineWidth: pen.given.look.lineWidth ?? 1.5 };
      const across = (up, reach, style) => pen.line({ along: middle - reach, up }, { along: middle + reach, up }, style);
      return group([
        pen.line({ along: middle, up: low }, { along: middle, up: q1 }, strokes.stem),
        pen.line({ along: middle, up: q3 }, { along: middle, up: high }, strokes.stem),
        pen.rect(pen.box(middle - width / 2, top, width, Math.max(bottom - top, 1)), look, { name: "box" }),
        across(low, half, strokes.whisker),
        across(high, half, strokes.whisker),
        across(median, width / 2, strokes.median),
      ]);
    },

    span(pen) {
      const [from, to, place, share] = [0, 1, 2, 3].map((at) => pen.value(at));
      if (from === null || to === null || place === null) return null;
      const [start, end] = [pen.at(from, place), pen.at(to, place)];
      const { given } = pen;
      const height = Math.min(given.height ?? pen.high(1) * given.share, given.most ?? Infinity);
      const left = Math.min(start.along, end.along);
      const width = Math.max(Math.abs(end.along - start.along), 2);
      const box = pen.box(left, start.up - height / 2, width, height);
      const look = pen.look();
      const bar = pen.rect(box, share === null ? look : { ...look, opacity: 0.45 }, { name: "span" });
      const done =
        share === null
          ? null
          : pen.rect(pen.box(left, start.up - height / 2, width * share, height), { ...look, fill: given.done ?? look.fill });
      const words = given.label?.formatter({ dataIndex: pen.params.dataIndex });
      const kept = clipped(box, pen.area());
      const text =
        words && kept && kept.width > 16
          ? pen.label(words, kept.x + kept.width / 2, kept.y + kept.height / 2, { overflow: "truncate", width: kept.width - 8, ...given.label, color: given.label.color ?? "#ffffff" }, "center", "middle")
          : null;
      return group([bar, done, text]);
    },

    cell(pen) {
      const [x, y, value] = [pen.value(0), pen.value(1), pen.value(2)];
      if (x === null || y === null) return null;
      const { given } = pen;
      const middle = pen.at(x, y);
      const [width, height] = [pen.wide(given.columns), pen.high(given.rows)];
      const fill = pen.own ?? (value === null ? given.empty : pen.api.visual("color"));
      const box = pen.box(middle.along - width / 2, middle.up - height / 2, width, height);
      const cell = pen.rect(box, { ...given.look, fill }, { name: "cell" });
      const words = given.label?.formatter({ dataIndex: pen.params.dataIndex });
      const style = given.label && { ...given.label, color: given.label.color ?? pen.figure.inkOn(fill) };
      return group([cell, words ? pen.label(words, box.x + box.width / 2, box.y + box.height / 2, style, "center", "middle") : null]);
    },
  };

  function whisker(pen, width) {
    const length = pen.given.whisker;
    return typeof length === "string" ? (width * Math.min(parseFloat(length), 200)) / 100 : length;
  }

  function ownStrokes(pen, colour = null) {
    const made = {};
    for (const [part, style] of Object.entries(pen.given.strokes))
      made[part] = { ...style, stroke: pen.own ?? style.stroke ?? colour };
    return made;
  }

  /** The function that ECharts draws the points of a series with. */
  soarkit.chartShape = (given, figure) => (params, api) => SHAPES[given.shape](new Pen(given, params, api, figure));
}
