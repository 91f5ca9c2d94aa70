//! Made-up events, for trying the board and for measuring it.

mod words;

use std::{borrow::Cow, time::Instant};

use anyhow::{anyhow, bail};
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use indicatif::{ProgressBar, ProgressStyle};
use shared::{
    Tz,
    config::DatabaseUrl,
    domain::{Attendance, EventForm, Status},
    store::{BulkLoad, BulkLoader, CopiedEvent},
};
use uuid::{Builder, Version};

use self::words::{
    APP_AUDIENCES, AUDIENCES, CHALLENGES, CITIES, CLOSINGS, COMPANIES, City, DISTRICTS,
    FIRST_NAMES, GROUPS, HAPPENINGS, Kind, LONG, ON_LINE, ON_SITE, SHORT, SURNAMES, TECHNOLOGIES,
    Theme, VENUES,
};
use crate::serve;

/// From this many events on, creating the indexes anew is quicker than keeping them up to date.
const REINDEX_MIN: u64 = 20_000;

/// How the bar shows what is being copied.
const COPYING: &str = "{msg} {wide_bar} {human_pos} of {human_len}, {eta} to go";
/// How it shows what nobody can tell the end of.
const WORKING: &str = "{spinner} {msg} ({elapsed})";

/// How many events are over, of a hundred.
const PAST_PERCENT: u64 = 70;
/// How far back events go.
const PAST_DAYS: u64 = 3 * 365;
/// How far ahead.
const COMING_DAYS: u64 = 545;
/// How many events take more than a day, of a hundred.
const LONG_PERCENT: u64 = 5;
/// How many of the others tell their end, of a hundred.
const ENDING_PERCENT: u64 = 80;
/// In seconds.
const DAY: u64 = 24 * 60 * 60;
/// How many of the first names, from the first on, are women's.
const WOMEN: usize = 28;

/// Adds `count` events, all or none: the same ones to every empty database on the same day of `now`, and others to a
/// database that holds events already.
///
/// Many at once drop the indexes and create them again, which keeps everybody else from events until the end.
///
/// # Errors
/// When the database cannot answer, or on Ctrl-C: nothing was added then, unless only the tidying up at the end failed.
pub async fn seed(url: &DatabaseUrl, count: u64, now: DateTime<Utc>) -> anyhow::Result<()> {
    let began = Instant::now();
    let bar = ProgressBar::new(count);
    let mut loader = BulkLoader::connect(url).await?;
    let filling = async {
        let load = loader.begin().await?;
        fill(&load, count, now.date_naive(), &bar).await?;
        anyhow::Ok(load)
    };
    let load = tokio::select! {
        filled = filling => filled?,
        stopped = serve::stop_signal() => {
            stopped?;
            bail!("stopped: nothing was added");
        }
    };
    work_on(&bar, "tidying up")?;
    load.commit().await?;
    loader.vacuum_events().await?;
    bar.finish_and_clear();
    tracing::info!(
        count,
        seconds = format!("{:.1}", began.elapsed().as_secs_f64()),
        "Made-up events were added"
    );
    Ok(())
}

async fn fill(
    load: &BulkLoad<'_>,
    count: u64,
    today: NaiveDate,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let last_id = load.last_event_id().await?;
    let mut indexes = Vec::new();
    // The highest id tells how many events there are at most, each of which would have to be indexed again.
    if count >= REINDEX_MIN && count >= last_id.unsigned_abs() {
        indexes = load.secondary_indexes().await?;
    }
    for index in &indexes {
        load.drop_index(index).await?;
    }
    let style = ProgressStyle::with_template(COPYING)?;
    bar.set_style(style);
    bar.set_message("events");
    let events = (0..count).map(|number| event(last_id, number, today));
    load.copy_events(events.inspect(|_| bar.inc(1))).await?;
    for (index, place) in indexes.iter().zip(1..) {
        let name = &index.name;
        work_on(bar, format!("index {place} of {}, {name}", indexes.len()))?;
        load.create_index(index).await?;
    }
    Ok(())
}

