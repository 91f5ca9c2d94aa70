//! `local-server healthcheck`: requests a health check from the server on the same machine. It is used in containers,
//! whose image contains no other HTTP client.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, ensure};
use http::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use shared::{config::Settings, routes::paths};
use tokio::{net::TcpStream, time::timeout};

/// Time limit of the health check, longer than the server needs to report that its database is unavailable.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Checks that the server on this machine at `PORT` responds with 200 to `/healthz` or, if `ready`, to `/readyz`.
///
/// # Errors
/// When the server responds with another status or not at all; the message is one line.
pub async fn check(settings: &Settings, ready: bool) -> anyhow::Result<()> {
    ensure!(
        settings.port != 0,
        "PORT is 0: the port that the server chose is not known"
    );
    let host = match settings.host {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let address = SocketAddr::new(host, settings.port);
    let path = if ready { paths::READYZ } else { paths::HEALTHZ };
    let status = timeout(TIMEOUT, status_of(address, path))
        .await
        .with_context(|| format!("http://{address}{path} does not answer"))?
        .with_context(|| format!("http://{address}{path} does not answer"))?;
    ensure!(
        status == StatusCode::OK,
        "http://{address}{path} responds with {status}"
    );
    Ok(())
}

async fn status_of(address: SocketAddr, path: &str) -> anyhow::Result<StatusCode> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(path)
        .header(header::HOST, address.to_string())
        .body(String::new())?;
    Ok(sender.send_request(request).await?.status())
}
