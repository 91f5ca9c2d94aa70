//! Metrics without a baseline: start time, memory, and latency of pages during expensive searches.

use std::{
    io::Write,
    net::TcpStream,
    sync::mpsc::{self, TryRecvError},
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use crate::{
    databases::SIZES,
    load::{BROTLI, Load},
    measure::CONNECTIONS,
    report,
    server::Server,
};

/// The number of server starts, whose median time is reported.
const STARTS: usize = 5;
/// The number of load runs that fill the page cache.
const FILLING_RUNS: usize = 10;
/// The number of searches in a burst whose clients disconnect before the response.
const BURST: u32 = 32;
/// The path of a search of many common words, which is slow.
const EXPENSIVE_SEARCH: &str = "/?q=perguntas+documento+portaria+minutos";

/// A row of the table of metrics that have no baseline.
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) target: &'static str,
}

/// Measures the time from the start of the site's server process until it is ready.
pub(crate) fn start_time(load: &Load, database: &str) -> anyhow::Result<Metric> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begin = Instant::now();
        let server = Server::site(database, &load.folder, &[])?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        drop(server);
    }
    Ok(Metric {
        name: "time from start to ready, with an existing database",
        value: format!("{:.0} ms", report::median(&mut times)),
        target: "< 150 ms",
    })
}

/// Measures the memory before and after filling the page cache, and the CPU time of a request of `/metrics`.
pub(crate) fn memory_and_metrics(load: &Load, server: &Server) -> anyhow::Result<[Metric; 3]> {
    server.get("/")?;
    let idle = Metric {
        name: "memory, idle",
        value: format!("{:.0} MiB", server.memory_mib()?),
        target: "≤ 24 MiB",
    };
    for _ in 0..FILLING_RUNS {
        load.wrk(server, CONNECTIONS, &any_event_page())?;
    }
    // The allocator returns freed memory to the system after a moment, when a thread allocates again.
    sleep(Duration::from_secs(1));
    load.wrk(server, 4, "wrk.path = \"/healthz\"")?;
    let full = Metric {
        name: "memory, with a full page cache",
        value: format!("{:.0} MiB", server.memory_mib()?),
        target: "≤ 96 MiB",
    };
    let scrape = load.wrk(server, 1, "wrk.path = \"/metrics\"")?;
    let metrics = Metric {
        name: "CPU of `/metrics`, after requests for tens of thousands of ids",
        value: format!("{:.2} ms", scrape.server_cpu_us / 1e3),
        target: "≤ 0.3 ms",
    };
    Ok([idle, full, metrics])
}

/// Measures the latency of event pages during more expensive searches than the server runs concurrently.
pub(crate) fn pages_during_expensive_searches(
    load: &Load,
    server: &Server,
) -> anyhow::Result<Metric> {
    let script = format!(
        "math.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", string.format(\"{EXPENSIVE_SEARCH}&to=2099-01-01T%02d:%02d:%02d\", \
         math.random(0, 23), math.random(0, 59), math.random(0, 59))) end"
    );
    let searching = Load {
        folder: load.folder.join("searching"),
        seconds: load.seconds + 1,
    };
    std::fs::create_dir_all(&searching.folder)?;
    let (searches, pages) = scope(|threads| {
        let searches = threads.spawn(|| searching.wrk(server, CONNECTIONS, &script));
        sleep(Duration::from_millis(500));
        let pages = load.wrk(server, 4, &any_event_page());
        (searches.join(), pages)
    });
    let searches = searches.map_err(|_| anyhow::anyhow!("the searching thread panicked"))??;
    Ok(Metric {
        name: "p99 of event pages during expensive searches on 32 connections",
        value: format!(
            "{:.0} ms ({:.0} % of the searches rejected)",
            pages?.p99_ms, searches.error_percent
        ),
        target: "< 50 ms",
    })
}

/// Measures the latency of event pages during bursts of searches whose clients disconnect before the response.
pub(crate) fn pages_during_abandoned_searches(
    load: &Load,
    server: &Server,
) -> anyhow::Result<Metric> {
    let pages = scope(|threads| {
        let (stop, stopped) = mpsc::channel::<()>();
        let port = server.port;
        threads.spawn(move || {
            let mut number = 0;
            while stopped.try_recv() == Err(TryRecvError::Empty) {
                for _ in 0..BURST {
                    number += 1;
                    abandon_search(port, number);
                }
                sleep(Duration::from_millis(100));
            }
        });
        let pages = load.wrk(server, 4, &any_event_page());
        drop(stop);
        pages
    })?;
    Ok(Metric {
        name: "p99 of event pages during bursts of 32 searches that their clients abandon",
        value: format!("{:.0} ms", pages.p99_ms),
        target: "< 50 ms",
    })
}

/// Sends a search that differs from the previous 3,599, and disconnects after a millisecond.
fn abandon_search(port: u16, number: u32) {
    if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
        let (minute, second) = (number / 60 % 60, number % 60);
        let path = format!("{EXPENSIVE_SEARCH}&to=2098-01-01T00:{minute:02}:{second:02}");
        let _ = write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        sleep(Duration::from_millis(1));
    }
}

/// Returns a wrk script that requests the pages of random events.
fn any_event_page() -> String {
    format!(
        "{BROTLI}\nmath.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", \"/events/\" .. math.random(1, {})) end\n",
        SIZES[2]
    )
}
