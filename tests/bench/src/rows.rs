//! What is measured, and beside what.

use std::{
    io::Write,
    net::TcpStream,
    path::Path,
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use anyhow::Context;

use crate::{
    boards::{self, PAST_WORD, SIZES},
    load::{BROTLI, Figures, Load},
    report,
    server::Server,
};

/// How often everything is measured, in turns.
const ROUNDS: usize = 3;
/// Connections that ask at once, where nothing else is said.
const CONNECTIONS: u32 = 32;
/// Connections to the database, of the board and of pgbench.
const DATABASE_CONNECTIONS: u32 = 16;

/// One row of the table: what was measured in each round.
pub(crate) struct Row {
    pub(crate) name: String,
    /// The row that it is told beside.
    pub(crate) beside: Option<&'static str>,
    pub(crate) aim: &'static str,
    pub(crate) rounds: Vec<Figures>,
}

/// What a search of some kind took.
pub(crate) struct Search {
    pub(crate) kind: &'static str,
    /// On ten thousand events, and on a million.
    pub(crate) figures: [Figures; 2],
}

/// A figure that stands for itself.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) aim: &'static str,
}

/// What some request costs on boards of each size: CPU of server and PostgreSQL, in microseconds.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) cost: [f64; 3],
}

type Measure<'a> = Box<dyn Fn() -> anyhow::Result<Figures> + 'a>;

/// Measures everything and writes it down.
pub(crate) fn measure(data: &Path, seconds: u32) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let database = runtime.block_on(boards::open(data))?;
    let measured = (|| {
        let mut urls = Vec::new();
        for size in SIZES {
            urls.push(runtime.block_on(boards::board(&database, size))?);
        }
        let load = Load {
            folder: data.to_owned(),
            seconds,
        };
        let written = runtime.block_on(boards::copy(&database, SIZES[1]))?;
        measure_boards(&load, &urls, &written)
    })();
    runtime.block_on(database.used_for(async |_| Ok(())))?;
    measured
}

fn measure_boards(load: &Load, urls: &[String], written: &str) -> anyhow::Result<()> {
    let [small, middle, large] = urls else {
        anyhow::bail!("three boards are measured");
    };
    let folder = &load.folder;
    let uncached = [("PAGE_CACHE_MB", "0")];
    let facts = facts(load, middle, large)?;
    let rows = {
        let hello = Server::hello(folder)?;
        let cached = Server::board(middle, folder, &[])?;
        let plain = Server::board(middle, folder, &uncached)?;
        let writer = Server::board(written, folder, &[])?;
        in_turns(&rows(
            load,
            &hello,
            &cached,
            &plain,
            &writer,
            [middle, written],
        )?)?
    };
    let searches = {
        let boards = [
            Server::board(middle, folder, &[])?,
            Server::board(large, folder, &[])?,
        ];
        searches(load, &boards)?
    };
    let curves = {
        let boards = [small, middle, large].map(|url| Server::board(url, folder, &uncached));
        let [small, middle, large] = boards;
        curves(load, &[small?, middle?, large?])?
    };
    report::write(&rows, &searches, &curves, &facts)
}

