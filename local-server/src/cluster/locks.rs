//! Lock files: those by which the local-server processes of a data directory coordinate, and PostgreSQL's own.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use tokio::time::sleep;

use super::directory::{SOCKET_NAME, cluster_dir, open_private_file, unusable};

/// Maximum time to wait for `start.lock`, longer than another process needs to start or stop the server.
const START_LOCK_TIMEOUT: Duration = Duration::from_secs(180);

/// The interval between attempts to lock `start.lock`.
const START_LOCK_POLL: Duration = Duration::from_millis(50);

/// Waits until no other process starts or stops the server, and then locks `start.lock`. Dropping the file releases the
/// lock.
pub(super) async fn acquire_start_lock(data_dir: &Path) -> Result<File> {
    let lock = open_private_file(&data_dir.join("start.lock"))?;
    let began = Instant::now();
    while let Err(error) = lock.try_lock() {
        if let TryLockError::Error(error) = error {
            return Err(unusable(data_dir)(error));
        }
        if began.elapsed() > START_LOCK_TIMEOUT {
            let shown = data_dir.display();
            bail!("another process has held {shown}/start.lock for {START_LOCK_TIMEOUT:?}");
        }
        sleep(START_LOCK_POLL).await;
    }
    Ok(lock)
}

/// Registers the current process as a user of the server, by a shared lock on `users.lock`.
pub(super) fn acquire_users_lock(data_dir: &Path) -> Result<File> {
    let lock = open_private_file(&data_dir.join("users.lock"))?;
    lock.lock_shared()?;
    Ok(lock)
}

/// Overwrites the process id in PostgreSQL's lock files if it belongs to another program, as after a reboot: PostgreSQL
/// treats any running process with that id as its own server. The rest of the files is left unchanged, because
/// PostgreSQL reads it to find backends that are still running.
pub(super) fn invalidate_stale_lock_files(data_dir: &Path, socket_dir: &Path) -> Result<()> {
    let socket_lock = socket_dir.join(format!("{SOCKET_NAME}.lock"));
    for lock in [cluster_dir(data_dir).join("postmaster.pid"), socket_lock] {
        let text = fs::read_to_string(&lock).unwrap_or_default();
        let (pid, rest) = text.split_once('\n').unwrap_or_default();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let other_program = !stat.contains("(postgres) ") || stat.contains("(postgres) Z");
        if !stat.is_empty() && other_program {
            fs::write(&lock, format!("{}\n{rest}", i32::MAX))?;
        }
    }
    Ok(())
}
