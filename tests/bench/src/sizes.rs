//! Measures the CPU time per request by the number of events in the database.

use anyhow::Context;

use crate::{databases::SIZES, load::Load, measure::ROUNDS, report, server::Server};

const CONNECTIONS: u32 = 8;
/// The maximum of the API's parameter `offset`.
const OFFSET_MAX: u64 = 10_000;

/// The CPU time of the server and PostgreSQL together for one kind of request, by the number of events.
pub(crate) struct CpuBySize {
    pub(crate) name: &'static str,
    /// CPU time per request in microseconds, for each number of events in [`SIZES`].
    pub(crate) cpu_us: [f64; 3],
}

/// Measures each kind of request on three servers, whose databases have the numbers of events in [`SIZES`].
pub(crate) fn measure(load: &Load, servers: &[Server; 3]) -> anyhow::Result<Vec<CpuBySize>> {
    let [small, middle, large] = servers;
    let deep_pages = [
        deep_page(small, SIZES[0])?,
        deep_page(middle, SIZES[1])?,
        deep_page(large, SIZES[2])?,
    ];
    let same = |path: &str| [path; 3].map(str::to_owned);
    let requests = [
        ("list page", same("/")),
        ("JSON of 20 events, page 1", same("/api/events/")),
        ("JSON of 20 events, page 1000 or the last", deep_pages),
        ("JSON of one event", same("/api/events/50")),
        ("search, a common word", same("/?q=python")),
    ];
    let mut measured = Vec::new();
    for (name, paths) in requests {
        let mut rounds = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            for ((server, path), results) in servers.iter().zip(&paths).zip(&mut rounds) {
                let result = load.wrk(server, CONNECTIONS, &format!("wrk.path = \"{path}\""))?;
                results.push(result.server_cpu_us + result.database_cpu_us);
            }
        }
        let cpu_us = rounds.map(|mut results| report::median(&mut results));
        eprintln!("{name}: {cpu_us:?}");
        measured.push(CpuBySize { name, cpu_us });
    }
    Ok(measured)
}

/// Returns the path of page 1000 of the API's list of events, or of its last full page. The database has `size` events.
fn deep_page(server: &Server, size: u64) -> anyhow::Result<String> {
    let before = (999 * 20).min(size - 20);
    let skipped = before.min(OFFSET_MAX);
    let mut path = format!("/api/events/?limit=20&offset={}", skipped - 20);
    let mut seen = skipped;
    // Beyond the largest offset there are only the links to the next page.
    loop {
        let url = format!("http://127.0.0.1:{}{path}", server.port);
        let response = ureq::get(url).call()?;
        let link = response.headers().get("link");
        let next = link
            .and_then(|link| link.to_str().ok()?.split(['<', '>']).nth(1))
            .context("no next page")?;
        path = next.to_owned();
        if seen >= before {
            return Ok(path);
        }
        seen += 20;
    }
}
