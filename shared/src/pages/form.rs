//! The form that publishes an event and the one that changes it.

use chrono::NaiveDateTime;
use chrono_tz::{TZ_VARIANTS, Tz};
use fluent_bundle::FluentValue;
use serde::Serialize;

use super::{
    dates,
    event::attendance_key,
    i18n::Lang,
    select_options::Choice,
    view::{Page, View},
};
use crate::domain::{
    Attendance, DESCRIPTION_CHARS_MAX, Event, EventForm, FieldError, LINE_CHARS_MAX,
    ORGANIZER_CHARS_MAX, Status, ValidationErrors, YEARS, parse_instant,
};

/// Brazil's zones, the most populous first, as the form offers them before all others.
const BRAZILIAN_ZONES: [Tz; 16] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::America::Recife,
    chrono_tz::America::Fortaleza,
    chrono_tz::America::Bahia,
    chrono_tz::America::Maceio,
    chrono_tz::America::Belem,
    chrono_tz::America::Santarem,
    chrono_tz::America::Araguaina,
    chrono_tz::America::Manaus,
    chrono_tz::America::Porto_Velho,
    chrono_tz::America::Boa_Vista,
    chrono_tz::America::Cuiaba,
    chrono_tz::America::Campo_Grande,
    chrono_tz::America::Rio_Branco,
    chrono_tz::America::Eirunepe,
    chrono_tz::America::Noronha,
];

/// The continents and oceans whose zones are offered; the rest of the database are old names.
const REGIONS: [&str; 9] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// The form as it is shown: what was typed, and what is wrong with it.
#[derive(Debug, Serialize)]
struct FormView {
    problems: Vec<FieldErrorView>,
    /// The fields that are never folded away.
    needed: Vec<Field>,
    /// The others.
    groups: Vec<Group>,
    /// Whether the folded part holds something the visitor should see: a problem, or what was typed there.
    unfolded: bool,
    /// Technologies in use, to choose from while typing.
    suggestions: Vec<String>,
}

/// Fields that belong together, under their heading.
#[derive(Debug, Serialize)]
struct Group {
    legend: String,
    hint: Option<String>,
    fields: Vec<Field>,
}

/// A field, with all that stands around it.
#[derive(Debug, Default, Serialize)]
struct Field {
    name: &'static str,
    label: String,
    hint: Option<String>,
    /// The messages about it, joined.
    wrong: String,
    /// The ids of the texts that say more of it.
    described_by: String,
    /// What an `input` calls its type; of no meaning where there are choices or many lines.
    kind: &'static str,
    value: String,
    choices: Vec<Part>,
    many_lines: bool,
    required: bool,
    /// Whether the page opens with the cursor in it.
    first: bool,
    /// Beside another one where there is room.
    half: bool,
    /// The longest text that is accepted, in characters, where a script counts them.
    chars_max: Option<usize>,
    /// Times with seconds, which a browser takes only where the step allows them.
    seconds: bool,
    /// The latest time that is accepted: browsers that know it go on to the hour after four digits of a year.
    latest: String,
    /// Whose time it is, in words.
    zone: String,
    preview: Option<Preview>,
    suggested: bool,
}

/// How the date will read, and the pieces that a script puts together in the same way as it is typed.
#[derive(Debug, Serialize)]
struct Preview {
    words: String,
    pattern: String,
    /// The same on the first of a month.
    pattern_first: String,
    hour: String,
    hour_and_minutes: String,
    zone: String,
}

