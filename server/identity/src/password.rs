//! Passwords and one-time links: only what cannot be turned back is stored.

mod hashing;

pub use hashing::{Busy, Hashing};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// Fewest characters of a password. NIST SP 800-63B asks for at least 8; length is worth more than rules.
pub const SHORTEST: usize = 10;
/// Most bytes of a password: argon2 would read more, but nobody types it.
pub const LONGEST: usize = 1_024;

/// argon2id with the parameters OWASP recommends first for it: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password, which takes a noticeable moment.
///
/// # Errors
/// When the hash cannot be computed, which only happens without memory.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt)?;
    let hash = argon2().hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash, after a noticeable moment.
///
/// Without a hash the same work is done for nothing, so that an unknown login takes as long as a
/// known one.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    /// Of a password nobody has; same parameters as [`argon2`].
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if password.len() > LONGEST {
        return false;
    }
    let matches = PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
    matches && hash.is_some()
}

/// A new secret for a one-time link: 32 random bytes in hexadecimal.
pub fn new_token() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// What is stored of a token. A token is random, so a plain hash is enough.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_verifies() {
        let hash = hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", Some(&hash)));
        assert!(!verify("correct house", Some(&hash)));
    }

    #[test]
    fn nobody_signs_in_without_a_hash() {
        assert!(!verify("", None));
    }

    #[test]
    fn tokens_differ_and_their_hash_does_not_show_them() {
        let token = new_token();
        assert_ne!(token, new_token());
        assert!(!token_hash(&token).contains(&token));
    }
}
