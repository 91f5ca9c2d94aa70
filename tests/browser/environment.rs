//! What the visits need: a running board, a driver of browsers, and one browser at a time.

use std::{
    cell::RefCell,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    board::Board,
    visitor::{Scripts, Visitor},
};

/// Opens the operator's page.
pub(crate) const ADMIN_TOKEN: &str = "operator-of-the-tests";
const SETTINGS: &[(&str, &str)] = &[
    ("RATE_LIMITS", "off"),
    // Nobody types as fast as a driven browser.
    ("FORM_MIN_SECONDS", "0"),
    ("ADMIN_TOKEN", ADMIN_TOKEN),
];

/// A board, and a driver of the browser that visits it.
pub(crate) struct Stage {
    pub(crate) board: Board,
    driver: Driver,
    /// The browser that is open.
    open: RefCell<Option<Client>>,
}

/// What a publisher keeps.
pub(crate) struct Published {
    pub(crate) id: i64,
    pub(crate) token: String,
}

/// Whether it is a failure where there is no browser.
pub(crate) fn is_required() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the tests says whether all of them are wanted"
    )]
    std::env::var("CI").is_ok_and(|value| value == "true")
}

impl Stage {
    /// Starts everything, or says what is missing on this machine.
    pub(crate) fn set() -> Result<Self, String> {
        for program in ["chromium", "chromedriver"] {
            Command::new(program)
                .arg("--version")
                .output()
                .map_err(|error| format!("{program} does not run: {error}"))?;
        }
        Ok(Self {
            board: Board::start(SETTINGS),
            driver: Driver::start(),
            open: RefCell::default(),
        })
    }

    /// Opens a browser that has never been here.
    pub(crate) async fn visitor(&self, scripts: Scripts) -> Visitor<'_> {
        self.clear().await;
        let client = self.driver.open(scripts).await;
        self.open.replace(Some(client.clone()));
        Visitor::new(self, client, scripts).await
    }

    /// Closes the browser that is open.
    pub(crate) async fn clear(&self) {
        if let Some(client) = self.open.take() {
            client.close().await.unwrap();
        }
    }

    /// Says where the test that failed was.
    pub(crate) async fn describe(&self, test: &str) {
        let Some(client) = self.open.borrow().clone() else {
            return;
        };
        if let Ok(url) = client.current_url().await {
            eprintln!("browser: it was at {url}");
        }
        if let Ok(picture) = client.screenshot().await {
            let file = tmp(&format!("{}.png", test.replace([' ', ','], "-")));
            fs::write(&file, picture).unwrap();
            eprintln!("browser: it saw {}", file.display());
        }
    }

    /// The address of this path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.board.port)
    }

    /// Publishes an event through the API; what it does not say is made up.
    pub(crate) fn publish(&self, event: &Value) -> Published {
        let mut whole = json!({"date": "2090-03-18T19:00", "location": "Recife - PE"});
        for (name, value) in event.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let answer = self
            .board
            .ask("POST", "/api/events/", &[], &whole.to_string());
        let (status, event) = answer.unwrap();
        assert_eq!(status, 201, "{event}");
        Published {
            id: event["id"].as_i64().unwrap(),
            token: event["edit_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Changes an event through the API.
    pub(crate) fn change(&self, token: &str, change: &Value) {
        let path = format!("/api/events/by-token/{token}");
        let answer = self.board.ask("PATCH", &path, &[], &change.to_string());
        let (status, event) = answer.unwrap();
        assert_eq!(status, 200, "{event}");
    }
}

/// A place for what a run leaves behind.
pub(crate) fn tmp(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A chromedriver.
struct Driver {
    process: Child,
    port: String,
    profiles: PathBuf,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            // Fields for dates read what is typed in the order of this language.
            .envs([("LANGUAGE", "en_US"), ("LC_ALL", "C.UTF-8")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let port = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                Some(port.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        let profiles = tmp(&format!("profiles-{}", std::process::id()));
        Self {
            process,
            port,
            profiles,
        }
    }

    async fn open(&self, scripts: Scripts) -> Client {
        let _ = fs::remove_dir_all(&self.profiles);
        let profile = format!("--user-data-dir={}", self.profiles.display());
        let arguments = [
            "--headless=new",
            // Chromium's sandbox refuses root.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,800",
            &profile,
        ];
        let mut preferences = json!({"intl.accept_languages": "pt-BR"});
        if scripts == Scripts::Blocked {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let Value::Object(capabilities) = json!({
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": preferences,
                "perfLoggingPrefs": {"enableNetwork": true, "enablePage": false},
            },
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }) else {
            unreachable!()
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profiles);
    }
}
