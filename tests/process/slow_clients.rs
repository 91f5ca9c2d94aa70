//! Whether clients that dawdle, crowd or exaggerate get their proper answers and cost nobody else theirs.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::board::Board;

/// Connections that never finish their heads: far more than one client may hold at leisure.
const HALF_HEADS: usize = 800;
/// Requests whose bodies never come: more than there are places for writers.
const HALF_BODIES: usize = 300;
/// How soon whoever does not dawdle is answered in all this.
const PROMPTLY: Duration = Duration::from_secs(1);

/// Lays siege to a board, and looks at who is answered what.
pub(crate) fn withstand() {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let board = Board::start(&[("RATE_LIMITS", "on")]);
    let say = |text: &str| {
        let mut client = TcpStream::connect(("127.0.0.1", board.port)).unwrap();
        client
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        client.write_all(text.as_bytes()).unwrap();
        client
    };
    let post = |length: usize| {
        format!(
            "POST /api/events/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    for (exaggerated, status) in [
        (
            format!(
                "GET / HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n",
                "x".repeat(100_000)
            ),
            431,
        ),
        (
            format!("GET /?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(40_000)),
            414,
        ),
        (format!("{}{}", post(300_000), "x".repeat(300_000)), 413),
        ("nonsense\r\n\r\n".to_owned(), 400),
    ] {
        assert_eq!(answer(say(&exaggerated)), Some(status));
    }

    let half_heads: Vec<_> = (0..HALF_HEADS).map(|_| say("GET / HT")).collect();
    let mut half_bodies: Vec<_> = (0..HALF_BODIES)
        .map(|_| say(&format!("{}{{", post(100))))
        .collect();

    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/",
        "/api/events/",
        "/events/new",
    ] {
        let started = Instant::now();
        let status = board.ask("GET", path, &[], "").map(|(status, _)| status);
        assert_eq!(status, Some(200), "{path}");
        assert!(
            started.elapsed() < PROMPTLY,
            "{path}: {:?}",
            started.elapsed()
        );
    }
    let statuses = half_bodies.drain(..).map(answer);
    let (late, no_room): (Vec<_>, Vec<_>) = statuses.partition(|status| *status == Some(408));
    assert_eq!(late.len(), 256, "as many as there are places");
    assert!(
        no_room.iter().all(|status| *status == Some(503)),
        "{no_room:?}"
    );
    let closed = half_heads.into_iter().filter(|client| {
        client.set_nonblocking(true).unwrap();
        let mut client = client;
        client.read(&mut [0; 1_024]).is_ok()
    });
    let closed = closed.count();
    assert!(
        closed >= HALF_HEADS - 256,
        "only {closed} of the dawdlers were sent away"
    );
    eprintln!(
        "siege: {HALF_HEADS} half heads and {HALF_BODIES} half bodies kept nobody else waiting"
    );
}

/// The status of the answer, if there is one.
fn answer(mut client: TcpStream) -> Option<u16> {
    let mut line = [0; 12];
    client.read_exact(&mut line).ok()?;
    std::str::from_utf8(&line[9..]).ok()?.parse().ok()
}
