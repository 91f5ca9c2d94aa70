//! Tests of publishing through the form, up to the page with the secret link.

use http::header;

use crate::site::Site;

/// The required fields of the form for a new event, with valid values.
pub(crate) const REQUIRED_FIELDS: [(&str, &str); 3] = [
    ("title", "Rust Nights"),
    ("date", "2027-06-01T19:00"),
    ("location", "Recife - PE"),
];

#[tokio::test]
async fn an_event_is_published_with_three_fields() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(form.header(header::CACHE_CONTROL), "no-store");

    let sent = browser
        .submit(
            &form,
            &[
                ("title", "Rust Nights"),
                ("date", "2027-06-01T19:00"),
                ("location", "Recife - PE"),
            ],
        )
        .await;

    assert_eq!(sent.status, 303);
    let created = browser.follow(&sent).await;
    assert_eq!(created.status, 200);
    assert_eq!(created.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(created.header(header::REFERRER_POLICY), "same-origin");
    let link = created.select("#secret-link").remove(0);
    let path = link.strip_prefix("http://site.example").unwrap();
    assert!(path.starts_with("/events/edit/"), "{link}");
    assert!(created.text().contains("Este não é o link para divulgar."));
    assert!(created.attributes("a[href^=mailto]", "href")[0].contains("%2Fevents%2Fedit%2F"));
    assert_eq!(site.titles("city=recife").await, ["Rust Nights"]);

    // The secret link opens the edit form in another browser.
    let other = site.browser();
    let entered = other.get(path).await;
    assert_eq!(
        other.follow(&entered).await.select("h1"),
        ["Editar encontro"]
    );
}

#[tokio::test]
async fn the_secret_link_is_shown_only_to_the_browser_with_the_cookie() {
    let site = Site::new().await;
    let browser = site.browser();
    let fields = [
        ("title", "Rust Nights"),
        ("date", "2027-06-01T19:00"),
        ("location", "Recife - PE"),
    ];
    let sent = browser
        .submit(&browser.get("/events/new").await, &fields)
        .await;
    let cookie = sent.header(header::SET_COOKIE).to_owned();
    let id = sent.location().split('/').nth(2).unwrap().to_owned();
    assert!(
        cookie.ends_with(&format!(
            "; Path=/events/{id}; Max-Age=2592000; HttpOnly; SameSite=Lax"
        )),
        "{cookie}"
    );

    let stranger = site.get(&sent.location()).await;
    assert_eq!(
        (stranger.status.as_u16(), stranger.location()),
        (303, format!("/events/{id}"))
    );
}

#[tokio::test]
async fn with_an_https_public_url_the_edit_cookie_is_secure() {
    let fields = [
        ("title", "Rust Nights"),
        ("date", "2027-06-01T19:00"),
        ("location", "Recife - PE"),
    ];
    let site = Site::with_settings(
        crate::site::NOW,
        &[("PUBLIC_URL", "https://encontros.example.org")],
    )
    .await;
    let browser = site.browser();
    let sent = browser
        .submit(&browser.get("/events/new").await, &fields)
        .await;
    assert!(sent.header(header::SET_COOKIE).ends_with("; Secure"));
    let link = browser.follow(&sent).await.select("#secret-link").remove(0);
    assert!(
        link.starts_with("https://encontros.example.org/events/edit/"),
        "{link}"
    );
}

#[tokio::test]
async fn x_forwarded_proto_is_used_only_from_a_trusted_proxy() {
    let published = async |hops: &str| {
        let site = Site::with_settings(crate::site::NOW, &[("TRUSTED_PROXY_HOPS", hops)]).await;
        let mut post = crate::client::request(http::Method::POST, "/events/");
        let headers = post.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        *post.body_mut() = "title=x&date=2027-06-01T19:00&location=y".into();
        site.send(post)
            .await
            .header(header::SET_COOKIE)
            .contains("Secure")
    };
    assert!(!published("0").await);
    assert!(published("1").await);
}

#[tokio::test]
async fn a_double_click_publishes_one_event() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;

    let (one, two) = tokio::join!(
        browser.submit(&form, &REQUIRED_FIELDS),
        browser.submit(&form, &REQUIRED_FIELDS)
    );
    let again = browser.submit(&form, &REQUIRED_FIELDS).await;

    assert_eq!(again.status, 303);
    for response in [one, two] {
        // A request that runs concurrently with the first may get 409.
        assert!(
            response.status == 409 || response.location() == again.location(),
            "{response}"
        );
    }
    let created = browser.follow(&again).await;
    assert_eq!(
        created.select("#secret-link").len(),
        1,
        "the secret link is shown"
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn resubmitting_a_published_form_with_changes_offers_to_edit_or_to_publish_another() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    let first = browser.submit(&form, &REQUIRED_FIELDS).await;
    let changed = [
        ("title", "Rust Days"),
        REQUIRED_FIELDS[1],
        REQUIRED_FIELDS[2],
    ];

    let conflict = browser.submit(&form, &changed).await;

    assert_eq!(conflict.status, 409);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    let edit = conflict
        .attributes("#already-published a", "href")
        .remove(0);
    assert_eq!(edit, first.location().replace("/created", "/edit"));
    assert_eq!(browser.get(&edit).await.select("h1"), ["Editar encontro"]);

    let another = browser.submit(&conflict, &[]).await;
    assert_eq!(another.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights", "Rust Days"]);
}

#[tokio::test]
async fn a_corrected_form_submitted_twice_publishes_one_event() {
    let site = Site::new().await;
    let browser = site.browser();
    let wrong = browser
        .submit(&browser.get("/events/new").await, &[("title", "x")])
        .await;
    assert_eq!(wrong.status, 422);
    let first = browser.submit(&wrong, &REQUIRED_FIELDS).await;
    let again = browser.submit(&wrong, &REQUIRED_FIELDS).await;
    assert_eq!(
        (first.status.as_u16(), first.location()),
        (303, again.location())
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn the_secret_link_can_be_downloaded_and_the_script_data_contains_no_token() {
    let site = Site::new().await;
    let browser = site.browser();
    let sent = browser
        .submit(&browser.get("/events/new").await, &REQUIRED_FIELDS)
        .await;
    let created = browser.follow(&sent).await;
    let link = created.select("#secret-link").remove(0);
    let token = link.rsplit('/').next().unwrap();

    let text = created.attributes("a[download]", "href").remove(0);
    let text = text.strip_prefix("data:text/plain;charset=utf-8,").unwrap();
    let text = percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap();
    assert!(
        text.contains(&link) && text.contains("Rust Nights"),
        "{text}"
    );

    // The script stores these attributes in the browser.
    let attribute = |name| created.attributes("[data-my-event]", name).remove(0);
    assert_eq!(attribute("data-my-title"), "Rust Nights");
    assert!(!attribute("data-my-event").contains(token));
}

#[tokio::test]
async fn the_success_message_is_shown_only_right_after_publishing() {
    let site = Site::new().await;
    let browser = site.browser();
    let sent = browser
        .submit(&browser.get("/events/new").await, &REQUIRED_FIELDS)
        .await;
    let created = browser.get(&sent.location()).await;
    assert_eq!(created.select("h1"), ["Encontro publicado!"]);
    assert_eq!(created.attributes("[data-published]", "class").len(), 1);
    site.set_clock("2027-01-03T12:00:00Z");
    let later = browser.get(&sent.location()).await;
    assert_eq!(later.select("h1"), ["Link secreto do encontro"]);
    assert!(later.attributes("[data-published]", "class").is_empty());
}
