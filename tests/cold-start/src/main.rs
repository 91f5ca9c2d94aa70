//! `cargo run -p cold-start`: builds the functions as they are deployed, starts each a number of times before a stand-in of
//! Lambda's runtime API, and tells as a Markdown table how long it took from the start of the process to the answer to its
//! first invocation, and how much memory that was. No database is asked.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::Command,
    sync::oneshot,
    time::{sleep, timeout},
};

/// Starts of each function; the table tells their median.
const STARTS: usize = 21;
/// How long a start may take at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Each function with an address that it answers without a database, and the status of that answer.
const FUNCTIONS: [(&str, &str, u64); 8] = [
    ("empty-function", "/", 200),
    ("list", "/static/nothing", 404),
    ("detail", "/events/nothing", 404),
    ("create", "/events/new", 200),
    ("edit", "/events/nothing/edit", 404),
    ("metrics", "/healthz", 200),
    ("docs", "/docs", 200),
    ("card", "/card.png", 200),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let binaries = build().await?;
    let mut measured: Vec<Vec<Start>> = FUNCTIONS.iter().map(|_| Vec::new()).collect();
    // In turns, so that whatever else the machine does meets all of them.
    for _ in 0..=STARTS {
        for ((name, path, status), starts) in FUNCTIONS.iter().zip(&mut measured) {
            starts.push(start(&binaries.join(name), name, path, *status).await?);
        }
    }
    let mut table = String::from(
        "| function | size | start to answer | beside the empty one | memory |\n|---|---|---|---|---|\n",
    );
    let mut empty = None;
    for ((name, ..), mut starts) in FUNCTIONS.iter().zip(measured) {
        // The first one found its file on disk, not in memory.
        starts.remove(0);
        let size = std::fs::metadata(binaries.join(name))?.len();
        let mut times: Vec<f64> = starts.iter().map(|start| start.seconds * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let base = *empty.get_or_insert(median);
        let memory = starts.iter().map(|start| start.memory_kib).max();
        let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
        table.push_str(&format!(
            "| {name} | {:.1} MiB | {median:.1} ms | {:.2} × | {:.1} MiB |\n",
            mib(size),
            median / base,
            mib(memory.unwrap_or_default() * 1024),
        ));
    }
    #[expect(clippy::print_stdout, reason = "what it is for")]
    {
        print!("{table}");
    }
    Ok(())
}

/// Builds everything as it is deployed, and answers where it is.
async fn build() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let packages = [
        "list",
        "detail",
        "create",
        "edit",
        "metrics-function",
        "docs",
        "card",
        "cold-start",
    ];
    // A folder of its own: in target/lambda each function's name is a folder of cargo-lambda's.
    let target = root.join("target/cold-start");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--bins", "--profile=lambda", "--target-dir"])
        .arg(&target)
        .args(packages.map(|package| format!("--package={package}")))
        .current_dir(&root)
        .status()
        .await?;
    ensure!(built.success(), "the functions do not build");
    Ok(target.join("lambda"))
}

struct Start {
    seconds: f64,
    memory_kib: u64,
}

/// One start: until the answer to the first invocation is back.
async fn start(binary: &Path, name: &str, path: &str, status: u64) -> anyhow::Result<Start> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (answered, answer) = oneshot::channel();
    let api = tokio::spawn(runtime_api(listener, event(path).to_string(), answered));

    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
        .stdout(Stdio::null())
        .kill_on_drop(true);
    let started = Instant::now();
    let mut process = command.spawn()?;
    let (when, answer) = timeout(PATIENCE, answer)
        .await
        .with_context(|| format!("{name} does not answer"))??;
    let memory_kib = peak_memory(process.id().context("the process has ended")?)?;
    process.kill().await?;
    api.abort();

    let answer: Value = serde_json::from_slice(&answer)?;
    if answer["statusCode"] != status {
        bail!("{name} answers {path} with {answer}");
    }
    Ok(Start {
        seconds: (when - started).as_secs_f64(),
        memory_kib,
    })
}

/// Most memory that a process has had, in KiB (`VmHWM`, see proc(5)).
fn peak_memory(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    Ok(digits.context("no VmHWM")?.parse()?)
}

/// A GET as API Gateway hands it over (payload format 2.0).
fn event(path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "board.example", "accept": "*/*"},
        "requestContext": {
            "apiId": "api-id",
            "domainName": "board.example",
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
            "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    })
}

/// When the first answer came, and what it was.
type Answered = Arc<Mutex<Option<oneshot::Sender<(Instant, Bytes)>>>>;

/// The two calls of the runtime API that matter
/// (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): one invocation, and its answer.
async fn runtime_api(
    listener: TcpListener,
    event: String,
    answered: oneshot::Sender<(Instant, Bytes)>,
) -> std::io::Result<()> {
    let (event, answered) = (
        Arc::new(Mutex::new(Some(event))),
        Answered::new(Mutex::new(Some(answered))),
    );
    loop {
        let (stream, _) = listener.accept().await?;
        let (event, answered) = (event.clone(), answered.clone());
        let service = service_fn(move |request| call(request, event.clone(), answered.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn call(
    request: Request<Incoming>,
    event: Arc<Mutex<Option<String>>>,
    answered: Answered,
) -> anyhow::Result<Response<Full<Bytes>>> {
    if request.method() == Method::GET {
        let next = event.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(next) = next else {
            // There is no second invocation.
            sleep(PATIENCE).await;
            bail!("enough waited");
        };
        let response = Response::builder()
            .header("lambda-runtime-aws-request-id", "first")
            .header("lambda-runtime-deadline-ms", "4102444800000")
            .header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:sa-east-1:123456789012:function:cold",
            );
        return Ok(response.body(Full::from(next))?);
    }
    let now = Instant::now();
    let body = request.into_body().collect().await?.to_bytes();
    let waiting = answered
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(waiting) = waiting {
        // Nobody waits any more for a late one.
        let _ = waiting.send((now, body));
    }
    let response = Response::builder().status(StatusCode::ACCEPTED);
    Ok(response.body(Full::default())?)
}
