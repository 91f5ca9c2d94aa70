//! Cryptography with the site's secret: authentication codes by HMAC-SHA256 (RFC 2104), and encryption by
//! ChaCha20-Poly1305 (RFC 8439) under a key that HKDF (RFC 5869) derives from the secret and from a value that only the
//! client has.

use std::fmt;

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    hmac,
    rand::{SecureRandom, SystemRandom},
};

/// A secret key or token, set by the operator or stored in the database. `Debug` prints `Secret(..)`.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Creates a secret from its bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the HMAC-SHA256 of `purpose` and `text` under the secret, as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn mac(&self, purpose: &str, text: &[u8]) -> String {
        let bytes = self.tag(purpose, text);
        bytes
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Returns whether `mac` is what [`Secret::mac`] returns for `purpose` and `text`, compared in constant time.
    #[must_use]
    pub fn verify_mac(&self, mac: &str, purpose: &str, text: &[u8]) -> bool {
        self.equals_constant_time(mac.as_bytes(), self.mac(purpose, text).as_bytes())
    }

    /// Returns whether `bytes` are the secret itself, compared in constant time.
    #[must_use]
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.equals_constant_time(bytes, &self.0)
    }

    /// Compares the authentication codes of both texts, so that the duration of the comparison reveals nothing about
    /// the texts.
    fn equals_constant_time(&self, one: &[u8], other: &[u8]) -> bool {
        let tag = |text| self.tag("comparison", text);
        tag(one).as_ref() == tag(other).as_ref()
    }

    fn tag(&self, purpose: &str, text: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(text);
        context.sign()
    }

    fn sealing_key(&self, key_material: &[u8]) -> Option<LessSafeKey> {
        let pseudorandom_key = Salt::new(HKDF_SHA256, &self.0).extract(key_material);
        let key = pseudorandom_key
            .expand(&[b"encontros-tech token"], &CHACHA20_POLY1305)
            .ok()?;
        Some(LessSafeKey::new(UnboundKey::from(key)))
    }

    /// Encrypts and authenticates `text` under a key derived from the secret and `key_material`; returns nonce,
    /// ciphertext and tag. `None` only if the operating system provides no random numbers.
    #[must_use]
    pub fn seal(&self, key_material: &[u8], text: &str) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut ciphertext = text.as_bytes().to_vec();
        self.sealing_key(key_material)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut ciphertext,
            )
            .ok()?;
        Some([nonce.as_slice(), &ciphertext].concat())
    }

    /// Decrypts what [`Secret::seal`] returned; `None` if `sealed` was changed, or sealed with another secret or
    /// `key_material`.
    #[must_use]
    pub fn open(&self, key_material: &[u8], sealed: &[u8]) -> Option<String> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut buffer = ciphertext.to_vec();
        let text = self
            .sealing_key(key_material)?
            .open_in_place(nonce, Aad::empty(), &mut buffer);
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
    fn only_the_same_secret_and_key_material_open_a_sealed_text() {
        let secret = Secret::new(*b"site secret");
        let sealed = secret.seal(b"key", "token").unwrap();
        assert_eq!(secret.open(b"key", &sealed).as_deref(), Some("token"));
        assert_eq!(secret.open(b"other key", &sealed), None);
        assert_eq!(Secret::new(*b"other").open(b"key", &sealed), None);
        assert_eq!(secret.open(b"key", &sealed[1..]), None);
        assert_eq!(secret.open(b"key", b""), None);
        assert!(!String::from_utf8_lossy(&sealed).contains("token"));
        assert_ne!(
            secret.seal(b"key", "token").unwrap(),
            sealed,
            "each nonce is new"
        );
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn an_authentication_code_is_for_one_text_and_one_purpose() {
        let secret = Secret::new(*b"site secret");
        let mac = secret.mac("form", b"text");
        assert!(secret.verify_mac(&mac, "form", b"text"));
        assert!(!secret.verify_mac(&mac, "form", b"Text"));
        assert!(!secret.verify_mac(&mac, "other", b"text"));
        assert!(!secret.verify_mac(&mac[1..], "form", b"text"));
        assert!(!Secret::new(*b"other").verify_mac(&mac, "form", b"text"));
        assert!(
            secret.matches(b"site secret")
                && !secret.matches(b"site secre")
                && !secret.matches(b"")
        );
    }
}