fn work_on(bar: &ProgressBar, what: impl Into<Cow<'static, str>>) -> anyhow::Result<()> {
    bar.set_style(ProgressStyle::with_template(WORKING)?);
    bar.set_message(what);
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    Ok(())
}

/// The event of this number in the series that `last_id` begins.
///
/// No `uid` meets one of an earlier load: the events of that one got higher ids than the `last_id` it began with, so the
/// same `last_id` is found again only when they are gone.
fn event(last_id: i64, number: u64, today: NaiveDate) -> anyhow::Result<CopiedEvent> {
    let mut dice = Dice::new(last_id.unsigned_abs(), number);
    let uid = Builder::from_u128(u128::from(dice.roll()) << 64 | u128::from(dice.roll()))
        .with_version(Version::Random)
        .into_uuid();
    let (kinds, (start, end)) = if dice.happens(LONG_PERCENT) {
        (&LONG[..], dates(&mut dice, today))
    } else {
        (&SHORT[..], times(&mut dice, today))
    };
    let kind = dice.weighted(kinds, |_, kind| kind.weight);
    let status = dice.weighted(&Status::ALL, |_, status| match status {
        Status::Scheduled => 96,
        Status::Postponed | Status::Cancelled => 2,
    });
    let published_by = start
        .and_utc()
        .min(today.and_time(NaiveTime::MIN).and_utc());
    let created_at =
        published_by - Duration::seconds(dice.between(2 * DAY, 60 * DAY).cast_signed());
    let (version, updated_at) = if *status == Status::Scheduled && dice.happens(70) {
        (1, created_at)
    } else {
        let age = (published_by - created_at).num_seconds().unsigned_abs();
        let later = Duration::seconds(dice.below(age).cast_signed());
        (dice.between(2, 6).cast_signed(), created_at + later)
    };
    let mut form = form(&mut dice, kind, start);
    form.date = start.format("%Y-%m-%dT%H:%M").to_string();
    form.end_date = end
        .map(|end| end.format("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default();
    form.status = status.as_str().to_owned();
    let draft = form
        .validate(Tz::UTC)
        .map_err(|problems| anyhow!("made-up event {number} breaks the rules: {problems:?}"))?;
    Ok(CopiedEvent {
        uid,
        version,
        created_at,
        updated_at,
        draft,
    })
}

/// A day, to either side of today; more of them are near than far.
fn day(dice: &mut Dice, today: NaiveDate, weekday: u64) -> NaiveDate {
    let shift = if dice.happens(PAST_PERCENT) {
        -dice
            .below(PAST_DAYS)
            .min(dice.below(PAST_DAYS))
            .cast_signed()
    } else {
        dice.below(COMING_DAYS)
            .min(dice.below(COMING_DAYS))
            .cast_signed()
    };
    let day = today + Duration::days(shift);
    day.week(Weekday::Mon).first_day() + Duration::days(weekday.cast_signed())
}

/// An evening from Monday to Friday or a morning of the week-end, never the hour at midnight that Brazil's clocks skipped
/// in the years of its summer time.
fn times(dice: &mut Dice, today: NaiveDate) -> (NaiveDateTime, Option<NaiveDateTime>) {
    let weekday = dice.index(&[8, 18, 20, 20, 10, 22, 2]);
    let minutes: &[u64] = if weekday < 5 {
        &[1110, 1140, 1140, 1140, 1140, 1140, 1170, 1170, 1170, 1170]
    } else {
        &[510, 540, 540, 540, 570, 600, 600]
    };
    let start = at(day(dice, today, weekday), *dice.pick(minutes));
    let length = *dice.pick(&[120, 120, 120, 150, 180, 180, 240]);
    (
        start,
        dice.happens(ENDING_PERCENT)
            .then_some(start + Duration::minutes(length)),
    )
}

/// Two or three days, more often than not over a week-end.
fn dates(dice: &mut Dice, today: NaiveDate) -> (NaiveDateTime, Option<NaiveDateTime>) {
    let weekday = dice.index(&[8, 8, 10, 18, 26, 30]);
    let first = day(dice, today, weekday);
    let last = first
        + Duration::days(if weekday < 5 && dice.happens(60) {
            2
        } else {
            1
        });
    (at(first, 540), Some(at(last, 1080)))
}

fn at(day: NaiveDate, minutes: u64) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + Duration::minutes(minutes.cast_signed())
}

/// What the event says of itself, but for its dates and status.
fn form(dice: &mut Dice, kind: &Kind, start: NaiveDateTime) -> EventForm {
    let city = dice.weighted(&CITIES, |_, city| city.weight);
    let (main, theme) = *dice.weighted(&TECHNOLOGIES, |rank, _| RARITY[rank]);
    let mut other = main;
    while other == main {
        other = technology_beside(dice, theme);
    }
    let mut scene = Scene {
        city,
        theme,
        technology: main,
        other,
        topic: dice.word(theme.topics()),
        challenge: dice.pick(&CHALLENGES),
        company: dice.word(&COMPANIES),
        group: String::new(),
        number: dice.between(1, 80),
        year: start.year(),
        hours: *dice.pick(&[2, 3, 4, 6, 8]),
        seats: dice.between(2, 31) * 10,
    };
    scene.group = scene.told(dice, &GROUPS);

    let mut form = EventForm::default();
    form.title = scene.told(dice, kind.titles);
    form.timezone = city.zone.name().to_owned();
    let attendance = dice.weighted(&Attendance::ALL, |_, attendance| match attendance {
        Attendance::InPerson => 68,
        Attendance::Online => 23,
        Attendance::Hybrid => 9,
    });
    form.attendance = attendance.as_str().to_owned();
    if *attendance == Attendance::Online {
        form.location = "Online".to_owned();
    } else {
        form.location = scene.told(dice, &VENUES);
        form.location += &format!(", {} - {}", city.name, city.state);
        form.city = city.name.to_owned();
        form.state = city.state.to_owned();
    }
    if dice.happens(97) {
        form.description = description(dice, kind, &scene, *attendance);
    }
    if dice.happens(60) {
        form.url = format!(
            "https://example.org/{}/{}",
            slug(&scene.group),
            scene.number
        );
    }
    form.technologies = vec![scene.technology.to_owned()];
    for place in 0..dice.index(&[25, 35, 27, 13]) {
        let name = if place == 0 {
            scene.other
        } else {
            technology_beside(dice, theme)
        };
        if !form.technologies.iter().any(|known| known == name) {
            form.technologies.push(name.to_owned());
        }
    }
    if dice.happens(80) {
        form.organizer = scene.group;
    }
    form
}

fn technology_beside(dice: &mut Dice, theme: Theme) -> &'static str {
    let near = dice.happens(70);
    let (name, _) = dice.weighted(&TECHNOLOGIES, |rank, (_, of)| {
        if near && *of != theme {
            0
        } else {
            RARITY[rank]
        }
    });
    name
}

