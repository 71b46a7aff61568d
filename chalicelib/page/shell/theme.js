// The theme: the system's, or the one that was chosen here. A classic script, since it
// must run before the first paint.
(() => {
  const KEY = "contactbook.theme";
  const root = document.documentElement;
  const stored = localStorage.getItem(KEY);
  if (stored) root.dataset.theme = stored;

  window.theme = () => root.dataset.theme ?? "system";
  window.setTheme = (name) => {
    if (name === "system") delete root.dataset.theme;
    else root.dataset.theme = name;
    if (name === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  };
  // Nobody who has to sign in first sees the grey lines of a table.
  const known = sessionStorage.getItem("contactbook.token") || location.hash.includes("token=");
  root.classList.toggle("known", Boolean(known));
})();
