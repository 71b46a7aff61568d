// The theme: the system's, or the one that was chosen here. A classic script, since it
// must run before the first paint.
(() => {
  const KEY = "contactbook.theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = localStorage.getItem(KEY);
  if (stored) root.dataset.theme = stored;

  window.switchTheme = () => {
    const now = root.dataset.theme ?? (system.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, root.dataset.theme);
  };
})();
