//! Passes parameters to queries, and parses the rows of their results.

use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use super::error::StoreError;

/// The value of a query parameter, with its type in the database.
pub(super) type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// A value that can be parsed from a row of a query result.
pub(super) trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error>;
}

pub(super) fn parse_rows<T: FromRow>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    let rows = rows.iter();
    rows.map(|row| T::from_row(row).map_err(StoreError::from))
        .collect()
}

/// Returns the first of `rows`, the result of a statement that always returns one row; an error if there is none.
pub(super) fn only_row<T>(rows: Vec<T>) -> Result<T, StoreError> {
    let none = || StoreError::Failed("the statement returned no row".into());
    rows.into_iter().next().ok_or_else(none)
}

impl FromRow for i64 {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get(0)
    }
}

impl FromRow for i32 {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get(0)
    }
}