fn description(dice: &mut Dice, kind: &Kind, scene: &Scene, attendance: Attendance) -> String {
    let ways: &[&[&str]] = match attendance {
        Attendance::InPerson => &[&ON_SITE],
        Attendance::Online => &[&ON_LINE],
        Attendance::Hybrid => &[&ON_SITE, &ON_LINE],
    };
    let paragraphs = 1 + dice.index(&[10, 35, 35, 20]);
    let mut text = String::with_capacity(600);
    scene.tell(dice, kind.openings, 1, &mut text);
    scene.tell(dice, scene.theme.sentences(), 1, &mut text);
    if paragraphs > 2 {
        text.push_str("\n\n");
        let count = dice.between(1, 3);
        scene.tell(dice, &HAPPENINGS, count, &mut text);
    }
    if paragraphs > 3 {
        text.push_str("\n\n");
        let count = dice.between(1, 3);
        scene.tell(dice, &AUDIENCES, count, &mut text);
    }
    if paragraphs > 1 {
        text.push_str("\n\n");
    }
    for way in ways {
        let count = dice.between(1, 3);
        scene.tell(dice, way, count, &mut text);
    }
    if paragraphs > 1 {
        scene.tell(dice, &CLOSINGS, 1, &mut text);
    }
    text
}

/// The text as it stands in an address: lower-case letters without accents, digits, and hyphens between words.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'á' | 'â' | 'ã' | 'à' => slug.push('a'),
            'é' | 'ê' => slug.push('e'),
            'í' => slug.push('i'),
            'ó' | 'ô' | 'õ' => slug.push('o'),
            'ú' | 'ü' => slug.push('u'),
            'ç' => slug.push('c'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug
}

