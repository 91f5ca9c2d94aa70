//! `cargo run -p cold-start`: measures how long the Lambda functions take to start.
//!
//! Builds the functions as they are deployed, starts each several times against an emulated Lambda runtime API, and
//! prints a Markdown table with the time from the start of the process to the response to its first invocation, and its
//! memory. No database is used.

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

/// The number of starts of each function; the printed values are medians.
const STARTS: usize = 21;
/// The maximum time from the start of a function to its first response.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// The functions: the name of each, a path that it serves without a database, and the expected status.
const FUNCTIONS: [(&str, &str, u64); 11] = [
    ("empty-function", "/", 200),
    ("list", "/state/nothing", 404),
    ("detail", "/events/nothing", 404),
    ("create", "/events/new", 200),
    ("edit", "/events/nothing/edit", 404),
    ("feeds", "/oembed", 404),
    ("site", "/static/nothing", 404),
    ("admin", "/admin", 404),
    ("metrics", "/healthz", 200),
    ("docs", "/docs", 200),
    ("card", "/card.png", 200),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let binaries = build().await?;
    let mut measured: Vec<Vec<Start>> = FUNCTIONS.iter().map(|_| Vec::new()).collect();
    // Interleaved, so that changes in the load of the machine affect all functions alike.
    for _ in 0..=STARTS {
        for ((name, path, status), starts) in FUNCTIONS.iter().zip(&mut measured) {
            starts.push(start(&binaries.join(name), name, path, *status).await?);
        }
    }
    let mut table = String::from(
        "| function | size | start to response | ratio to the empty function | memory |\n|---|---|---|---|---|\n",
    );
    let mut empty = None;
    for ((name, ..), mut starts) in FUNCTIONS.iter().zip(measured) {
        // The first start reads the file from disk, the others from the page cache.
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
    #[expect(
        clippy::print_stdout,
        reason = "the table is the output of this program"
    )]
    {
        print!("{table}");
    }
    Ok(())
}

/// Builds the functions with the profile of the deployment, and returns the folder of the binaries.
async fn build() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let packages = [
        "list",
        "detail",
        "create",
        "edit",
        "feeds",
        "site",
        "admin",
        "metrics-function",
        "docs",
        "card",
        "cold-start",
    ];
    // Not `target/lambda`, where cargo-lambda creates a folder named like each function.
    let target = root.join("target/cold-start");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--bins", "--profile=lambda", "--target-dir"])
        .arg(&target)
        .args(packages.map(|package| format!("--package={package}")))
        .current_dir(&root)
        .status()
        .await?;
    ensure!(status.success(), "the functions do not compile");
    Ok(target.join("lambda"))
}

struct Start {
    seconds: f64,
    memory_kib: u64,
}

/// Starts a function, sends it a request for `path`, and measures until its response, which must have `status`.
async fn start(binary: &Path, name: &str, path: &str, status: u64) -> anyhow::Result<Start> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (responded, response) = oneshot::channel();
    let api = tokio::spawn(runtime_api(listener, event(path).to_string(), responded));

    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("DATABASE_URL", "postgresql://user@127.0.0.1:9/nothing")
        .stdout(Stdio::null())
        .kill_on_drop(true);
    let started = Instant::now();
    let mut process = command.spawn()?;
    let (responded_at, response) = timeout(START_TIMEOUT, response)
        .await
        .with_context(|| format!("{name} does not respond within {START_TIMEOUT:?}"))??;
    let memory_kib = peak_memory(process.id().context("the process has ended")?)?;
    process.kill().await?;
    api.abort();

    let response: Value = serde_json::from_slice(&response)?;
    if response["statusCode"] != status {
        bail!("{name} responds to {path} with {response}");
    }
    Ok(Start {
        seconds: (responded_at - started).as_secs_f64(),
        memory_kib,
    })
}

/// Returns the peak resident memory of the process with the id `process`, in KiB (`VmHWM`, see proc(5)).
fn peak_memory(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    Ok(digits.context("no VmHWM")?.parse()?)
}

/// Creates a GET request for `path` in the format in which API Gateway sends it (payload format 2.0).
fn event(path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "site.example", "accept": "*/*"},
        "requestContext": {
            "apiId": "api-id",
            "domainName": "site.example",
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
            "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    })
}

/// A channel for the first response of a function: the time at which it arrived, and its body.
type Responded = Arc<Mutex<Option<oneshot::Sender<(Instant, Bytes)>>>>;

/// Serves the two calls of Lambda's runtime API that a function needs
/// (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): one returns `event` as the next invocation, the
/// other receives the response.
async fn runtime_api(
    listener: TcpListener,
    event: String,
    responded: oneshot::Sender<(Instant, Bytes)>,
) -> std::io::Result<()> {
    let (event, responded) = (
        Arc::new(Mutex::new(Some(event))),
        Responded::new(Mutex::new(Some(responded))),
    );
    loop {
        let (stream, _) = listener.accept().await?;
        let (event, responded) = (event.clone(), responded.clone());
        let service = service_fn(move |request| call(request, event.clone(), responded.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn call(
    request: Request<Incoming>,
    event: Arc<Mutex<Option<String>>>,
    responded: Responded,
) -> anyhow::Result<Response<Full<Bytes>>> {
    if request.method() == Method::GET {
        let next = event.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(next) = next else {
            // There is no second invocation: the call blocks until the process is killed.
            sleep(START_TIMEOUT).await;
            bail!("no further invocation");
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
    let receiver = responded
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(receiver) = receiver {
        // Fails only after the timeout, when the receiver is gone.
        let _ = receiver.send((now, body));
    }
    let response = Response::builder().status(StatusCode::ACCEPTED);
    Ok(response.body(Full::default())?)
}
