//! The run form of one report, and what one wants to know before running it.

mod values;

use lang::Lang;
use leptos::prelude::*;
use serde::Serialize;

pub use self::values::{form_input_of, prefill_of};
use crate::components::{
    Button, Field, Glyph, Icon, LinkButton, Look, Notice, PageHead, RunTile, TimeText, Tone,
    field_control_id, has_island,
};
use crate::context::{session, texts};
use crate::islands::{StagedLine, StagedNews};
use crate::text::texts_of;
use crate::view::{FieldKind, FieldView, FormView, OfferView, StagedView};

/// What the buttons outside of the form call it.
const FORM: &str = "run-form";

/// Whether something on the form is alive.
pub(crate) fn has_islands(view: &FormView) -> bool {
    view.can_run && (view.staged.is_some() || view.fields.iter().any(has_island))
}

/// What of the data is here already, with the sentence the form says about it.
#[derive(Debug, Serialize)]
pub struct SpokenStaged {
    #[serde(flatten)]
    view: StagedView,
    #[serde(flatten)]
    news: StagedNews,
}

/// What `/api/form/staged` answers.
pub fn staged_news(view: StagedView, lang: Lang) -> SpokenStaged {
    let sentence = texts_of(lang).staged(view);
    SpokenStaged {
        view,
        news: StagedNews { sentence },
    }
}

/// The page at `/reports/{id}`.
#[component]
pub fn ReportForm(view: FormView) -> impl IntoView {
    let texts = texts();
    let errors = view
        .fields
        .iter()
        .filter_map(|field| field.error.clone().map(|error| (field.clone(), error)))
        .collect::<Vec<_>>();
    let aside = view! { <About view=view.clone() /> };
    let title = view.title.clone();
    view! {
        <PageHead
            title=title
            up=(String::from("/"), texts.nav_reports.to_owned())
            lead=view.description.clone().unwrap_or_default()
        />
        <div class="ReportPage">
            <div class="ReportPage-main">
                <ErrorSummary errors />
                {view.offer.clone().map(|offer| view! { <Offer offer /> })}
                {view.problem.clone().map(|message| view! { <Notice tone=Tone::Warn message /> })}
                {view.last_good_since.clone().map(|since| view! { <Notice tone=Tone::Warn message=(texts.last_good_in_use)(&since.text) /> })}
                {view.prefilled_from.clone().map(|from| view! { <Notice message=(texts.prefilled_from)(&from.text) /> })}
                {if view.can_run {
                    view! { <RunForm view=view.clone() /> }.into_any()
                } else {
                    view! { <Notice message=(texts.may_not_run)(view.owner.as_deref()) /> }.into_any()
                }}
            </div>
            {aside}
        </div>
    }
    .into_any()
}

/// Every refused field with a link to it; takes the focus, so that it is the first thing read.
#[component]
fn ErrorSummary(errors: Vec<(FieldView, String)>) -> impl IntoView {
    let texts = texts();
    (!errors.is_empty()).then(|| {
        let links = errors.iter().map(|(field, error)| {
            view! {
                <li>
                    <a href=format!("#{}", field_control_id(&field.name))>
                        {format!("{}: {error}", field.label)}
                    </a>
                </li>
            }
        });
        view! {
            <div class="ErrorSummary" role="alert" tabindex="-1" autofocus=true>
                <h2>{(texts.fields_need_attention)(errors.len() as u64)}</h2>
                <ul>{links.collect_view()}</ul>
            </div>
        }
    })
}

/// A result that is there already, and both ways on. The buttons belong to the form below, so that its values go along.
#[component]
fn Offer(offer: OfferView) -> impl IntoView {
    let texts = texts();
    let use_it = if offer.is_visible {
        view! { <LinkButton href=format!("/runs/{}", offer.run_id) label=texts.use_result /> }
            .into_any()
    } else {
        view! {
            <button type="submit" class="Button" form=FORM name="use" value=offer.run_id>
                {texts.use_result}
            </button>
        }
        .into_any()
    };
    view! {
        <div role="alert">
            <Notice message=offer.message>
                <div class="Notice-actions">
                    {use_it}
                    <button type="submit" class="Button" form=FORM name="again" value="1">
                        {texts.run_anew}
                    </button>
                </div>
            </Notice>
        </div>
    }
    .into_any()
}

