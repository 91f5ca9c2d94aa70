//! Property test: any sequence of operations on events leaves the site in the state that a simple model predicts.

use std::collections::BTreeMap;

use http::{Method, header};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    client::request,
    site::{NOW, Site, event},
};

const ADMIN_TOKEN: &str = "correct horse battery staple";

/// An operation on the site; the index selects one of the events published so far.
#[derive(Clone, Debug)]
enum Operation {
    Create,
    Edit(Index),
    /// Edits the event with `If-Match` of its previous version.
    EditStale(Index),
    Rotate(Index),
    /// Tries to edit the event with each of its revoked edit tokens.
    EditWithRevokedToken(Index),
    Hide(Index),
    Restore(Index),
    Delete(Index),
}

fn operation() -> impl Strategy<Value = Operation> {
    let which = any::<Index>;
    prop_oneof![
        2 => Just(Operation::Create),
        3 => which().prop_map(Operation::Edit),
        1 => which().prop_map(Operation::EditStale),
        2 => which().prop_map(Operation::Rotate),
        1 => which().prop_map(Operation::EditWithRevokedToken),
        2 => which().prop_map(Operation::Hide),
        2 => which().prop_map(Operation::Restore),
        1 => which().prop_map(Operation::Delete),
    ]
}

/// The state of an event that the model predicts.
#[derive(Clone, Debug)]
struct ExpectedEvent {
    title: String,
    version: i64,
    /// The edit tokens of the event: the revoked ones in order, then the valid one.
    tokens: Vec<String>,
    hidden: bool,
    deleted: bool,
}

impl ExpectedEvent {
    fn path(&self) -> String {
        format!("/api/events/by-token/{}", self.tokens.last().unwrap())
    }

    fn revoked_paths(&self) -> impl Iterator<Item = String> {
        let revoked = &self.tokens[..self.tokens.len() - 1];
        revoked
            .iter()
            .map(|token| format!("/api/events/by-token/{token}"))
    }

    /// Returns `status`, or 404 if the event is deleted.
    fn unless_deleted(&self, status: u16) -> u16 {
        if self.deleted { 404 } else { status }
    }

    async fn edit(&mut self, site: &Site, title: String) {
        let change = json!({"title": title});
        let edited = site.json(Method::PATCH, &self.path(), &change).await;
        assert_eq!(edited.status, self.unless_deleted(200), "{edited}");
        if !self.deleted {
            (self.title, self.version) = (title, self.version + 1);
        }
    }

    async fn edit_stale(&self, site: &Site, id: i64, title: &str) {
        let mut stale = request(Method::PATCH, &self.path());
        let headers = stale.headers_mut();
        let tag = format!("\"{id}-{}\"", self.version - 1);
        headers.insert(header::IF_MATCH, tag.parse().unwrap());
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        *stale.body_mut() = json!({"title": title}).to_string().into();
        assert_eq!(site.send(stale).await.status, self.unless_deleted(412));
    }

    async fn rotate(&mut self, site: &Site) {
        let path = format!("{}/rotate", self.path());
        let rotated = site.send(request(Method::POST, &path)).await;
        assert_eq!(rotated.status, self.unless_deleted(200), "{rotated}");
        if !self.deleted {
            let token = rotated.json()["edit_token"].as_str().unwrap().to_owned();
            self.tokens.push(token);
        }
    }

    async fn edit_with_revoked_tokens(&self, site: &Site, title: &str) {
        let change = json!({"title": title});
        for path in self.revoked_paths() {
            assert_eq!(site.json(Method::PATCH, &path, &change).await.status, 404);
        }
    }

    async fn set_hidden(&mut self, site: &Site, id: i64, hidden: bool) {
        let action = if hidden { "hide" } else { "restore" };
        let mut post = request(Method::POST, &format!("/admin/{action}"));
        let headers = post.headers_mut();
        let bearer = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
        headers.insert(header::AUTHORIZATION, bearer);
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, form);
        *post.body_mut() = format!("id={id}").into();
        let done = site.send(post).await;
        let changes = !self.deleted && self.hidden != hidden;
        let location = format!("/admin?done={}", u8::from(changes));
        assert_eq!(done.location(), location);
        if changes {
            self.hidden = hidden;
        }
    }

    async fn delete(&mut self, site: &Site) {
        let deleted = site.send(request(Method::DELETE, &self.path())).await;
        assert_eq!(deleted.status, self.unless_deleted(204), "{deleted}");
        self.deleted = true;
    }
}

