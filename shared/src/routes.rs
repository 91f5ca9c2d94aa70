//! The one table of paths: template → methods → function. From it come the `Allow` header, the 404 and the label of a
//! request in logs and metrics, alike in both runtimes although no function knows the others.

pub mod links;

use std::sync::LazyLock;

use matchit::Router;

/// One path, and who answers which method there.
#[derive(Debug)]
pub struct Route {
    /// The path with its parameters in braces.
    pub template: &'static str,
    /// Each method with the function that answers it. Who answers `GET` answers `HEAD` too.
    pub methods: &'static [(&'static str, &'static str)],
}

/// The parameters of calendars and feeds, which tell all that they find. `search` is the old system's word for `q`.
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
/// The parameters of the list in JSON: those of a feed, and where in the list; `skip` is the old system's word for `offset`.
pub const LIST_PARAMS: [&str; 13] = joined(&FEED_PARAMS, &["limit", "offset", "skip", "cursor"]);
/// The parameters of the front page, which has a fixed length; it thanks whoever comes from deleting an event.
pub const PAGE_PARAMS: [&str; 11] = joined(&FEED_PARAMS, &["cursor", "deleted"]);
/// The parameters of the list for a frame: one event, or those of a feed.
pub const EMBED_PARAMS: [&str; 10] = joined(&["id"], &FEED_PARAMS);
/// The parameters of oEmbed (<https://oembed.com>).
pub const OEMBED_PARAMS: [&str; 4] = ["url", "format", "maxwidth", "maxheight"];

/// The parameters of an event's picture: which version it may be kept for.
pub const CARD_PARAMS: [&str; 1] = ["v"];

/// Every path of the board.
pub const ROUTES: &[Route] = &[
    route("/", &[("GET", "list")]),
    route("/today", &[("GET", "list")]),
    route("/weekend", &[("GET", "list")]),
    route("/online", &[("GET", "list")]),
    route("/state/{uf}", &[("GET", "list")]),
    route("/city/{uf}/{city}", &[("GET", "list")]),
    route("/technology/{name}", &[("GET", "list")]),
    route("/events", &[("GET", "list"), ("POST", "create")]),
    route("/events/", &[("GET", "list"), ("POST", "create")]),
    route("/events/new", &[("GET", "create")]),
    route("/events/{id}", &[("GET", "detail")]),
    route("/events/{id}/event.ics", &[("GET", "detail")]),
    route("/events/{id}/created", &[("GET", "create")]),
    route("/events/{id}/edit", &[("GET", "edit"), ("POST", "edit")]),
    route("/events/{id}/delete", &[("GET", "edit"), ("POST", "edit")]),
    route("/events/{id}/rotate", &[("POST", "edit")]),
    route("/events/edit/{token}", &[("GET", "edit")]),
    route("/api/events", &[("GET", "list"), ("POST", "create")]),
    route("/api/events/", &[("GET", "list"), ("POST", "create")]),
    route("/api/events/export", &[("GET", "list")]),
    route("/api/events/{id}", &[("GET", "detail")]),
    route(
        "/api/events/by-token/{token}",
        &[
            ("GET", "edit"),
            ("PUT", "edit"),
            ("PATCH", "edit"),
            ("DELETE", "edit"),
        ],
    ),
    route("/api/events/by-token/{token}/rotate", &[("POST", "edit")]),
    route("/events/{id}/card.png", &[("GET", "card")]),
    route("/card.png", &[("GET", "card")]),
    route("/api/openapi.json", &[("GET", "docs")]),
    route("/docs", &[("GET", "docs")]),
    route("/robots.txt", &[("GET", "site")]),
    route("/sitemap.xml", &[("GET", "site")]),
    route("/sitemap/{file}", &[("GET", "site")]),
    route("/events.ics", &[("GET", "feeds")]),
    route("/embed", &[("GET", "feeds")]),
    route("/oembed", &[("GET", "feeds")]),
    route("/feed.atom", &[("GET", "feeds")]),
    route("/feed.json", &[("GET", "feeds")]),
    route("/static/{file}", &[("GET", "site")]),
    route("/site.webmanifest", &[("GET", "site")]),
    route("/.well-known/security.txt", &[("GET", "site")]),
    route("/healthz", &[("GET", "metrics")]),
    route("/readyz", &[("GET", "metrics")]),
    route("/metrics", &[("GET", "metrics")]),
    route("/admin", &[("GET", "admin")]),
    route("/admin/hide", &[("POST", "admin")]),
    route("/admin/restore", &[("POST", "admin")]),
];

