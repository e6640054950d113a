/* Light and dark: as the system has it, until somebody chooses. What is printed is light. */
{
  const KEY = "soarkit-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print");
  const watchers = { theme: [], printing: [] };
  const MODES = ["auto", "light", "dark"];
  const LABELS = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
  const ICONS = { auto: "auto", light: "sun", dark: "moon" };

  // Pages opened from a file may have no storage.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (mode) => {
    try {
      localStorage.setItem(KEY, mode);
    } catch {
      // the choice lasts as long as the page
    }
  };

  let mode = MODES.includes(remembered()) ? remembered() : "auto";
  let printing = paper.matches;

  const theme = {
    get dark() {
      return !printing && (mode === "auto" ? system.matches : mode === "dark");
    },
    watch: (call) => watchers.theme.push(call),
  };

  function apply() {
    document.documentElement.dataset.theme = theme.dark ? "dark" : "light";
    for (const call of watchers.theme) call(theme.dark);
  }

  // Calls come before the paper is laid out, and again when the screen is back.
  function print(now) {
    if (printing === now) return;
    printing = now;
    apply();
    for (const call of watchers.printing) call(now);
  }

  soarkit.theme = theme;
  soarkit.printing = {
    get now() {
      return printing;
    },
    watch: (call) => watchers.printing.push(call),
  };

  soarkit.themeButton = () => {
    const node = soarkit.button(ICONS[mode], LABELS[mode], () => {
      mode = MODES[(MODES.indexOf(mode) + 1) % MODES.length];
      remember(mode);
      node.replaceChildren(soarkit.icon(ICONS[mode]));
      for (const name of ["title", "aria-label"]) node.setAttribute(name, LABELS[mode]);
      apply();
    });
    node.classList.add("theme");
    return node;
  };

  system.addEventListener("change", apply);
  paper.addEventListener("change", () => print(paper.matches));
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  apply();
}
