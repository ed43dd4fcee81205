//! Sigmoid and tanh, written so that the compiler turns a loop over them into vector
//! instructions: no branches, no calls, no tables.
//!
//! Where the true value is a normal number, `tanh` is within 1.5 ulp of it and `sigmoid` within 2.5;
//! below 2^-126 the error of `sigmoid` is less than 2^-126. Infinities give the limits, and NaN gives
//! NaN. The tests measure this.
//!
//! `FUSED` means that the machine multiplies and adds in one instruction. Where it does not, a fused
//! operation would be a slow call.
//!
//! The polynomials are those of Cephes (Moshier, 1992), `expf.c` and `tanhf.c`.

/// `1 / (1 + e^-x)`
#[inline(always)]
pub fn sigmoid<const FUSED: bool>(x: f32) -> f32 {
    1.0 / (1.0 + exp::<FUSED>(-x))
}

/// `(e^x - e^-x) / (e^x + e^-x)`
#[inline(always)]
pub fn tanh<const FUSED: bool>(x: f32) -> f32 {
    // Near 0 the quotient below would lose digits.
    const NEAR: f32 = 0.625;
    let square = x * x;
    let mut near = -5.704_988_7e-3;
    near = multiply_add::<FUSED>(near, square, 2.063_908_8e-2);
    near = multiply_add::<FUSED>(near, square, -5.373_971_6e-2);
    near = multiply_add::<FUSED>(near, square, 1.333_144_2e-1);
    near = multiply_add::<FUSED>(near, square, -3.333_328e-1);
    let near = multiply_add::<FUSED>(near * square, x, x);

    let magnitude = x.abs();
    let far = 1.0 - 2.0 / (exp::<FUSED>(magnitude + magnitude) + 1.0);
    let either = if magnitude < NEAR { near } else { far };
    either.copysign(x)
}

/// `e^x`, but 0 where that is below 2^-126, and at most 2^127.5: numbers below 2^-126 are slow to
/// calculate with.
#[inline(always)]
pub fn exp<const FUSED: bool>(x: f32) -> f32 {
    const MIN: f32 = -87.336_54; // ln 2^-126
    const MAX: f32 = 88.376_26; // ln 2^127.5
    // A number this large has no bits left for a fraction: adding it rounds to an integer, which is
    // then in the lowest bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
    const LN_2_HIGH: f32 = 0.693_359_4; // few enough bits for an exact product
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    // Comparisons in this form keep NaN.
    let is_tiny = x < MIN;
    let x = if is_tiny { MIN } else { x };
    let x = if x > MAX { MAX } else { x };
    let shifted = multiply_add::<FUSED>(x, std::f32::consts::LOG2_E, ROUND);
    let power = shifted - ROUND; // of 2
    let rest = multiply_add::<FUSED>(power, -LN_2_HIGH, x);
    let rest = multiply_add::<FUSED>(power, -LN_2_LOW, rest);

    let mut series = 1.987_569_1e-4;
    series = multiply_add::<FUSED>(series, rest, 1.398_199_9e-3);
    series = multiply_add::<FUSED>(series, rest, 8.333_452e-3);
    series = multiply_add::<FUSED>(series, rest, 4.166_579_6e-2);
    series = multiply_add::<FUSED>(series, rest, 1.666_666_5e-1);
    series = multiply_add::<FUSED>(series, rest, 5.0e-1);
    let series = multiply_add::<FUSED>(series, rest * rest, rest) + 1.0;

    let exponent = (shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits());
    let power = series * f32::from_bits(exponent);
    if is_tiny { 0.0 } else { power }
}

/// `a b + c`
#[inline(always)]
fn multiply_add<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
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

    /// The largest error in ulp, and where, over every `step`th float. The slow test takes every one.
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

    fn check(step: usize) {
        for (name, found, expected, max) in [
            (
                "sigmoid",
                sigmoid::<false> as fn(f32) -> f32,
                true_sigmoid as fn(f64) -> f64,
                2.5,
            ),
            ("fused sigmoid", sigmoid::<true>, true_sigmoid, 2.5),
            ("tanh", tanh::<false>, f64::tanh, 1.5),
            ("fused tanh", tanh::<true>, f64::tanh, 1.5),
        ] {
            let (error, at) = worst(step, found, expected);
            println!("{name}: at most {error:.2} ulp, at {at}");
            assert!(error < max, "{name}: {error} ulp at {at}");
        }
    }

    #[test]
    fn sigmoid_and_tanh_are_as_close_as_stated() {
        const STEP: usize = 997;
        check(STEP);
    }

    #[test]
    #[ignore = "slow: all 2^32 floats, some minutes; cargo test -p cipher-model --lib -- --ignored"]
    fn sigmoid_and_tanh_are_as_close_as_stated_at_every_float() {
        check(1);
    }

    #[test]
    fn limits_and_nan_are_what_they_should_be() {
        assert_eq!(sigmoid::<true>(f32::INFINITY), 1.0);
        assert!(sigmoid::<true>(f32::NEG_INFINITY) < f32::MIN_POSITIVE);
        assert_eq!(sigmoid::<true>(0.0), 0.5);
        assert_eq!(tanh::<true>(f32::INFINITY), 1.0);
        assert_eq!(tanh::<true>(f32::NEG_INFINITY), -1.0);
        assert_eq!(tanh::<true>(-0.0).to_bits(), (-0.0_f32).to_bits());
        assert!(sigmoid::<true>(f32::NAN).is_nan() && tanh::<true>(f32::NAN).is_nan());
    }
}
