//! Small line drawings on a 20 × 20 grid. They decorate words and never stand alone without a label.

use leptos::prelude::*;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "islands need only some of them")
)]
pub enum Glyph {
    /// The mark of Digger.
    Mark,
    /// A magnifier.
    Search,
    /// Start.
    Play,
    /// Save the file.
    Download,
    /// Once more.
    Again,
    /// Stop.
    Stop,
    /// For a while.
    Pause,
    /// Done.
    Check,
    /// Went wrong.
    Cross,
    /// Waiting.
    Clock,
    /// Take care.
    Warning,
    /// Good to know.
    Info,
    /// Back, previous.
    Left,
    /// Forward, next.
    Right,
    /// More below.
    Down,
    /// A table file.
    Sheet,
    /// A folder.
    Folder,
    /// A person.
    Person,
    /// Grew.
    TrendUp,
    /// Shrank.
    TrendDown,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// The device decides.
    Device,
    /// A period.
    Calendar,
    /// Take away.
    Remove,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Glyph::Mark => {
                r#"<path d="M2.5 5.5h5L10 9l2.5-3.5h5M2.5 10H5l5 5 5-5h2.5M2.5 14.5h3m9 0h3"/>"#
            }
            Glyph::Search => r#"<circle cx="8.75" cy="8.75" r="5"/><path d="m12.5 12.5 4 4"/>"#,
            Glyph::Play => r#"<path d="M6.5 4.2v11.6l9-5.8z" fill="currentColor"/>"#,
            Glyph::Download => r#"<path d="M10 3v9m-3.5-3.5L10 12l3.5-3.5M4 16.5h12"/>"#,
            Glyph::Again => r#"<path d="M15.8 8A6 6 0 1 0 16 11.5M16.2 4v4.2H12"/>"#,
            Glyph::Stop => r#"<rect x="5.5" y="5.5" width="9" height="9" rx="1.5"/>"#,
            Glyph::Pause => r#"<path d="M7.25 4.5v11m5.5-11v11"/>"#,
            Glyph::Check => r#"<path d="m4.5 10.5 3.5 3.5 7.5-8"/>"#,
            Glyph::Cross => r#"<path d="m5.5 5.5 9 9m0-9-9 9"/>"#,
            Glyph::Clock => r#"<circle cx="10" cy="10" r="6.75"/><path d="M10 6v4l2.75 1.75"/>"#,
            Glyph::Warning => r#"<path d="M10 3.5 2.75 16h14.5zM10 8.5v3.25m0 2.1v.1"/>"#,
            Glyph::Info => {
                r#"<circle cx="10" cy="10" r="6.75"/><path d="M10 9.25V13.5m0-6.9v.1"/>"#
            }
            Glyph::Left => r#"<path d="m12 4.5-5.5 5.5 5.5 5.5"/>"#,
            Glyph::Right => r#"<path d="m8 4.5 5.5 5.5L8 15.5"/>"#,
            Glyph::Down => r#"<path d="m5 7.75 5 5 5-5"/>"#,
            Glyph::Sheet => {
                r#"<rect x="3.5" y="3.5" width="13" height="13" rx="2"/><path d="M3.5 8h13m-13 4.25h13M8.5 8v8.5"/>"#
            }
            Glyph::Folder => {
                r#"<path d="M2.75 6A1.5 1.5 0 0 1 4.25 4.5h3.5l2 2.25h6A1.5 1.5 0 0 1 17.25 8.25v6a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5z"/>"#
            }
            Glyph::Person => {
                r#"<circle cx="10" cy="7" r="3.25"/><path d="M3.75 16.5c.6-3 3-4.75 6.25-4.75s5.65 1.75 6.25 4.75"/>"#
            }
            Glyph::TrendUp => r#"<path d="m3.5 13.5 4.5-4.5 3 3 5.5-6m-4 0h4v4"/>"#,
            Glyph::TrendDown => r#"<path d="m3.5 6.5 4.5 4.5 3-3 5.5 6m-4 0h4v-4"/>"#,
            Glyph::Sun => {
                r#"<circle cx="10" cy="10" r="3.25"/><path d="M10 2.5v1.75m0 11.5v1.75M2.5 10h1.75m11.5 0h1.75M4.7 4.7l1.2 1.2m8.2 8.2 1.2 1.2m0-10.6-1.2 1.2m-8.2 8.2-1.2 1.2"/>"#
            }
            Glyph::Moon => {
                r#"<path d="M16.25 11.75A6.75 6.75 0 0 1 8.25 3.75a6.5 6.5 0 1 0 8 8z"/>"#
            }
            Glyph::Device => {
                r#"<rect x="3" y="4" width="14" height="9" rx="1.5"/><path d="M7.5 16.5h5M10 13v3.5"/>"#
            }
            Glyph::Calendar => {
                r#"<rect x="3.25" y="4.5" width="13.5" height="12" rx="2"/><path d="M3.25 8.5h13.5M7 2.75V6m6-3.25V6"/>"#
            }
            Glyph::Remove => r#"<path d="m6.5 6.5 7 7m0-7-7 7"/>"#,
        }
    }
}

/// The drawing, hidden from screen readers.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! { <svg class="Icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false" inner_html=glyph.path()></svg> }
}
