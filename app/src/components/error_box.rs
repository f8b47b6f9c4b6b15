//! What went wrong: an error in its four parts, or a small form that was refused.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::notice::{Notice, Tone};
use crate::context::texts;

/// What happened, whether data is affected, what to do, and what to quote.
#[component]
pub fn ErrorBox(
    #[prop(into)] what: String,
    #[prop(into)] affected: String,
    #[prop(into)] advice: String,
    #[prop(optional, into)] reference: Option<String>,
    /// The chain for administrators, folded.
    #[prop(optional, into)]
    chain: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let texts = texts();
    view! {
        <section class="ErrorBox" aria-labelledby="error-what">
            <h2 id="error-what">
                <Icon glyph=Glyph::Warning />
                <span>{what}</span>
            </h2>
            <dl>
                <div>
                    <dt>{texts.error_affected}</dt>
                    <dd>{affected}</dd>
                </div>
                <div>
                    <dt>{texts.error_advice}</dt>
                    <dd>{advice}</dd>
                </div>
                {reference
                    .filter(|reference| !reference.is_empty())
                    .map(|reference| {
                        view! {
                            <div>
                                <dt>{texts.error_reference}</dt>
                                <dd>
                                    <code>{reference}</code>
                                </dd>
                            </div>
                        }
                    })}
            </dl>
            {children.map(|children| children())}
            {chain
                .filter(|chain| !chain.is_empty())
                .map(|chain| {
                    view! {
                        <details class="Fold">
                            <summary>{texts.error_chain}</summary>
                            <pre tabindex="0">{chain}</pre>
                        </details>
                    }
                })}
        </section>
    }
    .into_any()
}

/// What is wrong with a small form that was posted, read out at once. Nothing where nothing is wrong.
#[component]
pub fn FormProblem(
    /// For the `aria-describedby` of the controls it is about.
    id: &'static str,
    message: Option<String>,
) -> impl IntoView {
    message.map(|message| {
        view! {
            <div id=id role="alert">
                <Notice tone=Tone::Bad message />
            </div>
        }
    })
}
