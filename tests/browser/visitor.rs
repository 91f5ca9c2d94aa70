//! One who visits the board with a browser, and what the browser tells about it.

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

use crate::{board::PATIENCE, stage::Stage};

const PAGE_WITH_A_SCRIPT: &str = "data:text/html,<script>document.title = 'run'</script>";
/// Marks the page; the one that comes after it has no mark.
const MARK: &str = "window.seen = true";
const IS_ANOTHER: &str = "return window.seen !== true && document.readyState === 'complete'";

/// Whether the browser runs the pages' JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scripts {
    Run,
    Blocked,
}

/// Somebody with a browser of their own.
pub(crate) struct Visitor<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) client: Client,
    /// Fields typed into.
    pub(crate) typed: Cell<u32>,
    pub(crate) clicks: Cell<u32>,
    documents: RefCell<Vec<Document>>,
    /// Requests to somebody else.
    strangers: RefCell<Vec<String>>,
}

/// A page as it came over the wire.
struct Document {
    url: String,
    request: Value,
}

impl<'a> Visitor<'a> {
    pub(crate) async fn new(stage: &'a Stage, client: Client, scripts: Scripts) -> Self {
        let visitor = Self {
            stage,
            client,
            typed: Cell::default(),
            clicks: Cell::default(),
            documents: RefCell::default(),
            strangers: RefCell::default(),
        };
        visitor.client.goto(PAGE_WITH_A_SCRIPT).await.unwrap();
        let runs = visitor.client.title().await.unwrap() == "run";
        assert_eq!(runs, scripts == Scripts::Run);
        // What the browser did before anybody had gone anywhere.
        visitor.logged("performance").await;
        visitor.logged("browser").await;
        visitor
    }

    /// Goes where this path leads.
    pub(crate) async fn goto(&self, path: &str) {
        let address = self.stage.address(path);
        self.client.goto(&address).await.unwrap();
    }

