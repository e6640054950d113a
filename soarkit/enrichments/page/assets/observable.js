/* Puts the page together: observables, in each its bundles, in each a tab for a transform. */
{
  const { element, button, icon } = soarkit;

  const page = soarkit.block("observed");
  soarkit.styles = page.styles;
  document.title = page.title;

  const texts = (text) => soarkit.visible(text ?? "");
  const panels = [];
  const ways = new Map(); // to tabs, by what stands behind # in an address
  const places = new Map(); // of observables, by their values

  soarkit.observablePlace = (value) => places.get(value) ?? null;

  const failed = (tab) => tab.status !== "success";

  function badge(tab) {
    if (!failed(tab)) return null;
    const word = tab.timed_out ? "timed out" : tab.status;
    return element("span", { class: "tab-badge", title: word }, icon(tab.timed_out ? "clock" : "warning"), element("span", { class: "unseen" }, word));
  }

  function picture(bundle) {
    if (bundle.icon) return element("img", { class: "bundle-icon", src: bundle.icon, alt: "" });
    const initial = Array.from((bundle.set_name || bundle.title || "?").trim())[0] ?? "?";
    return element("span", { class: "bundle-icon initial", "aria-hidden": "true" }, ...texts(initial.toUpperCase()));
  }

  class Bundle {
    constructor(given, show) {
      this.given = given;
      this.panels = given.tabs.map((tab) => new soarkit.Panel(tab));
      panels.push(...this.panels);
      const items = given.tabs.map((tab, at) => ({
        id: tab.id,
        panel: this.panels[at].node,
        content: [element("bdi", { dir: "auto" }, ...texts(tab.name)), badge(tab)],
      }));
      this.tabs = new soarkit.Tabs(items, {
        label: given.set_name || given.title,
        kind: "transforms",
        change: (at, chosen) => {
          this.draw();
          if (chosen) history.replaceState(null, "", `#${given.tabs[at].hash}`);
        },
      });
      for (const [at, tab] of given.tabs.entries())
        ways.set(tab.hash, () => {
          show();
          this.tabs.select(at);
        });
      this.node = element(
        "section",
        { class: "bundle", id: given.id },
        element(
          "header",
          { class: "bundle-head" },
          picture(given),
          element(
            "div",
            { class: "bundle-names" },
            element("h2", { dir: "auto" }, ...texts(given.set_name || given.title)),
            given.title && given.title !== given.set_name
              ? element("p", { class: "dim", dir: "auto" }, ...texts(given.title))
              : null,
          ),
        ),
        this.tabs.list,
        this.panels.flatMap((panel, at) => [
          element("h3", { class: "print-only paper-name" }, ...texts(given.tabs[at].name)),
          panel.node,
        ]),
      );
    }

    draw(done) {
      this.panels[this.tabs.at]?.draw(undefined, done);
    }
  }

  class Observable {
    constructor(given, alone) {
      this.given = given;
      this.bundles = given.bundles.map((bundle, at) => new Bundle(bundle, () => this.show(at)));
      this.at = 0;
      this.node = element(
        "section",
        { class: "observable-section", id: given.id, tabindex: "-1", "aria-label": given.value },
        this.#head(alone),
        this.#bar(),
        this.bundles.map((bundle) => bundle.node),
        given.bundles.length ? null : element("p", { class: "note nothing" }, "No transform was run."),
      );
      places.set(given.value, this.node);
    }

    #head(alone) {
      const { given } = this;
      const tabs = given.bundles.flatMap((bundle) => bundle.tabs);
      const bad = tabs.filter(failed).length;
      return element(
        "header",
        { class: "observable-head" },
        element("span", { class: "kind" }, ...texts(given.type)),
        element(
          "div",
          { class: "observable-line" },
          element(alone ? "h1" : "h2", { class: "observable-value", dir: "auto" }, ...texts(given.value)),
          button("copy", "Copy value", (event) => soarkit.copy(given.value, event.currentTarget, "Value copied"), {
            class: "button bare copy-value",
          }),
        ),
        element(
          "p",
          { class: "observable-facts" },
          element("span", {}, soarkit.plural(given.bundles.length, "bundle")),
          element("span", {}, soarkit.plural(tabs.length, "transform")),
          bad ? element("span", { class: "some-failed" }, icon("warning"), `${soarkit.count(bad)} failed`) : null,
          alone ? element("span", {}, "Made ", soarkit.moment(page.made)) : null,
        ),
      );
    }

    // With one bundle there is nothing to choose from.
    #bar() {
      if (this.bundles.length < 2) return null;
      const items = this.bundles.map(({ given, node }) => ({
        id: given.id,
        panel: node,
        content: [
          picture(given),
          element("bdi", { dir: "auto" }, ...texts(given.set_name || given.title)),
          given.tabs.some(failed) ? badge(given.tabs.find(failed)) : null,
        ],
      }));
      this.tabs = new soarkit.Tabs(items, {
        label: "Bundles",
        kind: "bundles",
        change: (at, chosen) => {
          this.at = at;
          this.draw();
          const bundle = this.bundles[at];
          if (chosen) history.replaceState(null, "", `#${bundle.given.tabs[bundle.tabs.at].hash}`);
        },
      });
      return this.tabs.list;
    }

    show(at) {
      this.tabs?.select(at);
    }

    draw(done) {
      const bundle = this.bundles[this.at];
      if (bundle) bundle.draw(done);
      else done?.();
    }
  }

  const alone = page.observables.length === 1;
  const observables = page.observables.map((given) => new Observable(given, alone));
  const bar = element(
    "div",
    { class: "bar" },
    element("span", { class: "bar-name" }, "soarkit"),
    element("span", { class: "bar-title", dir: "auto" }, ...texts(page.title)),
    element("span", { class: "gap" }),
    soarkit.themeButton(),
  );
  const title = alone
    ? null
    : element(
        "header",
        { class: "report" },
        element("h1", { dir: "auto" }, ...texts(page.title)),
        element(
          "nav",
          { class: "observable-list", "aria-label": "Observables" },
          observables.map(({ given, node }) =>
            element("a", { class: "button", href: `#${node.id}`, dir: "auto" }, element("bdi", {}, ...texts(given.value))),
          ),
        ),
      );
  soarkit.watchHead(bar, title?.firstElementChild ?? observables[0].node.querySelector(".observable-value"));
  document.getElementById("page").append(bar, ...(title ? [title] : []), ...observables.map((one) => one.node), soarkit.reportFoot(page));

  function follow() {
    const way = ways.get(location.hash.slice(1));
    way?.();
    return Boolean(way);
  }

  follow();
  addEventListener("hashchange", follow);

  let left = observables.length;
  for (const one of observables)
    one.draw(() => {
      left -= 1;
      if (!left) document.documentElement.dataset.ready = "";
    });

  // On paper all tabs stand below each other. Nothing is drawn anew once they do, so charts get small before.
  soarkit.printing.watch((now) => {
    document.documentElement.toggleAttribute("data-printing", now);
    if (!now) return;
    for (const panel of panels) panel.draw(Infinity);
    for (const { chart } of document.querySelectorAll(".chart")) if (chart?.width) chart.draw();
  });
}
