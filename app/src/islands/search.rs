//! The search of the home page: hides the reports that do not match while one types.
//!
//! It is a plain GET form before it is alive. The tiles are no part of it: it finds them in the document, so that
//! nothing of them is sent twice.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::Counted;
use crate::components::{Glyph, Icon};

/// What the search says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchWords {
    /// The name of the field.
    pub label: String,
    /// What stands in it while it is empty.
    pub placeholder: String,
    /// What the key beside it does.
    pub key: String,
    /// How many reports were found.
    pub found: Counted,
}

/// The search box, and how much it found for those who cannot see it. `found` counts the reports that match `query`.
#[island]
pub fn Search(query: String, found: usize, words: SearchWords) -> impl IntoView {
    let found = RwSignal::new((!query.trim().is_empty()).then_some(found));
    let counted = words.found;
    let said = move || found.get().map(|count| counted.say(count as u64));
    #[cfg(feature = "hydrate")]
    let tiles = StoredValue::new_local(None);
    let search = move |event: leptos::ev::Event| {
        let query = event_target_value(&event);
        #[cfg(feature = "hydrate")]
        tiles.update_value(|tiles: &mut Option<alive::Tiles>| {
            let tiles = tiles.get_or_insert_with(alive::Tiles::read);
            found.set(tiles.show(&query));
        });
        #[cfg(not(feature = "hydrate"))]
        drop(query);
    };
    view! {
        <form class="SearchBox" role="search" method="get" action="/">
            <Icon glyph=Glyph::Search />
            <input
                class="TextInput"
                type="search"
                name="q"
                autocomplete="off"
                aria-label=words.label
                placeholder=words.placeholder
                value=query
                on:input=search
            />
            <kbd aria-hidden="true" title=words.key>
                "/"
            </kbd>
        </form>
        <p class="visually-hidden" role="status">
            {said}
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod alive {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    use crate::islands::dom::elements;
    use crate::islands::matches::matches;

    /// What the search shows and hides, read once.
    pub(super) struct Tiles {
        folders: Vec<(HtmlElement, Vec<(HtmlElement, String)>)>,
        runs: Option<HtmlElement>,
        nothing: Option<HtmlElement>,
    }

    impl Tiles {
        pub(super) fn read() -> Self {
            let folders = elements(document().query_selector_all("[data-folder]")).map(
                |folder: HtmlElement| {
                    let tiles = elements(folder.query_selector_all(".ReportTiles > li"))
                        .map(|tile: HtmlElement| {
                            let text = text_of(&tile);
                            (tile, text)
                        })
                        .collect();
                    (folder, tiles)
                },
            );
            Tiles {
                folders: folders.collect(),
                runs: one("home-runs"),
                nothing: one("search-nothing"),
            }
        }

        /// Shows what matches; how many those are, or `None` when nothing is searched for.
        pub(super) fn show(&self, query: &str) -> Option<usize> {
            let is_searching = !query.trim().is_empty();
            let mut found = 0;
            for (folder, tiles) in &self.folders {
                let before = found;
                for (tile, text) in tiles {
                    let is_match = matches(query, text);
                    tile.set_hidden(!is_match);
                    found += usize::from(is_match);
                }
                folder.set_hidden(found == before);
            }
            if let Some(runs) = &self.runs {
                runs.set_hidden(is_searching);
            }
            if let Some(nothing) = &self.nothing {
                nothing.set_hidden(found > 0);
            }
            is_searching.then_some(found)
        }
    }

    /// Title, address and purpose: what the server searches, too.
    fn text_of(tile: &Element) -> String {
        let text = |selector: &str| {
            let part = tile.query_selector(selector).ok().flatten();
            part.and_then(|part| part.text_content())
                .unwrap_or_default()
        };
        let link = tile.query_selector("h3 a").ok().flatten();
        let address = link.and_then(|link| link.get_attribute("href"));
        let address = address.as_deref().unwrap_or_default();
        let id = address.strip_prefix("/reports/").unwrap_or(address);
        format!("{} {id} {}", text("h3 a"), text(".ReportTile-purpose"))
    }

    fn one(id: &str) -> Option<HtmlElement> {
        document().get_element_by_id(id)?.dyn_into().ok()
    }
}
