//! Pages kept for a moment: what is the same for everybody is rendered and compressed once, and answered from memory until
//! an event changes, here or through another replica, or time makes it untrue; what no event changes, for an hour.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use metrics::Counter;
use quick_cache::{
    Weighter,
    sync::{Cache, EntryAction, EntryResult},
};
use shared::{
    app::App,
    http::{conditional, encoding, middleware::IncomingRequest, view},
    pages::ExpiresAt,
    query::QueryParams,
    routes::{self, Route},
    store::DEADLINE,
};
use tokio::time::timeout;
use tower::ServiceExt;

use crate::changes::Changes;

/// How long a page that tells events is kept at most: as long as a change can stay untold when the replica that made it dies
/// at once.
const KEPT: Duration = Duration::from_secs(5);
/// How long what no event changes.
const KEPT_LASTING: Duration = Duration::from_secs(60 * 60);
/// How long where replicas cannot be listened to.
const KEPT_UNTOLD: Duration = Duration::from_secs(1);
/// What a page takes beside its bytes, in bytes, as a full cache was seen to: the cache's own, and what memory is lost between.
const PAGE_OVERHEAD: usize = 1_800;
/// What is known of an address takes less.
const ADDRESS_OVERHEAD: usize = 300;
/// How long nobody waits for another after a fault, which may be gone the next moment.
const FAULT_PASSES: Duration = Duration::from_millis(150);
/// A page whose body is larger is not worth the place of many others, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Of how many bytes one is for knowing what requests ask for.
const BYTES_PER_ADDRESS_BYTE: u64 = 16;
/// The headers that pages depend on (`extract::view` and `encoding::preferred_encoding` read them), beside what the address says.
const ASKED_IN: [HeaderName; 4] = [
    header::HOST,
    header::ACCEPT_LANGUAGE,
    header::ACCEPT_ENCODING,
    HeaderName::from_static("x-forwarded-proto"),
];

/// The pages that are kept, and what tells when they are true no more.
pub(crate) struct PageCache {
    app: App,
    changes: Changes,
    /// What requests ask for, by what they say of it, to the letter.
    addresses: Cache<Box<[u8]>, Wanted, Weight>,
    entries: Cache<Arc<str>, Entry, Weight>,
    hits: Counter,
    misses: Counter,
}

/// A page, in one of its codings.
#[derive(Clone)]
struct Wanted {
    /// What tells it from every other.
    key: Arc<str>,
    coding: &'static str,
    /// Whether no event changes it.
    lasting: bool,
}

/// What is known of an address.
#[derive(Clone)]
enum Entry {
    /// Its answer.
    Page(Arc<Page>),
    /// That its answer cannot be kept: until then, whoever asks for it need not wait for another who does.
    Passing(Instant),
}

struct Page {
    headers: Box<[(HeaderName, HeaderValue)]>,
    tag: Option<HeaderValue>,
    body: Bytes,
    freshness: Freshness,
}

/// How long something is true.
#[derive(Clone, Copy)]
struct Freshness {
    began: Instant,
    /// How many changes there had been before it was asked for, unless none makes it untrue.
    changes: Option<u64>,
    until: Instant,
    /// The moment at which its words change by themselves.
    true_until: Option<DateTime<Utc>>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Arc<str>, Entry> for Weight {
    fn weight(&self, key: &Arc<str>, entry: &Entry) -> u64 {
        match entry {
            Entry::Page(page) => page.weight(key),
            Entry::Passing(_) => (ADDRESS_OVERHEAD + key.len()) as u64,
        }
    }
}

impl Weighter<Box<[u8]>, Wanted> for Weight {
    fn weight(&self, asked: &Box<[u8]>, wanted: &Wanted) -> u64 {
        (ADDRESS_OVERHEAD + asked.len() + wanted.key.len()) as u64
    }
}

impl PageCache {
    /// ConcurrencyLimits for as many pages as the settings allow; `None` if that is none.
    pub(crate) fn new(app: &App, changes: &Changes) -> Option<Self> {
        let bytes = app.settings.page_cache_bytes;
        let items = usize::try_from(bytes / 8_192).unwrap_or(usize::MAX);
        let for_addresses = bytes / BYTES_PER_ADDRESS_BYTE;
        (bytes > 0).then(|| Self {
            app: app.clone(),
            changes: changes.clone(),
            addresses: Cache::with_weighter(items, for_addresses, Weight),
            entries: Cache::with_weighter(items, bytes - for_addresses, Weight),
            hits: metrics::counter!("page_cache_hits_total"),
            misses: metrics::counter!("page_cache_misses_total"),
        })
    }

