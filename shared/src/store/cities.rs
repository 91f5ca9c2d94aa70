//! The names of cities, by their slugs in the paths of landing pages.

use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// The name of a city, as an event spells it.
struct CityName(String);

impl FromRow for CityName {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get("city").map(Self)
    }
}

/// The name of the city in `state` with this slug (its name with hyphens for spaces); `None` if it has no public event.
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
