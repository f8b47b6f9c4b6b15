//! The application: the HTML around every page, the frame, and the routes.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::MetaTags;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::components::Header;
use crate::load::JsonBytes;
#[cfg(feature = "ssr")]
use crate::pages::NowPage;
use crate::pages::{
    AdminReportsPage, ErrorPage, HomePage, NotFoundPage, ReportPage, RunPage, RunsPage, SignInPage,
    WelcomePage,
};
use crate::text::{Texts, texts_of};
use crate::view::Session;
#[cfg(feature = "ssr")]
use crate::view::{NowDone, NowView};

/// The document around every page, rendered once per full load.
///
/// Script and style addresses follow `options.site_pkg_dir`, which changes with the build when assets are embedded.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let styles = styles(&options);
    let scripts = view! { <HydrationScripts options /> };
    document(styles, scripts, view! { <App /> })
}

/// The document of the page "Now", which the browser client is not loaded for: it works by itself, and the script
/// `live.js` keeps it up to date. `done` is what a button of it has just done.
#[cfg(feature = "ssr")]
pub fn now_shell(options: LeptosOptions, now: NowView, done: Option<NowDone>) -> impl IntoView {
    let script = format!("/{}/live.js", options.site_pkg_dir);
    let scripts = view! { <script type="module" src=script></script> };
    document(styles(&options), scripts, view! { <NowFrame now done /> })
}

/// The frame of [`App`] around the page "Now", without routes and without resources.
#[cfg(feature = "ssr")]
#[component]
fn NowFrame(now: NowView, done: Option<NowDone>) -> impl IntoView {
    provide_meta_context();
    let session = crate::request::session();
    let texts = texts_of(session.preferences.lang);
    provide_context(session.clone());
    provide_context(texts);
    view! {
        <DocumentTitle />
        <Router>
            <a class="SkipLink" href="#main">{texts.skip_to_content}</a>
            <Header session />
            <main id="main" class="Main" tabindex="-1">
                <NowPage now done />
            </main>
            <footer class="Footer">
                <p>{texts.footer}</p>
            </footer>
        </Router>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
fn styles(options: &LeptosOptions) -> String {
    format!("/{}/{}.css", options.site_pkg_dir, options.output_name)
}

#[cfg(feature = "ssr")]
fn document(styles: String, scripts: impl IntoView, body: impl IntoView) -> impl IntoView {
    let preferences = crate::request::preferences();
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.as_str() data-theme=preferences.theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf8" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#141416" />
                <meta name="robots" content="noindex" />
                <link rel="icon" type="image/svg+xml" href=FAVICON />
                <link rel="stylesheet" href=styles />
                {scripts}
                <MetaTags />
            </head>
            <body>{body}</body>
        </html>
    }
}

/// The mark of the header as a picture: three layers of ground, dug into.
#[cfg(feature = "ssr")]
const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%233350c8'/%3E%3Cpath d='M6 10h7l3 5 3-5h7M6 16h4l6 7 6-7h4M6 23h5m10 0h5' fill='none' stroke='%23fff' stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/// The frame and the page of the current address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session =
        SharedValue::<Session, JsonBytes>::new_with_encoding(request_session).into_inner();
    let texts = texts_of(session.preferences.lang);
    provide_context(session.clone());
    provide_context(texts);
    let main = NodeRef::new();
    view! {
        <DocumentTitle />
        <Router>
            <a class="SkipLink" href="#main" rel="external">{texts.skip_to_content}</a>
            <FocusFollowsPage main />
            <Header session=session.clone() />
            <main id="main" class="Main" tabindex="-1" node_ref=main>
                {match session.refusal.clone() {
                    Some(error) => view! { <ErrorPage error /> }.into_any(),
                    None => view! { <Pages /> }.into_any(),
                }}
            </main>
            <footer class="Footer">
                <p>{texts.footer}</p>
            </footer>
        </Router>
    }
    .into_any()
}

/// `My runs · Digger`, from whatever title the page sets.
#[component]
fn DocumentTitle() -> impl IntoView {
    view! { <Title formatter=document_title /> }
}

/// Titles are what authors and people write. The server puts them into the page as markup, the browser sets them as
/// text.
fn document_title(title: String) -> String {
    #[cfg(feature = "ssr")]
    let title = crate::markup::escape(&title);
    match title.as_str() {
        "" => "Digger".to_owned(),
        title => format!("{title} · Digger"),
    }
}

/// Moves the focus to the content when another page is shown without a full load, so that it is read from its start.
#[component]
fn FocusFollowsPage(main: NodeRef<leptos::html::Main>) -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path)
            && let Some(main) = main.get_untracked()
        {
            let _ = main.focus();
        }
        path
    });
}

/// Every page is rendered completely before it is sent: streaming would need JavaScript to put the pieces in place,
/// and would send the status before the page knows it.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
            <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async />
            <Route path=path!("/welcome/:token") view=WelcomePage ssr=SsrMode::Async />
            <Route path=path!("/reports/*id") view=ReportPage ssr=SsrMode::Async />
            <Route path=path!("/runs") view=RunsPage ssr=SsrMode::Async />
            <Route path=path!("/runs/:id") view=RunPage ssr=SsrMode::Async />
            <Route path=path!("/admin/reports") view=AdminReportsPage ssr=SsrMode::Async />
        </Routes>
    }
    .into_any()
}

/// The texts of the reader's language, from the context of [`App`].
pub fn texts() -> &'static Texts {
    use_context::<&'static Texts>().unwrap_or_else(|| texts_of(Default::default()))
}

/// Who is looking, from the context of [`App`].
pub fn session() -> Session {
    use_context::<Session>().unwrap_or_default()
}

fn request_session() -> Session {
    #[cfg(feature = "ssr")]
    return crate::request::session();
    // In the browser the value the server sent is used instead.
    #[cfg(not(feature = "ssr"))]
    return Session::default();
}
