//! The bar at the top: mark, places to go, and the menu with language, theme and sign-out.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::context::texts;
use crate::view::{Preferences, Session, Theme};
use lang::Lang;

/// Everything in it is a link or a plain form.
#[component]
pub fn Header(session: Session) -> impl IntoView {
    let texts = texts();
    let is_admin = session
        .viewer
        .as_ref()
        .is_some_and(|viewer| viewer.is_admin);
    let address = session.address.as_str();
    let path = address.split('?').next().unwrap_or_default().to_owned();
    let places = session.viewer.as_ref().map(|_| {
        view! {
            <nav class="Header-places" aria-label=texts.main_navigation>
                <Place href="/" label=texts.nav_reports is_here=path == "/" || path.starts_with("/reports") />
                <Place href="/runs" label=texts.nav_runs is_here=path.starts_with("/runs") />
                {is_admin
                    .then(|| {
                        view! {
                            <Place href="/admin/now" label=texts.nav_now is_here=path == "/admin/now" />
                            <Place href="/admin/reports" label=texts.nav_admin is_here=path == "/admin/reports" />
                        }
                    })}
            </nav>
        }
    });
    view! {
        <header class="Header">
            <div class="Header-inner">
                <a class="Header-mark" href="/">
                    <span class="Mark">
                        <Icon glyph=Glyph::Mark />
                    </span>
                    "Digger"
                </a>
                {places}
                <Menu session />
            </div>
        </header>
    }
    .into_any()
}

#[component]
fn Place(href: &'static str, label: &'static str, is_here: bool) -> impl IntoView {
    view! {
        <a href=href aria-current=is_here.then_some("page")>
            {label}
        </a>
    }
}

/// Closed by Escape through `keys.js`; everything else is the browser's.
#[component]
fn Menu(session: Session) -> impl IntoView {
    let texts = texts();
    let next = session.address.clone();
    let name = session
        .viewer
        .as_ref()
        .map_or(texts.menu, |_| "")
        .to_owned();
    let name = session
        .viewer
        .as_ref()
        .map_or(name, |viewer| viewer.name.clone());
    let is_signed_in = session.viewer.is_some();
    view! {
        <details class="Menu">
            <summary>
                <Icon glyph=Glyph::Person />
                <span class="Menu-name">{name}</span>
                <Icon glyph=Glyph::Down />
            </summary>
            <div class="Menu-sheet">
                <LanguageForm preferences=session.preferences next=next.clone() />
                <ThemeForm preferences=session.preferences next />
                {is_signed_in
                    .then(|| {
                        view! {
                            <form method="post" action="/signout">
                                <button type="submit" class="Button">
                                    {texts.sign_out}
                                </button>
                            </form>
                        }
                    })}
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn LanguageForm(preferences: Preferences, next: String) -> impl IntoView {
    let choice = |lang: Lang, label: &'static str| {
        let is_pressed = if preferences.lang == lang {
            "true"
        } else {
            "false"
        };
        view! {
            <button type="submit" name="lang" value=lang.as_str() lang=lang.as_str() aria-pressed=is_pressed>
                {label}
            </button>
        }
    };
    view! {
        <form method="post" action="/language">
            <input type="hidden" name="next" value=next />
            <fieldset class="Segments">
                <legend>{texts().language}</legend>
                {choice(Lang::Ko, "한국어")}
                {choice(Lang::En, "English")}
            </fieldset>
        </form>
    }
    .into_any()
}

#[component]
fn ThemeForm(preferences: Preferences, next: String) -> impl IntoView {
    let texts = texts();
    let choice = |theme: Theme, glyph: Glyph, label: &'static str| {
        let is_pressed = if preferences.theme == theme {
            "true"
        } else {
            "false"
        };
        view! {
            <button type="submit" name="theme" value=theme.as_str() aria-pressed=is_pressed>
                <Icon glyph />
                {label}
            </button>
        }
    };
    view! {
        <form method="post" action="/theme">
            <input type="hidden" name="next" value=next />
            <fieldset class="Segments">
                <legend>{texts.theme}</legend>
                {choice(Theme::System, Glyph::Device, texts.theme_system)}
                {choice(Theme::Light, Glyph::Sun, texts.theme_light)}
                {choice(Theme::Dark, Glyph::Moon, texts.theme_dark)}
            </fieldset>
        </form>
    }
    .into_any()
}
