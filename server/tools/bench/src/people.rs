//! People for a server that has its own: made like one of them, so that they sign in as everybody does.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use store::{Location, NewPerson, Store};

/// Makes `user1` to `userCOUNT` with the password, the groups and the areas of somebody who is there.
///
/// On SQLite no server may run meanwhile.
///
/// # Errors
/// When the database cannot be used, or nobody has that login.
pub(crate) async fn make(place: &str, count: usize, like: &str) -> Result<Value> {
    let store = Store::connect(&Location::parse(place)?).await?;
    let known = store.person_by_login(like).await?;
    let known = known.with_context(|| format!("nobody signs in as {like}"))?;
    for number in 1..=count {
        store
            .create_person(NewPerson {
                login: login(number),
                name: format!("{} {number}", known.name),
                password_hash: known.password_hash.clone(),
                is_admin: false,
                groups: known.groups.clone(),
                attributes: known.attributes.clone(),
                lang: None,
                now: known.created_at,
            })
            .await?;
    }
    store.close().await;
    Ok(json!({ "people": count }))
}

/// The login of one of them, from 1.
pub(crate) fn login(number: usize) -> String {
    format!("user{number}")
}
