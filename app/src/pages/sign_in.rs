//! Signing in; in demo mode with a card for each invented person.

use leptos::prelude::*;

use crate::components::{Button, FormProblem, Glyph, Icon, Labelled, Look, PageHead};
use crate::context::texts;
use crate::view::{DemoPerson, SignInProblem, SignInView};

/// The page at `/signin`.
#[component]
pub fn SignIn(view: SignInView) -> impl IntoView {
    let texts = texts();
    let posted = view.posted;
    let next = posted
        .as_ref()
        .map_or(view.next, |posted| posted.next.clone());
    let login = posted
        .as_ref()
        .map(|posted| posted.login.clone())
        .unwrap_or_default();
    let problem = posted.map(|posted| match posted.problem {
        SignInProblem::Missing => texts.sign_in_missing.to_owned(),
        SignInProblem::Wrong => texts.sign_in_wrong.to_owned(),
        SignInProblem::TooMany { minutes } => (texts.sign_in_too_many)(minutes),
    });
    let described = problem.is_some().then_some("signin-problem");
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class="SignIn">
            <PageHead title=texts.sign_in lead=texts.sign_in_lead />
            <FormProblem id="signin-problem" message=problem />
            <form class="Panel SignIn-form" method="post" action="/signin">
                <input type="hidden" name="next" value=next.clone() />
                <Labelled control="login" label=texts.login>
                    <input
                        class="TextInput"
                        id="login"
                        name="login"
                        type="text"
                        value=login
                        required=true
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=invalid
                        aria-describedby=described
                    />
                </Labelled>
                <Labelled control="password" label=texts.password>
                    <input
                        class="TextInput"
                        id="password"
                        name="password"
                        type="password"
                        required=true
                        autocomplete="current-password"
                        aria-invalid=invalid
                        aria-describedby=described
                    />
                </Labelled>
                <Button look=Look::Primary label=texts.sign_in />
            </form>
            <DemoPeople people=view.demo_people next />
        </div>
    }
    .into_any()
}

#[component]
fn DemoPeople(people: Vec<DemoPerson>, next: String) -> impl IntoView {
    let texts = texts();
    (!people.is_empty()).then(|| {
        let cards = people.into_iter().map(|person| {
            view! {
                <li>
                    <form method="post" action="/signin">
                        <input type="hidden" name="next" value=next.clone() />
                        <input type="hidden" name="login" value=person.login />
                        <input type="hidden" name="password" value=person.password />
                        <button type="submit" class="DemoPerson">
                            <span class="DemoPerson-mark">
                                <Icon glyph=Glyph::Person />
                            </span>
                            <span class="DemoPerson-name">{person.name}</span>
                            {" "}
                            <span class="DemoPerson-role">{person.role}</span>
                        </button>
                    </form>
                </li>
            }
        });
        let cards = cards.collect_view();
        view! {
            <section class="DemoPeople" aria-labelledby="demo-title">
                <h2 id="demo-title">{texts.demo_title}</h2>
                <p>{texts.demo_lead}</p>
                <ul>{cards}</ul>
            </section>
        }
    })
}
