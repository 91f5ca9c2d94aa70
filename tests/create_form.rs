//! Tests of the form for a new event, `/events/new`: fields, labels, errors and the date preview.

use crate::site::Site;

#[tokio::test]
async fn an_invalid_form_is_shown_again_with_all_values_and_errors() {
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
        "the section with an error is open"
    );
    let fields = response.form("/events/").fields;
    for (name, value) in typed {
        let shown = fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str());
        assert_eq!(shown, Some(value), "{name}");
    }
    assert_eq!(site.titles("").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_form_lists_the_brazilian_time_zones_first() {
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
async fn the_form_shows_the_time_zone_and_a_preview_of_the_date() {
    let site = Site::new().await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(form.select("#date-zone"), ["horário de Brasília"]);
    assert_eq!(form.select("#preview"), [""], "no preview without a date");
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
    let invalid = browser.submit(&form, &[("date", "amanhã")]).await;
    assert_eq!(invalid.select("#preview"), [""]);
}

#[tokio::test]
async fn a_form_with_errors_has_error_in_its_title_and_focuses_the_summary() {
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
    assert_eq!(wrong.attributes("#errors", "tabindex"), ["-1"]);
    assert_eq!(
        wrong.attributes("details[open]", "class"),
        [""; 0],
        "sections without errors stay closed"
    );
}

#[tokio::test]
async fn only_three_fields_are_required_and_the_others_are_in_collapsed_groups() {
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
    for (field, chars_max) in [
        ("title", "200"),
        ("description", "10000"),
        ("organizer", "120"),
    ] {
        let field = format!("#{field}");
        assert_eq!(form.attributes(&field, "data-max"), [chars_max]);
        assert_eq!(
            form.attributes(&field, "maxlength"),
            [""; 0],
            "pasted text is not cut"
        );
    }
}
