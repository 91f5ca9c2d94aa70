//! Measures the throughput of the site against a bare HTTP server, and against PostgreSQL alone (pgbench).

use anyhow::Context;

use crate::{
    databases::SIZES,
    load::{BROTLI, Load, LoadResult},
    measure::{CONNECTIONS, ROUNDS},
    server::Server,
    statements,
};

/// The number of concurrent database connections, both of the site and of pgbench.
const DATABASE_CONNECTIONS: u32 = 16;
const BARE_SERVER: &str = "bare server";
const EVENT_BY_ID: &str = "pgbench: event by id";
const TWENTY_ROWS: &str = "pgbench: 20 rows";
const INSERT: &str = "pgbench: insert";

/// A row of the table of comparisons: the results of one measurement, one per round.
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    /// The name of the row that is the baseline of this row.
    pub(crate) baseline: Option<&'static str>,
    /// The required ratios of requests per second and CPU time to the baseline, as text.
    pub(crate) target: &'static str,
    pub(crate) rounds: Vec<LoadResult>,
}

/// The measured servers.
pub(crate) struct Servers {
    /// A server that responds "Hello" without a database.
    pub(crate) bare: Server,
    /// The site with its page cache.
    pub(crate) cached: Server,
    /// The site without its page cache.
    pub(crate) uncached: Server,
    /// The site on a database that the measurements may write to.
    pub(crate) written: Server,
}

type Measurement<'a> = (Comparison, Box<dyn Fn() -> anyhow::Result<LoadResult> + 'a>);

/// Runs all measurements in turn, [`ROUNDS`] times, so that changes of the machine affect all of them alike.
pub(crate) fn measure(
    load: &Load,
    servers: &Servers,
    read_url: &str,
    written_url: &str,
) -> anyhow::Result<Vec<Comparison>> {
    let mut measurements = from_cache(load, servers);
    measurements.extend(reads(load, servers, read_url));
    measurements.extend(writes(load, servers, written_url));
    for _ in 0..ROUNDS {
        for (row, run) in &mut measurements {
            let result = run().context(row.name)?;
            eprintln!("{}: {:.0}/s", row.name, result.rate);
            row.rounds.push(result);
        }
    }
    Ok(measurements.into_iter().map(|(row, _)| row).collect())
}

/// Returns the measurements of responses from the page cache, with the bare server as the baseline.
fn from_cache<'a>(load: &'a Load, servers: &'a Servers) -> Vec<Measurement<'a>> {
    let get = |server: &'a Server, path: &str| {
        let script = format!("{BROTLI}\nwrk.path = \"{path}\"");
        move || load.wrk(server, CONNECTIONS, &script)
    };
    // The page, and so its ETag, changes every minute: it is read again in each round.
    let not_modified = || {
        let etag = servers.cached.get("/")?.replace('"', "\\\"");
        let script = format!("{BROTLI}\nwrk.headers[\"If-None-Match\"] = \"{etag}\"");
        load.wrk(&servers.cached, CONNECTIONS, &script)
    };
    let bare = Some(BARE_SERVER);
    let target = "≥ 0.75, CPU ≤ 1.4";
    vec![
        measurement(BARE_SERVER, None, "", get(&servers.bare, "/")),
        measurement("list page, cached", bare, target, get(&servers.cached, "/")),
        measurement(
            "event page, cached",
            bare,
            target,
            get(&servers.cached, "/events/1"),
        ),
        measurement("304 for the list page", bare, "≥ 0.95", not_modified),
    ]
}

/// Returns the measurements of responses that the site reads from the database, with pgbench as the baseline.
fn reads<'a>(load: &'a Load, servers: &'a Servers, url: &'a str) -> Vec<Measurement<'a>> {
    let pgbench = |script: String| move || load.pgbench(url, DATABASE_CONNECTIONS, &script);
    let wrk = |script: &str| {
        let script = script.to_owned();
        move || load.wrk(&servers.uncached, CONNECTIONS, &script)
    };
    let any_event = format!(
        "request = function() return wrk.format(\"GET\", \"/api/events/\" .. math.random(1, {})) end",
        SIZES[1]
    );
    let rows = Some(TWENTY_ROWS);
    vec![
        measurement(EVENT_BY_ID, None, "", pgbench(statements::event_by_id())),
        measurement(
            "JSON of one event, uncached",
            Some(EVENT_BY_ID),
            "≥ 0.8",
            wrk(&any_event),
        ),
        measurement(TWENTY_ROWS, None, "", pgbench(statements::first_page())),
        measurement(
            "JSON of 20 events, uncached",
            rows,
            "≥ 0.6",
            wrk("wrk.path = \"/api/events/\""),
        ),
        measurement(
            "list page, uncached",
            rows,
            "≥ 0.5",
            wrk("wrk.path = \"/\""),
        ),
        measurement(
            "list page, uncached, Brotli",
            rows,
            "",
            wrk(&format!("{BROTLI}\nwrk.path = \"/\"")),
        ),
    ]
}

/// Returns the measurements of publishing an event, with pgbench as the baseline.
fn writes<'a>(load: &'a Load, servers: &'a Servers, url: &'a str) -> Vec<Measurement<'a>> {
    let insert = statements::insert();
    vec![
        measurement(INSERT, None, "", move || {
            load.pgbench(url, DATABASE_CONNECTIONS, &insert)
        }),
        measurement(
            "publishing through the API",
            Some(INSERT),
            "≥ 0.8",
            || load.wrk(&servers.written, DATABASE_CONNECTIONS, PUBLISH),
        ),
    ]
}

fn measurement<'a>(
    name: &'static str,
    baseline: Option<&'static str>,
    target: &'static str,
    run: impl Fn() -> anyhow::Result<LoadResult> + 'a,
) -> Measurement<'a> {
    let row = Comparison {
        name,
        baseline,
        target,
        rounds: Vec::new(),
    };
    (row, Box::new(run))
}

/// A wrk script that publishes the event of [`statements::insert`].
const PUBLISH: &str = r#"
wrk.method = "POST"
wrk.path = "/api/events/"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"title": "Encontro de Rust", "description": "Uma palestra para todos os níveis, seguida de perguntas.", "date": "2027-06-01T19:00", "location": "São Paulo - SP", "technologies": ["Rust"]}'
"#;
