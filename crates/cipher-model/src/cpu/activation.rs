//! Sigmoid and tanh, written so that the compiler turns a loop over them into vector
//! instructions: no branches, no calls, no tables.
//!
//! Each is within 3 ulp of the true value wherever that is a normal number; a sigmoid below 2^-126
//! is off by less than 2^-126. Infinities give the limits, NaN gives NaN. The tests measure it.
//!
//! The polynomials are those of Cephes (Moshier, 1992), `expf.c` and `tanhf.c`.

/// `1 / (1 + e^-x)`
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `(e^x - e^-x) / (e^x + e^-x)`
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    // Near 0 the quotient below would lose digits.
    const NEAR: f32 = 0.625;
    let square = x * x;
    let mut near = -5.704_988_7e-3;
    near = near * square + 2.063_908_9e-2;
    near = near * square - 5.373_971_6e-2;
    near = near * square + 1.333_144_2e-1;
    near = near * square - 3.333_328_2e-1;
    let near = near * square * x + x;

    let magnitude = x.abs();
    let far = 1.0 - 2.0 / (exp(magnitude + magnitude) + 1.0);
    let either = if magnitude < NEAR { near } else { far };
    either.copysign(x)
}

/// `e^x`, but 0 where that is below 2^-126, and at most 2^127.5: numbers below 2^-126 are slow to
/// calculate with.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const MIN: f32 = -87.336_54; // ln 2^-126
    const MAX: f32 = 88.376_26; // ln 2^127.5
    // A number this large has no bits left for a fraction: adding it rounds to an integer, which
    // then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
    const LN_2_HIGH: f32 = 0.693_359_4; // few enough bits for an exact product
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    // Written so that NaN stays.
    let is_tiny = x < MIN;
    let x = if is_tiny { MIN } else { x };
    let x = if x > MAX { MAX } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let power = shifted - ROUND; // of 2
    let rest = x - power * LN_2_HIGH - power * LN_2_LOW;

    let mut series = 1.987_569_1e-4;
    series = series * rest + 1.398_199_9e-3;
    series = series * rest + 8.333_452e-3;
    series = series * rest + 4.166_579_6e-2;
    series = series * rest + 1.666_666_5e-1;
    series = series * rest + 5.000_000_1e-1;
    let series = series * rest * rest + rest + 1.0;

    let exponent = (shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits());
    let power = series * f32::from_bits(exponent);
    if is_tiny { 0.0 } else { power }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units in the last place of the nearest f32, but never smaller than a normal number's.
    fn ulps(found: f32, expected: f64) -> f64 {
        let exponent = expected
            .abs()
            .max(f64::from(f32::MIN_POSITIVE))
            .log2()
            .floor();
        (f64::from(found) - expected).abs() / (exponent - 23.0).exp2()
    }

    fn true_sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    /// Every `step`th float of all there are. The slow test takes each.
    fn worst(step: usize, found: fn(f32) -> f32, expected: fn(f64) -> f64) -> (f64, f32) {
        let mut worst = (0.0, 0.0);
        for bits in (0..=u32::MAX).step_by(step) {
            let x = f32::from_bits(bits);
            if x.is_nan() {
                assert!(found(x).is_nan(), "{bits:x}");
                continue;
            }
            let expected = expected(f64::from(x));
            if expected.abs() < f64::from(f32::MIN_POSITIVE) && expected != 0.0 && x.abs() > 1.0 {
                // A sigmoid's tail.
                let difference = (f64::from(found(x)) - expected).abs();
                assert!(difference < f64::from(f32::MIN_POSITIVE), "{x}");
                continue;
            }
            let error = ulps(found(x), expected);
            assert!(!error.is_nan(), "{x}");
            if error > worst.0 && !(expected == 0.0 && found(x) < f32::MIN_POSITIVE) {
                worst = (error, x);
            }
        }
        worst
    }

    #[test]
    fn sigmoid_and_tanh_are_within_3_ulp() {
        const STEP: usize = 997;
        let (error, at) = worst(STEP, sigmoid, true_sigmoid);
        println!("sigmoid: at most {error:.2} ulp, at {at}");
        assert!(error < 3.0);
        let (error, at) = worst(STEP, tanh, f64::tanh);
        println!("tanh: at most {error:.2} ulp, at {at}");
        assert!(error < 3.0);
    }

    #[test]
    #[ignore = "slow: all 2^32 floats, some minutes; cargo test -p cipher-model --lib -- --ignored"]
    fn sigmoid_and_tanh_are_within_3_ulp_at_every_float() {
        let (error, at) = worst(1, sigmoid, true_sigmoid);
        println!("sigmoid: at most {error:.3} ulp, at {at}");
        assert!(error < 3.0);
        let (error, at) = worst(1, tanh, f64::tanh);
        println!("tanh: at most {error:.3} ulp, at {at}");
        assert!(error < 3.0);
    }

    #[test]
    fn limits_and_nan_are_what_they_should_be() {
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert!(sigmoid(f32::NEG_INFINITY) < f32::MIN_POSITIVE);
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(tanh(f32::INFINITY), 1.0);
        assert_eq!(tanh(f32::NEG_INFINITY), -1.0);
        assert_eq!(tanh(-0.0).to_bits(), (-0.0_f32).to_bits());
        assert!(sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }
}
