//! Tests of editing through the form: opening the secret link, saving, deleting and rotating the edit token.

use http::{Method, header};
use serde_json::json;

use crate::{
    client::request,
    site::{Published, Site, event},
};

async fn published(site: &Site) -> Published {
    site.given(
        event("Rust Nights")
            .starts("2027-06-01T19:00")
            .ends("2027-06-01T22:00:30")
            .technologies(&["Rust", "C, and commas"])
            .with("description", "Linha um\nLinha dois")
            .with("organizer", "Rust & Recife")
            .with("timezone", "America/Recife"),
    )
    .await
}

#[tokio::test]
async fn the_secret_link_redirects_to_a_url_without_the_token() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();

    let entered = browser
        .get(&format!("/events/edit/{}", published.token))
        .await;

    assert_eq!(entered.status, 303);
    assert_eq!(entered.location(), format!("/events/{}/edit", published.id));
    assert_eq!(entered.header(header::REFERRER_POLICY), "no-referrer");
    assert_eq!(entered.header(header::CACHE_CONTROL), "no-store");
    let form = browser.follow(&entered).await;
    assert_eq!(form.status, 200);
    assert_eq!(form.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(form.header(header::ETAG), "");
    assert!(form.text().contains("Você está na página de edição"));
    assert_eq!(
        form.select("#preview"),
        ["Vai aparecer assim: terça-feira, 1º de junho de 2027, 19h (horário de Brasília)"]
    );
    let copy = format!("/events/new?copy={}", published.id);
    assert!(form.attributes("a", "href").contains(&copy));
    assert!(!form.text().contains(&published.token));
}

#[tokio::test]
async fn saving_without_changes_only_increments_the_version() {
    let site = Site::new().await;
    let published = published(&site).await;
    let before = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json();
    let browser = site.browser();
    let form = browser.open_edit_link(&published.token).await;

    let saved = browser.submit(&form, &[]).await;

    assert_eq!(
        (saved.status.as_u16(), saved.location()),
        (303, format!("/events/{}", published.id))
    );
    let mut after = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json();
    assert_eq!(after["version"], 2);
    after["version"] = json!(1);
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_edit_changes_the_public_page() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();
    let form = browser.open_edit_link(&published.token).await;

    let saved = browser
        .submit(
            &form,
            &[
                ("title", "Rust Days"),
                ("status", "cancelled"),
                ("technologies", "Go, rust,go"),
            ],
        )
        .await;

    let page = browser.follow(&saved).await;
    assert_eq!(page.select("h1"), ["Rust Days"]);
    assert_eq!(page.select("dd li"), ["Go", "rust"]);
    assert!(page.to_string().contains("Este encontro foi cancelado."));
}

#[tokio::test]
async fn an_invalid_edit_is_shown_again_with_all_values() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();
    let form = browser.open_edit_link(&published.token).await;

    let response = browser
        .submit(&form, &[("title", ""), ("location", "Olinda - PE")])
        .await;

    assert_eq!(response.status, 422);
    assert_eq!(
        response.select("title"),
        ["Erro: Editar encontro · Encontros Tech"]
    );
    let fields = response.form("/edit").fields;
    assert!(fields.contains(&("location".to_owned(), "Olinda - PE".to_owned())));
    assert_eq!(
        site.get(&published.api_path()).await.json()["location"],
        "São Paulo - SP"
    );
}

#[tokio::test]
async fn without_the_edit_token_editing_is_forbidden_and_explained() {
    let site = Site::new().await;
    let (mine, other) = (published(&site).await, site.given(event("Other")).await);
    for path in ["edit", "delete"] {
        let response = site.get(&format!("/events/{}/{path}", mine.id)).await;
        assert_eq!(response.status, 403);
        assert!(
            response.to_string().contains("abra o link secreto"),
            "{response}"
        );
    }
    // The token of one event does not give access to another.
    let mut forged = request(Method::GET, &format!("/events/{}/edit", mine.id));
    forged.headers_mut().insert(
        header::COOKIE,
        format!("edit_token={}", other.token).parse().unwrap(),
    );
    assert_eq!(site.send(forged).await.status, 403);
    for path in ["edit", "delete", "rotate"] {
        let mut post = request(Method::POST, &format!("/events/{}/{path}", mine.id));
        post.headers_mut().insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        assert_eq!(site.send(post).await.status, 403, "{path}");
    }
    assert_eq!(site.get("/events/999/edit").await.status, 404);
    assert_eq!(site.get(&mine.api_path()).await.json()["version"], 1);
}

