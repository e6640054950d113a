/* The head of the page: what ran, how it went, and the way to each widget. */
{
  const { element, button } = soarkit;

  const texts = (text) => soarkit.visible(text ?? "");
  const pad = (number) => String(number).padStart(2, "0");

  // A moment in the reader's own time zone; the exact text is its tooltip.
  soarkit.moment = (text) => {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) return element("span", {}, ...texts(String(text)));
    const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join("-");
    const shown = `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(":")}`;
    return element("time", { datetime: text, title: text }, shown);
  };

  soarkit.duration = (seconds) => {
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? `${minutes} min ${Math.round(seconds % 60)} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  };

  const fact = (name, ...content) =>
    element("div", { class: "fact" }, element("dt", {}, name), element("dd", { dir: "auto" }, ...content));

  function facts(run) {
    return element(
      "dl",
      { class: "facts" },
      run.app
        ? fact(
            "App",
            ...texts(run.app),
            run.app_version ? element("span", { class: "dim" }, " ", ...texts(run.app_version)) : "",
          )
        : null,
      run.action ? fact("Action", ...texts(run.action)) : null,
      run.asset ? fact("Asset", ...texts(run.asset)) : null,
      run.started ? fact("Started", soarkit.moment(run.started)) : null,
      typeof run.elapsed === "number" ? fact("Took", soarkit.duration(run.elapsed)) : null,
      run.id ? fact("Run", element("span", { class: "mono" }, ...texts(String(run.id)))) : null,
    );
  }

  const pairs = (given) => (given && typeof given === "object" && !Array.isArray(given) ? Object.entries(given) : []);

  // Parameters come as one object for each call.
  function details(run) {
    const fields = (given, root, kinds = {}) =>
      pairs(given).map(([name, value]) => [
        name,
        value,
        Object.hasOwn(kinds, name) ? kinds[name] : [],
        `action_result.${root}.${name}`,
      ]);
    const parameters = (call) => fields(call, "parameter", run.contains?.parameters);
    const calls = (Array.isArray(run.parameters) ? run.parameters : [run.parameters])
      .map(parameters)
      .filter((call) => call.length);
    const summary = fields(run.summary, "summary", run.contains?.summary);
    const block = (title, content) => element("section", { class: "detail" }, element("h3", {}, title), content);
    const shown = calls
      .slice(0, 20)
      .map((call, at) => block(calls.length > 1 ? `Parameters ${at + 1}` : "Parameters", soarkit.fieldList(call)));
    if (calls.length > shown.length)
      shown.push(element("p", { class: "note" }, `${soarkit.plural(calls.length - shown.length, "more call")}`));
    if (summary.length) shown.push(block("Summary", soarkit.fieldList(summary)));
    return shown.length ? element("div", { class: "details" }, shown) : null;
  }

  const message = (run) =>
    run.message ? element("p", { class: "message", dir: "auto" }, ...texts(run.message)) : null;

  const single = (run) =>
    element(
      "div",
      { class: `run ${run.status}` },
      element("div", { class: "run-line" }, soarkit.statusBadge(run.status), message(run)),
      facts(run),
      details(run),
    );

  function several(runs, widgets) {
    const targetOf = (position) => widgets.find((widget) => widget.runs.includes(position))?.id;
    return element(
      "ul",
      { class: "runs" },
      runs.map((run, position) => {
        const target = targetOf(position);
        const name = [run.app, run.action].filter(Boolean).join(" · ");
        return element(
          "li",
          {},
          element(
            "details",
            { class: "run-entry" },
            element(
              "summary",
              {},
              soarkit.statusBadge(run.status),
              element("span", { class: "run-name", dir: "auto" }, ...texts(name)),
              element("span", { class: "run-message", dir: "auto" }, ...texts(run.message)),
              target
                ? element(
                    "a",
                    { class: "jump", href: `#${target}`, on: { click: () => jump(target) } },
                    "Result",
                  )
                : null,
            ),
            facts(run),
            details(run),
          ),
        );
      }),
    );
  }

  // The browser goes there too, and back.
  function jump(id) {
    const target = document.getElementById(id);
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  }

  // The menu of widgets, by the names that their authors gave for it.
  function widgetMenu(widgets) {
    if (widgets.length < 2) return null;
    const menu = element(
      "nav",
      { class: "small-menu widget-menu", popover: "auto", id: "widget-menu", "aria-label": "Widgets" },
      widgets.map((widget) =>
        element(
          "a",
          {
            href: `#${widget.id}`,
            class: `button plain ${widget.status}`,
            on: {
              click: () => {
                menu.hidePopover();
                jump(widget.id);
              },
            },
          },
          element("bdi", { dir: "auto" }, ...texts(widget.menu_name || widget.title || "Result")),
          widget.subtitle ? element("span", { class: "dim" }, ...texts(widget.subtitle)) : null,
        ),
      ),
    );
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const all = [...menu.children];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      event.preventDefault();
    });
    const name = `${widgets.length} widgets`;
    const open = button(
      "caret",
      name,
      () => {
        menu.showPopover();
        const box = open.getBoundingClientRect();
        menu.style.top = `${box.bottom + 4}px`;
        const room = document.documentElement.clientWidth - menu.offsetWidth - 8;
        menu.style.left = `${Math.max(8, Math.min(box.left, room))}px`;
        menu.firstElementChild.focus();
      },
      { text: name, class: "button widgets-button", "aria-haspopup": "true" },
    );
    return [open, menu];
  }

  soarkit.bar = (report) =>
    element(
      "div",
      { class: "bar" },
      element("span", { class: "bar-name" }, "soarkit"),
      element("span", { class: "bar-title", dir: "auto" }, ...texts(report.title)),
      element("span", { class: "gap" }),
      widgetMenu(report.widgets),
      soarkit.themeButton(),
    );

  // The bar says the title when the head has gone out of view.
  soarkit.watchHead = (bar, head) =>
    new IntersectionObserver(([entry]) => bar.classList.toggle("titled", !entry.isIntersecting), {
      rootMargin: "-44px 0px 0px",
    }).observe(head);

  soarkit.reportHead = (report) => {
    const runs = report.runs ?? [];
    const failed = runs.filter((run) => run.status !== "success").length;
    const counts =
      runs.length > 1
        ? `${soarkit.plural(runs.length, "run")}, ${failed ? `${soarkit.count(failed)} failed` : "all successful"}`
        : "";
    return element(
      "header",
      { class: "report" },
      element("h1", { dir: "auto" }, ...texts(report.title)),
      counts ? element("p", { class: "dim" }, counts) : null,
      runs.length === 1 ? single(runs[0]) : runs.length ? several(runs, report.widgets) : null,
    );
  };

  soarkit.reportFoot = (report) =>
    element(
      "footer",
      { class: "foot" },
      "Made ",
      soarkit.moment(report.made),
      ` by soarkit ${report.soarkit}. This page loads nothing from the network.`,
    );
}
