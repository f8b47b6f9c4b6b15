//! Runs that several people share, and results that are there already.

use app::AppError;
use app::view::{FormInput, OfferView, Viewer};
use lang::Lang;
use store::{Artifact, OwnerRow, Person, RunRow};

use super::messages::shared::{self, Part};
use super::{BackendService, local_time, now_ms, store_error};

use crate::clock;

/// What a person has to do with a run that others may want too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sharing {
    /// Who shares it, in one sentence.
    pub(super) sentence: Option<String>,
    /// Others want it: without this person it goes on.
    pub(super) can_leave: bool,
    /// This person may stop it, or leave it.
    pub(super) may_stop: bool,
}

/// A finished run with the same values, of today.
#[derive(Clone, Debug)]
pub(crate) struct SameResult {
    /// What the form says about it.
    pub(crate) offer: OfferView,
    /// Its files, to look whether they are still there.
    pub(crate) files: Vec<Artifact>,
}

impl BackendService {
    /// Who else wants a run, as one person reads it.
    pub(super) async fn sharing(
        &self,
        row: &RunRow,
        person: &Person,
        lang: Lang,
    ) -> Result<Sharing, AppError> {
        let owners = self
            .store
            .owners(&row.id)
            .await
            .map_err(|error| store_error(&error))?;
        let mine = owners.iter().find(|owner| owner.user_id == person.id);
        let stays = |owner: &&OwnerRow| owner.left_ms.is_none();
        let others: Vec<&OwnerRow> = owners
            .iter()
            .filter(stays)
            .filter(|owner| owner.user_id != person.id)
            .collect();
        let part = match mine {
            None => Part::Onlooker,
            // It does not go on any more.
            Some(mine)
                if mine.left_ms.is_some()
                    && (row.cancel_ms.is_some() || row.state.is_finished()) =>
            {
                Part::LeftBefore
            }
            Some(mine) if mine.left_ms.is_some() => Part::Left,
            Some(_) if row.user_id == person.id => Part::First,
            Some(mine) if row.finished_ms.is_some_and(|end| end <= mine.since_ms) => {
                Part::UsesResult
            }
            Some(_) => Part::Joined,
        };
        let first = owners.iter().find(|owner| owner.user_id == row.user_id);
        let at = local_time::clock(row.created_ms, now_ms(), &self.zone_of(row), lang);
        let names: Vec<&str> = others.iter().map(|owner| owner.name.as_str()).collect();
        let sentence = shared::sharing(
            part,
            (
                first.map_or(row.user_id.as_str(), |first| &first.name),
                &at,
                first.is_some_and(|first| first.left_ms.is_none()),
            ),
            &names,
            lang,
        );
        Ok(Sharing {
            sentence,
            can_leave: matches!(part, Part::First | Part::Joined) && !others.is_empty(),
            may_stop: !matches!(part, Part::Left | Part::LeftBefore),
        })
    }

    /// A finished run of today that had exactly what this form asks for, by anybody. Only for those
    /// who may run the report; nothing while such a run is under way, because that one is shared.
    ///
    /// # Errors
    /// As [`Backend::start_run`](app::Backend::start_run): what is wrong with the form is said there.
    pub(crate) async fn same_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: &FormInput,
    ) -> Result<Option<SameResult>, AppError> {
        let person = self.person(viewer).await?;
        let now = clock::now();
        let asked = self.asked(viewer, &person, report, input, now)?;
        let zone = &asked.report.timezone;
        let Ok(midnight) = now.to_zoned(zone.clone()).start_of_day() else {
            return Ok(None);
        };
        let since_ms = midnight.timestamp().as_millisecond();
        let found = self
            .store
            .same_result(&asked.key, since_ms, now.as_millisecond())
            .await
            .map_err(|error| store_error(&error))?;
        let Some(row) = found else { return Ok(None) };
        let is_visible = self.visible_run(&person, &row.id).await.is_ok();
        let files = self
            .store
            .artifacts(&row.id)
            .await
            .map_err(|error| store_error(&error))?;
        let finished_ms = row.finished_ms.unwrap_or(row.created_ms);
        let at = local_time::clock(finished_ms, now.as_millisecond(), zone, viewer.lang);
        let name = self.name_of(&row.user_id).await?;
        Ok(Some(SameResult {
            offer: OfferView {
                message: shared::same_result(&at, &name, viewer.lang),
                run_id: row.id.to_string(),
                is_visible,
            },
            files,
        }))
    }

    /// Makes the viewer an owner of a finished run that had exactly what this form asks for; `false`
    /// when it had not, or is no result. That the form asks for the same is what proves the right.
    ///
    /// # Errors
    /// As [`BackendService::same_result`].
    pub(crate) async fn use_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: &FormInput,
        run: &str,
    ) -> Result<bool, AppError> {
        let person = self.person(viewer).await?;
        let asked = self.asked(viewer, &person, report, input, clock::now())?;
        let is_shared = self
            .store
            .share_result(&run.into(), &asked.key, &person.id, now_ms())
            .await
            .map_err(|error| store_error(&error))?;
        if is_shared {
            tracing::info!(run.id = run, person.id = %person.id, "Shared the result of run {run}");
            self.store
                .audit(&person.id, "use_result", run, "{}", now_ms())
                .await
                .map_err(|error| store_error(&error))?;
        }
        Ok(is_shared)
    }
}
