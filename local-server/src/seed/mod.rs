//! `local-server seed`: sample events, for trials and measurements.

mod event;
mod load;
mod random;
mod schedule;
mod text;
mod words;

pub use self::load::seed;
