// Comforts for browsers with JavaScript; without it every task works all the same.

const SHOWN_MS = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Over plain http there is no clipboard: the link is selected, ready for Ctrl+C.
      source.select?.();
      if (!document.execCommand("copy")) return;
    }
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    for (const region of document.querySelectorAll("[data-announce]")) region.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
    }, SHOWN_MS);
  });
}

for (const field of document.querySelectorAll("textarea[readonly]")) {
  field.addEventListener("focus", () => field.select());
}

// One click sends one form; coming back to the page makes it ready again.
for (const form of document.querySelectorAll("form[data-once]")) {
  const buttons = () => form.querySelectorAll("button[type=submit]");
  form.addEventListener("submit", () => {
    for (const button of buttons()) button.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const button of buttons()) button.disabled = false;
  });
}

// What stands in the way of a form is read first.
document.querySelector("#problems, #conflict, #already, #wait")?.focus();
