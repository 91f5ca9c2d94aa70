//! The servers that are measured, as processes of their own.

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

/// A server under load.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    log: PathBuf,
}

impl Server {
    /// This program as the board over this database, with these settings; ready.
    pub(crate) fn board(
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

    /// This program as the bare server.
    pub(crate) fn hello(folder: &Path) -> anyhow::Result<Self> {
        Self::start("hello", folder, &[])
    }

    fn start(role: &str, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?;
        let port = free.local_addr()?.port();
        drop(free);
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
                "{role} does not start: {}",
                log()
            );
            sleep(Duration::from_millis(2));
        }
        Ok(server)
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<(String, Vec<u8>)> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let mut answer = ureq::get(url).header("accept-encoding", "br").call()?;
        let tag = answer
            .headers()
            .get("etag")
            .and_then(|tag| tag.to_str().ok());
        let tag = tag.unwrap_or_default().to_owned();
        Ok((tag, answer.body_mut().read_to_vec()?))
    }

    /// CPU seconds it has used so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<f64> {
        cpu(&fs::read_to_string(format!(
            "/proc/{}/stat",
            self.process.id()
        ))?)
    }

    /// Memory that it holds, in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
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

/// CPU seconds that all of PostgreSQL's processes have used so far.
pub(crate) fn postgresql_cpu() -> f64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats =
        processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    let of_postgresql = stats.filter(|stat| stat.contains("(postgres)"));
    of_postgresql.filter_map(|stat| cpu(&stat).ok()).sum()
}

/// Fields 14 and 15 of /proc/PID/stat (proc(5)), in ticks of 10 ms.
fn cpu(stat: &str) -> anyhow::Result<f64> {
    let (_, fields) = stat.rsplit_once(')').context("no /proc/PID/stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |place: usize| {
        fields
            .get(place)
            .context("a short line")?
            .parse::<f64>()
            .context("no number")
    };
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// The board, as `local-server` runs it.
pub(crate) fn serve() -> anyhow::Result<()> {
    let settings = Settings::from_environment()?;
    telemetry::start_logging(&settings, Output::BufferedStdout);
    let _last_lines = FlushOnDrop;
    runtime()?.block_on(serve::serve(settings))
}

/// A server that says hello, in the same process set-up.
pub(crate) fn hello() -> anyhow::Result<()> {
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
        let answer = move |_, request| {
            let hello = hello.clone();
            async move { hello.oneshot(request).await.into_response() }
        };
        serve::accept(listener, &app, answer, serve::stop_signal()).await
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