impl Preview {
    fn new(lang: Lang, wall: Option<NaiveDateTime>, zone: &str) -> Self {
        let of = |moment: String| lang.text_with("preview", [("moment", moment.into())]);
        let pattern = |day: FluentValue<'static>| {
            let names = ["weekday", "month", "year"].map(|name| (name, format!("{{{name}}}")));
            let [weekday, month, year] = names.map(|(name, blank)| (name, blank.into()));
            let day = lang.text_with("day", [weekday, ("day", day), month, year]);
            let time = ("time", "{time}".into());
            of(lang.text_with(
                "moment",
                [("day", day.into()), time, ("zone", "{zone}".into())],
            ))
        };
        let time = |key| {
            lang.text_with(
                key,
                [("hour", "{hour}".into()), ("minutes", "{minutes}".into())],
            )
        };
        Self {
            words: wall.map_or_else(String::new, |wall| {
                of(dates::moment_words(lang, wall, zone))
            }),
            pattern: pattern("{day}".into()),
            pattern_first: pattern(1.into()),
            hour: time("hour"),
            hour_and_minutes: time("hour-and-minutes"),
            zone: lang.text_with("zone-other", [("city", "{city}".into())]),
        }
    }
}

/// A time as typed, in words, if it is one.
fn moment_in_words(lang: Lang, typed: &str, zone: Tz) -> Option<String> {
    let at = parse_instant(typed, zone)?;
    let wall = at.with_timezone(&zone).naive_local();
    Some(dates::moment_words(
        lang,
        wall,
        &dates::zone_words(lang, zone, at),
    ))
}

/// What a list offers, in parts that may have a name.
#[derive(Debug, Serialize)]
struct Part {
    label: Option<String>,
    choices: Vec<Choice>,
}

/// A problem in the summary on top of the form.
#[derive(Debug, Serialize)]
struct FieldErrorView {
    field: String,
    label: String,
    message: String,
}

impl FormView {
    fn new(
        form: &EventForm,
        problems: Option<&ValidationErrors>,
        default_timezone: Tz,
        view: &View,
    ) -> Self {
        let lang = view.lang;
        let told: Vec<FieldErrorView> = problems
            .iter()
            .flat_map(|problems| problems.iter())
            .map(|problem| told(lang, form, problem))
            .collect();
        let field = |name: &'static str, kind: &'static str, value: &str| {
            let messages = told.iter().filter(|told| told.field == name);
            let messages: Vec<_> = messages.map(|told| told.message.as_str()).collect();
            Field {
                name,
                kind,
                label: lang.text(&format!("field-{name}")),
                hint: lang.try_text(&format!("field-{name}-hint")),
                wrong: messages.join(" "),
                value: value.to_owned(),
                ..Field::default()
            }
        };
        let list = |name, choices| Field {
            choices,
            ..field(name, "", "")
        };
        let group = |legend: &str, fields: Vec<Field>| Group {
            legend: lang.text(legend),
            hint: None,
            fields: fields.into_iter().map(Field::described).collect(),
        };

        let zone_name = Some(form.timezone.trim()).filter(|name| !name.is_empty());
        let zone_name = zone_name.unwrap_or(default_timezone.name());
        let zone: Option<Tz> = zone_name.parse().ok();
        let in_order = told.iter().all(|told| told.field != "date");
        let start = zone.and_then(|zone| parse_instant(form.date.trim(), zone));
        let start = start.filter(|_| in_order);
        let wall = start
            .zip(zone)
            .map(|(start, zone)| start.with_timezone(&zone).naive_local());
        let zone_words = zone.map_or_else(
            || zone_name.to_owned(),
            |zone| dates::zone_words(lang, zone, start.unwrap_or(view.now)),
        );
        let (start, end) = (minutes(&form.date), minutes(&form.end_date));
        let moment_of = |name, typed: &str| Field {
            seconds: start.len() > MINUTES_CHARS || end.len() > MINUTES_CHARS,
            latest: format!("{}-12-31T23:59", YEARS.end()),
            zone: zone_words.clone(),
            ..field(name, "datetime-local", typed)
        };
        let needed = [
            Field {
                chars_max: Some(LINE_CHARS_MAX),
                ..field("title", "text", &form.title)
            },
            Field {
                preview: Some(Preview::new(lang, wall, &zone_words)),
                ..moment_of("date", start)
            },
            Field {
                chars_max: Some(LINE_CHARS_MAX),
                ..field("location", "text", &form.location)
            },
        ];
        let names = form.technologies.iter().map(|name| name.trim());
        let names = names.collect::<Vec<_>>().join(", ");
        let attendance = choices(
            &Attendance::ALL,
            Attendance::as_str,
            &form.attendance,
            |attendance| lang.text(attendance_key(attendance)),
        );
        let status = choices(&Status::ALL, Status::as_str, &form.status, |status| {
            lang.text(&format!("status-{}", status.as_str()))
        });
        let half = |name, value| Field {
            half: true,
            ..field(name, "text", value)
        };
        Self {
            needed: needed.map(Field::needed).into(),
            groups: vec![
                group(
                    "group-about",
                    vec![
                        Field {
                            many_lines: true,
                            chars_max: Some(DESCRIPTION_CHARS_MAX),
                            ..field("description", "", &form.description)
                        },
                        field("technologies", "text", &names),
                    ],
                ),
                group(
                    "group-when",
                    vec![
                        moment_of("end_date", end),
                        list("timezone", zones(view, zone_name)),
                        list("status", status),
                    ],
                ),
                Group {
                    hint: Some(lang.text("group-where-hint")),
                    ..group(
                        "group-where",
                        vec![
                            half("city", &form.city),
                            half("state", &form.state),
                            list("attendance", attendance),
                        ],
                    )
                },
                group(
                    "group-contact",
                    vec![
                        Field {
                            chars_max: Some(ORGANIZER_CHARS_MAX),
                            ..field("organizer", "text", &form.organizer)
                        },
                        field("url", "url", &form.url),
                    ],
                ),
            ],
            unfolded: fills_details(form)
                || told
                    .iter()
                    .any(|told| !FIELDS_IN_SIGHT.contains(&told.field.as_str())),
            suggestions: Vec::new(),
            problems: told,
        }
    }

