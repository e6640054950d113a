/* Copying, and files made here: tab-separated text and CSV. */
{
  const { element } = soarkit;

  // Without the clipboard's own interface (a page that came over plain HTTP), a selected text area does.
  function copyBySelection(text) {
    const area = element("textarea", { class: "unseen", readonly: true, tabindex: "-1", "aria-hidden": "true" });
    area.value = text;
    const focused = document.activeElement;
    const home = focused?.closest("[popover]") ?? document.body; // an open popover keeps the focus inside
    home.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }

  // Copies, and shows on the button (when there is one) for a moment that it did.
  soarkit.copy = async (text, button = null, what = "Copied") => {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = copyBySelection(text);
    }
    soarkit.say(done ? what : "Copying is not allowed here");
    if (button) {
      button.classList.add(done ? "done" : "refused");
      setTimeout(() => button.classList.remove("done", "refused"), 1200);
    }
    return done;
  };

  // Spreadsheets run what begins like a formula; an apostrophe makes it text. Numbers stay numbers.
  const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/; // the last ones: full width
  const guarded = (value) => {
    const text =
      value !== null && typeof value === "object" && !soarkit.isExact(value)
        ? soarkit.json(value)
        : soarkit.plainText(value);
    return typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  };

  const quoted = (text, special) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  soarkit.csv = (header, rows) =>
    [header, ...rows].map((row) => row.map((value) => quoted(guarded(value), /[",\r\n]/)).join(",")).join("\r\n") +
    "\r\n";
  soarkit.tsv = (rows) =>
    rows.map((row) => row.map((value) => quoted(guarded(value), /["\t\r\n]/)).join("\t")).join("\n");

  // With a byte order mark, for spreadsheets that would otherwise guess the encoding.
  soarkit.download = (name, text, type) => {
    const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: `${type};charset=utf-8` }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
}
