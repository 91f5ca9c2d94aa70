// Passing an event's page on to whatever the visitor's system shares with.

for (const button of navigator.share ? document.querySelectorAll("[data-share]") : []) {
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ title: button.dataset.title, url: button.dataset.share });
    } catch {
      // The visitor has thought better of it.
    }
  });
}
