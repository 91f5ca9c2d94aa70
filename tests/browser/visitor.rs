//! A browser session: the actions of a visitor, and the errors that the browser logs.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use fantoccini::{
    Client, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    elements::Element,
    wd::WebDriverCompatibleCommand,
};
use http::Method;
use serde_json::{Value, json};
use tokio::time::sleep;
use url::{ParseError, Url};

use crate::{environment::Environment, server::TIMEOUT};

const PAGE_WITH_A_SCRIPT: &str = "data:text/html,<script>document.title = 'run'</script>";
/// A script that marks the current page, so that the next page is recognized by the missing mark.
const MARK: &str = "window.left = true";
const IS_NEXT_PAGE: &str = "return window.left !== true && document.readyState === 'complete'";

/// The ways in which a browser treats the JavaScript of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scripts {
    Run,
    Blocked,
}

/// A browser session with a profile of its own.
pub(crate) struct Visitor<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) client: Client,
    /// The number of fields that the visitor has filled in.
    pub(crate) typed: Cell<u32>,
    pub(crate) clicks: Cell<u32>,
    documents: RefCell<Vec<Document>>,
    /// The requests to other origins that pages of the site have sent.
    external_requests: RefCell<Vec<String>>,
}

/// A loaded page: its URL, and the browser's id of the request for it.
struct Document {
    url: String,
    request: Value,
}

impl<'a> Visitor<'a> {
    pub(crate) async fn new(
        environment: &'a Environment,
        client: Client,
        scripts: Scripts,
    ) -> Self {
        let visitor = Self {
            environment,
            client,
            typed: Cell::default(),
            clicks: Cell::default(),
            documents: RefCell::default(),
            external_requests: RefCell::default(),
        };
        visitor.client.goto(PAGE_WITH_A_SCRIPT).await.unwrap();
        let runs = visitor.client.title().await.unwrap() == "run";
        assert_eq!(runs, scripts == Scripts::Run);
        // Discards what was logged before the first visit.
        visitor.drain_log("performance").await;
        visitor.drain_log("browser").await;
        visitor
    }

    /// Opens the page at `path`.
    pub(crate) async fn goto(&self, path: &str) {
        let url = self.environment.url(path);
        self.client.goto(&url).await.unwrap();
    }

