//! The secret in an edit link.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The key to one event: a random UUID (version 4, 122 bits), or what an old link holds.
///
/// It prints as `EditToken(..)` and gives itself up only through [`EditToken::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct EditToken(String);

impl EditToken {
    /// A new token from the operating system's random generator.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// The token a visitor holds out, in its canonical lower-case form. Whether it opens anything, only the store knows.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// The token itself, for its owner's eyes: the answer to whoever published, the cookie, the secret link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of the canonical form: all that is ever stored.
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
    fn a_token_never_prints_itself() {
        assert_eq!(format!("{:?}", EditToken::random()), "EditToken(..)");
    }

    #[test]
    fn an_old_link_in_capitals_is_the_same_key() {
        let capitals = EditToken::parse("A1B2C3D4-E5F6-7890-ABCD-EF1234567890");
        assert_eq!(
            capitals.hash(),
            EditToken::parse("a1b2c3d4-e5f6-7890-abcd-ef1234567890").hash()
        );
    }
}
