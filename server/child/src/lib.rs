//! Runs, choices and checks, each in a process of its own.
//!
//! What somebody's SQL turns out to need must cost the server no more than a moment, and a mistake in it ends with its
//! own process. `wire` is what both sides say to each other; [`run`], [`choices`] and [`check`] are the server's side;
//! [`execute_order`] is the child's.

mod check;
mod choices;
mod execute;
mod exit;
mod memory;
mod process;
mod run;
mod wire;

pub use check::{NotChecked, check};
pub use choices::{NoChoices, choices};
pub use execute::execute_order;
pub use run::{Ended, run};
pub use wire::{CheckOrder, ChoicesOrder, Order, Unchecked};
