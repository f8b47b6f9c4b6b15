//! The saved-report file: parse, validate, resolve values, bind.
//!
//! One report is one `.sql` file: a TOML section, named queries, and an optional workbook section.
//! [`parse`] turns its text into a [`Report`] and everything that is wrong with it;
//! [`Report::resolve`] turns what a person typed into [`Values`]; [`Block::bind`] and
//! [`Block::polars_query`] turn a query and values into what a database or Polars is given.
//!
//! ```
//! let text = "/*--- report\ntitle = \"Sales\"\n---*/\n-- name: rows\n-- source: shop\nSELECT 1 AS x\n";
//! let (report, problems) = report::parse("sales/daily".parse()?, text);
//! assert!(problems.is_empty() && report.is_some());
//!
//! let (report, problems) = report::parse("sales/daily".parse()?, &text.replace("SELECT 1 AS x", ""));
//! assert!(report.is_none());
//! assert_eq!(problems[0].code, "report::empty_query");
//! # Ok::<(), report::IdError>(())
//! ```
//!
//! This crate never touches a file, the network or the clock: text, names and `now` are passed in.

mod binding;
mod block;
mod check;
mod check_kinds;
mod choice_check;
mod condition;
mod describe;
mod document;
mod file_name;
mod graph;
mod id;
mod input;
mod nearest;
mod needs;
mod option;
mod origin;
mod param;
mod parse;
mod period;
mod polars;
mod problem;
mod report;
mod scan;
mod section;
mod summary;
mod value;
mod workbook;

pub use binding::{Backslash, Bind, BindError, Dialect, Statement};
pub use block::{
    Block, BlockKind, Bounds, Check, Incremental, KeyRange, PartitionBounds, PartitionUnit,
    Partitioning, Split,
};
pub use check::check_ids;
pub use check_kinds::ColumnKind;
pub use choice_check::{Chosen, chosen};
pub use describe::{blank, yes_or_no};
pub use id::{IdError, ReportId};
pub use nearest::nearest;
pub use option::to_field;
pub use origin::Location;
pub use param::{Bound, Choice, Grain, Options, Param, ParamKind};
pub use parse::{bounded, parse};
pub use period::{Length, PeriodPreset, When};
pub use polars::{Form, SyntaxError, parse_query};
pub use problem::{Problem, Severity};
pub use report::{Access, Limits, Report};
pub use summary::{Labels, Summary};
pub use value::{FieldError, Input, Value, Values};
pub use workbook::{
    Chart, ChartKind, Column, Condition, Format, Freeze, Op, Operand, Pivot, Rule, RuleStyle,
    Sheet, Total, Workbook,
};
