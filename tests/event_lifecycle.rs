//! The life of events in any order of deeds, beside a model of what must come of each.

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

/// What somebody does, to one of the events there have been.
#[derive(Clone, Debug)]
enum Deed {
    Create,
    Edit(Index),
    /// With the version before the present one.
    EditStale(Index),
    Rotate(Index),
    /// By the token before the present one.
    EditByVoidToken(Index),
    Hide(Index),
    Restore(Index),
    Delete(Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    let which = any::<Index>;
    prop_oneof![
        2 => Just(Deed::Create),
        3 => which().prop_map(Deed::Edit),
        1 => which().prop_map(Deed::EditStale),
        2 => which().prop_map(Deed::Rotate),
        1 => which().prop_map(Deed::EditByVoidToken),
        2 => which().prop_map(Deed::Hide),
        2 => which().prop_map(Deed::Restore),
        1 => which().prop_map(Deed::Delete),
    ]
}

/// An event as it must be.
#[derive(Clone, Debug)]
struct Modelled {
    title: String,
    version: i64,
    /// The present one last.
    tokens: Vec<String>,
    hidden: bool,
    deleted: bool,
}

impl Modelled {
    fn path(&self) -> String {
        format!("/api/events/by-token/{}", self.tokens.last().unwrap())
    }
}

/// A board and what must be on it, by id.
struct Life {
    site: Site,
    events: BTreeMap<i64, Modelled>,
    count: usize,
}

impl Life {
    async fn begin() -> Self {
        Self {
            site: Site::with_settings(NOW, &[("ADMIN_TOKEN", ADMIN_TOKEN)]).await,
            events: BTreeMap::new(),
            count: 0,
        }
    }

    /// Does it, to the board and to the model, and compares what is answered.
    async fn live(&mut self, deed: &Deed) {
        self.count += 1;
        let title = format!("Encontro {}", self.count);
        let which = match deed {
            Deed::Create => None,
            Deed::Edit(which)
            | Deed::EditStale(which)
            | Deed::Rotate(which)
            | Deed::EditByVoidToken(which)
            | Deed::Hide(which)
            | Deed::Restore(which)
            | Deed::Delete(which) => Some(which).filter(|_| !self.events.is_empty()),
        };
        let Some(which) = which else {
            let published = self.site.given(event(&title)).await;
            let tokens = vec![published.token];
            let modelled = Modelled {
                title,
                version: 1,
                tokens,
                hidden: false,
                deleted: false,
            };
            assert!(
                self.events.insert(published.id, modelled).is_none(),
                "an id is given once"
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
        let known = self.events.get_mut(&id).unwrap();
        let gone = |status: u16| if known.deleted { 404 } else { status };
        let change = json!({"title": title});
        match deed {
            Deed::Create => unreachable!("done above"),
            Deed::Edit(_) => {
                let edited = site.json(Method::PATCH, &known.path(), &change).await;
                assert_eq!(edited.status, gone(200), "{edited}");
                if !known.deleted {
                    (known.title, known.version) = (title, known.version + 1);
                }
            }
            Deed::EditStale(_) => {
                let mut stale = request(Method::PATCH, &known.path());
                let tag = format!("\"{id}-{}\"", known.version - 1).parse().unwrap();
                stale.headers_mut().insert(header::IF_MATCH, tag);
                stale
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
                *stale.body_mut() = change.to_string().into();
                assert_eq!(site.send(stale).await.status, gone(412));
            }
            Deed::Rotate(_) => {
                let rotated = site
                    .send(request(Method::POST, &format!("{}/rotate", known.path())))
                    .await;
                assert_eq!(rotated.status, gone(200), "{rotated}");
                if !known.deleted {
                    known
                        .tokens
                        .push(rotated.json()["edit_token"].as_str().unwrap().to_owned());
                }
            }
            Deed::EditByVoidToken(_) => {
                for void in &known.tokens[..known.tokens.len() - 1] {
                    let path = format!("/api/events/by-token/{void}");
                    assert_eq!(site.json(Method::PATCH, &path, &change).await.status, 404);
                }
            }
            Deed::Hide(_) | Deed::Restore(_) => {
                let hide = matches!(deed, Deed::Hide(_));
                let mut press = request(
                    Method::POST,
                    if hide {
                        "/admin/hide"
                    } else {
                        "/admin/restore"
                    },
                );
                let bearer = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
                press.headers_mut().insert(header::AUTHORIZATION, bearer);
                let form = "application/x-www-form-urlencoded".parse().unwrap();
                press.headers_mut().insert(header::CONTENT_TYPE, form);
                *press.body_mut() = format!("id={id}").into();
                let done = site.send(press).await;
                let changes = !known.deleted && known.hidden != hide;
                assert_eq!(
                    done.location(),
                    format!("/admin?done={}", u8::from(changes))
                );
                known.hidden = hide && !known.deleted || known.hidden && known.deleted;
            }
            Deed::Delete(_) => {
                let deleted = site.send(request(Method::DELETE, &known.path())).await;
                assert_eq!(deleted.status, gone(204), "{deleted}");
                known.deleted = true;
            }
        }
    }

    /// Compares everything there is.
    async fn compare(&self) {
        let visible = self
            .events
            .values()
            .filter(|known| !known.deleted && !known.hidden);
        let visible: Vec<_> = visible.map(|known| known.title.clone()).collect();
        assert_eq!(self.site.titles("limit=100").await, visible);
        let export = self.site.get("/api/events/export").await.text();
        assert_eq!(export.lines().count(), visible.len());
        for (id, known) in &self.events {
            let public = self.site.get(&format!("/api/events/{id}")).await;
            let there = if known.deleted || known.hidden {
                404
            } else {
                200
            };
            assert_eq!(public.status, there, "{id} {known:?}");
            let page = self.site.get(&format!("/events/{id}")).await;
            assert_eq!(page.status, there, "{id} {known:?}");
            let own = self.site.get(&known.path()).await;
            assert_eq!(
                own.status,
                if known.deleted { 404 } else { 200 },
                "{id} {known:?}"
            );
            if !known.deleted {
                let own = own.json();
                let told = (
                    own["title"].as_str(),
                    own["version"].as_i64(),
                    own["hidden"].as_bool(),
                );
                let hidden = known.hidden.then_some(true);
                assert_eq!(
                    told,
                    (Some(known.title.as_str()), Some(known.version), hidden)
                );
            }
            for void in &known.tokens[..known.tokens.len() - 1] {
                let path = format!("/api/events/by-token/{void}");
                assert_eq!(self.site.get(&path).await.status, 404);
            }
        }
    }
}

#[test]
fn whatever_is_done_in_whatever_order_comes_out_as_it_must() {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 32,
        ..ProptestConfig::default()
    });
    let deeds = prop::collection::vec(deed(), 1..30);
    let lived = runner.run(&deeds, |deeds| {
        runtime.block_on(async {
            let mut life = Life::begin().await;
            for deed in &deeds {
                life.live(deed).await;
            }
            life.compare().await;
        });
        Ok(())
    });
    lived.unwrap_or_else(|failed| panic!("{failed}"));
}
