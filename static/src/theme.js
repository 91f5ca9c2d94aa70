// Dark or light as the visitor has chosen here before; run before the page is painted, so that it never changes its mind.
try {
  const theme = localStorage.getItem("encontros-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has the theme of its system.
}
