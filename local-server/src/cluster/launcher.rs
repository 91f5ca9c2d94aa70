//! Runs PostgreSQL's programs on a data directory as the right user.

use std::{
    ffi::OsString,
    fmt::Display,
    path::{Path, PathBuf},
};

use anyhow::{Error, Result, anyhow};
use tokio::process::Command;

use super::{
    directory,
    options::Options,
    process::{isolated, unshared},
    programs::Programs,
    user::RunAs,
};

/// PostgreSQL's programs, the data directory that they use, and the user that they run as.
pub(super) struct Launcher {
    /// The absolute path of the data directory.
    pub(super) data_dir: PathBuf,
    /// The data directory as configured, for messages.
    pub(super) shown_dir: String,
    pub(super) programs: Programs,
    /// Whether committed data survives a power failure.
    pub(super) durable: bool,
    run_as: RunAs,
    path: Option<OsString>,
}

impl Launcher {
    /// Finds the programs that fit the existing cluster, if there is one, and chooses the user to run them as.
    pub(super) async fn find(options: Options, data_dir: PathBuf) -> Result<Self> {
        let version = directory::cluster_version(&data_dir)?;
        let programs = Programs::find(&options, version.as_deref()).await?;
        let run_as = RunAs::choose(&data_dir, version.is_none(), options.path.as_ref()).await?;
        Ok(Self {
            data_dir,
            shown_dir: options.data_dir.display().to_string(),
            programs,
            durable: options.durable,
            run_as,
            path: options.path,
        })
    }

    /// Returns the directory of the cluster, as `postgres -D` expects it.
    pub(super) fn cluster_dir(&self) -> PathBuf {
        directory::cluster_dir(&self.data_dir)
    }

    /// Builds a command that runs `program`, one of PostgreSQL's programs.
    pub(super) fn command(&self, program: &str) -> Command {
        let program = self.program(program);
        let mut command = match self.run_as {
            RunAs::Unshared => unshared(&program, self.path.as_ref()),
            RunAs::CurrentUser | RunAs::User { .. } => isolated(&program, self.path.as_ref()),
        };
        if let RunAs::User { uid, gid } = self.run_as {
            command.uid(uid).gid(gid);
        }
        command.current_dir(&self.data_dir);
        command
    }

    /// Builds the error for the failure of `program`, one of PostgreSQL's programs.
    pub(super) fn failure(&self, program: &str, reason: &dyn Display) -> Error {
        let user = match self.run_as {
            RunAs::User { uid, .. } => {
                format!(
                    " as uid {uid} (PostgreSQL refuses root, and this uid must be able to enter the directory)"
                )
            }
            RunAs::CurrentUser | RunAs::Unshared => String::new(),
        };
        let program = self.program(program);
        let (program, dir) = (program.display(), self.data_dir.display());
        anyhow!("{program} failed in {dir}{user}: {reason}")
    }

    fn program(&self, name: &str) -> PathBuf {
        Path::new(&self.programs.bin_dir).join(name)
    }
}