/// The one list and then the other; they have as many names as they are to have together.
const fn joined<const COUNT: usize>(
    first: &[&'static str],
    then: &[&'static str],
) -> [&'static str; COUNT] {
    let mut names = [""; COUNT];
    assert!(first.len() + then.len() == COUNT);
    names.split_at_mut(first.len()).0.copy_from_slice(first);
    names.split_at_mut(first.len()).1.copy_from_slice(then);
    names
}

const fn route(template: &'static str, methods: &'static [(&'static str, &'static str)]) -> Route {
    Route { template, methods }
}

static ROUTER: LazyLock<Router<&'static Route>> = LazyLock::new(|| {
    let mut router = Router::new();
    for route in ROUTES {
        router
            .insert(route.template, route)
            .expect("no two templates in the table match the same path");
    }
    router
});

/// The route a path belongs to, unless it belongs to none.
#[must_use]
pub fn find(path: &str) -> Option<&'static Route> {
    ROUTER.at(path).ok().map(|found| *found.value)
}

impl Route {
    /// Whether the operator's programs ask here, as often as they like.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        ["/healthz", "/readyz", "/metrics"].contains(&self.template)
    }

    /// The parameters that what is answered to a `GET` depends on, where it is the same for everybody; none where it is one
    /// visitor's or never the same twice.
    #[must_use]
    pub fn params(&self) -> Option<&'static [&'static str]> {
        match self.template {
            "/" | "/today" | "/weekend" | "/online" | "/state/{uf}" | "/city/{uf}/{city}"
            | "/technology/{name}" => Some(&PAGE_PARAMS),
            "/events.ics" | "/feed.atom" | "/feed.json" => Some(&FEED_PARAMS),
            "/embed" => Some(&EMBED_PARAMS),
            "/oembed" => Some(&OEMBED_PARAMS),
            "/events/{id}/card.png" => Some(&CARD_PARAMS),
            "/api/events" | "/api/events/" => Some(&LIST_PARAMS),
            "/events/{id}"
            | "/events/{id}/event.ics"
            | "/api/events/{id}"
            | "/api/openapi.json"
            | "/docs"
            | "/card.png"
            | "/robots.txt"
            | "/sitemap.xml"
            | "/sitemap/{file}"
            | "/static/{file}"
            | "/site.webmanifest" => Some(&[]),
            _ => None,
        }
    }

    /// Whether what it answers to everybody stays the same for as long as this build runs, whatever becomes of events.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        [
            "/static/{file}",
            "/card.png",
            "/docs",
            "/api/openapi.json",
            "/robots.txt",
            "/site.webmanifest",
        ]
        .contains(&self.template)
    }

    /// Whether this is the operator's own.
    #[must_use]
    pub fn is_operators(&self) -> bool {
        self.template.starts_with("/admin")
    }

    /// The methods of this path, as an `Allow` header has them (RFC 9110 §10.2.1).
    #[must_use]
    pub fn allow(&self) -> String {
        let mut methods = Vec::new();
        for (method, _) in self.methods {
            methods.push(*method);
            if *method == "GET" {
                methods.push("HEAD");
            }
        }
        methods.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_path_finds_its_template_and_its_methods() {
        for (path, template, allow) in [
            ("/events/42", "/events/{id}", "GET, HEAD"),
            ("/events/new", "/events/new", "GET, HEAD"),
            ("/events/edit/edit", "/events/edit/{token}", "GET, HEAD"),
            ("/events/", "/events/", "GET, HEAD, POST"),
            (
                "/api/events/by-token/x/rotate",
                "/api/events/by-token/{token}/rotate",
                "POST",
            ),
        ] {
            let route = find(path).unwrap();
            assert_eq!((route.template, route.allow().as_str()), (template, allow));
        }
        assert!(find("/nope").is_none());
        assert!(find("/events/42/nope").is_none());
    }
}