#[tokio::test]
async fn deleting_requires_confirmation() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();
    browser
        .get(&format!("/events/edit/{}", published.token))
        .await;

    let confirmation = browser
        .get(&format!("/events/{}/delete", published.id))
        .await;
    insta::assert_snapshot!(confirmation, @"
    200 OK
    Apagar este encontro?
    Rust Nights
    terça-feira, 1º de junho de 2027, 19h (horário de Brasília)
    Ele some da lista e das buscas para todo mundo, e o link secreto deixa de valer.
    Se o encontro não vai acontecer, mude a situação para “Cancelado”: assim quem já o viu fica sabendo.
    Sim, apagar
    Não, manter
    ");
    assert_eq!(
        site.titles("").await.len(),
        1,
        "the confirmation page deletes nothing"
    );

    let deleted = browser.submit(&confirmation, &[]).await;
    assert_eq!(deleted.status, 303);
    assert!(deleted.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert!(
        browser
            .follow(&deleted)
            .await
            .to_string()
            .contains("O encontro foi apagado.")
    );
    assert_eq!(
        site.get(&format!("/events/{}", published.id)).await.status,
        404
    );
    assert_eq!(
        browser
            .get(&format!("/events/{}/edit", published.id))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn rotating_shows_a_new_link_and_revokes_the_old_one() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();
    let form = browser.open_edit_link(&published.token).await;

    let rotated = browser.submit_to(&form, "/rotate", &[]).await;

    let shown = browser.follow(&rotated).await;
    let link = shown.select("#secret-link").remove(0);
    assert!(!link.contains(&published.token));
    assert_eq!(
        site.get(&format!("/events/edit/{}", published.token))
            .await
            .status,
        404
    );
    assert_eq!(
        site.get(link.strip_prefix("http://site.example").unwrap())
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let site = Site::new().await;
    let published = published(&site).await;
    for path in ["edit", "delete", "rotate"] {
        let mut post = request(Method::POST, &format!("/events/{}/{path}", published.id));
        let headers = post.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        headers.insert(
            header::COOKIE,
            format!("edit_token={}", published.token).parse().unwrap(),
        );
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        let response = site.send(post).await;
        assert_eq!(response.status, 403);
        assert!(response.to_string().contains("Formulário de outro site"));
    }
    assert_eq!(site.get(&published.api_path()).await.json()["version"], 1);
}

#[tokio::test]
async fn an_event_keeps_a_time_zone_that_the_form_does_not_list() {
    let site = Site::new().await;
    for zone in ["Etc/UTC", "US/Eastern", "Brazil/East", "GMT", "UTC"] {
        let published = site.given(event("Zoned").with("timezone", zone)).await;
        let browser = site.browser();
        let form = browser.open_edit_link(&published.token).await;
        browser.submit(&form, &[("title", "Zoned, renamed")]).await;
        let after = site.get(&published.api_path()).await.json();
        assert_eq!(
            (&after["title"], &after["timezone"]),
            (&json!("Zoned, renamed"), &json!(zone))
        );
    }
}

#[tokio::test]
async fn the_derived_city_changes_with_the_location() {
    let site = Site::new().await;
    let published = published(&site).await;
    let browser = site.browser();
    let form = browser.open_edit_link(&published.token).await;
    browser.submit(&form, &[("location", "Olinda - PE")]).await;
    let after = site.get(&published.api_path()).await.json();
    assert_eq!(
        (&after["city"], &after["state"]),
        (&json!("Olinda"), &json!("PE"))
    );
}

#[tokio::test]
async fn every_response_at_a_secret_link_has_referrer_policy_no_referrer() {
    let site = Site::new().await;
    let published = published(&site).await;
    let link = format!("/events/edit/{}", published.token);
    let with_slash = format!("{link}/");
    let assert_no_referrer = async |method: Method, path: &str| {
        let response = site.send(request(method, path)).await;
        assert_eq!(
            response.header(header::REFERRER_POLICY),
            "no-referrer",
            "{response}"
        );
    };
    assert_no_referrer(Method::GET, &link).await;
    assert_no_referrer(Method::POST, &link).await;
    assert_no_referrer(Method::GET, &with_slash).await;
    assert_no_referrer(Method::GET, "/events/edit/nope").await;
    site.database.allow_connections(false).await;
    assert_no_referrer(Method::GET, &link).await;
}

#[tokio::test]
async fn a_conflicting_edit_shows_both_versions_and_can_be_saved() {
    let site = Site::new().await;
    let published = published(&site).await;
    let (one, other) = (site.browser(), site.browser());
    let first = one.open_edit_link(&published.token).await;
    let second = other.open_edit_link(&published.token).await;
    one.submit(&first, &[("title", "Rust Days"), ("status", "cancelled")])
        .await;

    let typed = [
        ("date", "2027-06-01T19:30"),
        ("location", "Olinda - PE"),
        ("description", "Outra\r\nhistória"),
    ];
    let conflict = other.submit(&second, &typed).await;

    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(
        conflict.select("#conflict dt, #conflict dd"),
        [
            "Título",
            "Salvo agora: Rust Days Você digitou: Rust Nights",
            "Descrição",
            "Salvo agora: Linha um Linha dois Você digitou: Outra história",
            "Data e hora",
            "Salvo agora: terça-feira, 1º de junho de 2027, 19h (horário de Brasília) Você digitou: terça-feira, 1º de junho de 2027, 19h30 (horário de Brasília)",
            "Local",
            "Salvo agora: São Paulo - SP Você digitou: Olinda - PE",
            "Cidade",
            "Salvo agora: São Paulo Você digitou: (vazio)",
            "Estado",
            "Salvo agora: SP Você digitou: (vazio)",
            "Situação",
            "Salvo agora: Cancelado Você digitou: Confirmado",
        ]
    );
    let fields = conflict.form("/edit").fields;
    assert!(fields.contains(&("location".to_owned(), "Olinda - PE".to_owned())));
    let stored = site.get(&published.api_path()).await.json();
    assert_eq!(
        (&stored["title"], &stored["version"]),
        (&json!("Rust Days"), &json!(2))
    );

    // Submitting the conflict page overwrites the stored version.
    let saved = other
        .submit(
            &conflict,
            &[("title", "Rust Days"), ("status", "cancelled")],
        )
        .await;
    assert_eq!(saved.status, 303);
    let stored = site.get(&published.api_path()).await.json();
    assert_eq!(
        (
            &stored["title"],
            &stored["location"],
            &stored["status"],
            &stored["version"]
        ),
        (
            &json!("Rust Days"),
            &json!("Olinda - PE"),
            &json!("cancelled"),
            &json!(3)
        )
    );
}
