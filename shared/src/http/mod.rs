//! Requests and responses: everything about HTTP that is not one page's business.

pub mod conditional;
pub mod encoding;
mod error;
pub mod expiry;
mod extract;
pub mod form_token;
pub mod middleware;
mod params;
mod rate_limit;
pub mod response;

pub use self::{
    error::{Error, FieldProblem, ProblemDocument, render_error},
    extract::{
        EditSession, Fields, Form, Idempotency, IdempotencyKey, IfMatch, JsonObject, Operator,
        Path, SameOriginForm, Suggestions, Token, edit_cookie, edit_token_cookie,
        expired_edit_cookie, view,
    },
    params::{Cursor, ListParams, When},
    rate_limit::{Client, ConcurrencyLimits, Connection, Limits, RateLimited},
};
