//! The desk where pages ask: everything people may see and do, checked in every method.
//!
//! Each method loads the person anew, so that a right taken away counts at the next click.

mod access;
mod admin;
mod cancel;
mod choices;
mod durations;
mod files;
mod form;
mod list;
mod live;
mod local_time;
mod messages;
mod now;
mod queue_eta;
mod queue_simulation;
mod result;
mod run;
mod shared;
mod staged;
mod start;

use std::collections::BTreeMap;
use std::sync::Arc;

use ::files::Files;
use app::AppError;
use app::error::Thing;
use app::port::{Operations, People, Reports, Runs};
use app::view::{
    AdminReportsView, ArtifactView, CancelView, ChoicesView, DemoPerson, FormInput, FormView,
    HomeView, NowView, OfferView, PostedForm, Prefill, RunLive, RunView, RunsFilter, RunsView,
    StagedView, Started, Viewer, WelcomeView,
};
use async_trait::async_trait;
use lang::Lang;
use source::Source;
use store::{Store, StoreError};

use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::password;
use crate::worker::Heartbeat;

/// The one implementation of what pages ask.
pub(crate) struct BackendService {
    store: Store,
    files: Files,
    settings: Arc<Settings>,
    catalogue: Catalogue,
    sources: BTreeMap<String, Arc<dyn Source>>,
    heartbeat: Heartbeat,
    is_demo: bool,
    options: choices::Cache,
    usual: durations::Cache,
    expected: queue_eta::Cache,
}

impl BackendService {
    pub(crate) fn new(
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        catalogue: Catalogue,
        sources: BTreeMap<String, Arc<dyn Source>>,
        heartbeat: Heartbeat,
        is_demo: bool,
    ) -> Self {
        Self {
            store,
            files,
            settings,
            catalogue,
            sources,
            heartbeat,
            is_demo,
            options: choices::Cache::default(),
            usual: durations::Cache::default(),
            expected: queue_eta::Cache::default(),
        }
    }
}

#[async_trait]
impl Reports for BackendService {
    async fn home(&self, viewer: &Viewer) -> Result<HomeView, AppError> {
        self.home_view(viewer).await
    }

    async fn form(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
    ) -> Result<FormView, AppError> {
        self.form_view(viewer, report, posted, prefill).await
    }

    async fn choices(
        &self,
        viewer: &Viewer,
        report: &str,
        param: &str,
        input: FormInput,
    ) -> Result<ChoicesView, AppError> {
        self.choices_view(viewer, report, param, &input).await
    }

    async fn staged(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<StagedView>, AppError> {
        self.staged_view(viewer, report, &input).await
    }

    async fn admin_reports(&self, viewer: &Viewer) -> Result<AdminReportsView, AppError> {
        self.admin_reports_view(viewer).await
    }
}

#[async_trait]
impl Runs for BackendService {
    async fn start_run(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Started, AppError> {
        self.start(viewer, report, input, None).await
    }

    async fn again(&self, viewer: &Viewer, run: &str, shift: i32) -> Result<Started, AppError> {
        self.start_again(viewer, run, shift).await
    }

    async fn run(&self, viewer: &Viewer, run: &str) -> Result<RunView, AppError> {
        self.run_view(viewer, run).await
    }

    async fn run_live(&self, viewer: &Viewer, run: &str) -> Result<RunLive, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        self.live(&row, &person, viewer.lang).await
    }

    async fn runs(&self, viewer: &Viewer, filter: RunsFilter) -> Result<RunsView, AppError> {
        self.runs_view(viewer, filter).await
    }

    async fn cancel_run(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError> {
        self.cancel(viewer, run).await
    }

    async fn same_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<OfferView>, AppError> {
        self.result_of_today(viewer, report, &input).await
    }

    async fn use_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        run: &str,
    ) -> Result<bool, AppError> {
        self.share_result(viewer, report, &input, run).await
    }

    async fn artifact(
        &self,
        viewer: &Viewer,
        run: &str,
        name: &str,
    ) -> Result<ArtifactView, AppError> {
        self.stored_artifact(viewer, run, name).await
    }
}

#[async_trait]
impl Operations for BackendService {
    async fn now(&self, viewer: &Viewer) -> Result<NowView, AppError> {
        self.now_view(viewer).await
    }

    async fn pause_source(
        &self,
        viewer: &Viewer,
        source: &str,
        is_paused: bool,
    ) -> Result<(), AppError> {
        self.pause(viewer, source, is_paused).await
    }

    async fn drain_worker(
        &self,
        viewer: &Viewer,
        worker: &str,
        is_draining: bool,
    ) -> Result<(), AppError> {
        self.drain(viewer, worker, is_draining).await
    }

    async fn cancel_for_all(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError> {
        self.stop_for_all(viewer, run).await
    }
}

#[async_trait]
impl People for BackendService {
    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson> {
        if self.is_demo {
            crate::people::demo_people(lang)
        } else {
            Vec::new()
        }
    }

    async fn welcome(&self, token: &str, _lang: Lang) -> Result<WelcomeView, AppError> {
        let missing = || AppError::NotFound {
            thing: Thing::Invite,
        };
        let hash = password::token_hash(token);
        let id = self
            .store
            .invited(&hash, now_ms())
            .await
            .map_err(|error| store_error(&error))?;
        let id = id.ok_or_else(missing)?;
        let person = self
            .store
            .person(&id)
            .await
            .map_err(|error| store_error(&error))?;
        let person = person.ok_or_else(missing)?;
        Ok(WelcomeView {
            token: token.to_owned(),
            login: person.login,
            name: person.name,
            first_administrator: person.is_admin && person.password_hash.is_none(),
            password_min: u32::try_from(password::SHORTEST).unwrap_or(0),
            posted: None,
        })
    }

    fn is_demo(&self) -> bool {
        self.is_demo
    }
}

/// A failure of our own tables as people see it; the log has the rest.
fn store_error(error: &StoreError) -> AppError {
    crate::web::unavailable_error("use our own tables", error)
}

fn now_ms() -> i64 {
    crate::clock::now_ms()
}
