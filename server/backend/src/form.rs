//! The run form: one field per visible parameter, with what stands in it.

use app::AppError;
use app::view::{
    Choice, FieldKind, FieldView, FormInput, FormView, Grain, PeriodPreset, PostedForm, Prefill,
    Viewer,
};
use identity::rights::may_run;
use jiff::{Timestamp, ToSpan};
use lang::Lang;
use report::{Bound, Input, Options, Param, ParamKind, Report, Value};
use requests::NoOptions;
use store::Person;

use super::choices::as_choices;
use super::{BackendService, durations, local_time, messages};

impl BackendService {
    /// The form of a report for one person.
    pub(super) async fn form_view(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
        now: Timestamp,
    ) -> Result<FormView, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        let lang = viewer.lang;
        let mut problem = posted.as_ref().and_then(|posted| posted.problem.clone());
        let mut prefilled_from = None;
        let offer = posted.as_ref().and_then(|posted| posted.offer.clone());
        let (input, errors) = match posted {
            Some(posted) => (posted.input, posted.errors),
            None => {
                let mut input = report.default_input();
                if let Some(run) = &prefill.from_run {
                    match self.values_of(&person, &report, run, prefill.shift).await {
                        Some((values, created_at)) => {
                            input.extend(values);
                            prefilled_from =
                                Some(local_time::of(created_at, &report.timezone, viewer.lang));
                        }
                        None => problem = Some(messages::prefill_unusable(viewer.lang)),
                    }
                }
                for (field, values) in prefill.input {
                    input.insert(field, values);
                }
                (input, Vec::new())
            }
        };
        let mut fields = Vec::new();
        for param in report.params.values().filter(|param| param.is_visible()) {
            let mut field = self.field(&report, param, &input, &person, lang, now).await;
            field.error = errors
                .iter()
                .find(|error| error.field.split('.').next() == Some(param.name.as_str()))
                .map(|error| error.message.clone());
            fields.push(field);
        }
        if let Some(error) = errors.iter().find(|error| !is_shown(&report, &error.field)) {
            // A field that is not on the form has no place of its own for its message.
            problem = Some(error.message.clone());
        }
        let staged = self.staged_of(&report, &input, &person, now).await;
        let usual = self.usual_of(report.id.as_str()).await?;
        Ok(FormView {
            report_id: report.id.to_string(),
            title: report.title.get(lang).to_owned(),
            description: report
                .description
                .as_ref()
                .map(|text| text.get(lang).to_owned()),
            // What a row is belongs into the report's description, which has both languages.
            owner: report.owner.clone(),
            zone: report.timezone.iana_name().unwrap_or("UTC").to_owned(),
            fields,
            usual: usual.map(durations::view),
            staged,
            queue_ahead: u32::try_from(self.queued_for(&report.sources_of_run(), now).await?)
                .unwrap_or(u32::MAX),
            last_run: self
                .last_run(viewer, &person, report.id.as_str(), now)
                .await?,
            sample: sample(&report, lang),
            prefilled_from,
            problem,
            offer,
            last_good_since: self.last_good_since(viewer, &report).await?,
            can_run: may_run(&person, &report),
        })
    }

    /// The values of an earlier run as a form would send them, and when it was asked for.
    async fn values_of(
        &self,
        person: &Person,
        report: &Report,
        run: &str,
        shift: i32,
    ) -> Option<(Input, Timestamp)> {
        let row = self.visible_run(person, run).await.ok()?;
        let values = serde_json::from_str(&row.values_json).ok()?;
        let values = if shift == 0 {
            values
        } else {
            report.shift(&values, shift)?
        };
        Some((report.to_input(&values), row.created_at))
    }

    async fn field(
        &self,
        report: &Report,
        param: &Param,
        input: &FormInput,
        person: &Person,
        lang: Lang,
        now: Timestamp,
    ) -> FieldView {
        let mut field = FieldView {
            name: param.name.clone(),
            label: param.label.get(lang).to_owned(),
            help: param.help.as_ref().map(|text| text.get(lang).to_owned()),
            kind: kind(param.kind),
            required: param.required,
            values: input.get(&param.name).cloned().unwrap_or_default(),
            grain: grain(param.grain),
            pattern: param.pattern.clone(),
            ..FieldView::default()
        };
        (field.min, field.max) = bounds(report, param, now);
        match &param.options {
            Some(Options::List(choices)) => {
                field.options = choices
                    .iter()
                    .map(|choice| Choice {
                        value: report::to_field(&choice.value).into_owned(),
                        label: choice.label.get(lang).to_owned(),
                    })
                    .collect();
            }
            Some(Options::Query { .. }) => {
                let visible =
                    |name: &String| report.params.get(name).is_some_and(Param::is_visible);
                field.depends_on = report
                    .choices_need(param)
                    .into_iter()
                    .filter(visible)
                    .collect();
                let options = self
                    .requests
                    .options(report, param, input, person, lang, now)
                    .await;
                match options {
                    Ok(pairs) => field.options = as_choices(&pairs, lang),
                    Err(NoOptions::Needs(_)) => {}
                    Err(NoOptions::Failed(reference)) => {
                        field.options_problem =
                            Some(messages::no_options(lang, reference.as_str()));
                    }
                }
            }
            None => {}
        }
        if matches!(param.kind, ParamKind::Choice | ParamKind::Choices)
            && field.options_problem.is_none()
        {
            let is_offered =
                |value: &String| field.options.iter().any(|choice| choice.value == *value);
            let (kept, dropped) = field
                .values
                .drain(..)
                .partition(|value| value.is_empty() || is_offered(value));
            (field.values, field.dropped) = (kept, dropped);
        }
        if param.kind == ParamKind::Period {
            fill_period(&mut field, report, param, input, lang, now);
        }
        field
    }
}

