//! What every process of ours has, whatever it serves: a [`clock`] that all processes agree on, the phases of its
//! [`Lifecycle`], the [`signals`] that end it, and files that are its account's alone.

pub mod clock;
mod lifecycle;
mod private;
pub mod signals;

pub use lifecycle::{Lifecycle, Phase};
pub use private::keep_private;