/// A site, and the expected state of each of its events by id.
struct Model {
    site: Site,
    events: BTreeMap<i64, ExpectedEvent>,
    count: usize,
}

impl Model {
    async fn new() -> Self {
        Self {
            site: Site::with_settings(NOW, &[("ADMIN_TOKEN", ADMIN_TOKEN)]).await,
            events: BTreeMap::new(),
            count: 0,
        }
    }

    async fn publish(&mut self, title: String) {
        let published = self.site.given(event(&title)).await;
        let expected = ExpectedEvent {
            title,
            version: 1,
            tokens: vec![published.token],
            hidden: false,
            deleted: false,
        };
        let previous = self.events.insert(published.id, expected);
        assert!(previous.is_none(), "ids are unique");
    }

    /// Applies the operation to the site and to the model, and checks the response. Without events, publishes one.
    async fn apply(&mut self, operation: &Operation) {
        self.count += 1;
        let title = format!("Encontro {}", self.count);
        let which = match operation {
            Operation::Create => return self.publish(title).await,
            Operation::Edit(which)
            | Operation::EditStale(which)
            | Operation::Rotate(which)
            | Operation::EditWithRevokedToken(which)
            | Operation::Hide(which)
            | Operation::Restore(which)
            | Operation::Delete(which) => which,
        };
        if self.events.is_empty() {
            return self.publish(title).await;
        }
        let index = which.index(self.events.len());
        let (&id, event) = self.events.iter_mut().nth(index).unwrap();
        let site = &self.site;
        match operation {
            Operation::Create => unreachable!("returned above"),
            Operation::Edit(_) => event.edit(site, title).await,
            Operation::EditStale(_) => event.edit_stale(site, id, &title).await,
            Operation::Rotate(_) => event.rotate(site).await,
            Operation::EditWithRevokedToken(_) => {
                event.edit_with_revoked_tokens(site, &title).await;
            }
            Operation::Hide(_) => event.set_hidden(site, id, true).await,
            Operation::Restore(_) => event.set_hidden(site, id, false).await,
            Operation::Delete(_) => event.delete(site).await,
        }
    }

    /// Asserts that every page and API response corresponds to the model.
    async fn compare(&self) {
        let visible = self
            .events
            .values()
            .filter(|event| !event.deleted && !event.hidden);
        let visible: Vec<_> = visible.map(|event| event.title.clone()).collect();
        assert_eq!(self.site.titles("limit=100").await, visible);
        let export = self.site.get("/api/events/export").await.text();
        assert_eq!(export.lines().count(), visible.len());
        for (id, event) in &self.events {
            let public = self.site.get(&format!("/api/events/{id}")).await;
            let expected_status = if event.deleted || event.hidden {
                404
            } else {
                200
            };
            assert_eq!(public.status, expected_status, "{id} {event:?}");
            let page = self.site.get(&format!("/events/{id}")).await;
            assert_eq!(page.status, expected_status, "{id} {event:?}");
            let own = self.site.get(&event.path()).await;
            assert_eq!(
                own.status,
                if event.deleted { 404 } else { 200 },
                "{id} {event:?}"
            );
            if !event.deleted {
                let own = own.json();
                let read = (
                    own["title"].as_str(),
                    own["version"].as_i64(),
                    own["hidden"].as_bool(),
                );
                let hidden = event.hidden.then_some(true);
                assert_eq!(
                    read,
                    (Some(event.title.as_str()), Some(event.version), hidden)
                );
            }
            for path in event.revoked_paths() {
                assert_eq!(self.site.get(&path).await.status, 404);
            }
        }
    }
}

#[test]
fn any_sequence_of_operations_has_the_expected_result() {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 32,
        ..ProptestConfig::default()
    });
    let operations = prop::collection::vec(operation(), 1..30);
    let result = runner.run(&operations, |operations| {
        runtime.block_on(async {
            let mut model = Model::new().await;
            for operation in &operations {
                model.apply(operation).await;
            }
            model.compare().await;
        });
        Ok(())
    });
    result.unwrap_or_else(|failed| panic!("{failed}"));
}
