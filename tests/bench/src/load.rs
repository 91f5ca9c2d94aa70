//! Load on a server (wrk) and on PostgreSQL alone (pgbench).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

use crate::server::{Server, postgresql_cpu};

/// What a load has shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Requests a second.
    pub(crate) rate: f64,
    /// In milliseconds.
    pub(crate) median: f64,
    /// In milliseconds.
    pub(crate) p99: f64,
    /// CPU of the server for one request, in microseconds.
    pub(crate) cpu: f64,
    /// CPU of PostgreSQL for one request, in microseconds.
    pub(crate) database_cpu: f64,
    /// Answers that were no success, of a hundred.
    pub(crate) refused: f64,
}

/// What asks, and where its files are.
pub(crate) struct Load {
    pub(crate) folder: PathBuf,
    pub(crate) seconds: u32,
}

/// What wrk sends: a Lua function body that returns a request, with `n` counting.
pub(crate) const BROTLI: &str = r#"wrk.headers["Accept-Encoding"] = "br""#;

impl Load {
    /// Asks as the script says, over so many connections.
    pub(crate) fn on(
        &self,
        server: &Server,
        connections: u32,
        script: &str,
    ) -> anyhow::Result<Figures> {
        let file = self.folder.join(format!("{}.lua", server.port));
        fs::write(&file, format!("{script}\n{REPORT}"))?;
        let (cpu, database_cpu) = (server.cpu()?, postgresql_cpu());
        let output = Command::new("wrk")
            .args([
                "-t",
                "1",
                "-c",
                &connections.to_string(),
                "-d",
                &format!("{}s", self.seconds),
                "-s",
            ])
            .arg(&file)
            .arg(format!("http://127.0.0.1:{}/", server.port))
            .output()
            .context("wrk cannot be run (Debian: wrk)")?;
        let (cpu, database_cpu) = (server.cpu()? - cpu, postgresql_cpu() - database_cpu);
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("figures "));
        let line = line.with_context(|| {
            format!(
                "wrk told nothing: {text} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
        let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        ensure!(numbers.len() == 5 && numbers[0] > 0.0, "no answers: {text}");
        let [requests, micros, median, p99, refused] = [0, 1, 2, 3, 4].map(|place| numbers[place]);
        Ok(Figures {
            rate: requests / micros * 1e6,
            median: median / 1e3,
            p99: p99 / 1e3,
            cpu: cpu / requests * 1e6,
            database_cpu: database_cpu / requests * 1e6,
            refused: refused / requests * 100.0,
        })
    }

    /// The same statement by pgbench, prepared, over so many connections; a second.
    pub(crate) fn pgbench(
        &self,
        database: &str,
        connections: u32,
        statement: &str,
    ) -> anyhow::Result<Figures> {
        let file = self.folder.join("statement.sql");
        fs::write(&file, statement)?;
        let output = Command::new(pgbench()?)
            .args([
                "-n",
                "-M",
                "prepared",
                "-j",
                "1",
                "-c",
                &connections.to_string(),
            ])
            .args(["-T", &self.seconds.to_string(), "-f"])
            .arg(&file)
            .arg(database)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let number = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line?.split_whitespace().next()?.parse::<f64>().ok()
        };
        let told = || {
            format!(
                "pgbench: {text} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        };
        let rate = number("tps = ").with_context(told)?;
        let median = number("latency average = ").with_context(told)?;
        Ok(Figures {
            rate,
            median,
            p99: 0.0,
            cpu: 0.0,
            database_cpu: 0.0,
            refused: 0.0,
        })
    }
}

/// Where pgbench is.
fn pgbench() -> anyhow::Result<PathBuf> {
    let folders = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let versions = folders.map(|version| version.path().join("bin/pgbench"));
    let found = versions.chain([
        PathBuf::from("/usr/bin/pgbench"),
        PathBuf::from("/usr/local/bin/pgbench"),
    ]);
    found
        .into_iter()
        .find(|path: &PathBuf| Path::exists(path))
        .context("pgbench is missing (Debian: postgresql-contrib)")
}

/// What wrk prints at its end.
const REPORT: &str = r#"
done = function(summary, latency, requests)
    io.write(string.format("figures %d %d %f %f %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.timeout))
end
"#;
