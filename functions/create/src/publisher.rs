//! Validation and publication of an event, at most once for each idempotency key.

use std::{convert::Infallible, sync::Arc};

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use shared::{
    app::App,
    clock::Clock,
    config::Settings,
    crypto::Secret,
    domain::{EditToken, Event, EventDraft, EventForm, ValidationErrors},
    http::{Client, Error, IdempotencyKey, RateLimits},
    store::{self, Db, IdempotencyRecord, IdempotentInsert, StoreError},
};

/// Maximum number of attempts to insert an event while concurrent requests use the same idempotency key.
const ATTEMPTS_MAX: usize = 3;

/// Publishes the event of one request.
pub(crate) struct Publisher {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
    /// The client, for rate limits and the event's source; `None` when its address is unknown.
    client: Option<Client>,
    /// The rate limits for publishing; `None` when another layer enforces them.
    rate_limits: Option<Arc<RateLimits>>,
}

impl FromRequestParts<App> for Publisher {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            client: parts.extensions.get().copied(),
            rate_limits: app.rate_limits.clone(),
            db: Db::from_ref(app),
            clock: Clock::from_ref(app),
            settings: Arc::from_ref(app),
        })
    }
}

/// The result of [`Publisher::publish`].
pub(crate) enum Publication {
    /// The event is published, by the current request or by an earlier one with the same idempotency key.
    Published { event: Box<Event>, token: EditToken },
    /// Nothing was published: an earlier request with the same idempotency key and another body published an event.
    KeyAlreadyUsed { event_id: i64 },
}

impl Publisher {
    /// Validates `form`; returns the draft of its event, or all validation errors.
    pub(crate) fn validate(&self, form: &EventForm) -> Result<EventDraft, ValidationErrors> {
        form.validate(self.settings.default_timezone)
            .and_then(|draft| self.settings.denylist.check(draft))
    }

    /// Returns the event with this `id` if it is public.
    pub(crate) async fn public_event(&self, id: i64) -> Result<Option<Event>, Error> {
        Ok(store::event_by_id(&self.db, id).await?)
    }

    /// Publishes `draft`, which was validated from `form`; with a `key`, only if that key has not published an event
    /// before.
    pub(crate) async fn publish(
        &self,
        form: &EventForm,
        draft: &EventDraft,
        key: Option<&IdempotencyKey>,
    ) -> Result<Publication, Error> {
        let secret = store::site_secret(&self.db).await?;
        let new_event = NewEvent {
            draft,
            token: EditToken::random(),
            source: self.client.map(|client| client.pseudonym(secret)),
        };
        match key {
            Some(key) => self.publish_once(new_event, form, key, secret).await,
            None => {
                self.check_rate_limit()?;
                let event = self.insert(&new_event, None).await?;
                Ok(published(
                    event.ok_or(Error::IdempotencyKeyInUse)?,
                    new_event.token,
                ))
            }
        }
    }

    async fn publish_once(
        &self,
        new_event: NewEvent<'_>,
        form: &EventForm,
        key: &IdempotencyKey,
        secret: &Secret,
    ) -> Result<Publication, Error> {
        let idempotent = IdempotentInsert {
            key_hash: key.hash(),
            body_hash: form.fingerprint(),
            sealed_token: secret
                .seal(key.expose().as_bytes(), new_event.token.expose())
                .ok_or_else(|| Error::Internal("no random numbers".into()))?,
        };
        if let Some(earlier) = self.earlier_publication(secret, key, &idempotent).await? {
            return Ok(earlier);
        }
        self.check_rate_limit()?;
        for _ in 0..ATTEMPTS_MAX {
            match self.insert(&new_event, Some(&idempotent)).await {
                Ok(Some(event)) => return Ok(published(event, new_event.token)),
                Ok(None) => return Err(Error::IdempotencyKeyInUse),
                // A request with the same key has finished since the check above.
                Err(StoreError::AlreadyExists(_)) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(earlier) = self.earlier_publication(secret, key, &idempotent).await? {
                return Ok(earlier);
            }
        }
        Err(Error::IdempotencyKeyInUse)
    }

    async fn insert(
        &self,
        new_event: &NewEvent<'_>,
        idempotent: Option<&IdempotentInsert>,
    ) -> Result<Option<Event>, StoreError> {
        let (source, now) = (new_event.source.as_deref(), self.clock.now());
        let NewEvent { draft, token, .. } = new_event;
        store::insert_event(&self.db, draft, token, idempotent, source, now).await
    }

    fn check_rate_limit(&self) -> Result<(), Error> {
        match (&self.rate_limits, self.client) {
            (Some(limits), Some(client)) => Ok(limits.check_publication(client)?),
            _ => Ok(()),
        }
    }

    /// Returns the publication of an earlier request with the idempotency key `key`, if there was one.
    async fn earlier_publication(
        &self,
        secret: &Secret,
        key: &IdempotencyKey,
        idempotent: &IdempotentInsert,
    ) -> Result<Option<Publication>, Error> {
        let key_hash = &idempotent.key_hash;
        let since = self.clock.now() - store::IDEMPOTENCY_KEY_TTL;
        let Some(record) = store::idempotency_record(&self.db, key_hash, since).await? else {
            // The record of an expired key, or of a deleted event, would make the insert fail.
            store::purge_idempotency_keys(&self.db, since, Some(key_hash)).await?;
            return Ok(None);
        };
        if record.body_hash != idempotent.body_hash {
            let event_id = record.event_id;
            return Ok(Some(Publication::KeyAlreadyUsed { event_id }));
        }
        let publication = self.replay(&record, secret, key).await?;
        Ok(Some(publication))
    }

    /// Rebuilds the event and edit token that an earlier request published, so that its response can be repeated.
    async fn replay(
        &self,
        record: &IdempotencyRecord,
        secret: &Secret,
        key: &IdempotencyKey,
    ) -> Result<Publication, Error> {
        let token = secret.open(key.expose().as_bytes(), &record.sealed_token);
        // Fails when the site's secret has been replaced since.
        let token = token.ok_or(Error::IdempotencyKeyReused)?;
        let token = EditToken::parse(&token);
        // By token first, which also finds a hidden event; a rotated token finds none, and only a public event is
        // returned.
        let event = match store::event_by_token(&self.db, &token).await? {
            None => store::event_by_id(&self.db, record.event_id).await?,
            event => event,
        };
        let event = Box::new(event.ok_or(Error::IdempotencyKeyReused)?);
        Ok(Publication::Published { event, token })
    }
}

/// The data of an event to insert.
struct NewEvent<'a> {
    draft: &'a EventDraft,
    token: EditToken,
    /// The pseudonym of the publisher's network.
    source: Option<String>,
}

/// Counts and logs the publication of `event`, without its content, and returns the result.
fn published(event: Event, token: EditToken) -> Publication {
    metrics::counter!("events_created_total").increment(1);
    tracing::info!(event.id = event.id, "Event created");
    let event = Box::new(event);
    Publication::Published { event, token }
}
