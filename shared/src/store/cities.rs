//! Finds the name of a city by its slug in the path of a landing page (`/city/sp/sao-paulo`).

use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// The name of a city, in the spelling of an event.
struct CityName(String);

impl FromRow for CityName {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get("city").map(Self)
    }
}

/// Returns the name of the city in `state` whose name with hyphens for spaces is `slug`; `None` if it has no public
/// event.
///
/// # Errors
/// When the database is unavailable.
pub async fn city_by_slug(db: &Db, state: &str, slug: &str) -> Result<Option<String>, StoreError> {
    let query = include_str!("../../../sql/queries/city_by_slug.sql");
    let name: Option<CityName> = db
        .query_opt(query, &[(&state, Type::TEXT), (&slug, Type::TEXT)])
        .await?;
    Ok(name.map(|CityName(name)| name))
}
