//! The recorder of metrics: for Prometheus in local-server, which runs all functions in one process; for CloudWatch in
//! a function on AWS Lambda.

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

/// The ways to record metrics and render `/metrics` (Prometheus exposition format 0.0.4).
#[derive(Clone)]
pub enum Metrics {
    /// Metrics accumulate in the process from its start, for Prometheus.
    Process(ProcessMetrics),
    /// Metrics are written as one line per invocation, for CloudWatch. `/metrics` has counts from the database only,
    /// since a function runs as many short-lived processes.
    EmbeddedMetrics(EmbeddedMetrics),
}

impl Metrics {
    /// Creates a recorder that accumulates the metrics of the process from the first call on.
    ///
    /// # Errors
    /// Returns an error when the process already has another recorder.
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

    /// Creates a recorder that writes the metrics of the Lambda function `name`, as one line per invocation.
    ///
    /// # Errors
    /// Returns an error when the process already has another recorder.
    pub fn of_function(name: &'static str, settings: &Settings) -> anyhow::Result<Self> {
        let embedded = EmbeddedMetrics::new(name, settings);
        metrics::set_global_recorder(embedded.clone())
            .map_err(|_| anyhow::anyhow!("another recorder of metrics is installed"))?;
        Ok(Self::EmbeddedMetrics(embedded))
    }

    /// Aggregates the samples of histograms, which are stored one by one until then. Must be called periodically, even
    /// if `/metrics` is never requested.
    pub fn aggregate(&self) {
        if let Self::Process(process) = self {
            process.handle.run_upkeep();
        }
    }

    /// Returns whether [`Self::render`] reports the number of events, which the caller then has to count.
    #[must_use]
    pub fn reports_events(&self) -> bool {
        matches!(self, Self::EmbeddedMetrics(_))
    }

    /// Renders `/metrics` as text; `events` is `None` if the events could not be counted.
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

/// Numbers of database connections of the process.
#[derive(Clone, Copy, Debug)]
pub struct PoolGauges {
    /// Maximum number of connections.
    pub connections_max: usize,
    /// Number of open connections.
    pub connections: usize,
    /// Number of open connections that are unused.
    pub idle: usize,
    /// Number of requests that wait for a connection.
    pub waiting: usize,
}

/// Numbers of events in the database.
#[derive(Clone, Copy, Debug)]
pub struct EventGauges {
    /// Number of events that have not ended and are not hidden.
    pub upcoming: i64,
    /// Number of events that have ended and are not hidden.
    pub past: i64,
    /// Number of events that the operator hid.
    pub hidden: i64,
    /// Number of deleted events that are not yet purged.
    pub deleted: i64,
}

/// The Prometheus recorder of one process.
#[derive(Clone)]
pub struct ProcessMetrics {
    handle: PrometheusHandle,
    process: Arc<metrics_process::Collector>,
}

impl ProcessMetrics {
    fn render(&self, settings: &Settings, pool: PoolGauges) -> String {
        set_app_info(settings);
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
        // Counters of the `metrics` crate are integers, so the seconds are recorded as a gauge; its type is a counter.
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

fn set_app_info(settings: &Settings) {
    let labels = [
        ("name", settings.service_name.clone()),
        ("version", settings.service_version.clone()),
    ];
    metrics::gauge!("app_info", &labels).set(1.0);
}

/// Renders the metrics of the whole site, which are identical on every replica.
fn render_site(settings: &Settings, events: Option<EventGauges>) -> anyhow::Result<String> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        metrics::describe_gauge!("app_info", APP_INFO);
        set_app_info(settings);
        let Some(events) = events else { return };
        metrics::describe_gauge!(
            "events",
            "Events in the database by state: upcoming (not ended), past, hidden by the operator, deleted and not yet purged."
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
        "Number of requests, by method, route and status."
    );
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Duration of requests, in seconds."
    );
    metrics::describe_gauge!("app_info", APP_INFO);
    metrics::describe_gauge!(
        "database_pool_connections_max",
        "Maximum number of database connections of this process."
    );
    metrics::describe_gauge!("database_pool_connections", "Open database connections.");
    metrics::describe_gauge!("database_pool_idle", "Idle database connections.");
    metrics::describe_gauge!(
        "database_pool_waiting",
        "Requests waiting for a database connection."
    );
    for (name, text) in [
        ("events_created_total", "Events published."),
        ("events_updated_total", "Events changed."),
        ("events_deleted_total", "Events deleted."),
        (
            "page_cache_hits_total",
            "Requests answered from the page cache.",
        ),
        (
            "page_cache_misses_total",
            "Requests whose response was rendered for the page cache.",
        ),
    ] {
        metrics::describe_counter!(name, text);
        metrics::counter!(name).absolute(0);
    }
}
