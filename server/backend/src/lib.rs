//! The port, implemented: everything people may see and do, checked in every method.
//!
//! Each method loads the person anew, so that a right taken away counts at the next click.

mod access;
mod admin;
mod cancel;
mod choices;
mod durations;
mod error;
mod files;
mod form;
mod list;
mod live;
mod local_time;
mod messages;
mod names;
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

use app::AppError;
use app::error::Thing;
use app::port::{Operations, People, Reports, Runs};
use app::view::{
    AdminReportsView, ArtifactView, CancelView, ChoicesView, Decision, DemoPerson, FormInput,
    FormView, HomeView, Intent, NowView, PostedForm, Prefill, RunLive, RunView, RunsFilter,
    RunsView, StagedView, Started, Viewer, WelcomeView,
};
use async_trait::async_trait;
use catalogue::Catalogue;
use identity::{Identity, password, people};
use lang::Lang;
use requests::Requests;
use runtime::clock;
use settings::Settings;
use source::Source;
use store::Store;
use worker::Heartbeat;

use ::files::Files;
use error::{OrUnavailable, unavailable};

/// The one implementation of what pages ask.
pub struct BackendService {
    store: Store,
    files: Files,
    settings: Arc<Settings>,
    catalogue: Catalogue,
    sources: BTreeMap<String, Arc<dyn Source>>,
    heartbeat: Heartbeat,
    identity: Identity,
    requests: Requests,
    usual: durations::Cache,
    expected: queue_eta::Cache,
}

impl BackendService {
    pub fn new(
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        catalogue: Catalogue,
        sources: BTreeMap<String, Arc<dyn Source>>,
        heartbeat: Heartbeat,
        identity: Identity,
    ) -> Self {
        Self {
            requests: Requests::new(store.clone(), Arc::clone(&settings), sources.clone()),
            store,
            files,
            settings,
            catalogue,
            sources,
            heartbeat,
            identity,
            usual: durations::Cache::default(),
            expected: queue_eta::Cache::default(),
        }
    }
}

#[async_trait]
impl Reports for BackendService {
    async fn home(&self, viewer: &Viewer) -> Result<HomeView, AppError> {
        self.home_view(viewer, clock::now()).await
    }

    async fn form(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
    ) -> Result<FormView, AppError> {
        self.form_view(viewer, report, posted, prefill, clock::now())
            .await
    }

    async fn choices(
        &self,
        viewer: &Viewer,
        report: &str,
        param: &str,
        input: FormInput,
    ) -> Result<ChoicesView, AppError> {
        self.choices_view(viewer, report, param, &input, clock::now())
            .await
    }

    async fn staged(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<StagedView>, AppError> {
        self.staged_view(viewer, report, &input, clock::now()).await
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
        intent: Intent,
    ) -> Result<Decision, AppError> {
        self.decide(viewer, report, input, intent, clock::now())
            .await
    }

    async fn again(&self, viewer: &Viewer, run: &str, shift: i32) -> Result<Started, AppError> {
        self.start_again(viewer, run, shift, clock::now()).await
    }

    async fn run(&self, viewer: &Viewer, run: &str) -> Result<RunView, AppError> {
        self.run_view(viewer, run, clock::now()).await
    }

    async fn run_live(&self, viewer: &Viewer, run: &str) -> Result<RunLive, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        self.live(&row, &person, viewer.lang, clock::now()).await
    }

    async fn runs(&self, viewer: &Viewer, filter: RunsFilter) -> Result<RunsView, AppError> {
        self.runs_view(viewer, filter, clock::now()).await
    }

    async fn cancel_run(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError> {
        self.cancel(viewer, run, clock::now()).await
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
        self.now_view(viewer, clock::now()).await
    }

    async fn pause_source(
        &self,
        viewer: &Viewer,
        source: &str,
        is_paused: bool,
    ) -> Result<(), AppError> {
        self.pause(viewer, source, is_paused, clock::now()).await
    }

    async fn drain_worker(
        &self,
        viewer: &Viewer,
        worker: &str,
        is_draining: bool,
    ) -> Result<(), AppError> {
        self.drain(viewer, worker, is_draining, clock::now()).await
    }

    async fn cancel_for_all(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError> {
        self.stop_for_all(viewer, run, clock::now()).await
    }
}

#[async_trait]
impl People for BackendService {
    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson> {
        if self.identity.is_demo() {
            demo_people(lang)
        } else {
            Vec::new()
        }
    }

    async fn welcome(&self, token: &str, _lang: Lang) -> Result<WelcomeView, AppError> {
        let invited = self.identity.invited(token, clock::now()).await;
        let person = invited
            .map_err(|error| AppError::unavailable("look a one-time link up", &error))?
            .ok_or(AppError::NotFound {
                thing: Thing::Invite,
            })?;
        Ok(WelcomeView {
            token: token.to_owned(),
            login: person.login,
            name: person.name,
            first_administrator: person.is_admin && person.password_hash.is_none(),
            password_min: u32::try_from(password::SHORTEST).unwrap_or(0),
            posted: None,
        })
    }
}

/// The demo sign-ins as the sign-in page shows them.
fn demo_people(lang: Lang) -> Vec<DemoPerson> {
    let shown = people::demo_people().map(|person| DemoPerson {
        login: person.login.to_owned(),
        password: people::DEMO_PASSWORD.to_owned(),
        name: person.name.get(lang).to_owned(),
        role: person.role.get(lang).to_owned(),
    });
    shown.collect()
}
