//! Log lines.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    io::{self, IsTerminal},
};

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    Layer,
    field::RecordFields,
    filter::filter_fn,
    fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter, format::Writer},
    layer::SubscriberExt,
    registry::{LookupSpan, Registry},
};

use super::buffered_writer::BufferedStdout;
use crate::{
    clock::Clock,
    config::{LogFormat, LogLevel, Settings},
};

/// Where log lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output, each line at once: a function may be frozen as soon as it has answered.
    Stdout,
    /// Standard output, the lines of a moment together: a server writes many. [`super::FlushOnDrop`] are those at its end.
    BufferedStdout,
    /// Standard error, where tools do whose output is read by other programs.
    Stderr,
}

/// Starts logging, as the settings say. Only the first call of a process counts.
pub fn start_logging(settings: &Settings, output: Output) {
    let writer = move || -> Box<dyn io::Write> {
        match output {
            Output::Stdout => Box::new(io::stdout()),
            Output::BufferedStdout => Box::new(BufferedStdout),
            Output::Stderr => Box::new(io::stderr()),
        }
    };
    let terminal = match output {
        Output::Stdout | Output::BufferedStdout => io::stdout().is_terminal(),
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
    // Spans pass at any level: they say to which invocation a line belongs, be it only an error.
    let told = filter_fn(move |metadata| metadata.is_span() || *metadata.level() <= level)
        .with_max_level_hint(level.max(LevelFilter::INFO));
    let printed = tracing_subscriber::fmt::layer()
        .fmt_fields(SpanFields)
        .event_format(lines)
        .with_writer(writer);
    Registry::default().with(printed.with_filter(told))
}

/// One line an event: `2027-10-07 20:30:45 | INFO | encontros-tech.create | lib:14 | Event created event.id=42`, or a JSON
/// object. Nothing that was typed can break a line or colour it.
struct Lines {
    format: LogFormat,
    service: String,
}

impl<S> FormatEvent<S, SpanFields> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, SpanFields>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope().into_iter().flatten() {
            if let Some(told) = span.extensions().get::<FormattedFields<SpanFields>>() {
                let told = serde_json::Deserializer::from_str(told).into_iter::<Map<_, _>>();
                for (name, value) in told.flatten().flatten() {
                    fields.others.retain(|(known, _)| *known != name);
                    fields.others.push((name.into(), value));
                }
            }
        }

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
            let told = JsonLine {
                timestamp: now.to_rfc3339_opts(SecondsFormat::Millis, true),
                level,
                logger: &logger,
                location: &place,
                message: &fields.message,
                others: &fields,
            };
            let told = serde_json::to_string(&told).map_err(|_| fmt::Error)?;
            return writeln!(line, "{told}");
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

#[derive(Serialize)]
struct JsonLine<'a> {
    timestamp: String,
    level: &'static str,
    logger: &'a str,
    location: &'a str,
    message: &'a str,
    #[serde(flatten)]
    others: &'a Fields,
}

/// Keeps the fields of a span as JSON objects, to be told again with every line within it.
struct SpanFields;

impl<'a> FormatFields<'a> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut kept: Writer<'a>, fields: R) -> fmt::Result {
        let mut told = Fields::default();
        fields.record(&mut told);
        let told = serde_json::to_string(&told).map_err(|_| fmt::Error)?;
        kept.write_str(&told)
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
    others: Vec<(Cow<'static, str>, Value)>,
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self.others.iter();
        serializer.collect_map(others.map(|(name, value)| (name, value)))
    }
}

impl Fields {
    fn push(&mut self, field: &Field, value: impl Into<Value>) {
        self.others.push((field.name().into(), value.into()));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            _ => self.push(field, value),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, value);
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
