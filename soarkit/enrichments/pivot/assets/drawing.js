/* The picture as a file: what is to be seen of the graph, whole, with its colours written into it. */
{
  const { svg, element } = soarkit;
  const LOOKS = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
  ];
  const SPACE = 30;
  const LARGEST = 8000; // pixels of a side: browsers draw no larger ones

  soarkit.drawing = () => {
    const { world, node: picture } = soarkit.picture;
    const [left, top, right, bottom] = soarkit.extent(soarkit.picture.view.k);
    const [x, y] = [left - SPACE, top - SPACE];
    const [width, height] = [right - left + 2 * SPACE, bottom - top + 2 * SPACE];
    const copy = svg("g");
    const defs = svg("defs");
    const write = (from, to) => {
      const style = getComputedStyle(from);
      for (const look of LOOKS) to.setAttribute(look, style.getPropertyValue(look));
    };
    // Pairs of what is there and its copy; what is not to be seen is left out.
    const waiting = [...world.children].map((one) => [one, copy]);
    waiting.push(...[...picture.querySelectorAll("marker")].map((one) => [one, defs]));
    while (waiting.length) {
      const [from, into] = waiting.shift();
      if (getComputedStyle(from).display === "none" && from.tagName !== "title") continue;
      const to = from.cloneNode(false);
      for (const name of ["class", "data-id", "style", "tabindex"]) to.removeAttribute(name);
      if (!["title", "marker"].includes(from.tagName)) write(from, to);
      const end = getComputedStyle(from).markerEnd;
      if (from.tagName === "path" && end !== "none") to.setAttribute("marker-end", end.replaceAll('"', ""));
      into.append(to);
      for (const child of from.childNodes)
        if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
        else waiting.push([child, to]);
    }
    const ground = svg("rect", { x, y, width, height, fill: getComputedStyle(picture).backgroundColor });
    const root = svg(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", viewBox: `${x} ${y} ${width} ${height}`, width, height },
      defs,
      ground,
      copy,
    );
    return { text: new XMLSerializer().serializeToString(root), width, height };
  };

  soarkit.drawingAsPng = async () => {
    const { text, width, height } = soarkit.drawing();
    const scale = Math.min(2, LARGEST / Math.max(width, height));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };
}