    fn suggest(&mut self, technologies: Vec<String>) {
        let fields = self.groups.iter_mut().flat_map(|group| &mut group.fields);
        for field in fields.filter(|field| field.name == "technologies") {
            field.suggested = !technologies.is_empty();
        }
        self.suggestions = technologies;
    }

    /// What browsers call a page with this form, which says first that something is wrong with it.
    fn page_title(&self, title: String, lang: Lang) -> String {
        if self.problems.is_empty() {
            return title;
        }
        lang.text_with("problems-page-title", [("title", title.into())])
    }
}

impl Field {
    fn needed(self) -> Self {
        let required = true;
        Self { required, ..self }.described()
    }

    /// This field, which names what stands around it.
    fn described(mut self) -> Self {
        let texts = [
            ("hint", self.hint.is_some()),
            ("zone", !self.zone.is_empty()),
            ("error", !self.wrong.is_empty()),
        ];
        let texts = texts.into_iter().filter(|(_, there)| *there);
        let ids: Vec<_> = texts
            .map(|(text, _)| format!("{}-{text}", self.name))
            .collect();
        self.described_by = ids.join(" ");
        self
    }
}

/// The fields that are never folded away.
const FIELDS_IN_SIGHT: [&str; 3] = ["title", "date", "location"];

/// A time to the minute, as a browser writes it.
const MINUTES_CHARS: usize = "2027-03-18T19:00".len();

/// The time as typed, without seconds that say nothing.
fn minutes(typed: &str) -> &str {
    let typed = typed.trim();
    let short = typed.strip_suffix(":00");
    short
        .filter(|short| short.len() == MINUTES_CHARS)
        .unwrap_or(typed)
}

fn told(lang: Lang, form: &EventForm, problem: &FieldError) -> FieldErrorView {
    let field = problem.field().to_owned();
    let message = lang.problem(&problem.code);
    FieldErrorView {
        label: lang.text(&format!("field-{field}")),
        message: match named_technology(form, &problem.pointer) {
            Some(name) => format!("{name}: {message}"),
            None => message,
        },
        field,
    }
}

