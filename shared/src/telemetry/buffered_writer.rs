//! Standard output for many lines: those of a moment are written together by a thread of their own, which costs a busy server
//! one call of the system for hundreds.

use std::{
    io::{self, Write},
    mem,
    sync::{Condvar, Mutex, MutexGuard, Once, PoisonError},
    thread,
    time::Duration,
};

/// How long lines are gathered after others were written; a line that comes alone is written at once.
const MOMENT: Duration = Duration::from_millis(5);
/// How many bytes may wait. Whoever has more to say waits until standard output takes them.
const BYTES_MAX: usize = 1024 * 1024;

static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// Wakes who writes.
static COME: Condvar = Condvar::new();
/// Wakes who has more to say.
static GONE: Condvar = Condvar::new();
static STARTED: Once = Once::new();

/// What lines are written to.
pub(super) struct BufferedStdout;

impl Write for BufferedStdout {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        STARTED.call_once(|| {
            thread::spawn(keep_writing);
        });
        let mut waiting = lock();
        while waiting.len() > BYTES_MAX {
            waiting = GONE.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.is_empty() {
            COME.notify_one();
        }
        waiting.extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what has been gathered when it is dropped: for `main` to hold, whatever ends it.
#[derive(Debug)]
#[must_use]
pub struct FlushOnDrop;

impl Drop for FlushOnDrop {
    fn drop(&mut self) {
        flush();
    }
}

fn flush() {
    // Whoever writes first keeps the order.
    let mut output = io::stdout().lock();
    let lines = mem::take(&mut *lock());
    GONE.notify_all();
    // Where standard output is gone, there is nobody left to tell.
    let _ = output.write_all(&lines).and_then(|()| output.flush());
}

fn keep_writing() {
    loop {
        let waiting = COME.wait_while(lock(), |waiting| waiting.is_empty());
        drop(waiting.unwrap_or_else(PoisonError::into_inner));
        flush();
        thread::sleep(MOMENT);
    }
}

fn lock() -> MutexGuard<'static, Vec<u8>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
