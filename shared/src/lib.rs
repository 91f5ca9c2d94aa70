//! The common crate. A module imports only those above it in this list:
//!
//! - `seal`: what is kept unreadable or signed
//! - `stamp`: when the board gave out a form
//! - `token`: the secret in an edit link
//! - `event`: what an event is, and the rules of the door; pure
//! - `short`: short addresses for what people look for
//! - `denylist`: what the operator does not want on the board
//! - `config`: the settings, and the only reader of the environment
//! - `limits`: how often one client may ask
//! - `clock`: the only clock
//! - `routes`: the one table of paths
//! - `assets`: styles, scripts and images, embedded
//! - `coding`: content codings
//! - `etag`: which of the tags a caller knows names what there is now
//! - `store`: the events in the database, one function a statement
//! - `page`: what each page shows, and the words in each language
//! - `answer`: answers that are no page
//! - `error`: what can go wrong, with its status and both skins
//! - `extract`: what handlers take from a request
//! - `telemetry`: log lines and metrics
//! - `app`: the state that handlers take their parts from
//! - `layers`: what wraps every request
//! - `lambda`: what makes a router a function on AWS Lambda

pub mod answer;
pub mod app;
pub mod assets;
pub mod clock;
pub mod coding;
pub mod config;
pub mod denylist;
pub mod error;
pub mod etag;
pub mod event;
pub mod extract;
pub mod lambda;
pub mod layers;
pub mod limits;
pub mod page;
pub mod routes;
pub mod seal;
pub mod short;
pub mod stamp;
pub mod store;
pub mod telemetry;
pub mod token;

pub use chrono_tz::Tz;
