//! Who is looking, how they like it, and the pages before anybody is known.

use serde::{Deserialize, Serialize};

use lang::Lang;

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person's id in the store.
    pub id: String,
    /// The name people call them by.
    pub name: String,
    /// Administrators see every report and every run, and the chain below an error.
    pub is_admin: bool,
    /// The language of every text in the answer.
    pub lang: Lang,
}

/// Light, dark, or whatever the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// Follows the device; the default.
    #[default]
    System,
}

impl Theme {
    /// The value of the `theme` cookie and of `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    /// Reads the cookie; anything unknown is [`Theme::System`].
    pub fn from_cookie(value: &str) -> Self {
        match value {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// Language and theme of one request, read from cookies (and `Accept-Language`) by the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Default: Korean.
    pub lang: Lang,
    /// Default: system.
    pub theme: Theme,
}

/// One request as a page needs to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Language and theme.
    pub preferences: Preferences,
    /// Nobody on the sign-in and welcome pages.
    pub viewer: Option<Viewer>,
    /// Path and query of the request: where the menu comes back to, and which place of the header is the current one.
    pub address: String,
}

/// The sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    /// People to try Digger as. Filled only in demo mode.
    pub demo_people: Vec<DemoPerson>,
    /// Where to go after signing in; a path of this site. The server checks it again.
    pub next: String,
    /// What was posted and refused, if anything.
    pub posted: Option<PostedSignIn>,
}

/// One of the invented people of the demo shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// Login name, posted by the card.
    pub login: String,
    /// Password, posted by the card; known to everybody.
    pub password: String,
    /// Full name in the reader's language.
    pub name: String,
    /// What the person does, such as "영업 담당자".
    pub role: String,
}

/// A refused sign-in, for the page that is shown again (status 401 or 429).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedSignIn {
    /// As typed; the password is never sent back.
    pub login: String,
    /// Where to go after signing in.
    pub next: String,
    /// Why it was refused.
    pub problem: SignInProblem,
}

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInProblem {
    /// Login or password are missing.
    Missing,
    /// The pair is not known. Which of the two was wrong is never said.
    Wrong,
    /// Too many attempts; the next is possible after this many minutes.
    TooMany {
        /// Rounded up, at least 1.
        minutes: u32,
    },
}

/// The page behind a one-time link, where a person chooses a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeView {
    /// The token of the address, posted back to `/welcome/{token}`.
    pub token: String,
    /// The login name the person will use.
    pub login: String,
    /// Name as known or as posted.
    pub name: String,
    /// The first administrator, who is asked for a name too.
    pub first_administrator: bool,
    /// Fewest characters of a password.
    pub password_min: u32,
    /// What was posted and refused, if anything.
    pub posted: Option<PostedWelcome>,
}

/// A refused password, for the page that is shown again (status 422).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedWelcome {
    /// As typed.
    pub name: Option<String>,
    /// Why it was refused.
    pub problem: WelcomeProblem,
}

/// Why a new password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeProblem {
    /// A name is needed.
    NameMissing,
    /// Shorter than [`WelcomeView::password_min`].
    TooShort,
    /// Longer than the server hashes (1,000 bytes).
    TooLong,
    /// The password of the demo, which everybody can read in the documentation.
    KnownToAll,
}
