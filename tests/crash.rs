//! Whether the board keeps its word when the server and PostgreSQL are killed at any moment while many write: what was
//! answered is there, to the letter, and nothing else is. `cargo test -p tests --test crash -- 120` takes two minutes over it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use local_server::serve;
use serde_json::{Value, json};
use shared::{
    config::Settings,
    telemetry::{self, Output},
};
use ureq::{Agent, http::Request};
use uuid::Uuid;

/// How long there is killing, where nobody says.
const SECONDS: u64 = 15;
/// How many write at once.
const WRITERS: usize = 8;
/// How long a request is repeated until it is answered: longer than any recovery.
const PATIENCE: Duration = Duration::from_secs(60);
/// How soon the board is back after a kill.
const RECOVERY: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "serve" {
        return run_server();
    }
    let seconds = match argument.parse() {
        Ok(seconds) => seconds,
        // The name of another test of the workspace.
        Err(_) if !argument.starts_with('-') && !"crash".contains(&argument) => {
            return ExitCode::SUCCESS;
        }
        Err(_) => SECONDS,
    };
    Board::start().survive(Duration::from_secs(seconds));
    ExitCode::SUCCESS
}

/// This very program as the server, so that it can be killed.
fn run_server() -> ExitCode {
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

/// A board in a folder of its own, whose server is a process.
struct Board {
    folder: PathBuf,
    port: u16,
    agent: Agent,
    server: Mutex<Child>,
    unanswered: AtomicU64,
}

/// What a writer was answered last about each of its events, with the token.
type Answered = BTreeMap<String, Value>;

impl Board {
    fn start() -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(5)))
            .build();
        let server = Mutex::new(server(&folder, port));
        let board = Self {
            folder,
            port,
            agent: agent.into(),
            server,
            unanswered: AtomicU64::new(0),
        };
        board.wait_until_ready(PATIENCE);
        board
    }

    fn survive(self, time: Duration) {
        let end = Instant::now() + time;
        let (answered, kills) = thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|_| scope.spawn(|| self.write_until(end)))
                .collect();
            let kills = self.kill_until(end);
            let answered = writers
                .into_iter()
                .flat_map(|writer| writer.join().unwrap());
            (answered.collect::<Answered>(), kills)
        });
        self.check(&answered);
        eprintln!(
            "crash: {kills:?} over {} s; {} requests without an answer; {} events as they were answered, and no other",
            time.as_secs(),
            self.unanswered.load(Ordering::Relaxed),
            answered.len()
        );
        assert!(!answered.is_empty());
    }

    /// Publishes, changes and deletes events of this writer's own.
    fn write_until(&self, end: Instant) -> Answered {
        let mut mine = Answered::new();
        while Instant::now() < end {
            let chosen =
                (!mine.is_empty()).then(|| mine.keys().nth(dice(mine.len())).unwrap().clone());
            match (chosen, dice(10)) {
                (None, _) | (_, 0..4) => {
                    let event = self.publish();
                    mine.insert(event["edit_token"].as_str().unwrap().to_owned(), event);
                }
                (Some(token), 4..9) => {
                    let change = json!({"title": format!("Mudado {}", Uuid::new_v4())}).to_string();
                    let path = format!("/api/events/by-token/{token}");
                    let (status, event) = self.insist("PATCH", &path, &[], &change);
                    assert_eq!(status, 200, "{event}");
                    mine.insert(token, event);
                }
                (Some(token), _) => {
                    let path = format!("/api/events/by-token/{token}");
                    let (status, answer) = self.insist("DELETE", &path, &[], "");
                    // The second of two: the first was not answered.
                    assert!([204, 404].contains(&status), "{status} {answer}");
                    mine.remove(&token);
                }
            }
        }
        mine
    }

    fn publish(&self) -> Value {
        let (key, title) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
        let event = json!({
            "title": title,
            "date": "2027-03-18T19:00",
            "location": "Recife - PE",
            "description": title.repeat(50),
            "technologies": ["Rust", "PostgreSQL"],
        });
        let headers = [("idempotency-key", key.as_str())];
        let (status, answer) = self.insist("POST", "/api/events/", &headers, &event.to_string());
        assert_eq!(status, 201, "{answer}");
        answer
    }

    /// Sends the request until it is answered one way or the other.
    fn insist(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, Value) {
        let begin = Instant::now();
        loop {
            match self.ask(method, path, headers, body) {
                // 409: its own earlier self is still running in the database.
                Some((status, answer)) if status < 500 && status != 409 => return (status, answer),
                _ => self.unanswered.fetch_add(1, Ordering::Relaxed),
            };
            assert!(begin.elapsed() < PATIENCE, "{method} is not answered");
            sleep(Duration::from_millis(20));
        }
    }

    fn ask(
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

    /// Kills the server, PostgreSQL or both, again and again, and answers how often each.
    fn kill_until(&self, end: Instant) -> Kills {
        let mut kills = Kills::default();
        while Instant::now() < end {
            sleep(Duration::from_millis(200 + dice(1_300) as u64));
            let victim = dice(3);
            if victim != 0 {
                let pid = fs::read_to_string(self.folder.join("data/pg/postmaster.pid"))
                    .unwrap_or_default();
                if let Some(pid) = pid.lines().next() {
                    let killed = Command::new("kill")
                        .args(["-9", pid])
                        .stderr(Stdio::null())
                        .status();
                    kills.postgresql += u32::from(killed.unwrap().success());
                }
            }
            if victim != 1 {
                let mut running = self.server.lock().unwrap();
                running.kill().unwrap();
                running.wait().unwrap();
                sleep(Duration::from_millis(dice(300) as u64));
                *running = server(&self.folder, self.port);
                kills.server += 1;
            }
            if dice(4) != 0 {
                self.wait_until_ready(RECOVERY);
            }
        }
        self.wait_until_ready(RECOVERY);
        kills
    }

    fn wait_until_ready(&self, time: Duration) {
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

    /// What is there is what was answered last, of each event and of no other.
    fn check(&self, answered: &Answered) {
        let mut public = Vec::new();
        for (token, event) in answered {
            let (status, stored) =
                self.insist("GET", &format!("/api/events/by-token/{token}"), &[], "");
            assert_eq!((status, &stored), (200, event));
            let mut event = event.clone();
            event.as_object_mut().unwrap().remove("edit_token");
            public.push((event["id"].as_i64().unwrap(), event));
        }
        public.sort_by_key(|(id, _)| *id);
        let (_, export) = self.insist("GET", "/api/events/export", &[], "");
        let lines = export.as_str().unwrap_or_default().lines();
        let stored: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(
            stored.len(),
            public.len(),
            "events that nobody was answered"
        );
        assert!(stored.iter().eq(public.iter().map(|(_, event)| event)));
        let log = fs::read_to_string(self.folder.join("log")).unwrap();
        assert!(
            answered.keys().all(|token| !log.contains(token.as_str())),
            "a token is in the log"
        );
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

#[derive(Debug, Default)]
struct Kills {
    server: u32,
    postgresql: u32,
}

fn server(folder: &Path, port: u16) -> Child {
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
        .env("RATE_LIMITS", "off")
        .env("LOG_LEVEL", "DEBUG")
        .env("LOG_FORMAT", "simple")
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// A number below this one.
fn dice(sides: usize) -> usize {
    let random = Uuid::new_v4().as_u128() % sides as u128;
    usize::try_from(random).unwrap()
}
