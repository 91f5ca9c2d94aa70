//! The route table: every path of the site with its methods and everything that depends on the path alone.
//!
//! `Allow`, 404 and 405, OPTIONS and CORS, the page cache, `Cache-Control`, security headers, rate limits, metric
//! labels and the redirects for slashes follow from the table, both in local-server and on AWS Lambda. Tests check
//! `template.yaml`, the emulator's table in `Cargo.toml` and the OpenAPI document against the table.

pub mod links;
pub mod paths;

use std::sync::LazyLock;

use http::{HeaderValue, Method, StatusCode};
use matchit::Router;

/// One path of the site, and everything that depends on the path alone.
#[derive(Debug)]
pub struct Route {
    /// Path of the route, with its parameters in braces.
    pub path: &'static str,
    /// The methods of the path, each with the function that handles it. The handler of GET also handles HEAD; the
    /// response to OPTIONS follows from the route table.
    pub methods: &'static [(Method, Function)],
    /// Names of the query parameters that change the response, beside `lang`. All others are ignored.
    pub params: &'static [&'static str],
    /// The clients that the responses are for.
    pub audience: Audience,
    /// The period for which a response to GET stays valid.
    pub lifetime: Lifetime,
    /// How other sites may show the response inside their own pages, if at all.
    pub framing: Framing,
    /// Whether scripts of other sites may read responses to GET (CORS).
    pub cross_origin: bool,
    /// Which rate limits apply to requests.
    pub rate: Rate,
}

/// The functions of the site: one crate in `functions/` each, deployed as one AWS Lambda function each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the crate of the same name documents it")]
pub enum Function {
    List,
    Detail,
    Create,
    Edit,
    Feeds,
    Site,
    Admin,
    Metrics,
    Docs,
    Card,
}

impl Function {
    /// All functions. The first one handles paths that are not in the route table.
    pub const ALL: [Self; 10] = [
        Self::List,
        Self::Detail,
        Self::Create,
        Self::Edit,
        Self::Feeds,
        Self::Site,
        Self::Admin,
        Self::Metrics,
        Self::Docs,
        Self::Card,
    ];

    /// Returns the name of the function, of its folder and of its binary.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Detail => "detail",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Feeds => "feeds",
            Self::Site => "site",
            Self::Admin => "admin",
            Self::Metrics => "metrics",
            Self::Docs => "docs",
            Self::Card => "card",
        }
    }
}

/// The clients that the responses of a route are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every client: all get the same response, so it may be cached.
    Everyone,
    /// One client: the response contains a form token or depends on an edit token.
    OneVisitor,
    /// The operator only; the path does not exist while no `ADMIN_TOKEN` is set.
    Operator,
    /// Monitoring, by health checks and metrics: requests have no rate limit and no concurrency limit.
    Probe,
}

/// The periods for which a response to GET stays valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The response is valid until an event changes.
    UntilChange,
    /// The response is valid until the next release.
    Build {
        /// Maximum time that clients may cache the response, in seconds (`Cache-Control: max-age`); 0 to revalidate
        /// each time.
        max_age: u32,
    },
    /// The response is valid permanently: its path contains a hash of the content.
    Immutable,
    /// The response may not be cached.
    Never,
}

/// The ways in which other sites may show a response inside their own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Other sites may not show the response.
    Deny,
    /// Other sites may show the response as an image.
    Image,
    /// Other sites may show the response as an image or in a frame.
    Anyone,
}

/// The rate limits that apply to a route, beside the one for all requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// No limit beside the one for all requests.
    Read,
    /// The limit for searches applies to requests with a search text.
    Search,
    /// The limit for wrong tokens applies.
    Token,
    /// No limit applies, not even the one for all requests.
    Exempt,
}

