//! The people who are there before anybody invited them: the first administrator, or the invented
//! people of the demo.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use lang::Text;
use settings::Settings;
use store::{NewPerson, Person, Purpose, Store, StoreError};

use crate::password;

/// Everybody knows it, so it opens nothing but an installation that was made for the demo.
pub const DEMO_PASSWORD: &str = "digger-demo";
/// How long the first administrator's link works.
const INVITE: Duration = Duration::from_hours(24);
const FIRST_LOGIN: &str = "admin";

struct Invented {
    login: &'static str,
    name: (&'static str, &'static str),
    role: (&'static str, &'static str),
    is_admin: bool,
    groups: &'static [&'static str],
    areas: &'static [&'static str],
}

const EVERYWHERE: &[&str] = &[
    "capital",
    "chungcheong",
    "honam",
    "yeongnam",
    "gangwon_jeju",
];

const INVENTED: [Invented; 5] = [
    Invented {
        login: "kim",
        name: ("김영업", "Kim Young-eop"),
        role: ("영업 담당자 · 수도권", "Sales · capital area"),
        is_admin: false,
        groups: &["sales"],
        areas: &["capital"],
    },
    Invented {
        login: "park",
        name: ("박팀장", "Park Team-jang"),
        role: ("영업 팀장 · 전국", "Sales manager · all areas"),
        is_admin: false,
        groups: &["sales"],
        areas: EVERYWHERE,
    },
    Invented {
        login: "lee",
        name: ("이분석", "Lee Bun-seok"),
        role: ("영업 분석 · 영업과 재무", "Analyst · sales and finance"),
        is_admin: false,
        groups: &["sales", "finance"],
        areas: EVERYWHERE,
    },
    Invented {
        login: "choi",
        name: ("최재무", "Choi Jae-mu"),
        role: ("재무 담당자", "Finance"),
        is_admin: false,
        groups: &["finance"],
        areas: EVERYWHERE,
    },
    Invented {
        login: "admin",
        name: ("관리자", "Administrator"),
        role: ("관리자 · 모든 보고서", "Administrator · every report"),
        is_admin: true,
        groups: &["sales", "finance"],
        areas: EVERYWHERE,
    },
];

/// A demo sign-in, for whoever shows them to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// What to type; the password is [`DEMO_PASSWORD`].
    pub login: &'static str,
    /// The name.
    pub name: Text,
    /// What the person does.
    pub role: Text,
}

/// The demo sign-ins.
pub fn demo_people() -> impl Iterator<Item = DemoPerson> {
    INVENTED.iter().map(|person| DemoPerson {
        login: person.login,
        name: Text::both(person.name.0, person.name.1),
        role: Text::both(person.role.0, person.role.1),
    })
}

/// Settles what a new installation is for, and refuses to serve the demo where there is anything else, or anything
/// else where there is the demo: its people have a password that everybody knows.
///
/// # Errors
/// What does not fit and what to do, or that our own tables cannot be written.
pub async fn keep_to_purpose(store: &Store, is_demo: bool) -> anyhow::Result<()> {
    let wanted = if is_demo {
        Purpose::Demo
    } else {
        Purpose::Work
    };
    let place = store.place();
    match (store.claim_purpose(wanted).await?, wanted) {
        (Purpose::Work, Purpose::Demo) => anyhow::bail!(
            "{place} was not made for the demo, so its people could be real ones, and everybody knows the demo's password; set another `data_dir` (or `database`) for the demo, or leave out --demo"
        ),
        (Purpose::Demo, Purpose::Work) => anyhow::bail!(
            "{place} was made for the demo: its people are invented, and everybody knows their password; set another `data_dir` (or `database`), or serve it with --demo"
        ),
        _ => Ok(()),
    }
}

/// Creates the demo people, or brings them back to what they were.
///
/// # Errors
/// When our own tables cannot be written.
pub async fn ensure_demo(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    let known = store
        .person_by_login(INVENTED[0].login)
        .await?
        .and_then(|person| person.password_hash);
    // Hashing costs a noticeable part of a warm start; the old hash of the same password is as good.
    let hash = match known {
        Some(hash) if password::verify(DEMO_PASSWORD, Some(&hash)) => hash,
        _ => password::hash(DEMO_PASSWORD)?,
    };
    for person in &INVENTED {
        let areas = person.areas.iter().map(|area| (*area).to_owned()).collect();
        store
            .upsert_demo_person(NewPerson {
                login: person.login.to_owned(),
                name: person.name.0.to_owned(),
                password_hash: Some(hash.clone()),
                is_admin: person.is_admin,
                groups: person
                    .groups
                    .iter()
                    .map(|group| (*group).to_owned())
                    .collect(),
                attributes: BTreeMap::from([("areas".to_owned(), areas)]),
                lang: None,
                now,
            })
            .await?;
    }
    Ok(())
}

/// Creates the first administrator when there are no people yet, and returns the one-time link as
/// long as that administrator has not chosen a password.
///
/// # Errors
/// When our own tables cannot be written.
pub async fn first_invite(
    store: &Store,
    settings: &Settings,
    address: &str,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let administrator = NewPerson {
        login: FIRST_LOGIN.to_owned(),
        name: "관리자".to_owned(),
        is_admin: true,
        now,
        ..NewPerson::default()
    };
    let id = match store.create_first_person(administrator).await? {
        Some(id) => id,
        None => match store.person_by_login(FIRST_LOGIN).await? {
            Some(person) if person.is_admin && has_no_password(&person) => person.id,
            _ => return Ok(None),
        },
    };
    let token = password::new_token();
    store
        .create_invite(&password::token_hash(&token), &id, now + INVITE)
        .await?;
    let base = settings.public_url.as_deref().unwrap_or(address);
    Ok(Some(format!("{base}/welcome/{token}")))
}

/// Whether nothing lets this person in: the demo's password opens nothing, although an earlier version may have
/// given it to them.
fn has_no_password(person: &Person) -> bool {
    match &person.password_hash {
        None => true,
        Some(hash) => password::verify(DEMO_PASSWORD, Some(hash)),
    }
}
