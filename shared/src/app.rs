//! What handlers may touch: each takes only the parts it names.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::FromRef;

use crate::{
    clock::Clock,
    config::Settings,
    http::{ConcurrencyLimits, Limits},
    store::{Db, RecentFacets},
    telemetry::Metrics,
};

/// The state of the board, built once.
#[derive(Clone)]
pub struct App {
    /// The events.
    pub db: Db,
    /// What coming events are about, as counted last.
    pub facets: RecentFacets,
    /// The present moment.
    pub clock: Clock,
    /// What the operator set.
    pub settings: Arc<Settings>,
    /// What `/metrics` tells.
    pub metrics: Metrics,
    /// The places for requests that are being answered.
    pub room: Arc<ConcurrencyLimits>,
    /// How often one client may ask, where this process is who minds.
    pub limits: Option<Arc<Limits>>,
}

impl App {
    /// The state for these settings. Nothing is connected to yet.
    ///
    /// # Errors
    /// When there is no database to connect to, or its certificates cannot be read.
    pub fn new(settings: Settings, metrics: Metrics) -> anyhow::Result<Self> {
        let url = settings
            .database_url
            .as_ref()
            .context("DATABASE_URL is not set")?;
        let db = Db::new(url, &settings)?;
        Ok(Self {
            db,
            facets: RecentFacets::default(),
            clock: Clock::System,
            metrics,
            settings: Arc::new(settings),
            room: Arc::default(),
            limits: None,
        })
    }
}

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

impl FromRef<App> for RecentFacets {
    fn from_ref(app: &App) -> Self {
        app.facets.clone()
    }
}

impl FromRef<App> for Clock {
    fn from_ref(app: &App) -> Self {
        app.clock.clone()
    }
}

impl FromRef<App> for Arc<Settings> {
    fn from_ref(app: &App) -> Self {
        app.settings.clone()
    }
}

impl FromRef<App> for Metrics {
    fn from_ref(app: &App) -> Self {
        app.metrics.clone()
    }
}
