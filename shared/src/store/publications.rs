//! Events by when they were published, for feeds; and the names behind short addresses.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{
    Filter, StoreError,
    connect::{Db, FromRow, Param},
};
use crate::event::Event;

/// By the present moment, which events are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Only those that are not over then.
    pub upcoming_at: Option<DateTime<Utc>>,
    /// Only those that are over then.
    pub past_at: Option<DateTime<Utc>>,
}

/// The events published last, the latest first, at most `limit` of them.
///
/// # Errors
/// When the database cannot answer.
pub async fn published_events(
    db: &Db,
    filter: &Filter,
    span: Span,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let mut technologies: Vec<&str> = filter.technology.as_deref().into_iter().collect();
    let mut patterns = Vec::new();
    if let Some(search) = &filter.search {
        if search.patterns.is_empty() && search.technologies.is_empty() {
            return Ok(Vec::new());
        }
        technologies.extend(search.technologies.iter().map(String::as_str));
        patterns.extend(search.patterns.iter().map(String::as_str));
    }
    let mut patterns = patterns.into_iter();
    let rarest = patterns.next();
    let others: Vec<&str> = patterns.collect();
    let attendance: Vec<&str> = filter.attendance.iter().map(|way| way.as_str()).collect();
    let since = filter.from.max(span.upcoming_at);
    let params: [Param<'_>; 12] = [
        (&rarest, Type::TEXT),
        (&others, Type::TEXT_ARRAY),
        (&technologies, Type::TEXT_ARRAY),
        (&filter.city, Type::TEXT),
        (&filter.state, Type::TEXT),
        (&filter.from, Type::TIMESTAMPTZ),
        (&filter.to, Type::TIMESTAMPTZ),
        (&attendance, Type::TEXT_ARRAY),
        (&span.upcoming_at, Type::TIMESTAMPTZ),
        (&span.past_at, Type::TIMESTAMPTZ),
        (&limit, Type::INT8),
        (&since, Type::TIMESTAMPTZ),
    ];
    let query = include_str!("../../../sql/queries/published_events.sql");
    db.query_planned_anew(query, &params).await
}

/// A name, as somebody writes it.
struct Name(String);

impl FromRow for Name {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get("city").map(Self)
    }
}

/// The name of the city of this state whose short address ends so (its name, with hyphens for spaces), unless no
/// event is in one.
///
/// # Errors
/// When the database cannot answer.
pub async fn city_at(db: &Db, state: &str, slug: &str) -> Result<Option<String>, StoreError> {
    let query = include_str!("../../../sql/queries/city_at.sql");
    let name: Option<Name> = db
        .query_opt(query, &[(&state, Type::TEXT), (&slug, Type::TEXT)])
        .await?;
    Ok(name.map(|Name(name)| name))
}
