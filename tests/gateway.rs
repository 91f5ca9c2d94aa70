//! The same black-box tests once more, through the functions behind an API Gateway.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod api;
mod api_gateway;
mod backup;
mod calendar;
mod card;
mod client;
mod create;
mod database;
mod database_failures;
mod database_proxy;
mod detail;
mod edit;
mod embed;
mod errors;
mod event_lifecycle;
mod feeds;
mod front_page_filters;
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
mod random_requests;
mod response;
mod round_trip;
mod search;
mod security_headers;
mod site;
mod sitemap;
mod token_secrecy;

/// The way requests take here.
const TRANSPORT: site::Transport = site::Transport::ApiGateway;
