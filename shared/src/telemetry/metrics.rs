//! Metrics: in a long-lived process as Prometheus reads them, in a function as lines for CloudWatch.

use std::sync::{Arc, Mutex, PoisonError};

use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use super::emf::EmbeddedMetrics;
use crate::config::Settings;

/// Upper bounds of the latency histogram, in seconds: from a cached page to the request timeout.
const LATENCY_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// What counts, and what `/metrics` tells (Prometheus exposition format 0.0.4).
#[derive(Clone)]
pub enum Metrics {
    /// This process's own numbers, which live as long as the board does.
    Process(ProcessMetrics),
    /// A line an invocation for CloudWatch. One of many short-lived processes has no numbers of its own worth telling:
    /// `/metrics` tells what the database knows.
    EmbeddedMetrics(EmbeddedMetrics),
}

impl Metrics {
    /// The metrics of this process; they are counted from the first call on.
    ///
    /// # Errors
    /// When the process has another recorder already.
    pub fn of_this_process() -> anyhow::Result<Self> {
        static METRICS: Mutex<Option<ProcessMetrics>> = Mutex::new(None);
        let mut installed = METRICS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(Self::Process(metrics.clone()));
        }
        let recorder = recorder()?;
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|_| anyhow::anyhow!("another recorder of metrics is installed"))?;
        describe();
        let process = Arc::new(metrics_process::Collector::default());
        process.describe();
        let metrics = installed.insert(ProcessMetrics { handle, process });
        Ok(Self::Process(metrics.clone()))
    }

    /// The metrics of this process where it is the function of this name: each invocation's, as one line.
    ///
    /// # Errors
    /// When the process has another recorder already.
    pub fn of_function(name: &'static str, settings: &Settings) -> anyhow::Result<Self> {
        let embedded = EmbeddedMetrics::new(name, settings);
        metrics::set_global_recorder(embedded.clone())
            .map_err(|_| anyhow::anyhow!("another recorder of metrics is installed"))?;
        Ok(Self::EmbeddedMetrics(embedded))
    }

    /// Adds up what has been counted. Until then it is kept one by one, so this has to be done now and then even where nobody
    /// asks for `/metrics`.
    pub fn add_up(&self) {
        if let Self::Process(process) = self {
            process.handle.run_upkeep();
        }
    }

    /// Whether [`Self::render`] reports the number of events, which the caller then has to count.
    #[must_use]
    pub fn reports_events(&self) -> bool {
        matches!(self, Self::EmbeddedMetrics(_))
    }

    /// The text of `/metrics`; without `events` where they could not be counted.
    #[must_use]
    pub fn render(
        &self,
        settings: &Settings,
        pool: PoolGauges,
        events: Option<EventGauges>,
    ) -> String {
        match self {
            Self::Process(process) => process.render(settings, pool),
            Self::EmbeddedMetrics(_) => render_site(settings, events).unwrap_or_default(),
        }
    }
}

/// Connections of this process to the database.
#[derive(Clone, Copy, Debug)]
pub struct PoolGauges {
    /// Maximum.
    pub connections_max: usize,
    /// Open.
    pub connections: usize,
    /// Open and unused.
    pub idle: usize,
    /// Requests waiting for a connection.
    pub waiting: usize,
}

/// Number of events in the database.
#[derive(Clone, Copy, Debug)]
pub struct EventGauges {
    /// Not over yet, and not hidden.
    pub upcoming: i64,
    /// Over, and not hidden.
    pub past: i64,
    /// Hidden by the operator.
    pub hidden: i64,
    /// Deleted and not yet purged.
    pub deleted: i64,
}

/// What a long-lived process counts.
#[derive(Clone)]
pub struct ProcessMetrics {
    handle: PrometheusHandle,
    process: Arc<metrics_process::Collector>,
}

impl ProcessMetrics {
    fn render(&self, settings: &Settings, pool: PoolGauges) -> String {
        tell_app_info(settings);
        for (name, value) in [
            ("database_pool_connections_max", pool.connections_max),
            ("database_pool_connections", pool.connections),
            ("database_pool_idle", pool.idle),
            ("database_pool_waiting", pool.waiting),
        ] {
            metrics::gauge!(name).set(u32::try_from(value).unwrap_or(u32::MAX));
        }
        self.process.collect();
        self.handle.run_upkeep();
        // The facade's counters are whole numbers; as a gauge the seconds keep their fraction, but a counter they are.
        self.handle.render().replace(
            "# TYPE process_cpu_seconds_total gauge",
            "# TYPE process_cpu_seconds_total counter",
        )
    }
}

fn recorder() -> anyhow::Result<PrometheusRecorder> {
    Ok(PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("http_request_duration_seconds".to_owned()),
            &LATENCY_BUCKETS,
        )?
        .build_recorder())
}

fn tell_app_info(settings: &Settings) {
    let labels = [
        ("name", settings.service_name.clone()),
        ("version", settings.service_version.clone()),
    ];
    metrics::gauge!("app_info", &labels).set(1.0);
}

/// Metrics of the whole site, identical on every replica.
fn render_site(settings: &Settings, events: Option<EventGauges>) -> anyhow::Result<String> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        metrics::describe_gauge!("app_info", APP_INFO);
        tell_app_info(settings);
        let Some(events) = events else { return };
        metrics::describe_gauge!(
            "events",
            "Events in the database: to come or under way, over, hidden by the operator, deleted but not yet purged."
        );
        for (state, count) in [
            ("upcoming", events.upcoming),
            ("past", events.past),
            ("hidden", events.hidden),
            ("deleted", events.deleted),
        ] {
            // Exact up to 2⁵³ events.
            #[expect(clippy::cast_precision_loss, reason = "there are fewer")]
            metrics::gauge!("events", "state" => state).set(count as f64);
        }
    });
    Ok(handle.render())
}

const APP_INFO: &str = "Name and version of the service; always 1.";

fn describe() {
    metrics::describe_counter!(
        "http_requests_total",
        "Requests answered, by method, route and status."
    );
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time to answer a request, in seconds."
    );
    metrics::describe_gauge!("app_info", APP_INFO);
    metrics::describe_gauge!(
        "database_pool_connections_max",
        "Most database connections this process may open."
    );
    metrics::describe_gauge!("database_pool_connections", "Open database connections.");
    metrics::describe_gauge!(
        "database_pool_idle",
        "Open database connections that nobody uses."
    );
    metrics::describe_gauge!(
        "database_pool_waiting",
        "Requests that wait for a database connection."
    );
    for (name, text) in [
        ("events_created_total", "Events published."),
        ("events_updated_total", "Events changed."),
        ("events_deleted_total", "Events deleted."),
        ("page_cache_hits_total", "Reads answered from memory."),
        (
            "page_cache_misses_total",
            "Reads that were kept for those that come after.",
        ),
    ] {
        metrics::describe_counter!(name, text);
        metrics::counter!(name).absolute(0);
    }
}
