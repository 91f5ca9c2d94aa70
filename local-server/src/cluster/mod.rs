//! A private PostgreSQL server in a data directory, used when `DATABASE_URL` is not set.

mod directory;
mod handle;
mod initdb;
mod launcher;
mod locks;
mod options;
mod process;
mod programs;
mod server;
mod user;

pub use self::{handle::Cluster, options::Options};
