//! Arithmetic modulo the length of an alphabet.

/// The inverse of a factor modulo `n`; nothing where the two have a common divisor.
pub fn inverse(factor: usize, n: usize) -> Option<usize> {
    // Euclid's algorithm. Each remainder is a multiple of the factor modulo n, and `times` is which.
    let modulus = n as i64;
    let (mut remainder, mut next_remainder) = (modulus, (factor % n) as i64);
    let (mut times, mut next_times) = (0, 1);
    while next_remainder != 0 {
        let quotient = remainder / next_remainder;
        (remainder, next_remainder) = (next_remainder, remainder % next_remainder);
        (times, next_times) = (next_times, times - quotient * next_times);
    }
    (remainder == 1).then(|| times.rem_euclid(modulus) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_times_its_inverse_is_one_and_only_coprime_factors_have_one() {
        for factor in 0..27 {
            match inverse(factor, 27) {
                Some(inverse) => assert_eq!(factor * inverse % 27, 1),
                None => assert_eq!(factor % 3, 0),
            }
        }
    }
}
