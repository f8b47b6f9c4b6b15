//! The design system: components that take plain values. Those without `ssr` are used by islands, too.

#[cfg(feature = "ssr")]
mod badge;
mod button;
#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
mod chips;
#[cfg(feature = "ssr")]
mod choice_field;
#[cfg(feature = "ssr")]
mod data_table;
#[cfg(feature = "ssr")]
mod empty;
#[cfg(feature = "ssr")]
mod error_box;
#[cfg(feature = "ssr")]
mod field;
#[cfg(feature = "ssr")]
mod field_frame;
#[cfg(feature = "ssr")]
mod header;
mod icon;
mod notice;
mod pace;
#[cfg(feature = "ssr")]
mod page_head;
#[cfg(feature = "ssr")]
mod period_field;
mod steps;

pub use button::{Button, Look};
pub use icon::{Glyph, Icon};
pub use notice::{Notice, Tone};
pub use pace::{Pace, PaceWords};
pub use steps::{StepWords, Steps};

#[cfg(feature = "ssr")]
pub use {
    badge::{Badge, StateBadge},
    button::{LinkButton, PostButton},
    cards::{ReportTile, RunTile, TimeText},
    chips::Chips,
    choice_field::has_island,
    data_table::DataTable,
    empty::Empty,
    error_box::{ErrorBox, FormProblem},
    field::Field,
    field_frame::{Labelled, control_id as field_control_id},
    header::Header,
    page_head::PageHead,
};
