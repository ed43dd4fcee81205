use std::ops::Range;

/// The first end of a line: a line feed, a carriage return, or a carriage return and a line feed.
pub(super) fn first_line_end(text: &[u8]) -> Option<Range<usize>> {
    let begin = text.iter().position(|&byte| is_line_end(byte))?;
    let is_pair = text.get(begin..begin + 2) == Some(b"\r\n");
    Some(begin..begin + 1 + usize::from(is_pair))
}

/// Whether a byte ends a line, alone or with the next one.
pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_with_either_byte_or_both() {
        assert_eq!(first_line_end(b"ab\ncd\r"), Some(2..3));
        assert_eq!(first_line_end(b"ab\rcd\n"), Some(2..3));
        assert_eq!(first_line_end(b"ab\r\ncd"), Some(2..4));
        assert_eq!(first_line_end(b"\n\r"), Some(0..1));
        assert_eq!(first_line_end(b"ab"), None);
    }
}
