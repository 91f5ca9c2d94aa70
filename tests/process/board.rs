//! The combined server as a process, over a private PostgreSQL of its own.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Mutex, atomic::AtomicU64},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use ureq::{Agent, http::Request};

/// How long anything may take that is to happen at all: longer than any recovery.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A board in a folder of its own, whose server is a process.
pub(crate) struct Board {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    agent: Agent,
    rate_limits: &'static str,
    pub(crate) server: Mutex<Child>,
    /// How many requests got no answer.
    pub(crate) unanswered: AtomicU64,
}

impl Board {
    /// A board that is ready, with these `RATE_LIMITS`.
    pub(crate) fn start(rate_limits: &'static str) -> Self {
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
        let server = Mutex::new(server(&folder, port, rate_limits));
        let board = Self {
            folder,
            port,
            agent: agent.into(),
            rate_limits,
            server,
            unanswered: AtomicU64::new(0),
        };
        board.wait_until_ready(PATIENCE);
        board
    }

    /// Starts the server again, after it has ended.
    pub(crate) fn restarted(&self) -> Child {
        server(&self.folder, self.port, self.rate_limits)
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

fn server(folder: &Path, port: u16, rate_limits: &str) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .unwrap();
    Command::new(std::env::current_exe().unwrap())
        .arg("serve")
        .env_remove("DATABASE_URL")
        .env("DATA_DIR", folder.join("data"))
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("RATE_LIMITS", rate_limits)
        .env("LOG_LEVEL", "DEBUG")
        .env("LOG_FORMAT", "simple")
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}
