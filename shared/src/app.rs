//! The shared state of the application, from which each handler extracts the parts that it needs.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::FromRef;

use crate::{
    clock::Clock,
    config::Settings,
    http::{concurrency::ConcurrencyLimits, rate_limit::RateLimits},
    store::{Db, RecentFacets},
    telemetry::Metrics,
};

/// The shared state of all request handlers, built once at start.
#[derive(Clone)]
pub struct App {
    /// The database with its pool of connections.
    pub db: Db,
    /// Cached counts of upcoming events by technology and by state.
    pub facets: RecentFacets,
    /// The source of the current time.
    pub clock: Clock,
    /// The settings from the environment variables.
    pub settings: Arc<Settings>,
    /// The recorder of metrics.
    pub metrics: Metrics,
    /// Permits that limit the number of concurrent requests.
    pub concurrency: Arc<ConcurrencyLimits>,
    /// Per-client rate limits; `None` when another layer enforces them (API Gateway on Lambda).
    pub rate_limits: Option<Arc<RateLimits>>,
}

impl App {
    /// Creates the state from `settings` without opening a database connection.
    ///
    /// # Errors
    /// Returns an error when `DATABASE_URL` is not set, or its certificates cannot be read.
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
            concurrency: Arc::default(),
            rate_limits: None,
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
