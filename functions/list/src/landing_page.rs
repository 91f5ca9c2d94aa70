//! `GET /today`, `/weekend`, `/online`, `/state/{uf}`, `/city/{uf}/{city}` and `/technology/{name}`: lists with one
//! filter.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    config::Settings,
    http::{Error, response},
    pages::{LandingPage, View},
    query::QueryParams,
    store::{self, Db, RecentFacets},
};

use crate::{landing_path::LandingPath, list_page};

/// Renders the landing page, or redirects permanently to the canonical spelling of its path.
pub(crate) async fn landing_page(
    LandingPath { page, is_canonical }: LandingPath,
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    if !is_canonical {
        let path = page.path().ok_or(Error::NotFound)?;
        // The middleware adds `lang` to redirects.
        let location = query.without(&["lang"]).append_to(&path);
        return Ok(response::permanent_redirect(&location));
    }
    let page = with_city_name(page, &db).await?;
    list_page::render(&db, &facets, &settings, view, &query, Some(page)).await
}

/// Replaces a city's slug in `page` by the city's name as its events spell it, or by the capitalized slug if it has no
/// events.
async fn with_city_name(page: LandingPage, db: &Db) -> Result<LandingPage, Error> {
    let LandingPage::City { code, name: slug } = page else {
        return Ok(page);
    };
    let name = store::city_by_slug(db, &code, &slug).await?;
    let name = name.unwrap_or_else(|| capitalize(&slug));
    Ok(LandingPage::City { code, name })
}

/// Turns a slug into a name: `porto-velho` → `Porto Velho`.
fn capitalize(slug: &str) -> String {
    let words = slug.split('-').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().into_iter().flat_map(char::to_uppercase);
        first.chain(chars).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}
