//! Runs every measurement of the benchmark and writes the report.

use std::path::Path;

use crate::{
    absolute::{self, Metric},
    baselines::{self, Comparison},
    databases::{self, SIZES},
    load::Load,
    report::{self, Report},
    searches::{self, Search},
    server::Server,
    sizes::{self, CpuBySize},
};

/// The number of times that each measurement is repeated, interleaved with the others.
pub(crate) const ROUNDS: usize = 3;
/// The default number of concurrent connections of wrk.
pub(crate) const CONNECTIONS: u32 = 32;
/// The setting that disables the site's page cache.
const UNCACHED: [(&str, &str); 1] = [("PAGE_CACHE_MB", "0")];

/// Runs every measurement, with the databases in the folder `data` and `seconds` of load each, and writes the report.
pub(crate) fn run(data: &Path, seconds: u32) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let database = runtime.block_on(databases::open(data))?;
    let report = (|| {
        let [small, middle, large] = SIZES.map(|size| {
            let seeded = databases::seeded(&database, size);
            runtime.block_on(seeded)
        });
        let urls = [small?, middle?, large?];
        let written = runtime.block_on(databases::copy(&database, SIZES[1]))?;
        let load = Load {
            folder: data.to_owned(),
            seconds,
        };
        measure(&load, &urls, &written)
    })();
    // Stops PostgreSQL, after an error too.
    runtime.block_on(database.close_after(async |_| Ok(())))?;
    report::write(&report?)
}

fn measure(load: &Load, urls: &[String; 3], written: &str) -> anyhow::Result<Report> {
    let [_, middle, large] = urls;
    Ok(Report {
        metrics: metrics(load, middle, large)?,
        comparisons: comparisons(load, middle, written)?,
        searches: searches(load, middle, large)?,
        cpu_by_size: cpu_by_size(load, urls)?,
    })
}

fn metrics(load: &Load, middle: &str, large: &str) -> anyhow::Result<Vec<Metric>> {
    let start = absolute::start_time(load, middle)?;
    let server = Server::site(large, &load.folder, &[])?;
    let mut metrics = vec![start];
    metrics.extend(absolute::memory_and_metrics(load, &server)?);
    metrics.push(absolute::pages_during_expensive_searches(load, &server)?);
    metrics.push(absolute::pages_during_abandoned_searches(load, &server)?);
    Ok(metrics)
}

fn comparisons(load: &Load, read: &str, written: &str) -> anyhow::Result<Vec<Comparison>> {
    let folder = &load.folder;
    let servers = baselines::Servers {
        bare: Server::bare(folder)?,
        cached: Server::site(read, folder, &[])?,
        uncached: Server::site(read, folder, &UNCACHED)?,
        written: Server::site(written, folder, &[])?,
    };
    baselines::measure(load, &servers, read, written)
}

fn searches(load: &Load, middle: &str, large: &str) -> anyhow::Result<Vec<Search>> {
    let servers = [
        Server::site(middle, &load.folder, &[])?,
        Server::site(large, &load.folder, &[])?,
    ];
    searches::measure(load, &servers)
}

fn cpu_by_size(load: &Load, urls: &[String; 3]) -> anyhow::Result<Vec<CpuBySize>> {
    let servers = urls
        .each_ref()
        .map(|url| Server::site(url, &load.folder, &UNCACHED));
    let [small, middle, large] = servers;
    sizes::measure(load, &[small?, middle?, large?])
}
