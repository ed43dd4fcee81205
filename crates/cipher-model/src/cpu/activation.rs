//! Sigmoid, tanh and the exponential function, written so that the compiler turns a loop over them
//! into vector instructions: no branches, no calls, no tables.
//!
//! A division takes as long as most of an exponential. The functions for two numbers divide once, by
//! the product of both divisors, and multiply each result by the divisor of the other.
//!
//! `tanh` is within 2.5 ulp of the true value, and the functions for two numbers are within 4, where
//! that is at least 2^-62. Below, a sigmoid is less than 2^-61. Infinities give the limits, and NaN
//! gives NaN for both numbers. The tests measure this.
//!
//! `S` says which vectors the loop is compiled for. Without any, a fused multiplication and addition
//! would be a slow call.
//!
//! The polynomial is that of Cephes (Moshier, 1992), `expf.c`.

use pulp::Simd;

/// `1 / (1 + e^-x)` of both numbers.
#[inline(always)]
pub fn sigmoids<S: Simd>(a: f32, b: f32) -> (f32, f32) {
    let (a, b) = (sigmoid_divisor::<S>(a), sigmoid_divisor::<S>(b));
    let inverse = 1.0 / (a * b);
    (inverse * b, inverse * a)
}

/// The sigmoid of the first number and the hyperbolic tangent of the second.
#[inline(always)]
pub fn sigmoid_and_tanh<S: Simd>(a: f32, b: f32) -> (f32, f32) {
    let a = sigmoid_divisor::<S>(a);
    let (numerator, b) = tanh_quotient::<S>(b);
    let inverse = 1.0 / (a * b);
    (inverse * b, numerator * (inverse * a))
}

/// `(e^2x - 1) / (e^2x + 1)`
#[inline(always)]
pub fn tanh<S: Simd>(x: f32) -> f32 {
    let (numerator, divisor) = tanh_quotient::<S>(x);
    numerator / divisor
}

/// `1 + e^-x`, at most 2^62, so that the product of two is finite.
#[inline(always)]
fn sigmoid_divisor<S: Simd>(x: f32) -> f32 {
    const BOUND: f32 = 42.975_124; // ln 2^62
    let (power, fraction) = exp_parts::<S>(clamp(-x, BOUND));
    1.0 + multiply_add::<S>(fraction, power, power)
}

/// `e^2x - 1` and `e^2x + 1`
#[inline(always)]
fn tanh_quotient<S: Simd>(x: f32) -> (f32, f32) {
    const BOUND: f32 = 9.02; // From here on 1 is the nearest f32.
    let x = clamp(x, BOUND);
    let (power, fraction) = exp_parts::<S>(x + x);
    // Near 0 the power is 1, and no digit is lost.
    let numerator = multiply_add::<S>(fraction, power, power - 1.0);
    (numerator, numerator + 2.0)
}

/// `e^x`, but 0 where that is below 2^-126, and at most 2^126: numbers below 2^-126 are slow to
/// calculate with.
#[inline(always)]
pub fn exp<S: Simd>(x: f32) -> f32 {
    let is_tiny = x < -LN_MAX;
    let (power, fraction) = exp_parts::<S>(clamp(x, LN_MAX));
    let exp = multiply_add::<S>(fraction, power, power);
    if is_tiny { 0.0 } else { exp }
}

/// The number, or 0 if it is below 2^-80. States and gradients shrink by a factor at every step until
/// they are subnormal, with which some processors calculate a hundred times slower. An optimizer sees no
/// difference: 2^-80 is far below the 1e-8 that Adam adds to a gradient's size.
#[inline(always)]
pub fn without_tiny(x: f32) -> f32 {
    const SMALLEST: f32 = 8.271_806e-25; // 2^-80
    // In this form NaN is kept.
    if x.abs() < SMALLEST { 0.0 } else { x }
}

/// `ln 2^126`
const LN_MAX: f32 = 87.336_54;

/// `e^x` as `power (1 + fraction)`, where the power is one of 2 and the fraction from -0.3 to 0.5, for
/// numbers up to [`LN_MAX`].
#[inline(always)]
fn exp_parts<S: Simd>(x: f32) -> (f32, f32) {
    // A number this large has no bits left for a fraction: adding it rounds to an integer, which is
    // then in the lowest bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
    const LN_2_HIGH: f32 = 0.693_359_4; // few enough bits for an exact product
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    let shifted = multiply_add::<S>(x, std::f32::consts::LOG2_E, ROUND);
    let exponent = shifted - ROUND;
    let rest = multiply_add::<S>(exponent, -LN_2_HIGH, x);
    let rest = multiply_add::<S>(exponent, -LN_2_LOW, rest);
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));

    let mut series = 1.987_569_1e-4;
    series = multiply_add::<S>(series, rest, 1.398_199_9e-3);
    series = multiply_add::<S>(series, rest, 8.333_452e-3);
    series = multiply_add::<S>(series, rest, 4.166_579_6e-2);
    series = multiply_add::<S>(series, rest, 1.666_666_5e-1);
    series = multiply_add::<S>(series, rest, 5.0e-1);
    (power, multiply_add::<S>(series, rest * rest, rest))
}

