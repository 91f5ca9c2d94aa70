//! `GET /oembed`: tells other sites how to embed the page of an event (<https://oembed.com>).

use axum::{extract::State, response::Response};
use shared::{
    formats::{self, event_id_of_url},
    http::{Error, response},
    pages::View,
    query::QueryParams,
    store::{self, Db},
};

/// Responds with the oEmbed description of the event whose page has the address in the query parameter `url`.
pub(crate) async fn oembed(
    State(db): State<Db>,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    let width_max = pixels(&query, "maxwidth")?;
    let height_max = pixels(&query, "maxheight")?;
    let format = query.get(&["format"]);
    if format.is_some_and(|format| format != "json") {
        return Err(Error::UnsupportedFormat);
    }
    let url = query.get(&["url"]).unwrap_or_default();
    let id = event_id_of_url(url, &view).ok_or(Error::NotFound)?;
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    let json = formats::oembed(&event, width_max, height_max, &view)?;
    Ok(response::in_language(json, "application/json", view.lang))
}

/// Parses the number of CSS pixels in the query parameter `name`; [`u32::MAX`], which is no limit, if it is absent.
fn pixels(query: &QueryParams, name: &'static str) -> Result<u32, Error> {
    let Some(text) = query.get(&[name]) else {
        return Ok(u32::MAX);
    };
    let error = |_| Error::BadParameter {
        name,
        allowed: "number",
    };
    text.trim().parse().map_err(error)
}
