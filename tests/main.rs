//! Black-box tests of the site through HTTP, calling the router of `local-server`, and checks of the repository itself.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod admin;
mod api_change;
mod api_gateway;
mod api_publish;
mod api_tokens;
mod architecture;
mod backup;
mod cache;
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
mod fuzz_corpus;
mod idempotency;
mod import;
mod kubernetes_manifests;
mod lambda;
mod landing_pages;
mod languages;
mod limits;
mod list;
mod live;
mod log;
mod metrics;
mod migrations;
mod network;
mod openapi;
mod openapi_conformance;
mod page_metadata;
mod pooler;
mod programs;
mod random_requests;
mod repository;
mod response;
mod round_trip;
mod routing;
mod search;
mod security_headers;
mod seed;
mod settings;
mod site;
mod sitemap;
mod tidy;
mod token_secrecy;
mod transport_equivalence;
mod wording;

/// The transport of the requests that the tests in `main` send.
const TRANSPORT: site::Transport = site::Transport::Router;