/// The query parameters of calendars and feeds. `search` is the alias of `q` from the API of the previous system.
pub const FEED_PARAMS: [&str; 9] = [
    "q",
    "search",
    "technology",
    "city",
    "state",
    "when",
    "from",
    "to",
    "attendance",
];
/// The query parameters of the JSON list: those of a feed and the position in the list. `skip` is an alias of `offset`.
pub const LIST_PARAMS: [&str; 13] = concat(&FEED_PARAMS, &["limit", "offset", "skip", "cursor"]);
/// The query parameters of the list page, whose number of events is fixed. `deleted` shows the message that an event
/// was deleted.
pub const PAGE_PARAMS: [&str; 11] = concat(&FEED_PARAMS, &["cursor", "deleted"]);
/// The query parameters of the embeddable list: the id of one event, or the parameters of a feed.
pub const EMBED_PARAMS: [&str; 10] = concat(&["id"], &FEED_PARAMS);
/// The query parameters of oEmbed (<https://oembed.com>).
pub const OEMBED_PARAMS: [&str; 4] = ["url", "format", "maxwidth", "maxheight"];
/// The query parameter of an event's preview image: the version of the event. The image of the current version may be
/// cached permanently.
pub const CARD_PARAMS: [&str; 1] = ["v"];

const fn concat<const COUNT: usize>(
    first: &[&'static str],
    second: &[&'static str],
) -> [&'static str; COUNT] {
    let mut names = [""; COUNT];
    assert!(first.len() + second.len() == COUNT);
    names.split_at_mut(first.len()).0.copy_from_slice(first);
    names.split_at_mut(first.len()).1.copy_from_slice(second);
    names
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// Template of the routes of public pages that change when an event changes.
const PAGE: Route = Route {
    path: "",
    methods: &[],
    params: &[],
    audience: Audience::Everyone,
    lifetime: Lifetime::UntilChange,
    framing: Framing::Deny,
    cross_origin: false,
    rate: Rate::Read,
};
/// Template of the routes of list pages with the query parameters of the front page.
const LIST_PAGE: Route = Route {
    methods: &[(GET, Function::List)],
    params: &PAGE_PARAMS,
    rate: Rate::Search,
    ..PAGE
};
/// Template of the routes of public data that other programs read.
const PUBLIC_DATA: Route = Route {
    cross_origin: true,
    ..PAGE
};
/// Template of the routes of calendars and feeds with the query parameters of a list.
const FEED: Route = Route {
    methods: &[(GET, Function::Feeds)],
    params: &FEED_PARAMS,
    rate: Rate::Search,
    ..PUBLIC_DATA
};
/// Template of the routes of pages and API methods for one client, which has an edit token or a form.
const PRIVATE: Route = Route {
    audience: Audience::OneVisitor,
    lifetime: Lifetime::Never,
    ..PAGE
};
/// Template of the routes of files that change only with a release, and which clients revalidate.
const FILE: Route = Route {
    methods: &[(GET, Function::Site)],
    lifetime: Lifetime::Build { max_age: 0 },
    ..PAGE
};
/// Template of the routes of files that change only with a release, and which clients cache for a day.
const FILE_FOR_A_DAY: Route = Route {
    lifetime: Lifetime::Build { max_age: 86_400 },
    ..FILE
};
/// Template of the routes of health checks and of the metrics.
const PROBE: Route = Route {
    methods: &[(GET, Function::Metrics)],
    audience: Audience::Probe,
    lifetime: Lifetime::Never,
    rate: Rate::Exempt,
    ..PAGE
};
/// Template of the routes of the operator's pages.
const OPERATOR: Route = Route {
    audience: Audience::Operator,
    lifetime: Lifetime::Never,
    rate: Rate::Token,
    ..PAGE
};

/// The route table: every path of the site.
pub static ROUTES: &[Route] = &[
    Route {
        path: paths::HOME,
        ..LIST_PAGE
    },
    Route {
        path: paths::TODAY,
        ..LIST_PAGE
    },
    Route {
        path: paths::WEEKEND,
        ..LIST_PAGE
    },
    Route {
        path: paths::ONLINE,
        ..LIST_PAGE
    },
    Route {
        path: paths::STATE,
        ..LIST_PAGE
    },
    Route {
        path: paths::CITY,
        ..LIST_PAGE
    },
    Route {
        path: paths::TECHNOLOGY,
        ..LIST_PAGE
    },
    // GET redirects to the front page.
    Route {
        path: paths::EVENTS,
        methods: &[(GET, Function::List), (POST, Function::Create)],
        lifetime: Lifetime::Never,
        rate: Rate::Search,
        ..PAGE
    },
    Route {
        path: paths::EVENTS_WITHOUT_SLASH,
        methods: &[(GET, Function::List), (POST, Function::Create)],
        lifetime: Lifetime::Never,
        rate: Rate::Search,
        ..PAGE
    },
    Route {
        path: paths::NEW_EVENT,
        methods: &[(GET, Function::Create)],
        params: &["copy"],
        ..PRIVATE
    },
    Route {
        path: paths::EVENT,
        methods: &[(GET, Function::Detail)],
        ..PAGE
    },
    Route {
        path: paths::EVENT_CALENDAR,
        methods: &[(GET, Function::Detail)],
        ..PUBLIC_DATA
    },
    Route {
        path: paths::EVENT_CARD,
        methods: &[(GET, Function::Card)],
        params: &CARD_PARAMS,
        framing: Framing::Image,
        ..PAGE
    },
    Route {
        path: paths::EVENT_CREATED,
        methods: &[(GET, Function::Create)],
        ..PRIVATE
    },
    Route {
        path: paths::EVENT_EDIT,
        methods: &[(GET, Function::Edit), (POST, Function::Edit)],
        ..PRIVATE
    },
    Route {
        path: paths::EVENT_DELETE,
        methods: &[(GET, Function::Edit), (POST, Function::Edit)],
        ..PRIVATE
    },
    Route {
        path: paths::EVENT_ROTATE,
        methods: &[(POST, Function::Edit)],
        ..PRIVATE
    },
    Route {
        path: paths::EDIT_LINK,
        methods: &[(GET, Function::Edit)],
        rate: Rate::Token,
        ..PRIVATE
    },
    Route {
        path: paths::API_EVENTS,
        methods: &[(GET, Function::List), (POST, Function::Create)],
        params: &LIST_PARAMS,
        rate: Rate::Search,
        ..PUBLIC_DATA
    },
    Route {
        path: paths::API_EVENTS_WITHOUT_SLASH,
        methods: &[(GET, Function::List), (POST, Function::Create)],
        params: &LIST_PARAMS,
        rate: Rate::Search,
        ..PUBLIC_DATA
    },
    Route {
        path: paths::API_EXPORT,
        methods: &[(GET, Function::List)],
        params: &["after"],
        lifetime: Lifetime::Never,
        ..PUBLIC_DATA
    },
    Route {
        path: paths::API_EVENT,
        methods: &[(GET, Function::Detail)],
        ..PUBLIC_DATA
    },
    Route {
        path: paths::API_BY_TOKEN,
        methods: &[
            (GET, Function::Edit),
            (PUT, Function::Edit),
            (PATCH, Function::Edit),
            (DELETE, Function::Edit),
        ],
        rate: Rate::Token,
        ..PRIVATE
    },
    Route {
        path: paths::API_ROTATE,
        methods: &[(POST, Function::Edit)],
        rate: Rate::Token,
        ..PRIVATE
    },
    Route {
        path: paths::OPENAPI,
        methods: &[(GET, Function::Docs)],
        cross_origin: true,
        ..FILE
    },
    Route {
        path: paths::DOCS,
        methods: &[(GET, Function::Docs)],
        ..FILE
    },
    Route {
        path: paths::CALENDAR,
        ..FEED
    },
    Route {
        path: paths::ATOM_FEED,
        ..FEED
    },
    Route {
        path: paths::JSON_FEED,
        ..FEED
    },
    Route {
        path: paths::EMBED,
        methods: &[(GET, Function::Feeds)],
        params: &EMBED_PARAMS,
        framing: Framing::Anyone,
        rate: Rate::Search,
        ..PAGE
    },
    Route {
        path: paths::OEMBED,
        methods: &[(GET, Function::Feeds)],
        params: &OEMBED_PARAMS,
        ..PUBLIC_DATA
    },
    Route {
        path: paths::CARD,
        methods: &[(GET, Function::Card)],
        framing: Framing::Image,
        ..FILE_FOR_A_DAY
    },
    Route {
        path: paths::ROBOTS_TXT,
        ..FILE
    },
    Route {
        path: paths::SITEMAP,
        methods: &[(GET, Function::Site)],
        ..PAGE
    },
    Route {
        path: paths::SITEMAP_PART,
        methods: &[(GET, Function::Site)],
        ..PAGE
    },
    Route {
        path: paths::STATIC_FILE,
        lifetime: Lifetime::Immutable,
        ..FILE
    },
    Route {
        path: paths::WEB_MANIFEST,
        ..FILE_FOR_A_DAY
    },
    Route {
        path: paths::FAVICON,
        ..FILE_FOR_A_DAY
    },
    Route {
        path: paths::APPLE_TOUCH_ICON,
        ..FILE_FOR_A_DAY
    },
    Route {
        path: paths::APPLE_TOUCH_ICON_PRECOMPOSED,
        ..FILE_FOR_A_DAY
    },
    // It contains a date that depends on the current time.
    Route {
        path: paths::SECURITY_TXT,
        lifetime: Lifetime::Never,
        ..FILE
    },
    Route {
        path: paths::HEALTHZ,
        ..PROBE
    },
    Route {
        path: paths::READYZ,
        ..PROBE
    },
    Route {
        path: paths::METRICS,
        ..PROBE
    },
    Route {
        path: paths::ADMIN,
        methods: &[(GET, Function::Admin)],
        params: &["before", "source", "hidden", "done"],
        ..OPERATOR
    },
    Route {
        path: paths::ADMIN_HIDE,
        methods: &[(POST, Function::Admin)],
        ..OPERATOR
    },
    Route {
        path: paths::ADMIN_RESTORE,
        methods: &[(POST, Function::Admin)],
        ..OPERATOR
    },
];

static ROUTER: LazyLock<Router<&'static Route>> = LazyLock::new(|| {
    let mut router = Router::new();
    for route in ROUTES {
        router
            .insert(route.path, route)
            .expect("no two paths in the table match the same request");
    }
    router
});

/// Finds the route of `path`, percent-encoded or not; returns `None` when no route matches.
#[must_use]
pub fn find(path: &str) -> Option<&'static Route> {
    ROUTER.at(path).ok().map(|found| *found.value)
}

