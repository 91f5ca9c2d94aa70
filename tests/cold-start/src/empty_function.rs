//! The smallest Lambda function that responds to an invocation: the baseline of the cold-start measurements.

use std::convert::Infallible;

use lambda_http::{Body, Error, Request, Response, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(respond)).await
}

async fn respond(_: Request) -> Result<Response<Body>, Infallible> {
    Ok(Response::new(Body::Text("ok".to_owned())))
}
