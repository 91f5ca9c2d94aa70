//! Per-client rate limits as token buckets (GCRA), in the memory of the process.

use std::{
    collections::{HashMap, hash_map::Entry},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};

use super::client::Client;

/// Token buckets of one rate limit, one for each client.
type Buckets = RateLimiter<Client, HashMapStateStore<Client>, DefaultClock>;

/// Maximum number of keep-alive connections per client; further connections are closed after each response.
const KEEP_ALIVE_CONNECTIONS_MAX: usize = 256;

/// The rate limits of all clients, with the current state of each client.
pub struct RateLimits {
    clock: DefaultClock,
    all_requests: Buckets,
    searches: Buckets,
    publications: Buckets,
    wrong_tokens: Buckets,
    /// The clients that sent too many wrong tokens, and until when their tokens are refused.
    locked_out: Mutex<HashMap<Client, Instant>>,
    /// The number of open connections of each client.
    connections: Mutex<HashMap<Client, usize>>,
}

/// The error that a client exceeded a rate limit, with the time that the client has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited(pub Duration);

impl RateLimited {
    /// Returns the time to wait for `Retry-After`, in whole seconds, at least one.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + 1
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        let buckets = |burst: u32, quota: fn(NonZeroU32) -> Quota, rate: u32| {
            let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            Buckets::hashmap(quota(number(rate)).allow_burst(number(burst)))
        };
        Self {
            clock: DefaultClock::default(),
            all_requests: buckets(600, Quota::per_second, 60),
            searches: buckets(60, Quota::per_second, 5),
            publications: buckets(20, Quota::per_minute, 1),
            wrong_tokens: buckets(30, Quota::per_minute, 6),
            locked_out: Mutex::default(),
            connections: Mutex::default(),
        }
    }
}

impl RateLimits {
    /// Counts a request of `client`.
    ///
    /// # Errors
    /// Returns an error when the client exceeds a burst of 600 requests or 60 requests per second.
    pub fn check_request(&self, client: Client) -> Result<(), RateLimited> {
        self.check(&self.all_requests, client)
    }

    /// Counts a search of `client`.
    ///
    /// # Errors
    /// Returns an error when the client exceeds a burst of 60 searches or 5 searches per second.
    pub fn check_search(&self, client: Client) -> Result<(), RateLimited> {
        self.check(&self.searches, client)
    }

    /// Counts a publication of `client`.
    ///
    /// # Errors
    /// Returns an error when the client exceeds a burst of 20 publications or one per minute.
    pub fn check_publication(&self, client: Client) -> Result<(), RateLimited> {
        self.check(&self.publications, client)
    }

    /// Counts a wrong token of `client`. When the client exceeds a burst of 30 wrong tokens or 6 per minute, all of its
    /// tokens are refused until the limit allows another wrong token.
    pub fn record_wrong_token(&self, client: Client) {
        if let Err(RateLimited(wait)) = self.check(&self.wrong_tokens, client) {
            lock(&self.locked_out).insert(client, Instant::now() + wait);
        }
    }

    /// Checks whether tokens of `client` are accepted.
    ///
    /// # Errors
    /// Returns an error while the client is locked out after too many wrong tokens.
    pub fn check_token(&self, client: Client) -> Result<(), RateLimited> {
        let until = lock(&self.locked_out).get(&client).copied();
        let wait = until.and_then(|until| until.checked_duration_since(Instant::now()));
        wait.map_or(Ok(()), |wait| Err(RateLimited(wait)))
    }

    /// Counts a connection of `client` until the returned guard is dropped.
    #[must_use]
    pub fn count_connection(self: &Arc<Self>, client: Client) -> ConnectionGuard {
        let mut connections = lock(&self.connections);
        let count = connections.entry(client).or_default();
        *count += 1;
        ConnectionGuard {
            limits: self.clone(),
            client,
            may_keep_alive: *count <= KEEP_ALIVE_CONNECTIONS_MAX,
        }
    }

    /// Frees the memory of clients whose buckets are full again.
    pub fn evict_idle_clients(&self) {
        for buckets in [
            &self.all_requests,
            &self.searches,
            &self.publications,
            &self.wrong_tokens,
        ] {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
        lock(&self.locked_out).retain(|_, until| *until > Instant::now());
    }

    fn check(&self, buckets: &Buckets, client: Client) -> Result<(), RateLimited> {
        buckets
            .check_key(&client)
            .map_err(|exceeded| RateLimited(exceeded.wait_time_from(self.clock.now())))
    }
}

/// Locks `counts`, even after a thread panicked while it held the lock: the counts are still valid.
fn lock<T>(counts: &Mutex<T>) -> MutexGuard<'_, T> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A guard that counts one connection of a client until it is dropped.
pub struct ConnectionGuard {
    limits: Arc<RateLimits>,
    client: Client,
    /// Whether the connection may stay open between requests: if its client had at most 256 connections when it was
    /// opened.
    pub may_keep_alive: bool,
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        let mut connections = lock(&self.limits.connections);
        if let Entry::Occupied(mut count) = connections.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn client(last: u8) -> Client {
        Client::network(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_client_has_a_maximum_of_connections_that_stay_open() {
        let limits = Arc::<RateLimits>::default();
        let (one, other) = (client(1), client(2));
        let mut open: Vec<_> = (0..=KEEP_ALIVE_CONNECTIONS_MAX)
            .map(|_| limits.count_connection(one))
            .collect();
        let closing = open.iter().filter(|connection| !connection.may_keep_alive);
        assert_eq!(closing.count(), 1);
        assert!(limits.count_connection(other).may_keep_alive);
        open.truncate(KEEP_ALIVE_CONNECTIONS_MAX - 1);
        assert!(limits.count_connection(one).may_keep_alive);
        open.clear();
        assert!(lock(&limits.connections).is_empty());
    }

    #[test]
    fn limits_of_one_client_do_not_affect_another() {
        let limits = RateLimits::default();
        let (one, other) = (client(1), client(2));
        for _ in 0..20 {
            assert_eq!(limits.check_publication(one), Ok(()));
        }
        let RateLimited(wait) = limits.check_publication(one).unwrap_err();
        assert!(
            wait > Duration::from_secs(55) && wait <= Duration::from_secs(60),
            "{wait:?}"
        );
        assert_eq!(limits.check_publication(other), Ok(()));
        for _ in 0..30 {
            limits.record_wrong_token(one);
        }
        assert_eq!(limits.check_token(one), Ok(()));
        limits.record_wrong_token(one);
        assert!(limits.check_token(one).is_err());
        assert_eq!(limits.check_token(other), Ok(()));
        limits.evict_idle_clients();
        assert!(limits.check_token(one).is_err() && limits.check_publication(one).is_err());
    }
}
