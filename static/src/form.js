// The form's comforts: how the date will read, how much room is left, names in use, a draft that is not lost.

const lang = document.documentElement.lang;

function later(ms, act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
}

// A link to a folded field unfolds it.
for (const link of document.querySelectorAll("main a[href^='#']")) {
  link.addEventListener("click", () => {
    const fold = document.querySelector(link.hash)?.closest("details");
    if (fold) fold.open = true;
  });
}

// How the date will read: the words of the calendar are the browser's, their order is the board's. Said when typing rests.
const SPOKEN_MS = 600;

function words(preview, typed, zone) {
  const [, year, month, day, hour, minutes] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(typed) ?? [];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (!(year >= 1970 && year <= 2100)) return "";
  const named = (part) => new Intl.DateTimeFormat(lang, { [part]: "long", timeZone: "UTC" }).format(date);
  const blanks = { weekday: named("weekday"), day: +day, month: named("month"), year, hour: lang === "pt-BR" ? +hour : hour, minutes, zone };
  const filled = (pattern) => pattern.replace(/\{(\w+)\}/g, (_, name) => blanks[name]);
  blanks.time = filled(minutes === "00" ? preview.hour : preview.hourAndMinutes);
  return filled(+day === 1 ? preview.patternFirst : preview.pattern);
}

for (const preview of document.querySelectorAll("#preview")) {
  const { date, timezone } = document.querySelector("form[data-once] #date").form.elements;
  const show = () => {
    const { value, dataset } = timezone.selectedOptions[0];
    const city = value.split("/").at(-1).replaceAll("_", " ");
    const zone = dataset.zone ?? preview.dataset.zone.replace("{city}", city);
    for (const shown of document.querySelectorAll("[data-zone-words]")) shown.textContent = zone;
    preview.textContent = words(preview.dataset, date.value, zone);
  };
  const soon = later(SPOKEN_MS, show);
  date.addEventListener("input", soon);
  timezone.addEventListener("input", show);
  addEventListener("form:filled", show);
}

// Room left, counted as the board counts; said aloud where it gets scarce.
const SCARCE = 0.1;

for (const field of document.querySelectorAll("[data-max]")) {
  const said = document.querySelector("#count");
  const [label] = field.labels;
  const shown = document.createElement("span");
  shown.className = "et-count";
  shown.setAttribute("aria-hidden", "true");
  label.after(shown);
  const max = Number(field.dataset.max);
  const left = () => {
    const text = field.localName === "textarea" ? field.value : field.value.trim();
    return max - [...text.normalize("NFC")].length;
  };
  const phrase = (left) => {
    const { one, left: some, over } = said.dataset;
    if (left === 1) return one;
    return (left < 0 ? over : some).replace("{n}", Math.abs(left).toLocaleString(lang));
  };
  const show = () => {
    shown.textContent = field.value ? phrase(left()) : "";
    shown.classList.toggle("et-count-over", left() < 0);
  };
  const speak = later(1000, () => {
    said.textContent = left() <= max * SCARCE ? phrase(left()) : "";
  });
  field.addEventListener("input", () => {
    show();
    speak();
  });
  addEventListener("form:filled", show);
  show();
}

// A list matches the whole of what is typed, so each suggestion is put after the names that stand there already.
for (const field of document.querySelectorAll("input[list]")) {
  const names = [...(field.list?.options ?? [])].map((option) => option.value);
  let known = "";
  field.addEventListener("input", () => {
    const typed = /^(.*,\s*)?/s.exec(field.value)[0];
    if (typed === known) return;
    known = typed;
    const there = new Set(typed.split(",").map((name) => name.trim().toLowerCase()));
    const before = typed.endsWith(",") ? `${typed} ` : typed;
    const free = names.filter((name) => !there.has(name.toLowerCase()));
    field.list?.replaceChildren(...free.map((name) => new Option("", before + name)));
  });
}

// The draft of a new event: kept in this browser as it is typed, until it is published, a week at most. Only what people
// type: neither the stamp nor the field for programs.
const DRAFT = "encontros-draft";
const DRAFT_MS = 7 * 24 * 60 * 60 * 1000;
const KEPT_MS = 400;

const drafts = {
  read() {
    try {
      const draft = JSON.parse(localStorage.getItem(DRAFT));
      if (draft && Date.now() - draft.at < DRAFT_MS) return draft;
      localStorage.removeItem(DRAFT);
    } catch {
      // A browser that keeps nothing has no draft.
    }
    return null;
  },
  keep(draft) {
    try {
      if (draft) localStorage.setItem(DRAFT, JSON.stringify(draft));
      else localStorage.removeItem(DRAFT);
      return true;
    } catch {
      return false;
    }
  },
};

// The page after publishing; one that is looked up again leaves the draft of another event alone.
if (document.querySelector("[data-published]") && drafts.read()?.sent) drafts.keep(null);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const fields = [...form.elements].filter((field) => field.name && field.closest(".et-field"));
  const untouched = (field) =>
    field.selectedOptions ? field.selectedOptions[0]?.defaultSelected : field.value === field.defaultValue;
  const empty = form.dataset.draft === "restore";
  const notice = document.querySelector("#draft");
  let [changed, sent] = [false, false];
  const keep = () => {
    changed = false;
    if (!fields.every(untouched)) {
      const typed = fields.map((field) => [field.name, field.value]);
      drafts.keep({ at: Date.now(), sent, fields: Object.fromEntries(typed) });
    } else if (empty) drafts.keep(null);
    else if (sent && drafts.read()) drafts.keep({ ...drafts.read(), sent });
  };

  const draft = drafts.read();
  if (draft && empty && fields.every(untouched)) {
    for (const field of fields) {
      const typed = draft.fields[field.name];
      const offered = !field.options || [...field.options].some((option) => option.value === typed);
      if (typed !== undefined && offered) field.value = typed;
    }
    if (!fields.every(untouched)) {
      const moment = { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
      const when = new Intl.DateTimeFormat(lang, moment).format(draft.at);
      notice.hidden = false;
      notice.querySelector("p").textContent = notice.dataset.restored.replace("{when}", when);
      for (const fold of form.querySelectorAll("details")) {
        if (fields.some((field) => fold.contains(field) && !untouched(field))) fold.open = true;
      }
    }
  }
  // It came back, so it is not published yet.
  if (draft?.sent) drafts.keep({ ...draft, sent: false });

  notice.querySelector("button").addEventListener("click", () => {
    drafts.keep(null);
    form.reset();
    notice.hidden = true;
    fields[0].focus();
    dispatchEvent(new Event("form:filled"));
  });
  const soon = later(KEPT_MS, keep);
  form.addEventListener("input", () => {
    [changed, sent] = [true, false];
    soon();
  });
  form.addEventListener("submit", () => {
    sent = true;
    keep();
  });
  addEventListener("pagehide", () => {
    if (changed) keep();
  });
  form.querySelector("[data-draft-kept]").hidden = !drafts.keep(drafts.read());
}
dispatchEvent(new Event("form:filled"));
