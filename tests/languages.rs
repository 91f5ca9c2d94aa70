//! Tests of languages: how the language of a response is chosen, and how links carry it.

use http::{HeaderMap, Method, header};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

async fn get_with_languages(site: &Site, path: &str, languages: &str) -> Response {
    let mut request = request(Method::GET, path);
    let headers: &mut HeaderMap = request.headers_mut();
    headers.insert(header::ACCEPT_LANGUAGE, languages.parse().unwrap());
    site.send(request).await
}

#[tokio::test]
async fn a_page_is_in_the_preferred_language_of_the_browser() {
    let site = Site::new().await;
    for (languages, tag, title) in [
        ("", "pt-BR", "Encontros de tecnologia"),
        ("de, fr;q=0.9", "pt-BR", "Encontros de tecnologia"),
        ("en-GB, pt;q=0.5", "en", "Tech events"),
        ("es-AR", "es", "Encuentros de tecnología"),
    ] {
        let page = get_with_languages(&site, "/", languages).await;
        assert_eq!(page.select("h1"), [title], "{languages}");
        assert_eq!(page.attributes("html", "lang"), [tag]);
        assert_eq!(page.header(header::CONTENT_LANGUAGE), tag);
        assert!(page.header(header::VARY).contains("accept-language"));
    }
    let problem = get_with_languages(&site, "/api/events/0", "es").await;
    assert_eq!(problem.json()["title"], "No encontrado");
}

#[tokio::test]
async fn links_forms_and_redirects_carry_the_chosen_language() {
    let site = Site::new().await;
    let published = site.given(event("Chosen").technologies(&["C++"])).await;
    let page = get_with_languages(&site, "/?lang=en&q=chosen", "pt-BR").await;
    assert_eq!(page.attributes("html", "lang"), ["en"]);
    // Links to other sites carry no language.
    let links = page.attributes("header a, main a, footer nav a", "href");
    for href in links.iter().filter(|href| !href.starts_with("https:")) {
        assert!(href.starts_with('#') || href.contains("lang="), "{href}");
        assert_eq!(href.matches("lang=").count(), 1, "{href}");
    }
    assert_eq!(page.attributes(".et-search [name=lang]", "value"), ["en"]);

    let browser = site.browser();
    let form = browser.get("/events/new?lang=es").await;
    let typed = [
        ("title", "Enviado"),
        ("date", "2027-06-01T19:00"),
        ("location", "Recife - PE"),
    ];
    let sent = browser.submit_to(&form, "lang=es", &typed).await;
    let location = sent.location();
    assert!(location.ends_with("/created?lang=es"), "{location}");
    let entered = site
        .get(&format!("/events/edit/{}?lang=en", published.token))
        .await;
    assert_eq!(
        entered.location(),
        format!("/events/{}/edit?lang=en", published.id)
    );
    // Without a chosen language, links contain none,
    let plain = get_with_languages(&site, "/", "en").await;
    // except those of calendars and feeds, whose clients send no Accept-Language.
    let links = plain.attributes("main a:not([href*='.ics'], [href*='.atom'])", "href");
    assert!(
        links.iter().all(|href| !href.contains("lang=")),
        "{links:?}"
    );
}

#[tokio::test]
async fn a_page_links_to_its_translations() {
    let site = Site::new().await;
    let published = site.given(event("Translated")).await;
    let path = format!("/events/{}", published.id);
    let page = site.get(&path).await;
    let tags = page.attributes("link[rel=alternate][hreflang]", "hreflang");
    assert_eq!(tags, ["x-default", "pt-BR", "en", "es"]);
    for (tag, href) in tags
        .iter()
        .zip(page.attributes("link[rel=alternate][hreflang]", "href"))
        .skip(1)
    {
        assert!(href.ends_with(&format!("{path}?lang={tag}")), "{href}");
        let local = href.split_once(&path).unwrap().1;
        let translated = site.get(&format!("{path}{local}")).await;
        assert_eq!(translated.attributes("html", "lang"), [tag.as_str()]);
    }
    // A rejected form has no language links, because following one would lose the typed text.
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    let rejected = browser.submit(&form, &[("title", "Typed")]).await;
    assert_eq!(rejected.status, 422);
    assert!(rejected.attributes("[hreflang]", "href").is_empty());
}
