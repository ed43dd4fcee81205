use cipher_data::LengthRange;

/// A share in percent, never rounded up: 100 % means all.
pub fn percent(share: f64) -> String {
    let hundredths = (share * 10_000.0 + 1e-7).floor() as i64;
    match hundredths % 100 {
        0 => format!("{} %", hundredths / 100),
        _ => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
    }
}

/// A whole number with commas between thousands.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups = groups.map(|group| std::str::from_utf8(group).unwrap_or_default());
    groups.collect::<Vec<_>>().join(",")
}

/// A number of things, whose plural has an s.
pub fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// Lengths in symbols: `1 symbol`, `2 to 6 symbols`.
pub fn symbols(lengths: LengthRange) -> String {
    match (lengths.min(), lengths.max()) {
        (min, max) if min == max => count(min, "symbol"),
        (min, max) => format!("{min} to {max} symbols"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_it_is_100_percent() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(63_999.0 / 64_000.0), "99.99 %");
        assert_eq!(percent(0.29), "29 %");
        assert_eq!(percent(0.125), "12.50 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn thousands_are_set_apart_by_commas() {
        assert_eq!(thousands(448_801.4), "448,801");
        assert_eq!(thousands(1_000_000.0), "1,000,000");
        assert_eq!(thousands(12.0), "12");
    }
}
