// Restores the theme that the visitor chose. It runs before the first paint, so that the colours do not flash.
try {
  const theme = localStorage.getItem("encontros-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage is not available: the theme of the system applies.
}