    /// The path of the page.
    pub(crate) async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.path().to_owned()
    }

    /// The status the page came with.
    pub(crate) async fn status(&self) -> u64 {
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        self.ask(script).await.as_u64().unwrap()
    }

    /// The words a visitor reads, and what is typed in the fields.
    pub(crate) async fn words(&self) -> String {
        let script = "return document.querySelector('main').innerText + '\\n' + \
             [...document.querySelectorAll('main :is(input, textarea)')].map((field) => field.value).join('\\n')";
        self.ask(script).await.as_str().unwrap().to_owned()
    }

    /// What this expression says about the page; it is asked even where the page's own scripts are blocked.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Whether the element that has the focus is one that this selector finds.
    pub(crate) async fn is_on(&self, selector: &str) -> bool {
        let script = "return document.activeElement.matches(arguments[0])";
        let arguments = vec![json!(selector)];
        self.client.execute(script, arguments).await.unwrap() == json!(true)
    }

    /// The first thing to be seen that this selector or path finds.
    pub(crate) async fn find(&self, locator: &str) -> Element {
        self.try_find(locator)
            .await
            .unwrap_or_else(|| panic!("there is no {locator} to be seen"))
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

    /// Clicks on what leads to another page.
    pub(crate) async fn follow(&self, locator: &str) {
        self.turn(self.click(locator)).await;
    }

    pub(crate) async fn click(&self, locator: &str) {
        self.clicks.set(self.clicks.get() + 1);
        self.find(locator).await.click().await.unwrap();
    }

    /// Sends the form with this field.
    pub(crate) async fn submit(&self, field: &str) {
        self.follow(&format!(
            "//form[.//*[@name='{field}']]//button[@type='submit']"
        ))
        .await;
    }

    /// Does what leads to another page, and waits for it.
    pub(crate) async fn turn(&self, act: impl Future<Output = ()>) {
        self.ask(MARK).await;
        act.await;
        let begin = Instant::now();
        // Between two pages there may be none to ask.
        while !matches!(
            self.client.execute(IS_ANOTHER, Vec::new()).await,
            Ok(Value::Bool(true))
        ) {
            assert!(begin.elapsed() < PATIENCE, "no other page comes");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Has more events shown on the same page.
    pub(crate) async fn load_more(&self) {
        let cards = "return document.querySelectorAll('main article').length";
        let before = self.ask(cards).await;
        self.click("main a[rel='next']").await;
        let begin = Instant::now();
        while self.ask(cards).await == before {
            assert!(begin.elapsed() < PATIENCE, "no more events come");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Types into the field of this name, or chooses there, instead of what it held; it may be folded away.
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

    /// What the field of this name holds.
    pub(crate) async fn value(&self, name: &str) -> String {
        let search = format!("main [name='{name}']");
        let field = self.client.find(Locator::Css(&search)).await.unwrap();
        field.prop("value").await.unwrap().unwrap()
    }

    /// Presses these keys one after the other, wherever the focus is.
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

    /// Commands the browser by its own protocol.
    pub(crate) async fn command(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.issue("goog/cdp/execute", body).await
    }

    /// The page's source, as it came over the wire.
    pub(crate) async fn source(&self) -> String {
        self.read_network_log().await;
        let url = self.client.current_url().await.unwrap();
        let request = {
            let documents = self.documents.borrow();
            let last = documents.last().unwrap();
            assert_eq!(last.url, url.as_str(), "another page came last");
            last.request.clone()
        };
        let body = self
            .command("Network.getResponseBody", json!({"requestId": request}))
            .await;
        body["body"].as_str().unwrap().to_owned()
    }

    /// Holds that the browser had nothing to complain about, and asked nobody but the board.
    pub(crate) async fn had_no_trouble(&self) {
        let troubles = self.troubles().await;
        assert!(troubles.is_empty(), "{troubles:#?}");
    }

    /// What the browser complained about, and whom else it asked.
    pub(crate) async fn troubles(&self) -> Vec<String> {
        self.read_network_log().await;
        let complaints = self.logged("browser").await.into_iter();
        complaints
            .filter(|entry| !self.is_status_of_a_page(entry))
            .map(|entry| entry["message"].as_str().unwrap().to_owned())
            .chain(self.strangers.take())
            .collect()
    }

    /// Whether this is only about a page that is meant to come with the status of an error.
    fn is_status_of_a_page(&self, entry: &Value) -> bool {
        let message = entry["message"].as_str().unwrap();
        let documents = self.documents.borrow();
        let mut statuses = ["403", "404", "409", "422"].iter();
        documents
            .iter()
            .any(|document| message.starts_with(&format!("{} - ", document.url)))
            && statuses.any(|status| message.contains(&format!("with a status of {status} ")))
    }

    async fn read_network_log(&self) {
        for entry in self.logged("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let (method, event) = (&message["message"]["method"], &message["message"]["params"]);
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let ours = |url: &Value| text(url).starts_with(&self.stage.address("/"));
            match method.as_str() {
                Some("Network.requestWillBeSent") if ours(&event["documentURL"]) => {
                    let url = &event["request"]["url"];
                    if !ours(url) && !text(url).starts_with("data:") {
                        let stranger = format!("{} asks for {url}", event["documentURL"]);
                        self.strangers.borrow_mut().push(stranger);
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

    /// What was written to this log since it was read last.
    async fn logged(&self, log: &str) -> Vec<Value> {
        match self.issue("se/log", json!({"type": log})).await {
            Value::Array(entries) => entries,
            other => panic!("no log: {other}"),
        }
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Command { path, body }).await.unwrap()
    }
}

/// The keys that type a date into its field, in the order of the driver's language.
pub(crate) fn keys_of_date(date: &str) -> String {
    let parts: Vec<&str> = date.split(['-', 'T', ':']).collect();
    let [year, month, day, hour, minute] = parts[..] else {
        panic!("{date} is no date with a time")
    };
    let hour: u8 = hour.parse().unwrap();
    let (twelve, half) = ((hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" });
    // After the fourth digit of the year the field goes on by itself, since no later year is accepted.
    format!("{month}{day}{year}{twelve:02}{minute}{half}")
}

/// A command that only chromedriver knows.
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
