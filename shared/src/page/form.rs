//! The form that publishes an event and the one that changes it.

use std::collections::BTreeMap;

use chrono_tz::{TZ_VARIANTS, Tz};
use handlebars::{
    BlockContext, BlockParamHolder, Context, Handlebars, Helper, HelperDef, HelperResult, Output,
    RenderContext, RenderErrorReason, Renderable,
};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::{Page, View, escape, event::attendance_key, text::Lang};
use crate::event::{Attendance, Event, EventForm, Problems, Status};

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
    title: String,
    description: String,
    date: String,
    end_date: String,
    location: String,
    city: String,
    state: String,
    url: String,
    organizer: String,
    technologies: String,
    /// Times with seconds, which a browser takes only where the step allows them.
    seconds: bool,
    zone_words: String,
    brazilian_zones: Vec<Choice>,
    other_zones: Vec<Choice>,
    attendances: Vec<Choice>,
    statuses: Vec<Choice>,
    problems: Vec<Told>,
    /// The messages of each field, joined.
    wrong: BTreeMap<String, String>,
    /// Whether the folded part holds something the visitor should see: a problem, or what was typed there.
    unfolded: bool,
}

#[derive(Debug)]
struct Choice {
    value: String,
    words: String,
    chosen: bool,
}

/// For `Choices`, without the three names: a form has more than four hundred choices.
impl Serialize for Choice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.value, &self.words, self.chosen).serialize(serializer)
    }
}

/// What stands for a choice's value and its words until they are filled in: markup holds neither.
const BLANKS: [char; 2] = ['\u{1}', '\u{2}'];

/// The markup between blanks, each with the place of the blank after it.
fn parts(markup: &str) -> Vec<(&str, Option<usize>)> {
    let parts = markup.split_inclusive(BLANKS);
    parts
        .map(|part| {
            let blank = BLANKS.iter().position(|blank| part.ends_with(*blank));
            (part.trim_end_matches(BLANKS), blank)
        })
        .collect()
}

/// Writes what is inside for each choice, as `each` does. It is rendered with blanks, once as chosen and once as not, and
/// filled in: to render it for each would take longer than all the rest of the page.
pub(super) struct Choices;

impl HelperDef for Choices {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        templates: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rendering: &mut RenderContext<'reg, 'rc>,
        page: &mut dyn Output,
    ) -> HelperResult {
        let (Some(choices), Some(name), Some(inside)) = (
            helper
                .param(0)
                .and_then(|choices| choices.value().as_array()),
            helper.block_param(),
            helper.template(),
        ) else {
            return Err(RenderErrorReason::Other("there are no choices".to_owned()).into());
        };
        let mut render = |chosen: bool| {
            let blank = json!({ "value": BLANKS[0], "words": BLANKS[1], "chosen": chosen });
            let mut block = BlockContext::new();
            block.set_block_param(name, BlockParamHolder::value(blank));
            rendering.push_block(block);
            let markup = inside.renders(templates, context, rendering);
            rendering.pop_block();
            markup
        };
        let (other, chosen) = (render(false)?, render(true)?);
        let (other, chosen) = (parts(&other), parts(&chosen));
        for choice in choices {
            for (markup, blank) in if choice[2] == true { &chosen } else { &other } {
                page.write(markup)?;
                if let Some(text) = blank.and_then(|blank| choice[blank].as_str()) {
                    page.write(&escape(text))?;
                }
            }
        }
        Ok(())
    }
}

/// A problem in the summary on top of the form.
#[derive(Debug, Serialize)]
struct Told {
    field: String,
    label: String,
    message: String,
}

impl FormView {
    fn new(
        form: &EventForm,
        problems: Option<&Problems>,
        default_timezone: Tz,
        lang: Lang,
    ) -> Self {
        let mut told = Vec::new();
        let mut wrong: BTreeMap<String, String> = FIELDS
            .iter()
            .map(|field| ((*field).to_owned(), String::new()))
            .collect();
        for problem in problems.iter().flat_map(|problems| problems.iter()) {
            let field = problem.field().to_owned();
            let mut message = lang.problem(&problem.code);
            if let Some(name) = named_technology(form, &problem.pointer) {
                message = format!("{name}: {message}");
            }
            let messages = wrong.entry(field.clone()).or_default();
            if !messages.is_empty() {
                messages.push(' ');
            }
            messages.push_str(&message);
            told.push(Told {
                label: lang.text(&format!("field-{field}")),
                field,
                message,
            });
        }
        let zone = if form.timezone.trim().is_empty() {
            default_timezone.name()
        } else {
            form.timezone.trim()
        };
        let shown = |date: &str| {
            date.trim()
                .strip_suffix(":00")
                .filter(|rest| rest.len() == 16)
                .unwrap_or(date.trim())
                .to_owned()
        };
        let (date, end_date) = (shown(&form.date), shown(&form.end_date));
        Self {
            seconds: date.len() > 16 || end_date.len() > 16,
            title: form.title.clone(),
            description: form.description.clone(),
            date,
            end_date,
            location: form.location.clone(),
            city: form.city.clone(),
            state: form.state.clone(),
            url: form.url.clone(),
            organizer: form.organizer.clone(),
            technologies: form
                .technologies
                .iter()
                .map(|name| name.trim())
                .collect::<Vec<_>>()
                .join(", "),
            zone_words: zone
                .parse()
                .map_or_else(|_| zone.to_owned(), |zone| zone_choice_words(lang, zone)),
            brazilian_zones: BRAZILIAN_ZONES
                .into_iter()
                .map(|tz| zone_choice(lang, tz, zone))
                .collect(),
            other_zones: other_zones(lang, zone),
            attendances: choices(
                &Attendance::ALL,
                Attendance::as_str,
                &form.attendance,
                |a| lang.text(attendance_key(a)),
            ),
            statuses: choices(&Status::ALL, Status::as_str, &form.status, |s| {
                lang.text(&format!("status-{}", s.as_str()))
            }),
            unfolded: fills_details(form)
                || told
                    .iter()
                    .any(|told| !FIELDS_IN_SIGHT.contains(&told.field.as_str())),
            problems: told,
            wrong,
        }
    }
}

