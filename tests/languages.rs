//! The languages of the board: which one a visitor is answered in, and that links keep it.

use http::{HeaderMap, Method, header};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

async fn accepting(site: &Site, path: &str, languages: &str) -> Response {
    let mut ask = request(Method::GET, path);
    let headers: &mut HeaderMap = ask.headers_mut();
    headers.insert(header::ACCEPT_LANGUAGE, languages.parse().unwrap());
    site.send(ask).await
}

#[tokio::test]
async fn a_page_is_in_the_visitors_language() {
    let site = Site::new().await;
    for (languages, tag, title) in [
        ("", "pt-BR", "Encontros de tecnologia"),
        ("de, fr;q=0.9", "pt-BR", "Encontros de tecnologia"),
        ("en-GB, pt;q=0.5", "en", "Tech events"),
        ("es-AR", "es", "Encuentros de tecnología"),
    ] {
        let page = accepting(&site, "/", languages).await;
        assert_eq!(page.select("h1"), [title], "{languages}");
        assert_eq!(page.attributes("html", "lang"), [tag]);
        assert_eq!(page.header(header::CONTENT_LANGUAGE), tag);
        assert!(page.header(header::VARY).contains("accept-language"));
    }
    let problem = accepting(&site, "/api/events/0", "es").await;
    assert_eq!(problem.json()["title"], "No encontrado");
}

#[tokio::test]
async fn a_chosen_language_is_kept_by_links_forms_and_redirects() {
    let site = Site::new().await;
    let published = site.given(event("Kept").technologies(&["C++"])).await;
    let page = accepting(&site, "/?lang=en&q=kept", "pt-BR").await;
    assert_eq!(page.attributes("html", "lang"), ["en"]);
    // What leads elsewhere has its own languages.
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
    // Where nobody has chosen, addresses stay short.
    let plain = accepting(&site, "/", "en").await;
    // But for calendars and feeds, whose addresses are given to those who say no language.
    let links = plain.attributes("main a:not([href*='.ics'], [href*='.atom'])", "href");
    assert!(
        links.iter().all(|href| !href.contains("lang=")),
        "{links:?}"
    );
}

#[tokio::test]
async fn a_page_names_its_translations() {
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
    // What was typed into a form would be lost on the way to another language.
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    let refused = browser.submit(&form, &[("title", "Typed")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.attributes("[hreflang]", "href").is_empty());
}
