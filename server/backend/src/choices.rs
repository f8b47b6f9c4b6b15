//! Options of choices that come from a query, as the form shows them.

use app::AppError;
use app::error::Thing;
use app::view::{Choice, ChoicesView, FormInput, Viewer};
use jiff::Timestamp;
use lang::Lang;

use super::BackendService;
use super::start::refused;

impl BackendService {
    /// Options after another field changed.
    pub(super) async fn choices_view(
        &self,
        viewer: &Viewer,
        report: &str,
        param: &str,
        input: &FormInput,
        now: Timestamp,
    ) -> Result<ChoicesView, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        let Some(param) = report.params.get(param).filter(|param| param.is_visible()) else {
            return Err(AppError::NotFound {
                thing: Thing::Report,
            });
        };
        let lang = viewer.lang;
        let pairs = self
            .requests
            .options(&report, param, input, &person, lang, now)
            .await
            .map_err(|reason| refused(reason.into(), &report, lang))?;
        Ok(ChoicesView {
            options: as_choices(&pairs, lang),
        })
    }
}

/// Options as the page wants them: none is posted as an empty text, which means that nothing is
/// chosen, and each can be seen.
pub(super) fn as_choices(pairs: &[(String, String)], lang: Lang) -> Vec<Choice> {
    let label = |label: &str| match label.trim() {
        "" => report::blank(lang).to_owned(),
        _ => label.to_owned(),
    };
    pairs
        .iter()
        .map(|(value, words)| Choice {
            value: report::to_field(value).into_owned(),
            label: label(words),
        })
        .collect()
}
