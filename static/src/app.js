// Comforts for browsers with JavaScript; without it every task works all the same.

// Dark or light: as the system says, until the visitor says otherwise. theme.js remembers it.
const dark = matchMedia("(prefers-color-scheme: dark)");
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = shown === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("encontros-theme", root.dataset.theme);
    } catch {
      // Then it lasts as long as the page.
    }
  });
}

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

// An address into the clipboard. Also for what comes into the page later.
function offerCopies(part) {
  for (const button of part.querySelectorAll("[data-copy-link]")) button.parentElement.hidden = false;
}

offerCopies(document);
document.addEventListener("found", (event) => offerCopies(event.target));
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy-link]");
  if (!button) return;
  const label = button.querySelector("span");
  const words = label.textContent;
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
document.querySelector("#problems, #conflict, #already, #again")?.focus();

// "My events in this browser": ids and titles, never a token; the key stays in its cookie.
const MINE = "encontros-mine";
const MINE_MAX = 50;

function mine() {
  try {
    const { off = false, events = [] } = JSON.parse(localStorage.getItem(MINE)) ?? {};
    return { off, events };
  } catch {
    return { off: false, events: [] };
  }
}

function keepMine(kept) {
  try {
    localStorage.setItem(MINE, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing keeps nothing.
  }
}

function forget(id) {
  const { off, events } = mine();
  keepMine({ off, events: events.filter((event) => event.id !== id) });
}

function remember(id, title) {
  forget(id);
  keepMine({ off: false, events: [{ id, title }, ...mine().events].slice(0, MINE_MAX) });
}

for (const page of document.querySelectorAll("[data-my-event]")) {
  const { myEvent: id, myTitle: title } = page.dataset;
  if (!mine().off) remember(id, title);
  const box = page.querySelector("#remember");
  if (box) {
    page.hidden = false;
    box.checked = !mine().off;
    box.addEventListener("change", () => {
      if (box.checked) remember(id, title);
      else forget(id);
    });
  }
}

for (const form of document.querySelectorAll("form[data-forgets]")) {
  form.addEventListener("submit", () => forget(form.dataset.forgets));
}

const template = document.querySelector("template#mine");
if (template && mine().events.length > 0) {
  const section = template.content.cloneNode(true).firstElementChild;
  const list = section.querySelector("ul");
  const [item] = list.children;
  item.remove();
  for (const { id, title } of mine().events) {
    const entry = item.cloneNode(true);
    const link = entry.querySelector("a");
    link.href = link.getAttribute("href").replace("/0/", `/${encodeURIComponent(id)}/`);
    link.textContent = title;
    entry.querySelector("button").addEventListener("click", () => {
      forget(id);
      entry.remove();
      if (list.children.length === 0) section.remove();
    });
    list.append(entry);
  }
  section.querySelector("[data-off]").addEventListener("click", () => {
    keepMine({ off: true, events: [] });
    section.remove();
  });
  template.before(section);
}
