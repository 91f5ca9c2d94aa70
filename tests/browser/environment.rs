//! The environment of the browser tests: a running server, chromedriver, and one browser at a time.

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
    programs,
    server::ServerProcess,
    visitor::{Scripts, Visitor},
};

/// The password of the operator's page in the tests.
pub(crate) const ADMIN_TOKEN: &str = "operator-of-the-tests";
const SETTINGS: &[(&str, &str)] = &[
    ("RATE_LIMITS", "off"),
    // A driven browser fills in a form faster than a person.
    ("FORM_MIN_SECONDS", "0"),
    ("ADMIN_TOKEN", ADMIN_TOKEN),
];

/// The environment of the browser tests: a running server, chromedriver, and at most one browser.
pub(crate) struct Environment {
    pub(crate) server: ServerProcess,
    driver: Driver,
    /// The open browser, if there is one.
    browser: RefCell<Option<Client>>,
}

/// A published event, as its publisher receives it.
pub(crate) struct Published {
    pub(crate) id: i64,
    pub(crate) edit_token: String,
}

/// Returns whether a missing browser is a failure, as in CI, rather than a reason to skip the tests.
pub(crate) fn is_required() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "CI requires every test, which is not a setting of the site"
    )]
    std::env::var("CI").is_ok_and(|value| value == "true")
}

impl Environment {
    /// Starts the server and chromedriver.
    ///
    /// # Errors
    /// Returns what is missing on this machine.
    pub(crate) fn start() -> Result<Self, String> {
        let chromium = programs::version("chromium", &["--version"])?;
        let driver = programs::version("chromedriver", &["--version"])?;
        if programs::major(&chromium) != programs::major(&driver) {
            let (chromium, driver) = (chromium.trim(), driver.trim());
            return Err(format!("{driver} does not fit {chromium}"));
        }
        Ok(Self {
            server: ServerProcess::start(SETTINGS),
            driver: Driver::start(),
            browser: RefCell::default(),
        })
    }

    /// Closes the open browser, and opens another one with a new profile.
    pub(crate) async fn visitor(&self, scripts: Scripts) -> Visitor<'_> {
        self.close_browser().await;
        let client = self.driver.open(scripts).await;
        self.browser.replace(Some(client.clone()));
        Visitor::new(self, client, scripts).await
    }

    /// Closes the open browser, if there is one.
    pub(crate) async fn close_browser(&self) {
        if let Some(client) = self.browser.take() {
            client.close().await.unwrap();
        }
    }

    /// Prints the URL at which the named test failed, and saves a screenshot.
    pub(crate) async fn report_failure(&self, test: &str) {
        let Some(client) = self.browser.borrow().clone() else {
            return;
        };
        if let Ok(url) = client.current_url().await {
            eprintln!("browser: failed at {url}");
        }
        if let Ok(image) = client.screenshot().await {
            let file = tmp(&format!("{}.png", test.replace([' ', ','], "-")));
            fs::write(&file, image).unwrap();
            eprintln!("browser: screenshot in {}", file.display());
        }
    }

    /// Returns the URL of `path` on the server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.server.port)
    }

    /// Publishes an event through the API, with a default date and location.
    pub(crate) fn publish(&self, event: &Value) -> Published {
        let mut whole = json!({"date": "2090-03-18T19:00", "location": "Recife - PE"});
        for (name, value) in event.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let response = self
            .server
            .request("POST", "/api/events/", &[], &whole.to_string());
        let (status, event) = response.unwrap();
        assert_eq!(status, 201, "{event}");
        Published {
            id: event["id"].as_i64().unwrap(),
            edit_token: event["edit_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Changes the event with the edit token through the API.
    pub(crate) fn change(&self, edit_token: &str, change: &Value) {
        let path = format!("/api/events/by-token/{edit_token}");
        let response = self
            .server
            .request("PATCH", &path, &[], &change.to_string());
        let (status, event) = response.unwrap();
        assert_eq!(status, 200, "{event}");
    }
}

/// Returns the path for a temporary file of the browser tests.
pub(crate) fn tmp(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A running chromedriver process.
struct Driver {
    process: Child,
    port: String,
    profiles: PathBuf,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            // The language determines the order of the keys in date fields.
            .envs([("LANGUAGE", "en_US"), ("LC_ALL", "C.UTF-8")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                Some(port.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver prints its port");
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
            // Chromium's sandbox does not run as root.
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