/// Returns whether errors at `path` are JSON (RFC 9457) instead of a page, also if no route matches.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Returns the path of the page that differs from `path` by one slash at its end; `None` when there is no such page or
/// `path` has a route itself.
#[must_use]
pub fn with_slash_corrected(path: &str) -> Option<String> {
    if is_api(path) || find(path).is_some() {
        return None;
    }
    let corrected = match path.strip_suffix('/') {
        Some(shorter) => shorter.to_owned(),
        None => format!("{path}/"),
    };
    find(&corrected).map(|_| corrected)
}

impl Route {
    /// Returns whether every client gets the same response to GET, so that a shared cache may store the response.
    #[must_use]
    pub fn is_cacheable(&self) -> bool {
        self.audience == Audience::Everyone && self.lifetime != Lifetime::Never
    }

    /// Returns whether a change of an event invalidates cached responses.
    #[must_use]
    pub fn depends_on_events(&self) -> bool {
        self.lifetime == Lifetime::UntilChange
    }

    /// Returns whether the path contains an edit token.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.path.contains("{token}")
    }

    /// Returns the function that handles `method`; for a method that the path does not have, the function that responds
    /// to OPTIONS or with 405.
    #[must_use]
    pub fn function(&self, method: &Method) -> Function {
        let method = if method == Method::HEAD { &GET } else { method };
        let handled = self.methods.iter().find(|(known, _)| known == method);
        handled.unwrap_or(&self.methods[0]).1
    }

    /// Returns the methods of the path, as an `Allow` header lists them (RFC 9110 §10.2.1).
    #[must_use]
    pub fn allow(&self) -> String {
        let mut methods = Vec::new();
        for (method, _) in self.methods {
            methods.push(method.as_str());
            if *method == GET {
                methods.push("HEAD");
            }
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }

    /// Returns the `Cache-Control` of a response, unless its handler sets another one: what clients may store of the
    /// response.
    #[must_use]
    pub fn cache_control(&self, method: &Method, status: StatusCode) -> Option<HeaderValue> {
        if self.audience != Audience::Everyone || !method.is_safe() {
            return Some(HeaderValue::from_static("no-store"));
        }
        match self.lifetime {
            _ if status != StatusCode::OK => None,
            Lifetime::UntilChange | Lifetime::Build { max_age: 0 } => {
                Some(HeaderValue::from_static("no-cache"))
            }
            Lifetime::Build { max_age } => {
                HeaderValue::try_from(format!("public, max-age={max_age}")).ok()
            }
            Lifetime::Immutable => Some(CACHE_CONTROL_IMMUTABLE),
            Lifetime::Never => None,
        }
    }
}

