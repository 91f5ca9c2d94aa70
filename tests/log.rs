//! Captures everything that the sites of a test run log, at level DEBUG.

use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

use shared::{config::Settings, telemetry};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Installs the logger that captures every log line; repeated calls have no effect.
pub(crate) fn capture() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let settings = [("LOG_LEVEL", "DEBUG"), ("LOG_FORMAT", "simple")];
        let logger = telemetry::logger(&Settings::from_pairs(&settings).unwrap(), || Writer, false);
        tracing::subscriber::set_global_default(logger).unwrap();
    });
}

/// Returns all captured log lines, including those of tests that run concurrently.
pub(crate) fn text() -> String {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8(log.clone()).unwrap()
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
