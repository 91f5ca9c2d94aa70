//! Log lines in the formats `colored`, `simple` and `json`.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    io::{self, IsTerminal},
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Metadata, Subscriber,
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

/// The destinations of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output, each line immediately: AWS Lambda freezes a function after its response.
    Stdout,
    /// Standard output, written in batches: a server logs many lines. [`super::FlushOnDrop`] writes the last ones.
    BufferedStdout,
    /// Standard error, for commands whose standard output is read by other programs.
    Stderr,
}

/// Installs the logger. Only the first call in a process has an effect.
pub fn start_logging(settings: &Settings, output: Output) {
    let writer = move || -> Box<dyn io::Write> {
        match output {
            Output::Stdout => Box::new(io::stdout()),
            Output::BufferedStdout => Box::new(BufferedStdout),
            Output::Stderr => Box::new(io::stderr()),
        }
    };
    let is_terminal = match output {
        Output::Stdout | Output::BufferedStdout => io::stdout().is_terminal(),
        Output::Stderr => io::stderr().is_terminal(),
    };
    // Fails when the process has a logger already, as in tests.
    let _ = tracing::subscriber::set_global_default(logger(settings, writer, is_terminal));
}

/// Creates the subscriber that writes log events as lines to `writer`; coloured only on a terminal.
pub fn logger<W>(
    settings: &Settings,
    writer: W,
    is_terminal: bool,
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
    let formatter = LineFormatter {
        format: match settings.log_format {
            LogFormat::Colored if !is_terminal => LogFormat::Simple,
            format => format,
        },
        service: settings.service_name.clone(),
    };
    // Spans pass at any level: they carry the request id of the lines in them.
    let filter = filter_fn(move |metadata| metadata.is_span() || *metadata.level() <= level)
        .with_max_level_hint(level.max(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .fmt_fields(SpanFields)
        .event_format(formatter)
        .with_writer(writer);
    Registry::default().with(lines.with_filter(filter))
}

/// A formatter that renders each event as one line, either
/// `2027-10-07 20:30:45 | INFO | encontros-tech.create | lib:14 | Event created event.id=42` or a JSON object. Control
/// characters in user input are escaped.
struct LineFormatter {
    format: LogFormat,
    service: String,
}

impl<S> FormatEvent<S, SpanFields> for LineFormatter
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, SpanFields>,
        writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope().into_iter().flatten() {
            if let Some(json) = span.extensions().get::<FormattedFields<SpanFields>>() {
                fields.add_fields_of_span(json);
            }
        }
        let metadata = event.metadata();
        let module = metadata.target().rsplit("::").next().unwrap_or_default();
        let line = Line {
            now: Clock::System.now(),
            level: *metadata.level(),
            logger: format!("{}.{module}", self.service),
            location: location(metadata),
            fields,
        };
        match self.format {
            LogFormat::Json => line.write_json(writer),
            LogFormat::Simple => line.write_text(writer, false),
            LogFormat::Colored => line.write_text(writer, true),
        }
    }
}

/// Returns the name of the source file without its extension, and the line number: `lib:14`.
fn location(metadata: &Metadata<'_>) -> String {
    let file = metadata
        .file()
        .and_then(|file| file.rsplit(['/', '\\']).next());
    format!(
        "{}:{}",
        file.unwrap_or("?").trim_end_matches(".rs"),
        metadata.line().unwrap_or_default()
    )
}

/// The content of one log line, before it is formatted.
struct Line {
    now: DateTime<Utc>,
    level: Level,
    logger: String,
    location: String,
    fields: Fields,
}

impl Line {
    fn write_json(&self, mut writer: Writer<'_>) -> fmt::Result {
        let object = JsonLine {
            timestamp: self.now.to_rfc3339_opts(SecondsFormat::Millis, true),
            level: level_name(self.level),
            logger: &self.logger,
            location: &self.location,
            message: &self.fields.message,
            others: &self.fields,
        };
        let json = serde_json::to_string(&object).map_err(|_| fmt::Error)?;
        writeln!(writer, "{json}")
    }

    fn write_text(&self, mut writer: Writer<'_>, is_coloured: bool) -> fmt::Result {
        let (colour, reset) = if is_coloured {
            (colour(self.level), "\u{1b}[0m")
        } else {
            ("", "")
        };
        write!(
            writer,
            "{} | {colour}{}{reset} | {} | {} | {}",
            self.now.format("%Y-%m-%d %H:%M:%S"),
            level_name(self.level),
            self.logger,
            self.location,
            OneLine(&self.fields.message)
        )?;
        for (name, value) in &self.fields.others {
            match value {
                Value::String(text) if text.contains([' ', '"', '=']) => {
                    write!(writer, " {name}={:?}", OneLine(text))?
                }
                Value::String(text) => write!(writer, " {name}={}", OneLine(text))?,
                value => write!(writer, " {name}={value}")?,
            }
        }
        writeln!(writer)
    }
}

/// Returns the escape sequence that sets the colour of `level` on a terminal.
fn colour(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        _ => "\u{1b}[34m",
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

/// A formatter that renders the fields of a span as a JSON object, which is added to every log line within the span.
struct SpanFields;

impl<'a> FormatFields<'a> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'a>, fields: R) -> fmt::Result {
        let mut visitor = Fields::default();
        fields.record(&mut visitor);
        let json = serde_json::to_string(&visitor).map_err(|_| fmt::Error)?;
        writer.write_str(&json)
    }
}

/// Returns the name of `level` in log lines, as the previous system wrote it.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

/// A text that is displayed in one line, with its control characters escaped.
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

/// The message and the other fields of a log line.
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
    /// Adds the fields of a span, which `json` contains as [`SpanFields`] formatted them: a sequence of JSON objects.
    /// They replace fields of the same name.
    fn add_fields_of_span(&mut self, json: &str) {
        let objects = serde_json::Deserializer::from_str(json).into_iter::<Map<_, _>>();
        for (name, value) in objects.flatten().flatten() {
            self.others.retain(|(existing, _)| *existing != name);
            self.others.push((name.into(), value));
        }
    }

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
    fn user_input_cannot_forge_a_log_line() {
        let typed = "Meetup\n2027-10-07 | INFO | forged\u{1b}[31m\u{2028}";
        assert_eq!(
            OneLine(typed).to_string(),
            "Meetup\\n2027-10-07 | INFO | forged\\u{1b}[31m\\u{2028}"
        );
        assert_eq!(format!("{:?}", OneLine("a\"b\n")), "\"a\\\"b\\n\"");
    }
}