/// Whether something other than the defaults, and what the board itself derives, is in the folded part.
fn fills_details(form: &EventForm) -> bool {
    let texts = [
        &form.description,
        &form.end_date,
        &form.url,
        &form.organizer,
    ];
    let chosen = |typed: &str, default: &str| !typed.trim().is_empty() && typed.trim() != default;
    texts.into_iter().any(|text| !text.trim().is_empty())
        || form.technologies.iter().any(|name| !name.trim().is_empty())
        || chosen(&form.attendance, Attendance::InPerson.as_str())
        || chosen(&form.status, Status::Scheduled.as_str())
}

/// Which of the technologies a pointer blames, shortened to be quoted.
fn named_technology(form: &EventForm, pointer: &str) -> Option<String> {
    let place: usize = pointer.strip_prefix("/technologies/")?.parse().ok()?;
    Some(format!(
        "“{}”",
        form.technologies
            .get(place)?
            .trim()
            .chars()
            .take(60)
            .collect::<String>()
    ))
}

/// The zones to choose from.
fn zones(view: &View, chosen: &str) -> Vec<Part> {
    let lang = view.lang;
    let brazilian = BRAZILIAN_ZONES.into_iter().map(|zone| Choice {
        zone: Some(dates::zone_words(lang, zone, view.now)),
        ..zone_choice(lang, zone, chosen)
    });
    let part = |label, choices| Part {
        label: Some(lang.text(label)),
        choices,
    };
    vec![
        part("zones-brazil", brazilian.collect()),
        part("zones-other", other_zones(lang, chosen)),
    ]
}

fn zone_choice(lang: Lang, zone: Tz, chosen: &str) -> Choice {
    let key = zone.name().replace('/', "-");
    let words = lang.try_text(&["zone-choice-", &key].concat());
    Choice {
        value: zone.name().to_owned(),
        words: words.unwrap_or_else(|| zone.name().replace('_', " ")),
        chosen: zone.name() == chosen,
        zone: lang.try_text(&["zone-", &key].concat()),
    }
}

/// The zones beside Brazil's. One under a name that is not offered leads them: a list in which nothing is chosen would be
/// sent with its first entry, and the event would move.
fn other_zones(lang: Lang, chosen: &str) -> Vec<Choice> {
    let region = |zone: &Tz| {
        zone.name()
            .split('/')
            .next()
            .is_some_and(|region| REGIONS.contains(&region))
    };
    let mut zones: Vec<Choice> = TZ_VARIANTS
        .iter()
        .copied()
        .filter(|zone| *zone == chrono_tz::UTC || region(zone))
        .filter(|zone| !BRAZILIAN_ZONES.contains(zone))
        .map(|zone| zone_choice(lang, zone, chosen))
        .collect();
    let brazilian = BRAZILIAN_ZONES.iter().any(|zone| zone.name() == chosen);
    if !brazilian && !zones.iter().any(|zone| zone.chosen) {
        zones.insert(
            0,
            Choice {
                value: chosen.to_owned(),
                words: chosen.to_owned(),
                chosen: true,
                zone: None,
            },
        );
    }
    zones
}

fn choices<T: Copy>(
    all: &[T],
    value: fn(T) -> &'static str,
    typed: &str,
    words: impl Fn(T) -> String,
) -> Vec<Part> {
    let chosen =
        |choice: T, first: bool| value(choice) == typed.trim() || typed.trim().is_empty() && first;
    let offered = all.iter().enumerate();
    let choices = offered.map(|(place, choice)| Choice {
        value: value(*choice).to_owned(),
        words: words(*choice),
        chosen: chosen(*choice, place == 0),
        zone: None,
    });
    vec![Part {
        label: None,
        choices: choices.collect(),
    }]
}

/// What makes the board doubt that a person has filled in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpamSuspicion {
    /// Something is in the field that people do not see.
    HoneypotFilled,
    /// It took less time than a person takes.
    TooSoon,
    /// The board has not given it out, or long ago.
    NoFormToken,
}

/// Why a form that is in order is shown again.
#[derive(Debug, Serialize)]
struct Again {
    title: String,
    detail: String,
}

