/// The case of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
}

impl Case {
    /// The text in this case.
    pub(super) fn of(self, text: &str) -> String {
        match self {
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
        }
    }
}
