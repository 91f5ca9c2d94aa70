//! Requests and responses: everything about HTTP that is shared by several pages and API routes.

mod body;
mod client;
pub(crate) mod concurrency;
pub mod conditional;
mod cookies;
mod deadline;
pub mod encoding;
mod error;
pub mod expiry;
mod extract;
mod form;
pub mod form_token;
mod idempotency;
pub mod middleware;
mod operator;
mod page_response;
mod params;
mod problem;
pub(crate) mod rate_limit;
mod render_error;
mod request_log;
pub mod response;
mod security_headers;
mod session;
mod view;

pub(crate) use self::request_log::REQUEST_ID;
pub use self::{
    client::{Client, Peer},
    concurrency::ConcurrencyLimits,
    conditional::IfMatch,
    cookies::{edit_cookie, edit_token_cookie, expired_edit_cookie},
    error::Error,
    expiry::ExpiresAt,
    extract::{JsonObject, Path, Suggestions, Token},
    form::{Fields, Form, SameOriginForm},
    idempotency::{Idempotency, IdempotencyKey},
    operator::Operator,
    params::{Cursor, ListParams, TimeFilter},
    problem::{FieldProblem, ProblemDocument},
    rate_limit::{ConnectionGuard, RateLimited, RateLimits},
    request_log::IncomingRequest,
    session::EditSession,
    view::view_of,
};
