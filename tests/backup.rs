//! `k8s/backup` and `k8s/restore`: what was kept comes back, in another place.

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
    database::{Database, chrono_tz},
    site::{NOW, Site, event},
};

/// A PostgreSQL of its own, with nothing in it.
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

/// Everything that the board tells, and what only its owner may see.
async fn told(site: &Site, token: &str) -> String {
    let mut told = String::new();
    for path in [
        "/",
        "/api/events/export",
        "/api/events/?q=sao+paulo",
        "/api/events/?technology=c%2B%2B",
        &format!("/api/events/by-token/{token}"),
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status, 200, "{path}");
        told += &response.text();
    }
    told
}

#[tokio::test]
async fn a_board_out_of_its_backup_answers_the_same() {
    if Command::new("pg_dump").arg("--version").output().is_err() {
        // On a clean machine .ci/run installs it.
        eprintln!("NOT REHEARSED: there is no pg_dump");
        return;
    }
    let site = Site::new().await;
    let kept = site.given(event("Kept").technologies(&["C++"])).await;
    let change = json!({"description": "Changed"});
    site.json(Method::PATCH, &kept.api_path(), &change).await;
    let deleted = site.given(event("Deleted")).await;
    site.send(request(Method::DELETE, &deleted.api_path()))
        .await;
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("backup-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("board.dump");

    let backup = run("backup", &site.database.text(), &file);
    assert!(backup.status.success());
    assert!(
        !run("backup", &site.database.text(), &file).status.success(),
        "none is overwritten"
    );
    let refused = run("restore", &site.database.text(), &file);
    assert!(!refused.status.success(), "a database in use is left alone");

    let cluster = empty_cluster(&folder.join("data")).await;
    assert!(run("restore", cluster.url(), &file).status.success());
    let url = DatabaseUrl::parse(cluster.url()).unwrap();
    let applied = migrations::migrate(&url, chrono_tz()).await.unwrap();
    assert_eq!(applied, Vec::<String>::new());
    let restored = Site::with_database(Database::elsewhere(url), NOW, &[]);

    assert_eq!(
        told(&restored, &kept.token).await,
        told(&site, &kept.token).await
    );
    let next = restored.given(event("Next")).await;
    assert!(next.id > deleted.id, "an id is never given twice");
    drop(restored);
    cluster.close().await.unwrap();
    fs::remove_dir_all(&folder).unwrap();
}