/// What the pieces of one event's texts agree on.
struct Scene {
    city: &'static City,
    theme: Theme,
    technology: &'static str,
    other: &'static str,
    topic: &'static str,
    challenge: &'static (&'static str, &'static str),
    company: &'static str,
    group: String,
    number: u64,
    year: i32,
    hours: u64,
    seats: u64,
}

impl Scene {
    /// One of the pieces by itself.
    fn told(&self, dice: &mut Dice, pieces: &[&str]) -> String {
        let mut text = String::new();
        self.tell(dice, pieces, 1, &mut text);
        text
    }

    /// Adds one of the pieces as a sentence, or two different ones.
    fn tell(&self, dice: &mut Dice, pieces: &[&str], count: u64, text: &mut String) {
        let mut place = dice.below(pieces.len() as u64);
        for _ in 0..count {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            self.tell_piece(dice, pieces[place as usize], text);
            place = (place + dice.between(1, pieces.len() as u64)) % pieces.len() as u64;
        }
    }

    fn tell_piece(&self, dice: &mut Dice, piece: &str, text: &mut String) {
        let mut rest = piece;
        while let Some((plain, marked)) = rest.split_once(['{', '[']) {
            text.push_str(plain);
            if rest[plain.len()..].starts_with('[') {
                let (choices, after) = marked.split_once(']').unwrap_or((marked, ""));
                let choices: Vec<&str> = choices.split('|').collect();
                let chosen = dice.word(&choices);
                self.tell_piece(dice, chosen, text);
                rest = after;
            } else {
                let (name, after) = marked.split_once('}').unwrap_or((marked, ""));
                self.name(dice, name, text);
                rest = after;
            }
        }
        text.push_str(rest);
    }

    fn name(&self, dice: &mut Dice, name: &str, text: &mut String) {
        match name {
            "tech" => text.push_str(self.technology),
            "other" => text.push_str(self.other),
            "and_other" if dice.happens(50) => text.extend([" e ", self.other]),
            "and_other_using" if dice.happens(50) => text.extend([" em ", self.other]),
            "and_other" | "and_other_using" => {}
            "area" => text.push_str(self.theme.area()),
            "subject" => text.push_str(self.theme.subject()),
            "topic" => text.push_str(self.topic),
            "Topic" => {
                let mut letters = self.topic.chars();
                text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                text.push_str(letters.as_str());
            }
            "challenge" => text.push_str(self.challenge.0),
            "challenge_words" => text.push_str(self.challenge.1),
            "audience_apps" => text.push_str(dice.word(&APP_AUDIENCES)),
            "company" => text.push_str(self.company),
            "group" => text.push_str(&self.group),
            "city" => text.push_str(self.city.name),
            "in_city" => {
                text.push_str(if self.city.name == "Rio de Janeiro" {
                    "no "
                } else {
                    "em "
                });
                text.push_str(self.city.name);
            }
            "state" => text.push_str(self.city.state),
            "district" => text.push_str(dice.word(&DISTRICTS)),
            "person" => text.extend([dice.word(&FIRST_NAMES), " ", dice.word(&SURNAMES)]),
            "woman" => text.extend([dice.word(&FIRST_NAMES[..WOMEN]), " ", dice.word(&SURNAMES)]),
            "surname" => text.push_str(dice.word(&SURNAMES)),
            "letter" => text.push_str(dice.word(&["A", "B", "C", "D", "E", "F"])),
            "room" => text.push_str(&dice.between(1, 1_000).to_string()),
            "number" => text.push_str(&self.number.to_string()),
            "year" => text.push_str(&self.year.to_string()),
            "hours" => text.push_str(&self.hours.to_string()),
            "seats" => text.push_str(&self.seats.to_string()),
            unknown => text.extend(["{", unknown, "}"]),
        }
    }
}