    fn is_fresh(&self, freshness: &Freshness, now: Instant) -> bool {
        freshness
            .changes
            .is_none_or(|changes| changes == self.changes.count())
            && freshness.until > now
            && freshness
                .true_until
                .is_none_or(|until| until > self.app.clock.now())
    }

    /// What this request asks for, if it is the same for everybody.
    fn wanted(&self, request: &Request) -> Option<Wanted> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let said = said(request);
        if let Some(wanted) = self.addresses.get(&said[..]) {
            return Some(wanted);
        }
        let route = routes::find(request.uri().path())?;
        let coding = encoding::preferred_encoding(request.headers());
        let wanted = Wanted {
            key: self.key(request, route, coding)?,
            coding,
            lasting: route.is_lasting(),
        };
        self.addresses.insert(said.into(), wanted.clone());
        Some(wanted)
    }

    /// What the answer to this request depends on: who the board is, what is asked for, in which language, in which coding.
    fn key(&self, request: &Request, route: &Route, coding: &str) -> Option<Arc<str>> {
        let uri = request.uri();
        let wishes = route.params()?;
        let query = QueryParams::parse(uri.query().unwrap_or_default()).only(wishes);
        let visitor = view(&self.app.settings, &self.app.clock, request.headers(), uri);
        let chosen = if visitor.lang_chosen { "!" } else { "" };
        let key = [
            uri.path(),
            "?",
            &query.to_string(),
            "\n",
            visitor.lang.tag(),
            chosen,
            "\n",
            coding,
            "\n",
            &visitor.base_url,
        ];
        Some(key.concat().into())
    }

