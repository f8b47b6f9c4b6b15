//! A whole HTML document: the head, the frame, and the page inside it.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::components::Header;
use crate::context::texts;
use crate::markup::escape;
use crate::pages::Page;
use crate::view::Session;

/// Links of ours are fetched as soon as they are pressed, not when they are only passed over: what is shown is never
/// older than the press. Files are not pages.
const SPECULATION: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/runs/*/files/*"}}]},"eagerness":"conservative"}]}"#;

/// Fades from page to page unless reduced motion is wished for. It stands in the page itself: Chromium decides about the
/// fade before a linked style sheet is there, and then gives it up with an error. The policy of pages names its hash.
pub const FADE: &str =
    "@media (prefers-reduced-motion:no-preference){@view-transition{navigation:auto}}";

/// The mark of the header as a picture: three layers of ground, dug into.
const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%233350c8'/%3E%3Cpath d='M6 10h7l3 5 3-5h7M6 16h4l6 7 6-7h4M6 23h5m10 0h5' fill='none' stroke='%23fff' stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/// The document of a page for one request. `assets` is where styles and scripts are, such as `/pkg`.
pub fn render(session: &Session, assets: &str, page: Page) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(session.clone());
        document(session, assets, page).to_html()
    });
    owner.cleanup();
    html
}

fn document(session: &Session, assets: &str, page: Page) -> AnyView {
    let texts = texts();
    let preferences = session.preferences;
    let title = match page.title(texts) {
        title if title.is_empty() => String::from("Digger"),
        title => format!("{title} · Digger"),
    };
    let file = |name: &str| format!("{assets}/{name}");
    // Only what the page needs: most pages have no island, and those do not load the client.
    let islands = page.has_islands().then(|| {
        view! {
            <link rel="modulepreload" href=file("digger.js") />
            <link rel="preload" href=file("digger_bg.wasm") r#as="fetch" r#type="application/wasm" crossorigin="" />
            <script type="module" src=file("islands.js")></script>
        }
    });
    let live = page
        .is_changing()
        .then(|| view! { <script type="module" src=file("live.js")></script> });
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.as_str() data-theme=preferences.theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <style inner_html=FADE></style>
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf8" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#141416" />
                <meta name="robots" content="noindex" />
                // As one piece: the marks between pieces of text would be read as part of it.
                <title inner_html=escape(&title)></title>
                <link rel="icon" type="image/svg+xml" href=FAVICON />
                <link rel="stylesheet" href=file("digger.css") />
                <script type="module" src=file("keys.js")></script>
                {islands}
                {live}
                <script type="speculationrules" inner_html=SPECULATION></script>
            </head>
            <body>
                <a class="SkipLink" href="#main">
                    {texts.skip_to_content}
                </a>
                <Header session=session.clone() />
                <main id="main" class="Main" tabindex="-1">
                    {page.view()}
                </main>
                <footer class="Footer">
                    <p>{texts.footer}</p>
                </footer>
            </body>
        </html>
    }
    .into_any()
}
