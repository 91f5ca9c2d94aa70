//! Black-box tests of the board through HTTP, one file a route, and the rules of the repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod anything;
mod api;
mod backup;
mod board;
mod cache;
mod calendar;
mod card;
mod create;
mod database;
mod detail;
mod discovery;
mod edit;
mod embed;
mod errors;
mod faults;
mod feeds;
mod finding;
mod gateway;
mod import;
mod lambda;
mod languages;
mod life;
mod limits;
mod list;
mod live;
mod log;
mod manifests;
mod metrics;
mod migrations;
mod network;
mod openapi;
mod operator;
mod pooler;
mod previews;
mod promises;
mod replay;
mod round_trip;
mod search;
mod secrets;
mod security;
mod seed;
mod site;
mod sitemap;
mod tidy;
mod wire;

/// The way requests take here.
const WAY: site::Way = site::Way::Server;
