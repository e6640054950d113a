/* Texts in the picture, and commands to copy. */
{
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
  const code = (character) => `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`;

  // A text on one line, in which what cannot be seen is written out.
  soarkit.written = (text) => String(text).replace(HIDDEN, code);
  soarkit.cut = (text, length) => {
    const all = Array.from(soarkit.written(text));
    if (all.length <= length) return all.join("");
    const tail = Math.floor(length / 3);
    return `${all.slice(0, length - tail - 1).join("")}…${all.slice(-tail).join("")}`;
  };

  // null where the value holds what a terminal would obey or not show.
  soarkit.pivotCommand = (name, node) => {
    HIDDEN.lastIndex = 0;
    const type = soarkit.typeOption(node.type);
    if (!node.value || !type || HIDDEN.test(node.value)) return null;
    const value = soarkit.quote(node.value);
    return `soarkit ${name} --type ${type} ${node.value.startsWith("-") ? "-- " : ""}${value}`;
  };
}
