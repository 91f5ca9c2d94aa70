//! The stamp on a form: when the board gave it out, signed, so that nothing need be kept to know it again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::Secret;

/// How long a stamp is good for: no longer than what it has published is remembered, else it could publish twice.
const VALID: Duration = Duration::from_secs(24 * 60 * 60);
/// What the signature is for, so that none made for something else passes here.
const PURPOSE: &str = "form stamp";

/// A stamp that says `now`. No two are alike.
#[must_use]
pub fn issue(secret: &Secret, now: DateTime<Utc>) -> String {
    let said = format!("{}.{}", now.timestamp_millis(), Uuid::new_v4().simple());
    let mac = secret.mac(PURPOSE, said.as_bytes());
    format!("{said}.{mac}")
}

/// How old the stamp is; `None` where it is not the board's, or too old to be good.
#[must_use]
pub fn age(secret: &Secret, stamp: &str, now: DateTime<Utc>) -> Option<Duration> {
    let (said, mac) = stamp.rsplit_once('.')?;
    let millis = said.split('.').next()?.parse().ok()?;
    let age = (now - DateTime::from_timestamp_millis(millis)?)
        .to_std()
        .ok()?;
    (secret.verify_mac(mac, PURPOSE, said.as_bytes()) && age < VALID).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_its_age_to_whoever_made_it() {
        let (secret, now) = (Secret::new(*b"board"), DateTime::UNIX_EPOCH);
        let stamp = issue(&secret, now);
        let seconds = Duration::from_secs;
        assert_ne!(stamp, issue(&secret, now));
        assert_eq!(age(&secret, &stamp, now), Some(seconds(0)));
        assert_eq!(age(&secret, &stamp, now + seconds(90)), Some(seconds(90)));
        assert_eq!(age(&secret, &stamp, now + VALID), None, "too old");
        assert_eq!(
            age(&secret, &stamp, now - seconds(1)),
            None,
            "from the future"
        );
        assert_eq!(age(&Secret::new(*b"other"), &stamp, now), None);
        let (said, mac) = stamp.rsplit_once('.').unwrap();
        for forged in [
            format!("1{said}.{mac}"),
            format!("{said}.{}", mac.replace(['0', '1', '2'], "3")),
            said.to_owned(),
            String::new(),
            "..".to_owned(),
            "99999999999999999999.x.y".to_owned(),
        ] {
            assert_eq!(age(&secret, &forged, now), None, "{forged}");
        }
    }
}
