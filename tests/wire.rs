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
pub(crate) enum Mood {
    /// It leads there.
    Open,
    /// It takes connections and forgets them, those it has as well.
    Silent,
    /// It takes no connections, and closes those it has.
    Refusing,
    /// It resets every connection.
    Resetting,
}

/// A way of a database's own, over TCP.
pub(crate) struct Wire {
    pub(crate) url: DatabaseUrl,
    mood: watch::Sender<Mood>,
}

impl Wire {
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
        let (mood, felt) = watch::channel(Mood::Open);
        tokio::spawn(lead(listener, socket, felt));
        Self {
            url: DatabaseUrl::parse(&url).unwrap(),
            mood,
        }
    }

    pub(crate) fn becomes(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }
}

async fn lead(mut listener: TcpListener, socket: PathBuf, mut mood: watch::Receiver<Mood>) {
    let address = listener.local_addr().unwrap();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (near, _) = accepted.unwrap();
                tokio::spawn(carry(near, socket.clone(), mood.clone()));
            }
            changed = mood.changed() => if changed.is_err() { return },
        }
        if *mood.borrow() == Mood::Refusing {
            drop(listener);
            if mood.wait_for(|mood| *mood != Mood::Refusing).await.is_err() {
                return;
            }
            listener = TcpListener::bind(address).await.unwrap();
        }
    }
}

async fn carry(mut near: TcpStream, socket: PathBuf, mut mood: watch::Receiver<Mood>) {
    let mut far = UnixStream::connect(socket).await.unwrap();
    let changed = tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far), if *mood.borrow() == Mood::Open => return,
        changed = mood.wait_for(|mood| *mood != Mood::Open) => changed.map(|mood| *mood),
    };
    match changed {
        // Nobody tells either end, not even when the way is open again.
        Ok(Mood::Silent) => std::future::pending().await,
        Ok(Mood::Resetting) => near.set_zero_linger().unwrap(),
        Ok(Mood::Open | Mood::Refusing) | Err(_) => {}
    }
}