fn in_turns(rows: &[(Row, Measure<'_>)]) -> anyhow::Result<Vec<Row>> {
    let mut measured: Vec<Vec<Figures>> = rows.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((row, measure), figures) in rows.iter().zip(&mut measured) {
            figures.push(measure().with_context(|| row.name.clone())?);
            eprintln!("{}: {:.0}/s", row.name, figures[figures.len() - 1].rate);
        }
    }
    let rows = rows.iter().zip(measured);
    Ok(rows
        .map(|((row, _), rounds)| Row {
            name: row.name.clone(),
            rounds,
            ..*row
        })
        .collect())
}

fn rows<'a>(
    load: &'a Load,
    hello: &'a Server,
    cached: &'a Server,
    plain: &'a Server,
    writer: &'a Server,
    [read, written]: [&'a str; 2],
) -> anyhow::Result<Vec<(Row, Measure<'a>)>> {
    let row = |name: &str, beside, aim, measure: Measure<'a>| {
        let row = Row {
            name: name.to_owned(),
            beside,
            aim,
            rounds: Vec::new(),
        };
        (row, measure)
    };
    let ask = move |server: &'a Server, connections, script: String| -> Measure<'a> {
        Box::new(move || load.on(server, connections, &script))
    };
    let bench = move |url: &'a str, connections, statement: String| -> Measure<'a> {
        Box::new(move || load.pgbench(url, connections, &statement))
    };
    let get = |path: &str| format!("{BROTLI}\nwrk.path = \"{path}\"");
    // The page of a minute is another in the next one.
    let known = Box::new(move || {
        let (tag, _) = cached.get("/")?;
        let tag = tag.replace('"', "\\\"");
        let script = format!("{BROTLI}\nwrk.headers[\"If-None-Match\"] = \"{tag}\"");
        load.on(cached, CONNECTIONS, &script)
    });
    let any_event = format!(
        "request = function() return wrk.format(\"GET\", \"/api/events/\" .. math.random(1, {})) end",
        SIZES[1]
    );
    let by_id = include_str!("../../../sql/queries/event_by_id.sql").replacen("-- $1: id\n", "", 1);
    let by_id = format!(
        "\\set id random(1, {})\n{};\n",
        SIZES[1],
        one_line(&by_id).replace("$1", ":id")
    );
    let list = one_line(include_str!(
        "../../../sql/queries/all_events_unfiltered.sql"
    ));
    let list = ["'-infinity'::timestamptz", "0::bigint", "21", "0"]
        .iter()
        .enumerate()
        .fold(list, |list, (place, value)| {
            list.replace(&format!("${}", place + 1), value)
        });
    Ok(vec![
        row("hello", None, "", ask(hello, CONNECTIONS, get("/"))),
        row(
            "list page, kept",
            Some("hello"),
            "≥ 0.75, CPU ≤ 1.4",
            ask(cached, CONNECTIONS, get("/")),
        ),
        row(
            "event page, kept",
            Some("hello"),
            "≥ 0.75, CPU ≤ 1.4",
            ask(cached, CONNECTIONS, get("/events/1")),
        ),
        row("304 for the list page", Some("hello"), "≥ 0.95", known),
        row(
            "pgbench: event by id",
            None,
            "",
            bench(read, DATABASE_CONNECTIONS, by_id),
        ),
        row(
            "JSON of an event, not kept",
            Some("pgbench: event by id"),
            "≥ 0.8",
            ask(plain, CONNECTIONS, any_event),
        ),
        row(
            "pgbench: 20 rows",
            None,
            "",
            bench(read, DATABASE_CONNECTIONS, format!("{list};\n")),
        ),
        row(
            "JSON of 20 events, not kept",
            Some("pgbench: 20 rows"),
            "≥ 0.6",
            ask(plain, CONNECTIONS, "wrk.path = \"/api/events/\"".into()),
        ),
        row(
            "list page, not kept",
            Some("pgbench: 20 rows"),
            "≥ 0.5",
            ask(plain, CONNECTIONS, "wrk.path = \"/\"".into()),
        ),
        row(
            "list page, not kept, Brotli",
            Some("pgbench: 20 rows"),
            "",
            ask(plain, CONNECTIONS, get("/")),
        ),
        row(
            "pgbench: insert",
            None,
            "",
            bench(written, DATABASE_CONNECTIONS, insert()),
        ),
        row(
            "publishing by the API",
            Some("pgbench: insert"),
            "≥ 0.8",
            ask(writer, DATABASE_CONNECTIONS, PUBLISH.into()),
        ),
    ])
}

