//! Serves the board over HTTP/1.1 until it is told to stop.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use shared::{
    app::App,
    config::Settings,
    http::middleware::Peer,
    http::{Client, Limits},
    store::migrations,
    telemetry::Metrics,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};

use crate::{Changes, Server, database, purge};

/// Longest head of a request, in bytes; a longer one is answered 431. More than any browser sends with all its cookies.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long a client may take to send a request's head, and a connection may stay idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long where the client holds many connections already.
const HURRIED_HEAD_TIMEOUT: Duration = Duration::from_secs(2);
/// How long requests under way may take to end after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more file descriptors for connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How often what has been counted is added up: at ten thousand requests a second it takes half a megabyte until then.
const ADDED_UP_EVERY: Duration = Duration::from_secs(5);
/// How often what has been kept long enough is removed for good.
const PURGE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Serves until SIGTERM or SIGINT, then lets requests under way end.
///
/// # Errors
/// When the port is taken, the database does not answer, or the private one does not start.
pub async fn serve(mut settings: Settings) -> anyhow::Result<()> {
    let address = SocketAddr::new(settings.host, settings.port);
    // Each connection is a file to the system, which at first allows few.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!(
            cause = error.to_string(),
            "The limit of open files stays as it is"
        );
    }
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let port = listener.local_addr()?.port();
    // From here on a first Ctrl-C stops the board in good order, even while PostgreSQL is still starting.
    let stop = stop_signal();

    let database = database::open(&settings).await?;
    database
        .close_after(async |database| {
            if database.is_private() {
                migrations::migrate(database.url(), settings.default_timezone).await?;
            }
            settings.database_url = Some(database.url().clone());
            let limits = settings.rate_limits.then(Arc::<Limits>::default);
            let app = App {
                limits,
                ..App::new(settings, Metrics::of_this_process()?)?
            };
            if migrations::is_current(&app.db).await.unwrap_or(false) {
                // Before the first visitor waits for it.
                app.facets.count(&app.db, app.clock.now());
            } else {
                tracing::warn!(
                    "A migration is missing: not ready until `local-server migrate` has run"
                );
            }

            let shown = match address.ip() {
                ip if ip.is_unspecified() => format!("localhost:{port}"),
                ip => SocketAddr::new(ip, port).to_string(),
            };
            tracing::info!("Listening on http://{shown}");
            let changes = Changes::new(&app.settings);
            let board = Server::new(&app, &changes);
            let answer = move |peer, request| {
                let board = board.clone();
                async move { board.answer(Some(peer), request).await }
            };
            tokio::select! {
                ended = accept(listener, &app, answer, stop) => ended,
                () = changes.listen(&app) => Ok(()),
                () = database.keep_running() => Ok(()),
                () = keep_purging(&app) => Ok(()),
                () = keep_adding_up(&app) => Ok(()),
            }
        })
        .await?;
    tracing::info!("Stopped");
    Ok(())
}

/// Answers what comes by this listener until `stop`, and then lets requests under way end.
///
/// # Errors
/// When nothing can tell it to stop.
pub async fn accept<F, Answer>(
    listener: TcpListener,
    app: &App,
    answer: F,
    stop: impl Future<Output = std::io::Result<()>>,
) -> anyhow::Result<()>
where
    F: Fn(Peer, Request) -> Answer + Clone + Send + 'static,
    Answer: Future<Output = Response> + Send + 'static,
{
    let connections = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(HEAD_BYTES_MAX);
    // A client that holds many connections is answered as fast as any other, but may not dawdle.
    let mut hurried = http.clone();
    hurried
        .header_read_timeout(HURRIED_HEAD_TIMEOUT)
        .keep_alive(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            stopped = &mut stop => break stopped?,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(cause = error.to_string(), "A connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Behind a proxy all connections are the proxy's.
        let limits = app
            .limits
            .as_ref()
            .filter(|_| app.settings.trusted_proxy_hops == 0);
        let counted = limits.map(|limits| limits.connection(Client::network(peer.ip())));
        let hurry = counted.as_ref().is_some_and(|counted| !counted.at_leisure);
        let http = if hurry { &hurried } else { &http };
        let (peer, answer) = (Peer(peer.ip()), answer.clone());
        let connection = serve_connection(stream, peer, http, &connections, answer);
        tokio::spawn(async move {
            connection.await;
            drop(counted);
        });
    }
    drop(listener);
    tracing::info!("Stopping: requests under way may end");
    if timeout(DRAIN_TIMEOUT, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("Some requests took too long and were cut off");
    }
    Ok(())
}

fn serve_connection<F, Answer>(
    stream: TcpStream,
    peer: Peer,
    http: &hyper::server::conn::http1::Builder,
    connections: &GracefulShutdown,
    answer: F,
) -> impl Future<Output = ()> + use<F, Answer>
where
    F: Fn(Peer, Request) -> Answer,
    Answer: Future<Output = Response>,
{
    // Answers are whole when they are sent: waiting to fill packets only delays their ends.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: http::Request<Incoming>| {
        let answered = answer(peer, request.map(Body::new));
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http.serve_connection(TokioIo::new(stream), answer);
    let connection = connections.watch(connection);
    async move {
        // A client that leaves or sends no HTTP is its own affair.
        let _ = connection.await;
    }
}

/// Adds up what has been counted, every few seconds; never ends.
async fn keep_adding_up(app: &App) {
    loop {
        sleep(ADDED_UP_EVERY).await;
        app.metrics.add_up();
    }
}

/// Removes for good what has been kept long enough, now and every hour; never ends.
async fn keep_purging(app: &App) {
    loop {
        if let Some(limits) = &app.limits {
            limits.forget();
        }
        if let Err(error) = purge::purge(&app.db, app.clock.now()).await {
            tracing::debug!(
                cause = error.to_string(),
                "What is past keeping could not be purged"
            );
        }
        sleep(PURGE_INTERVAL).await;
    }
}

/// Ends when the process is told to stop: SIGTERM, or SIGINT (Ctrl-C).
///
/// # Errors
/// When the system does not let the process listen for signals.
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