#[component]
fn RunForm(view: FormView) -> impl IntoView {
    let texts = texts();
    let has_cascade = view.fields.iter().any(|field| !field.depends_on.is_empty());
    // Periods first: they decide everything else, most of all how long it takes.
    let (periods, others): (Vec<_>, Vec<_>) = view
        .fields
        .iter()
        .cloned()
        .partition(|field| field.kind == FieldKind::Period);
    let fields = periods
        .into_iter()
        .chain(others)
        .map(|field| view! { <Field report=view.report_id.clone() field /> })
        .collect_view();
    view! {
        <form
            id=FORM
            class="RunForm"
            method="post"
            action=format!("/reports/{}", view.report_id)
        >
            {fields}
            {view.fields.is_empty().then(|| view! { <p class="RunForm-none">{texts.no_parameters}</p> })}
            {has_cascade
                .then(|| {
                    view! {
                        <div class="RunForm-reload">
                            <button type="submit" class="Button" formmethod="get" formnovalidate=true>
                                <Icon glyph=Glyph::Again />
                                <span>{texts.reload_options}</span>
                            </button>
                        </div>
                    }
                })}
            <div class="RunForm-end">
                <Cost view=view.clone() />
                <Button look=Look::Primary glyph=Glyph::Play label=texts.run_report />
            </div>
        </form>
    }
    .into_any()
}

/// What running will cost, in a line or two, before the button.
#[component]
fn Cost(view: FormView) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let time = view.usual.map(|usual| texts.usual_range(lang, usual));
    let rows = view
        .usual
        .and_then(|usual| usual.rows)
        .map(|rows| (texts.about_rows)(rows));
    let queue = (view.queue_ahead > 0).then(|| (texts.queue_ahead)(view.queue_ahead));
    let parts = [time, rows, queue]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let text = if parts.is_empty() {
        texts.cost_unknown.to_owned()
    } else {
        parts.join(" · ")
    };
    let staged = view.staged.map(|staged| {
        let first = StagedNews {
            sentence: texts.staged(staged),
        };
        view! { <StagedLine report=view.report_id first /> }
    });
    view! {
        <div class="Cost">
            {staged}
            <p>{text}</p>
            <p class="Cost-close">{texts.may_close_window}</p>
        </div>
    }
}

#[component]
fn About(view: FormView) -> impl IntoView {
    let texts = texts();
    let sheets = view.sample.into_iter().map(|(sheet, columns)| {
        view! {
            <div class="Sample">
                <h3>
                    <Icon glyph=Glyph::Sheet />
                    {sheet}
                </h3>
                <ul>{columns.into_iter().map(|column| view! { <li>{column}</li> }).collect_view()}</ul>
            </div>
        }
    });
    let sheets = sheets.collect::<Vec<_>>();
    let has_sheets = !sheets.is_empty();
    view! {
        <section class="ReportPage-about" aria-label=texts.about_report>
            <dl class="FactList">
                {view.owner.map(|owner| view! { <div><dt>{texts.fact_owner}</dt><dd>{owner}</dd></div> })}
                <div>
                    <dt>{texts.fact_zone}</dt>
                    <dd>{view.zone}</dd>
                </div>
                {view
                    .last_run
                    .clone()
                    .map(|run| view! { <div><dt>{texts.last_run}</dt><dd><TimeText moment=run.created /></dd></div> })}
            </dl>
            {has_sheets
                .then(|| {
                    view! {
                        <section>
                            <h2>{texts.what_you_get}</h2>
                            {sheets}
                        </section>
                    }
                })}
            {view
                .last_run
                .map(|run| {
                    let href = format!("/reports/{}?from={}", view.report_id, run.id);
                    view! {
                        <section>
                            <h2>{texts.your_last_run}</h2>
                            <RunTile run />
                            <LinkButton look=Look::Quiet href label=texts.use_these_values />
                        </section>
                    }
                })}
        </section>
    }
    .into_any()
}
