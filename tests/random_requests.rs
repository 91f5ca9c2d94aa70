//! Property test: no request causes a 5xx response, and a JSON response contains valid JSON.

use axum::body::Body;
use http::{HeaderValue, Method, Request, header};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use shared::routes::ROUTES;
use tokio::runtime::Runtime;

use crate::site::{NOW, Site, event};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW",
];
const PARAMETERS: [&str; 16] = [
    "q",
    "search",
    "technology",
    "city",
    "state",
    "when",
    "from",
    "to",
    "limit",
    "offset",
    "skip",
    "cursor",
    "after",
    "lang",
    "before",
    "source",
];
const FIELDS: [&str; 17] = [
    "title",
    "description",
    "date",
    "end_date",
    "timezone",
    "location",
    "city",
    "state",
    "attendance",
    "status",
    "url",
    "organizer",
    "technologies",
    "version",
    "key",
    "id",
    "source",
];
const HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "content-type",
    "cookie",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "origin",
    "x-forwarded-for",
    "x-request-id",
];
/// Values with a meaning in some parameter, field or header of the site.
const MEANINGFUL_VALUES: [&str; 22] = [
    "",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "2027-06-01T19:00",
    "2027-02-30",
    "10000-01-01T00:00",
    "America/Sao_Paulo",
    "hybrid",
    "cancelled",
    "upcoming",
    "past",
    "%00",
    "\"1-1\"",
    "*",
    "application/json",
    "application/x-www-form-urlencoded",
    "edit_token=x; edit_token=y",
    "Bearer correct horse battery staple",
    "https://site.example",
    "{\"title\":\"x\",\"date\":\"2027-06-01T19:00\",\"location\":\"y\"}",
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&MEANINGFUL_VALUES[..]).prop_map(str::to_owned),
        any::<String>()
    ]
}

fn pairs(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec((select(names), value()), 0..6).prop_map(|pairs| {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    })
}

/// Returns a strategy that generates paths: those of the site's routes with random parameters, and others.
fn path() -> impl Strategy<Value = String> {
    let parameter = prop_oneof![Just("1".to_owned()), value()];
    let of_routes = (0..ROUTES.len(), parameter).prop_map(|(route, value)| {
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let template = ROUTES[route].path;
        ["{id}", "{token}", "{file}"]
            .iter()
            .fold(template.to_owned(), |path, name| {
                path.replace(name, &encoded)
            })
    });
    prop_oneof![9 => of_routes, 1 => "(/[!-~&&[^?#]]{0,12}){1,4}"]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let members = prop::collection::vec((select(&FIELDS[..]), value()), 0..8);
    let json = members.prop_map(|members| {
        let members = members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()));
        serde_json::Value::Object(members.collect())
            .to_string()
            .into_bytes()
    });
    let form = pairs(&FIELDS).prop_map(String::into_bytes);
    prop_oneof![json, form, prop::collection::vec(any::<u8>(), 0..300)]
}

#[test]
fn no_request_causes_a_server_error() {
    let runtime = Runtime::new().unwrap();
    let site = runtime.block_on(Site::with_settings(
        NOW,
        &[("ADMIN_TOKEN", "correct horse battery staple")],
    ));
    runtime.block_on(site.given(event("Published")));
    let headers = prop::collection::vec((select(&HEADERS[..]), value()), 0..5);
    let requests = (
        select(&METHODS[..]),
        path(),
        pairs(&PARAMETERS),
        headers,
        body(),
    );
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 1_500,
        ..ProptestConfig::default()
    });
    let result = runner.run(&requests, |(method, path, query, headers, body)| {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        let Ok(uri) = format!("{path}?{query}").parse() else {
            return Ok(());
        };
        *request.uri_mut() = uri;
        request
            .headers_mut()
            .insert(header::HOST, HeaderValue::from_static("site.example"));
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                request.headers_mut().insert(name, value);
            }
        }
        let response = runtime.block_on(site.send(request));
        prop_assert!(response.status.as_u16() < 500, "{}", response);
        if response.header(header::CONTENT_TYPE).ends_with("json") {
            prop_assert!(
                serde_json::from_slice::<serde_json::Value>(&response.bytes).is_ok()
                    || response.bytes.is_empty()
            );
        }
        Ok(())
    });
    result.unwrap_or_else(|failed| panic!("{failed}"));
    // The site's connections must be dropped before this runtime.
    drop(site);
}
