//! All operations of the API: parameters, request body and responses of each path and method in `shared::routes`.

use shared::routes::paths;

use crate::operation::{
    BY_TOKEN, Body,
    Content::{Empty, Json, Lines, Other, Page},
    EVENTS, FILES, OPERATIONS, OPERATOR, Operation, PAGES,
};

/// The filter parameters of the event list in JSON.
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
/// The filter parameters of the list pages, where `when` has more values than in JSON.
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
/// The filter parameters of calendars and feeds, which accept any value: an invalid one matches no event.
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

/// Returns all operations, in the order of the documentation.
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

/// Returns the operations on public events in JSON.
fn events() -> Vec<Operation> {
    let list = Operation::get(paths::API_EVENTS, "listEvents", EVENTS)
        .with_parameters(&LIST_FILTERS)
        .with_parameters(&["limit", "offset", "skip", "cursor"])
        .with_parameters(&["If-None-Match"])
        .with_response(200, Json("EventList"), &["ETag", "Link"])
        .with_response(304, Empty, &["ETag", "Link"])
        .with_errors(&[400]);
    let publish = Operation::post(paths::API_EVENTS, "publishEvent", EVENTS)
        .with_parameters(&["Idempotency-Key"])
        .with_body(Body::Event)
        .with_response(201, Json("OwnEvent"), &["Location", "ETag"])
        .with_errors(&[409]);
    vec![
        list.alias_at(paths::API_EVENTS_WITHOUT_SLASH),
        list,
        publish.alias_at(paths::API_EVENTS_WITHOUT_SLASH),
        publish,
        Operation::get(paths::API_EVENT, "readEvent", EVENTS).conditional(Json("Event")),
        Operation::get(paths::API_EXPORT, "exportEvents", EVENTS)
            .with_parameters(&["after"])
            .with_response(200, Lines("Event"), &["Link"])
            .with_errors(&[400]),
    ]
}

/// Returns the operations on one event that are authorized by its edit token.
fn by_token() -> Vec<Operation> {
    let path = paths::API_BY_TOKEN;
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
        own(write("POST", paths::API_ROTATE, "rotateToken")),
    ]
}

/// Returns the operations for calendars, feeds and the other formats that programs subscribe to.
fn feeds() -> Vec<Operation> {
    let feed = |path, id, media_type| {
        Operation::get(path, id, FILES)
            .with_parameters(&FEED_FILTERS)
            .with_parameters(&["lang"])
            .conditional(Other(media_type))
    };
    vec![
        Operation::get(paths::OPENAPI, "readOpenapi", FILES)
            .with_parameters(&["lang", "Accept-Language"])
            .conditional(Json("OpenApi")),
        feed(paths::CALENDAR, "readCalendar", "text/calendar"),
        Operation::get(paths::EVENT_CALENDAR, "readEventCalendar", FILES)
            .with_parameters(&["lang"])
            .conditional(Other("text/calendar")),
        feed(paths::ATOM_FEED, "readAtom", "application/atom+xml"),
        feed(paths::JSON_FEED, "readJsonFeed", "application/feed+json"),
        Operation::get(paths::OEMBED, "readOembed", FILES)
            .with_parameters(&["url", "maxwidth", "maxheight", "format", "lang"])
            .conditional(Json("Oembed"))
            .with_errors(&[400, 404, 501]),
    ]
}

/// Returns the operations for preview images, and for the files that browsers and crawlers request in addition to
/// pages.
fn files() -> Vec<Operation> {
    let xml = Other("application/xml");
    let icon = |path, id| Operation::get(path, id, FILES).conditional(Other("image/png"));
    let apple_touch_icon = icon(paths::APPLE_TOUCH_ICON, "readAppleTouchIcon");
    vec![
        Operation::get(paths::EVENT_CARD, "readCard", FILES)
            .with_parameters(&["lang", "v", "Accept-Language"])
            .conditional(Other("image/png")),
        Operation::get(paths::CARD, "readBoardCard", FILES)
            .with_parameters(&["lang", "Accept-Language"])
            .conditional(Other("image/png")),
        Operation::get(paths::ROBOTS_TXT, "readRobotsTxt", FILES).conditional(Other("text/plain")),
        Operation::get(paths::SITEMAP, "readSitemap", FILES).conditional(xml),
        Operation::get(paths::SITEMAP_PART, "readSitemapPart", FILES).conditional(xml),
        Operation::get(paths::WEB_MANIFEST, "readWebManifest", FILES)
            .conditional(Other("application/manifest+json")),
        icon(paths::FAVICON, "readIcon"),
        apple_touch_icon.alias_at(paths::APPLE_TOUCH_ICON_PRECOMPOSED),
        apple_touch_icon,
        Operation::get(paths::STATIC_FILE, "readStaticFile", FILES).conditional(Other("*/*")),
    ]
}

