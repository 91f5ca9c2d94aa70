// Search as one types, and more events on the same page. Without it the form and the links do the same.

const TYPING_MS = 300;

const form = document.querySelector(".et-search");
const search = form.querySelector("#q");
const announcement = document.querySelector("[data-announce]");
const found = () => document.querySelector("#found");

function announce(words) {
  announcement.textContent = words;
}

async function page(address, signal) {
  const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Empty fields say nothing: they do not belong into the address.
function address() {
  const wishes = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  return wishes.size ? `/?${wishes}` : "/";
}

let asking;

async function show(address) {
  asking?.abort();
  asking = new AbortController();
  try {
    const other = await page(address, asking.signal);
    found().replaceWith(other.querySelector("#found"));
    found().dispatchEvent(new Event("found", { bubbles: true }));
    document.querySelector("h1").textContent = other.querySelector("h1").textContent;
    document.title = other.title;
    offerMore();
    announce(found().dataset.shown);
    return true;
  } catch (problem) {
    // Overtaken by more typing, or offline: the button still asks.
    return problem.name === "AbortError";
  }
}

let typing;
let typed = false;

form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const wanted = address();
    if (!(await show(wanted)) || wanted !== address()) return;
    // One search is one step back, however many letters it took.
    history[typed ? "replaceState" : "pushState"](null, "", wanted);
    shown = location.search;
    typed = true;
  }, TYPING_MS);
});

search.addEventListener("blur", () => {
  typed = false;
});

// Not where only a fragment differs: that is a step within the page.
let shown = location.search;
addEventListener("popstate", () => {
  if (location.search !== shown) location.reload();
});

// Puts what follows after what is there: the same month goes on, and so does the same day.
function join(here, more, parts) {
  const [selector, ...inner] = parts;
  for (const part of [...more.querySelectorAll(selector)]) {
    const last = [...here.querySelectorAll(selector)].at(-1);
    const same = last && (last.dataset.name ?? last.querySelector("h2")?.id) === (part.dataset.name ?? part.querySelector("h2")?.id);
    if (same && inner.length > 0) join(last, part, inner);
    else if (last) last.after(part);
    else here.append(part);
  }
}

function offerMore() {
  const link = document.querySelector("a[rel=next]");
  if (!link) return;
  link.textContent = link.dataset.more;
  link.addEventListener("click", async (click) => {
    click.preventDefault();
    link.textContent = link.dataset.loading;
    try {
      const other = await page(link.href);
      // Clicked twice, or overtaken by a search.
      if (!link.isConnected) return;
      const first = other.querySelector(".et-card-title a");
      const results = document.querySelector(".et-results");
      const pager = results.querySelector(".et-pager");
      const next = other.querySelector("a[rel=next]");
      pager.remove();
      join(results, other, [".et-agenda", ".et-month", ".et-day", ".et-cards > li"]);
      if (next) {
        pager.replaceChildren(next);
        results.append(pager);
        offerMore();
      }
      announce(other.querySelector("#found").dataset.shown);
      first?.focus({ preventScroll: true });
    } catch {
      link.textContent = link.dataset.failed;
    }
  });
}

offerMore();
