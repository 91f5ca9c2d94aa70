//! Emulates an HTTP API of API Gateway with the routes of `template.yaml`: each request becomes an event (payload
//! format 2.0) for the function of the matching route key, and the function's output becomes the response
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>).

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{Router, body::Body};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt;
use lambda_http::{Adapter, Context, LambdaEvent, request::LambdaRequest};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use shared::{
    app::App,
    clock::Clock,
    config::{DatabaseUrl, Settings},
    http::Peer,
    lambda,
    store::Db,
    telemetry::{EmbeddedMetrics, Metrics},
};
use tower::ServiceExt;

use crate::response::Response;

/// The IP address of the client of a request that states no other.
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// An emulated API Gateway: the functions by name, and the route keys that lead to them.
pub(crate) struct ApiGateway {
    functions: HashMap<&'static str, Router>,
    routes: RouteKeys,
}

impl ApiGateway {
    /// Creates the emulated API Gateway, with a separate state for each function: on Lambda, each is its own process.
    pub(crate) fn new(url: &DatabaseUrl, clock: &Clock, settings: Settings) -> Self {
        let settings = Arc::new(settings);
        let app = |name| App {
            db: Db::new(url, &settings).unwrap(),
            facets: Default::default(),
            clock: clock.clone(),
            metrics: Metrics::EmbeddedMetrics(EmbeddedMetrics::new(name, &settings)),
            settings: settings.clone(),
            concurrency: Arc::default(),
            rate_limits: None,
        };
        let routers = [
            ("list", list::router()),
            ("detail", detail::router()),
            ("create", create::router()),
            ("edit", edit::router()),
            ("feeds", ::feeds::router()),
            ("site", ::site::router()),
            ("admin", ::admin::router()),
            ("metrics", metrics_function::router()),
            ("docs", docs::router()),
            ("card", card::router()),
        ];
        Self {
            functions: routers
                .into_iter()
                .map(|(name, router)| (name, lambda::function_router(router, &app(name))))
                .collect(),
            routes: RouteKeys::of_template(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response {
        let path = decoded(request.uri().path());
        let (key, function) = self.routes.choose(request.method(), &path);
        let (key, function) = (key.to_owned(), function.to_owned());
        self.send_to(&function, &key, request).await
    }

    /// Sends a request to the named function as if API Gateway had matched the route key `key`.
    pub(crate) async fn send_to(
        &self,
        function: &str,
        key: &str,
        request: Request<Body>,
    ) -> Response {
        let head = request.method() == Method::HEAD;
        let event = event(request, key).await;
        let response = self.invoke(function, &event).await.unwrap();
        let mut response = Response::of(http_response(&response)).await;
        if head {
            response.bytes.clear();
        }
        response
    }

    /// Invokes the named function with an event and returns its output, both in API Gateway's JSON format.
    ///
    /// # Errors
    /// Returns an error when the event is not a request from an HTTP API.
    pub(crate) async fn invoke(
        &self,
        function: &str,
        event: &Value,
    ) -> Result<Value, serde_json::Error> {
        let request: LambdaRequest = serde_json::from_str(&event.to_string())?;
        let mut context = Context::default();
        "8b1f5a7e-invocation".clone_into(&mut context.request_id);
        let function = Adapter::from(self.functions[function].clone());
        let response = function.oneshot(LambdaEvent::new(request, context)).await;
        serde_json::to_value(response.unwrap())
    }
}

/// Returns the percent-decoded path, as API Gateway passes it to a function.
fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

async fn event(request: Request<Body>, key: &str) -> Value {
    let (parts, body) = request.into_parts();
    let Peer(peer) = parts.extensions.get().copied().unwrap_or(Peer(PEER));
    let peer = peer.to_string();
    let path = decoded(parts.uri.path());
    let body = body.collect().await.unwrap().to_bytes();
    let text = |name| {
        parts
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let cookies: Vec<String> = text(header::COOKIE)
        .flat_map(|cookies| cookies.split("; ").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let names = parts.headers.keys().filter(|name| *name != header::COOKIE);
    let mut headers: Map<String, Value> = names
        .map(|name| {
            let values: Vec<_> = text(name.clone()).collect();
            (name.to_string(), values.join(",").into())
        })
        .collect();
    for (name, value) in [
        ("x-forwarded-for", peer.as_str()),
        ("x-forwarded-port", "443"),
        ("x-forwarded-proto", "https"),
    ] {
        headers.entry(name).or_insert_with(|| value.into());
    }
    let media_type = headers
        .get("content-type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_text = media_type.starts_with("text/") || media_type.contains("json");
    let (body, base64) = match std::str::from_utf8(&body) {
        Ok("") => (Value::Null, false),
        Ok(text) if is_text => (text.into(), false),
        _ => (BASE64_STANDARD.encode(&body).into(), true),
    };
    json!({
        "version": "2.0",
        "routeKey": key,
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "cookies": cookies,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "api-id.execute-api.sa-east-1.amazonaws.com",
            "domainPrefix": "api-id",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": peer,
                "userAgent": "tests",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": key,
            "stage": "$default",
            "time": "01/Jan/2027:12:00:00 +0000",
            "timeEpoch": 1_798_804_800_000_i64,
        },
        "body": body,
        "isBase64Encoded": base64,
    })
}

/// Converts the output of a function to the HTTP response that API Gateway builds from it.
pub(crate) fn http_response(output: &Value) -> http::Response<Body> {
    let mut response =
        http::Response::builder().status(output["statusCode"].as_u64().unwrap() as u16);
    let headers: &mut HeaderMap = response.headers_mut().unwrap();
    for (name, value) in output["headers"].as_object().unwrap() {
        let name: header::HeaderName = name.parse().unwrap();
        headers.append(name, value.as_str().unwrap().parse().unwrap());
    }
    for cookie in output["cookies"].as_array().unwrap() {
        headers.append(
            header::SET_COOKIE,
            cookie.as_str().unwrap().parse().unwrap(),
        );
    }
    let body = output["body"].as_str().unwrap_or_default();
    let body = if output["isBase64Encoded"] == true {
        BASE64_STANDARD.decode(body).unwrap()
    } else {
        body.as_bytes().to_vec()
    };
    response.body(body.into()).unwrap()
}

/// The route keys of `template.yaml`, and the names of the functions that handle them.
pub(crate) struct RouteKeys {
    /// The name of the function for each route key, such as `GET /events/{id}`.
    pub(crate) functions: BTreeMap<String, String>,
    full: HashMap<String, matchit::Router<String>>,
    greedy: HashMap<String, matchit::Router<String>>,
}

impl RouteKeys {
    pub(crate) fn of_template() -> Self {
        let text = include_str!("../template.yaml");
        let template: serde_norway::Value = serde_norway::from_str(text).unwrap();
        let mut routes = Self {
            functions: BTreeMap::new(),
            full: HashMap::new(),
            greedy: HashMap::new(),
        };
        for resource in template["Resources"].as_mapping().unwrap().values() {
            if resource["Type"] != "AWS::Serverless::Function" {
                continue;
            }
            let properties = &resource["Properties"];
            let code = properties["CodeUri"].as_str().unwrap();
            let function = code.trim_matches('/').rsplit('/').next().unwrap();
            for event in properties["Events"].as_mapping().unwrap().values() {
                routes.add(function, &event["Properties"]);
            }
        }
        routes
    }

    fn add(&mut self, function: &str, event: &serde_norway::Value) {
        let (Some(method), Some(path)) = (event["Method"].as_str(), event["Path"].as_str()) else {
            self.functions
                .insert("$default".to_owned(), function.to_owned());
            return;
        };
        let key = format!("{method} {path}");
        let routers = if path.ends_with("+}") {
            &mut self.greedy
        } else {
            &mut self.full
        };
        let pattern = path.replace("{proxy+}", "{*proxy}");
        let router = routers.entry(method.to_owned()).or_default();
        router.insert(pattern, key.clone()).unwrap();
        let previous = self.functions.insert(key, function.to_owned());
        assert_eq!(
            previous, None,
            "{method} {path} is defined twice in template.yaml"
        );
    }

    /// Returns the route key and the function of a request. A full path precedes a greedy one, and a specific method
    /// precedes ANY; `$default` is the last resort.
    pub(crate) fn choose(&self, method: &Method, path: &str) -> (&str, &str) {
        let matched = [&self.full, &self.greedy].into_iter().find_map(|routers| {
            [method.as_str(), "ANY"]
                .into_iter()
                .find_map(|method| Some(routers.get(method)?.at(path).ok()?.value.as_str()))
        });
        let key = matched.unwrap_or("$default");
        (key, &self.functions[key])
    }
}
