//! What the board's secret is good for. What is kept in the database unreadable is sealed with ChaCha20-Poly1305
//! (RFC 8439) under a key that follows, by HKDF (RFC 5869), from the secret and from something that only the one who asks
//! knows; what the board must know again is signed with HMAC-SHA256 (RFC 2104).

use std::fmt;

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    hmac,
    rand::{SecureRandom, SystemRandom},
};

/// What the operator or the database keeps secret. It prints as `Secret(..)`.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// This secret.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The signature of the text, in hexadecimal digits. One made for another purpose is another.
    #[must_use]
    pub fn mac(&self, purpose: &str, text: &[u8]) -> String {
        let bytes = self.tag(purpose, text);
        bytes
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Whether this is [`Secret::mac`] of the text, compared in a time that tells nothing.
    #[must_use]
    pub fn has_made(&self, mac: &str, purpose: &str, text: &[u8]) -> bool {
        self.are_same(mac.as_bytes(), self.mac(purpose, text).as_bytes())
    }

    /// Whether this is the secret itself, compared in a time that tells nothing.
    #[must_use]
    pub fn is(&self, presented: &[u8]) -> bool {
        self.are_same(presented, &self.0)
    }

    /// What is compared are signatures, of which nobody knows how those of similar texts differ.
    fn are_same(&self, one: &[u8], other: &[u8]) -> bool {
        let sign = |text| self.tag("comparison", text);
        sign(one).as_ref() == sign(other).as_ref()
    }

    fn tag(&self, purpose: &str, text: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(text);
        context.sign()
    }

    fn key(&self, known: &[u8]) -> Option<LessSafeKey> {
        let material = Salt::new(HKDF_SHA256, &self.0).extract(known);
        let key = material
            .expand(&[b"encontros-tech token"], &CHACHA20_POLY1305)
            .ok()?;
        Some(LessSafeKey::new(UnboundKey::from(key)))
    }

    /// The text, sealed for whoever knows `known`; `None` only where the operating system has no random numbers.
    #[must_use]
    pub fn seal(&self, known: &[u8], text: &str) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = text.as_bytes().to_vec();
        self.key(known)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut sealed,
            )
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// The text again; `None` where it was sealed under another secret, for something else, or not at all.
    #[must_use]
    pub fn open(&self, known: &[u8], sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let text = self
            .key(known)?
            .open_in_place(nonce, Aad::empty(), &mut sealed);
        String::from_utf8(text.ok()?.to_vec()).ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn only_the_same_secret_and_the_same_knowledge_open() {
        let secret = Secret::new(*b"board");
        let sealed = secret.seal(b"known", "token").unwrap();
        assert_eq!(secret.open(b"known", &sealed).as_deref(), Some("token"));
        assert_eq!(secret.open(b"other", &sealed), None);
        assert_eq!(Secret::new(*b"other").open(b"known", &sealed), None);
        assert_eq!(secret.open(b"known", &sealed[1..]), None);
        assert_eq!(secret.open(b"known", b""), None);
        assert!(!String::from_utf8_lossy(&sealed).contains("token"));
        assert_ne!(
            secret.seal(b"known", "token").unwrap(),
            sealed,
            "never twice the same"
        );
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn a_signature_is_for_one_text_and_one_purpose() {
        let secret = Secret::new(*b"board");
        let mac = secret.mac("form", b"text");
        assert!(secret.has_made(&mac, "form", b"text"));
        assert!(!secret.has_made(&mac, "form", b"Text"));
        assert!(!secret.has_made(&mac, "door", b"text"));
        assert!(!secret.has_made(&mac[1..], "form", b"text"));
        assert!(!Secret::new(*b"other").has_made(&mac, "form", b"text"));
        assert!(secret.is(b"board") && !secret.is(b"boar") && !secret.is(b""));
    }
}