    /// Answers from what is kept, or keeps what these routers answer.
    pub(crate) async fn answer(&self, asked: IncomingRequest, routers: &Router) -> Response {
        let request = asked.request();
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            // Dropped when the answer is there, or when nobody waits for it any more.
            let change = self.changes.expected();
            let response = routed(routers, asked.into_request()).await;
            change.was_answered(response.status());
            return response;
        }
        let wanted = self
            .wanted(request)
            .filter(|wanted| wanted.lasting || self.changes.are_told());
        let Some(wanted) = wanted else {
            return routed(routers, asked.into_request()).await;
        };
        let arrived = Instant::now();
        let kept = self.entries.get(&wanted.key);
        if let Some(Entry::Page(page)) = kept.filter(|entry| self.is_kept(entry, arrived, arrived))
        {
            self.hits.increment(1);
            return page.answer(&Asker::of(request));
        }
        // In a box, so that what is kept need not carry the weight of what is not.
        Box::pin(self.find(asked, wanted, arrived, routers)).await
    }

    /// Whether this answers now whoever has arrived then.
    fn is_kept(&self, entry: &Entry, arrived: Instant, now: Instant) -> bool {
        match entry {
            // What was asked for since this visitor came is as true as what would be asked for now.
            Entry::Page(page) => {
                page.freshness.began >= arrived || self.is_fresh(&page.freshness, now)
            }
            Entry::Passing(until) => *until > now,
        }
    }

    /// Waits for whoever makes this page at this moment, or makes it.
    async fn find(
        &self,
        asked: IncomingRequest,
        wanted: Wanted,
        arrived: Instant,
        routers: &Router,
    ) -> Response {
        let asker = Asker::of(asked.request());
        let key = &wanted.key;
        let looked = self.entries.entry_async(key, |_, entry| {
            if self.is_kept(entry, arrived, Instant::now()) {
                EntryAction::Retain(entry.clone())
            } else {
                EntryAction::ReplaceWithGuard
            }
        });
        // Whoever makes it may take long; then it is asked for without waiting.
        match timeout(DEADLINE, looked).await {
            Ok(EntryResult::Retained(Entry::Page(page))) => {
                self.hits.increment(1);
                page.answer(&asker)
            }
            Ok(EntryResult::Vacant(place) | EntryResult::Replaced(place, _)) => {
                self.misses.increment(1);
                let room = self.entries.shard_capacity() / 2;
                let request = plain(asked.into_request(), wanted.coding);
                let made = self.fill(request, wanted.lasting, routers).await;
                let (entry, answer) = match made {
                    Ok(page) if page.weight(key) > room => {
                        let passing = Entry::Passing(Instant::now() + KEPT);
                        (passing, page.answer(&asker))
                    }
                    Ok(page) => {
                        // Where a change has come meanwhile it is stale from the start, and nobody is given it.
                        let answer = page.answer(&asker);
                        (Entry::Page(Arc::new(page)), answer)
                    }
                    Err(response) => {
                        let faulty = response.status().is_server_error();
                        let passes = if faulty { FAULT_PASSES } else { KEPT };
                        let passing = Entry::Passing(Instant::now() + passes);
                        let body = |body| if asker.whole { body } else { Body::empty() };
                        (passing, response.map(body))
                    }
                };
                let _ = place.insert(entry);
                answer
            }
            Ok(
                EntryResult::Retained(Entry::Passing(_))
                // Neither is asked for.
                | EntryResult::Removed(..)
                | EntryResult::Timeout,
            )
            | Err(_) => routed(routers, asked.into_request()).await,
        }
    }

    /// The page, or the answer as it came where it is none to keep.
    async fn fill(
        &self,
        request: Request,
        lasting: bool,
        routers: &Router,
    ) -> Result<Page, Response> {
        let kept = if lasting {
            KEPT_LASTING
        } else if self.changes.can_be_told() {
            KEPT
        } else {
            KEPT_UNTOLD
        };
        let began = Instant::now();
        let mut freshness = Freshness {
            began,
            changes: (!lasting).then(|| self.changes.count()),
            until: began + kept,
            true_until: None,
        };
        let response = routed(routers, request).await;
        let headers = response.headers();
        let no_store = headers
            .get(header::CACHE_CONTROL)
            .is_none_or(|value| value.as_bytes().starts_with(b"no-store"));
        if response.status() != StatusCode::OK
            || no_store
            || headers.contains_key(header::SET_COOKIE)
        {
            return Err(response);
        }
        if let Some(ExpiresAt(moment)) = response.extensions().get() {
            freshness.true_until = Some(*moment);
        }
        let (mut parts, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let body = body.to_bytes();
        parts
            .headers
            .insert(header::CONTENT_LENGTH, body.len().into());
        let headers = parts.headers.iter();
        let page = Page {
            headers: headers
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            tag: parts.headers.get(header::ETAG).cloned(),
            body,
            freshness,
        };
        if page.body.len() > BODY_BYTES_MAX {
            return Err(page.answer(&Asker {
                known: None,
                whole: true,
            }));
        }
        Ok(page)
    }
}

/// What these routers answer.
pub(crate) async fn routed(routers: &Router, request: Request) -> Response {
    match routers.clone().oneshot(request).await {
        Ok(response) => response,
        Err::<_, Infallible>(never) => match never {},
    }
}

/// What a request says of what it asks for, to the letter.
fn said(request: &Request) -> Vec<u8> {
    let uri = request.uri();
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let mut said = Vec::with_capacity(256);
    for part in [authority, uri.path(), "?", uri.query().unwrap_or_default()] {
        said.extend_from_slice(part.as_bytes());
    }
    for name in &ASKED_IN {
        // No header holds a line break.
        said.push(b'\n');
        for value in request.headers().get_all(name) {
            said.extend_from_slice(value.as_bytes());
            said.push(b'\r');
        }
    }
    said
}

/// What an answer owes to who asks, and not to what.
struct Asker {
    /// The tags of what he has already (RFC 9110 §13.1.2), if he says so.
    known: Option<String>,
    /// Whether he wants the body too.
    whole: bool,
}

impl Asker {
    fn of(request: &Request) -> Self {
        Self {
            known: conditional::if_none_match(request.headers()),
            whole: request.method() == Method::GET,
        }
    }
}

/// The request as everybody could have asked it.
fn plain(mut request: Request, coding: &'static str) -> Request {
    *request.method_mut() = Method::GET;
    let headers = request.headers_mut();
    headers.remove(header::IF_NONE_MATCH);
    headers.remove(header::ACCEPT_ENCODING);
    if !coding.is_empty() {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding));
    }
    request
}

