//! `GET /events/{id}/card.png` and `GET /card.png`: the preview images of an event and of the site, which chats show
//! beside a link.

mod render;
mod text_layout;

use std::time::Duration;

use axum::{Router, extract::State, response::Response, routing::get};
use http::header;
use shared::{
    app::App,
    http::{Error, Path, response},
    pages::{CardText, Lang, View},
    query::QueryParams,
    routes::{CACHE_CONTROL_IMMUTABLE, paths},
    store::{self, Db},
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// Permits to render a preview image, which limit how many are rendered concurrently: each uses some tens of
/// milliseconds of CPU, which pages need too.
static RENDER_PERMITS: Semaphore = Semaphore::const_new(2);
/// The maximum wait for a permit to render a preview image, after which the response is 503.
const PERMIT_TIMEOUT: Duration = Duration::from_secs(2);

/// Returns the routes of the preview images.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::EVENT_CARD, get(event_card))
        .route(paths::CARD, get(site_card))
}

/// Responds with the preview image of an event, cacheable permanently if the URL has the event's current version and a
/// language.
async fn event_card(
    State(db): State<Db>,
    view: View,
    query: QueryParams,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    let version = query.get(&["v"]).and_then(|version| version.parse().ok());
    let mut response = image(CardText::of_event(&event, &view), view.lang).await?;
    if version == Some(event.version) && view.lang_chosen {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, CACHE_CONTROL_IMMUTABLE);
    }
    Ok(response)
}

/// Responds with the preview image of the site.
async fn site_card(view: View) -> Result<Response, Error> {
    image(CardText::of_site(&view), view.lang).await
}

/// Renders `card` as PNG on the blocking thread pool; the error is a 503 if too many other images are being rendered.
async fn image(card: CardText, lang: Lang) -> Result<Response, Error> {
    let acquired = timeout(PERMIT_TIMEOUT, RENDER_PERMITS.acquire()).await;
    let Ok(Ok(permit)) = acquired else {
        return Err(Error::Overloaded);
    };
    // A blocking task runs to its end even if the client disconnects, and holds its permit until then.
    let render = move || {
        let _permit = permit;
        render::png(&card)
    };
    let rendered = spawn_blocking(render).await;
    let png = rendered
        .map_err(|error| Error::Internal(error.into()))?
        .map_err(Error::Internal)?;
    Ok(response::in_language(png, "image/png", lang))
}
