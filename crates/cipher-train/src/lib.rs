//! Training for `cipher-model`: configs, data, run folders, the training loop, reports, and the
//! command line.
//!
//! The rooms of the crate, each of which uses only those above it:
//!
//! 1. [`config`]: what a run depends on, as TOML;
//! 2. [`data`]: the messages that a run is trained and measured on;
//! 3. [`run`]: the folder that holds all of one training;
//! 4. [`ranks`]: the processes that train together, over MPI;
//! 5. [`training`]: the loop, from a config to a bundle;
//! 6. [`report`]: accuracy, verdict, pictures, the page;
//! 7. [`commands`]: the program.
//!
//! [`fit`] learns a cipher from pairs in one call.

pub mod commands;
pub mod config;
pub mod data;
mod fit;
mod numbers;
pub mod ranks;
pub mod report;
pub mod run;
mod symbols;
pub mod training;

pub use fit::{Fitted, fit};