impl Page {
    /// What it takes, in bytes.
    fn weight(&self, key: &str) -> u64 {
        let one = size_of::<(HeaderName, HeaderValue)>();
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(_, value)| one + value.len()).sum();
        (PAGE_OVERHEAD + key.len() + headers + self.body.len()) as u64
    }

    /// The page, or that the asker has it already.
    fn answer(&self, Asker { known, whole }: &Asker) -> Response {
        let matched = known
            .as_ref()
            .zip(self.tag.as_ref())
            .and_then(|(known, tag)| conditional::matching(known, tag.to_str().ok()?))
            .and_then(|tag| HeaderValue::from_str(&tag).ok());
        let body = if *whole && matched.is_none() {
            Body::from(self.body.clone())
        } else {
            Body::empty()
        };
        let mut response = Response::new(body);
        // One more for the request's id.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 1);
        let of_content = [
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CONTENT_ENCODING,
        ];
        for (name, value) in &self.headers {
            if matched.is_none() || !of_content.contains(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(tag) = matched {
            headers.insert(header::ETAG, tag);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *response.headers_mut() = headers;
        response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

    use axum::routing::{get, post};
    use shared::{clock::Clock, config::Settings, telemetry::Metrics};
    use tokio::{sync::Notify, task::yield_now};

    use crate::Server as CachedBoard;

    use super::*;

    /// A board of pages that count how often they are made.
    struct Server {
        board: CachedBoard,
        changes: Changes,
        clock: Arc<AtomicI64>,
        made: Arc<AtomicUsize>,
        /// Lets a page be made that waits for it.
        go: Arc<Notify>,
    }

    impl Server {
        fn open() -> Self {
            // Behind a pooler there is nobody to listen to: nothing here asks a database.
            let settings = Settings::from_pairs(&[
                ("DATABASE_URL", "postgres://127.0.0.1:1/none"),
                ("DATABASE_STATEMENTS", "unprepared"),
            ])
            .unwrap();
            let clock = Arc::new(AtomicI64::new(0));
            let metrics = Metrics::of_this_process().unwrap();
            let app = App {
                clock: Clock::Stopped(clock.clone()),
                ..App::new(settings, metrics).unwrap()
            };
            let changes = Changes::new(&app.settings);
            let (made, go) = (Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
            let page = |headers: &'static [(&'static str, &'static str)]| {
                let made = made.clone();
                get(async move || {
                    let body = made.fetch_add(1, Ordering::Relaxed).to_string();
                    let mut response = body.into_response();
                    for (name, value) in headers {
                        let value = HeaderValue::from_static(value);
                        response.headers_mut().insert(*name, value);
                    }
                    let soon = ExpiresAt(DateTime::from_timestamp(60, 0).unwrap());
                    response.extensions_mut().insert(soon);
                    response
                })
            };
            let slow = {
                let (made, go) = (made.clone(), go.clone());
                get(async move || {
                    let body = made.fetch_add(1, Ordering::Relaxed).to_string();
                    go.notified().await;
                    ([("cache-control", "no-cache")], body)
                })
            };
            let router = Router::new()
                .route("/", page(&[("cache-control", "no-cache")]))
                .route("/robots.txt", page(&[("cache-control", "no-cache")]))
                .route("/events/{id}", slow)
                .route("/api/events", page(&[("cache-control", "no-store")]))
                .route(
                    "/api/events/",
                    page(&[("cache-control", "no-cache"), ("set-cookie", "a=b")]),
                )
                .route("/events/", post(async || StatusCode::CREATED))
                .route(
                    "/events/new",
                    post(async || StatusCode::UNPROCESSABLE_ENTITY),
                );
            Self {
                board: CachedBoard::of(router, &app, &changes),
                changes,
                clock,
                made,
                go,
            }
        }

        async fn ask(&self, method: Method, path: &str) -> String {
            let request = Request::builder().method(method).uri(path);
            let request = request.body(Body::empty()).unwrap();
            let response = self.board.answer(None, request).await;
            let body = response.into_body().collect().await.unwrap().to_bytes();
            String::from_utf8(body.to_vec()).unwrap()
        }

        async fn get(&self, path: &str) -> String {
            self.ask(Method::GET, path).await
        }
    }

    #[tokio::test]
    async fn a_page_is_made_once_until_something_changes() {
        let board = Server::open();
        assert_eq!(board.get("/").await, "0");
        assert_eq!(board.get("/?unknown=1").await, "0");
        assert_eq!(board.get("/?q=rust").await, "1");
        assert_eq!(board.ask(Method::HEAD, "/").await, "");
        assert_eq!(board.ask(Method::HEAD, "/?q=nest").await, "");
        assert_eq!(board.get("/?q=nest").await, "2");
        board.ask(Method::POST, "/events/new").await;
        assert_eq!(board.get("/").await, "0");
        board.ask(Method::POST, "/events/").await;
        assert_ne!(board.get("/").await, "0");
    }

    #[tokio::test]
    async fn no_event_changes_what_has_none_in_it() {
        let board = Server::open();
        assert_eq!(board.get("/robots.txt").await, "0");
        board.ask(Method::POST, "/events/").await;
        assert_eq!(board.get("/robots.txt").await, "0");
    }

    #[tokio::test]
    async fn what_is_one_visitors_is_not_kept() {
        let board = Server::open();
        for path in ["/api/events", "/api/events/"] {
            assert_ne!(board.get(path).await, board.get(path).await, "{path}");
        }
    }

    #[tokio::test]
    async fn a_page_is_kept_as_long_as_it_is_true() {
        let board = Server::open();
        assert_eq!(board.get("/").await, "0");
        board.clock.store(59_999_999, Ordering::Relaxed);
        assert_eq!(board.get("/").await, "0");
        board.clock.store(60_000_000, Ordering::Relaxed);
        assert_eq!(board.get("/").await, "1");
    }

    #[tokio::test]
    async fn many_who_ask_at_once_wait_for_one_page() {
        let board = Server::open();
        let asked: Vec<_> = (0..10).map(|_| board.get("/events/1")).collect();
        let (pages, ()) = tokio::join!(futures_util::future::join_all(asked), async {
            yield_now().await;
            board.go.notify_one();
        });
        assert_eq!(pages, vec!["0"; 10]);
    }

    #[tokio::test]
    async fn whoever_leaves_takes_nobodys_page_along() {
        let board = Server::open();
        let left = tokio::time::timeout(Duration::from_millis(50), board.get("/events/1"));
        assert!(left.await.is_err());
        board.go.notify_one();
        assert_eq!(board.get("/events/1").await, "1");
    }

    #[tokio::test]
    async fn what_was_asked_for_before_a_change_is_not_kept_after_it() {
        let board = Server::open();
        let (before, ()) = tokio::join!(board.get("/events/1"), async {
            while board.made.load(Ordering::Relaxed) == 0 {
                yield_now().await;
            }
            board.ask(Method::POST, "/events/").await;
            board.go.notify_one();
        });
        assert_eq!(before, "0");
        board.go.notify_one();
        assert_eq!(board.get("/events/1").await, "1");
    }

    /// However many wait, and however stale the page is when it comes: they have waited for it, not for each other.
    #[tokio::test]
    async fn a_change_meanwhile_makes_nobody_wait_for_the_others() {
        let board = Server::open();
        let first = board.get("/events/1");
        let waiting: Vec<_> = (0..10).map(|_| board.get("/events/1")).collect();
        let (_, pages, ()) = tokio::join!(first, futures_util::future::join_all(waiting), async {
            while board.made.load(Ordering::Relaxed) == 0 {
                yield_now().await;
            }
            board.ask(Method::POST, "/events/").await;
            board.go.notify_one();
            while board.made.load(Ordering::Relaxed) == 1 {
                yield_now().await;
            }
            board.ask(Method::POST, "/events/").await;
            board.go.notify_one();
        });
        assert_eq!(pages.len(), 10);
        assert!(board.made.load(Ordering::Relaxed) <= 2);
    }

    #[tokio::test]
    async fn a_change_that_nobody_waits_for_counts_twice() {
        let board = Server::open();
        let count = board.changes.count();
        drop(board.changes.expected());
        assert_eq!(board.changes.count(), count + 1);
        tokio::time::sleep(shared::store::DEADLINE + Duration::from_millis(200)).await;
        assert_eq!(board.changes.count(), count + 2);
    }
}
