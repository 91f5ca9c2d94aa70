// Shares an event with the Web Share API, where the browser supports it.

for (const button of navigator.share ? document.querySelectorAll("[data-share]") : []) {
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ title: button.dataset.title, url: button.dataset.share });
    } catch {
      // The visitor cancelled the dialog.
    }
  });
}
