//! The client of a request, identified by its network for the rate limits.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

use crate::{config::Settings, crypto::Secret};

/// Length of a network's pseudonym, in hexadecimal digits: 64 bits, so that among a billion networks two collide with a
/// probability of 3 %.
const PSEUDONYM_DIGITS: usize = 16;

/// The remote IP address of a connection, stored as a request extension: taken from the accepted connection in
/// local-server, and from the event of API Gateway on AWS Lambda.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The network of a client: an IPv4 address, or the /64 of an IPv6 address, the usual prefix of one subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// Returns the network of `peer` or, with `TRUSTED_PROXY_HOPS`, of the address that the outermost trusted proxy
    /// appended to `X-Forwarded-For`.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, settings: &Settings) -> Self {
        let hops = usize::from(settings.trusted_proxy_hops);
        if hops == 0 {
            return Self::network(peer);
        }
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        // Each proxy appends the address of its own client.
        let index = forwarded.len().checked_sub(hops);
        let address = index.and_then(|index| forwarded[index].trim().parse().ok());
        Self::network(address.unwrap_or(peer))
    }

    /// Returns a pseudonym of the network: the first 64 bits of an HMAC of the address, in hexadecimal digits.
    #[must_use]
    pub fn pseudonym(self, secret: &Secret) -> String {
        let mut mac = secret.mac("source network", self.0.to_string().as_bytes());
        mac.truncate(PSEUDONYM_DIGITS);
        mac
    }

    /// Returns the network that contains `address`.
    #[must_use]
    pub fn network(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address @ IpAddr::V4(_) => address,
        })
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
    fn x_forwarded_for_is_used_only_from_trusted_proxies() {
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
    fn addresses_of_one_ipv6_network_are_one_client() {
        let of = |peer| client(peer, "", "0");
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
