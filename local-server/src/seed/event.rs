//! Generates sample events, reproducibly: the same series and number always give the same event.

use anyhow::anyhow;
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use shared::{
    Tz,
    domain::{Attendance, EventForm, Status},
    store::CopiedEvent,
};
use uuid::{Builder, Version};

use super::{
    random::Random,
    schedule::{long_times, short_times},
    text::{TextContext, description, slug},
    words::{
        CHALLENGES, CITIES, COMPANIES, Format, GROUPS, LONG_FORMATS, SHORT_FORMATS, TECHNOLOGIES,
        Theme, VENUES,
    },
};

/// The percentage of sample events that last longer than a day.
const LONG_PERCENT: u64 = 5;
/// The number of seconds in a day.
const DAY: u64 = 24 * 60 * 60;

/// Generates the sample event `number` of the load that began when `last_id` was the highest event id in the database.
///
/// Its `uid` differs from those of earlier loads: their events have ids above their `last_id`, so the same `last_id`
/// occurs again only after those events have been removed.
pub(super) fn sample_event(
    last_id: i64,
    number: u64,
    today: NaiveDate,
) -> anyhow::Result<CopiedEvent> {
    let mut random = Random::new(last_id.unsigned_abs(), number);
    let uid =
        Builder::from_u128(u128::from(random.next_u64()) << 64 | u128::from(random.next_u64()))
            .with_version(Version::Random)
            .into_uuid();
    let (formats, (start, end)) = if random.percent(LONG_PERCENT) {
        (&LONG_FORMATS[..], long_times(&mut random, today))
    } else {
        (&SHORT_FORMATS[..], short_times(&mut random, today))
    };
    let format = random.choose_weighted(formats, |_, format| format.weight);
    let status = random.choose_weighted(&Status::ALL, |_, status| match status {
        Status::Scheduled => 96,
        Status::Postponed | Status::Cancelled => 2,
    });
    let published_by = start
        .and_utc()
        .min(today.and_time(NaiveTime::MIN).and_utc());
    let created_at =
        published_by - Duration::seconds(random.between(2 * DAY, 60 * DAY).cast_signed());
    let (version, updated_at) = if *status == Status::Scheduled && random.percent(70) {
        (1, created_at)
    } else {
        let age = (published_by - created_at).num_seconds().unsigned_abs();
        let later = Duration::seconds(random.below(age).cast_signed());
        (random.between(2, 6).cast_signed(), created_at + later)
    };
    let mut form = form(&mut random, format, start);
    form.date = start.format("%Y-%m-%dT%H:%M").to_string();
    form.end_date = end
        .map(|end| end.format("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default();
    form.status = status.as_str().to_owned();
    let draft = form
        .validate(Tz::UTC)
        .map_err(|errors| anyhow!("sample event {number} is not valid: {errors:?}"))?;
    Ok(CopiedEvent {
        uid,
        version,
        created_at,
        updated_at,
        draft,
    })
}

/// Chooses random values for the placeholders in the texts of a sample event.
fn text_context(random: &mut Random, start: NaiveDateTime) -> TextContext {
    let city = random.choose_weighted(&CITIES, |_, city| city.weight);
    let (main, theme) = *random.choose_weighted(&TECHNOLOGIES, |rank, _| TECHNOLOGY_WEIGHTS[rank]);
    let mut other = main;
    while other == main {
        other = related_technology(random, theme);
    }
    let mut context = TextContext {
        city,
        theme,
        technology: main,
        other,
        topic: random.choose_text(theme.topics()),
        challenge: random.choose(&CHALLENGES),
        company: random.choose_text(&COMPANIES),
        group: String::new(),
        number: random.between(1, 80),
        year: start.year(),
        hours: *random.choose(&[2, 3, 4, 6, 8]),
        seats: random.between(2, 31) * 10,
    };
    context.group = context.render(random, &GROUPS);
    context
}

/// Generates a sample event as typed in the form, without its dates and status.
fn form(random: &mut Random, format: &Format, start: NaiveDateTime) -> EventForm {
    let context = text_context(random, start);
    let city = context.city;
    let mut form = EventForm::default();
    form.title = context.render(random, format.titles);
    form.timezone = city.zone.name().to_owned();
    let attendance = random.choose_weighted(&Attendance::ALL, |_, attendance| match attendance {
        Attendance::InPerson => 68,
        Attendance::Online => 23,
        Attendance::Hybrid => 9,
    });
    form.attendance = attendance.as_str().to_owned();
    if *attendance == Attendance::Online {
        form.location = "Online".to_owned();
    } else {
        form.location = context.render(random, &VENUES);
        form.location += &format!(", {} - {}", city.name, city.state);
        form.city = city.name.to_owned();
        form.state = city.state.to_owned();
    }
    if random.percent(97) {
        form.description = description(random, format, &context, *attendance);
    }
    if random.percent(60) {
        form.url = format!(
            "https://example.org/{}/{}",
            slug(&context.group),
            context.number
        );
    }
    form.technologies = technologies(random, &context);
    if random.percent(80) {
        form.organizer = context.group;
    }
    form
}

/// Returns the main technology of a sample event and up to three others.
fn technologies(random: &mut Random, context: &TextContext) -> Vec<String> {
    let mut names = vec![context.technology.to_owned()];
    for number in 0..random.weighted_index(&[25, 35, 27, 13]) {
        let name = if number == 0 {
            context.other
        } else {
            related_technology(random, context.theme)
        };
        if !names.iter().any(|listed| listed == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Chooses a random technology, usually of the theme `theme`.
fn related_technology(random: &mut Random, theme: Theme) -> &'static str {
    let same_theme = random.percent(70);
    let (name, _) = random.choose_weighted(&TECHNOLOGIES, |rank, (_, of)| {
        if same_theme && *of != theme {
            0
        } else {
            TECHNOLOGY_WEIGHTS[rank]
        }
    });
    name
}

/// The weight of each technology in the random choice, which falls with its rank as in Zipf's law, but with similar
/// weights for the first few.
const TECHNOLOGY_WEIGHTS: [u64; TECHNOLOGIES.len()] = {
    let mut weights = [0; TECHNOLOGIES.len()];
    let mut rank = 0;
    while rank < weights.len() {
        let shifted = rank as u64 + 6;
        weights[rank] = 1_000_000_000 / (shifted * shifted);
        rank += 1;
    }
    weights
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::{DateTime, Utc};

    use super::*;

    fn series(last_id: i64, count: u64) -> Vec<CopiedEvent> {
        let today = NaiveDate::from_ymd_opt(2030, 2, 28).unwrap();
        (0..count)
            .map(|number| sample_event(last_id, number, today).unwrap())
            .collect()
    }

    #[test]
    fn a_series_is_reproducible() {
        assert_eq!(series(0, 50), series(0, 200)[..50]);
    }

    #[test]
    fn another_series_has_other_uids() {
        let uids: HashSet<_> = series(0, 500)
            .iter()
            .chain(&series(500, 500))
            .map(|event| event.uid)
            .collect();
        assert_eq!(uids.len(), 1_000);
    }

    #[test]
    fn every_event_is_valid_and_every_placeholder_is_filled_in() {
        for event in series(7, 3_000) {
            let printed = format!("{:?}", event.draft);
            let text = printed
                .strip_prefix("EventDraft(DraftFields {")
                .and_then(|text| text.strip_suffix("})"))
                .unwrap();
            assert!(!text.contains(['{', '}', '|']), "{text}");
            assert!(event.created_at <= event.updated_at);
            assert!(event.updated_at < "2030-02-28T00:00:01Z".parse::<DateTime<Utc>>().unwrap());
            assert_eq!(event.uid.get_version_num(), 4);
        }
    }

    #[test]
    fn every_technology_is_used_and_common_ones_more_often() {
        let printed: Vec<String> = series(0, 5_000)
            .iter()
            .map(|event| format!("{:?}", event.draft))
            .collect();
        let uses = |name: &str| {
            printed
                .iter()
                .filter(|text| text.contains(&format!("{name:?}")))
                .count()
        };
        assert!(uses("Python") > 500);
        assert!((1..50).contains(&uses("COBOL")));
    }
}
