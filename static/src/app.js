// Enhancements for browsers with JavaScript. Every task also works without it.

// The theme follows the system until the visitor switches it. theme.js restores the choice on the next page.
const dark = matchMedia("(prefers-color-scheme: dark)");
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const current = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = current === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("encontros-theme", root.dataset.theme);
    } catch {
      // Storage is not available: the choice applies to this page only.
    }
  });
}

const CONFIRMATION_MS = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The Clipboard API needs HTTPS. Otherwise the link is selected, for Ctrl+C.
      source.select?.();
      if (!document.execCommand("copy")) return;
    }
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    for (const region of document.querySelectorAll("[data-announce]")) region.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
    }, CONFIRMATION_MS);
  });
}

// Buttons that copy a URL, also those in results that list.js inserts later.
function showCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy-link]")) button.parentElement.hidden = false;
}

showCopyButtons(document);
document.addEventListener("results:replaced", (event) => showCopyButtons(event.target));
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy-link]");
  if (!button) return;
  const label = button.querySelector("span");
  const text = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copyLink);
  } catch {
    // The Clipboard API needs HTTPS. Otherwise the URL is shown, for Ctrl+C.
    prompt(text, button.dataset.copyLink);
    return;
  }
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = text;
  }, CONFIRMATION_MS);
});

for (const field of document.querySelectorAll("textarea[readonly]")) {
  field.addEventListener("focus", () => field.select());
}

// Prevents double submission. The button is enabled again when the visitor returns to the page.
for (const form of document.querySelectorAll("form[data-submit-once]")) {
  const buttons = () => form.querySelectorAll("button[type=submit]");
  form.addEventListener("submit", () => {
    for (const button of buttons()) button.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const button of buttons()) button.disabled = false;
  });
}

// Screen readers read the focused notice first.
document.querySelector("#errors, #conflict, #already-published, #submit-again")?.focus();

// "My events in this browser": ids and titles in local storage. Edit tokens are only in cookies.
const MY_EVENTS_KEY = "encontros-mine";
const MY_EVENTS_MAX = 50;

function readMyEvents() {
  try {
    const { off = false, events = [] } = JSON.parse(localStorage.getItem(MY_EVENTS_KEY)) ?? {};
    return { off, events };
  } catch {
    return { off: false, events: [] };
  }
}

function writeMyEvents(value) {
  try {
    localStorage.setItem(MY_EVENTS_KEY, JSON.stringify(value));
  } catch {
    // Storage is not available: the list stays empty.
  }
}

function removeMyEvent(id) {
  const { off, events } = readMyEvents();
  writeMyEvents({ off, events: events.filter((event) => event.id !== id) });
}

function addMyEvent(id, title) {
  removeMyEvent(id);
  writeMyEvents({ off: false, events: [{ id, title }, ...readMyEvents().events].slice(0, MY_EVENTS_MAX) });
}

for (const page of document.querySelectorAll("[data-my-event]")) {
  const { myEvent: id, myTitle: title } = page.dataset;
  if (!readMyEvents().off) addMyEvent(id, title);
  const box = page.querySelector("#remember");
  if (box) {
    page.hidden = false;
    box.checked = !readMyEvents().off;
    box.addEventListener("change", () => {
      if (box.checked) addMyEvent(id, title);
      else removeMyEvent(id);
    });
  }
}

for (const form of document.querySelectorAll("form[data-forget-event]")) {
  form.addEventListener("submit", () => removeMyEvent(form.dataset.forgetEvent));
}

const template = document.querySelector("template#my-events");
if (template && readMyEvents().events.length > 0) {
  const section = template.content.cloneNode(true).firstElementChild;
  const list = section.querySelector("ul");
  const [item] = list.children;
  item.remove();
  for (const { id, title } of readMyEvents().events) {
    const entry = item.cloneNode(true);
    const link = entry.querySelector("a");
    link.href = link.getAttribute("href").replace("/0/", `/${encodeURIComponent(id)}/`);
    link.textContent = title;
    entry.querySelector("button").addEventListener("click", () => {
      removeMyEvent(id);
      entry.remove();
      if (list.children.length === 0) section.remove();
    });
    list.append(entry);
  }
  section.querySelector("[data-my-events-off]").addEventListener("click", () => {
    writeMyEvents({ off: true, events: [] });
    section.remove();
  });
  template.before(section);
}
