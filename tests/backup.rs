//! Tests of the scripts `k8s/backup` and `k8s/restore`: a site is restored from a backup on another server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use http::Method;
use local_server::cluster::{Cluster, Options};
use serde_json::json;
use shared::{
    config::{DatabaseUrl, Settings},
    store::migrations,
};

use crate::{
    client::request,
    database::{Database, default_timezone},
    programs,
    site::{NOW, Site, event},
};

/// Checks whether backups can be tested on this machine. The major version of `pg_dump` and `pg_restore` must be the
/// server's: an older `pg_dump` refuses the server, and a newer `pg_restore` sets parameters that the server does not
/// have.
///
/// # Errors
/// Returns the reason why backups cannot be tested.
async fn check_clients(database: &Database) -> Result<(), String> {
    let connection = database.connect().await;
    let row = connection.query_one("show server_version", &[]);
    let server = programs::major(row.await.unwrap().get(0));
    programs::version("psql", &["--version"])?;
    for program in ["pg_dump", "pg_restore"] {
        let client = programs::version(program, &["--version"])?;
        if programs::major(&client) != server {
            let server = server.unwrap_or_default();
            return Err(format!(
                "{} does not fit PostgreSQL {server}",
                client.trim()
            ));
        }
    }
    Ok(())
}

/// Starts another private PostgreSQL, with an empty database, in `folder`.
async fn empty_cluster(folder: &Path) -> Cluster {
    let settings = Settings::from_environment().unwrap();
    let cluster = Cluster::open(Options {
        data_dir: folder.to_owned(),
        pg_bin: settings.pg_bin,
        path: settings.path,
        node_modules: local_server::database::node_modules(),
        durable: false,
    });
    cluster.await.unwrap()
}

fn run(script: &str, url: &str, file: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../k8s")
        .join(script);
    let run = Command::new(script)
        .arg(file)
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    eprintln!("{}", String::from_utf8_lossy(&run.stderr));
    run
}

/// Returns the site's lists, export and search results, and the event with the edit token, as one text.
async fn responses(site: &Site, token: &str) -> String {
    let mut responses = String::new();
    for path in [
        "/",
        "/api/events/export",
        "/api/events/?q=sao+paulo",
        "/api/events/?technology=c%2B%2B",
        &format!("/api/events/by-token/{token}"),
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status, 200, "{path}");
        responses += &response.text();
    }
    responses
}

#[tokio::test]
async fn a_restored_site_responds_like_the_original() {
    let site = Site::new().await;
    if let Err(reason) = check_clients(&site.database).await {
        programs::report_skipped("backup and restore", &reason);
        return;
    }
    let changed = site.given(event("Changed").technologies(&["C++"])).await;
    let change = json!({"description": "Changed"});
    site.json(Method::PATCH, &changed.api_path(), &change).await;
    let deleted = site.given(event("Deleted")).await;
    site.send(request(Method::DELETE, &deleted.api_path()))
        .await;
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("backup-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("site.dump");

    let backup = run("backup", &site.database.url_text(), &file);
    assert!(backup.status.success());
    assert!(
        !run("backup", &site.database.url_text(), &file)
            .status
            .success(),
        "an existing backup is not overwritten"
    );
    let restore = run("restore", &site.database.url_text(), &file);
    assert!(
        !restore.status.success(),
        "a database with tables is not restored into"
    );

    let cluster = empty_cluster(&folder.join("data")).await;
    assert!(run("restore", cluster.url(), &file).status.success());
    let url = DatabaseUrl::parse(cluster.url()).unwrap();
    let applied = migrations::migrate(&url, default_timezone()).await.unwrap();
    assert_eq!(applied, Vec::<String>::new());
    let restored = Site::with_database(Database::external(url), NOW, &[]);

    assert_eq!(
        responses(&restored, &changed.token).await,
        responses(&site, &changed.token).await
    );
    let next = restored.given(event("Next")).await;
    assert!(next.id > deleted.id, "ids are not reused");
    drop(restored);
    cluster.close().await.unwrap();
    fs::remove_dir_all(&folder).unwrap();
}