/// `GET /events/new`, and `POST /events/` where something was wrong.
#[derive(Debug, Serialize)]
pub struct CreatePage {
    /// Its stamp, which makes sending it twice publish once; none while the board's secret is out of reach.
    key: Option<String>,
    /// The event that the form has published already.
    published: Option<i64>,
    /// Why to send it again.
    again: Option<Again>,
    /// The title of the event that it was filled in from.
    copied: Option<String>,
    /// What a script does with the draft in the browser: `restore` it into a form that is empty, or only `keep` it.
    draft: &'static str,
    form: FormView,
}

impl CreatePage {
    /// The form as typed, with what is wrong with it. It publishes once under this stamp.
    #[must_use]
    pub fn new(
        form: &EventForm,
        problems: Option<&ValidationErrors>,
        key: Option<String>,
        default_timezone: Tz,
        view: &View,
    ) -> Self {
        let empty = *form == EventForm::default() && problems.is_none();
        Self {
            key,
            published: None,
            again: None,
            copied: None,
            draft: if empty { "restore" } else { "keep" },
            form: FormView::new(form, problems, default_timezone, view),
        }
    }

    /// The form that publishes this event again, on a day that is still to be said.
    #[must_use]
    pub fn copy_of(event: &Event, key: Option<String>, view: &View) -> Self {
        let mut form = EventForm::from_event(event);
        for field in [&mut form.date, &mut form.end_date, &mut form.status] {
            field.clear();
        }
        // They are taken from the place again, which may be another one by then.
        if event.city_is_from_location() {
            form.city.clear();
            form.state.clear();
        }
        let untitled = event.title.trim().is_empty();
        let title = if untitled {
            view.lang.text("untitled")
        } else {
            event.title.clone()
        };
        let mut page = Self::new(&form, None, key, event.timezone, view);
        for field in &mut page.form.needed {
            field.first = field.name == "date";
        }
        page.copied = Some(title);
        page
    }

    /// This form, which suggests these technologies.
    #[must_use]
    pub fn with_suggestions(mut self, technologies: Vec<String>) -> Self {
        self.form.suggest(technologies);
        self
    }

    /// This form, to be sent again in so many seconds.
    #[must_use]
    pub fn told_to_wait(self, seconds: u64, view: &View) -> Self {
        let lang = view.lang;
        self.again(Again {
            title: lang.text("wait-title"),
            detail: lang.text_with("wait-detail", [("seconds", seconds.into())]),
        })
    }

    /// This form, to be sent again by whoever is no program.
    #[must_use]
    pub fn doubted(self, doubt: SpamSuspicion, view: &View) -> Self {
        self.again(Again {
            title: view.lang.text("doubt-title"),
            detail: view.lang.text(match doubt {
                SpamSuspicion::HoneypotFilled => "doubt-trapped",
                SpamSuspicion::TooSoon => "doubt-too-soon",
                SpamSuspicion::NoFormToken => "doubt-no-stamp",
            }),
        })
    }

    fn again(self, again: Again) -> Self {
        let again = Some(again);
        Self { again, ..self }
    }

    /// This form, which has published the event of this id before it was changed and sent again.
    #[must_use]
    pub fn after_publishing(self, event_id: i64) -> Self {
        Self {
            published: Some(event_id),
            ..self
        }
    }
}

impl Page for CreatePage {
    const TEMPLATE: &'static str = "create";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        Some(self.form.page_title(lang.text("create-title"), lang))
    }
}

/// `GET /events/{id}/edit`, and its `POST` where something was wrong.
#[derive(Debug, Serialize)]
pub struct EditPage {
    id: i64,
    event_title: String,
    hidden: bool,
    /// The version that saving replaces.
    version: i64,
    /// Where what is stored by now and what was typed are not the same.
    conflicts: Vec<Conflict>,
    form: FormView,
}

/// A field that two people have filled in differently.
#[derive(Debug, Serialize)]
struct Conflict {
    field: &'static str,
    label: String,
    theirs: String,
    yours: String,
}

