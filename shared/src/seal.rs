//! What is kept in the database unreadable: sealed with ChaCha20-Poly1305 (RFC 8439) under a key that follows, by HKDF
//! (RFC 5869), from the board's secret and from something that only the one who asks knows.

use std::fmt;

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
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
}
