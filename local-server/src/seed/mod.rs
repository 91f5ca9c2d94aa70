//! `local-server seed`: generates sample events, for trying the site and for benchmarks.

mod event;
mod load;
mod random;
mod schedule;
mod text;
mod words;

pub use self::load::seed;
