//! How often one client may ask: a token bucket each for anything, searches, publishing and wrong tokens; how many
//! connections it may hold; and how many requests there may be at once. They are this process's own.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};
use http::HeaderMap;
use tokio::sync::Semaphore;

use crate::{config::Settings, crypto::Secret};

/// How many hexadecimal digits tell networks apart: two of a billion are alike with a chance of three in a hundred.
const SOURCE_DIGITS: usize = 16;

/// Who asks: an address, or of IPv6 the network that one household has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// The client behind this connection, or, behind trusted proxies, the one that the outermost of them names.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, settings: &Settings) -> Self {
        let hops = usize::from(settings.trusted_proxy_hops);
        if hops == 0 {
            return Self::network(peer);
        }
        let told: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        // Each proxy adds who called it, at the end.
        let named = told.len().checked_sub(hops);
        let named = named.and_then(|place| told[place].trim().parse().ok());
        Self::network(named.unwrap_or(peer))
    }

    /// What tells two clients apart and nothing more: the beginning of a signature of the address.
    #[must_use]
    pub fn source(self, secret: &Secret) -> String {
        let mut mac = secret.mac("source network", self.0.to_string().as_bytes());
        mac.truncate(SOURCE_DIGITS);
        mac
    }

    /// The network of this address: an address of IPv4, a /64 of IPv6.
    #[must_use]
    pub fn network(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address @ IpAddr::V4(_) => address,
        })
    }
}

type Bucket = RateLimiter<Client, HashMapStateStore<Client>, DefaultClock>;

/// Requests that only read, answered at once at most. What they wait for is the database, for 2.5 s at most.
const READS_AT_ONCE: usize = 2_048;
/// Requests with bodies, answered at once at most. They may come slowly, which must cost nobody who reads his place.
const WRITES_AT_ONCE: usize = 256;
/// Connections that one client may hold at leisure.
const CONNECTIONS_AT_LEISURE: usize = 256;

/// The places for requests that are being answered.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// For those that only read.
    pub reads: Semaphore,
    /// For all others.
    pub writes: Semaphore,
}

impl Default for ConcurrencyLimits {
    fn default() -> Self {
        Self {
            reads: Semaphore::new(READS_AT_ONCE),
            writes: Semaphore::new(WRITES_AT_ONCE),
        }
    }
}

/// Of how much there is too much.
pub struct Limits {
    clock: DefaultClock,
    anything: Bucket,
    searches: Bucket,
    publications: Bucket,
    wrong_tokens: Bucket,
    /// Who has tried too many wrong tokens, and until when.
    locked_out: Mutex<HashMap<Client, Instant>>,
    /// How many connections each client holds.
    connections: Mutex<HashMap<Client, usize>>,
}

/// Too much; how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited(pub Duration);

impl RateLimited {
    /// How long to wait, in whole seconds, at least one.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + 1
    }
}

impl Default for Limits {
    fn default() -> Self {
        let bucket = |at_once: u32, quota: fn(NonZeroU32) -> Quota, then: u32| {
            let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            Bucket::hashmap(quota(number(then)).allow_burst(number(at_once)))
        };
        Self {
            clock: DefaultClock::default(),
            anything: bucket(600, Quota::per_second, 60),
            searches: bucket(60, Quota::per_second, 5),
            publications: bucket(20, Quota::per_minute, 1),
            wrong_tokens: bucket(30, Quota::per_minute, 6),
            locked_out: Mutex::default(),
            connections: Mutex::default(),
        }
    }
}

impl Limits {
    /// Counts a request of any kind.
    ///
    /// # Errors
    /// When there were too many: 600 at once, then 60 a second.
    pub fn anything(&self, client: Client) -> Result<(), RateLimited> {
        self.count(&self.anything, client)
    }

    /// Counts a search.
    ///
    /// # Errors
    /// When there were too many: 60 at once, then 5 a second.
    pub fn search(&self, client: Client) -> Result<(), RateLimited> {
        self.count(&self.searches, client)
    }

    /// Counts a publication.
    ///
    /// # Errors
    /// When there were too many: 20 at once, then one a minute.
    pub fn publication(&self, client: Client) -> Result<(), RateLimited> {
        self.count(&self.publications, client)
    }

    /// Counts a wrong token. After 30 at once, and then more than 6 a minute, no token is looked at for a while.
    pub fn wrong_token(&self, client: Client) {
        if let Err(RateLimited(wait)) = self.count(&self.wrong_tokens, client) {
            lock(&self.locked_out).insert(client, Instant::now() + wait);
        }
    }

    /// Whether the client's tokens are looked at.
    ///
    /// # Errors
    /// While it has tried too many wrong ones.
    pub fn token(&self, client: Client) -> Result<(), RateLimited> {
        let until = lock(&self.locked_out).get(&client).copied();
        let wait = until.and_then(|until| until.checked_duration_since(Instant::now()));
        wait.map_or(Ok(()), |wait| Err(RateLimited(wait)))
    }

