//! Form tokens: the time at which the server rendered a form, signed, so that no state is needed to verify a token.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::Secret;

/// Maximum age of a valid form token: at most as long as idempotency keys are stored, otherwise a form could publish
/// twice.
const VALIDITY: Duration = Duration::from_secs(24 * 60 * 60);
/// The purpose of the MAC that signs form tokens. Changing the text would invalidate forms that the previous release
/// rendered.
const PURPOSE: &str = "form stamp";

/// Creates a unique form token, issued at `now`.
#[must_use]
pub fn issue(secret: &Secret, now: DateTime<Utc>) -> String {
    let payload = format!("{}.{}", now.timestamp_millis(), Uuid::new_v4().simple());
    let mac = secret.mac(PURPOSE, payload.as_bytes());
    format!("{payload}.{mac}")
}

/// Returns the age of the form token `token`; `None` when it is not authentic or older than 24 hours.
#[must_use]
pub fn age(secret: &Secret, token: &str, now: DateTime<Utc>) -> Option<Duration> {
    let (payload, mac) = token.rsplit_once('.')?;
    let millis = payload.split('.').next()?.parse().ok()?;
    let age = (now - DateTime::from_timestamp_millis(millis)?)
        .to_std()
        .ok()?;
    (secret.verify_mac(mac, PURPOSE, payload.as_bytes()) && age < VALIDITY).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_an_authentic_token() {
        let (secret, now) = (Secret::new(*b"site"), DateTime::UNIX_EPOCH);
        let token = issue(&secret, now);
        let seconds = Duration::from_secs;
        assert_ne!(token, issue(&secret, now));
        assert_eq!(age(&secret, &token, now), Some(seconds(0)));
        assert_eq!(age(&secret, &token, now + seconds(90)), Some(seconds(90)));
        assert_eq!(age(&secret, &token, now + VALIDITY), None, "too old");
        assert_eq!(
            age(&secret, &token, now - seconds(1)),
            None,
            "from the future"
        );
        assert_eq!(age(&Secret::new(*b"other"), &token, now), None);
        let (payload, mac) = token.rsplit_once('.').unwrap();
        for forged in [
            format!("1{payload}.{mac}"),
            format!("{payload}.{}", mac.replace(['0', '1', '2'], "3")),
            payload.to_owned(),
            String::new(),
            "..".to_owned(),
            "99999999999999999999.x.y".to_owned(),
        ] {
            assert_eq!(age(&secret, &forged, now), None, "{forged}");
        }
    }
}
