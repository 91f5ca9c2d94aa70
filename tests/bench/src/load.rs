//! Generates load on a server (wrk) and on PostgreSQL alone (pgbench).

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, ensure};

use crate::server::{Server, postgresql_cpu};

/// The result of one run of load. Values that a tool does not report are 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoadResult {
    /// Requests per second.
    pub(crate) rate: f64,
    /// Median latency, in milliseconds.
    pub(crate) median_ms: f64,
    /// 99th percentile of the latency, in milliseconds.
    pub(crate) p99_ms: f64,
    /// CPU time of the server per request, in microseconds.
    pub(crate) server_cpu_us: f64,
    /// CPU time of PostgreSQL per request, in microseconds.
    pub(crate) database_cpu_us: f64,
    /// Percentage of requests without a successful response.
    pub(crate) error_percent: f64,
}

/// The settings of the load generators wrk and pgbench.
pub(crate) struct Load {
    /// The folder that the scripts of wrk and pgbench are written to.
    pub(crate) folder: PathBuf,
    /// The duration of each run of load, in seconds.
    pub(crate) seconds: u32,
}

/// A line of a wrk script (Lua) that makes the clients accept Brotli.
pub(crate) const BROTLI: &str = r#"wrk.headers["Accept-Encoding"] = "br""#;

impl Load {
    /// Runs a wrk script against the server over `connections` connections.
    pub(crate) fn wrk(
        &self,
        server: &Server,
        connections: u32,
        script: &str,
    ) -> anyhow::Result<LoadResult> {
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
        let line = text.lines().find_map(|line| line.strip_prefix("result "));
        let line = line.with_context(|| {
            format!(
                "wrk printed no result: {text} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
        let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        ensure!(
            numbers.len() == 5 && numbers[0] > 0.0,
            "no responses: {text}"
        );
        let [requests, micros, median, p99, errors] = [0, 1, 2, 3, 4].map(|index| numbers[index]);
        Ok(LoadResult {
            rate: requests / micros * 1e6,
            median_ms: median / 1e3,
            p99_ms: p99 / 1e3,
            server_cpu_us: cpu / requests * 1e6,
            database_cpu_us: database_cpu / requests * 1e6,
            error_percent: errors / requests * 100.0,
        })
    }

    /// Runs a pgbench script as prepared statements over `connections` connections.
    pub(crate) fn pgbench(
        &self,
        database: &str,
        connections: u32,
        script: &str,
    ) -> anyhow::Result<LoadResult> {
        let file = self.folder.join("statement.sql");
        fs::write(&file, script)?;
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
        let output = || {
            format!(
                "pgbench: {text} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        };
        let rate = number("tps = ").with_context(output)?;
        Ok(LoadResult {
            rate,
            median_ms: 0.0,
            p99_ms: 0.0,
            server_cpu_us: 0.0,
            database_cpu_us: 0.0,
            error_percent: 0.0,
        })
    }
}

/// Returns the path of pgbench, searched where Debian and source builds install it.
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
        .find(|path| {
            let version = Command::new(path).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
        .context("pgbench is not installed or does not run (Debian: postgresql-contrib)")
}

/// The end of every wrk script, which prints the result in one line.
const REPORT: &str = r#"
done = function(summary, latency, requests)
    io.write(string.format("result %d %d %f %f %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.timeout))
end
"#;
