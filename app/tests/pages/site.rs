//! The pages as the server renders them, with the fake backend.

use app::error::Thing;
use app::port::{Operations, People, Reports, Runs};
use app::view::{PostedForm, Preferences, Session, SignInView, Viewer};
use app::{AppError, Page, prefill_of, render, runs_filter_of};

use crate::fake::Fake;

/// What a request carries besides its address.
#[derive(Clone, Default)]
pub struct Visit {
    pub viewer: Option<Viewer>,
    pub preferences: Preferences,
    pub posted: Option<PostedForm>,
}

impl Visit {
    /// The page at an address: its status and its document.
    pub async fn page(self, address: &str) -> (u16, String) {
        let page = self.view(address).await.unwrap_or_else(Page::Error);
        (page.status(), self.render(address, page))
    }

    /// The document of a page.
    pub fn render(self, address: &str, page: Page) -> String {
        let session = Session {
            preferences: self.preferences,
            viewer: self.viewer,
            address: address.to_owned(),
        };
        render(&session, "/pkg", page)
    }

    /// What the server's handlers do, in short.
    async fn view(&self, address: &str) -> Result<Page, AppError> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let word = |name: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let lang = self.preferences.lang;
        if path == "/signin" {
            return Ok(Page::SignIn(SignInView {
                demo_people: Fake.demo_people(lang).await,
                next: word("next"),
                posted: None,
            }));
        }
        if let Some(token) = path.strip_prefix("/welcome/") {
            return Fake.welcome(token, lang).await.map(Page::Welcome);
        }
        let viewer = self.viewer.as_ref().ok_or(AppError::SignedOut)?;
        if let Some(report) = path.strip_prefix("/reports/") {
            let (posted, prefill) = (self.posted.clone(), prefill_of(query));
            let form = Fake.form(viewer, report, posted, prefill).await?;
            return Ok(Page::Report(Box::new(form)));
        }
        if let Some(run) = path.strip_prefix("/runs/") {
            return Ok(Page::Run(Box::new(Fake.run(viewer, run).await?)));
        }
        match path {
            "/" => Ok(Page::Home {
                view: Fake.home(viewer).await?,
                query: word("q"),
            }),
            "/runs" => {
                let filter = runs_filter_of(query);
                let view = Fake.runs(viewer, filter.clone()).await?;
                Ok(Page::Runs { view, filter })
            }
            "/admin/now" => {
                let view = Fake.now(viewer).await?;
                Ok(Page::Now { view, done: None })
            }
            "/admin/reports" => Fake.admin_reports(viewer).await.map(Page::AdminReports),
            _ => Err(AppError::NotFound { thing: Thing::Page }),
        }
    }
}
