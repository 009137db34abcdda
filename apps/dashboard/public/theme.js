// Before the first paint, so that no theme flashes. A file of its own: the policy allows no inline script.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("agent-learning.theme");
    } catch {
      // Storage may be forbidden: the system's theme it is.
    }
    const theme = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("agent-learning:theme", apply);
})();
