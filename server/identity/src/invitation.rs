//! One-time links: a person chooses a name and a password.

use jiff::Timestamp;
use store::Person;
use tower_sessions::Session;

use crate::{Identity, IdentityError, password};

impl Identity {
    /// Who a one-time link is for, as long as it works at `now`. Asking does not use it up.
    ///
    /// # Errors
    /// [`IdentityError::Store`].
    pub async fn invited(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Person>, IdentityError> {
        let token = password::token_hash(token);
        let id = self
            .store
            .invited(&token, now)
            .await
            .map_err(IdentityError::store("read an invitation"))?;
        match id {
            Some(id) => self
                .store
                .person(&id)
                .await
                .map_err(IdentityError::store("read a person")),
            None => Ok(None),
        }
    }

    /// Uses a one-time link up at `now`, and begins a session for whom it was for; `None` when it does not work.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub async fn accept(
        &self,
        session: &Session,
        token: &str,
        name: Option<&str>,
        password: String,
        now: Timestamp,
    ) -> Result<Option<Person>, IdentityError> {
        let using = || IdentityError::store("use an invitation");
        let token = password::token_hash(token);
        // Looked up before anything is computed: whoever makes up a link gets its answer at once.
        let invited = self.store.invited(&token, now).await;
        if invited
            .map_err(IdentityError::store("read an invitation"))?
            .is_none()
        {
            return Ok(None);
        }
        let hash = match self.hashing.hash(password).await {
            Ok(hash) => hash.map_err(IdentityError::Hash)?,
            Err(password::Busy) => return Err(IdentityError::Busy),
        };
        let Some(id) = self.store.take_invite(&token, now).await.map_err(using())? else {
            return Ok(None);
        };
        self.store.set_password(&id, &hash).await.map_err(using())?;
        if let Some(name) = name {
            self.store.set_name(&id, name).await.map_err(using())?;
        }
        self.store
            .audit(&id, "welcome", &id, "{}", now)
            .await
            .map_err(using())?;
        let person = self.store.person(&id).await.map_err(using())?;
        if let Some(person) = &person {
            self.begin_session(session, person, now).await?;
        }
        Ok(person)
    }
}
