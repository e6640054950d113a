/* JSON as a tree: children are made when they are unfolded, and of many only some at a time. */
{
  const { element, button, icon } = soarkit;
  const CHUNK = 100;
  const OPENED = 2000; // values that "unfold all" shows
  const ROOM = 30; // rows that a tree shows by itself
  const LONG = 500;

  const join = (path, key) => (path ? `${path}.${key}` : key);
  const entriesOf = (value) => (Array.isArray(value) ? value.map((item, at) => [at, item]) : Object.entries(value));

  class Tree {
    constructor(value, { path = null, contains = {}, label = "Data", inline = false, open = true }) {
      this.contains = contains;
      this.known = path !== null;
      this.items = new WeakMap(); // what each tree item stands for
      this.list = element("ul", { role: "tree", class: inline ? "tree inline" : "tree", "aria-label": label });
      for (const [type, call] of [
        ["click", this.#press],
        ["keydown", this.#key],
        ["pointerover", this.#point],
        ["focusin", this.#point],
      ])
        this.list.addEventListener(type, call.bind(this));
      const root = this.#item(null, value, path ?? "", 1);
      root.tabIndex = 0;
      this.list.append(root);
      if (open && !inline) this.#openSome(root);
    }

    #item(key, value, path, level) {
      const nested = soarkit.isNested(value);
      const size = nested ? (Array.isArray(value) ? value.length : Object.keys(value).length) : 0;
      const row = element("div", { class: "tree-row" });
      // Named here: what is read from the content would have all that is below it.
      const about = nested
        ? `${soarkit.plural(size, Array.isArray(value) ? "item" : "key")}`
        : (soarkit.plainText(value) || "nothing").slice(0, 100);
      const item = element(
        "li",
        {
          role: "treeitem",
          tabindex: "-1",
          "aria-label": key === null ? about : `${key}: ${about}`,
          "aria-level": level,
          "aria-expanded": size ? "false" : null,
        },
        row,
      );
      const data = { key, value, path, level, size, row };
      this.items.set(item, data);
      if (size) row.append(element("span", { class: "fold" }, icon("caret")));
      if (key !== null)
        row.append(
          element(
            "bdi",
            { class: typeof key === "number" ? "key index" : "key", dir: "auto" },
            ...(typeof key === "number" ? [String(key)] : soarkit.visible(key || "“”")),
          ),
          element("span", { class: "colon" }, ":"),
        );
      row.append(...this.#shown(data, nested));
      return item;
    }

    #shown({ value, path, size }, nested) {
      const types = Object.hasOwn(this.contains, path) ? this.contains[path] : [];
      if (nested) {
        const list = Array.isArray(value);
        const view = element("span", { class: "value preview" }, ...soarkit.visible(soarkit.preview(value, 80)));
        if (soarkit.hasMenu(value, types)) soarkit.mark(view, value, types, { path });
        return [view, element("span", { class: "size" }, size ? soarkit.plural(size, list ? "item" : "key") : "")];
      }
      const long = typeof value === "string" && value.length > LONG;
      const view = soarkit.valueView(long ? value.slice(0, LONG) : value, {
        path: this.known ? path : null,
        tabbable: false,
      });
      if (soarkit.hasMenu(value, types))
        soarkit.mark(view, value, types, { path: this.known ? path : null, tabbable: false });
      if (!long) return [view];
      const text = `… ${soarkit.count(value.length - LONG)} more characters`;
      const whole = button(null, "", (event) => soarkit.openMenu([{ contains: types, value }], event.currentTarget), {
        text,
        class: "button more",
      });
      return [view, whole, element("span", { class: "dim print-only" }, text)];
    }

    // ---- folding

    #set(item, open) {
      const data = this.items.get(item);
      if (!data?.size || (item.getAttribute("aria-expanded") === "true") === open) return;
      item.setAttribute("aria-expanded", String(open));
      if (!data.children) {
        data.children = element("ul", { role: "group" });
        item.append(data.children);
        this.#add(item, CHUNK);
      }
      data.children.hidden = !open;
    }

    #add(item, most) {
      const data = this.items.get(item);
      data.entries ??= entriesOf(data.value);
      const list = Array.isArray(data.value);
      const from = data.made ?? 0;
      const to = Math.min(data.size, from + most);
      data.more?.remove();
      for (let at = from; at < to; at++) {
        const [key, value] = data.entries[at];
        data.children.append(this.#item(key, value, join(data.path, list ? "*" : key), data.level + 1));
      }
      data.made = to;
      if (to === data.size) return;
      const show = () => {
        this.#add(item, CHUNK * 5);
        data.children.children[to]?.focus();
      };
      data.more = element(
        "li",
        { role: "none" },
        button(null, "", show, { text: `Show more of ${soarkit.count(data.size - to)}`, class: "button more" }),
        element("span", { class: "dim print-only" }, `… ${soarkit.count(data.size - to)} more`),
      );
      data.children.append(data.more);
    }

    // Level by level, as long as the rows have room; what has more children than that stays folded.
    #unfold(start, room, deep) {
      let left = room;
      const waiting = [start];
      while (waiting.length) {
        const item = waiting.shift();
        const data = this.items.get(item);
        if (!data?.size) continue;
        const shown = Math.min(data.size, CHUNK);
        if (item !== start && shown > left) {
          if (!deep) continue;
          return false;
        }
        left -= shown;
        this.#set(item, true);
        waiting.push(...[...data.children.children].filter((child) => this.items.has(child)));
      }
      return true;
    }

    #openSome(root) {
      this.#unfold(root, ROOM, false);
    }

    unfoldAll() {
      if (!this.#unfold(this.list.firstElementChild, OPENED, true))
        soarkit.say(`The first ${OPENED} values are unfolded`);
    }

    // Paper has no folds; what was folded is folded again on the screen.
    print(now) {
      const open = () => [...this.list.querySelectorAll("[aria-expanded=true]")];
      if (now) {
        const before = new Set(open());
        this.#unfold(this.list.firstElementChild, OPENED, true);
        this.unfolded = open().filter((item) => !before.has(item));
      } else for (const item of this.unfolded ?? []) this.#set(item, false);
    }

    foldAll() {
      for (const item of this.list.querySelectorAll("[aria-expanded=true]"))
        if (item !== this.list.firstElementChild) this.#set(item, false);
      this.#focus(this.list.firstElementChild, false);
    }

    // ---- pointer and keys

    #press(event) {
      if (event.target.closest("button, .marked")) return;
      const item = event.target.closest("[role=treeitem]");
      if (!item || !getSelection().isCollapsed || !event.target.closest(".tree-row")) return;
      this.#focus(item);
      this.#set(item, item.getAttribute("aria-expanded") !== "true");
    }

    #focus(item, move = true) {
      if (!item) return;
      for (const old of this.list.querySelectorAll("[tabindex='0'][role=treeitem]")) old.tabIndex = -1;
      item.tabIndex = 0;
      if (move) item.focus();
    }

    #key(event) {
      const item = event.target;
      const data = this.items.get(item);
      if (!data) return;
      const open = item.getAttribute("aria-expanded");
      const seen = () => [...this.list.querySelectorAll("[role=treeitem]")].filter((one) => !one.closest("[hidden]"));
      const near = (step) => {
        const all = seen();
        return all[all.indexOf(item) + step];
      };
      const keys = {
        ArrowDown: () => this.#focus(near(1)),
        ArrowUp: () => this.#focus(near(-1)),
        ArrowRight: () => (open === "false" ? this.#set(item, true) : open && this.#focus(near(1))),
        ArrowLeft: () =>
          open === "true" ? this.#set(item, false) : this.#focus(item.parentElement.closest("[role=treeitem]")),
        Home: () => this.#focus(this.list.firstElementChild),
        End: () => this.#focus(seen().at(-1)),
        Enter: () => this.#enter(item, data),
        " ": () => this.#enter(item, data),
      };
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && getSelection().isCollapsed)
        soarkit.copy(soarkit.plainText(data.value), null, "Value copied");
      else if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      else keys[event.key]();
      event.preventDefault();
      event.stopPropagation();
    }

    #enter(item, data) {
      const mark = data.row.querySelector(".marked");
      if (mark && !data.size) soarkit.openMark(mark);
      else this.#set(item, item.getAttribute("aria-expanded") !== "true");
    }

    // One set of buttons for the whole tree, in the row that the pointer or the focus is in.
    #point(event) {
      const row = event.target.closest(".tree-row");
      const data = row && this.items.get(row.parentElement);
      if (!data || this.pointed === row) return;
      if (event.type === "pointerover" && this.tools?.contains(document.activeElement)) return;
      this.pointed = row;
      this.tools ??= element("span", { class: "row-tools" });
      const copy = button("copy", "Copy value", (press) =>
        soarkit.copy(soarkit.plainText(data.value), press.currentTarget, "Value copied"),
      );
      const path =
        this.known && data.path
          ? button("path", `Copy data path ${data.path}`, (press) =>
              soarkit.copy(data.path, press.currentTarget, "Data path copied"),
            )
          : null;
      this.tools.replaceChildren(...[copy, path].filter(Boolean));
      row.append(this.tools);
    }
  }

  /** A tree of any value; inline ones begin folded. */
  soarkit.tree = (value, options = {}) => new Tree(value, options).list;

  soarkit.parts.json = (part) => {
    const value = soarkit.block(part.data);
    const tree = new Tree(value, {
      path: part.path ?? "",
      contains: part.contains ?? {},
      label: part.caption || "Data",
    });
    soarkit.printing.watch((now) => tree.print(now));
    if (soarkit.printing.now) tree.print(true);
    const tools = element(
      "div",
      { class: "tools" },
      element("span", { class: "gap" }),
      button("expand", "Unfold all", () => tree.unfoldAll(), { text: "Unfold all" }),
      button("fold", "Fold all", () => tree.foldAll(), { text: "Fold all" }),
      button("copy", "Copy JSON", (event) => soarkit.copy(soarkit.json(value, 2), event.currentTarget, "JSON copied"), {
        text: "Copy JSON",
      }),
    );
    return element(
      "div",
      { class: "json" },
      soarkit.isNested(value) ? tools : null,
      element("div", { class: "scroll" }, tree.list),
    );
  };
}
