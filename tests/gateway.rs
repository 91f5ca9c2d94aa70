//! The black-box tests of `main.rs`, but calling the functions through an emulated API Gateway.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod admin;
mod api_change;
mod api_gateway;
mod api_publish;
mod api_tokens;
mod backup;
mod calendar;
mod calendar_list;
mod card;
mod client;
mod conditional_requests;
mod copy_event;
mod create;
mod create_form;
mod database;
mod database_failures;
mod database_proxy;
mod detail;
mod edit;
mod embed;
mod errors;
mod event_lifecycle;
mod export;
mod feeds;
mod form_spam;
mod front_page_filters;
mod idempotency;
mod landing_pages;
mod languages;
mod list;
mod live;
mod log;
mod metrics;
mod network;
mod openapi;
mod openapi_conformance;
mod page_metadata;
mod programs;
mod random_requests;
mod response;
mod round_trip;
mod routing;
mod search;
mod security_headers;
mod site;
mod sitemap;
mod token_secrecy;

/// The transport of the requests that the tests in `gateway` send.
const TRANSPORT: site::Transport = site::Transport::ApiGateway;