/// From `-bound` to `bound`. Comparisons in this form keep NaN.
#[inline(always)]
fn clamp(x: f32, bound: f32) -> f32 {
    let x = if x < -bound { -bound } else { x };
    if x > bound { bound } else { x }
}

/// `a b + c`
#[inline(always)]
fn multiply_add<S: Simd>(a: f32, b: f32, c: f32) -> f32 {
    if S::IS_SCALAR {
        a * b + c
    } else {
        a.mul_add(b, c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulp::Scalar;
    #[cfg(target_arch = "aarch64")]
    use pulp::aarch64::Neon as Fused;
    #[cfg(target_arch = "x86_64")]
    use pulp::x86::V3 as Fused;

    const SMALLEST: f64 = 2.168_404_344_971_009e-19; // 2^-62

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
    fn worst(step: usize, found: impl Fn(f32) -> f32, expected: fn(f64) -> f64) -> (f64, f32) {
        let mut worst = (0.0, 0.0);
        for bits in (0..=u32::MAX).step_by(step) {
            let x = f32::from_bits(bits);
            if x.is_nan() {
                assert!(found(x).is_nan(), "{bits:x}");
                continue;
            }
            let expected = expected(f64::from(x));
            if expected.abs() < SMALLEST && x.abs() > 1.0 {
                // A sigmoid's tail.
                assert!((0.0..2.0 * SMALLEST).contains(&found(x).into()), "{x}");
                continue;
            }
            let error = ulps(found(x), expected);
            assert!(!error.is_nan(), "{x}");
            if error > worst.0 {
                worst = (error, x);
            }
        }
        worst
    }

    fn check_name(
        (name, step, max): (&str, usize, f64),
        found: impl Fn(f32) -> f32,
        expected: fn(f64) -> f64,
    ) {
        let (error, at) = worst(step, found, expected);
        println!("{name}: at most {error:.2} ulp, at {at}");
        assert!(error < max, "{name}: {error} ulp at {at}");
    }

    fn check<S: Simd>(step: usize) {
        check_name(("tanh", step, 2.5), tanh::<S>, f64::tanh);
        // Divisors from 1 to the largest for the other number.
        for other in [f32::INFINITY, 3.7, 0.1, -20.3, f32::NEG_INFINITY] {
            let sigmoid = ("a sigmoid beside another", step, 4.0);
            check_name(sigmoid, |x| sigmoids::<S>(x, other).0, true_sigmoid);
            check_name(sigmoid, |x| sigmoids::<S>(other, x).1, true_sigmoid);
            let sigmoid = ("a sigmoid beside a tanh", step, 4.0);
            check_name(sigmoid, |x| sigmoid_and_tanh::<S>(x, other).0, true_sigmoid);
            let tanh = ("a tanh beside a sigmoid", step, 4.0);
            check_name(tanh, |x| sigmoid_and_tanh::<S>(other, x).1, f64::tanh);
        }
    }

    #[test]
    fn sigmoid_and_tanh_are_as_close_as_stated() {
        const STEP: usize = 9973;
        check::<Scalar>(STEP);
        check::<Fused>(STEP);
    }

    #[test]
    #[ignore = "slow: all 2^32 floats, an hour; cargo test -p cipher-model --lib -- --ignored"]
    fn sigmoid_and_tanh_are_as_close_as_stated_at_every_float() {
        check::<Scalar>(1);
        check::<Fused>(1);
    }

    #[test]
    fn only_numbers_below_2_to_the_minus_80_become_0() {
        for sign in [1.0, -1.0] {
            for (x, expected) in [
                (2.0_f32.powi(-80), 2.0_f32.powi(-80)),
                (2.0_f32.powi(-81), 0.0),
                (f32::from_bits(1), 0.0),
                (0.0, 0.0),
                (1.5, 1.5),
                (f32::INFINITY, f32::INFINITY),
            ] {
                assert_eq!(without_tiny(sign * x), sign * expected);
            }
        }
        assert!(without_tiny(f32::NAN).is_nan());
    }

    #[test]
    fn limits_and_nan_are_what_they_should_be() {
        let (least, largest) = sigmoids::<Fused>(f32::NEG_INFINITY, f32::INFINITY);
        assert!(f64::from(least) < 2.0 * SMALLEST);
        assert_eq!(largest, 1.0);
        assert_eq!(sigmoids::<Fused>(0.0, 0.0), (0.5, 0.5));
        assert_eq!(sigmoid_and_tanh::<Fused>(0.0, 0.0), (0.5, 0.0));
        assert_eq!(tanh::<Fused>(f32::INFINITY), 1.0);
        assert_eq!(tanh::<Fused>(f32::NEG_INFINITY), -1.0);
        assert_eq!(tanh::<Fused>(0.0), 0.0);
        for (a, b) in [(f32::NAN, 0.0), (0.0, f32::NAN)] {
            for (a, b) in [sigmoids::<Fused>(a, b), sigmoid_and_tanh::<Fused>(a, b)] {
                assert!(a.is_nan() && b.is_nan());
            }
        }
        assert!(tanh::<Fused>(f32::NAN).is_nan());
    }
}
