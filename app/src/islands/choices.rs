//! Choosing from options: a filter, chips for what is chosen and "select all" over a plain list; and options that
//! follow the other fields of the form.
//!
//! The list itself is the server's, one piece of HTML that is the island's child: 5,000 options as components would
//! take seconds to bring to life. Without JavaScript the plain list is all there is, and it is enough.

#[cfg(feature = "hydrate")]
mod alive;

use leptos::html::Div;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::fill;
use crate::components::{Glyph, Icon};
use crate::view::Choice;

/// More chips than this are a number.
const CHIPS_SHOWN: usize = 8;

/// What one chooses with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// A select, for few options.
    Select,
    /// Radio buttons with a filter.
    One,
    /// Check boxes with a filter.
    Many,
}

/// One field whose value is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceField {
    /// What is posted is called this.
    pub posted_name: String,
    /// The id of its first control.
    pub control_id: String,
    /// What one chooses with.
    pub control: Control,
    /// It cannot be left empty.
    pub is_required: bool,
    /// How many options there are at first.
    pub count: usize,
    /// Labels of values that were chosen but are no longer offered.
    pub dropped: Vec<String>,
    /// Its options follow other fields.
    pub follows: Option<Follows>,
}

/// Which fields decide the options of this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    /// The id of the report.
    pub report: String,
    /// The parameter whose options these are.
    pub param: String,
    /// The parameters that decide them.
    pub parents: Vec<String>,
}

/// What a field of choices says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceWords {
    /// The name of the filter.
    pub filter_label: String,
    /// What stands in the filter while it is empty.
    pub filter: String,
    /// Checks everything shown; a pattern for how many that are.
    pub select_all: String,
    /// Takes every check away.
    pub select_none: String,
    /// Takes one check away.
    pub remove: String,
    /// New options are on their way.
    pub loading: String,
    /// New options could not be loaded.
    pub failed: String,
    /// There is nothing to choose.
    pub empty: String,
    /// A pattern for the values that are no longer offered.
    pub dropped: String,
    /// Chooses nothing.
    pub not_chosen: String,
}

/// What changes while one chooses.
#[derive(Clone, Copy)]
struct State {
    /// Chosen values that are offered, with their labels.
    chosen: RwSignal<Vec<Choice>>,
    /// Options there are.
    count: RwSignal<usize>,
    /// Options that the filter leaves.
    shown: RwSignal<usize>,
    filter: RwSignal<String>,
    dropped: RwSignal<Vec<String>>,
    is_loading: RwSignal<bool>,
    has_failed: RwSignal<bool>,
    is_alive: RwSignal<bool>,
}

/// The tools around a list of options. The children are the list, or the select.
#[island]
pub fn Choices(field: ChoiceField, words: ChoiceWords, children: Children) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let state = State {
        chosen: RwSignal::new(Vec::new()),
        count: RwSignal::new(field.count),
        shown: RwSignal::new(field.count),
        filter: RwSignal::new(String::new()),
        dropped: RwSignal::new(field.dropped.clone()),
        is_loading: RwSignal::new(false),
        has_failed: RwSignal::new(false),
        is_alive: RwSignal::new(false),
    };
    let control = field.control;
    #[cfg(feature = "hydrate")]
    {
        let (field, not_chosen) = (field, words.not_chosen.clone());
        super::form::once_alive(root, move |root| {
            alive::start(&root, state, field, not_chosen)
        });
    }
    let remarks = Remarks {
        loading: words.loading.clone(),
        failed: words.failed.clone(),
        empty: words.empty.clone(),
        dropped: words.dropped.clone(),
    };
    let changed = move || {
        #[cfg(feature = "hydrate")]
        if let Some(root) = root.get_untracked() {
            state.read(&root);
        }
    };
    view! {
        <div class="OptionList" class:alive=move || state.is_alive.get() node_ref=root on:change=move |_| changed()>
            {(control == Control::Many).then(|| view! { <ChosenChips root state remove=words.remove.clone() /> })}
            {(control != Control::Select).then(|| view! { <Tools root state is_multiple=control == Control::Many words /> })}
            {children()}
            <OptionRemarks state words=remarks />
        </div>
    }
    .into_any()
}

