//! `GET /today`, `/weekend`, `/online`, `/state/{uf}`, `/city/{uf}/{city}` and `/technology/{name}`: the front page with one
//! wish, under an address to keep.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    config::Settings,
    http::Error,
    http::response,
    http::{Path, Query},
    pages::View,
    routes::links,
    store::{self, Db, RecentFacets},
};

use crate::{finding::LandingPage, show};

/// Shows the events of today.
pub(crate) async fn today(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    show(
        &db,
        &facets,
        &settings,
        view,
        query,
        Some(LandingPage::Today),
    )
    .await
}

/// Shows the events of this weekend.
pub(crate) async fn weekend(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    show(
        &db,
        &facets,
        &settings,
        view,
        query,
        Some(LandingPage::Weekend),
    )
    .await
}

/// Shows the events that one can join from anywhere.
pub(crate) async fn online(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    show(
        &db,
        &facets,
        &settings,
        view,
        query,
        Some(LandingPage::Online),
    )
    .await
}

/// Shows the events of a Brazilian state, or leads to the one spelling of its address.
pub(crate) async fn state(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    Path(uf): Path<String>,
    query: Query,
) -> Result<Response, Error> {
    let (code, _) = links::brazilian_state(&uf).ok_or(Error::NotFound)?;
    let state = LandingPage::State {
        code: code.to_owned(),
    };
    if uf != code.to_lowercase() {
        return elsewhere(&state, &query);
    }
    show(&db, &facets, &settings, view, query, Some(state)).await
}

/// Shows the events of a city, whose name is as its events write it, or leads to the one spelling of its address.
pub(crate) async fn city(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    Path((uf, name)): Path<(String, String)>,
    query: Query,
) -> Result<Response, Error> {
    let (code, _) = links::brazilian_state(&uf).ok_or(Error::NotFound)?;
    let slug = links::city_slug(&name).ok_or(Error::NotFound)?;
    let city = |name: String| LandingPage::City {
        code: code.to_owned(),
        name,
    };
    if uf != code.to_lowercase() || name != slug {
        return elsewhere(&city(name), &query);
    }
    let known = store::city_by_slug(&db, code, &slug).await?;
    let city = city(known.unwrap_or_else(|| capitals(&slug)));
    show(&db, &facets, &settings, view, query, Some(city)).await
}

/// Shows the events about a technology, or leads to the one spelling of its address.
pub(crate) async fn technology(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    Path(name): Path<String>,
    query: Query,
) -> Result<Response, Error> {
    let key = links::technology_key(&name).ok_or(Error::NotFound)?;
    let technology = LandingPage::Technology { name: key.clone() };
    if name != key {
        return elsewhere(&technology, &query);
    }
    show(&db, &facets, &settings, view, query, Some(technology)).await
}

/// Leads to the address in its one spelling, with all that was asked for beside it.
fn elsewhere(short: &LandingPage, query: &Query) -> Result<Response, Error> {
    let address = short.address().ok_or(Error::NotFound)?;
    // The language comes along by itself.
    let location = match query.without(&["lang"]).with("", None) {
        query if query.is_empty() => address,
        query => format!("{address}?{query}"),
    };
    Ok(response::permanent_redirect(&location))
}

/// A city of which no event is known, as its address has it: `Porto Velho`.
fn capitals(slug: &str) -> String {
    let words = slug.split('-').map(|word| {
        let mut letters = word.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        first + letters.as_str()
    });
    words.collect::<Vec<_>>().join(" ")
}
