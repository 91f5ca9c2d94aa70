//! A TCP proxy between the site and the database of a test, which simulates network failures.

use std::path::PathBuf;

use shared::config::DatabaseUrl;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};
use tokio_postgres::config::Host;

use crate::database::Database;

/// The ways in which the proxy treats connections to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyMode {
    /// Forwards all connections.
    Forward,
    /// Accepts new connections, but transfers no more bytes on any connection, new or open.
    Hang,
    /// Refuses new connections and closes the open ones.
    Refuse,
    /// Resets every connection.
    Reset,
}

/// A running TCP proxy in front of the database of a test.
pub(crate) struct DatabaseProxy {
    pub(crate) url: DatabaseUrl,
    mode: watch::Sender<ProxyMode>,
}

impl DatabaseProxy {
    /// Starts a proxy that forwards connections to `database`.
    pub(crate) async fn to(database: &Database) -> Self {
        let connection = &database.url.connection;
        let Some(Host::Unix(folder)) = connection.get_hosts().first() else {
            unreachable!("the private PostgreSQL listens on a socket")
        };
        let port = connection.get_ports().first().unwrap_or(&5432);
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (user, name) = (
            connection.get_user().unwrap(),
            connection.get_dbname().unwrap(),
        );
        let url = format!("postgresql://{user}@{address}/{name}?sslmode=disable");
        let (mode, receiver) = watch::channel(ProxyMode::Forward);
        tokio::spawn(accept(listener, socket, receiver));
        Self {
            url: DatabaseUrl::parse(&url).unwrap(),
            mode,
        }
    }

    pub(crate) fn set_mode(&self, mode: ProxyMode) {
        self.mode.send_replace(mode);
    }
}

async fn accept(mut listener: TcpListener, socket: PathBuf, mut mode: watch::Receiver<ProxyMode>) {
    let address = listener.local_addr().unwrap();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (client, _) = accepted.unwrap();
                tokio::spawn(forward(client, socket.clone(), mode.clone()));
            }
            changed = mode.changed() => if changed.is_err() { return },
        }
        if *mode.borrow() == ProxyMode::Refuse {
            drop(listener);
            if mode
                .wait_for(|mode| *mode != ProxyMode::Refuse)
                .await
                .is_err()
            {
                return;
            }
            listener = TcpListener::bind(address).await.unwrap();
        }
    }
}

async fn forward(mut client: TcpStream, socket: PathBuf, mut mode: watch::Receiver<ProxyMode>) {
    let mut server = UnixStream::connect(socket).await.unwrap();
    let changed = tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server), if *mode.borrow() == ProxyMode::Forward => return,
        changed = mode.wait_for(|mode| *mode != ProxyMode::Forward) => changed.map(|mode| *mode),
    };
    match changed {
        // Neither end is notified, even after the mode returns to `Forward`.
        Ok(ProxyMode::Hang) => std::future::pending().await,
        Ok(ProxyMode::Reset) => client.set_zero_linger().unwrap(),
        Ok(ProxyMode::Forward | ProxyMode::Refuse) | Err(_) => {}
    }
}