/// A statement without what is said of it, on one line, as pgbench takes it.
fn one_line(sql: &str) -> String {
    let lines = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The statement that publishes, with an event in it.
fn insert() -> String {
    let values = [
        "gen_random_uuid()",
        "now()",
        "sha256(gen_random_uuid()::text::bytea)",
        "'Encontro de Rust'",
        "'Uma palestra para todos os níveis, seguida de perguntas.'",
        "(now() + interval '30 days')",
        "null",
        "'São Paulo - SP'",
        "'America/Sao_Paulo'",
        "'São Paulo'",
        "'SP'",
        "'in_person'",
        "'scheduled'",
        "null",
        "null",
        "array['Rust']",
        "null",
        "null::bytea",
        "null::bytea",
        "null::bigint",
        "null",
    ];
    let sql = one_line(include_str!("../../../sql/queries/insert_event.sql"));
    // From the last one on: $1 is in $10 too.
    let places = values.iter().enumerate().rev();
    let sql = places.fold(sql, |sql, (place, value)| {
        sql.replace(&format!("${}", place + 1), value)
    });
    format!("{sql};\n")
}

/// The same event, published by a program.
const PUBLISH: &str = r#"
wrk.method = "POST"
wrk.path = "/api/events/"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"title": "Encontro de Rust", "description": "Uma palestra para todos os níveis, seguida de perguntas.", "date": "2027-06-01T19:00", "location": "São Paulo - SP", "technologies": ["Rust"]}'
"#;

/// Each kind of search, asked with a bound that is never the same twice, so that nothing kept answers it.
fn searches(load: &Load, boards: &[Server; 2]) -> anyhow::Result<Vec<Search>> {
    let ten = "perguntas+documento+portaria+minutos+foto+leve+abrem+trinta+antes+palestra";
    let kinds = [
        ("a common word", "python"),
        ("a rarer word", "cuiaba"),
        ("a rare word", "haskell"),
        ("two words", "haskell+python"),
        ("no hit", "xyzzyq"),
        ("no hit, of common letters", "comunidadepython"),
        ("one character", "g"),
        ("two characters", "go"),
        ("two characters, no hit", "zx"),
        ("a phrase", "%22sao+paulo%22"),
        ("a technology", "C%2B%2B"),
        ("ten words", ten),
        ("only in what is over", PAST_WORD),
    ];
    let mut measured = Vec::new();
    for (kind, q) in kinds {
        // It goes through string.format.
        let q = q.replace('%', "%%");
        let script = format!(
            "{BROTLI}\nmath.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", string.format(\"/?q={q}&to=2099-01-%02dT%02d:%02d:%02d\", \
             math.random(28), math.random(0, 23), math.random(0, 59), math.random(0, 59))) end"
        );
        let mut figures = Vec::new();
        for board in boards {
            figures.push(load.on(board, 8, &script).context(kind)?);
        }
        eprintln!("{kind}: {figures:?}");
        measured.push(Search {
            kind,
            figures: [figures[0], figures[1]],
        });
    }
    Ok(measured)
}

fn curves(load: &Load, boards: &[Server; 3]) -> anyhow::Result<Vec<Curve>> {
    let mut deep = Vec::new();
    for (board, size) in boards.iter().zip(SIZES) {
        deep.push(deep_page(board, size)?);
    }
    let kinds: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("list page", &|_| "/".to_owned()),
        ("JSON of 20 events, page 1", &|_| "/api/events/".to_owned()),
        ("JSON of 20 events, page 1000 or the last", &|board| {
            deep[board].clone()
        }),
        ("JSON of an event", &|_| "/api/events/50".to_owned()),
        ("search, a common word", &|_| "/?q=python".to_owned()),
    ];
    let mut curves = Vec::new();
    for (name, path) in kinds {
        let mut cost = [0.0; 3];
        let mut rounds = vec![Vec::new(); 3];
        for _ in 0..ROUNDS {
            for (board, server) in boards.iter().enumerate() {
                let figures = load.on(server, 8, &format!("wrk.path = \"{}\"", path(board)))?;
                rounds[board].push(figures.cpu + figures.database_cpu);
            }
        }
        for (cost, round) in cost.iter_mut().zip(&mut rounds) {
            *cost = report::median(round);
        }
        eprintln!("{name}: {cost:?}");
        curves.push(Curve { name, cost });
    }
    Ok(curves)
}

/// The address of page 1000 of the list in JSON, or of the last whole one.
fn deep_page(server: &Server, size: u64) -> anyhow::Result<String> {
    let events = (999 * 20).min(size - 20);
    // As far as an offset goes, and then by cursors, a hundred at a time.
    let mut path = format!("/api/events/?limit=20&offset={}", events.min(10_000) - 20);
    let mut seen = events.min(10_000);
    loop {
        let url = format!("http://127.0.0.1:{}{path}", server.port);
        let answer = ureq::get(url).call()?;
        let link = answer
            .headers()
            .get("link")
            .and_then(|link| link.to_str().ok());
        let next = link
            .and_then(|link| link.split(['<', '>']).nth(1))
            .context("no next page")?;
        path = next.to_owned();
        if seen >= events {
            return Ok(path);
        }
        seen += 20;
    }
}

