//! What can be asked of each path: its parameters, what it takes and what it answers. The paths themselves, and which
//! function answers them, stand in `shared::routes`.

/// Something that can be asked.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) method: &'static str,
    /// Its name for programs; its words are those of `docs-op-` and this name.
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    /// Whether another path answers the same.
    pub(crate) alias: bool,
    /// Parameters of path, query and headers, by their keys in `schemas`.
    pub(crate) parameters: Vec<&'static str>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
}

/// What a request brings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// A whole event as JSON.
    Event,
    /// A merge patch (RFC 7396) as JSON.
    Patch,
    /// The form of an event, as a browser posts it.
    EventForm,
    /// The form of the operator's page.
    OperatorForm,
    /// A form without a field.
    EmptyForm,
}

/// What comes back with a status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Content,
    /// Headers, by their names in `schemas`.
    pub(crate) headers: Vec<&'static str>,
}

/// The body of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// No body.
    Nothing,
    /// JSON of this schema.
    Json(&'static str),
    /// Lines of JSON of this schema.
    Lines(&'static str),
    /// A page for people.
    Page,
    /// Something else, of this media type.
    Other(&'static str),
    /// A problem document, or a page that says the same.
    Problem,
}

const EVENTS: &str = "events";
const OWN: &str = "by-token";
const FEEDS: &str = "files";
const PAGES: &str = "pages";
const OPERATIONS: &str = "operations";
const OPERATOR: &str = "operator";
/// The groups of operations, in the order they are told.
pub(crate) const TAGS: [&str; 6] = [EVENTS, OWN, FEEDS, PAGES, OPERATIONS, OPERATOR];

/// What chooses events.
const FILTERS: [&str; 9] = [
    "q",
    "search",
    "technology",
    "city",
    "state",
    "attendance",
    "when",
    "from",
    "to",
];

/// The same for the front page, which knows more words for days.
const PAGE_FILTERS: [&str; 9] = [
    "q",
    "search",
    "technology",
    "city",
    "state",
    "attendance",
    "page-when",
    "from",
    "to",
];
/// The same for feeds, to which nothing is a wrong value.
const FEED_FILTERS: [&str; 9] = [
    "q",
    "search",
    "technology",
    "city",
    "state",
    "feed-attendance",
    "feed-when",
    "feed-from",
    "feed-to",
];

impl Operation {
    fn new(method: &'static str, path: &'static str, id: &'static str, tag: &'static str) -> Self {
        let parameter = |part: &&'static str| match part.strip_prefix('{')?.strip_suffix('}')? {
            // The query has one of that name too.
            "city" => Some("path-city"),
            name => Some(name),
        };
        let mut operation = Self {
            path,
            method,
            id,
            tag,
            alias: false,
            parameters: path
                .split('/')
                .filter_map(|part| parameter(&part))
                .collect(),
            body: None,
            answers: Vec::new(),
        };
        if path.contains('{') {
            operation = operation.refuses(&[404]);
        }
        operation.refuses(&[414, 429, 500, 503])
    }

    fn get(path: &'static str, id: &'static str, tag: &'static str) -> Self {
        Self::new("GET", path, id, tag)
    }

    fn post(path: &'static str, id: &'static str, tag: &'static str) -> Self {
        Self::new("POST", path, id, tag)
    }

    /// A page in the language asked for.
    fn page(path: &'static str, id: &'static str) -> Self {
        Self::get(path, id, PAGES)
            .takes(&["lang", "Accept-Language"])
            .answers(200, Content::Page, &[])
    }

    fn takes(mut self, parameters: &[&'static str]) -> Self {
        self.parameters.extend(parameters);
        self
    }

    fn with(mut self, body: Body) -> Self {
        self.body = Some(body);
        match body {
            Body::Event | Body::Patch => self.refuses(&[400, 408, 413, 415, 422]),
            Body::EventForm | Body::OperatorForm => self.refuses(&[400, 403, 408, 413, 415]),
            Body::EmptyForm => self.refuses(&[403]),
        }
    }

    fn answers(mut self, status: u16, content: Content, headers: &[&'static str]) -> Self {
        self.answers.push(Answer {
            status,
            content,
            headers: headers.to_vec(),
        });
        self
    }

    /// An answer that is kept, and asked for again by its tag.
    fn kept(self, content: Content) -> Self {
        self.takes(&["If-None-Match"])
            .answers(200, content, &["ETag"])
            .answers(304, Content::Nothing, &["ETag"])
    }

    fn refuses(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let headers: &[&'static str] = match status {
                401 => &["WWW-Authenticate"],
                412 => &["ETag"],
                429 | 503 => &["Retry-After"],
                _ => &[],
            };
            if self.answers.iter().all(|answer| answer.status != *status) {
                self = self.answers(*status, Content::Problem, headers);
            }
        }
        self
    }

    /// What the operator's programs ask is never too much, and no database is in its way.
    fn without(mut self, statuses: &[u16]) -> Self {
        self.answers
            .retain(|answer| !statuses.contains(&answer.status));
        self
    }

    /// The same at another path.
    fn also_at(&self, path: &'static str) -> Self {
        Self {
            path,
            alias: true,
            ..self.clone()
        }
    }
}

/// Everything that can be asked.
pub(crate) fn operations() -> Vec<Operation> {
    use Content::{Json, Lines, Nothing, Other, Page, Problem};
    let list = Operation::get("/api/events/", "listEvents", EVENTS)
        .takes(&FILTERS)
        .takes(&["limit", "offset", "skip", "cursor"])
        .takes(&["If-None-Match"])
        .answers(200, Json("EventList"), &["ETag", "Link"])
        .answers(304, Nothing, &["ETag", "Link"])
        .refuses(&[400]);
    let publish = Operation::post("/api/events/", "publishEvent", EVENTS)
        .takes(&["Idempotency-Key"])
        .with(Body::Event)
        .answers(201, Json("OwnEvent"), &["Location", "ETag"])
        .refuses(&[409]);
    let front_page = Operation::page("/", "showEvents")
        .takes(&PAGE_FILTERS)
        .takes(&["cursor"])
        .refuses(&[400])
        .kept_page();
    let old_front_page = Operation::get("/events/", "redirectToEvents", PAGES)
        .takes(&["lang"])
        .answers(308, Nothing, &["Location"]);
    let post_form = Operation::post("/events/", "postEvent", PAGES)
        .takes(&["lang"])
        .with(Body::EventForm)
        .answers(303, Nothing, &["Location"])
        .answers(409, Page, &[])
        .answers(422, Page, &[]);
    let by_token = |method, id| {
        let operation = Operation::new(method, "/api/events/by-token/{token}", id, OWN);
        if method == "GET" {
            operation
        } else {
            operation.takes(&["If-Match"]).refuses(&[412])
        }
    };
    // What the address says by itself is asked for no other way.
    let short = |path, id, said: &[&str]| {
        let others = PAGE_FILTERS.into_iter().filter(|name| !said.contains(name));
        Operation::page(path, id)
            .takes(&others.collect::<Vec<_>>())
            .takes(&["cursor"])
            .refuses(&[400])
            .kept_page()
    };
    // One spelling of an address leads to the other.
    let spelled = |path, id, said| short(path, id, said).answers(308, Nothing, &["Location"]);
    let feed = |path, id, media_type| {
        Operation::get(path, id, FEEDS)
            .takes(&FEED_FILTERS)
            .takes(&["lang"])
            .kept(Other(media_type))
    };
    let own = |operation: Operation| operation.answers(200, Json("OwnEvent"), &["ETag"]);
    let editing = |operation: Operation| operation.refuses(&[403]);
    let operators = |operation: Operation| operation.refuses(&[401, 404]);
    let probed = |operation: Operation| operation.without(&[414, 429]);
    let plain = Other("text/plain");
    vec![
        list.also_at("/api/events"),
        list,
        publish.also_at("/api/events"),
        publish,
        Operation::get("/api/events/{id}", "readEvent", EVENTS).kept(Json("Event")),
        Operation::get("/api/events/export", "exportEvents", EVENTS)
            .takes(&["after"])
            .answers(200, Lines("Event"), &["Link"])
            .refuses(&[400]),
        own(by_token("GET", "readOwnEvent")),
        own(by_token("PUT", "replaceEvent").with(Body::Event)),
        own(by_token("PATCH", "changeEvent").with(Body::Patch)),
        by_token("DELETE", "deleteEvent").answers(204, Nothing, &[]),
        own(
            Operation::post("/api/events/by-token/{token}/rotate", "rotateToken", OWN)
                .takes(&["If-Match"])
                .refuses(&[412]),
        ),
        Operation::get("/api/openapi.json", "readOpenapi", FEEDS)
            .takes(&["lang", "Accept-Language"])
            .kept(Json("OpenApi")),
        feed("/events.ics", "readCalendar", "text/calendar"),
        Operation::get("/events/{id}/event.ics", "readEventCalendar", FEEDS)
            .takes(&["lang"])
            .kept(Other("text/calendar")),
        feed("/feed.atom", "readAtom", "application/atom+xml"),
        feed("/feed.json", "readJsonFeed", "application/feed+json"),
        Operation::get("/oembed", "readOembed", FEEDS)
            .takes(&["url", "maxwidth", "maxheight", "format", "lang"])
            .kept(Json("Oembed"))
            .refuses(&[400, 404, 501]),
        Operation::get("/events/{id}/card.png", "readCard", FEEDS)
            .takes(&["lang", "v", "Accept-Language"])
            .kept(Other("image/png")),
        Operation::get("/card.png", "readBoardCard", FEEDS)
            .takes(&["lang", "Accept-Language"])
            .kept(Other("image/png")),
        Operation::get("/robots.txt", "readRobotsTxt", FEEDS).kept(plain),
        Operation::get("/sitemap.xml", "readSitemap", FEEDS).kept(Other("application/xml")),
        Operation::get("/sitemap/{file}", "readSitemapPart", FEEDS).kept(Other("application/xml")),
        Operation::get("/site.webmanifest", "readWebManifest", FEEDS)
            .kept(Other("application/manifest+json")),
        Operation::get("/static/{file}", "readStaticFile", FEEDS).kept(Other("*/*")),
        front_page,
        short("/today", "showToday", &["from", "to"]),
        short("/weekend", "showWeekend", &["from", "to"]),
        short("/online", "showOnline", &["attendance"]),
        spelled("/state/{uf}", "showState", &["state"]),
        spelled("/city/{uf}/{city}", "showCity", &["city", "state"]),
        spelled("/technology/{name}", "showTechnology", &["technology"]),
        Operation::page("/embed", "showEmbed")
            .takes(&FEED_FILTERS)
            .takes(&["query-id"])
            .refuses(&[404])
            .kept_page(),
        old_front_page.also_at("/events"),
        old_front_page,
        Operation::page("/events/{id}", "showEvent").kept_page(),
        Operation::page("/docs", "showDocs").kept_page(),
        Operation::page("/events/new", "showForm").takes(&["copy"]),
        post_form.also_at("/events"),
        post_form,
        Operation::page("/events/{id}/created", "showSecretLink").answers(
            303,
            Nothing,
            &["Location"],
        ),
        Operation::get("/events/edit/{token}", "enter", PAGES)
            .takes(&["lang"])
            .answers(303, Nothing, &["Location"]),
        editing(Operation::page("/events/{id}/edit", "showEditForm")),
        editing(Operation::post("/events/{id}/edit", "postChange", PAGES))
            .takes(&["lang"])
            .with(Body::EventForm)
            .answers(303, Nothing, &["Location"])
            .answers(409, Page, &[])
            .answers(422, Page, &[]),
        editing(Operation::page("/events/{id}/delete", "askToDelete")),
        editing(Operation::post(
            "/events/{id}/delete",
            "postDeletion",
            PAGES,
        ))
        .takes(&["lang"])
        .with(Body::EmptyForm)
        .answers(303, Nothing, &["Location"]),
        editing(Operation::post(
            "/events/{id}/rotate",
            "postRotation",
            PAGES,
        ))
        .takes(&["lang"])
        .with(Body::EmptyForm)
        .answers(303, Nothing, &["Location"]),
        probed(Operation::get("/healthz", "isAlive", OPERATIONS))
            .answers(200, plain, &[])
            .without(&[503]),
        probed(Operation::get("/readyz", "isReady", OPERATIONS)).answers(200, plain, &[]),
        probed(Operation::get("/metrics", "readMetrics", OPERATIONS)).answers(200, plain, &[]),
        Operation::get("/.well-known/security.txt", "readSecurityTxt", OPERATIONS)
            .kept(plain)
            .refuses(&[404]),
        operators(Operation::page("/admin", "showLatest"))
            .in_group(OPERATOR)
            .takes(&["before", "source", "hidden"])
            .refuses(&[400]),
        operators(Operation::post("/admin/hide", "hideEvents", OPERATOR))
            .with(Body::OperatorForm)
            .answers(303, Nothing, &["Location"]),
        operators(Operation::post("/admin/restore", "restoreEvents", OPERATOR))
            .with(Body::OperatorForm)
            .answers(303, Nothing, &["Location"]),
    ]
    .into_iter()
    .map(|operation| {
        match operation
            .answers
            .iter()
            .any(|a| matches!(a.content, Problem))
        {
            // ValidationErrors are told in the reader's language.
            true if !operation.parameters.contains(&"Accept-Language") => {
                operation.takes(&["Accept-Language"])
            }
            _ => operation,
        }
    })
    .collect()
}

impl Operation {
    /// The same page for everyone who asks in its language.
    fn kept_page(mut self) -> Self {
        self.answers.retain(|answer| answer.status != 200);
        self.kept(Content::Page)
    }

    fn in_group(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }
}
