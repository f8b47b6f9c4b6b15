//! Elapsed time against the usual time. No percentage: a past average is not a denominator.

use leptos::prelude::*;

use crate::app::{session, texts};
use crate::format;
use crate::view::Usual;

/// A bar that fills towards the usual time and turns amber past it, and the same in words. The usual time is that of the
/// work, so the bar of a run that waits is empty.
#[component]
pub fn Pace(
    #[prop(into)] elapsed_ms: Signal<u64>,
    usual: Option<Usual>,
    #[prop(into)] is_active: Signal<bool>,
) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
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
                    {move || (texts.elapsed)(&format::duration(lang, elapsed_ms.get()))}
                </span>
                {usual.map(|usual| view! { <span class="Pace-usual">{texts.usual_range(lang, usual)}</span> })}
            </p>
            {move || is_slow().then(|| view! { <p class="Pace-slow">{texts.slower_than_usual}</p> })}
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
