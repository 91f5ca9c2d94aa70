//! Log lines and metrics of the process.

mod buffered_writer;
mod emf;
mod log;
mod metrics;

pub use self::{
    buffered_writer::FlushOnDrop,
    emf::EmbeddedMetrics,
    log::{Output, logger, start_logging},
    metrics::{EventGauges, Metrics, PoolGauges, ProcessMetrics},
};

/// Renders an error with its causes in one line; line breaks in messages become spaces.
#[must_use]
pub fn one_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
