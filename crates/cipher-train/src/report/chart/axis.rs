//! Axes: where a value lies on an axis, and which values are labelled.

/// Largest number of labelled values on an axis, roughly.
const MAX_TICKS: f64 = 6.0;

/// An axis of a chart.
pub struct Axis<'a> {
    /// The quantity and its unit.
    pub label: &'a str,
    scale: Scale,
    range: (f64, f64),
    /// The labelled values and their labels.
    pub ticks: Vec<(f64, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithmic,
}

impl<'a> Axis<'a> {
    /// A linear scale from 0 % to 100 %.
    pub fn share(label: &'a str) -> Self {
        let fifths = (0..=5).map(|fifth| (f64::from(fifth) / 5.0, format!("{} %", fifth * 20)));
        Self {
            label,
            scale: Scale::Linear,
            range: (0.0, 1.0),
            ticks: fifths.collect(),
        }
    }

    /// A logarithmic scale of ascending positive numbers, each of them labelled.
    pub fn each(label: &'a str, numbers: &[f64]) -> Self {
        let [first, last] =
            [numbers.first(), numbers.last()].map(|end| end.map_or(1.0, |&end| end));
        Self {
            label,
            scale: Scale::Logarithmic,
            range: (first, if last > first { last } else { 2.0 * first }),
            ticks: numbers.iter().map(|&n| (n, n.to_string())).collect(),
        }
    }

    /// Names at 0, 1, 2 and so on, with half a step of space at both ends.
    pub fn names(label: &'a str, names: &[String]) -> Self {
        let ticks = names.iter().enumerate();
        Self {
            label,
            scale: Scale::Linear,
            range: (-0.5, names.len() as f64 - 0.5),
            ticks: ticks.map(|(at, name)| (at as f64, name.clone())).collect(),
        }
    }

    /// A linear scale whose ends are the round numbers around the values.
    pub fn linear(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values);
        let step = round_step((max - min) / MAX_TICKS);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (min / step + 1e-9).floor() as i64;
        let last = (max / step - 1e-9).ceil() as i64;
        let tick = |n| (n as f64 * step, format!("{:.decimals$}", n as f64 * step));
        Self {
            label,
            scale: Scale::Linear,
            range: (first as f64 * step, last as f64 * step),
            ticks: (first..=last).map(tick).collect(),
        }
    }

    /// A linear scale from the lowest to the highest value, labelled with whole numbers.
    pub fn whole(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values);
        let step = round_step((max - min) / MAX_TICKS).max(1.0);
        let (first, last) = ((min / step).ceil() as i64, (max / step).floor() as i64);
        let tick = |n| (n as f64 * step, format!("{}", n as f64 * step));
        Self {
            label,
            scale: Scale::Linear,
            range: (min, max),
            ticks: (first..=last).map(tick).collect(),
        }
    }

    /// A logarithmic scale whose ends are the powers of ten around the values. Values up to 0 are
    /// left out.
    pub fn powers_of_ten(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values.filter(|value| *value > 0.0).map(f64::log10));
        let (low, high) = (
            min.floor() as i32,
            (max.ceil() as i32).max(min.floor() as i32 + 1),
        );
        let every = ((high - low) as f64 / MAX_TICKS).ceil() as usize;
        let tick = |power: i32| (10f64.powi(power), power_label(power));
        Self {
            label,
            scale: Scale::Logarithmic,
            range: (10f64.powi(low), 10f64.powi(high)),
            ticks: (low..=high).step_by(every.max(1)).map(tick).collect(),
        }
    }

    /// Position of a value on the axis, from 0 at its start to 1 at its end.
    pub fn place(&self, value: f64) -> f64 {
        let (first, last) = self.range;
        let place = match self.scale {
            Scale::Linear => (value - first) / (last - first),
            Scale::Logarithmic => (value / first).ln() / (last / first).ln(),
        };
        place.clamp(0.0, 1.0)
    }
}

/// The lowest and the highest finite value, spread apart where they are equal.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values = values.filter(|value| value.is_finite());
    let (min, max) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| {
        (min.min(value), max.max(value))
    });
    if min < max {
        (min, max)
    } else if min.is_finite() {
        let half = min.abs().max(1.0) / 2.0;
        (min - half, min + half)
    } else {
        (0.0, 1.0)
    }
}

/// The first of 1, 2, 5, 10, 20 and so on that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0].into_iter();
    let factor = factors
        .map(|factor| factor * power)
        .find(|&step| step >= least);
    factor.unwrap_or(10.0 * power)
}

fn power_label(power: i32) -> String {
    match power {
        0..=4 => format!("{}", 10i64.pow(power as u32)),
        -4..0 => format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power)),
        _ => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|(_, label)| label.clone()).collect()
    }

    #[test]
    fn round_numbers_around_the_values_are_labelled() {
        let axis = |min, max| labels(&Axis::linear("", [min, max].into_iter()));
        assert_eq!(axis(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            axis(0.0, 0.0027),
            [
                "0.0000", "0.0005", "0.0010", "0.0015", "0.0020", "0.0025", "0.0030"
            ]
        );
    }

    #[test]
    fn whole_numbers_between_the_values_are_labelled() {
        let axis = |min, max| labels(&Axis::whole("", [min, max].into_iter()));
        assert_eq!(axis(1.0, 32.0), ["10", "20", "30"]);
        assert_eq!(axis(1.0, 2.0), ["1", "2"]);
    }

    #[test]
    fn a_single_value_or_none_has_an_axis_too() {
        assert_eq!(Axis::whole("", [3.0].into_iter()).place(3.0), 0.5);
        assert_eq!(Axis::linear("", std::iter::empty()).place(0.25), 0.25);
        assert_eq!(Axis::linear("", [f64::NAN].into_iter()).place(0.25), 0.25);
    }

    #[test]
    fn powers_of_ten_enclose_all_values() {
        let axis = Axis::powers_of_ten("", [0.02, 3.0].into_iter());
        assert_eq!(labels(&axis), ["0.01", "0.1", "1", "10"]);
        assert!((axis.place(0.1) - 1.0 / 3.0).abs() < 1e-9);
    }
}