    /// Counts a connection for as long as what is returned lives.
    #[must_use]
    pub fn connection(self: &Arc<Self>, client: Client) -> Connection {
        let mut held = lock(&self.connections);
        let held = held.entry(client).or_default();
        *held += 1;
        Connection {
            limits: self.clone(),
            client,
            at_leisure: *held <= CONNECTIONS_AT_LEISURE,
        }
    }

    /// Forgets clients that have not been seen lately.
    pub fn forget(&self) {
        for bucket in [
            &self.anything,
            &self.searches,
            &self.publications,
            &self.wrong_tokens,
        ] {
            bucket.retain_recent();
            bucket.shrink_to_fit();
        }
        lock(&self.locked_out).retain(|_, until| *until > Instant::now());
    }

    fn count(&self, bucket: &Bucket, client: Client) -> Result<(), RateLimited> {
        bucket
            .check_key(&client)
            .map_err(|not| RateLimited(not.wait_time_from(self.clock.now())))
    }
}

/// What a panic has left behind is still a count.
fn lock<T>(counts: &Mutex<T>) -> MutexGuard<'_, T> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client's connection, counted until it is dropped.
pub struct Connection {
    limits: Arc<Limits>,
    client: Client,
    /// Whether it may take its time: its client held no more than 256 when it came.
    pub at_leisure: bool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut held = lock(&self.limits.connections);
        if let Entry::Occupied(mut held) = held.entry(self.client) {
            *held.get_mut() -= 1;
            if *held.get() == 0 {
                held.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str, hops: &str) -> Client {
        let settings = Settings::from_pairs(&[("TRUSTED_PROXY_HOPS", hops)]).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        Client::of(peer.parse().unwrap(), &headers, &settings)
    }

    #[test]
    fn a_proxy_is_believed_only_when_trusted() {
        for (hops, forwarded, expected) in [
            ("0", "203.0.113.7", "192.0.2.1"),
            ("1", "203.0.113.7", "203.0.113.7"),
            ("1", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
            ("2", "198.51.100.9, 203.0.113.7, 192.0.2.2", "203.0.113.7"),
            ("2", "203.0.113.7", "192.0.2.1"),
            ("1", "nonsense", "192.0.2.1"),
        ] {
            let expected = Client(expected.parse().unwrap());
            assert_eq!(
                client("192.0.2.1", forwarded, hops),
                expected,
                "{hops} {forwarded}"
            );
        }
    }

    #[test]
    fn a_household_is_one_client() {
        assert_eq!(
            client("2001:db8:1:2::3", "", "0"),
            client("2001:db8:1:2:ffff::9", "", "0")
        );
        assert_ne!(
            client("2001:db8:1:2::3", "", "0"),
            client("2001:db8:1:3::3", "", "0")
        );
        assert_eq!(
            client("::ffff:192.0.2.1", "", "0"),
            client("192.0.2.1", "", "0")
        );
    }

    #[test]
    fn a_client_holds_only_so_many_connections_at_leisure() {
        let limits = Arc::<Limits>::default();
        let (one, other) = (client("192.0.2.1", "", "0"), client("192.0.2.2", "", "0"));
        let mut held: Vec<_> = (0..=CONNECTIONS_AT_LEISURE)
            .map(|_| limits.connection(one))
            .collect();
        let hurried = held.iter().filter(|connection| !connection.at_leisure);
        assert_eq!(hurried.count(), 1);
        assert!(limits.connection(other).at_leisure);
        held.truncate(CONNECTIONS_AT_LEISURE - 1);
        assert!(limits.connection(one).at_leisure);
        held.clear();
        assert!(lock(&limits.connections).is_empty());
    }

    #[test]
    fn one_clients_zeal_is_not_anothers_loss() {
        let limits = Limits::default();
        let (one, other) = (client("192.0.2.1", "", "0"), client("192.0.2.2", "", "0"));
        for _ in 0..20 {
            assert_eq!(limits.publication(one), Ok(()));
        }
        let RateLimited(wait) = limits.publication(one).unwrap_err();
        assert!(
            wait > Duration::from_secs(55) && wait <= Duration::from_secs(60),
            "{wait:?}"
        );
        assert_eq!(limits.publication(other), Ok(()));
        for _ in 0..30 {
            limits.wrong_token(one);
        }
        assert_eq!(limits.token(one), Ok(()));
        limits.wrong_token(one);
        assert!(limits.token(one).is_err());
        assert_eq!(limits.token(other), Ok(()));
        limits.forget();
        assert!(limits.token(one).is_err() && limits.publication(one).is_err());
    }
}
