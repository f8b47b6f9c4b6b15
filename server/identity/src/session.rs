//! The session of a signed-in person: who it belongs to, and until when.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use store::{Person, PersonId, Store};
use tower_sessions::session::Id;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use crate::sessions::Sessions;
use crate::{Identity, IdentityError};

/// Session key of the person's id and of a fingerprint of the password they signed in with.
const SIGNED_IN: &str = "signed_in";
/// Session key of the day the session was last prolonged.
const SEEN: &str = "seen";
/// Days after which an unused session ends.
const DAYS: i64 = 14;

/// The layer that reads and writes the session cookie.
pub fn session_layer(store: Store, is_https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(store))
        .with_name("digger_session")
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(tower_sessions::cookie::SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::days(DAYS)))
}

impl Identity {
    /// Who is signed in with this session, as they are now. Seen at `now`, it lives on from there.
    ///
    /// # Errors
    /// [`IdentityError`], when that cannot be known.
    pub async fn recognise(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<Option<Person>, IdentityError> {
        let person = self.owner_of(session).await?;
        if person.is_some() {
            prolong(session, now)
                .await
                .map_err(IdentityError::session("prolong a session"))?;
        }
        Ok(person)
    }

    /// Whether the session of an earlier request is still that of this person: nobody has signed out of it since.
    pub async fn is_still_signed_in(&self, id: Id, person: &PersonId) -> bool {
        // Without an answer to carry its cookie.
        let store = Arc::new(Sessions::new(self.store.clone()));
        let session = Session::new(Some(id), store, None);
        let owner = self.owner_of(&session).await;
        owner.is_ok_and(|now| now.is_some_and(|now| now.id == *person))
    }

    async fn owner_of(&self, session: &Session) -> Result<Option<Person>, IdentityError> {
        let signed_in: Option<(PersonId, String)> = session
            .get(SIGNED_IN)
            .await
            .map_err(IdentityError::session("read a session"))?;
        let Some((id, fingerprint)) = signed_in else {
            return Ok(None);
        };
        let person = self
            .store
            .person(&id)
            .await
            .map_err(IdentityError::store("read a person"))?;
        Ok(person
            .filter(|person| !person.is_disabled && password_fingerprint(person) == fingerprint))
    }

    /// Begins a session for a person under a new id, so that an id known before is worth nothing.
    pub(crate) async fn begin_session(
        &self,
        session: &Session,
        person: &Person,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let beginning = async {
            session.cycle_id().await?;
            session
                .insert(SIGNED_IN, (&person.id, password_fingerprint(person)))
                .await?;
            prolong(session, now).await
        };
        beginning
            .await
            .map_err(IdentityError::session("begin a session"))
    }
}

/// Writes the session once a day, so that it ends two weeks after its last use, without a write per request.
async fn prolong(session: &Session, now: Timestamp) -> Result<(), tower_sessions::session::Error> {
    let today = now.to_zoned(TimeZone::UTC).date().to_string();
    if session.get::<String>(SEEN).await?.as_deref() != Some(&today) {
        session.insert(SEEN, today).await?;
    }
    Ok(())
}

/// Sessions end when the password changes.
fn password_fingerprint(person: &Person) -> String {
    let hash = person.password_hash.as_deref().unwrap_or_default();
    hex::encode(&Sha256::digest(hash.as_bytes())[..8])
}