/// The filter, and the buttons for everything it leaves.
#[component]
fn Tools(root: NodeRef<Div>, state: State, is_multiple: bool, words: ChoiceWords) -> impl IntoView {
    let filter = move |text: String| {
        state.filter.set(text);
        #[cfg(feature = "hydrate")]
        if let Some(root) = root.get_untracked() {
            state.show_matching(&root);
        }
    };
    let set_all = move |is_on: bool| {
        #[cfg(feature = "hydrate")]
        if let Some(root) = root.get_untracked() {
            state.check(&root, |item, _| (!item.hidden()).then_some(is_on));
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (is_on, root);
    };
    let select_all = words.select_all;
    view! {
        <div class="OptionList-tools">
            <div class="OptionList-filter">
                <Icon glyph=Glyph::Search />
                <input
                    class="TextInput"
                    type="search"
                    autocomplete="off"
                    aria-label=words.filter_label
                    placeholder=words.filter
                    on:input=move |event| filter(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !event.ctrl_key() && !event.meta_key() {
                            event.prevent_default();
                        }
                    }
                />
            </div>
            {is_multiple
                .then(|| {
                    view! {
                        <button type="button" class="Button quiet" on:click=move |_| set_all(true)>
                            {move || fill(&select_all, &lang::grouped(state.shown.get() as u64))}
                        </button>
                        <button type="button" class="Button quiet" on:click=move |_| set_all(false)>
                            {words.select_none}
                        </button>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What is chosen, each with a way to take it back. Nothing before the page is alive.
#[component]
fn ChosenChips(root: NodeRef<Div>, state: State, remove: String) -> impl IntoView {
    let take_back = move |value: &str| {
        #[cfg(feature = "hydrate")]
        if let Some(root) = root.get_untracked() {
            state.check(&root, |_, input| (input.value() == value).then_some(false));
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (value, root);
    };
    let chips = move || {
        let chosen = state.chosen.get();
        let rest = chosen.len().saturating_sub(CHIPS_SHOWN);
        (!chosen.is_empty()).then(|| {
            let shown = chosen.into_iter().take(CHIPS_SHOWN).map(|choice| {
                let (value, remove) = (choice.value, remove.clone());
                view! {
                    <li>
                        <button type="button" class="Chip removable" on:click=move |_| take_back(&value)>
                            {choice.label}
                            <Icon glyph=Glyph::Remove />
                            <span class="visually-hidden">{remove}</span>
                        </button>
                    </li>
                }
            });
            view! {
                <ul class="Chips">
                    {shown.collect_view()}
                    {(rest > 0).then(|| view! { <li class="Chip">{format!("+{rest}")}</li> })}
                </ul>
            }
        })
    };
    view! { <div class="OptionList-chosen">{chips}</div> }.into_any()
}

/// The words of [`OptionRemarks`].
struct Remarks {
    loading: String,
    failed: String,
    empty: String,
    dropped: String,
}

/// What was dropped, what is loading, what is missing.
#[component]
fn OptionRemarks(state: State, words: Remarks) -> impl IntoView {
    let Remarks {
        loading,
        failed,
        empty,
        dropped,
    } = words;
    let note = |text: String| view! { <p class="Field-note">{text}</p> };
    let remark = move || {
        let gone = state.dropped.get();
        if state.is_loading.get() {
            Some(note(loading.clone()))
        } else if state.has_failed.get() {
            Some(note(failed.clone()))
        } else if !gone.is_empty() {
            Some(note(fill(&dropped, &gone.join(", "))))
        } else {
            None
        }
    };
    let is_empty =
        move || state.count.get() == 0 && !state.is_loading.get() && !state.has_failed.get();
    view! {
        <div class="OptionRemarks" aria-live="polite">
            {remark}
            {move || is_empty().then(|| note(empty.clone()))}
        </div>
    }
    .into_any()
}
