//! What the operator sees: log lines and metrics.

mod embedded;
mod gathered;
mod log;
mod metrics;

pub use self::{
    embedded::Embedded,
    gathered::LastLines,
    log::{Output, logger, start_logging},
    metrics::{Metrics, ProcessMetrics},
};

/// An error with its causes, in one line: they may come with line breaks of their own.
#[must_use]
pub fn one_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