    /// Returns the path of the current page.
    pub(crate) async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.path().to_owned()
    }

    /// Returns the HTTP status of the current page.
    pub(crate) async fn status(&self) -> u64 {
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        self.evaluate(script).await.as_u64().unwrap()
    }

    /// Returns the visible text of the current page, and the values of its fields.
    pub(crate) async fn text(&self) -> String {
        let script = "return document.querySelector('main').innerText + '\\n' + \
             [...document.querySelectorAll('main :is(input, textarea)')].map((field) => field.value).join('\\n')";
        self.evaluate(script).await.as_str().unwrap().to_owned()
    }

    /// Runs `script` in the current page and returns its result, even if the page's own scripts are blocked.
    pub(crate) async fn evaluate(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Returns whether the focused element matches the CSS selector.
    pub(crate) async fn has_focus(&self, selector: &str) -> bool {
        let script = "return document.activeElement.matches(arguments[0])";
        let arguments = vec![json!(selector)];
        self.client.execute(script, arguments).await.unwrap() == json!(true)
    }

    /// Returns the first visible element that matches `locator`, a CSS selector or an `XPath`.
    pub(crate) async fn find(&self, locator: &str) -> Element {
        self.try_find(locator)
            .await
            .unwrap_or_else(|| panic!("no visible element matches {locator}"))
    }

    async fn try_find(&self, locator: &str) -> Option<Element> {
        let search = if locator.starts_with("//") {
            Locator::XPath(locator)
        } else {
            Locator::Css(locator)
        };
        for element in self.client.find_all(search).await.unwrap() {
            if element.is_displayed().await.unwrap() {
                return Some(element);
            }
        }
        None
    }

    /// Clicks the element that matches `locator` and waits for the next page.
    pub(crate) async fn follow(&self, locator: &str) {
        self.navigate_by(self.click(locator)).await;
    }

    pub(crate) async fn click(&self, locator: &str) {
        self.clicks.set(self.clicks.get() + 1);
        self.find(locator).await.click().await.unwrap();
    }

    /// Submits the form that contains the field named `field` and waits for the next page.
    pub(crate) async fn submit(&self, field: &str) {
        self.follow(&format!(
            "//form[.//*[@name='{field}']]//button[@type='submit']"
        ))
        .await;
    }

    /// Performs `action` and waits for the next page.
    pub(crate) async fn navigate_by(&self, action: impl Future<Output = ()>) {
        self.evaluate(MARK).await;
        action.await;
        let begin = Instant::now();
        // Scripts fail while one page replaces another.
        while !matches!(
            self.client.execute(IS_NEXT_PAGE, Vec::new()).await,
            Ok(Value::Bool(true))
        ) {
            assert!(begin.elapsed() < TIMEOUT, "no next page within {TIMEOUT:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks the link that loads more events into the list, and waits for them.
    pub(crate) async fn load_more(&self) {
        let cards = "return document.querySelectorAll('main article').length";
        let before = self.evaluate(cards).await;
        self.click("main a[rel='next']").await;
        let begin = Instant::now();
        while self.evaluate(cards).await == before {
            assert!(
                begin.elapsed() < TIMEOUT,
                "no more events within {TIMEOUT:?}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Replaces the value of the field called `name`, and opens the `details` element around the field if necessary.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        self.typed.set(self.typed.get() + 1);
        let field = format!("main [name='{name}']");
        if self.try_find(&field).await.is_none() {
            self.click(&format!("//details[.//*[@name='{name}']]/summary"))
                .await;
        }
        let field = self.find(&field).await;
        if field.tag_name().await.unwrap() == "select" {
            field.select_by_value(text).await.unwrap();
            return;
        }
        field.clear().await.unwrap();
        let keys = if field.prop("type").await.unwrap().as_deref() == Some("datetime-local") {
            keys_of_date(text)
        } else {
            text.to_owned()
        };
        field.send_keys(&keys).await.unwrap();
        assert_eq!(self.value(name).await, text);
    }

    /// Returns the value of the field called `name`.
    pub(crate) async fn value(&self, name: &str) -> String {
        let search = format!("main [name='{name}']");
        let field = self.client.find(Locator::Css(&search)).await.unwrap();
        field.prop("value").await.unwrap().unwrap()
    }

    /// Presses the keys one after another, with the focused element as their target.
    pub(crate) async fn press(&self, keys: &str) {
        let actions =
            keys.chars()
                .fold(KeyActions::new("keyboard".to_owned()), |actions, value| {
                    actions
                        .then(KeyAction::Down { value })
                        .then(KeyAction::Up { value })
                });
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Sends a command of the Chrome debugging protocol (<https://chromedevtools.github.io/devtools-protocol/>).
    pub(crate) async fn command(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.issue("goog/cdp/execute", body).await
    }

    /// Returns the HTML source of the current page, as the server sent it.
    pub(crate) async fn source(&self) -> String {
        self.read_network_log().await;
        let url = self.client.current_url().await.unwrap();
        let request = {
            let documents = self.documents.borrow();
            let last = documents.last().unwrap();
            assert_eq!(last.url, url.as_str(), "the last document is another page");
            last.request.clone()
        };
        let body = self
            .command("Network.getResponseBody", json!({"requestId": request}))
            .await;
        body["body"].as_str().unwrap().to_owned()
    }

    /// Panics if the browser logged an error or requested another origin.
    pub(crate) async fn assert_no_errors(&self) {
        let errors = self.errors().await;
        assert!(errors.is_empty(), "{errors:#?}");
    }

    /// Returns the errors that the browser has logged, and its requests to other origins.
    pub(crate) async fn errors(&self) -> Vec<String> {
        self.read_network_log().await;
        let entries = self.drain_log("browser").await.into_iter();
        entries
            .filter(|entry| !self.is_expected_status(entry))
            .map(|entry| entry["message"].as_str().unwrap().to_owned())
            .chain(self.external_requests.take())
            .collect()
    }

    /// Returns whether a log entry reports an error status of a visited page that the tests expect, such as 404.
    fn is_expected_status(&self, entry: &Value) -> bool {
        let message = entry["message"].as_str().unwrap();
        let documents = self.documents.borrow();
        let mut statuses = ["403", "404", "409", "422"].iter();
        documents
            .iter()
            .any(|document| message.starts_with(&format!("{} - ", document.url)))
            && statuses.any(|status| message.contains(&format!("with a status of {status} ")))
    }

    async fn read_network_log(&self) {
        for entry in self.drain_log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let (method, event) = (&message["message"]["method"], &message["message"]["params"]);
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let ours = |url: &Value| text(url).starts_with(&self.environment.url("/"));
            match method.as_str() {
                Some("Network.requestWillBeSent") if ours(&event["documentURL"]) => {
                    let url = &event["request"]["url"];
                    if !ours(url) && !text(url).starts_with("data:") {
                        let external = format!("{} requests {url}", event["documentURL"]);
                        self.external_requests.borrow_mut().push(external);
                    }
                }
                Some("Network.responseReceived") if event["type"] == "Document" => {
                    self.documents.borrow_mut().push(Document {
                        url: text(&event["response"]["url"]),
                        request: event["requestId"].clone(),
                    });
                }
                _ => {}
            }
        }
    }

    /// Returns the entries of the named log since the last call.
    async fn drain_log(&self, log: &str) -> Vec<Value> {
        match self.issue("se/log", json!({"type": log})).await {
            Value::Array(entries) => entries,
            other => panic!("no log: {other}"),
        }
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Command { path, body }).await.unwrap()
    }
}

/// Returns the keys that fill in a date field, in the order of chromedriver's language.
pub(crate) fn keys_of_date(date: &str) -> String {
    let parts: Vec<&str> = date.split(['-', 'T', ':']).collect();
    let [year, month, day, hour, minute] = parts[..] else {
        panic!("{date} is not a date with a time")
    };
    let hour: u8 = hour.parse().unwrap();
    let (twelve, half) = ((hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" });
    // After the fourth digit of the year the focus moves on automatically, since the field accepts no later year.
    format!("{month}{day}{year}{twelve:02}{minute}{half}")
}

/// A command that only chromedriver has, with its path and JSON body.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
