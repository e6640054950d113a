/* The exact command of a contextual action. soarkit/cli/commandline.py makes the same text, and has the rules. */
{
  // What cannot be seen, or what a terminal would obey.
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
  const ALL_HIDDEN = new RegExp(HIDDEN.source, "gu");
  const TAKEN = /^(=|@|env:|run:)/; // begin another form of a value

  // As Python's shlex.quote does it.
  soarkit.quote = (text) =>
    text === "" ? "''" : /[^A-Za-z0-9_@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;

  const units = (text) =>
    Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  const placeholder = (name) => `${name}=<${name}>`;

  soarkit.assignment = (name, value) => {
    const text = typeof value === "string" ? value : soarkit.json(value);
    if (HIDDEN.test(text)) return `${name}:=${JSON.stringify(text).replace(ALL_HIDDEN, units)}`;
    return `${name}=${TAKEN.test(text) || text === `<${name}>` ? "=" : ""}${text}`;
  };

  // The words of a command: [text, is it to be filled in]. A blank joins them.
  soarkit.commandWords = (entry, value) => {
    const options = [];
    if (entry.needs_asset) options.push(["--asset"], ["<asset>", true]);
    else if (entry.asset) options.push(["--asset"], [entry.asset]);
    options.push(["--param"], [soarkit.assignment(entry.parameter, value)]);
    for (const name of entry.missing ?? []) options.push(["--param"], [placeholder(name), true]);
    const target = [[entry.slug], [entry.action]];
    const words = entry.action.startsWith("-") ? [...options, ["--"], ...target] : [...target, ...options];
    return [["soarkit"], ["run"], ...words].map(([word, open = false]) => [
      soarkit.quote(word.replace(ALL_HIDDEN, "?")),
      open,
    ]);
  };

  soarkit.command = (entry, value) =>
    soarkit
      .commandWords(entry, value)
      .map(([word]) => word)
      .join(" ");
}
