//! The test harness: a site with a database of its own and a stopped clock.

use std::{
    ops::Deref,
    sync::{Arc, atomic::Ordering},
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use shared::{app::App, clock::Clock, config::Settings, store::Db, telemetry::Metrics};

use crate::{api_gateway::ApiGateway, client::Client, database::Database, log};

/// The time that the stopped clock of a site shows by default.
pub(crate) const NOW: &str = "2027-01-01T12:00:00Z";

/// The ways in which requests reach the handlers inside the test process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Calls the router of `local-server`, which runs all functions in one process.
    Router,
    /// Calls one function per request, with an event as API Gateway sends it.
    ApiGateway,
}

/// A running site with its own database. It dereferences to its [`Client`].
pub(crate) struct Site {
    client: Client,
    pub(crate) database: Database,
    pub(crate) db: Db,
    clock: Clock,
}

impl Site {
    /// Creates a site whose clock shows [`NOW`].
    pub(crate) async fn new() -> Self {
        Self::at(NOW).await
    }

    /// Creates a site whose clock shows `now` (RFC 3339).
    pub(crate) async fn at(now: &str) -> Self {
        Self::with_settings(now, &[]).await
    }

    /// Creates a site with `settings`, whose clock shows `now` (RFC 3339).
    pub(crate) async fn with_settings(now: &str, settings: &[(&str, &str)]) -> Self {
        Self::with_database(Database::migrated().await, now, settings)
    }

    /// Creates a site on an existing database, with the transport of the test target.
    pub(crate) fn with_database(database: Database, now: &str, settings: &[(&str, &str)]) -> Self {
        Self::with_transport(
            crate::TRANSPORT,
            database,
            Clock::stopped(moment(now)),
            settings,
        )
    }

    /// Creates a site on an existing database, with the given transport.
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

    /// Sets the stopped clock of the site to `now` (RFC 3339).
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

/// A published event, as its publisher receives it: the id and the edit token.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: i64,
    pub(crate) token: String,
}

impl Published {
    /// Returns the path of the event in the API for the holder of its edit token.
    pub(crate) fn api_path(&self) -> String {
        format!("/api/events/by-token/{}", self.token)
    }
}

/// The JSON object of an event to publish.
#[derive(Clone)]
pub(crate) struct EventJson(pub(crate) Map<String, Value>);

/// Creates the JSON object of an event with `title`, a future date and a location.
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
