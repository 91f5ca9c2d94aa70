//! Converts search terms into the patterns that the database matches.

use tokio_postgres::{Row, types::Type};

use super::{
    error::StoreError,
    pool::Db,
    row::{FromRow, only_row},
};
use crate::domain::SearchTerm;

/// The patterns of a search text: `LIKE` patterns and names of technologies. An event must match all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchPatterns {
    /// `LIKE` patterns, the longest first, 32 at most.
    pub(super) patterns: Vec<String>,
    pub(super) technologies: Vec<String>,
}

impl SearchPatterns {
    /// Whether the search text contains no letter or digit, so that no event matches.
    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.technologies.is_empty()
    }
}

/// Converts `terms` into patterns: an event matches all patterns if it contains all terms.
///
/// # Errors
/// When the database is unavailable.
pub async fn search_patterns(db: &Db, terms: &[SearchTerm]) -> Result<SearchPatterns, StoreError> {
    let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    let quoted: Vec<bool> = terms.iter().map(|term| term.quoted).collect();
    let query = include_str!("../../../sql/queries/search_patterns.sql");
    let params = [
        (&texts as _, Type::TEXT_ARRAY),
        (&quoted as _, Type::BOOL_ARRAY),
    ];
    only_row(db.query_shared(query, &params).await?)
}

impl FromRow for SearchPatterns {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            patterns: row.try_get("patterns")?,
            technologies: row.try_get("technologies")?,
        })
    }
}
