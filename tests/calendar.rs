//! Tests of events as iCalendar (RFC 5545), read with an independent parser.

use http::{Method, header};
use icalendar::{Calendar, CalendarComponent, Component, EventLike};

use crate::{
    response::Response,
    site::{Published, Site, event},
};

/// Returns a title of the maximum length that contains every character that iCalendar escapes.
fn title_with_special_characters() -> String {
    let title = r#"Vírgula, ponto e vírgula; "aspas" \ barra \n: dois pontos 🦀👩‍💻 ação "#.repeat(3);
    title.chars().take(199).collect::<String>() + "!"
}

/// Parses the iCalendar body of a response, and asserts its media type, line ends and line lengths.
#[track_caller]
fn calendar(response: &Response) -> Calendar {
    assert_eq!(response.status, 200, "{response}");
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "text/calendar; charset=utf-8"
    );
    let text = response.text();
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains('\r'), "{line}");
    }
    text.parse()
        .unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

pub(crate) async fn read(site: &Site, path: &str) -> Calendar {
    calendar(&site.get(path).await)
}

fn events(calendar: &Calendar) -> Vec<&icalendar::Event> {
    calendar
        .components
        .iter()
        .filter_map(|component| match component {
            CalendarComponent::Event(event) => Some(event),
            _ => None,
        })
        .collect()
}

pub(crate) fn titles(calendar: &Calendar) -> Vec<&str> {
    let events = events(calendar);
    events
        .iter()
        .map(|event| event.get_summary().unwrap())
        .collect()
}

#[track_caller]
fn value<'a>(event: &'a icalendar::Event, name: &str) -> &'a str {
    event
        .property_value(name)
        .unwrap_or_else(|| panic!("no {name}"))
}

pub(crate) async fn change(site: &Site, published: &Published, change: serde_json::Value) {
    let response = site
        .json(Method::PATCH, &published.api_path(), &change)
        .await;
    assert_eq!(response.status, 200, "{response}");
}

pub(crate) fn path(published: &Published) -> String {
    format!("/events/{}/event.ics", published.id)
}

