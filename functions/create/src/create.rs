//! `POST /events/`: publishes an event from the submitted HTML form.

use axum::response::{IntoResponse, Response};
use http::header;
use shared::{
    domain::{EditToken, Event, ValidationErrors},
    http::{Error, Form, RateLimited, Suggestions, edit_cookie, response},
    pages::{CreatePage, SpamSuspicion, View},
    routes::links,
};

use crate::publisher::{Publication, Publisher};

/// Publishes the event in the form and stores its edit token in a cookie, or shows the form again with the reason why
/// it was not published.
pub(crate) async fn create(
    publisher: Publisher,
    Suggestions(technologies): Suggestions,
    view: View,
    form: Form,
) -> Result<Response, Error> {
    let rejection = Rejection {
        publisher: &publisher,
        technologies,
        view: &view,
        form: &form,
    };
    let draft = match publisher.validate(&form.event) {
        Ok(draft) => draft,
        Err(errors) => return rejection.invalid(&errors).await,
    };
    if let Some(suspicion) = publisher.spam_suspicion(&form).await? {
        return rejection.suspicious(suspicion).await;
    }
    let publication = publisher.publish(&form.event, &draft, form.key.as_ref());
    match publication.await {
        Ok(Publication::Published { event, token }) => Ok(published(&event, &token, &view)),
        Ok(Publication::KeyAlreadyUsed { event_id }) => rejection.already_used(event_id).await,
        Err(Error::RateLimited(wait)) => rejection.rate_limited(wait).await,
        Err(error) => Err(error),
    }
}

fn published(event: &Event, token: &EditToken, view: &View) -> Response {
    let cookie = edit_cookie(event.id, token, view);
    let redirect = response::see_other(&links::event_created(event.id));
    ([(header::SET_COOKIE, cookie)], redirect).into_response()
}

/// Renders the submitted form again, with its values and the reason why no event was published.
struct Rejection<'a> {
    publisher: &'a Publisher,
    technologies: Vec<String>,
    view: &'a View,
    form: &'a Form,
}

impl Rejection<'_> {
    /// Responds with 422 and the validation errors in the form.
    async fn invalid(self, errors: &ValidationErrors) -> Result<Response, Error> {
        let token = self.same_form_token().await?;
        let page = self.page(Some(errors), token);
        Ok(self.view.show_invalid(&page)?)
    }

    /// Responds with 422 and the reason for the suspicion of spam in the form, which the visitor can submit again.
    async fn suspicious(self, suspicion: SpamSuspicion) -> Result<Response, Error> {
        let token = match suspicion {
            SpamSuspicion::NoFormToken => self.publisher.new_form_token().await?,
            SpamSuspicion::TooSoon | SpamSuspicion::HoneypotFilled => {
                self.same_form_token().await?
            }
        };
        let page = self
            .page(None, token)
            .flagged_as_suspicious(suspicion, self.view);
        Ok(self.view.show_invalid(&page)?)
    }

    /// Responds with 409: the same form, submitted earlier with other values, has published the event `event_id`.
    /// Submitted again, it publishes another event.
    async fn already_used(self, event_id: i64) -> Result<Response, Error> {
        let token = self.publisher.new_form_token().await?;
        let page = self.page(None, token).already_published(event_id);
        Ok(self.view.show_conflict(&page)?)
    }

    /// Responds with 429 and the time to wait in the form.
    async fn rate_limited(self, wait: RateLimited) -> Result<Response, Error> {
        let token = self.same_form_token().await?;
        let seconds = wait.seconds();
        let page = self.page(None, token).rate_limited(seconds, self.view);
        Ok(self.view.show_rate_limited(&page, seconds)?)
    }

    /// Returns the form token that the form was submitted with, or a new one.
    async fn same_form_token(&self) -> Result<Option<String>, Error> {
        match &self.form.key {
            Some(key) => Ok(Some(key.expose().to_owned())),
            None => self.publisher.new_form_token().await,
        }
    }

    fn page(&self, errors: Option<&ValidationErrors>, form_token: Option<String>) -> CreatePage {
        let zone = self.publisher.settings.default_timezone;
        CreatePage::new(&self.form.event, errors, form_token, zone, self.view)
            .with_suggestions(self.technologies.clone())
    }
}
