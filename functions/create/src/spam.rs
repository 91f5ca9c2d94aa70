//! Tokens for the form of a new event, and the check whether a submitted form looks like spam.

use shared::{
    http::{Error, Form, IdempotencyKey, form_token},
    pages::SpamSuspicion,
    store::{self, StoreError},
};

use crate::publisher::Publisher;

impl Publisher {
    /// Creates the token for a new form; `None` while the database, which stores the signing secret, is unavailable.
    pub(crate) async fn new_form_token(&self) -> Result<Option<String>, Error> {
        match store::site_secret(&self.db).await {
            Ok(secret) => Ok(Some(form_token::issue(secret, self.clock.now()))),
            Err(StoreError::Unavailable(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns why `form` may not have been filled in by a person, or `None`. A client without a form token that sends
    /// no browser headers is not checked: it could use the API instead.
    pub(crate) async fn spam_suspicion(&self, form: &Form) -> Result<Option<SpamSuspicion>, Error> {
        if form.honeypot_filled {
            return Ok(Some(SpamSuspicion::HoneypotFilled));
        }
        let age_min = self.settings.form_fill_time_min;
        if age_min.is_zero() || form.key.is_none() && !form.by_browser {
            return Ok(None);
        }
        let secret = store::site_secret(&self.db).await?;
        let token = form.key.as_ref().map(IdempotencyKey::expose);
        let age = token.and_then(|token| form_token::age(secret, token, self.clock.now()));
        Ok(match age {
            None => Some(SpamSuspicion::NoFormToken),
            Some(age) if age < age_min => Some(SpamSuspicion::TooSoon),
            Some(_) => None,
        })
    }
}
