//! `GET /events/{id}/card.png` and `GET /card.png`: the pictures that chats show beside a link.

mod drawing;
mod lettering;

use std::time::Duration;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use shared::{
    app::App,
    http::Error,
    http::{Path, Query},
    pages::{CardText, Lang, View},
    store::{self, Db},
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// Pictures drawn at once: each takes a processor for some tens of milliseconds, which pages want too.
static EASELS: Semaphore = Semaphore::const_new(2);
/// How long a picture waits for its turn.
const TURN: Duration = Duration::from_secs(2);
/// The picture of a version never changes: whoever has it keeps it for a year.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/events/{id}/card.png", get(event_card))
        .route("/card.png", get(board_card))
}

/// Shows the event as a picture. At the address that names its version it may be kept.
async fn event_card(
    State(db): State<Db>,
    view: View,
    query: Query,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    let named = query.get(&["v"]).and_then(|version| version.parse().ok());
    let cache = if named == Some(event.version) && view.lang_chosen {
        FOR_GOOD
    } else {
        "no-cache"
    };
    picture(CardText::of_event(&event, &view), view.lang, cache).await
}

/// Shows the board as a picture.
async fn board_card(view: View) -> Result<Response, Error> {
    picture(
        CardText::of_board(&view),
        view.lang,
        "public, max-age=86400",
    )
    .await
}

/// The picture with these words, drawn where it is in nobody's way; too many at once are told to come back.
async fn picture(words: CardText, lang: Lang, cache: &'static str) -> Result<Response, Error> {
    let turn = timeout(TURN, EASELS.acquire()).await;
    let Ok(Ok(easel)) = turn else {
        return Err(Error::Busy);
    };
    // The easel is taken until the picture is done, whether or not anybody still waits for it.
    let draw = move || {
        let _easel = easel;
        drawing::png(&words)
    };
    let drawn = spawn_blocking(draw).await;
    let png = drawn
        .map_err(|error| Error::Broken(error.into()))?
        .map_err(Error::Broken)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(lang.tag()),
        ),
    ];
    Ok((headers, png).into_response())
}
