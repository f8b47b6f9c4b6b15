//! The design system: components that take plain values. Only pages load data.

mod badge;
mod button;
mod cards;
mod chips;
mod data_table;
mod empty;
mod field;
mod header;
mod icon;
mod notice;
mod option_list;
mod pace;
mod page_head;
mod period_field;
mod search_box;
mod steps;

pub use badge::{Badge, StateBadge, Tone};
pub use button::{Button, LinkButton, Look, PostButton};
pub use cards::{ReportTile, RunTile, TimeText};
pub use chips::Chips;
pub use data_table::DataTable;
pub use empty::Empty;
pub use field::{Field, Labelled, control_id as field_control_id};
pub use header::Header;
pub use icon::{Glyph, Icon};
pub use notice::{ErrorBox, FormProblem, Notice};
pub use option_list::OptionState;
pub use pace::Pace;
pub use page_head::{Loading, PageHead};
pub use search_box::SearchBox;
pub use steps::Steps;