fn facts(load: &Load, middle: &str, large: &str) -> anyhow::Result<Vec<Fact>> {
    let folder = &load.folder;
    let mut facts = Vec::new();
    let mut starts: Vec<f64> = Vec::new();
    for _ in 0..5 {
        let begin = Instant::now();
        let server = Server::board(middle, folder, &[])?;
        starts.push(begin.elapsed().as_secs_f64() * 1e3);
        drop(server);
    }
    facts.push(Fact {
        name: "from start to ready, with an existing database",
        value: format!("{:.0} ms", report::median(&mut starts)),
        aim: "< 150 ms",
    });

    let server = Server::board(large, folder, &[])?;
    server.get("/")?;
    facts.push(Fact {
        name: "memory at rest",
        value: format!("{:.0} MiB", server.memory()?),
        aim: "≤ 24 MiB",
    });
    let any_page = format!(
        "{BROTLI}\nmath.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", \"/events/\" .. math.random(1, {})) end",
        SIZES[2]
    );
    for _ in 0..10 {
        load.on(&server, CONNECTIONS, &any_page)?;
    }
    // What was freed under load goes back to the system a moment later, by whoever works then.
    sleep(Duration::from_secs(1));
    load.on(&server, 4, "wrk.path = \"/healthz\"")?;
    facts.push(Fact {
        name: "memory, with all pages kept that may be",
        value: format!("{:.0} MiB", server.memory()?),
        aim: "≤ 96 MiB",
    });
    let metrics = load.on(&server, 1, "wrk.path = \"/metrics\"")?;
    facts.push(Fact {
        name: "CPU of `/metrics`, after ten thousands of ids",
        value: format!("{:.2} ms", metrics.cpu / 1e3),
        aim: "≤ 0.3 ms",
    });

    // Heavy searches, more than fit, beside pages.
    let heavy = "math.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", string.format(\"/?q=perguntas+documento+portaria+minutos&to=2099-01-01T%02d:%02d:%02d\", \
                 math.random(0, 23), math.random(0, 59), math.random(0, 59))) end";
    let one_page = format!("{any_page}\n");
    let searching = Load {
        folder: folder.join("searching"),
        seconds: load.seconds + 1,
    };
    std::fs::create_dir_all(&searching.folder)?;
    let (searched, pages) = scope(|threads| {
        let searched = threads.spawn(|| searching.on(&server, CONNECTIONS, heavy));
        sleep(Duration::from_millis(500));
        let pages = load.on(&server, 4, &one_page);
        (searched.join(), pages)
    });
    let searched = searched.map_err(|_| anyhow::anyhow!("the searching thread panicked"))??;
    facts.push(Fact {
        name: "p99 of event pages while 32 connections search heavily",
        value: format!(
            "{:.0} ms ({:.0} of 100 searches told to come back)",
            pages?.p99, searched.refused
        ),
        aim: "< 50 ms",
    });

    let pages = scope(|threads| {
        let (done, abandoned) = std::sync::mpsc::channel::<()>();
        let port = server.port;
        threads.spawn(move || {
            let mut number = 0;
            while abandoned.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                for _ in 0..32 {
                    number += 1;
                    if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                        let path = format!(
                            "/?q=perguntas+documento+portaria+minutos&to=2098-01-01T00:{:02}:{:02}",
                            number / 60 % 60,
                            number % 60
                        );
                        let _ = write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
                        sleep(Duration::from_millis(1));
                    }
                }
                sleep(Duration::from_millis(100));
            }
        });
        let pages = load.on(&server, 4, &one_page);
        drop(done);
        pages
    })?;
    facts.push(Fact {
        name: "p99 of event pages beside rounds of 32 searches that nobody waits for",
        value: format!("{:.0} ms", pages.p99),
        aim: "< 50 ms",
    });
    Ok(facts)
}
