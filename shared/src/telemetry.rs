//! What the operator sees: log lines and metrics.

use std::{
    fmt::{self, Write as _},
    io::{self, IsTerminal},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::SecondsFormat;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter, format::Writer},
    registry::LookupSpan,
};

use crate::{
    clock::Clock,
    config::{LogFormat, LogLevel, Settings},
    store::PoolStatus,
};

/// Where log lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output, where servers log.
    Stdout,
    /// Standard error, where tools do whose output is read by other programs.
    Stderr,
}

/// Starts logging, as the settings say. Only the first call of a process counts.
pub fn start_logging(settings: &Settings, output: Output) {
    let writer = move || -> Box<dyn io::Write> {
        match output {
            Output::Stdout => Box::new(io::stdout()),
            Output::Stderr => Box::new(io::stderr()),
        }
    };
    let terminal = match output {
        Output::Stdout => io::stdout().is_terminal(),
        Output::Stderr => io::stderr().is_terminal(),
    };
    // Fails when something else in the process logs already, as in tests; that one is left alone.
    let _ = tracing::subscriber::set_global_default(logger(settings, writer, terminal));
}

/// What turns log events into lines for this writer, as the settings say; coloured only on a terminal.
pub fn logger<W>(
    settings: &Settings,
    writer: W,
    terminal: bool,
) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = match settings.log_level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    let lines = Lines {
        format: match settings.log_format {
            LogFormat::Colored if !terminal => LogFormat::Simple,
            format => format,
        },
        service: settings.service_name.clone(),
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .event_format(lines)
        .with_writer(writer)
        .finish()
}

/// One line an event: `2027-10-07 20:30:45 | INFO | encontros-tech.create | lib:14 | Event created event.id=42`, or a JSON
/// object. Nothing that was typed can break a line or colour it.
struct Lines {
    format: LogFormat,
    service: String,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);

        let now = Clock::System.now();
        let level = level_word(*metadata.level());
        let logger = format!(
            "{}.{}",
            self.service,
            metadata.target().rsplit("::").next().unwrap_or_default()
        );
        let file = metadata
            .file()
            .and_then(|file| file.rsplit(['/', '\\']).next())
            .unwrap_or("?");
        let place = format!(
            "{}:{}",
            file.trim_end_matches(".rs"),
            metadata.line().unwrap_or_default()
        );

        if self.format == LogFormat::Json {
            let mut object = Map::new();
            object.insert(
                "timestamp".to_owned(),
                now.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
            );
            object.insert("level".to_owned(), level.into());
            object.insert("logger".to_owned(), logger.into());
            object.insert("location".to_owned(), place.into());
            object.insert("message".to_owned(), fields.message.into());
            object.extend(
                fields
                    .others
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value)),
            );
            return writeln!(line, "{}", Value::Object(object));
        }

        let (colour, end) = match (self.format, *metadata.level()) {
            (LogFormat::Simple | LogFormat::Json, _) => ("", ""),
            (LogFormat::Colored, Level::ERROR) => ("\u{1b}[31m", "\u{1b}[0m"),
            (LogFormat::Colored, Level::WARN) => ("\u{1b}[33m", "\u{1b}[0m"),
            (LogFormat::Colored, Level::INFO) => ("\u{1b}[32m", "\u{1b}[0m"),
            (LogFormat::Colored, _) => ("\u{1b}[34m", "\u{1b}[0m"),
        };
        write!(
            line,
            "{} | {colour}{level}{end} | {logger} | {place} | ",
            now.format("%Y-%m-%d %H:%M:%S")
        )?;
        write!(line, "{}", OneLine(&fields.message))?;
        for (name, value) in &fields.others {
            match value {
                Value::String(text) if text.contains([' ', '"', '=']) => {
                    write!(line, " {name}={:?}", OneLine(text))?
                }
                Value::String(text) => write!(line, " {name}={}", OneLine(text))?,
                value => write!(line, " {name}={value}")?,
            }
        }
        writeln!(line)
    }
}

/// The old system's words for levels.
fn level_word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

/// Text with its control characters escaped.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\"{}\"",
            OneLine(&self.0.replace('\\', "\\\\").replace('"', "\\\""))
        )
    }
}

/// The message and the fields of a log line.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            name => self.others.push((name, value.into())),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.others.push((field.name(), value.into()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.others.push((field.name(), value.into()));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.others.push((field.name(), value.into()));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.others.push((field.name(), value.into()));
    }
}

/// Upper bounds of the latency histogram, in seconds: from a cached page to the request timeout.
const LATENCY_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The process's metrics, as Prometheus reads them.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: Arc<metrics_process::Collector>,
}

impl Metrics {
    /// The metrics of this process; they are counted from the first call on.
    ///
    /// # Errors
    /// When the process has another recorder already.
    pub fn of_this_process() -> anyhow::Result<Self> {
        static METRICS: Mutex<Option<Metrics>> = Mutex::new(None);
        let mut installed = METRICS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(
                Matcher::Full("http_request_duration_seconds".to_owned()),
                &LATENCY_BUCKETS,
            )?
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|_| anyhow::anyhow!("another recorder of metrics is installed"))?;
        describe();
        let process = Arc::new(metrics_process::Collector::default());
        process.describe();
        Ok(installed.insert(Self { handle, process }).clone())
    }

    /// The text of `/metrics` (Prometheus exposition format 0.0.4), with the pool as it is now.
    #[must_use]
    pub fn render(&self, settings: &Settings, pool: PoolStatus) -> String {
        let labels = [
            ("name", settings.service_name.clone()),
            ("version", settings.service_version.clone()),
        ];
        metrics::gauge!("app_info", &labels).set(1.0);
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

fn describe() {
    metrics::describe_counter!(
        "http_requests_total",
        "Requests answered, by method, route and status."
    );
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time to answer a request, in seconds."
    );
    metrics::describe_gauge!("app_info", "Name and version of the service; always 1.");
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
    ] {
        metrics::describe_counter!(name, text);
        metrics::counter!(name).absolute(0);
    }
}

#[cfg(test)]
mod tests {
    use super::OneLine;

    #[test]
    fn nothing_typed_can_forge_a_log_line() {
        let typed = "Meetup\n2027-10-07 | INFO | forged\u{1b}[31m\u{2028}";
        assert_eq!(
            OneLine(typed).to_string(),
            "Meetup\\n2027-10-07 | INFO | forged\\u{1b}[31m\\u{2028}"
        );
        assert_eq!(format!("{:?}", OneLine("a\"b\n")), "\"a\\\"b\\n\"");
    }
}
