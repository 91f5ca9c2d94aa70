//! Buffered standard output: a thread writes the log lines of many requests with one system call.

use std::{
    io::{self, Write},
    mem,
    sync::{Condvar, Mutex, MutexGuard, Once, PoisonError},
    thread,
    time::Duration,
};

/// Minimum time between two writes to standard output; lines are buffered meanwhile. After a longer pause a line is
/// written immediately.
const FLUSH_INTERVAL: Duration = Duration::from_millis(5);
/// Maximum size of the buffer, in bytes. When the buffer is full, threads that log block until it has been written.
const BUFFER_BYTES_MAX: usize = 1024 * 1024;

static BUFFER: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// Wakes the thread that writes the buffer to standard output.
static FILLED: Condvar = Condvar::new();
/// Wakes the threads that wait for space in the buffer.
static EMPTIED: Condvar = Condvar::new();
static STARTED: Once = Once::new();

/// A writer that appends log lines to the buffer of standard output.
pub(super) struct BufferedStdout;

impl Write for BufferedStdout {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        STARTED.call_once(|| {
            thread::spawn(write_continuously);
        });
        let mut buffer = lock();
        while buffer.len() > BUFFER_BYTES_MAX {
            buffer = EMPTIED.wait(buffer).unwrap_or_else(PoisonError::into_inner);
        }
        if buffer.is_empty() {
            FILLED.notify_one();
        }
        buffer.extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A guard that writes the buffered log lines when it is dropped, at the end of `main`.
#[derive(Debug)]
#[must_use]
pub struct FlushOnDrop;

impl Drop for FlushOnDrop {
    fn drop(&mut self) {
        flush();
    }
}

fn flush() {
    // The lock on standard output keeps concurrent flushes in order.
    let mut output = io::stdout().lock();
    let lines = mem::take(&mut *lock());
    EMPTIED.notify_all();
    // When standard output is closed, the lines are lost.
    let _ = output.write_all(&lines).and_then(|()| output.flush());
}

fn write_continuously() {
    loop {
        let buffer = FILLED.wait_while(lock(), |buffer| buffer.is_empty());
        drop(buffer.unwrap_or_else(PoisonError::into_inner));
        flush();
        thread::sleep(FLUSH_INTERVAL);
    }
}

fn lock() -> MutexGuard<'static, Vec<u8>> {
    BUFFER.lock().unwrap_or_else(PoisonError::into_inner)
}
