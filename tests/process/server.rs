//! The combined server as a process, over a private PostgreSQL of its own.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode},
    sync::Mutex,
    thread::sleep,
    time::{Duration, Instant},
};

use local_server::serve;
use serde_json::Value;
use shared::{
    config::Settings,
    telemetry::{self, Output},
};
use ureq::{Agent, http::Request};

/// How long anything may take that is to happen at all: longer than any recovery.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The argument that makes this program the server.
pub(crate) const SERVE: &str = "serve";

/// A board in a folder of its own, whose server is a process.
pub(crate) struct Board {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    agent: Agent,
    pub(crate) server: Mutex<Child>,
}

impl Board {
    /// A board that is ready, with these settings.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("process-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(5)))
            .build();
        let server = Mutex::new(spawn(&folder, port, settings));
        let board = Self {
            folder,
            port,
            agent: agent.into(),
            server,
        };
        board.wait_until_ready(PATIENCE);
        board
    }

    /// What is answered, if anything is.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<(u16, Value)> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self
            .agent
            .run(request.body(body.to_owned()).unwrap())
            .ok()?;
        let body = answer.body_mut().with_config().limit(u64::MAX);
        let text = body.read_to_string().ok()?;
        let value = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Some((answer.status().as_u16(), value))
    }

    pub(crate) fn wait_until_ready(&self, time: Duration) {
        let begin = Instant::now();
        while self
            .ask("GET", "/readyz", &[], "")
            .is_none_or(|(status, _)| status != 200)
        {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap();
            assert!(
                begin.elapsed() < time,
                "not ready after {time:?}:\n{}",
                log()
            );
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let mut server = self.server.lock().unwrap();
        // With SIGTERM it takes PostgreSQL along.
        let _ = Command::new("kill").arg(server.id().to_string()).status();
        let _ = server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Starts this very program as the server, so that it can be killed.
pub(crate) fn spawn(folder: &Path, port: u16, settings: &[(&str, &str)]) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .unwrap();
    Command::new(std::env::current_exe().unwrap())
        .arg(SERVE)
        .env_remove("DATABASE_URL")
        .env("DATA_DIR", folder.join("data"))
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("LOG_LEVEL", "DEBUG")
        .env("LOG_FORMAT", "simple")
        .envs(settings.iter().copied())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// What the program does that [`spawn`] starts.
pub(crate) fn run() -> ExitCode {
    let settings = Settings::from_environment().unwrap();
    telemetry::start_logging(&settings, Output::Stdout);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match runtime.block_on(serve::serve(settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
