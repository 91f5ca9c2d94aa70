// When the event is by the visitor's own clock, where that shows another time. It runs where it stands, before what
// follows is laid out, so that its line moves nothing.
{
  const line = document.currentScript.previousElementSibling;
  const { start, end, zone, words } = line.dataset;
  const { lang } = document.documentElement;
  // The board's English puts the day before the month.
  const told = (options) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options);

  const day = (date) => told({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date);
  const time = (date) => {
    const [hour, minutes] = [date.getHours(), date.getMinutes()].map(String);
    const two = minutes.padStart(2, "0");
    // As the board writes it: 9h, 9h05; 09:05.
    return lang === "pt-BR" ? `${hour}h${two === "00" ? "" : two}` : `${hour.padStart(2, "0")}:${two}`;
  };
  const zoneName = (date) => {
    const parts = told({ timeZoneName: "longGeneric" }).formatToParts(date);
    const { value } = parts.find(({ type }) => type === "timeZoneName");
    // “Horário Padrão do Japão”: who lives by it calls it less.
    return value
      .replace(/^Horário( Padrão)?/, "horário")
      .replace(/^hora estándar/, "hora")
      .replace(/( Standard)? Time$/, " time");
  };

  const [from, to] = [new Date(start), new Date(end)];
  const clock = { dateStyle: "short", timeStyle: "short" };
  if (told(clock).format(from) !== told({ ...clock, timeZone: zone }).format(from)) {
    let when = `${day(from)}, ${time(from)}`;
    if (end) when += ` – ${day(to) === day(from) ? "" : `${day(to)}, `}${time(to)}`;
    line.textContent = `${words} (${zoneName(from)}): ${when}`;
    line.hidden = false;
  }
}