/// A period shows the days it means: those of its expression, or the two that were typed.
fn fill_period(
    field: &mut FieldView,
    report: &Report,
    param: &Param,
    input: &FormInput,
    lang: Lang,
    now: Timestamp,
) {
    field.presets = report
        .period_presets(&param.name, now)
        .into_iter()
        .map(|preset| PeriodPreset {
            expression: preset.expression,
            label: preset.label.get(lang).to_owned(),
            from: preset.from.to_string(),
            last_day: preset.last_day.to_string(),
        })
        .collect();
    let typed = |end: &str| {
        input
            .get(&format!("{}.{end}", param.name))
            .and_then(|values| values.first())
            .cloned()
    };
    (field.from, field.last_day) = (
        typed("from").unwrap_or_default(),
        typed("last_day").unwrap_or_default(),
    );
    let expression = field.values.first().cloned().unwrap_or_default();
    if expression == "custom" || expression.is_empty() {
        return;
    }
    let only = std::collections::BTreeSet::from([param.name.clone()]);
    let resolved = report.resolve_some(&only, input, &std::collections::BTreeMap::new(), now);
    if let Ok(values) = resolved
        && let Some(Value::Period { from, until }) = values.get(&param.name)
    {
        field.from = from.to_string();
        field.last_day = until.saturating_sub(1.day()).to_string();
    }
    // Any other expression, such as one of an earlier run, is shown as its two days.
    if !field
        .presets
        .iter()
        .any(|preset| preset.expression == expression)
    {
        field.values = vec!["custom".to_owned()];
    }
}

fn is_shown(report: &Report, field: &str) -> bool {
    let name = field.split_once('.').map_or(field, |(name, _)| name);
    report.params.get(name).is_some_and(Param::is_visible)
}

fn sample(report: &Report, lang: Lang) -> Vec<(String, Vec<String>)> {
    report
        .workbook
        .sheets
        .iter()
        .map(|sheet| {
            let titles = sheet.columns.iter().map(|(name, column)| {
                column
                    .title
                    .as_ref()
                    .map_or_else(|| name.clone(), |title| title.get(lang).to_owned())
            });
            (sheet.name.get(lang).to_owned(), titles.collect())
        })
        .filter(|(_, titles): &(String, Vec<String>)| !titles.is_empty())
        .collect()
}

fn bounds(report: &Report, param: &Param, now: Timestamp) -> (Option<String>, Option<String>) {
    let text = |bound: &Option<Bound>| match bound {
        Some(bound @ (Bound::Integer(_) | Bound::Decimal(_) | Bound::Count(_))) => {
            Some(bound.to_string())
        }
        // The longest period is checked on the server; HTML has no attribute for it.
        Some(Bound::Day(_) | Bound::Length(_)) | None => None,
    };
    match param.kind {
        ParamKind::Date | ParamKind::Datetime => {
            let (min, max) = report.bound_dates(&param.name, now);
            let at = |day: Option<jiff::civil::Date>, time: &str| {
                day.map(|day| {
                    if param.kind == ParamKind::Datetime {
                        format!("{day}T{time}")
                    } else {
                        day.to_string()
                    }
                })
            };
            (at(min, "00:00"), at(max, "23:59"))
        }
        _ => (text(&param.min), text(&param.max)),
    }
}

fn kind(kind: ParamKind) -> FieldKind {
    match kind {
        ParamKind::Text => FieldKind::Text,
        ParamKind::Integer => FieldKind::Integer,
        ParamKind::Decimal => FieldKind::Decimal,
        ParamKind::Boolean => FieldKind::Boolean,
        ParamKind::Date => FieldKind::Date,
        ParamKind::Datetime => FieldKind::Datetime,
        ParamKind::Period => FieldKind::Period,
        ParamKind::Choice => FieldKind::Choice,
        ParamKind::Choices => FieldKind::Choices,
    }
}

fn grain(grain: Option<report::Grain>) -> Grain {
    match grain {
        Some(report::Grain::Week) => Grain::Week,
        Some(report::Grain::Month) => Grain::Month,
        Some(report::Grain::Quarter) => Grain::Quarter,
        Some(report::Grain::Year) => Grain::Year,
        Some(report::Grain::Day) | None => Grain::Day,
    }
}
