//! Tests of the site behind `PgBouncer` in transaction mode, where each transaction may use another server connection.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures_util::future::join_all;
use http::Method;
use serde_json::json;
use shared::config::DatabaseUrl;
use tokio::{net::TcpStream, time::sleep};

use crate::{
    cache::{NOTIFIED_WITHIN, Replica, until},
    client::request,
    database::Database,
    database_proxy::DatabaseProxy,
    programs,
    site::{NOW, Site, event},
};

/// The number of server connections of `PgBouncer`, fewer than there are clients.
const CONNECTIONS: usize = 3;

/// A running `PgBouncer` in front of a database.
struct Pooler {
    process: Child,
    folder: PathBuf,
    url: String,
    _proxy: DatabaseProxy,
}

impl Pooler {
    /// Starts `PgBouncer` in front of `database`, or returns `None` if it does not run. `.ci/run` installs it.
    async fn before(database: &Database) -> Option<Self> {
        let paths = [
            "/usr/sbin/pgbouncer",
            "/usr/bin/pgbouncer",
            "/usr/local/bin/pgbouncer",
        ];
        let runs = |path: &&&str| programs::version(path, &["--version"]).is_ok();
        let Some(program) = paths.iter().find(runs) else {
            programs::report_skipped("PgBouncer", "pgbouncer is not installed or does not run");
            return None;
        };
        let proxy = DatabaseProxy::to(database).await;
        let database_port = proxy.url.connection.get_ports()[0];
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("pgbouncer-{port}"));
        fs::create_dir_all(&folder).unwrap();
        let name = database.url.connection.get_dbname().unwrap();
        let user = database.url.connection.get_user().unwrap();
        let settings = folder.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n{name} = host=127.0.0.1 port={database_port} user={user}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = transaction\ndefault_pool_size = {CONNECTIONS}\n"
        );
        fs::write(&settings, text).unwrap();
        let mut command = Command::new(program);
        // PgBouncer refuses to run as root.
        if is_root() {
            command.args(["-u", "nobody"]);
        }
        let process = command
            .arg(&settings)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pooler = Self {
            process,
            folder,
            url: format!("postgresql://{user}@127.0.0.1:{port}/{name}?sslmode=disable"),
            _proxy: proxy,
        };
        until(async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        Some(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

#[tokio::test]
async fn many_concurrent_clients_share_few_server_connections() {
    let mut database = Database::migrated().await;
    let Some(pooler) = Pooler::before(&database).await else {
        return;
    };
    database.url = DatabaseUrl::parse(&pooler.url).unwrap();
    let site = Site::with_database(
        database,
        NOW,
        &[
            ("DATABASE_STATEMENTS", "unprepared"),
            ("RATE_LIMITS", "off"),
        ],
    );
    let clients = (0..40).map(async |number| {
        let title = format!("Encontro {number}");
        let meetup = site.given(event(&title).technologies(&["Rust"])).await;
        let path = meetup.api_path();
        let change = json!({"title": format!("{title}, mudado")});
        assert_eq!(site.json(Method::PATCH, &path, &change).await.status, 200);
        for read in [
            "/",
            "/?q=mudado",
            "/api/events/?technology=rust&limit=5",
            &format!("/events/{}", meetup.id),
        ] {
            assert_eq!(site.get(read).await.status, 200, "{read}");
        }
        if number % 2 == 0 {
            assert_eq!(site.send(request(Method::DELETE, &path)).await.status, 204);
        }
    });
    join_all(clients).await;
    assert_eq!(site.titles("q=mudado&limit=100").await.len(), 20);
}

#[tokio::test]
async fn replicas_receive_notifications_with_a_direct_listen_url() {
    let database = Database::migrated().await;
    let Some(pooler) = Pooler::before(&database).await else {
        return;
    };
    let direct = database.url_text();
    let pooled = [
        ("DATABASE_URL", pooler.url.as_str()),
        ("DATABASE_STATEMENTS", "unprepared"),
    ];
    let with_listen_url = [&pooled[..], &[("DATABASE_LISTEN_URL", direct.as_str())]].concat();
    let (one, other) = (
        Replica::with_settings(&with_listen_url).await,
        Replica::with_settings(&with_listen_url).await,
    );
    let not_listening = Replica::with_settings(&pooled).await;
    let meetup = one.client.given(event("0")).await;
    sleep(Duration::from_millis(300)).await;
    for title in ["1", "2", "3"] {
        for replica in [&other, &not_listening] {
            replica.shows(&meetup, title).await;
        }
        one.rename(&meetup, title).await;
        assert!(one.shows(&meetup, title).await);
        for replica in [&other, &not_listening] {
            let took = until(async || replica.shows(&meetup, title).await).await;
            assert!(
                took < NOTIFIED_WITHIN + Duration::from_millis(200),
                "{took:?}"
            );
        }
    }
}
