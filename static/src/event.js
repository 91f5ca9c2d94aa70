// Passing an event's page on: its address into the clipboard, or to whatever the visitor's system shares with.

const SHOWN_MS = 2000;

for (const button of document.querySelectorAll("[data-copy-link]")) {
  const label = button.querySelector("span");
  const words = label.textContent;
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copyLink);
    } catch {
      // Over plain http there is no clipboard: the address is shown, ready for Ctrl+C.
      prompt(words, button.dataset.copyLink);
      return;
    }
    label.textContent = button.dataset.copied;
    setTimeout(() => {
      label.textContent = words;
    }, SHOWN_MS);
  });
}

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
