//! Opens every page of the site in every state and every language, and checks it.

use serde_json::json;
use shared::pages::Lang;

use crate::{
    environment::{self, ADMIN_TOKEN, Environment},
    inspection::Inspection,
    npm,
    visitor::{Scripts, Visitor},
};

/// The languages that the pages are checked in: all of the site's.
const LANGUAGES: [Lang; 3] = Lang::ALL;
/// The number of published events, more than fit on a page of the list.
const EVENTS: usize = 30;
/// The length in characters of a title that is one character too long.
const TITLE_TOO_LONG: usize = 201;

/// Checks every page in every state and every language.
pub(crate) async fn inspect(environment: &Environment) {
    let axe = match npm::axe() {
        Ok(axe) => axe,
        Err(missing) => {
            assert!(!environment::is_required(), "{missing}");
            eprintln!("browser: every page in every state SKIPPED: {missing}");
            return;
        }
    };
    let mut inspection = Inspection::new(axe);
    check_list(environment, &mut inspection, "list-empty").await;
    environment.publish(&json!({"title": "Passou", "date": "2020-02-06T09:30"}));
    check_list(environment, &mut inspection, "list-nothing-upcoming").await;
    let events = Events::publish(environment);
    for language in LANGUAGES.map(Lang::tag) {
        let mut reader = Reader::open(environment, language, &mut inspection).await;
        reader.check_public_pages(&events).await;
        reader.check_publishing().await;
        reader.check_editing(&events).await;
        reader.check_moderation(&events).await;
        reader.close().await;
    }
    inspection.finish();
}

/// Checks the list page with the events that are published now, as the page state named `state`.
async fn check_list(environment: &Environment, inspection: &mut Inspection, state: &str) {
    for language in LANGUAGES.map(Lang::tag) {
        let mut reader = Reader::open(environment, language, inspection).await;
        reader.check_at(state, "/").await;
        reader.close().await;
    }
}

/// Published events: one in each state of an event page.
struct Events {
    plain: environment::Published,
    details: Vec<(&'static str, i64)>,
}

impl Events {
    fn publish(environment: &Environment) -> Self {
        let whole = json!({
            "title": "Rust & Café: \"lifetimes\" sem dor",
            "date": "2089-02-06T09:30",
            "end_date": "2089-02-07T13:00",
            "timezone": "America/Manaus",
            "location": "Centro de Convenções, Manaus - AM",
            "description": "Mão na massa.\n\nInscrições em https://example.org/inscricoes e no local.",
            "url": "https://example.org/um/endereco/bem/comprido/que-nao-cabe-em-uma-linha-de-telefone?ref=agenda",
            "organizer": "Rust Manaus",
            "technologies": ["Rust", "PostgreSQL", "C++"],
        });
        let with = |changes: &[(&str, &str)]| {
            let mut event = whole.clone();
            for (name, value) in changes {
                event[*name] = json!(value);
            }
            environment.publish(&event).id
        };
        let past = [
            ("date", "2020-02-06T09:30"),
            ("end_date", "2020-02-06T12:00"),
        ];
        let details = vec![
            ("detail-scheduled", with(&[])),
            ("detail-postponed", with(&[("status", "postponed")])),
            ("detail-cancelled", with(&[("status", "cancelled")])),
            ("detail-online", with(&[("attendance", "online")])),
            ("detail-hybrid", with(&[("attendance", "hybrid")])),
            ("detail-past", with(&past)),
            (
                "detail-minimal",
                environment.publish(&json!({"title": "Só o necessário"})).id,
            ),
        ];
        for number in 0..EVENTS {
            environment
                .publish(&json!({"title": format!("Encontro {number}"), "technologies": ["Go"]}));
        }
        Self {
            plain: environment.publish(&whole),
            details,
        }
    }
}

/// A browser session that opens and checks pages in one language.
struct Reader<'a> {
    visitor: Visitor<'a>,
    language: &'a str,
    inspection: &'a mut Inspection,
}

impl<'a> Reader<'a> {
    async fn open(
        environment: &'a Environment,
        language: &'a str,
        inspection: &'a mut Inspection,
    ) -> Self {
        let visitor = environment.visitor(Scripts::Run).await;
        let reader = Self {
            visitor,
            language,
            inspection,
        };
        reader.set_headers(json!({})).await;
        reader
    }

    async fn close(self) {
        for error in self.visitor.errors().await {
            self.inspection.add(&error, self.language);
        }
    }

    /// Sets the headers, and `Accept-Language` with the reader's language, for every request from now on.
    async fn set_headers(&self, mut headers: serde_json::Value) {
        headers["Accept-Language"] = json!(self.language);
        self.visitor
            .command("Network.setExtraHTTPHeaders", json!({"headers": headers}))
            .await;
    }