impl EditPage {
    /// The form for this event as typed, with what is wrong with it.
    #[must_use]
    pub fn new(
        event: &Event,
        form: &EventForm,
        problems: Option<&ValidationErrors>,
        view: &View,
    ) -> Self {
        Self {
            id: event.id,
            event_title: event.title.clone(),
            hidden: event.hidden,
            version: event.version,
            conflicts: Vec::new(),
            form: FormView::new(form, problems, event.timezone, view),
        }
    }

    /// This form, which suggests these technologies.
    #[must_use]
    pub fn with_suggestions(mut self, technologies: Vec<String>) -> Self {
        self.form.suggest(technologies);
        self
    }

    /// The form as typed, beside what somebody else has saved since it was opened. Saving it again replaces that.
    #[must_use]
    pub fn conflict(event: &Event, form: &EventForm, view: &View) -> Self {
        let lang = view.lang;
        let said = |field: &str, text: String, zone: Tz| {
            let words = match field {
                "status" => lang.try_text(&format!("status-{text}")),
                "attendance" => lang.try_text(&format!("attendance-{}", text.replace('_', "-"))),
                "timezone" => text
                    .parse()
                    .ok()
                    .map(|zone| zone_choice(lang, zone, "").words),
                "date" | "end_date" => moment_in_words(lang, &text, zone),
                _ => None,
            };
            words.unwrap_or(text)
        };
        let zone = form.timezone.trim().parse().unwrap_or(event.timezone);
        let differences = form.differences(&EventForm::from_event(event)).into_iter();
        let conflicts = differences.map(|(field, yours, theirs)| Conflict {
            field,
            label: lang.text(&format!("field-{field}")),
            theirs: said(field, theirs, event.timezone),
            yours: said(field, yours, zone),
        });
        let mut page = Self {
            conflicts: conflicts.collect(),
            ..Self::new(event, form, None, view)
        };
        page.form.unfolded = true;
        page
    }
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "edit";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        Some(self.form.page_title(lang.text("edit-title"), lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            lang: Lang::PtBr,
            lang_chosen: false,
            here: None,
            now: "2027-01-01T12:00:00Z".parse().unwrap(),
            app_title: String::new(),
            base_url: String::new(),
        }
    }

    #[test]
    fn every_zone_is_chosen_once_whatever_its_name() {
        let names = TZ_VARIANTS.iter().map(|zone| zone.name());
        for timezone in names.chain(["Atlantis/Capital"]) {
            let zones = zones(&view(), timezone);
            let zones = zones.iter().flat_map(|zones| &zones.choices);
            let chosen: Vec<_> = zones.filter(|zone| zone.chosen).collect();
            assert_eq!(chosen.len(), 1, "{timezone}");
            assert_eq!(chosen[0].value, timezone);
        }
    }

    #[test]
    fn technologies_are_suggested_where_some_are_known() {
        let page = |technologies: &[&str]| {
            let names = technologies.iter().map(|name| (*name).to_owned());
            let page = CreatePage::new(&EventForm::default(), None, None, Tz::UTC, &view());
            view()
                .html(&page.with_suggestions(names.collect()))
                .unwrap()
        };
        let shown = page(&["C++", "R&D"]);
        assert!(shown.contains(r#"list="technology-suggestions""#));
        assert!(shown.contains(r#"<option value="R&amp;D"></option></datalist>"#));
        assert!(!page(&[]).contains("technology-suggestions"));
    }

    #[test]
    fn a_script_that_fills_in_the_blanks_says_what_the_board_says() {
        let wall = "2027-03-18T19:05:00".parse().unwrap();
        let zone = "horário de Brasília";
        let preview = Preview::new(Lang::PtBr, Some(wall), zone);
        let filled = |pattern: &str| {
            let time = preview.hour_and_minutes.replace("{hour}", "19");
            pattern
                .replace("{weekday}", "quinta-feira")
                .replace("{day}", "18")
                .replace("{month}", "março")
                .replace("{year}", "2027")
                .replace("{time}", &time.replace("{minutes}", "05"))
                .replace("{zone}", zone)
        };
        assert_eq!(filled(&preview.pattern), preview.words);
        let first = filled(&preview.pattern_first);
        assert_eq!(first, preview.words.replace("18", "1º"));
    }
}
