//! Signing in with a password.

use std::net::IpAddr;

use jiff::Timestamp;
use store::Person;
use tower_sessions::Session;

use crate::people::DEMO_PASSWORD;
use crate::rate_limit::{Try, WINDOW};
use crate::{Identity, IdentityError};

/// Why somebody was not let in. The same for an unknown login and a wrong password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The login or the password is empty.
    Missing,
    /// No such person, or another password.
    Wrong,
    /// Too many have failed.
    TooMany {
        /// After so many minutes another try counts.
        minutes: u32,
    },
}

impl Identity {
    /// Begins a session for whoever has this login and password, at `now`.
    ///
    /// # Errors
    /// [`IdentityError`], when neither is known.
    pub async fn sign_in(
        &self,
        session: &Session,
        login: &str,
        password: String,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Result<Person, Refusal>, IdentityError> {
        if login.is_empty() || password.is_empty() {
            return Ok(Err(Refusal::Missing));
        }
        if self.hashing.is_busy() {
            return Err(IdentityError::Busy);
        }
        let counting = || IdentityError::store("count sign-ins");
        let store = &self.store;
        let Some(this) = Try::begin(store, login, address, now)
            .await
            .map_err(counting())?
        else {
            tracing::warn!(%address, "Refused a sign-in after too many attempts");
            let minutes = u32::try_from(WINDOW.as_secs() / 60).unwrap_or(1);
            return Ok(Err(Refusal::TooMany { minutes }));
        };
        let person = store
            .person_by_login(login)
            .await
            .map_err(IdentityError::store("read a person"))?;
        // Everybody knows the demo's password: outside the demo nobody comes in with it.
        let is_known_to_all = password == DEMO_PASSWORD && !self.is_demo;
        let person = person.filter(|person| !person.is_disabled && !is_known_to_all);
        let hash = person
            .as_ref()
            .and_then(|person| person.password_hash.clone());
        let Ok(is_right) = self.hashing.verify(password, hash).await else {
            this.did_not_happen(store).await.map_err(counting())?;
            return Err(IdentityError::Busy);
        };
        let Some(person) = person.filter(|_| is_right) else {
            self.audit("nobody", "signin.refused", login, now).await;
            return Ok(Err(Refusal::Wrong));
        };
        self.begin_session(session, &person, now).await?;
        this.succeeded(store).await.map_err(counting())?;
        self.audit(&person.id, "signin", &person.id, now).await;
        Ok(Ok(person))
    }

    /// Ends the session.
    ///
    /// # Errors
    /// [`IdentityError::Session`]; it goes on then.
    pub async fn sign_out(&self, session: &Session) -> Result<(), IdentityError> {
        let ended = session.flush().await;
        ended.map_err(IdentityError::session("end a session"))
    }
}
