//! Who may see and do what.

use std::sync::Arc;

use app::AppError;
use app::error::Thing;
use app::view::Viewer;
use catalogue::Found;
use identity::rights::may_view;
use report::{Report, ReportId};
use store::{Person, RunRow};

use super::{BackendService, OrUnavailable, unavailable};

impl BackendService {
    /// The person behind a viewer, as they are now.
    pub(super) async fn person(&self, viewer: &Viewer) -> Result<Person, AppError> {
        let person = self
            .store
            .person(&viewer.id.as_str().into())
            .await
            .or_unavailable()?;
        person
            .filter(|person| !person.is_disabled)
            .ok_or(AppError::SignedOut)
    }

    /// The same, for what only administrators may see and do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody else.
    pub(super) async fn administrator(&self, viewer: &Viewer) -> Result<Person, AppError> {
        let person = self.person(viewer).await?;
        match person.is_admin {
            true => Ok(person),
            false => Err(AppError::Forbidden { owner: None }),
        }
    }

    /// Whether the person may know where sources and workers are.
    pub(super) fn shows_endpoints(&self, person: &Person) -> bool {
        person.is_admin || self.settings.show_endpoints
    }

    /// A report the person may see, also by a former id.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] with whom to ask; [`AppError::BrokenReport`]
    /// when there is a file that was never good.
    pub(super) fn visible_report(
        &self,
        person: &Person,
        id: &str,
    ) -> Result<Arc<Report>, AppError> {
        let missing = AppError::NotFound {
            thing: Thing::Report,
        };
        let Ok(id) = id.parse::<ReportId>() else {
            return Err(missing);
        };
        let report = match self.catalogue.find(&id) {
            Found::Report(report) => report,
            Found::Moved(present) => match self.catalogue.find(&present) {
                Found::Report(report) => report,
                Found::Moved(_) | Found::Nothing => return Err(missing),
            },
            Found::Nothing => {
                let is_broken = self
                    .catalogue
                    .entries()
                    .iter()
                    .any(|entry| entry.id.as_ref() == Some(&id));
                // That a broken file exists says nothing about who may see it: administrators only.
                return Err(if is_broken && person.is_admin {
                    AppError::BrokenReport { owner: None }
                } else {
                    missing
                });
            }
        };
        if may_view(person, &report) {
            Ok(report)
        } else {
            Err(AppError::Forbidden {
                owner: report.owner.clone(),
            })
        }
    }

    /// A run the person may see: one they asked for, alone or with others, or any for
    /// administrators. Whoever has left a shared run still sees it, and its file: they had the right
    /// to these values when they asked for them.
    pub(super) async fn visible_run(&self, person: &Person, id: &str) -> Result<RunRow, AppError> {
        let missing = || AppError::NotFound { thing: Thing::Run };
        let run = self
            .store
            .run(&id.into())
            .await
            .or_unavailable()?
            .ok_or_else(missing)?;
        if person.is_admin || run.user_id == person.id {
            return Ok(run);
        }
        match self.store.is_owner(&id.into(), &person.id).await {
            Ok(true) => Ok(run),
            Ok(false) => Err(missing()),
            Err(error) => Err(unavailable(&error)),
        }
    }
}
