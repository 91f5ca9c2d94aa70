//! Every state a page can be in.

use serde_json::json;
use shared::pages::Lang;

use crate::{
    inspection::Inspection,
    npm,
    stage::{self, ADMIN_TOKEN, Stage},
    visitor::{Scripts, Visitor},
};

/// The languages the board speaks.
const LANGUAGES: [Lang; 3] = Lang::ALL;
/// More events than a page of the list has.
const MANY: usize = 30;
/// One more character than a title may have.
const TOO_LONG: usize = 201;

/// Looks at every page in every state and every language.
pub(crate) async fn inspect(stage: &Stage) {
    let axe = match npm::axe() {
        Ok(axe) => axe,
        Err(missing) => {
            assert!(!stage::is_required(), "{missing}");
            eprintln!("browser: every page in every state is NOT TRIED: {missing}");
            return;
        }
    };
    let mut inspection = Inspection::new(axe);
    look_at_list(stage, &mut inspection, "list-empty").await;
    stage.publish(&json!({"title": "Passou", "date": "2020-02-06T09:30"}));
    look_at_list(stage, &mut inspection, "list-nothing-upcoming").await;
    let events = Events::publish(stage);
    for language in LANGUAGES.map(Lang::tag) {
        let mut reader = Reader::open(stage, language, &mut inspection).await;
        reader.reads(&events).await;
        reader.publishes().await;
        reader.edits(&events).await;
        reader.operates(&events).await;
        reader.leave().await;
    }
    inspection.end();
}

/// Looks at the list as it is now.
async fn look_at_list(stage: &Stage, inspection: &mut Inspection, state: &str) {
    for language in LANGUAGES.map(Lang::tag) {
        let mut reader = Reader::open(stage, language, inspection).await;
        reader.look_at(state, "/").await;
        reader.leave().await;
    }
}

/// An event in each state.
struct Events {
    plain: stage::Published,
    details: Vec<(&'static str, i64)>,
}

impl Events {
    fn publish(stage: &Stage) -> Self {
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
            stage.publish(&event).id
        };
        let over = [
            ("date", "2020-02-06T09:30"),
            ("end_date", "2020-02-06T12:00"),
        ];
        let details = vec![
            ("detail-scheduled", with(&[])),
            ("detail-postponed", with(&[("status", "postponed")])),
            ("detail-cancelled", with(&[("status", "cancelled")])),
            ("detail-online", with(&[("attendance", "online")])),
            ("detail-hybrid", with(&[("attendance", "hybrid")])),
            ("detail-over", with(&over)),
            (
                "detail-bare",
                stage.publish(&json!({"title": "Só o necessário"})).id,
            ),
        ];
        for number in 0..MANY {
            stage.publish(&json!({"title": format!("Encontro {number}"), "technologies": ["Go"]}));
        }
        Self {
            plain: stage.publish(&whole),
            details,
        }
    }
}

/// Who visits every page in one language.
struct Reader<'a> {
    visitor: Visitor<'a>,
    language: &'a str,
    inspection: &'a mut Inspection,
}

impl<'a> Reader<'a> {
    async fn open(stage: &'a Stage, language: &'a str, inspection: &'a mut Inspection) -> Self {
        let visitor = stage.visitor(Scripts::Run).await;
        let reader = Self {
            visitor,
            language,
            inspection,
        };
        reader.send(json!({})).await;
        reader
    }

    async fn leave(self) {
        for trouble in self.visitor.troubles().await {
            self.inspection.add(&trouble, self.language);
        }
    }

    /// Sends these headers with every request, and the language.
    async fn send(&self, mut headers: serde_json::Value) {
        headers["Accept-Language"] = json!(self.language);
        self.visitor
            .command("Network.setExtraHTTPHeaders", json!({"headers": headers}))
            .await;
    }

    async fn look(&mut self, state: &str) {
        self.inspection
            .look(&self.visitor, self.language, state)
            .await;
    }

    async fn look_at(&mut self, state: &str, path: &str) {
        self.goto(path).await;
        self.look(state).await;
    }

    async fn goto(&self, path: &str) {
        let mark = if path.contains('?') { '&' } else { '?' };
        self.visitor
            .goto(&format!("{path}{mark}lang={}", self.language))
            .await;
    }

