//! The names behind short addresses.

use tokio_postgres::{Row, types::Type};

use super::{
    StoreError,
    pool::{Db, FromRow},
};

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
