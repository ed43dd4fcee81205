//! What a training is worth, for a reader.

pub mod answers;
pub mod calibration;
pub mod chart;
pub mod explanation;
pub mod interval;
pub mod verdict;
