//! The same black-box tests once more, through the functions behind an API Gateway.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod anything;
mod api;
mod backup;
mod board;
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
mod languages;
mod life;
mod list;
mod live;
mod log;
mod metrics;
mod network;
mod openapi;
mod operator;
mod previews;
mod promises;
mod round_trip;
mod search;
mod secrets;
mod security;
mod site;
mod sitemap;
mod wire;

/// The way requests take here.
const WAY: site::Way = site::Way::Gateway;
