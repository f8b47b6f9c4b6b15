//! The pages. Each makes one resource at its top, reads it under one `Suspense`, and hands plain values to components.

mod admin_reports;
mod error;
mod home;
#[cfg(feature = "ssr")]
mod now;
mod report;
mod run;
mod runs;
mod sign_in;
mod welcome;

pub use admin_reports::AdminReportsPage;
pub use error::{ErrorPage, NotFoundPage};
pub use home::HomePage;
#[cfg(feature = "ssr")]
pub use now::NowPage;
pub use report::ReportPage;
pub use run::RunPage;
pub use runs::RunsPage;
pub use sign_in::SignInPage;
pub use welcome::WelcomePage;
