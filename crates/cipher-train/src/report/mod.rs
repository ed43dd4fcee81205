//! What a training is worth, for a reader.

pub mod calibration;
pub mod chart;
pub mod interval;
pub mod verdict;
