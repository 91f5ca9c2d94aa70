//! Publishing, once for each idempotency key.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use shared::{
    app::App,
    clock::Clock,
    config::Settings,
    crypto::Secret,
    domain::EditToken,
    domain::{Event, EventDraft, EventForm, ValidationErrors},
    http::Error,
    http::form_token,
    http::{Client, RateLimits},
    http::{Form, IdempotencyKey},
    pages::SpamSuspicion,
    store::{self, Db, IdempotentInsert, StoreError},
};

/// How often a request looks again when another one with its key was faster.
const TRIES: usize = 3;

/// What publishing takes.
pub(crate) struct Publisher {
    db: Db,
    clock: Clock,
    pub(crate) settings: Arc<Settings>,
    /// Who publishes, as far as that is known.
    client: Option<Client>,
    /// How much of it is too much, where that is minded.
    limits: Option<Arc<RateLimits>>,
}

impl FromRequestParts<App> for Publisher {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Ok(Self {
            client: parts.extensions.get().copied(),
            limits: app.rate_limits.clone(),
            db: Db::from_ref(app),
            clock: Clock::from_ref(app),
            settings: Arc::from_ref(app),
        })
    }
}

/// What has come of it.
pub(crate) enum Outcome {
    /// The event is published, now or by an earlier request with the same key.
    Published { event: Box<Event>, token: EditToken },
    /// An earlier request with the same key has published something else.
    PublishedElse { event_id: i64 },
}

impl Publisher {
    /// The draft that the form makes, or everything that is wrong with it.
    pub(crate) fn check(&self, form: &EventForm) -> Result<EventDraft, ValidationErrors> {
        form.validate(self.settings.default_timezone)
            .and_then(|draft| self.settings.denylist.check(draft))
    }

    /// The event of this id, if everyone may see it.
    pub(crate) async fn public_event(&self, id: i64) -> Result<Option<Event>, Error> {
        Ok(store::event_by_id(&self.db, id).await?)
    }

    /// A stamp for a form that is given out now; none while the database is away, if the secret is in there.
    pub(crate) async fn stamp(&self) -> Result<Option<String>, Error> {
        match store::site_secret(&self.db).await {
            Ok(secret) => Ok(Some(form_token::issue(secret, self.clock.now()))),
            Err(StoreError::Unavailable(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Why the form may not be a person's. A program that says it is one by looking like no browser needs no stamp: it
    /// could as well use the API.
    pub(crate) async fn doubt(&self, form: &Form) -> Result<Option<SpamSuspicion>, Error> {
        if form.honeypot_filled {
            return Ok(Some(SpamSuspicion::HoneypotFilled));
        }
        let shortest = self.settings.form_min;
        if shortest.is_zero() || form.key.is_none() && !form.by_browser {
            return Ok(None);
        }
        let secret = store::site_secret(&self.db).await?;
        let stamp = form.key.as_ref().map(IdempotencyKey::expose);
        let age = stamp.and_then(|stamp| form_token::age(secret, stamp, self.clock.now()));
        Ok(match age {
            None => Some(SpamSuspicion::NoFormToken),
            Some(age) if age < shortest => Some(SpamSuspicion::TooSoon),
            Some(_) => None,
        })
    }

    /// Publishes the draft of this form; with a key, only if it has published nothing yet.
    pub(crate) async fn publish(
        &self,
        form: &EventForm,
        draft: &EventDraft,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome, Error> {
        let token = EditToken::random();
        let secret = store::site_secret(&self.db).await?;
        let source = self.client.map(|client| client.pseudonym(secret));
        let insert = async |once: Option<&IdempotentInsert>| {
            let now = self.clock.now();
            store::insert_event(&self.db, draft, &token, once, source.as_deref(), now).await
        };
        let Some(key) = key else {
            self.count()?;
            let event = insert(None).await?;
            return Ok(told(event.ok_or(Error::IdempotencyKeyInUse)?, token));
        };
        let once = IdempotentInsert {
            key_hash: key.hash(),
            body_hash: form.fingerprint(),
            sealed_token: secret
                .seal(key.expose().as_bytes(), token.expose())
                .ok_or_else(|| Error::Internal("no random numbers".into()))?,
        };
        if let Some(outcome) = self.published(secret, key, &once).await? {
            return Ok(outcome);
        }
        self.count()?;
        for _ in 0..TRIES {
            match insert(Some(&once)).await {
                Ok(Some(event)) => return Ok(told(event, token)),
                Ok(None) => return Err(Error::IdempotencyKeyInUse),
                // By one that has ended since this one looked.
                Err(StoreError::AlreadyExists(_)) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(outcome) = self.published(secret, key, &once).await? {
                return Ok(outcome);
            }
        }
        Err(Error::IdempotencyKeyInUse)
    }

    fn count(&self) -> Result<(), Error> {
        match (&self.limits, self.client) {
            (Some(limits), Some(client)) => Ok(limits.check_publication(client)?),
            _ => Ok(()),
        }
    }

    /// What the key has published before, if it has.
    async fn published(
        &self,
        secret: &Secret,
        key: &IdempotencyKey,
        once: &IdempotentInsert,
    ) -> Result<Option<Outcome>, Error> {
        let forgotten = self.clock.now() - store::IDEMPOTENCY_KEY_TTL;
        let Some(before) = store::idempotency_record(&self.db, &once.key_hash, forgotten).await?
        else {
            // One too old, or of an event that is gone, would be in the way of the new one.
            store::purge_idempotency_keys(&self.db, forgotten, Some(&once.key_hash)).await?;
            return Ok(None);
        };
        if before.body_hash != once.body_hash {
            let event_id = before.event_id;
            return Ok(Some(Outcome::PublishedElse { event_id }));
        }
        let token = secret
            .open(key.expose().as_bytes(), &before.sealed_token)
            .map(|token| EditToken::parse(&token));
        // Sealed under a secret that the board no longer has.
        let token = token.ok_or(Error::IdempotencyKeyReused)?;
        // Its owner's, even where it is hidden; where the token is void by now, everyone's.
        let event = match store::event_by_token(&self.db, &token).await? {
            None => store::event_by_id(&self.db, before.event_id).await?,
            event => event,
        };
        let event = event.ok_or(Error::IdempotencyKeyReused)?;
        let event = Box::new(event);
        Ok(Some(Outcome::Published { event, token }))
    }
}

fn told(event: Event, token: EditToken) -> Outcome {
    metrics::counter!("events_created_total").increment(1);
    tracing::info!(event.id = event.id, "Event created");
    let event = Box::new(event);
    Outcome::Published { event, token }
}