/// Every field a message can stand at.
const FIELDS: [&str; 13] = [
    "title",
    "description",
    "date",
    "end_date",
    "timezone",
    "location",
    "city",
    "state",
    "attendance",
    "status",
    "url",
    "organizer",
    "technologies",
];

/// The fields that are never folded away.
const FIELDS_IN_SIGHT: [&str; 3] = ["title", "date", "location"];

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

fn zone_choice(lang: Lang, zone: Tz, chosen: &str) -> Choice {
    Choice {
        value: zone.name().to_owned(),
        words: zone_choice_words(lang, zone),
        chosen: zone.name() == chosen,
    }
}

fn zone_choice_words(lang: Lang, zone: Tz) -> String {
    let readable = || zone.name().replace('_', " ");
    lang.try_text(&("zone-choice-".to_owned() + &zone.name().replace('/', "-")))
        .unwrap_or_else(readable)
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
) -> Vec<Choice> {
    let chosen =
        |choice: T, first: bool| value(choice) == typed.trim() || typed.trim().is_empty() && first;
    let offered = all.iter().enumerate();
    offered
        .map(|(place, choice)| Choice {
            value: value(*choice).to_owned(),
            words: words(*choice),
            chosen: chosen(*choice, place == 0),
        })
        .collect()
}

/// What makes the board doubt that a person has filled in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Something is in the field that people do not see.
    Trapped,
    /// It took less time than a person takes.
    TooSoon,
    /// The board has not given it out, or long ago.
    NoStamp,
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
    form: FormView,
}

impl CreatePage {
    /// The form as typed, with what is wrong with it. It publishes once under this stamp.
    #[must_use]
    pub fn new(
        form: &EventForm,
        problems: Option<&Problems>,
        key: Option<String>,
        default_timezone: Tz,
        view: &View,
    ) -> Self {
        Self {
            key,
            published: None,
            again: None,
            form: FormView::new(form, problems, default_timezone, view.lang),
        }
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
    pub fn doubted(self, doubt: Doubt, view: &View) -> Self {
        self.again(Again {
            title: view.lang.text("doubt-title"),
            detail: view.lang.text(match doubt {
                Doubt::Trapped => "doubt-trapped",
                Doubt::TooSoon => "doubt-too-soon",
                Doubt::NoStamp => "doubt-no-stamp",
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

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("create-title"))
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
    pub fn new(event: &Event, form: &EventForm, problems: Option<&Problems>, view: &View) -> Self {
        Self {
            id: event.id,
            event_title: event.title.clone(),
            hidden: event.hidden,
            version: event.version,
            conflicts: Vec::new(),
            form: FormView::new(form, problems, event.timezone, view.lang),
        }
    }

    /// The form as typed, beside what somebody else has saved since it was opened. Saving it again replaces that.
    #[must_use]
    pub fn conflict(event: &Event, form: &EventForm, view: &View) -> Self {
        let lang = view.lang;
        let words = |field: &str, text: &str| match field {
            "status" => lang.try_text(&format!("status-{text}")),
            "attendance" => lang.try_text(&format!("attendance-{}", text.replace('_', "-"))),
            _ => None,
        };
        let said = |field: &str, text: String| words(field, &text).unwrap_or(text);
        let differences = form.differences(&EventForm::of(event)).into_iter();
        let conflicts = differences.map(|(field, yours, theirs)| Conflict {
            field,
            label: lang.text(&format!("field-{field}")),
            theirs: said(field, theirs),
            yours: said(field, yours),
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

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("edit-title"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_chosen_once_whatever_its_name() {
        let names = TZ_VARIANTS.iter().map(|zone| zone.name());
        for timezone in names.chain(["Atlantis/Capital"]) {
            let typed = [("timezone".to_owned(), timezone.to_owned())];
            let form = EventForm::from_pairs(typed);
            let view = FormView::new(&form, None, Tz::UTC, Lang::PtBr);
            let zones = view.brazilian_zones.iter().chain(&view.other_zones);
            let chosen: Vec<_> = zones.filter(|zone| zone.chosen).collect();
            assert_eq!(chosen.len(), 1, "{timezone}");
            assert_eq!(chosen[0].value, timezone);
        }
    }
}