/// How often each technology is chosen: less and less, as words are in languages (Zipf), though the first few are alike.
const RARITY: [u64; TECHNOLOGIES.len()] = {
    let mut weights = [0; TECHNOLOGIES.len()];
    let mut rank = 0;
    while rank < weights.len() {
        let place = rank as u64 + 6;
        weights[rank] = 1_000_000_000 / (place * place);
        rank += 1;
    }
    weights
};

/// Random numbers that are the same every time: splitmix64 (Steele, Lea and Flood, 2014), too weak for secrets.
struct Dice(u64);

impl Dice {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

    /// Dice of its own for each event, so that an event does not depend on how many there are.
    fn new(series: u64, number: u64) -> Self {
        let series = Self(series).roll();
        Self(Self(series.wrapping_add(number)).roll())
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // The high half of the product: always below `end`.
        ((u128::from(self.roll()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `start` to below `end`.
    fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.pick::<&str>(words)
    }

    fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(usize, &T) -> u64) -> &'a T {
        let weights: Vec<u64> = items
            .iter()
            .enumerate()
            .map(|(place, item)| weight(place, item))
            .collect();
        &items[self.index(&weights) as usize]
    }

    /// A place in the list, each as often as its weight says.
    fn index(&mut self, weights: &[u64]) -> u64 {
        let mut rest = self.below(weights.iter().sum());
        let chosen = weights
            .iter()
            .take_while(|weight| match rest.checked_sub(**weight) {
                Some(less) => {
                    rest = less;
                    true
                }
                None => false,
            });
        chosen.count() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn series(last_id: i64, count: u64) -> Vec<CopiedEvent> {
        let today = NaiveDate::from_ymd_opt(2030, 2, 28).unwrap();
        (0..count)
            .map(|number| event(last_id, number, today).unwrap())
            .collect()
    }

    #[test]
    fn a_series_is_the_same_every_time() {
        assert_eq!(series(0, 50), series(0, 200)[..50]);
    }

    #[test]
    fn another_series_has_other_events() {
        let uids: HashSet<_> = series(0, 500)
            .iter()
            .chain(&series(500, 500))
            .map(|event| event.uid)
            .collect();
        assert_eq!(uids.len(), 1_000);
    }

    #[test]
    fn every_event_passes_the_rules_of_the_door_and_every_piece_is_filled_in() {
        for event in series(7, 3_000) {
            let told = format!("{:?}", event.draft);
            let text = told
                .strip_prefix("EventDraft {")
                .and_then(|text| text.strip_suffix('}'))
                .unwrap();
            assert!(!text.contains(['{', '}', '|']), "{text}");
            assert!(event.created_at <= event.updated_at);
            assert!(event.updated_at < "2030-02-28T00:00:01Z".parse::<DateTime<Utc>>().unwrap());
            assert_eq!(event.uid.get_version_num(), 4);
        }
    }

    #[test]
    fn every_technology_is_used_and_the_first_more_often_than_the_last() {
        let told: Vec<String> = series(0, 5_000)
            .iter()
            .map(|event| format!("{:?}", event.draft))
            .collect();
        let uses = |name: &str| {
            told.iter()
                .filter(|text| text.contains(&format!("{name:?}")))
                .count()
        };
        assert!(uses("Python") > 500);
        assert!((1..50).contains(&uses("COBOL")));
    }
}
