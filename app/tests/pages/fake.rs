//! A backend with made-up answers, for the page tests and the gallery.

#[path = "sample_forms.rs"]
mod sample_forms;
#[path = "sample_now.rs"]
mod sample_now;
#[path = "sample_runs.rs"]
mod sample_runs;

use app::AppError;
use app::error::Thing;
use app::port::{Operations, People, Reports, Runs};
use app::view::*;
use async_trait::async_trait;
use lang::Lang;

use sample_forms::{form, regions, reports, staged};
pub use sample_now::now_view;
use sample_runs::{card, moment, run_view, state_of};

/// Knows one person's reports and runs; every id it does not know is not found.
pub struct Fake;

#[async_trait]
impl Reports for Fake {
    async fn home(&self, viewer: &Viewer) -> Result<HomeView, AppError> {
        let mut recent = vec![
            card("ready", RunState::Succeeded),
            card("broken", RunState::Failed),
        ];
        recent.push(card("stopped", RunState::Cancelled));
        Ok(HomeView {
            running: vec![
                card("running", RunState::Running),
                card("queued", RunState::Queued),
            ],
            recent,
            folders: vec![
                Folder {
                    name: String::from("sales"),
                    reports: reports(viewer.lang),
                },
                Folder {
                    name: String::from("finance"),
                    reports: reports(viewer.lang).split_off(3),
                },
            ],
            broken_reports: u32::from(viewer.is_admin) * 2,
        })
    }

    async fn form(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
    ) -> Result<FormView, AppError> {
        match report {
            "sales/monthly_sales" => Ok(form(viewer.lang, posted, prefill)),
            "sales/secret" => Err(AppError::Forbidden {
                owner: Some(String::from("sales-ops@example.com")),
            }),
            _ => Err(AppError::NotFound {
                thing: Thing::Report,
            }),
        }
    }

    async fn choices(
        &self,
        _: &Viewer,
        _: &str,
        _: &str,
        input: FormInput,
    ) -> Result<ChoicesView, AppError> {
        let area = input
            .get("area")
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_default();
        let options = regions()
            .into_iter()
            .filter(|region| area.is_empty() || region.value.starts_with(&area));
        Ok(ChoicesView {
            options: options.collect(),
        })
    }

    async fn staged(
        &self,
        _: &Viewer,
        _: &str,
        _: FormInput,
    ) -> Result<Option<StagedView>, AppError> {
        Ok(Some(staged()))
    }

    async fn admin_reports(&self, viewer: &Viewer) -> Result<AdminReportsView, AppError> {
        if !viewer.is_admin {
            return Err(AppError::Forbidden { owner: None });
        }
        let report = |id: &str, state: AdminReportState, errors: u32, rendered: &str| AdminReport {
            id: id.to_owned(),
            title: (state != AdminReportState::Broken).then(|| String::from("월별 지역 매출")),
            path: format!("{id}.sql"),
            state,
            errors,
            warnings: 0,
            rendered: rendered.to_owned(),
            run_groups: vec![String::from("sales")],
        };
        let problem = "report::unknown_parameter\n\n  × query `orders` uses `:region`, which the report does not declare\n    ╭─[sales/daily.sql:42:42]\n 42 │   /*if regions*/ AND o.region_code = ANY(:region)\n    ·                                          ───┬───\n    ·                                             ╰── not a parameter\n    ╰────\n  help: did you mean `:regions`?\n";
        Ok(AdminReportsView {
            folder: String::from("queries"),
            read_at: Some(moment(9, 14)),
            reports: vec![
                report("sales/daily", AdminReportState::Broken, 1, problem),
                report(
                    "sales/weekly",
                    AdminReportState::LastGood {
                        since: moment(8, 2),
                    },
                    1,
                    problem,
                ),
                report("sales/monthly_sales", AdminReportState::InUse, 0, ""),
            ],
        })
    }
}

