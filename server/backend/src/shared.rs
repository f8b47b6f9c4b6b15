//! Runs that several people share, and results that are there already.

use app::AppError;
use app::view::{OfferView, Viewer};
use jiff::Timestamp;
use lang::Lang;
use report::Report;
use requests::Asked;
use store::{OwnerRow, Person, RunRow};

use super::messages::shared::{self, Part};
use super::{BackendService, OrUnavailable, local_time};

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

impl BackendService {
    /// Who else wants a run, as one person reads it.
    pub(super) async fn sharing(
        &self,
        row: &RunRow,
        person: &Person,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Sharing, AppError> {
        let owners = self.store.owners(&row.id).await.or_unavailable()?;
        let mine = owners.iter().find(|owner| owner.user_id == person.id);
        let stays = |owner: &&OwnerRow| owner.left_at.is_none();
        let others: Vec<&OwnerRow> = owners
            .iter()
            .filter(stays)
            .filter(|owner| owner.user_id != person.id)
            .collect();
        let part = match mine {
            None => Part::Onlooker,
            // It does not go on any more.
            Some(mine)
                if mine.left_at.is_some()
                    && (row.cancel_at.is_some() || row.state.is_finished()) =>
            {
                Part::LeftBefore
            }
            Some(mine) if mine.left_at.is_some() => Part::Left,
            Some(_) if row.user_id == person.id => Part::First,
            Some(mine) if row.finished_at.is_some_and(|end| end <= mine.since) => Part::UsesResult,
            Some(_) => Part::Joined,
        };
        let first = owners.iter().find(|owner| owner.user_id == row.user_id);
        let at = local_time::clock(row.created_at, now, &self.zone_of(row), lang);
        let names: Vec<&str> = others.iter().map(|owner| owner.name.as_str()).collect();
        let sentence = shared::sharing(
            part,
            (
                first.map_or(row.user_id.as_str(), |first| &first.name),
                &at,
                first.is_some_and(|first| first.left_at.is_none()),
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

    /// A finished run of today that had exactly what is asked for, by anybody, and whose files are still there. Nothing
    /// while such a run is under way, because that one is shared.
    pub(super) async fn result_of_today(
        &self,
        viewer: &Viewer,
        person: &Person,
        report: &Report,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Option<OfferView>, AppError> {
        let zone = &report.timezone;
        let Ok(midnight) = now.to_zoned(zone.clone()).start_of_day() else {
            return Ok(None);
        };
        let found = self
            .store
            .same_result(&asked.key, midnight.timestamp(), now)
            .await
            .or_unavailable()?;
        let Some(row) = found else { return Ok(None) };
        let is_visible = self.visible_run(person, &row.id).await.is_ok();
        let files = self.store.artifacts(&row.id).await.or_unavailable()?;
        if !self.are_there(&files).await {
            return Ok(None);
        }
        let finished_at = row.finished_at.unwrap_or(row.created_at);
        let at = local_time::clock(finished_at, now, zone, viewer.lang);
        let name = self.name_of(&row.user_id).await?;
        Ok(Some(OfferView {
            message: shared::same_result(&at, &name, viewer.lang),
            run_id: row.id.to_string(),
            is_visible,
        }))
    }

    /// Makes the person an owner of a finished run that had exactly what is asked for; `false` when it had not, or is no
    /// result.
    pub(super) async fn share_result(
        &self,
        person: &Person,
        asked: &Asked,
        run: &str,
        now: Timestamp,
    ) -> Result<bool, AppError> {
        let is_shared = self
            .store
            .share_result(&run.into(), &asked.key, &person.id, now)
            .await
            .or_unavailable()?;
        if is_shared {
            tracing::info!(run.id = run, person.id = %person.id, "Shared the result of run {run}");
            self.store
                .audit(&person.id, "use_result", run, "{}", now)
                .await
                .or_unavailable()?;
        }
        Ok(is_shared)
    }
}
