// The event form: date preview, character counters, suggestions, and a draft in local storage.

const lang = document.documentElement.lang;

function debounce(ms, action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
}

// A link to a field inside a closed <details> opens it.
for (const link of document.querySelectorAll("main a[href^='#']")) {
  link.addEventListener("click", () => {
    const details = document.querySelector(link.hash)?.closest("details");
    if (details) details.open = true;
  });
}

// The date as the event page will show it: names from the browser's locale data, in the order of the site's translations. It is
// updated after a pause, because screen readers announce each change.
const PREVIEW_DELAY_MS = 600;

function formatPreview(preview, typed, zone) {
  const [, year, month, day, hour, minutes] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(typed) ?? [];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (!(year >= 1970 && year <= 2100)) return "";
  const longName = (part) => new Intl.DateTimeFormat(lang, { [part]: "long", timeZone: "UTC" }).format(date);
  const values = { weekday: longName("weekday"), day: +day, month: longName("month"), year, hour: lang === "pt-BR" ? +hour : hour, minutes, zone };
  const fill = (pattern) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  values.time = fill(minutes === "00" ? preview.hour : preview.hourAndMinutes);
  return fill(+day === 1 ? preview.patternFirst : preview.pattern);
}

for (const preview of document.querySelectorAll("#preview")) {
  const { date, timezone } = document.querySelector("form[data-submit-once] #date").form.elements;
  const update = () => {
    const { value, dataset } = timezone.selectedOptions[0];
    const city = value.split("/").at(-1).replaceAll("_", " ");
    const zone = dataset.zone ?? preview.dataset.zone.replace("{city}", city);
    for (const element of document.querySelectorAll("[data-zone-name]")) element.textContent = zone;
    preview.textContent = formatPreview(preview.dataset, date.value, zone);
  };
  date.addEventListener("input", debounce(PREVIEW_DELAY_MS, update));
  timezone.addEventListener("input", update);
  addEventListener("form:filled", update);
}

// Remaining characters, counted like the server (Unicode scalar values in NFC), and announced to screen readers below this share
// of the maximum.
const ANNOUNCED_SHARE = 0.1;
const ANNOUNCE_DELAY_MS = 1000;

for (const field of document.querySelectorAll("[data-max]")) {
  const announcement = document.querySelector("#count");
  const [label] = field.labels;
  const counter = document.createElement("span");
  counter.className = "et-count";
  counter.setAttribute("aria-hidden", "true");
  label.after(counter);
  const max = Number(field.dataset.max);
  const remaining = () => {
    const text = field.localName === "textarea" ? field.value : field.value.trim();
    return max - [...text.normalize("NFC")].length;
  };
  const format = (count) => {
    const { one, left, over } = announcement.dataset;
    if (count === 1) return one;
    return (count < 0 ? over : left).replace("{n}", Math.abs(count).toLocaleString(lang));
  };
  const update = () => {
    counter.textContent = field.value ? format(remaining()) : "";
    counter.classList.toggle("et-count-over", remaining() < 0);
  };
  const announce = debounce(ANNOUNCE_DELAY_MS, () => {
    announcement.textContent = remaining() <= max * ANNOUNCED_SHARE ? format(remaining()) : "";
  });
  field.addEventListener("input", () => {
    update();
    announce();
  });
  addEventListener("form:filled", update);
  update();
}

// A <datalist> matches the whole value, so each suggestion is prefixed with the comma-separated names that are already typed.
for (const field of document.querySelectorAll("input[list]")) {
  const names = [...(field.list?.options ?? [])].map((option) => option.value);
  let prefix = "";
  field.addEventListener("input", () => {
    const typed = /^(.*,\s*)?/s.exec(field.value)[0];
    if (typed === prefix) return;
    prefix = typed;
    const used = new Set(typed.split(",").map((name) => name.trim().toLowerCase()));
    const before = typed.endsWith(",") ? `${typed} ` : typed;
    const unused = names.filter((name) => !used.has(name.toLowerCase()));
    field.list?.replaceChildren(...unused.map((name) => new Option("", before + name)));
  });
}

// The draft of a new event: stored in this browser until the event is published, for at most a week. It contains only the visible
// fields, neither the form token nor the honeypot.
const DRAFT_KEY = "encontros-draft";
const DRAFT_TTL_MS = 7 * 24 * 60 * 60 * 1000;
const SAVE_DELAY_MS = 400;

const drafts = {
  read() {
    try {
      const draft = JSON.parse(localStorage.getItem(DRAFT_KEY));
      if (draft && Date.now() - draft.at < DRAFT_TTL_MS) return draft;
      localStorage.removeItem(DRAFT_KEY);
    } catch {
      // Storage is not available.
    }
    return null;
  },
  write(draft) {
    try {
      if (draft) localStorage.setItem(DRAFT_KEY, JSON.stringify(draft));
      else localStorage.removeItem(DRAFT_KEY);
      return true;
    } catch {
      return false;
    }
  },
};

// The page after publishing. If it is opened again later, it does not delete the draft of another event.
if (document.querySelector("[data-published]") && drafts.read()?.sent) drafts.write(null);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const fields = [...form.elements].filter((field) => field.name && field.closest(".et-field"));
  const untouched = (field) =>
    field.selectedOptions ? field.selectedOptions[0]?.defaultSelected : field.value === field.defaultValue;
  const canRestore = form.dataset.draft === "restore";
  const notice = document.querySelector("#draft");
  let [changed, sent] = [false, false];
  const save = () => {
    changed = false;
    if (!fields.every(untouched)) {
      const typed = fields.map((field) => [field.name, field.value]);
      drafts.write({ at: Date.now(), sent, fields: Object.fromEntries(typed) });
    } else if (canRestore) drafts.write(null);
    else if (sent && drafts.read()) drafts.write({ ...drafts.read(), sent });
  };

  const draft = drafts.read();
  if (draft && canRestore && fields.every(untouched)) {
    for (const field of fields) {
      const typed = draft.fields[field.name];
      const isOption = !field.options || [...field.options].some((option) => option.value === typed);
      if (typed !== undefined && isOption) field.value = typed;
    }
    if (!fields.every(untouched)) {
      const format = { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
      const when = new Intl.DateTimeFormat(lang, format).format(draft.at);
      notice.hidden = false;
      notice.querySelector("p").textContent = notice.dataset.restored.replace("{when}", when);
      for (const details of form.querySelectorAll("details")) {
        if (fields.some((field) => details.contains(field) && !untouched(field))) details.open = true;
      }
    }
  }
  // The form was submitted and is shown again, so the event is not published.
  if (draft?.sent) drafts.write({ ...draft, sent: false });

  notice.querySelector("button").addEventListener("click", () => {
    drafts.write(null);
    form.reset();
    notice.hidden = true;
    fields[0].focus();
    dispatchEvent(new Event("form:filled"));
  });
  const saveLater = debounce(SAVE_DELAY_MS, save);
  form.addEventListener("input", () => {
    [changed, sent] = [true, false];
    saveLater();
  });
  form.addEventListener("submit", () => {
    sent = true;
    save();
  });
  addEventListener("pagehide", () => {
    if (changed) save();
  });
  form.querySelector("[data-draft-saved]").hidden = !drafts.write(drafts.read());
}
dispatchEvent(new Event("form:filled"));
