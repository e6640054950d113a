/* How wide the columns of a table are, and what shows that there is more than fits. */
{
  const LEAST = 92; // pixels that a cell has, where its text needs them
  const HEADING = 200; // pixels up to which a heading is not cut
  const EASY = 210; // pixels up to which cells are not cut, where others have room to spare or the table is scrolled
  const BESIDE = 40; // pixels of a heading that are not its text: padding and the mark of the order

  const sum = (numbers) => numbers.reduce((whole, one) => whole + one, 0);

  /** What each column needs so that nothing in it is cut, and what its heading needs. Asks the browser: fonts differ. */
  function needs(grid) {
    grid.classList.add("measured");
    const headings = Array.from(grid.tHead.rows[0]?.cells ?? []);
    const found = headings.map((cell) => ({
      whole: Math.ceil(cell.getBoundingClientRect().width),
      heading: Math.ceil(cell.querySelector(".sort > span").getBoundingClientRect().width) + BESIDE,
    }));
    grid.classList.remove("measured");
    return found;
  }

  /** The shares that a script gave, as far as no column is too narrow for its heading; wider ones give what they can. */
  function raised(shares, least, room) {
    const widths = shares.map((share, at) => Math.max(share * room, least[at]));
    for (let left = sum(widths) - room; left > 0.5; left = sum(widths) - room) {
      const spare = widths.map((width, at) => (width > least[at] + 0.01 ? width : 0));
      const whole = sum(spare);
      if (!whole) break;
      for (const [at, width] of spare.entries())
        if (width) widths[at] = Math.max(least[at], width - (left * width) / whole);
    }
    return widths;
  }

  /** Keeps the columns of a table as wide as they should be; gives what is to be called when they are others. */
  soarkit.fitColumns = (grid, scroller, columns) => {
    const known = new Map(); // by column: the most that was seen, so that pages of a table do not differ

    function fit() {
      const room = scroller.clientWidth;
      const shown = columns();
      if (!room || !grid.tHead.rows.length) return;
      const measured = needs(grid).map((one, at) => {
        const before = known.get(shown[at].at) ?? { whole: 0, heading: 0 };
        const most = { whole: Math.max(one.whole, before.whole), heading: Math.max(one.heading, before.heading) };
        known.set(shown[at].at, most);
        return most;
      });
      const least = measured.map(({ whole, heading }) => Math.min(whole, Math.max(LEAST, Math.min(heading, HEADING))));
      const easy = measured.map(({ whole }, at) => Math.max(least[at], Math.min(whole, EASY)));
      const scrolled = sum(least) > room;
      // As much of what would be easy as there is room for.
      const part = Math.min(1, (room - sum(least)) / (sum(easy) - sum(least) || 1));
      const floor = least.map((one, at) => one + (easy[at] - one) * part);
      const all = sum(shown.map((column) => column.width)) || 1;
      const widths = scrolled ? easy : raised(shown.map((column) => column.width / all), floor, room);
      grid.style.setProperty("min-width", scrolled ? `${sum(widths)}px` : "0");
      for (const [at, column] of Array.from(grid.querySelectorAll("col")).entries())
        column.style.setProperty("width", `${(widths[at] / sum(widths)) * 100}%`);
    }

    let before = 0;
    new ResizeObserver(() => {
      if (scroller.clientWidth === before) return;
      before = scroller.clientWidth;
      fit();
    }).observe(scroller);
    return fit;
  };

  /** Something that is scrolled sideways fades at the side where there is more. */
  soarkit.fadeSides = (scroller) => {
    const look = () => {
      const left = scroller.scrollWidth - scroller.clientWidth - Math.abs(scroller.scrollLeft);
      scroller.classList.toggle("more-before", Math.abs(scroller.scrollLeft) > 1);
      scroller.classList.toggle("more-after", left > 1);
    };
    scroller.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    for (const node of [scroller, ...scroller.children]) watch.observe(node);
  };
}
