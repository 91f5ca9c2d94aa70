//! What the boards of this run have logged, at the most talkative level.

use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

use shared::{config::Settings, telemetry};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Starts to listen; once is enough.
pub(crate) fn capture() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let settings = [("LOG_LEVEL", "DEBUG"), ("LOG_FORMAT", "simple")];
        let logger = telemetry::logger(&Settings::from_pairs(&settings).unwrap(), || Writer, false);
        tracing::subscriber::set_global_default(logger).unwrap();
    });
}

/// Every line so far, of this test and of those beside it.
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