/// Returns the operations for the list page, its landing pages and the embeddable list.
fn lists() -> Vec<Operation> {
    let list = |path, id, filters: &[&'static str]| {
        Operation::page(path, id)
            .with_parameters(filters)
            .with_parameters(&["cursor"])
            .with_errors(&[400])
            .conditional_page()
    };
    // The path of a landing page sets some filters, which the query then cannot set.
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
        list(paths::HOME, "showEvents", &PAGE_FILTERS),
        landing_page(paths::TODAY, "showToday", &["from", "to"]),
        landing_page(paths::WEEKEND, "showWeekend", &["from", "to"]),
        landing_page(paths::ONLINE, "showOnline", &["attendance"]),
        named(paths::STATE, "showState", &["state"]),
        named(paths::CITY, "showCity", &["city", "state"]),
        named(paths::TECHNOLOGY, "showTechnology", &["technology"]),
        Operation::page(paths::EMBED, "showEmbed")
            .with_parameters(&FEED_FILTERS)
            .with_parameters(&["query-id"])
            .with_errors(&[404])
            .conditional_page(),
    ]
}

/// Returns the operations for the redirect from the previous path of the list, the page of an event, and the
/// documentation.
fn pages() -> Vec<Operation> {
    let old_list = Operation::get(paths::EVENTS, "redirectToEvents", PAGES)
        .with_parameters(&["lang"])
        .with_response(308, Empty, &["Location"]);
    vec![
        old_list.alias_at(paths::EVENTS_WITHOUT_SLASH),
        old_list,
        Operation::page(paths::EVENT, "showEvent").conditional_page(),
        Operation::page(paths::DOCS, "showDocs").conditional_page(),
    ]
}

/// Returns the operations for the pages that publish an event.
fn publishing_pages() -> Vec<Operation> {
    let submit = event_form(paths::EVENTS, "postEvent");
    vec![
        Operation::page(paths::NEW_EVENT, "showForm").with_parameters(&["copy"]),
        submit.alias_at(paths::EVENTS_WITHOUT_SLASH),
        submit,
        Operation::page(paths::EVENT_CREATED, "showSecretLink").with_response(
            303,
            Empty,
            &["Location"],
        ),
    ]
}

/// Returns the operations for the pages that edit and delete an event, authorized by a cookie.
fn editing_pages() -> Vec<Operation> {
    let authorized = |operation: Operation| operation.with_errors(&[403]);
    let empty_form = |path, id| {
        authorized(Operation::post(path, id, PAGES))
            .with_parameters(&["lang"])
            .with_body(Body::EmptyForm)
            .with_response(303, Empty, &["Location"])
    };
    vec![
        Operation::get(paths::EDIT_LINK, "enter", PAGES)
            .with_parameters(&["lang"])
            .with_response(303, Empty, &["Location"]),
        authorized(Operation::page(paths::EVENT_EDIT, "showEditForm")),
        authorized(event_form(paths::EVENT_EDIT, "postChange")),
        authorized(Operation::page(paths::EVENT_DELETE, "askToDelete")),
        empty_form(paths::EVENT_DELETE, "postDeletion"),
        empty_form(paths::EVENT_ROTATE, "postRotation"),
    ]
}

/// Builds the operation that submits the HTML form of an event. The form is rendered again with its errors (422) or
/// after a conflict (409).
fn event_form(path: &'static str, id: &'static str) -> Operation {
    Operation::post(path, id, PAGES)
        .with_parameters(&["lang"])
        .with_body(Body::EventForm)
        .with_response(303, Empty, &["Location"])
        .with_response(409, Page, &[])
        .with_response(422, Page, &[])
}

/// Returns the operations for health checks, metrics and the security contact.
fn monitoring() -> Vec<Operation> {
    let plain = Other("text/plain");
    // Probes are exempt from rate limits.
    let probe = |path, id| {
        Operation::get(path, id, OPERATIONS)
            .without_responses(&[414, 429])
            .with_response(200, plain, &[])
    };
    vec![
        probe(paths::HEALTHZ, "isAlive").without_responses(&[503]),
        probe(paths::READYZ, "isReady"),
        probe(paths::METRICS, "readMetrics"),
        Operation::get(paths::SECURITY_TXT, "readSecurityTxt", OPERATIONS)
            .conditional(plain)
            .with_errors(&[404]),
    ]
}

/// Returns the operations for the operator's moderation pages.
fn admin() -> Vec<Operation> {
    let authorized = |operation: Operation| operation.with_errors(&[401, 404]);
    let form = |path, id| {
        authorized(Operation::post(path, id, OPERATOR))
            .with_body(Body::OperatorForm)
            .with_response(303, Empty, &["Location"])
    };
    vec![
        authorized(Operation::page(paths::ADMIN, "showLatest"))
            .tagged(OPERATOR)
            .with_parameters(&["before", "source", "hidden"])
            .with_errors(&[400]),
        form(paths::ADMIN_HIDE, "hideEvents"),
        form(paths::ADMIN_RESTORE, "restoreEvents"),
    ]
}
