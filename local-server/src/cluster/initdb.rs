//! Creates the private PostgreSQL's cluster on the first start.

use std::{
    fs::{self, File},
    path::Path,
    process::{Output, Stdio},
};

use anyhow::Result;

use super::{directory::unusable, launcher::Launcher, process::failure_of};

/// Creates a cluster owned by the database role `role`. `initdb` writes to a temporary directory that is renamed at the
/// end, so that an incomplete cluster is never used.
pub(super) async fn create_cluster(
    launcher: &Launcher,
    role: &str,
    start_lock: &File,
) -> Result<()> {
    let (major, shown) = (launcher.programs.major, &launcher.shown_dir);
    tracing::info!("Creating a private PostgreSQL {major} in {shown} (first start only)");
    let unfinished = launcher.data_dir.join("pg.new");
    let mut output = run(launcher, &unfinished, role, "--locale=C.UTF-8", start_lock).await?;
    if !output.status.success() && failure_of(&output).contains("locale") {
        output = run(launcher, &unfinished, role, "--no-locale", start_lock).await?;
    }
    if !output.status.success() {
        return Err(launcher.failure("initdb", &failure_of(&output)));
    }
    let finished = launcher.cluster_dir();
    fs::rename(&unfinished, &finished).map_err(unusable(&finished))?;
    if launcher.durable {
        File::open(&launcher.data_dir)?.sync_all()?;
    }
    Ok(())
}

async fn run(
    launcher: &Launcher,
    target: &Path,
    role: &str,
    locale: &str,
    start_lock: &File,
) -> Result<Output> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(unusable(target))?;
    }
    let mut command = launcher.command("initdb");
    command.args(["--username", role, "--auth=trust", "--encoding=UTF8"]);
    command.args((!launcher.durable).then_some("--no-sync"));
    command
        .args([locale, "--no-instructions", "-D"])
        .arg(target);
    // As its standard input it inherits the start lock: if this process is killed, the next start
    // waits until initdb has ended.
    command
        .stdin(start_lock.try_clone()?)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let spawned = command
        .spawn()
        .map_err(|error| launcher.failure("initdb", &error))?;
    Ok(spawned.wait_with_output().await?)
}