/// Value of `Cache-Control` for content that never changes at its URL: one year, the longest `max-age` that clients
/// honour.
pub const CACHE_CONTROL_IMMUTABLE: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_matches_its_route() {
        for (path, template, allow) in [
            ("/events/42", "/events/{id}", "GET, HEAD, OPTIONS"),
            ("/events/new", "/events/new", "GET, HEAD, OPTIONS"),
            (
                "/events/edit/edit",
                "/events/edit/{token}",
                "GET, HEAD, OPTIONS",
            ),
            ("/events/", "/events/", "GET, HEAD, POST, OPTIONS"),
            (
                "/api/events/by-token/x/rotate",
                "/api/events/by-token/{token}/rotate",
                "POST, OPTIONS",
            ),
        ] {
            let route = find(path).unwrap();
            assert_eq!((route.path, route.allow().as_str()), (template, allow));
        }
        assert!(find("/nope").is_none());
        assert!(find("/events/42/nope").is_none());
    }

    #[test]
    fn one_slash_too_many_or_too_few_is_corrected_on_pages_only() {
        for (path, corrected) in [
            ("/today/", Some("/today")),
            ("/events/42/", Some("/events/42")),
            ("/events/42/edit/", Some("/events/42/edit")),
            ("/technology/c%23/", Some("/technology/c%23")),
            ("/docs/", Some("/docs")),
            ("/today", None),
            ("/events", None),
            ("/events/", None),
            ("/", None),
            ("//", Some("/")),
            ("/today//", None),
            ("//example.org/", None),
            ("/nope", None),
            ("/nope/", None),
            ("/api/events/42/", None),
            ("/api/openapi.json/", None),
        ] {
            assert_eq!(with_slash_corrected(path).as_deref(), corrected, "{path}");
        }
    }

    #[test]
    fn only_responses_that_are_the_same_for_every_client_are_cacheable() {
        for (path, cacheable, depends_on_events) in [
            ("/", true, true),
            ("/events/42", true, true),
            ("/static/x.css", true, false),
            ("/docs", true, false),
            ("/events/new", false, false),
            ("/events/42/edit", false, false),
            ("/api/events/by-token/x", false, false),
            ("/api/events/export", false, false),
            ("/metrics", false, false),
            ("/admin", false, false),
        ] {
            let route = find(path).unwrap();
            assert_eq!(
                (route.is_cacheable(), route.depends_on_events()),
                (cacheable, depends_on_events),
                "{path}"
            );
        }
    }
}