    async fn reads(&mut self, events: &Events) {
        self.look_at("list", "/").await;
        self.visitor.load_more().await;
        self.look("list-more").await;
        self.look_at("list-filtered", "/?q=rust&technology=Rust")
            .await;
        self.look_at("list-nothing-found", "/?q=xyzzy").await;
        self.look_at("technology", "/technology/rust").await;
        self.look_at("weekend", "/weekend").await;
        self.look_at("city-nothing", "/city/ac/xapuri").await;
        self.look_at("embed", "/embed").await;
        self.look_at("embed-one", &format!("/embed?id={}", events.plain.id))
            .await;
        for (state, id) in &events.details {
            self.look_at(state, &format!("/events/{id}")).await;
        }
        self.look_at("docs", "/docs").await;
        let open =
            "document.querySelectorAll('details').forEach((details) => { details.open = true; })";
        self.visitor.client.execute(open, Vec::new()).await.unwrap();
        self.look("docs-open").await;
        self.look_at("404", "/events/999999999").await;
        self.look_at("403", &format!("/events/{}/edit", events.plain.id))
            .await;
    }

    async fn publishes(&mut self) {
        self.look_at("new", "/events/new").await;
        let wrong = [
            ("description", "Uma descrição"),
            // An address, as the browser's own check has it, but no page.
            ("url", "ftp://example.org/"),
            ("technologies", "Rust"),
        ];
        for (name, text) in wrong {
            self.visitor.fill(name, text).await;
        }
        self.visitor.submit("title").await;
        self.look("new-errors").await;

        self.fill_new("Publicado").await;
        self.visitor.submit("title").await;
        self.look("created").await;
        self.look_at("list-mine", "/").await;

        // The same form twice.
        self.fill_new("Publicado duas vezes").await;
        let first = "const form = document.querySelector('main form'); \
             fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))}).then(arguments[0])";
        self.visitor
            .client
            .execute_async(first, Vec::new())
            .await
            .unwrap();
        self.visitor.submit("title").await;
        self.look("new-already-published").await;
    }

    async fn fill_new(&self, title: &str) {
        self.goto("/events/new").await;
        self.visitor.fill("title", title).await;
        self.visitor.fill("date", "2090-03-18T19:00").await;
        self.visitor.fill("location", "Belém - PA").await;
    }

    async fn edits(&mut self, events: &Events) {
        let (id, token) = (events.plain.id, &events.plain.token);
        self.visitor.goto(&format!("/events/edit/{token}")).await;
        self.look("edit").await;
        self.visitor.fill("title", &"x".repeat(TOO_LONG)).await;
        self.visitor.submit("title").await;
        self.look("edit-errors").await;
        self.goto(&format!("/events/{id}/edit")).await;
        let stage = self.visitor.stage;
        let theirs = format!("Título deles, visto em {}", self.language);
        stage.change(token, &json!({"title": theirs, "organizer": null}));
        self.visitor.fill("title", "Título meu").await;
        self.visitor.fill("organizer", "Organização minha").await;
        self.visitor.submit("title").await;
        self.look("edit-conflict").await;
        self.look_at("delete", &format!("/events/{id}/delete"))
            .await;

        let doomed = stage.publish(&json!({"title": "Para apagar"}));
        self.visitor
            .goto(&format!("/events/edit/{}", doomed.token))
            .await;
        self.goto(&format!("/events/{}/delete", doomed.id)).await;
        self.visitor
            .follow("//form[contains(@action, '/delete')]//button[@type='submit']")
            .await;
        self.look("list-deleted").await;
    }

    async fn operates(&mut self, events: &Events) {
        let bearer = format!("Bearer {ADMIN_TOKEN}");
        self.send(json!({"Authorization": bearer})).await;
        self.look_at("admin", "/admin").await;
        let row = format!(
            "//form[.//input[@name='id' and @value='{}']]//button[@type='submit']",
            events.plain.id
        );
        self.visitor.follow(&row).await;
        self.look("admin-done").await;
        self.look_at("admin-hidden", "/admin?hidden=1").await;
        self.visitor.follow("main a[href*='source=']").await;
        self.look("admin-source").await;
        self.look_at("edit-hidden", &format!("/events/{}/edit", events.plain.id))
            .await;
        self.goto("/admin?hidden=1").await;
        self.visitor.follow(&row).await;
    }
}
