//! What a training is worth, for a reader: numbers, a verdict, pictures, a page.

pub(crate) mod answers;
pub(crate) mod assessment;
pub(crate) mod calibration;
pub(crate) mod chart;
mod codes;
pub(crate) mod explanation;
pub(crate) mod interval;
pub(crate) mod key_table;
pub(crate) mod measure;
mod on_others;
mod other_pairs;
pub(crate) mod summary;
pub(crate) mod verdict;

pub use assessment::{Assessment, SolvingRule};
pub use on_others::measure_others;
pub use other_pairs::OnOtherPairs;
pub use verdict::Verdict;