#[async_trait]
impl Runs for Fake {
    async fn start_run(
        &self,
        _: &Viewer,
        _: &str,
        _: FormInput,
        _: Intent,
    ) -> Result<Decision, AppError> {
        Ok(Decision::Go(Started {
            run_id: String::from("running"),
        }))
    }

    async fn again(&self, _: &Viewer, _: &str, _: i32) -> Result<Started, AppError> {
        Ok(Started {
            run_id: String::from("running"),
        })
    }

    async fn run(&self, viewer: &Viewer, run: &str) -> Result<RunView, AppError> {
        let state = state_of(run).ok_or(AppError::NotFound { thing: Thing::Run })?;
        Ok(run_view(run, state, viewer))
    }

    async fn run_live(&self, viewer: &Viewer, run: &str) -> Result<RunLive, AppError> {
        self.run(viewer, run).await.map(|run| RunLive {
            seq: run.live.seq + 1,
            rows: 190_400,
            ..run.live
        })
    }

    async fn runs(&self, _: &Viewer, filter: RunsFilter) -> Result<RunsView, AppError> {
        let ids = ["running", "queued", "ready", "broken", "stopped"];
        let runs = ids
            .into_iter()
            .filter_map(|id| Some(card(id, state_of(id)?)));
        Ok(RunsView {
            runs: runs
                .filter(|run| filter.state.is_none_or(|state| run.state == state))
                .collect(),
            older: filter
                .before
                .is_none()
                .then(|| String::from("older-cursor")),
            reports: vec![(
                String::from("sales/monthly_sales"),
                String::from("월별 지역 매출"),
            )],
        })
    }

    async fn cancel_run(&self, _: &Viewer, _: &str) -> Result<CancelView, AppError> {
        Ok(CancelView::Asked)
    }

    async fn artifact(&self, _: &Viewer, _: &str, _: &str) -> Result<ArtifactView, AppError> {
        Err(AppError::NotFound { thing: Thing::File })
    }
}

#[async_trait]
impl Operations for Fake {
    async fn now(&self, viewer: &Viewer) -> Result<NowView, AppError> {
        match viewer.is_admin {
            true => Ok(now_view()),
            false => Err(AppError::Forbidden { owner: None }),
        }
    }

    async fn pause_source(&self, _: &Viewer, _: &str, _: bool) -> Result<(), AppError> {
        Ok(())
    }

    async fn drain_worker(&self, _: &Viewer, _: &str, _: bool) -> Result<(), AppError> {
        Ok(())
    }

    async fn cancel_for_all(&self, _: &Viewer, _: &str) -> Result<CancelView, AppError> {
        Ok(CancelView::Asked)
    }
}

#[async_trait]
impl People for Fake {
    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson> {
        let person = |login: &str, name: &str, role: &str| DemoPerson {
            login: login.to_owned(),
            password: String::from("digger"),
            name: name.to_owned(),
            role: role.to_owned(),
        };
        match lang {
            Lang::Ko => vec![
                person("minji", "김민지", "영업 담당자 · 수도권"),
                person("admin", "박서준", "관리자"),
            ],
            Lang::En => vec![
                person("minji", "Minji Kim", "Sales · capital area"),
                person("admin", "Seojun Park", "Administrator"),
            ],
        }
    }

    async fn welcome(&self, token: &str, _: Lang) -> Result<WelcomeView, AppError> {
        match token {
            "good" => Ok(WelcomeView {
                token: token.to_owned(),
                login: String::from("admin"),
                name: String::new(),
                first_administrator: true,
                password_min: 10,
                posted: None,
            }),
            _ => Err(AppError::NotFound {
                thing: Thing::Invite,
            }),
        }
    }
}

/// Somebody from sales, or an administrator.
pub fn viewer(lang: Lang, is_admin: bool) -> Viewer {
    Viewer {
        id: String::from("p1"),
        name: String::from("김민지"),
        is_admin,
        lang,
    }
}
