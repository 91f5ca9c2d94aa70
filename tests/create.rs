//! Publishing through the form.

use http::header;

use crate::site::{Site, event};

#[tokio::test]
async fn a_community_publishes_with_three_fields() {
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

    // The link opens the editing side in any other browser.
    let elsewhere = site.browser();
    let entered = elsewhere.get(path).await;
    assert_eq!(
        elsewhere.follow(&entered).await.select("h1"),
        ["Editar encontro"]
    );
}

#[tokio::test]
async fn the_secret_link_is_shown_to_its_holder_only() {
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
async fn behind_https_the_cookie_stays_on_https() {
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
async fn a_proxy_is_believed_only_when_trusted() {
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
async fn a_wrong_form_comes_back_with_everything_typed() {
    let site = Site::new().await;
    let browser = site.browser();
    let typed = [
        ("title", "  "),
        ("description", "\n  linha <um>\n\nlinha \"dois\"  "),
        ("date", "2027-06-01T19:00"),
        ("end_date", "2027-05-01T19:00"),
        ("timezone", "America/Manaus"),
        ("location", "Manaus - AM"),
        ("city", "Manaus"),
        ("state", "AM"),
        ("attendance", "hybrid"),
        ("status", "postponed"),
        ("url", "javascript:alert(1)"),
        ("organizer", "Rust & Manaus"),
        (
            "technologies",
            "Rust, C++, um nome de tecnologia comprido demais para o campo, Go",
        ),
    ];

    let response = browser
        .submit(&browser.get("/events/new").await, &typed)
        .await;

    assert_eq!(response.status, 422);
    assert_eq!(
        response.select(".et-error-summary li"),
        [
            "Título: Preencha este campo.",
            "Término: O término não pode ser antes do início.",
            "Link: Use um endereço completo, começando com http:// ou https://.",
            "Tecnologias: “um nome de tecnologia comprido demais para o campo”: Use até 40 caracteres.",
        ]
    );
    let links = response.attributes(".et-error-summary a", "href");
    assert_eq!(links, ["#title", "#end_date", "#url", "#technologies"]);
    for field in ["title", "end_date", "url", "technologies"] {
        assert_eq!(
            response.attributes(&format!("#{field}"), "aria-invalid"),
            ["true"]
        );
        let described = response
            .attributes(&format!("#{field}"), "aria-describedby")
            .join(" ");
        assert!(
            described.ends_with(&format!("{field}-error")),
            "{described}"
        );
        assert_eq!(response.select(&format!("#{field}-error")).len(), 1);
    }
    assert!(
        response.attributes("details", "open").len() == 1,
        "what is wrong is not folded away"
    );
    let kept = response.form("/events/").fields;
    for (name, value) in typed {
        let kept = kept
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str());
        assert_eq!(kept, Some(value), "{name}");
    }
    assert_eq!(site.titles("").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_form_offers_brazils_zones_first() {
    let site = Site::new().await;
    let page = site.get("/events/new").await;
    assert_eq!(
        page.attributes("#timezone option[selected]", "value"),
        ["America/Sao_Paulo"]
    );
    let zones = page.attributes("#timezone option", "value");
    assert_eq!(&zones[..2], ["America/Sao_Paulo", "America/Recife"]);
    assert!(zones.contains(&"Europe/Lisbon".to_owned()));
    for field in ["title", "date", "location"] {
        assert_eq!(page.attributes(&format!("#{field}"), "required").len(), 1);
    }
    let ids = page.attributes("input, select, textarea", "id");
    for id in ids {
        assert_eq!(
            page.select(&format!("label[for={id}]")).len(),
            1,
            "{id} has a label"
        );
    }
}

#[tokio::test]
async fn the_board_bears_the_operators_name() {
    let site = Site::with_settings(crate::site::NOW, &[("APP_TITLE", "Agenda <Tech>")]).await;
    assert_eq!(site.get("/").await.select("title"), ["Agenda <Tech>"]);
}

const TYPED: [(&str, &str); 3] = [
    ("title", "Rust Nights"),
    ("date", "2027-06-01T19:00"),
    ("location", "Recife - PE"),
];

#[tokio::test]
async fn a_double_click_publishes_one_event() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;

    let (one, two) = tokio::join!(browser.submit(&form, &TYPED), browser.submit(&form, &TYPED));
    let again = browser.submit(&form, &TYPED).await;

    assert_eq!(again.status, 303);
    for response in [one, two] {
        // One that meets the other in the middle is told to wait.
        assert!(
            response.status == 409 || response.location() == again.location(),
            "{response}"
        );
    }
    let created = browser.follow(&again).await;
    assert_eq!(
        created.select("#secret-link").len(),
        1,
        "and its link is there"
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn going_back_and_sending_again_offers_to_edit_or_to_publish_another() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    let first = browser.submit(&form, &TYPED).await;
    let changed = [("title", "Rust Days"), TYPED[1], TYPED[2]];

    let offered = browser.submit(&form, &changed).await;

    assert_eq!(offered.status, 409);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    let edit = offered.attributes("#already a", "href").remove(0);
    assert_eq!(edit, first.location().replace("/created", "/edit"));
    assert_eq!(browser.get(&edit).await.select("h1"), ["Editar encontro"]);

    let another = browser.submit(&offered, &[]).await;
    assert_eq!(another.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights", "Rust Days"]);
}

#[tokio::test]
async fn a_form_that_was_wrong_at_first_still_publishes_once() {
    let site = Site::new().await;
    let browser = site.browser();
    let wrong = browser
        .submit(&browser.get("/events/new").await, &[("title", "x")])
        .await;
    assert_eq!(wrong.status, 422);
    let first = browser.submit(&wrong, &TYPED).await;
    let again = browser.submit(&wrong, &TYPED).await;
    assert_eq!(
        (first.status.as_u16(), first.location()),
        (303, again.location())
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn the_link_can_be_kept_as_a_text_and_the_browser_is_told_no_secret() {
    let site = Site::new().await;
    let browser = site.browser();
    let sent = browser
        .submit(&browser.get("/events/new").await, &TYPED)
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

    // What the script keeps is what stands here.
    let kept = |name| created.attributes("[data-my-event]", name).remove(0);
    assert_eq!(kept("data-my-title"), "Rust Nights");
    assert!(!kept("data-my-event").contains(token));
}

#[tokio::test]
async fn a_form_that_no_person_filled_in_is_shown_again_with_everything_typed() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(form.attributes("#homepage", "tabindex"), ["-1"]);

    let too_soon = browser.submit(&form, &TYPED).await;
    is_shown_again(&too_soon, "depressa demais");
    site.set_clock("2027-01-01T12:00:02Z");
    let filled = [
        TYPED[0],
        TYPED[1],
        TYPED[2],
        ("homepage", "https://spam.example/"),
    ];
    let honeypot_filled = browser.submit(&too_soon, &filled).await;
    is_shown_again(&honeypot_filled, "não veem");
    assert_eq!(
        honeypot_filled.attributes("#homepage[value]", "value"),
        [""; 0]
    );
    assert_eq!(site.titles("").await, Vec::<String>::new());

    // A person sends it again as it stands.
    assert_eq!(browser.submit(&honeypot_filled, &[]).await.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn a_stamp_is_the_boards_own_and_of_today() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    site.set_clock("2027-01-01T12:01:00Z");
    for forged in ["", "0123456789abcdef", "1.x.y"] {
        let fields = [TYPED[0], TYPED[1], TYPED[2], ("key", forged)];
        is_shown_again(
            &browser.submit(&form, &fields).await,
            "não veio desta página",
        );
    }
    site.set_clock("2027-01-02T12:00:00Z");
    let old = browser.submit(&form, &TYPED).await;
    is_shown_again(&old, "há muito tempo");
    site.set_clock("2027-01-02T12:00:02Z");
    assert_eq!(browser.submit(&old, &[]).await.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn a_program_that_says_so_needs_no_stamp() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let mut post = crate::client::request(http::Method::POST, "/events/");
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    post.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *post.body_mut() = "title=x&date=2027-06-01T19:00&location=y".into();
    assert_eq!(site.send(post).await.status, 303);
}

#[track_caller]
fn is_shown_again(response: &crate::response::Response, why: &str) {
    assert_eq!(response.status, 422, "{response}");
    assert!(
        response.select("#again").concat().contains(why),
        "{response}"
    );
    let fields = response.form("/events/").fields;
    for (name, typed) in TYPED {
        assert!(
            fields.contains(&(name.to_owned(), typed.to_owned())),
            "{name}"
        );
    }
}

#[tokio::test]
async fn what_the_operator_does_not_want_is_not_published() {
    let file = std::env::temp_dir().join(format!("denylist-{}", uuid::Uuid::new_v4()));
    std::fs::write(&file, "cassino\nspam.example\n").unwrap();
    let settings = [("DENYLIST_FILE", file.to_str().unwrap())];
    let site = Site::with_settings(crate::site::NOW, &settings).await;
    let browser = site.browser();
    let typed = [("title", "Noite de CASSINO"), TYPED[1], TYPED[2]];

    let refused = browser
        .submit(&browser.get("/events/new").await, &typed)
        .await;

    assert_eq!(refused.status, 422);
    let told = refused.select(".et-error-summary li");
    assert_eq!(told, ["Título: Este quadro não aceita “cassino”."]);
    let spam = event("Rust")
        .with("url", "https://www.spam.example/x")
        .technologies(&["Go", "Cassino"]);
    let response = site
        .post("/api/events/", &serde_json::Value::Object(spam.0))
        .await;
    assert_eq!(response.status, 422);
    assert_eq!(
        response.field_errors(),
        ["/url denied", "/technologies/1 denied"]
    );

    // What was let in before may not become it.
    let published = site.given(event("Rust")).await;
    let worse = serde_json::json!({"description": "spam.example"});
    let response = site
        .json(http::Method::PATCH, &published.api_path(), &worse)
        .await;
    assert_eq!(response.field_errors(), ["/description denied"]);
    let form = browser.open_edit_link(&published.token).await;
    assert_eq!(
        browser
            .submit(&form, &[("organizer", "Cassino")])
            .await
            .status,
        422
    );
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_zone_stands_beside_the_date_and_the_date_is_read_back() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(form.select("#date-zone"), ["horário de Brasília"]);
    assert_eq!(form.select("#preview"), [""], "no date, no words");
    assert_eq!(form.attributes("#date", "aria-describedby"), ["date-zone"]);

    let typed = [
        ("date", "2027-07-01T10:00"),
        ("timezone", "America/Noronha"),
    ];
    let wrong = browser.submit(&form, &typed).await;

    assert_eq!(
        wrong.select("#date-zone"),
        ["horário de Fernando de Noronha"]
    );
    assert_eq!(
        wrong.select("#preview"),
        [
            "Vai aparecer assim: quinta-feira, 1º de julho de 2027, 10h (horário de Fernando de Noronha)"
        ]
    );
    let nonsense = browser.submit(&form, &[("date", "amanhã")]).await;
    assert_eq!(nonsense.select("#preview"), [""]);
}

#[tokio::test]
async fn a_page_with_problems_says_so_first() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(
        form.select("title"),
        ["Publicar um encontro · Encontros Tech"]
    );

    let wrong = browser.submit(&form, &[]).await;

    assert_eq!(
        wrong.select("title"),
        ["Erro: Publicar um encontro · Encontros Tech"]
    );
    assert_eq!(wrong.attributes("#problems", "tabindex"), ["-1"]);
    assert_eq!(
        wrong.attributes("details[open]", "class"),
        [""; 0],
        "what is folded away is in order"
    );
}

#[tokio::test]
async fn the_form_asks_for_three_things_and_folds_the_rest_by_what_they_are_about() {
    let site = Site::new().await;
    let form = site.get("/events/new").await;
    assert_eq!(
        form.attributes("[required]", "id"),
        ["title", "date", "location"]
    );
    assert_eq!(form.attributes("details [required]", "id"), [""; 0]);
    assert_eq!(
        form.select("details legend"),
        [
            "Sobre o encontro",
            "Quando",
            "Onde e como",
            "Quem organiza e onde saber mais"
        ]
    );
    for (field, most) in [
        ("title", "200"),
        ("description", "10000"),
        ("organizer", "120"),
    ] {
        let field = format!("#{field}");
        assert_eq!(form.attributes(&field, "data-max"), [most]);
        assert_eq!(
            form.attributes(&field, "maxlength"),
            [""; 0],
            "a paste stays whole"
        );
    }
}

#[tokio::test]
async fn publishing_again_asks_only_for_the_date() {
    let site = Site::new().await;
    let browser = site.browser();
    let typed = [
        TYPED[0],
        TYPED[1],
        TYPED[2],
        ("end_date", "2027-06-01T22:00"),
        ("timezone", "America/Recife"),
        ("description", "Linha um\r\n\r\nLinha dois"),
        ("attendance", "hybrid"),
        ("status", "postponed"),
        ("url", "https://rust.example/"),
        ("organizer", "Rust & Recife"),
        ("technologies", "Rust, C++"),
    ];
    let sent = browser
        .submit(&browser.get("/events/new").await, &typed)
        .await;
    let created = browser.follow(&sent).await;
    let again = created.attributes("a[href*='copy=']", "href").remove(0);

    let form = site.get(&again).await;

    assert_eq!(form.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(
        form.select("#copied"),
        ["Copiado de “Rust Nights”. Falta a data."]
    );
    assert_eq!(form.attributes("[autofocus]", "id"), ["date"]);
    assert_eq!(form.attributes("form[data-draft]", "data-draft"), ["keep"]);
    let fields = form.form("/events/").fields;
    for (name, value) in typed {
        let expected = match name {
            "date" | "end_date" => "",
            "status" => "scheduled",
            "description" => "\nLinha um\n\nLinha dois",
            _ => value,
        };
        let found = fields.iter().find(|(field, _)| field == name);
        let found = found.map(|(_, value)| value.trim_start());
        assert_eq!(found, Some(expected.trim_start()), "{name}");
    }
    let moved = [("date", "2027-07-01T19:00"), ("location", "Olinda - PE")];
    let another = site.browser().submit(&form, &moved).await;
    assert_eq!(another.status, 303);
    // The place has moved, and the city that was taken from it with it.
    assert_eq!(site.titles("city=olinda").await, ["Rust Nights"]);
    assert_eq!(site.titles("").await, ["Rust Nights", "Rust Nights"]);
}

#[tokio::test]
async fn what_a_title_holds_is_text_wherever_it_is_told() {
    let site = Site::new().await;
    let published = site.given(event("<b id=bold>\"x\" & 'y'</b>")).await;
    let form = site
        .get(&format!("/events/new?copy={}", published.id))
        .await;
    assert_eq!(
        form.select("#copied"),
        ["Copiado de “<b id=bold>\"x\" & 'y'</b>”. Falta a data."]
    );
    assert!(form.select("#bold").is_empty());
}

#[tokio::test]
async fn what_cannot_be_copied_is_an_empty_form() {
    let site = Site::new().await;
    let gone = site.given(event("Gone")).await;
    site.json(
        http::Method::DELETE,
        &gone.api_path(),
        &serde_json::json!({}),
    )
    .await;
    for id in [gone.id.to_string(), "999".to_owned(), "x".to_owned()] {
        let form = site.get(&format!("/events/new?copy={id}")).await;
        assert_eq!(form.status, 200);
        assert_eq!(form.attributes("#title", "value"), [""], "{id}");
        assert_eq!(
            form.attributes("form[data-draft]", "data-draft"),
            ["restore"]
        );
        assert!(form.select("#copied").is_empty());
    }
}

#[tokio::test]
async fn a_link_that_is_looked_up_later_is_no_news() {
    let site = Site::new().await;
    let browser = site.browser();
    let sent = browser
        .submit(&browser.get("/events/new").await, &TYPED)
        .await;
    let created = browser.get(&sent.location()).await;
    assert_eq!(created.select("h1"), ["Encontro publicado!"]);
    assert_eq!(created.attributes("[data-published]", "class").len(), 1);
    site.set_clock("2027-01-03T12:00:00Z");
    let later = browser.get(&sent.location()).await;
    assert_eq!(later.select("h1"), ["Link secreto do encontro"]);
    assert!(later.attributes("[data-published]", "class").is_empty());
}
