//! Elapsed time against the usual time. No percentage: a past average is not a denominator.

use leptos::prelude::*;

use lang::Lang;
use serde::{Deserialize, Serialize};

use crate::format;
use crate::islands::fill;
use crate::view::Usual;

/// What the pace says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceWords {
    /// In which durations are written.
    pub lang: Lang,
    /// How past runs were, as numbers and in words.
    usual: Option<(Usual, String)>,
    /// A pattern for the elapsed time.
    elapsed: String,
    /// It takes longer than usual.
    slower: String,
}

impl PaceWords {
    /// In the reader's language.
    #[cfg(feature = "ssr")]
    pub fn of(usual: Option<Usual>) -> Self {
        let texts = crate::context::texts();
        PaceWords {
            lang: texts.lang,
            usual: usual.map(|usual| (usual, texts.usual_range(texts.lang, usual))),
            elapsed: (texts.elapsed)(crate::islands::BLANK),
            slower: texts.slower_than_usual.to_owned(),
        }
    }
}

/// A bar that fills towards the usual time and turns amber past it, and the same in words. The usual time is that of the
/// work, so the bar of a run that waits is empty.
#[component]
pub fn Pace(
    #[prop(into)] elapsed_ms: Signal<u64>,
    words: PaceWords,
    #[prop(into)] is_active: Signal<bool>,
) -> impl IntoView {
    let PaceWords {
        lang,
        usual,
        elapsed,
        slower,
    } = words;
    let (usual, range) = usual.unzip();
    let is_slow =
        move || is_active.get() && usual.is_some_and(|usual| elapsed_ms.get() > slow_after(usual));
    let share = move || match usual {
        Some(usual) if is_active.get() => share_of_usual(elapsed_ms.get(), usual.p50_ms),
        _ => 0.0,
    };
    view! {
        <div class="Pace" class:slow=is_slow class:still=move || !is_active.get()>
            {usual
                .map(|_| {
                    view! {
                        <div class="Pace-bar" aria-hidden="true">
                            <div class="Pace-fill" style:width=move || format!("{:.1}%", share())></div>
                        </div>
                    }
                })}
            <p class="Pace-text">
                <span class="Pace-elapsed">
                    {move || fill(&elapsed, &format::duration(lang, elapsed_ms.get()))}
                </span>
                {range.map(|range| view! { <span class="Pace-usual">{range}</span> })}
            </p>
            {move || is_slow().then(|| view! { <p class="Pace-slow">{slower.clone()}</p> })}
        </div>
    }
    .into_any()
}

/// Amber begins past the slowest tenth of past runs, and never within five seconds of the median: short runs wobble.
fn slow_after(usual: Usual) -> u64 {
    usual.p90_ms.max(usual.p50_ms + 5_000)
}

/// Percent of the bar: half of what is left is always kept, so that a slow run still moves.
fn share_of_usual(elapsed_ms: u64, median_ms: u64) -> f64 {
    let ratio = elapsed_ms as f64 / median_ms.max(1) as f64;
    if ratio <= 0.8 {
        ratio * 100.0
    } else {
        100.0 - 20.0 / (1.0 + (ratio - 0.8) * 5.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_never_claims_to_be_full() {
        assert_eq!(share_of_usual(0, 1_000), 0.0);
        assert_eq!(share_of_usual(500, 1_000), 50.0);
        assert!(share_of_usual(100_000, 1_000) < 100.0);
        assert!(share_of_usual(1_000, 1_000) > share_of_usual(900, 1_000));
    }

    #[test]
    fn a_short_run_is_not_slow_for_a_second_more() {
        let usual = Usual {
            p10_ms: 300,
            p50_ms: 400,
            p90_ms: 500,
            runs: 9,
            rows: None,
        };
        assert_eq!(slow_after(usual), 5_400);
    }
}
