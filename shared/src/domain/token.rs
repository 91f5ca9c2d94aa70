//! The edit token: the secret in the link that permits editing an event.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The secret that permits editing one event: a random UUID (version 4, 122 random bits), or any text in a link that
/// the previous system issued.
///
/// `Debug` prints `EditToken(..)`; only [`EditToken::expose`] returns the text.
#[derive(Clone, PartialEq, Eq)]
pub struct EditToken(String);

impl EditToken {
    /// Creates a token from the operating system's random generator.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// Reads a token that a client sent, in its canonical lower-case form. Only the store can find out whether it is
    /// valid.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// Returns the secret text, for its owner only: in the response to a publication, the cookie and the edit link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the SHA-256 hash of the token's canonical form. Only this hash is stored.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for EditToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EditToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::EditToken;

    #[test]
    fn debug_output_does_not_contain_the_token() {
        assert_eq!(format!("{:?}", EditToken::random()), "EditToken(..)");
    }

    #[test]
    fn upper_and_lower_case_are_the_same_token() {
        let upper_case = EditToken::parse("A1B2C3D4-E5F6-7890-ABCD-EF1234567890");
        let lower_case = EditToken::parse("a1b2c3d4-e5f6-7890-abcd-ef1234567890");
        assert_eq!(upper_case.hash(), lower_case.hash());
    }
}
