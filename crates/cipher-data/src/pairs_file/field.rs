use std::borrow::Cow;

/// The text between two separators.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// The byte of the record where it starts.
    pub(super) start: usize,
    pub(super) text: Cow<'a, str>,
}
