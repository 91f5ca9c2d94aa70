//! The test harness: the site over a database of its own, with a stopped clock.

use std::{
    ops::Deref,
    sync::{Arc, atomic::Ordering},
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use shared::{app::App, clock::Clock, config::Settings, store::Db, telemetry::Metrics};

use crate::{api_gateway::ApiGateway, client::Client, database::Database, log};

/// The default time of the stopped clock.
pub(crate) const NOW: &str = "2027-01-01T12:00:00Z";

/// How requests reach the handlers inside the test process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// The combined server's router, called directly.
    Router,
    /// One function per request, called with an API Gateway event.
    ApiGateway,
}

/// A running site with its own database. Dereferences to its [`Client`].
pub(crate) struct Site {
    client: Client,
    pub(crate) database: Database,
    pub(crate) db: Db,
    clock: Clock,
}

impl Site {
    /// A site whose clock shows [`NOW`].
    pub(crate) async fn new() -> Self {
        Self::at(NOW).await
    }

    /// A site whose clock shows `now` (RFC 3339).
    pub(crate) async fn at(now: &str) -> Self {
        Self::with_settings(now, &[]).await
    }

    /// A site whose clock shows `now`, with these settings.
    pub(crate) async fn with_settings(now: &str, settings: &[(&str, &str)]) -> Self {
        Self::with_database(Database::migrated().await, now, settings)
    }

    /// A site over this database, with the transport of this test target.
    pub(crate) fn with_database(database: Database, now: &str, settings: &[(&str, &str)]) -> Self {
        Self::with_transport(
            crate::TRANSPORT,
            database,
            Clock::stopped(moment(now)),
            settings,
        )
    }

    /// A site over this database, with this transport.
    pub(crate) fn with_transport(
        transport: Transport,
        database: Database,
        clock: Clock,
        settings: &[(&str, &str)],
    ) -> Self {
        log::capture();
        // The clock is stopped, so a form is always submitted 0 s after it was rendered.
        let settings = [settings, &[("FORM_MIN_SECONDS", "0")]].concat();
        let settings = Settings::from_pairs(&settings).unwrap();
        let db = Db::new(&database.url, &settings).unwrap();
        let client = match transport {
            Transport::Router => Client::Router(local_server::uncached_router(&App {
                db: db.clone(),
                facets: Default::default(),
                clock: clock.clone(),
                metrics: Metrics::of_this_process().unwrap(),
                concurrency: Arc::default(),
                rate_limits: settings.rate_limits.then(Arc::default),
                settings: Arc::new(settings),
            })),
            Transport::ApiGateway => Client::ApiGateway(ApiGateway::new(
                &database.url,
                &clock,
                settings.for_function(),
            )),
        };
        Self {
            client,
            database,
            db,
            clock,
        }
    }

    /// Sets the stopped clock.
    pub(crate) fn set_clock(&self, now: &str) {
        match &self.clock {
            Clock::Stopped(micros) => {
                micros.store(moment(now).timestamp_micros(), Ordering::Relaxed)
            }
            Clock::System => unreachable!("the clocks of tests are stopped"),
        }
    }
}

impl Deref for Site {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

pub(crate) fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// What the publisher of an event receives.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: i64,
    pub(crate) token: String,
}

impl Published {
    /// The event's path in the API for the holder of its edit token.
    pub(crate) fn api_path(&self) -> String {
        format!("/api/events/by-token/{}", self.token)
    }
}

/// The JSON object of an event to publish.
#[derive(Clone)]
pub(crate) struct EventJson(pub(crate) Map<String, Value>);

/// An event with this title, a future date and a location.
pub(crate) fn event(title: &str) -> EventJson {
    let Value::Object(members) =
        json!({"title": title, "date": "2027-06-01T19:00", "location": "São Paulo - SP"})
    else {
        unreachable!()
    };
    EventJson(members)
}

impl EventJson {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn starts(self, date: &str) -> Self {
        self.with("date", date)
    }

    pub(crate) fn ends(self, date: &str) -> Self {
        self.with("end_date", date)
    }

    pub(crate) fn technologies(self, technologies: &[&str]) -> Self {
        self.with("technologies", technologies.to_vec())
    }
}