    async fn check(&mut self, state: &str) {
        self.inspection
            .check(&self.visitor, self.language, state)
            .await;
    }

    async fn check_at(&mut self, state: &str, path: &str) {
        self.goto(path).await;
        self.check(state).await;
    }

    async fn goto(&self, path: &str) {
        let mark = if path.contains('?') { '&' } else { '?' };
        self.visitor
            .goto(&format!("{path}{mark}lang={}", self.language))
            .await;
    }

    async fn check_public_pages(&mut self, events: &Events) {
        self.check_at("list", "/").await;
        self.visitor.load_more().await;
        self.check("list-more").await;
        self.check_at("list-filtered", "/?q=rust&technology=Rust")
            .await;
        self.check_at("list-nothing-found", "/?q=xyzzy").await;
        self.check_at("technology", "/technology/rust").await;
        self.check_at("weekend", "/weekend").await;
        self.check_at("city-nothing", "/city/ac/xapuri").await;
        self.check_at("embed", "/embed").await;
        self.check_at("embed-one", &format!("/embed?id={}", events.plain.id))
            .await;
        for (state, id) in &events.details {
            self.check_at(state, &format!("/events/{id}")).await;
        }
        self.check_at("docs", "/docs").await;
        let open =
            "document.querySelectorAll('details').forEach((details) => { details.open = true; })";
        self.visitor.client.execute(open, Vec::new()).await.unwrap();
        self.check("docs-open").await;
        self.check_at("404", "/events/999999999").await;
        self.check_at("403", &format!("/events/{}/edit", events.plain.id))
            .await;
    }

    async fn check_publishing(&mut self) {
        self.check_at("new", "/events/new").await;
        let wrong = [
            ("description", "Uma descrição"),
            // Valid for the browser, but neither http nor https.
            ("url", "ftp://example.org/"),
            ("technologies", "Rust"),
        ];
        for (name, text) in wrong {
            self.visitor.fill(name, text).await;
        }
        self.visitor.submit("title").await;
        self.check("new-errors").await;

        self.fill_new("Publicado").await;
        self.visitor.submit("title").await;
        self.check("created").await;
        self.check_at("list-mine", "/").await;

        // Submits the same form twice.
        self.fill_new("Publicado duas vezes").await;
        let first = "const form = document.querySelector('main form'); \
             fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))}).then(arguments[0])";
        self.visitor
            .client
            .execute_async(first, Vec::new())
            .await
            .unwrap();
        self.visitor.submit("title").await;
        self.check("new-already-published").await;
    }

    async fn fill_new(&self, title: &str) {
        self.goto("/events/new").await;
        self.visitor.fill("title", title).await;
        self.visitor.fill("date", "2090-03-18T19:00").await;
        self.visitor.fill("location", "Belém - PA").await;
    }

    async fn check_editing(&mut self, events: &Events) {
        let (id, token) = (events.plain.id, &events.plain.edit_token);
        self.visitor.goto(&format!("/events/edit/{token}")).await;
        self.check("edit").await;
        self.visitor
            .fill("title", &"x".repeat(TITLE_TOO_LONG))
            .await;
        self.visitor.submit("title").await;
        self.check("edit-errors").await;
        self.goto(&format!("/events/{id}/edit")).await;
        let environment = self.visitor.environment;
        let theirs = format!("Título deles, visto em {}", self.language);
        environment.change(token, &json!({"title": theirs, "organizer": null}));
        self.visitor.fill("title", "Título meu").await;
        self.visitor.fill("organizer", "Organização minha").await;
        self.visitor.submit("title").await;
        self.check("edit-conflict").await;
        self.check_at("delete", &format!("/events/{id}/delete"))
            .await;

        let deleted = environment.publish(&json!({"title": "Para apagar"}));
        self.visitor
            .goto(&format!("/events/edit/{}", deleted.edit_token))
            .await;
        self.goto(&format!("/events/{}/delete", deleted.id)).await;
        self.visitor
            .follow("//form[contains(@action, '/delete')]//button[@type='submit']")
            .await;
        self.check("list-deleted").await;
    }

    async fn check_moderation(&mut self, events: &Events) {
        let bearer = format!("Bearer {ADMIN_TOKEN}");
        self.set_headers(json!({"Authorization": bearer})).await;
        self.check_at("admin", "/admin").await;
        let row = format!(
            "//form[.//input[@name='id' and @value='{}']]//button[@type='submit']",
            events.plain.id
        );
        self.visitor.follow(&row).await;
        self.check("admin-done").await;
        self.check_at("admin-hidden", "/admin?hidden=1").await;
        self.visitor.follow("main a[href*='source=']").await;
        self.check("admin-source").await;
        self.check_at("edit-hidden", &format!("/events/{}/edit", events.plain.id))
            .await;
        self.goto("/admin?hidden=1").await;
        self.visitor.follow(&row).await;
    }
}
