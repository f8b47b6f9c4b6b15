//! The SQL of aggregation blocks, with PostgreSQL's meaning, run on Polars.
//!
//! A block that is planned gives exactly the rows PostgreSQL gives for the same text over the same
//! rows; everything else is refused with its place and what to write instead. Planning needs the
//! text and the types of the columns it reads, and no rows.

mod additive;
mod call;
mod deep;
mod expression;
mod fault;
mod function;
pub mod functions;
mod kernel;
mod page;
mod plan;
mod refusal;
mod relation;
mod run;
pub mod statements;
mod types;
mod value;

pub use additive::{Additive, PARTS};
pub use fault::{Fault, FaultAt, Misfit};
pub use function::{Argument, Function, Gives, Shape};
pub use page::{Language, page};
pub use plan::{Column, Plan, Table, plan};
pub use refusal::{Location, Refusal, Refused};
pub use run::Rows;
pub use types::{Scale, SqlType};
