//! Whether the board keeps its word when the server and PostgreSQL are killed at any moment while many write: what was
//! answered is there, to the letter, and nothing else is.

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

use crate::board::{self, Board, PATIENCE};

/// How many write at once.
const WRITERS: usize = 8;
const SETTINGS: &[(&str, &str)] = &[("RATE_LIMITS", "off")];
/// How soon the board is back after a kill.
const RECOVERY: Duration = Duration::from_secs(20);

/// Lets many write while the server and PostgreSQL are killed, for so long, and compares what is there.
pub(crate) fn survive(time: Duration) {
    let writing = Writing {
        board: Board::start(SETTINGS),
        unanswered: AtomicU64::new(0),
    };
    writing.survive(time);
}

struct Writing {
    board: Board,
    /// How many requests got no answer.
    unanswered: AtomicU64,
}

impl Deref for Writing {
    type Target = Board;

    fn deref(&self) -> &Board {
        &self.board
    }
}

/// What a writer was answered last about each of its events, with the token.
type Answered = BTreeMap<String, Value>;

impl Writing {
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
                *running = board::spawn(&self.folder, self.port, SETTINGS);
                kills.server += 1;
            }
            if dice(4) != 0 {
                self.wait_until_ready(RECOVERY);
            }
        }
        self.wait_until_ready(RECOVERY);
        kills
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

#[derive(Debug, Default)]
struct Kills {
    server: u32,
    postgresql: u32,
}

/// A number below this one.
fn dice(sides: usize) -> usize {
    let random = Uuid::new_v4().as_u128() % sides as u128;
    usize::try_from(random).unwrap()
}
