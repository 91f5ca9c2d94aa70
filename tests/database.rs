//! Creates a database for each test, on one private PostgreSQL that the whole test run shares.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use local_server::cluster::{Cluster, Options};
use shared::{
    config::{DatabaseUrl, Settings},
    store::migrations,
};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

use crate::database_proxy::DatabaseProxy;

const TEMPLATE: &str = "migrated";

/// The private PostgreSQL that the whole test run shares.
struct Server {
    cluster: Cluster,
    /// A process that stops PostgreSQL when the test process ends, even if that is killed.
    _watcher: Child,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

async fn server() -> &'static Server {
    SERVER.get_or_init(start).await
}

async fn start() -> Server {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("postgresql-{}", std::process::id()));
    let settings =
        Settings::from_environment().expect("the environment of the tests has valid settings");
    let cluster = Cluster::open(Options {
        data_dir: folder.clone(),
        pg_bin: settings.pg_bin,
        path: settings.path,
        node_modules: local_server::database::node_modules(),
        durable: false,
    })
    .await
    .expect("a private PostgreSQL starts");
    // Statics are never dropped, but this pipe closes when the process ends.
    let watcher = Command::new("sh")
        .args([
            "-c",
            r#"cat; kill -INT "$(head -n 1 "$0/pg/postmaster.pid")" && sleep 2; rm -rf "$0""#,
        ])
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs");

    let server = Server {
        cluster,
        _watcher: watcher,
    };
    let admin = server.connect("postgres").await;
    admin
        .batch_execute(&format!("create database {TEMPLATE}"))
        .await
        .unwrap();
    migrations::migrate(&server.url(TEMPLATE), default_timezone())
        .await
        .unwrap();
    server
}

/// Returns the default time zone of the sites in the tests.
pub(crate) fn default_timezone() -> shared::Tz {
    shared::Tz::America__Sao_Paulo
}

impl Server {
    fn url(&self, database: &str) -> DatabaseUrl {
        let mut url = DatabaseUrl::parse(self.cluster.url()).unwrap();
        url.connection.dbname(database);
        url
    }

    async fn connect(&self, database: &str) -> Client {
        let (client, connection) = self.url(database).connection.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

/// A database for a test; dropping the value drops the database.
pub(crate) struct Database {
    name: String,
    pub(crate) url: DatabaseUrl,
}

impl Database {
    /// Returns the same database with a URL that leads through `proxy`.
    pub(crate) fn through(mut self, proxy: &DatabaseProxy) -> Self {
        self.url = proxy.url.clone();
        self
    }

    /// Wraps the URL of a database on another server, which is not dropped.
    pub(crate) fn external(url: DatabaseUrl) -> Self {
        Self {
            name: String::new(),
            url,
        }
    }

    /// Returns the URL of the database as text, for `psql` and the setting `DATABASE_URL`.
    pub(crate) fn url_text(&self) -> String {
        let server = SERVER
            .get()
            .expect("the database is on the server of this run")
            .cluster
            .url();
        server.replace("/encontros_tech?", &format!("/{}?", self.name))
    }

    /// Creates a database to which every migration is applied.
    pub(crate) async fn migrated() -> Self {
        Self::create(&format!("template {TEMPLATE} strategy wal_log")).await
    }

    /// Creates an empty database, without any migration.
    pub(crate) async fn empty() -> Self {
        Self::create("").await
    }

    async fn create(options: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = server().await;
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = server.connect("postgres").await;
        admin
            .batch_execute(&format!("create database {name} {options}"))
            .await
            .unwrap();
        Self {
            url: server.url(&name),
            name,
        }
    }

    /// Opens a connection to the database, apart from the site's pool.
    pub(crate) async fn connect(&self) -> Client {
        server().await.connect(&self.name).await
    }

    /// Allows connections, or refuses new ones and closes the open ones, as if the database were down.
    pub(crate) async fn allow_connections(&self, allowed: bool) {
        let admin = server().await.connect("postgres").await;
        let name = &self.name;
        admin
            .batch_execute(&format!(
                "alter database {name} allow_connections {allowed}"
            ))
            .await
            .unwrap();
        if !allowed {
            let terminate =
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
            admin.execute(terminate, &[name]).await.unwrap();
        }
    }

    /// Returns every row of every table, as text.
    pub(crate) async fn dump(&self) -> String {
        let client = self.connect().await;
        let tables = "select table_schema || '.' || quote_ident(table_name) from information_schema.tables \
                      where table_schema not in ('pg_catalog', 'information_schema')";
        let mut dump = String::new();
        for table in client.query(tables, &[]).await.unwrap() {
            let table: String = table.get(0);
            for row in client
                .query(&format!("select t::text from {table} as t"), &[])
                .await
                .unwrap()
            {
                dump.push_str(row.get(0));
                dump.push('\n');
            }
        }
        dump
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(server) = SERVER.get().filter(|_| !self.name.is_empty()) else {
            return;
        };
        let (name, url) = (self.name.clone(), server.url("postgres"));
        // The test's runtime may be shutting down, so this needs another one.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let (client, connection) = url.connection.connect(NoTls).await.unwrap();
                tokio::spawn(connection);
                client
                    .batch_execute(&format!("drop database {name} with (force)"))
                    .await
            })
        });
        let _ = dropped.join();
    }
}