#[tokio::test]
async fn a_calendar_file_contains_all_data_of_the_event() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Rust Nights")
                .starts("2027-03-18T19:00")
                .ends("2027-03-18T22:00")
                .with("location", "Porto Digital, Recife - PE")
                .with("timezone", "America/Recife")
                .with("description", "Primeira linha\nSegunda; com, tudo")
                .with("url", "https://example.org/a?b=c,d;e")
                .with("organizer", "Rust \"Recife\"; e amigos")
                .technologies(&["C++", "C, ou quase"]),
        )
        .await;
    let response = site.get(&path(&published)).await;
    let text = response.text();
    let uid = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json()["uid"]
        .clone();
    let uid = uid.as_str().unwrap();
    insta::assert_snapshot!(text.replace("\r\n", "\n").replace(uid, "UID"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Encontros Tech//Encontros Tech//PT
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    BEGIN:VTIMEZONE
    TZID:America/Recife
    BEGIN:STANDARD
    DTSTART:20020217T000000
    TZOFFSETFROM:-0200
    TZOFFSETTO:-0300
    TZNAME:-03
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:UID
    DTSTAMP:20270101T120000Z
    CREATED:20270101T120000Z
    LAST-MODIFIED:20270101T120000Z
    SEQUENCE:1
    DTSTART;TZID=America/Recife:20270318T190000
    DTEND;TZID=America/Recife:20270318T220000
    SUMMARY:Rust Nights
    STATUS:CONFIRMED
    LOCATION:Porto Digital\, Recife - PE
    DESCRIPTION:Primeira linha\nSegunda\; com\, tudo\n\nOrganização: Rust "Re
     cife"\; e amigos\nhttps://example.org/a?b=c\,d\;e\nPágina deste encontro:
      http://site.example/events/1
    CATEGORIES:C++,C\, ou quase
    ORGANIZER;CN="Rust 'Recife'; e amigos":http://site.example/events/1
    URL:http://site.example/events/1
    END:VEVENT
    END:VCALENDAR
    "#);
    let calendar = calendar(&response);
    let [entry] = events(&calendar)[..] else {
        panic!("{text}")
    };
    assert_eq!(entry.get_uid(), Some(uid));
    assert_eq!(entry.get_location(), Some("Porto Digital, Recife - PE"));
    let description = entry.get_description().unwrap();
    assert!(
        description.starts_with("Primeira linha\nSegunda; com, tudo\n\n"),
        "{description}"
    );
    assert!(description.contains("https://example.org/a?b=c,d;e"));
    assert_eq!(
        response.header(header::CONTENT_DISPOSITION),
        format!("inline; filename=\"rust-nights-{}.ics\"", published.id)
    );
}

#[tokio::test]
async fn titles_are_read_back_unchanged() {
    let site = Site::new().await;
    let crlf = "Duas\r\nlinhas";
    let mut titles_expected = vec![
        title_with_special_characters(),
        "🦀".repeat(200),
        "x".repeat(200),
    ];
    for title in &titles_expected {
        site.given(event(title).technologies(&[r"a\,b;c", "ação"]))
            .await;
    }
    // Validation rejects line breaks, but rows of an adopted database may have them.
    let adopted = site.given(event("Adopted")).await;
    let database = site.database.connect().await;
    database
        .execute(
            "update events set title = $1 where id = $2",
            &[&crlf, &adopted.id],
        )
        .await
        .unwrap();
    titles_expected.push("Duas\nlinhas".to_owned());
    let calendar = read(&site, "/events.ics").await;
    assert_eq!(titles(&calendar), titles_expected);
    let categories = events(&calendar)[0].get_categories();
    assert_eq!(
        categories,
        Some(vec![r"a\,b;c".to_owned(), "ação".to_owned()])
    );
}

#[tokio::test]
async fn a_new_date_and_a_cancellation_update_the_same_calendar_entry() {
    let site = Site::new().await;
    let published = site
        .given(event("Rust Nights").technologies(&["Rust"]))
        .await;
    let feed = "/events.ics?technology=Rust";
    let first = read(&site, feed).await;
    let first = events(&first)[0].clone();
    site.set_clock("2027-01-02T12:00:00Z");
    change(
        &site,
        &published,
        serde_json::json!({"date": "2027-06-01T20:30"}),
    )
    .await;
    let second = read(&site, feed).await;
    let second = events(&second)[0].clone();
    site.set_clock("2027-01-03T12:00:00Z");
    change(
        &site,
        &published,
        serde_json::json!({"status": "cancelled"}),
    )
    .await;
    let third = read(&site, feed).await;
    let third = events(&third)[0].clone();
    for (entry, sequence, start, changed, status, title) in [
        (
            &first,
            "1",
            "20270601T190000",
            "20270101T120000Z",
            "CONFIRMED",
            "Rust Nights",
        ),
        (
            &second,
            "2",
            "20270601T203000",
            "20270102T120000Z",
            "CONFIRMED",
            "Rust Nights",
        ),
        (
            &third,
            "3",
            "20270601T203000",
            "20270103T120000Z",
            "CANCELLED",
            "Cancelado: Rust Nights",
        ),
    ] {
        assert_eq!(value(entry, "UID"), value(&first, "UID"));
        assert_eq!(value(entry, "SEQUENCE"), sequence);
        assert_eq!(value(entry, "DTSTART"), start);
        assert_eq!(value(entry, "DTSTAMP"), changed);
        assert_eq!(value(entry, "LAST-MODIFIED"), changed);
        assert_eq!(value(entry, "STATUS"), status);
        assert_eq!(value(entry, "SUMMARY"), title);
    }
    // A past event stays in the calendar for a month.
    site.set_clock("2027-07-01T22:00:00Z");
    assert_eq!(titles(&read(&site, feed).await), ["Cancelado: Rust Nights"]);
    site.set_clock("2027-07-02T00:00:00Z");
    assert!(titles(&read(&site, feed).await).is_empty());
}

#[tokio::test]
async fn a_postponed_event_is_tentative_and_a_deleted_one_is_gone() {
    let site = Site::new().await;
    let postponed = site.given(event("Later").with("status", "postponed")).await;
    let deleted = site.given(event("Gone")).await;
    site.json(
        Method::DELETE,
        &deleted.api_path(),
        &serde_json::Value::Null,
    )
    .await;
    let calendar = read(&site, "/events.ics?lang=en").await;
    assert_eq!(titles(&calendar), ["Postponed: Later"]);
    assert_eq!(value(events(&calendar)[0], "STATUS"), "TENTATIVE");
    assert_eq!(site.get(&path(&deleted)).await.status, 404);
    assert_eq!(site.get(&path(&postponed)).await.status, 200);
    assert_eq!(site.get("/events/x/event.ics").await.status, 404);
}

#[tokio::test]
async fn a_calendar_file_contains_the_time_zone_with_its_current_offset() {
    let site = Site::at("2018-01-01T12:00:00Z").await;
    for (zone, date, onset, from, to) in [
        (
            "America/Sao_Paulo",
            "2018-12-01T19:00",
            "20181104T000000",
            "-0300",
            "-0200",
        ),
        (
            "America/Sao_Paulo",
            "2027-03-18T19:00",
            "20190217T000000",
            "-0200",
            "-0300",
        ),
        (
            "Europe/Lisbon",
            "2027-07-01T19:00",
            "20270328T010000",
            "+0000",
            "+0100",
        ),
        (
            "America/New_York",
            "2027-12-01T19:00",
            "20271107T020000",
            "-0400",
            "-0500",
        ),
        (
            "Asia/Kolkata",
            "2027-03-18T19:00",
            "19700101T053000",
            "+0530",
            "+0530",
        ),
        (
            "Australia/Adelaide",
            "2027-07-01T19:00",
            "20270404T030000",
            "+1030",
            "+0930",
        ),
        (
            "Pacific/Chatham",
            "2027-12-01T19:00",
            "20270926T024500",
            "+1245",
            "+1345",
        ),
    ] {
        let published = site
            .given(event("Somewhere").starts(date).with("timezone", zone))
            .await;
        let response = site.get(&path(&published)).await;
        let parsed = calendar(&response);
        let [entry] = events(&parsed)[..] else {
            panic!("{response}")
        };
        let local = date.replace(['-', ':'], "") + "00";
        assert_eq!(value(entry, "DTSTART"), local);
        assert_eq!(entry.properties()["DTSTART"].params()["TZID"].value(), zone);
        let text = response.text().replace("\r\n", "\n");
        let expected = format!("DTSTART:{onset}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\nTZNAME:");
        assert!(
            text.contains(&expected),
            "{zone} {date}: {expected}\n{text}"
        );
        assert!(text.contains(&format!("BEGIN:VTIMEZONE\nTZID:{zone}\n")));
        assert_eq!(text.matches("TZOFFSETTO:").count(), 1, "{text}");
    }
}

#[tokio::test]
async fn an_ambiguous_local_time_is_written_in_utc() {
    let site = Site::new().await;
    let twice = event("Twice")
        .with("timezone", "America/New_York")
        .starts("2027-11-07T01:30:00-05:00");
    let twice = site.given(twice).await;
    let calendar = read(&site, &path(&twice)).await;
    assert_eq!(value(events(&calendar)[0], "DTSTART"), "20271107T063000Z");
    let utc = event("Utc")
        .with("timezone", "UTC")
        .starts("2027-03-18T19:00");
    let utc = site.given(utc).await;
    let response = site.get(&path(&utc)).await;
    assert_eq!(
        value(events(&self::calendar(&response))[0], "DTSTART"),
        "20270318T190000Z"
    );
    assert!(!response.text().contains("VTIMEZONE"));
}

#[tokio::test]
async fn an_event_without_an_end_lasts_two_hours() {
    let site = Site::new().await;
    let open = site.given(event("Open").starts("2027-03-18T19:00")).await;
    let calendar = read(&site, &path(&open)).await;
    assert_eq!(value(events(&calendar)[0], "DTEND"), "20270318T210000");
    let moment = event("Moment")
        .starts("2027-03-18T19:00")
        .ends("2027-03-18T19:00");
    let moment = site.given(moment).await;
    let calendar = read(&site, &path(&moment)).await;
    assert_eq!(events(&calendar)[0].property_value("DTEND"), None);
}
