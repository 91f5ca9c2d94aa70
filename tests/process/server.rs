//! Runs `local-server` as a child process with its own private PostgreSQL.

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

/// The timeout of every wait in the tests, longer than any recovery of the server.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// The command-line argument that makes the test program run the server.
pub(crate) const SERVE: &str = "serve";

/// A running `local-server` with a data folder of its own; dropping it stops the process and removes the folder.
pub(crate) struct ServerProcess {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    agent: Agent,
    pub(crate) process: Mutex<Child>,
}

impl ServerProcess {
    /// Starts a server with `settings` and waits until it is ready.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("process-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(5)))
            .build();
        let process = Mutex::new(spawn(&folder, port, settings));
        let server = Self {
            folder,
            port,
            agent: agent.into(),
            process,
        };
        server.wait_until_ready(TIMEOUT);
        server
    }

    /// Sends a request and returns the status and the body, parsed if it is JSON. Without a complete response, returns
    /// `None`.
    pub(crate) fn request(
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
        let mut response = self
            .agent
            .run(request.body(body.to_owned()).unwrap())
            .ok()?;
        let body = response.body_mut().with_config().limit(u64::MAX);
        let text = body.read_to_string().ok()?;
        let value = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Some((response.status().as_u16(), value))
    }

    /// Waits until `/readyz` returns 200, and panics after `timeout`.
    pub(crate) fn wait_until_ready(&self, timeout: Duration) {
        let begin = Instant::now();
        while self
            .request("GET", "/readyz", &[], "")
            .is_none_or(|(status, _)| status != 200)
        {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap();
            assert!(
                begin.elapsed() < timeout,
                "not ready after {timeout:?}:\n{}",
                log()
            );
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap();
        // On SIGTERM the server also stops PostgreSQL.
        let _ = Command::new("kill").arg(process.id().to_string()).status();
        let _ = process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Starts the test program again as the server, in a process that can be killed.
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

/// Runs the server: the main function of the process that [`spawn`] starts.
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
