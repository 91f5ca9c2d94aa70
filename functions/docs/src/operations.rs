//! Every operation of the API: parameters, request body and responses of each path and method in `shared::routes`.

use crate::operation::{
    BY_TOKEN, Body,
    Content::{Empty, Json, Lines, Other, Page},
    EVENTS, FILES, OPERATIONS, OPERATOR, Operation, PAGES,
};

/// The filters of the list in JSON.
const LIST_FILTERS: [&str; 9] = [
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
/// The filters of the list pages, where `when` has more values.
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
/// The filters of feeds, which accept any value: an invalid one matches no event.
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

/// Every operation, in the order of the documentation.
pub(crate) fn operations() -> Vec<Operation> {
    [
        events(),
        by_token(),
        feeds(),
        files(),
        lists(),
        pages(),
        publishing_pages(),
        editing_pages(),
        monitoring(),
        admin(),
    ]
    .into_iter()
    .flatten()
    .map(Operation::with_language_of_problems)
    .collect()
}

/// The events in JSON.
fn events() -> Vec<Operation> {
    let list = Operation::get("/api/events/", "listEvents", EVENTS)
        .with_parameters(&LIST_FILTERS)
        .with_parameters(&["limit", "offset", "skip", "cursor"])
        .with_parameters(&["If-None-Match"])
        .with_response(200, Json("EventList"), &["ETag", "Link"])
        .with_response(304, Empty, &["ETag", "Link"])
        .with_errors(&[400]);
    let publish = Operation::post("/api/events/", "publishEvent", EVENTS)
        .with_parameters(&["Idempotency-Key"])
        .with_body(Body::Event)
        .with_response(201, Json("OwnEvent"), &["Location", "ETag"])
        .with_errors(&[409]);
    vec![
        list.alias_at("/api/events"),
        list,
        publish.alias_at("/api/events"),
        publish,
        Operation::get("/api/events/{id}", "readEvent", EVENTS).conditional(Json("Event")),
        Operation::get("/api/events/export", "exportEvents", EVENTS)
            .with_parameters(&["after"])
            .with_response(200, Lines("Event"), &["Link"])
            .with_errors(&[400]),
    ]
}

/// One event, authorized by its edit token.
fn by_token() -> Vec<Operation> {
    let path = "/api/events/by-token/{token}";
    let own = |operation: Operation| operation.with_response(200, Json("OwnEvent"), &["ETag"]);
    let write = |method, path, id| {
        Operation::new(method, path, id, BY_TOKEN)
            .with_parameters(&["If-Match"])
            .with_errors(&[412])
    };
    vec![
        own(Operation::get(path, "readOwnEvent", BY_TOKEN)),
        own(write("PUT", path, "replaceEvent").with_body(Body::Event)),
        own(write("PATCH", path, "changeEvent").with_body(Body::Patch)),
        write("DELETE", path, "deleteEvent").with_response(204, Empty, &[]),
        own(write(
            "POST",
            "/api/events/by-token/{token}/rotate",
            "rotateToken",
        )),
    ]
}

/// Calendars, feeds and the other formats that programs subscribe to.
fn feeds() -> Vec<Operation> {
    let feed = |path, id, media_type| {
        Operation::get(path, id, FILES)
            .with_parameters(&FEED_FILTERS)
            .with_parameters(&["lang"])
            .conditional(Other(media_type))
    };
    vec![
        Operation::get("/api/openapi.json", "readOpenapi", FILES)
            .with_parameters(&["lang", "Accept-Language"])
            .conditional(Json("OpenApi")),
        feed("/events.ics", "readCalendar", "text/calendar"),
        Operation::get("/events/{id}/event.ics", "readEventCalendar", FILES)
            .with_parameters(&["lang"])
            .conditional(Other("text/calendar")),
        feed("/feed.atom", "readAtom", "application/atom+xml"),
        feed("/feed.json", "readJsonFeed", "application/feed+json"),
        Operation::get("/oembed", "readOembed", FILES)
            .with_parameters(&["url", "maxwidth", "maxheight", "format", "lang"])
            .conditional(Json("Oembed"))
            .with_errors(&[400, 404, 501]),
    ]
}

/// Preview images, and what browsers and crawlers fetch beside pages.
fn files() -> Vec<Operation> {
    let xml = Other("application/xml");
    vec![
        Operation::get("/events/{id}/card.png", "readCard", FILES)
            .with_parameters(&["lang", "v", "Accept-Language"])
            .conditional(Other("image/png")),
        Operation::get("/card.png", "readBoardCard", FILES)
            .with_parameters(&["lang", "Accept-Language"])
            .conditional(Other("image/png")),
        Operation::get("/robots.txt", "readRobotsTxt", FILES).conditional(Other("text/plain")),
        Operation::get("/sitemap.xml", "readSitemap", FILES).conditional(xml),
        Operation::get("/sitemap/{file}", "readSitemapPart", FILES).conditional(xml),
        Operation::get("/site.webmanifest", "readWebManifest", FILES)
            .conditional(Other("application/manifest+json")),
        Operation::get("/static/{file}", "readStaticFile", FILES).conditional(Other("*/*")),
    ]
}

/// The list page, its landing pages and the embeddable list.
fn lists() -> Vec<Operation> {
    let list = |path, id, filters: &[&'static str]| {
        Operation::page(path, id)
            .with_parameters(filters)
            .with_parameters(&["cursor"])
            .with_errors(&[400])
            .conditional_page()
    };
    // The path of a landing page sets these filters, so that the query cannot.
    let landing_page = |path, id, set_by_path: &[&str]| {
        let mut filters = PAGE_FILTERS.to_vec();
        filters.retain(|name| !set_by_path.contains(name));
        list(path, id, &filters)
    };
    // Other spellings of the path redirect to the canonical one.
    let named = |path, id, set_by_path| {
        landing_page(path, id, set_by_path).with_response(308, Empty, &["Location"])
    };
    vec![
        list("/", "showEvents", &PAGE_FILTERS),
        landing_page("/today", "showToday", &["from", "to"]),
        landing_page("/weekend", "showWeekend", &["from", "to"]),
        landing_page("/online", "showOnline", &["attendance"]),
        named("/state/{uf}", "showState", &["state"]),
        named("/city/{uf}/{city}", "showCity", &["city", "state"]),
        named("/technology/{name}", "showTechnology", &["technology"]),
        Operation::page("/embed", "showEmbed")
            .with_parameters(&FEED_FILTERS)
            .with_parameters(&["query-id"])
            .with_errors(&[404])
            .conditional_page(),
    ]
}

/// The redirect from the old list, and the pages that only show.
fn pages() -> Vec<Operation> {
    let old_list = Operation::get("/events/", "redirectToEvents", PAGES)
        .with_parameters(&["lang"])
        .with_response(308, Empty, &["Location"]);
    vec![
        old_list.alias_at("/events"),
        old_list,
        Operation::page("/events/{id}", "showEvent").conditional_page(),
        Operation::page("/docs", "showDocs").conditional_page(),
    ]
}

/// The pages to publish an event.
fn publishing_pages() -> Vec<Operation> {
    let submit = event_form("/events/", "postEvent");
    vec![
        Operation::page("/events/new", "showForm").with_parameters(&["copy"]),
        submit.alias_at("/events"),
        submit,
        Operation::page("/events/{id}/created", "showSecretLink").with_response(
            303,
            Empty,
            &["Location"],
        ),
    ]
}

/// The pages to edit and delete an event, authorized by a cookie.
fn editing_pages() -> Vec<Operation> {
    let authorized = |operation: Operation| operation.with_errors(&[403]);
    let empty_form = |path, id| {
        authorized(Operation::post(path, id, PAGES))
            .with_parameters(&["lang"])
            .with_body(Body::EmptyForm)
            .with_response(303, Empty, &["Location"])
    };
    vec![
        Operation::get("/events/edit/{token}", "enter", PAGES)
            .with_parameters(&["lang"])
            .with_response(303, Empty, &["Location"]),
        authorized(Operation::page("/events/{id}/edit", "showEditForm")),
        authorized(event_form("/events/{id}/edit", "postChange")),
        authorized(Operation::page("/events/{id}/delete", "askToDelete")),
        empty_form("/events/{id}/delete", "postDeletion"),
        empty_form("/events/{id}/rotate", "postRotation"),
    ]
}

/// The submission of an event's form, which is shown again with its errors (422) or with the other version (409).
fn event_form(path: &'static str, id: &'static str) -> Operation {
    Operation::post(path, id, PAGES)
        .with_parameters(&["lang"])
        .with_body(Body::EventForm)
        .with_response(303, Empty, &["Location"])
        .with_response(409, Page, &[])
        .with_response(422, Page, &[])
}

/// Health checks, metrics and the security contact.
fn monitoring() -> Vec<Operation> {
    let plain = Other("text/plain");
    // Probes are exempt from rate limits.
    let probe = |path, id| {
        Operation::get(path, id, OPERATIONS)
            .without_responses(&[414, 429])
            .with_response(200, plain, &[])
    };
    vec![
        probe("/healthz", "isAlive").without_responses(&[503]),
        probe("/readyz", "isReady"),
        probe("/metrics", "readMetrics"),
        Operation::get("/.well-known/security.txt", "readSecurityTxt", OPERATIONS)
            .conditional(plain)
            .with_errors(&[404]),
    ]
}

/// The operator's moderation pages.
fn admin() -> Vec<Operation> {
    let authorized = |operation: Operation| operation.with_errors(&[401, 404]);
    let form = |path, id| {
        authorized(Operation::post(path, id, OPERATOR))
            .with_body(Body::OperatorForm)
            .with_response(303, Empty, &["Location"])
    };
    vec![
        authorized(Operation::page("/admin", "showLatest"))
            .tagged(OPERATOR)
            .with_parameters(&["before", "source", "hidden"])
            .with_errors(&[400]),
        form("/admin/hide", "hideEvents"),
        form("/admin/restore", "restoreEvents"),
    ]
}
