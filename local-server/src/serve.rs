//! Serves the site over HTTP/1.1 until SIGTERM or SIGINT.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use shared::{
    app::App,
    config::Settings,
    http::{Client, ConnectionGuard, Peer, RateLimits},
    store::migrations,
    telemetry::Metrics,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};

use crate::{
    Invalidation, Server,
    database::{self, Database},
    purge,
};

/// Maximum size of a request's head, in bytes: larger ones get 431. No browser sends as much, even with all its
/// cookies.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// The time that a client may take to send a request head, and that a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The shorter [`HEAD_TIMEOUT`] for clients that have too many open connections.
const SHORT_HEAD_TIMEOUT: Duration = Duration::from_secs(2);
/// The time that running requests may take after SIGTERM or SIGINT.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a connection could not be accepted, such as because of too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The interval at which the samples of histograms are aggregated. In that time, ten thousand requests per second use
/// half a megabyte.
const METRICS_UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
/// The interval at which expired data is deleted.
const PURGE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Serves the site until SIGTERM or SIGINT, then waits for running requests.
///
/// # Errors
/// When the port is in use, the database does not respond, or the private database does not start.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let address = SocketAddr::new(settings.host, settings.port);
    raise_limit_of_open_files();
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    // From here on, Ctrl-C stops the server gracefully, even while PostgreSQL is still starting.
    let stop = stop_signal();

    let database = database::open(&settings).await?;
    database
        .close_after(async |database| {
            let app = start_app(settings, database).await?;
            tracing::info!("Listening on {}", shown_url(&listener)?);
            let invalidation = Invalidation::new(&app.settings);
            let server = Server::new(&app, &invalidation);
            let respond = move |peer, request| {
                let server = server.clone();
                async move { server.respond(Some(peer), request).await }
            };
            tokio::select! {
                ended = accept(listener, &app, respond, stop) => ended,
                () = invalidation.run(&app) => Ok(()),
                () = database.keep_running() => Ok(()),
                () = purge_periodically(&app) => Ok(()),
                () = aggregate_metrics_periodically(&app) => Ok(()),
            }
        })
        .await?;
    tracing::info!("Stopped");
    Ok(())
}

/// Raises the limit of open files: each connection uses a file descriptor, and the default limit is low.
fn raise_limit_of_open_files() {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!(
            cause = error.to_string(),
            "Cannot raise the limit of open files"
        );
    }
}

/// Connects to `database` and returns the application's state. A private database, which the server itself runs, is
/// migrated first.
async fn start_app(mut settings: Settings, database: &Database) -> anyhow::Result<App> {
    if database.is_private() {
        migrations::migrate(database.url(), settings.default_timezone).await?;
    }
    settings.database_url = Some(database.url().clone());
    let rate_limits = settings.rate_limits.then(Arc::<RateLimits>::default);
    let app = App {
        rate_limits,
        ..App::new(settings, Metrics::of_this_process()?)?
    };
    if migrations::is_current(&app.db).await.unwrap_or(false) {
        // So that the first request does not wait for it.
        app.facets.start_count(&app.db, app.clock.now());
    } else {
        tracing::warn!("A migration is missing: not ready until `local-server migrate` has run");
    }
    Ok(app)
}

/// Returns the URL to open in a browser on the same machine.
fn shown_url(listener: &TcpListener) -> std::io::Result<String> {
    let address = listener.local_addr()?;
    Ok(match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{}", address.port()),
        _ => format!("http://{address}"),
    })
}

/// Accepts connections from `listener` until `stop` completes, then waits for running requests.
///
/// # Errors
/// When `stop` fails.
pub async fn accept<F, R>(
    listener: TcpListener,
    app: &App,
    respond: F,
    stop: impl Future<Output = std::io::Result<()>>,
) -> anyhow::Result<()>
where
    F: Fn(Peer, Request) -> R + Clone + Send + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    let connections = GracefulShutdown::new();
    let (keep_alive, without_keep_alive) = http_builders();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            stopped = &mut stop => break stopped?,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(cause = error.to_string(), "Cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let guard = count_connection(app, peer.ip());
        let may_keep_alive = guard.as_ref().is_none_or(|guard| guard.may_keep_alive);
        let http = if may_keep_alive {
            &keep_alive
        } else {
            &without_keep_alive
        };
        let (peer, respond) = (Peer(peer.ip()), respond.clone());
        let connection = serve_connection(stream, peer, http, &connections, respond);
        tokio::spawn(async move {
            connection.await;
            drop(guard);
        });
    }
    drop(listener);
    tracing::info!("Stopping: waiting for running requests");
    let drained = timeout(DRAIN_TIMEOUT, connections.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("Some requests were aborted after the timeout");
    }
    Ok(())
}

/// Returns two HTTP connection builders: the first with keep-alive, the second for clients with too many connections,
/// which get responses as fast as others, but whose connections may not be idle.
fn http_builders() -> (http1::Builder, http1::Builder) {
    let mut keep_alive = http1::Builder::new();
    keep_alive
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(HEAD_BYTES_MAX);
    let mut without_keep_alive = keep_alive.clone();
    without_keep_alive
        .header_read_timeout(SHORT_HEAD_TIMEOUT)
        .keep_alive(false);
    (keep_alive, without_keep_alive)
}

/// Counts the connection for the limit of its client, `peer`; `None` without rate limits, or behind a proxy, from which
/// all connections come.
fn count_connection(app: &App, peer: IpAddr) -> Option<ConnectionGuard> {
    let limits = app
        .rate_limits
        .as_ref()
        .filter(|_| app.settings.trusted_proxy_hops == 0)?;
    Some(limits.count_connection(Client::network(peer)))
}

fn serve_connection<F, R>(
    stream: TcpStream,
    peer: Peer,
    http: &http1::Builder,
    connections: &GracefulShutdown,
    respond: F,
) -> impl Future<Output = ()> + use<F, R>
where
    F: Fn(Peer, Request) -> R,
    R: Future<Output = Response>,
{
    // Each response is one write, whose last packet Nagle's algorithm would only delay.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let response = respond(peer, request.map(Body::new));
        async move { Ok::<_, Infallible>(response.await) }
    });
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    async move {
        // Errors of the client (a closed connection, not HTTP) are not logged.
        let _ = connection.await;
    }
}

/// Aggregates the samples of histograms periodically; never returns.
async fn aggregate_metrics_periodically(app: &App) {
    loop {
        sleep(METRICS_UPKEEP_INTERVAL).await;
        app.metrics.aggregate();
    }
}

/// Deletes expired data immediately and then every hour; never returns.
async fn purge_periodically(app: &App) {
    loop {
        if let Some(limits) = &app.rate_limits {
            limits.evict_idle_clients();
        }
        if let Err(error) = purge::purge(&app.db, app.clock.now()).await {
            tracing::debug!(cause = error.to_string(), "Cannot purge expired data");
        }
        sleep(PURGE_INTERVAL).await;
    }
}

/// Returns a future that completes at SIGTERM or SIGINT (Ctrl-C).
///
/// # Errors
/// When the process cannot handle the signals.
pub fn stop_signal() -> impl Future<Output = std::io::Result<()>> {
    let signals = signal(SignalKind::terminate())
        .and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    async move {
        let (mut terminate, mut interrupt) = signals?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    }
}
