//! The embedded metric format: log lines from which CloudWatch extracts metrics
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! Each combination of dimensions is a billed metric, so only service and function are dimensions. The labels of a
//! metric (route, method, status) are members of the log line, for queries of the log.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use serde_json::{Map, Value, json};

use crate::config::Settings;

/// A recorder of the metrics of one invocation of an AWS Lambda function. Cheap to clone.
#[derive(Clone)]
pub struct EmbeddedMetrics {
    service: String,
    function: &'static str,
    invocation: Arc<Mutex<Invocation>>,
}

#[derive(Default)]
struct Invocation {
    values: BTreeMap<String, (Unit, f64)>,
    labels: Map<String, Value>,
}

impl EmbeddedMetrics {
    /// Creates an empty recorder for the Lambda function with the name `function`.
    #[must_use]
    pub fn new(function: &'static str, settings: &Settings) -> Self {
        Self {
            service: settings.service_name.clone(),
            function,
            invocation: Arc::default(),
        }
    }

    /// Writes the values recorded since the previous call as one line with the request id; writes nothing if there are
    /// none.
    ///
    /// # Errors
    /// Returns an error when the line cannot be written.
    pub fn write_line(
        &self,
        mut output: impl Write,
        request_id: &str,
        now: DateTime<Utc>,
    ) -> io::Result<()> {
        let Invocation { values, labels } = std::mem::take(&mut *self.invocation());
        if values.is_empty() {
            return Ok(());
        }
        let metrics: Vec<Value> = values
            .iter()
            .map(|(name, (unit, _))| json!({"Name": name, "Unit": unit_name(*unit)}))
            .collect();
        let mut line = labels;
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": now.timestamp_millis(),
                "CloudWatchMetrics": [{
                    "Namespace": self.service,
                    "Dimensions": [["service", "function"]],
                    "Metrics": metrics,
                }],
            }),
        );
        line.insert("service".to_owned(), self.service.as_str().into());
        line.insert("function".to_owned(), self.function.into());
        line.insert("requestId".to_owned(), request_id.into());
        line.extend(
            values
                .into_iter()
                .map(|(name, (_, value))| (name, value.into())),
        );
        // In one write, so that lines are not interleaved.
        output.write_all(format!("{}\n", Value::Object(line)).as_bytes())
    }

    fn invocation(&self) -> MutexGuard<'_, Invocation> {
        self.invocation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn metric(&self, key: &Key, unit: Unit) -> Arc<Metric> {
        Arc::new(Metric {
            key: key.clone(),
            unit,
            embedded: self.clone(),
        })
    }
}

/// Returns the name of `unit` in CloudWatch.
fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "Count",
        Unit::Seconds => "Seconds",
        _ => "None",
    }
}

/// One metric with its labels. Within an invocation, counters are summed; gauges and histograms preserve the last
/// value.
struct Metric {
    key: Key,
    unit: Unit,
    embedded: EmbeddedMetrics,
}

impl Metric {
    fn record(&self, change: impl FnOnce(f64) -> f64) {
        let mut invocation = self.embedded.invocation();
        for label in self.key.labels() {
            invocation
                .labels
                .insert(label.key().to_owned(), label.value().into());
        }
        let entry = invocation.values.entry(self.key.name().to_owned());
        let (_, value) = entry.or_insert((self.unit, 0.0));
        *value = change(*value);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of one invocation")]
impl CounterFn for Metric {
    fn increment(&self, by: u64) {
        self.record(|value| value + by as f64);
    }

    fn absolute(&self, value: u64) {
        self.record(|_| value as f64);
    }
}

impl GaugeFn for Metric {
    fn increment(&self, by: f64) {
        self.record(|value| value + by);
    }

    fn decrement(&self, by: f64) {
        self.record(|value| value - by);
    }

    fn set(&self, value: f64) {
        self.record(|_| value);
    }
}

impl HistogramFn for Metric {
    fn record(&self, value: f64) {
        Metric::record(self, |_| value);
    }
}

impl Recorder for EmbeddedMetrics {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric(key, Unit::Count))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.metric(key, Unit::Count))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.metric(key, Unit::Seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invocation_is_one_line_with_two_dimensions() {
        let settings = Settings::from_pairs(&[]).unwrap();
        let embedded = EmbeddedMetrics::new("detail", &settings);
        metrics::with_local_recorder(&embedded, || {
            let labels = [("route", "/events/{id}"), ("status", "200")];
            metrics::counter!("http_requests_total", &labels).increment(1);
            metrics::histogram!("http_request_duration_seconds", "route" => "/events/{id}")
                .record(0.25);
        });
        let mut written = Vec::new();
        let now = DateTime::from_timestamp_millis(1_800_000_000_123).unwrap();
        embedded.write_line(&mut written, "id-1", now).unwrap();
        embedded.write_line(&mut written, "id-2", now).unwrap();

        let line: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(
            line,
            json!({
                "_aws": {
                    "Timestamp": 1_800_000_000_123_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "encontros-tech",
                        "Dimensions": [["service", "function"]],
                        "Metrics": [
                            {"Name": "http_request_duration_seconds", "Unit": "Seconds"},
                            {"Name": "http_requests_total", "Unit": "Count"},
                        ],
                    }],
                },
                "service": "encontros-tech",
                "function": "detail",
                "requestId": "id-1",
                "route": "/events/{id}",
                "status": "200",
                "http_request_duration_seconds": 0.25,
                "http_requests_total": 1.0,
            })
        );
    }
}
