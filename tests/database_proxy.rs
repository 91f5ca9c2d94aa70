//! The way to a database, and what can happen to it.

use std::path::PathBuf;

use shared::config::DatabaseUrl;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};
use tokio_postgres::config::Host;

use crate::database::Database;

/// What the way does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyMode {
    /// It leads there.
    Forward,
    /// It takes connections and forgets them, those it has as well.
    Hang,
    /// It takes no connections, and closes those it has.
    Refuse,
    /// It resets every connection.
    Reset,
}

/// A way of a database's own, over TCP.
pub(crate) struct DatabaseProxy {
    pub(crate) url: DatabaseUrl,
    mood: watch::Sender<ProxyMode>,
}

impl DatabaseProxy {
    pub(crate) async fn to(database: &Database) -> Self {
        let connection = &database.url.connection;
        let Some(Host::Unix(folder)) = connection.get_hosts().first() else {
            unreachable!("the private PostgreSQL listens on a socket")
        };
        let port = connection.get_ports().first().unwrap_or(&5432);
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = listener.local_addr().unwrap();
        let (user, name) = (
            connection.get_user().unwrap(),
            connection.get_dbname().unwrap(),
        );
        let url = format!("postgresql://{user}@{near}/{name}?sslmode=disable");
        let (mood, felt) = watch::channel(ProxyMode::Forward);
        tokio::spawn(lead(listener, socket, felt));
        Self {
            url: DatabaseUrl::parse(&url).unwrap(),
            mood,
        }
    }

    pub(crate) fn set_mode(&self, mood: ProxyMode) {
        self.mood.send_replace(mood);
    }
}

async fn lead(mut listener: TcpListener, socket: PathBuf, mut mood: watch::Receiver<ProxyMode>) {
    let address = listener.local_addr().unwrap();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (near, _) = accepted.unwrap();
                tokio::spawn(carry(near, socket.clone(), mood.clone()));
            }
            changed = mood.changed() => if changed.is_err() { return },
        }
        if *mood.borrow() == ProxyMode::Refuse {
            drop(listener);
            if mood
                .wait_for(|mood| *mood != ProxyMode::Refuse)
                .await
                .is_err()
            {
                return;
            }
            listener = TcpListener::bind(address).await.unwrap();
        }
    }
}

async fn carry(mut near: TcpStream, socket: PathBuf, mut mood: watch::Receiver<ProxyMode>) {
    let mut far = UnixStream::connect(socket).await.unwrap();
    let changed = tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far), if *mood.borrow() == ProxyMode::Forward => return,
        changed = mood.wait_for(|mood| *mood != ProxyMode::Forward) => changed.map(|mood| *mood),
    };
    match changed {
        // Nobody tells either end, not even when the way is open again.
        Ok(ProxyMode::Hang) => std::future::pending().await,
        Ok(ProxyMode::Reset) => near.set_zero_linger().unwrap(),
        Ok(ProxyMode::Forward | ProxyMode::Refuse) | Err(_) => {}
    }
}
