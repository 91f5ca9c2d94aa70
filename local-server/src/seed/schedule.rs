//! Random start and end times of sample events.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::random::Random;

/// The percentage of sample events that are in the past.
const PAST_PERCENT: u64 = 70;
/// The age of the oldest sample event, in days.
const PAST_DAYS: u64 = 3 * 365;
/// The time until the last sample event, in days.
const FUTURE_DAYS: u64 = 545;
/// The percentage of sample events of one day that have an end time.
const WITH_END_PERCENT: u64 = 80;

/// Returns a random date with `weekday` (0 is Monday) before or after `today`; near dates are more frequent.
fn date(random: &mut Random, today: NaiveDate, weekday: u64) -> NaiveDate {
    let shift = if random.percent(PAST_PERCENT) {
        -random
            .below(PAST_DAYS)
            .min(random.below(PAST_DAYS))
            .cast_signed()
    } else {
        random
            .below(FUTURE_DAYS)
            .min(random.below(FUTURE_DAYS))
            .cast_signed()
    };
    let date = today + Duration::days(shift);
    date.week(Weekday::Mon).first_day() + Duration::days(weekday.cast_signed())
}

/// Chooses the start and end of a short event: an evening from Monday to Friday or a morning of the weekend, never
/// midnight, which was skipped on the days when Brazil's summer time began.
pub(super) fn short_times(
    random: &mut Random,
    today: NaiveDate,
) -> (NaiveDateTime, Option<NaiveDateTime>) {
    let weekday = random.weighted_index(&[8, 18, 20, 20, 10, 22, 2]);
    let minutes: &[u64] = if weekday < 5 {
        &[1110, 1140, 1140, 1140, 1140, 1140, 1170, 1170, 1170, 1170]
    } else {
        &[510, 540, 540, 540, 570, 600, 600]
    };
    let start = at(date(random, today, weekday), *random.choose(minutes));
    let length = *random.choose(&[120, 120, 120, 150, 180, 180, 240]);
    (
        start,
        random
            .percent(WITH_END_PERCENT)
            .then_some(start + Duration::minutes(length)),
    )
}

/// Chooses the start and end of an event of two or three days, usually over a weekend.
pub(super) fn long_times(
    random: &mut Random,
    today: NaiveDate,
) -> (NaiveDateTime, Option<NaiveDateTime>) {
    let weekday = random.weighted_index(&[8, 8, 10, 18, 26, 30]);
    let first = date(random, today, weekday);
    let last = first
        + Duration::days(if weekday < 5 && random.percent(60) {
            2
        } else {
            1
        });
    (at(first, 540), Some(at(last, 1080)))
}

/// Returns the time that is `minutes` after midnight of `date`.
fn at(date: NaiveDate, minutes: u64) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + Duration::minutes(minutes.cast_signed())
}
