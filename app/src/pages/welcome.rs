//! The page behind a one-time link: a person chooses a password, the first administrator also a name.

use leptos::prelude::*;

use crate::components::{Button, FormProblem, Labelled, Look, PageHead};
use crate::context::texts;
use crate::view::{WelcomeProblem, WelcomeView};

/// The page at `/welcome/{token}`.
#[component]
pub fn Welcome(view: WelcomeView) -> impl IntoView {
    let texts = texts();
    let problem = view.posted.as_ref().map(|posted| match posted.problem {
        WelcomeProblem::NameMissing => texts.name_missing.to_owned(),
        WelcomeProblem::TooShort => (texts.password_too_short)(view.password_min),
        WelcomeProblem::TooLong => texts.password_too_long.to_owned(),
        WelcomeProblem::KnownToAll => texts.password_known_to_all.to_owned(),
    });
    let is_name = view
        .posted
        .as_ref()
        .is_some_and(|posted| posted.problem == WelcomeProblem::NameMissing);
    let name = view
        .posted
        .and_then(|posted| posted.name)
        .unwrap_or(view.name);
    let described = if problem.is_some() {
        "password-help welcome-problem"
    } else {
        "password-help"
    };
    let invalid = (problem.is_some() && !is_name).then_some("true");
    view! {
        <div class="SignIn">
            <PageHead
                title=texts.welcome_title
                lead=if view.first_administrator { texts.welcome_first_lead } else { texts.welcome_lead }
            />
            <FormProblem id="welcome-problem" message=problem />
            <form class="Panel SignIn-form" method="post" action=format!("/welcome/{}", view.token)>
                <Labelled control="login" label=texts.login>
                    <input class="TextInput" id="login" type="text" value=view.login readonly=true autocomplete="username" />
                </Labelled>
                {view
                    .first_administrator
                    .then(|| {
                        view! {
                            <Labelled control="name" label=texts.your_name>
                                <input
                                    class="TextInput"
                                    id="name"
                                    name="name"
                                    type="text"
                                    value=name
                                    required=true
                                    autocomplete="name"
                                    aria-invalid=is_name.then_some("true")
                                    aria-describedby=is_name.then_some("welcome-problem")
                                />
                            </Labelled>
                        }
                    })}
                <Labelled control="password" label=texts.new_password>
                    <input
                        class="TextInput"
                        id="password"
                        name="password"
                        type="password"
                        required=true
                        minlength=view.password_min.to_string()
                        autocomplete="new-password"
                        aria-invalid=invalid
                        aria-describedby=described
                    />
                    <p class="Field-help" id="password-help">
                        {(texts.password_help)(view.password_min)}
                    </p>
                </Labelled>
                <Button look=Look::Primary label=texts.welcome_action />
            </form>
        </div>
    }
    .into_any()
}
