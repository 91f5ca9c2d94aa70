// Search while typing, and loading more events into the page. Without JavaScript the form and the links do the same.

const TYPING_DELAY_MS = 300;

const form = document.querySelector(".et-search");
const search = form.querySelector("#q");
const announcement = document.querySelector("[data-announce]");
const results = () => document.querySelector("#results");

function announce(text) {
  announcement.textContent = text;
}

async function fetchPage(url, signal) {
  const response = await fetch(url, { signal, headers: { accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// Empty fields are left out of the URL.
function searchUrl() {
  const params = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  return params.size ? `/?${params}` : "/";
}

let pending;

async function show(url) {
  pending?.abort();
  pending = new AbortController();
  try {
    const other = await fetchPage(url, pending.signal);
    results().replaceWith(other.querySelector("#results"));
    results().dispatchEvent(new Event("results:replaced", { bubbles: true }));
    document.querySelector("h1").textContent = other.querySelector("h1").textContent;
    document.title = other.title;
    enableLoadMore();
    announce(results().dataset.announcement);
    return true;
  } catch (error) {
    // Aborted by further typing, or offline: the submit button still works.
    return error.name === "AbortError";
  }
}

let typing;
let typed = false;

form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const url = searchUrl();
    if (!(await show(url)) || url !== searchUrl()) return;
    // One history entry per search, not one per letter.
    history[typed ? "replaceState" : "pushState"](null, "", url);
    shownSearch = location.search;
    typed = true;
  }, TYPING_DELAY_MS);
});

search.addEventListener("blur", () => {
  typed = false;
});

// Does not reload if only the fragment differs.
let shownSearch = location.search;
addEventListener("popstate", () => {
  if (location.search !== shownSearch) location.reload();
});

// Appends the next page's months, days and cards. A month or day that both pages have is merged.
function append(target, source, selectors) {
  const [selector, ...inner] = selectors;
  for (const part of [...source.querySelectorAll(selector)]) {
    const last = [...target.querySelectorAll(selector)].at(-1);
    const same = last && (last.dataset.name ?? last.querySelector("h2")?.id) === (part.dataset.name ?? part.querySelector("h2")?.id);
    if (same && inner.length > 0) append(last, part, inner);
    else if (last) last.after(part);
    else target.append(part);
  }
}

function enableLoadMore() {
  const link = document.querySelector("a[rel=next]");
  if (!link) return;
  link.textContent = link.dataset.more;
  link.addEventListener("click", async (click) => {
    click.preventDefault();
    link.textContent = link.dataset.loading;
    try {
      const other = await fetchPage(link.href);
      // A second click, or the results were replaced by a search.
      if (!link.isConnected) return;
      const first = other.querySelector(".et-card-title a");
      const list = document.querySelector(".et-results");
      const pager = list.querySelector(".et-pager");
      const next = other.querySelector("a[rel=next]");
      pager.remove();
      append(list, other, [".et-agenda", ".et-month", ".et-day", ".et-cards > li"]);
      if (next) {
        pager.replaceChildren(next);
        list.append(pager);
        enableLoadMore();
      }
      announce(other.querySelector("#results").dataset.announcement);
      first?.focus({ preventScroll: true });
    } catch {
      link.textContent = link.dataset.failed;
    }
  });
}

enableLoadMore();
