//! The `create` function on AWS Lambda.

use lambda_http::Error;
use shared::{
    app::App,
    config::Settings,
    layers,
    telemetry::{self, Output},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let settings = Settings::from_environment()?.for_one_request_at_a_time();
    telemetry::start_logging(&settings, Output::Stdout);
    let app = App::new(settings)?;
    lambda_http::run(layers::wrap(create::router(), &app)).await
}
