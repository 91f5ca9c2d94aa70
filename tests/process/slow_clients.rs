//! Tests that slow, excessive and malformed requests get their error responses and do not delay other clients.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::server::ServerProcess;

/// The number of connections with an incomplete request head, far more than the server keeps open for one client.
const INCOMPLETE_HEADS: usize = 800;
/// The number of requests with an incomplete body, more than the server handles concurrently.
const INCOMPLETE_BODIES: usize = 300;
/// The number of writes that the server handles concurrently.
const WRITE_PERMITS: usize = 256;
/// The maximum response time for other clients while the incomplete requests are open.
const RESPONSE_TIME_MAX: Duration = Duration::from_secs(1);

/// Opens hundreds of incomplete requests, and checks every response.
pub(crate) fn slow_clients_do_not_delay_others() {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let server = ServerProcess::start(&[("RATE_LIMITS", "on")]);
    check_excessive_requests(&server);
    let heads: Vec<_> = (0..INCOMPLETE_HEADS)
        .map(|_| send(&server, "GET / HT"))
        .collect();
    let body = format!("{}{{", post_head(100));
    let bodies: Vec<_> = (0..INCOMPLETE_BODIES)
        .map(|_| send(&server, &body))
        .collect();
    check_response_times(&server);
    check_incomplete_bodies(bodies);
    check_incomplete_heads(heads);
    eprintln!(
        "slow clients: {INCOMPLETE_HEADS} incomplete heads and {INCOMPLETE_BODIES} incomplete bodies delayed no other client"
    );
}

fn check_excessive_requests(server: &ServerProcess) {
    let cookie = "x".repeat(100_000);
    let query = "x".repeat(40_000);
    let body = "x".repeat(300_000);
    for (request, status) in [
        (
            format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"),
            431,
        ),
        (format!("GET /?q={query} HTTP/1.1\r\nHost: x\r\n\r\n"), 414),
        (format!("{}{body}", post_head(300_000)), 413),
        ("nonsense\r\n\r\n".to_owned(), 400),
    ] {
        assert_eq!(status_of(send(server, &request)), Some(status));
    }
}

fn check_response_times(server: &ServerProcess) {
    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/",
        "/api/events/",
        "/events/new",
    ] {
        let started = Instant::now();
        let response = server.request("GET", path, &[], "");
        let elapsed = started.elapsed();
        assert_eq!(response.map(|(status, _)| status), Some(200), "{path}");
        assert!(elapsed < RESPONSE_TIME_MAX, "{path}: {elapsed:?}");
    }
}

/// Asserts that the requests with a permit time out with 408, and that the others are rejected with 503.
fn check_incomplete_bodies(clients: Vec<TcpStream>) {
    let statuses = clients.into_iter().map(status_of);
    let (timed_out, rejected): (Vec<_>, Vec<_>) = statuses.partition(|status| *status == Some(408));
    assert_eq!(timed_out.len(), WRITE_PERMITS);
    assert!(
        rejected.iter().all(|status| *status == Some(503)),
        "{rejected:?}"
    );
}

fn check_incomplete_heads(clients: Vec<TcpStream>) {
    let closed = clients.into_iter().filter(|client| {
        client.set_nonblocking(true).unwrap();
        let mut client = client;
        client.read(&mut [0; 1_024]).is_ok()
    });
    let closed = closed.count();
    assert!(
        closed >= INCOMPLETE_HEADS - 256,
        "only {closed} connections with an incomplete head were closed"
    );
}

/// Opens a connection to the server and sends `text`.
fn send(server: &ServerProcess, text: &str) -> TcpStream {
    let mut client = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    client.write_all(text.as_bytes()).unwrap();
    client
}

fn post_head(length: usize) -> String {
    format!(
        "POST /api/events/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Returns the status of the response that `client` receives, or `None` without a response.
fn status_of(mut client: TcpStream) -> Option<u16> {
    let mut line = [0; 12];
    client.read_exact(&mut line).ok()?;
    std::str::from_utf8(&line[9..]).ok()?.parse().ok()
}
