/* Tabs, as ARIA has them: one stop of the Tab key, arrows between them, what is shown follows. */
{
  const { element } = soarkit;

  class Tabs {
    /**
     * @param items [{id, content, panel, label}]: nodes of the tab, the panel's element, what it is called
     * @param options label of the list, class, change(at)
     */
    constructor(items, { label, kind, change = () => {} }) {
      this.items = items;
      this.at = 0;
      this.change = change;
      this.tabs = items.map((item, at) =>
        element(
          "button",
          {
            type: "button",
            role: "tab",
            class: "tab",
            id: `${item.id}-tab`,
            "aria-controls": item.panel.id,
            on: { click: () => this.select(at, true) },
          },
          item.content,
        ),
      );
      for (const [at, { panel }] of items.entries()) {
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", this.tabs[at].id);
      }
      this.list = element(
        "div",
        { role: "tablist", "aria-label": label, class: `tabs ${kind}`, on: { keydown: (event) => this.#key(event) } },
        this.tabs,
      );
      soarkit.fadeSides(this.list);
      this.#show();
    }

    /** @param chosen whether somebody chose it, and did not only come here by an address */
    select(at, chosen = false) {
      this.at = at;
      this.#show();
      this.change(at, chosen);
    }

    #show() {
      for (const [at, tab] of this.tabs.entries()) {
        const here = at === this.at;
        tab.setAttribute("aria-selected", String(here));
        tab.tabIndex = here ? 0 : -1;
        this.items[at].panel.hidden = !here;
      }
      const { list } = this;
      const tab = this.tabs[this.at];
      if (!list.isConnected || !tab) return;
      if (tab.offsetLeft < list.scrollLeft || tab.offsetLeft + tab.offsetWidth > list.scrollLeft + list.clientWidth)
        list.scrollLeft = tab.offsetLeft - 24;
    }

    #key(event) {
      const count = this.tabs.length;
      const next = {
        ArrowRight: (this.at + 1) % count,
        ArrowLeft: (this.at + count - 1) % count,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (next === undefined) return;
      this.select(next, true);
      this.tabs[next].focus();
      event.preventDefault();
    }
  }

  soarkit.Tabs = Tabs;
}
