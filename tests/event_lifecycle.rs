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

/// An operation, on one of the events published so far.
#[derive(Clone, Debug)]
enum Operation {
    Create,
    Edit(Index),
    /// With `If-Match` of the previous version.
    EditStale(Index),
    Rotate(Index),
    /// With each revoked token.
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

/// The expected state of an event.
#[derive(Clone, Debug)]
struct ExpectedEvent {
    title: String,
    version: i64,
    /// The valid token last, after the revoked ones.
    tokens: Vec<String>,
    hidden: bool,
    deleted: bool,
}

impl ExpectedEvent {
    fn path(&self) -> String {
        format!("/api/events/by-token/{}", self.tokens.last().unwrap())
    }
}

/// A site and its expected events by id.
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

    /// Applies the operation to the site and to the model, and checks the response.
    async fn apply(&mut self, operation: &Operation) {
        self.count += 1;
        let title = format!("Encontro {}", self.count);
        let which = match operation {
            Operation::Create => None,
            Operation::Edit(which)
            | Operation::EditStale(which)
            | Operation::Rotate(which)
            | Operation::EditWithRevokedToken(which)
            | Operation::Hide(which)
            | Operation::Restore(which)
            | Operation::Delete(which) => Some(which).filter(|_| !self.events.is_empty()),
        };
        let Some(which) = which else {
            let published = self.site.given(event(&title)).await;
            let tokens = vec![published.token];
            let expected = ExpectedEvent {
                title,
                version: 1,
                tokens,
                hidden: false,
                deleted: false,
            };
            assert!(
                self.events.insert(published.id, expected).is_none(),
                "ids are unique"
            );
            return;
        };
        let (site, id) = (
            &self.site,
            *self
                .events
                .keys()
                .nth(which.index(self.events.len()))
                .unwrap(),
        );
        let event = self.events.get_mut(&id).unwrap();
        let unless_deleted = |status: u16| if event.deleted { 404 } else { status };
        let change = json!({"title": title});
        match operation {
            Operation::Create => unreachable!("returned above"),
            Operation::Edit(_) => {
                let edited = site.json(Method::PATCH, &event.path(), &change).await;
                assert_eq!(edited.status, unless_deleted(200), "{edited}");
                if !event.deleted {
                    (event.title, event.version) = (title, event.version + 1);
                }
            }
            Operation::EditStale(_) => {
                let mut stale = request(Method::PATCH, &event.path());
                let tag = format!("\"{id}-{}\"", event.version - 1).parse().unwrap();
                stale.headers_mut().insert(header::IF_MATCH, tag);
                stale
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
                *stale.body_mut() = change.to_string().into();
                assert_eq!(site.send(stale).await.status, unless_deleted(412));
            }
            Operation::Rotate(_) => {
                let rotated = site
                    .send(request(Method::POST, &format!("{}/rotate", event.path())))
                    .await;
                assert_eq!(rotated.status, unless_deleted(200), "{rotated}");
                if !event.deleted {
                    event
                        .tokens
                        .push(rotated.json()["edit_token"].as_str().unwrap().to_owned());
                }
            }
            Operation::EditWithRevokedToken(_) => {
                for revoked in &event.tokens[..event.tokens.len() - 1] {
                    let path = format!("/api/events/by-token/{revoked}");
                    assert_eq!(site.json(Method::PATCH, &path, &change).await.status, 404);
                }
            }
            Operation::Hide(_) | Operation::Restore(_) => {
                let hide = matches!(operation, Operation::Hide(_));
                let mut post = request(
                    Method::POST,
                    if hide {
                        "/admin/hide"
                    } else {
                        "/admin/restore"
                    },
                );
                let bearer = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
                post.headers_mut().insert(header::AUTHORIZATION, bearer);
                let form = "application/x-www-form-urlencoded".parse().unwrap();
                post.headers_mut().insert(header::CONTENT_TYPE, form);
                *post.body_mut() = format!("id={id}").into();
                let done = site.send(post).await;
                let changes = !event.deleted && event.hidden != hide;
                assert_eq!(
                    done.location(),
                    format!("/admin?done={}", u8::from(changes))
                );
                event.hidden = hide && !event.deleted || event.hidden && event.deleted;
            }
            Operation::Delete(_) => {
                let deleted = site.send(request(Method::DELETE, &event.path())).await;
                assert_eq!(deleted.status, unless_deleted(204), "{deleted}");
                event.deleted = true;
            }
        }
    }

    /// Compares every page and API response with the model.
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
            for revoked in &event.tokens[..event.tokens.len() - 1] {
                let path = format!("/api/events/by-token/{revoked}");
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
