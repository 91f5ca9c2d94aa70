//! The code shared by all functions of the site. Its folders and files import each other in one direction only:
//! `domain ← store ← formats, pages ← http ← app ← lambda`; `config`, `clock`, `crypto`, `routes` and `telemetry` are
//! leaves that every folder above `domain` may import.
//!
//! A file imports another folder through that folder's `mod.rs`, and its neighbours by their own names.

pub mod app;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod domain;
pub mod formats;
pub mod http;
pub mod lambda;
pub mod pages;
pub mod query;
pub mod routes;
pub mod store;
pub mod telemetry;

pub use chrono_tz::Tz;
