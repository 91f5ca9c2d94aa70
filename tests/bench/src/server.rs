//! The servers that the benchmark measures, each a child process of the benchmark.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use axum::{Router, response::IntoResponse, routing::get};
use local_server::serve;
use shared::{
    app::App,
    config::Settings,
    telemetry::{self, FlushOnDrop, Metrics, Output},
};
use tower::ServiceExt;

/// A running server; dropping it kills the process.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts the site's server on the database at the URL `database`, and waits until it is ready.
    pub(crate) fn site(
        database: &str,
        folder: &Path,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let all = [
            settings,
            &[
                ("DATABASE_URL", database),
                ("RATE_LIMITS", "off"),
                ("LOG_FORMAT", "json"),
            ],
        ]
        .concat();
        Self::start("serve", folder, &all)
    }

    /// Starts the bare server, which responds "Hello" without a database, and waits until it is ready.
    pub(crate) fn bare(folder: &Path) -> anyhow::Result<Self> {
        Self::start("bare", folder, &[])
    }

    fn start(role: &str, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        drop(listener);
        let path = folder.join(format!("{port}.log"));
        let log = File::create(&path)?;
        let process = Command::new(std::env::current_exe()?)
            .arg(role)
            .env_remove("PUBLIC_URL")
            .envs(settings.iter().copied())
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let server = Self {
            process,
            port,
            log: path,
        };
        let begin = Instant::now();
        while server.get("/readyz").is_err() {
            let log = || fs::read_to_string(&server.log).unwrap_or_default();
            ensure!(
                begin.elapsed() < Duration::from_secs(20),
                "{role} is not ready after 20 s: {}",
                log()
            );
            sleep(Duration::from_millis(2));
        }
        Ok(server)
    }

    /// Requests `path` and returns the `ETag` of the response.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<String> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let response = ureq::get(url).header("accept-encoding", "br").call()?;
        let etag = response.headers().get("etag");
        let etag = etag.and_then(|etag| etag.to_str().ok());
        Ok(etag.unwrap_or_default().to_owned())
    }

    /// Returns the CPU time that the server has used so far, in seconds.
    pub(crate) fn cpu(&self) -> anyhow::Result<f64> {
        cpu(&fs::read_to_string(format!(
            "/proc/{}/stat",
            self.process.id()
        ))?)
    }

    /// Returns the resident memory of the server, in MiB.
    pub(crate) fn memory_mib(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok(kib.context("no VmRSS")?.parse::<f64>()? / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.log);
    }
}

/// Returns the CPU time that all PostgreSQL processes of the machine have used so far, in seconds.
pub(crate) fn postgresql_cpu() -> f64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats =
        processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    let of_postgresql = stats.filter(|stat| stat.contains("(postgres)"));
    of_postgresql.filter_map(|stat| cpu(&stat).ok()).sum()
}

/// Parses the CPU time of a process, in seconds, from /proc/PID/stat: fields 14 and 15 in ticks of 10 ms (proc(5)).
fn cpu(stat: &str) -> anyhow::Result<f64> {
    let (_, fields) = stat.rsplit_once(')').context("invalid /proc/PID/stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .context("/proc/PID/stat is too short")?
            .parse::<f64>()
            .context("/proc/PID/stat: not a number")
    };
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// Runs the site's server, as `local-server` does.
pub(crate) fn serve() -> anyhow::Result<()> {
    let settings = Settings::from_environment()?;
    telemetry::start_logging(&settings, Output::BufferedStdout);
    let _last_lines = FlushOnDrop;
    runtime()?.block_on(serve::serve(settings))
}

/// Runs a server that responds "Hello", with the same allocator, runtime and connection handling as the site.
pub(crate) fn bare() -> anyhow::Result<()> {
    let settings = Settings::from_environment()?;
    let address = SocketAddr::new(settings.host, settings.port);
    runtime()?.block_on(async {
        let url = [
            ("DATABASE_URL", "postgres://127.0.0.1:1/none"),
            ("RATE_LIMITS", "off"),
        ];
        let app = App::new(crate::settings(&url)?, Metrics::of_this_process()?)?;
        let hello = Router::new().fallback(get(async || "Hello"));
        let listener = tokio::net::TcpListener::bind(address).await?;
        let respond = move |_, request| {
            let hello = hello.clone();
            async move { hello.oneshot(request).await.into_response() }
        };
        serve::accept(listener, &app, respond, serve::stop_signal()).await
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
