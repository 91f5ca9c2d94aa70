// Shows the event's time in the visitor's time zone, if it differs. The script runs before the content below it is laid out, so
// that the added line does not shift the layout.
{
  const line = document.currentScript.previousElementSibling;
  const { start, end, zone, label } = line.dataset;
  const { lang } = document.documentElement;
  // The site's English puts the day before the month.
  const formatter = (options) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options);

  const day = (date) => formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date);
  const time = (date) => {
    const [hour, minutes] = [date.getHours(), date.getMinutes()].map(String);
    const two = minutes.padStart(2, "0");
    // In the site's format: 9h, 9h05; 09:05.
    return lang === "pt-BR" ? `${hour}h${two === "00" ? "" : two}` : `${hour.padStart(2, "0")}:${two}`;
  };
  const zoneName = (date) => {
    const parts = formatter({ timeZoneName: "longGeneric" }).formatToParts(date);
    const { value } = parts.find(({ type }) => type === "timeZoneName");
    // “Horário Padrão do Japão”: everyday language omits “Padrão”.
    return value
      .replace(/^Horário( Padrão)?/, "horário")
      .replace(/^hora estándar/, "hora")
      .replace(/( Standard)? Time$/, " time");
  };

  const [from, to] = [new Date(start), new Date(end)];
  const minute = { dateStyle: "short", timeStyle: "short" };
  if (formatter(minute).format(from) !== formatter({ ...minute, timeZone: zone }).format(from)) {
    let when = `${day(from)}, ${time(from)}`;
    if (end) when += ` – ${day(to) === day(from) ? "" : `${day(to)}, `}${time(to)}`;
    line.textContent = `${label} (${zoneName(from)}): ${when}`;
    line.hidden = false;
  }
}
