//! Test of durability: the server and PostgreSQL are killed at random while clients write. Afterwards, exactly the
//! acknowledged writes must be stored.

use std::{
    collections::BTreeMap,
    fs,
    ops::Deref,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::server::{self, ServerProcess, TIMEOUT};

/// The number of clients that write concurrently.
const WRITERS: usize = 8;
const SETTINGS: &[(&str, &str)] = &[("RATE_LIMITS", "off")];
/// The maximum time from killing a process until the server is ready again.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(20);

/// Writes and kills processes for the duration `time`, then compares the stored events with the acknowledged ones.
pub(crate) fn acknowledged_writes_survive_kills(time: Duration) {
    let test = CrashTest {
        server: ServerProcess::start(SETTINGS),
        failed_requests: AtomicU64::new(0),
    };
    test.run(time);
}

struct CrashTest {
    server: ServerProcess,
    /// The number of requests that got no final response, and were therefore repeated.
    failed_requests: AtomicU64,
}

impl Deref for CrashTest {
    type Target = ServerProcess;

    fn deref(&self) -> &ServerProcess {
        &self.server
    }
}

/// The body of the last response about each event, by the edit token of the event.
type Acknowledged = BTreeMap<String, Value>;

impl CrashTest {
    fn run(self, time: Duration) {
        let end = Instant::now() + time;
        let (acknowledged, kills) = thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|_| scope.spawn(|| self.write_until(end)))
                .collect();
            let kills = self.kill_until(end);
            let acknowledged = writers
                .into_iter()
                .flat_map(|writer| writer.join().unwrap());
            (acknowledged.collect::<Acknowledged>(), kills)
        });
        self.check(&acknowledged);
        eprintln!(
            "crash: {kills:?} in {} s; {} requests repeated; exactly the {} acknowledged events are stored",
            time.as_secs(),
            self.failed_requests.load(Ordering::Relaxed),
            acknowledged.len()
        );
        assert!(!acknowledged.is_empty());
    }

    /// Publishes, changes and deletes events until `end`, and returns the acknowledged state of those not deleted.
    fn write_until(&self, end: Instant) -> Acknowledged {
        let mut events = Acknowledged::new();
        while Instant::now() < end {
            let chosen = (!events.is_empty()).then(|| {
                events
                    .keys()
                    .nth(random_below(events.len()))
                    .unwrap()
                    .clone()
            });
            match (chosen, random_below(10)) {
                (None, _) | (_, 0..4) => {
                    let event = self.publish();
                    events.insert(event["edit_token"].as_str().unwrap().to_owned(), event);
                }
                (Some(token), 4..9) => {
                    let change = json!({"title": format!("Mudado {}", Uuid::new_v4())}).to_string();
                    let path = format!("/api/events/by-token/{token}");
                    let (status, event) = self.request_until_final("PATCH", &path, &[], &change);
                    assert_eq!(status, 200, "{event}");
                    events.insert(token, event);
                }
                (Some(token), _) => {
                    let path = format!("/api/events/by-token/{token}");
                    let (status, body) = self.request_until_final("DELETE", &path, &[], "");
                    // 404: an earlier attempt deleted it, but its response was lost.
                    assert!([204, 404].contains(&status), "{status} {body}");
                    events.remove(&token);
                }
            }
        }
        events
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
        let (status, published) =
            self.request_until_final("POST", "/api/events/", &headers, &event.to_string());
        assert_eq!(status, 201, "{published}");
        published
    }

    /// Repeats a request until its response is final, that is, neither a 5xx nor a 409.
    fn request_until_final(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, Value) {
        let begin = Instant::now();
        loop {
            match self.request(method, path, headers, body) {
                // 409: an earlier attempt is still running in the database.
                Some((status, body)) if status < 500 && status != 409 => return (status, body),
                _ => self.failed_requests.fetch_add(1, Ordering::Relaxed),
            };
            assert!(begin.elapsed() < TIMEOUT, "{method}: no final response");
            sleep(Duration::from_millis(20));
        }
    }

    /// Kills the server, PostgreSQL or both repeatedly until `end`, and returns the number of kills of each kind.
    fn kill_until(&self, end: Instant) -> Kills {
        let mut kills = Kills::default();
        while Instant::now() < end {
            sleep(Duration::from_millis(200 + random_below(1_300) as u64));
            let victim = random_below(3);
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
                let mut process = self.process.lock().unwrap();
                process.kill().unwrap();
                process.wait().unwrap();
                sleep(Duration::from_millis(random_below(300) as u64));
                *process = server::spawn(&self.folder, self.port, SETTINGS);
                kills.server += 1;
            }
            if random_below(4) != 0 {
                self.wait_until_ready(RECOVERY_TIMEOUT);
            }
        }
        self.wait_until_ready(RECOVERY_TIMEOUT);
        kills
    }

    /// Asserts that exactly the acknowledged events are stored, and that no edit token is in the log.
    fn check(&self, acknowledged: &Acknowledged) {
        let mut public = Vec::new();
        for (token, event) in acknowledged {
            let (status, stored) =
                self.request_until_final("GET", &format!("/api/events/by-token/{token}"), &[], "");
            assert_eq!((status, &stored), (200, event));
            let mut event = event.clone();
            event.as_object_mut().unwrap().remove("edit_token");
            public.push((event["id"].as_i64().unwrap(), event));
        }
        public.sort_by_key(|(id, _)| *id);
        let (_, export) = self.request_until_final("GET", "/api/events/export", &[], "");
        let lines = export.as_str().unwrap_or_default().lines();
        let stored: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(
            stored.len(),
            public.len(),
            "the number of stored events differs"
        );
        assert!(stored.iter().eq(public.iter().map(|(_, event)| event)));
        let log = fs::read_to_string(self.folder.join("log")).unwrap();
        assert!(
            acknowledged
                .keys()
                .all(|token| !log.contains(token.as_str())),
            "a token is in the log"
        );
    }
}

#[derive(Debug, Default)]
struct Kills {
    server: u32,
    postgresql: u32,
}

/// Returns a random number below `limit`.
fn random_below(limit: usize) -> usize {
    let random = Uuid::new_v4().as_u128() % limit as u128;
    usize::try_from(random).unwrap()
}
