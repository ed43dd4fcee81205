//! From a value to its place on an axis, and the values that are named there.

/// Values that are named on an axis, at most.
const MOST_TICKS: f64 = 6.0;

/// An axis of a chart.
pub struct Axis<'a> {
    /// What is measured, with its unit.
    pub label: &'a str,
    scale: Scale,
    range: (f64, f64),
    /// The values that are named, and their names.
    pub ticks: Vec<(f64, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithmic,
}

impl<'a> Axis<'a> {
    /// From none to all.
    pub fn share(label: &'a str) -> Self {
        let fifths = (0..=5).map(|fifth| (f64::from(fifth) / 5.0, format!("{} %", fifth * 20)));
        Self {
            label,
            scale: Scale::Linear,
            range: (0.0, 1.0),
            ticks: fifths.collect(),
        }
    }

    /// Counts from the first to the last, each of which is named, on a logarithmic scale.
    pub fn counts(label: &'a str, counts: &[usize]) -> Self {
        let ends = [counts.first(), counts.last()].map(|end| end.map_or(1.0, |&end| end as f64));
        Self {
            label,
            scale: Scale::Logarithmic,
            range: (ends[0], ends[1].max(ends[0] + 1.0)),
            ticks: counts.iter().map(|&n| (n as f64, n.to_string())).collect(),
        }
    }

    /// A linear scale between the round numbers around the values.
    pub fn linear(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values);
        let step = round_step((max - min) / MOST_TICKS);
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

    /// Whole numbers from the lowest to the highest value, on a linear scale.
    pub fn whole(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values);
        let step = round_step((max - min) / MOST_TICKS).max(1.0);
        let (first, last) = ((min / step).ceil() as i64, (max / step).floor() as i64);
        let tick = |n| (n as f64 * step, format!("{}", n as f64 * step));
        Self {
            label,
            scale: Scale::Linear,
            range: (min, max),
            ticks: (first..=last).map(tick).collect(),
        }
    }

    /// A logarithmic scale between the powers of ten around the values, all above 0.
    pub fn powers_of_ten(label: &'a str, values: impl Iterator<Item = f64>) -> Self {
        let (min, max) = ends(values.filter(|value| *value > 0.0).map(f64::log10));
        let (low, high) = (
            min.floor() as i32,
            (max.ceil() as i32).max(min.floor() as i32 + 1),
        );
        let every = ((high - low) as f64 / MOST_TICKS).ceil() as usize;
        let tick = |power: i32| (10f64.powi(power), name_power(power));
        Self {
            label,
            scale: Scale::Logarithmic,
            range: (10f64.powi(low), 10f64.powi(high)),
            ticks: (low..=high).step_by(every.max(1)).map(tick).collect(),
        }
    }

    /// 0 at the axis' beginning, 1 at its end.
    pub fn place(&self, value: f64) -> f64 {
        let (first, last) = self.range;
        let place = match self.scale {
            Scale::Linear => (value - first) / (last - first),
            Scale::Logarithmic => (value / first).ln() / (last / first).ln(),
        };
        place.clamp(0.0, 1.0)
    }
}

/// The lowest and the highest, apart even where there is only one.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values = values.filter(|value| value.is_finite());
    let (min, max) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| {
        (min.min(value), max.max(value))
    });
    match min < max {
        true => (min, max),
        false if min.is_finite() => (
            min - min.abs().max(1.0) / 2.0,
            min + min.abs().max(1.0) / 2.0,
        ),
        false => (0.0, 1.0),
    }
}

/// The first of 1, 2, 5, 10, 20 .. that is no smaller.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0].into_iter();
    let factor = factors
        .map(|factor| factor * power)
        .find(|&step| step >= least);
    factor.unwrap_or(10.0 * power)
}

fn name_power(power: i32) -> String {
    match power {
        0..=4 => format!("{}", 10i64.pow(power as u32)),
        -4..0 => format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power)),
        _ => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|(_, name)| name.clone()).collect()
    }

    #[test]
    fn round_numbers_are_named_around_the_values() {
        let axis = |min, max| names(&Axis::linear("", [min, max].into_iter()));
        assert_eq!(axis(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            axis(0.0, 0.0027),
            [
                "0.0000", "0.0005", "0.0010", "0.0015", "0.0020", "0.0025", "0.0030"
            ]
        );
    }

    #[test]
    fn whole_numbers_are_named_between_the_values() {
        let axis = |min, max| names(&Axis::whole("", [min, max].into_iter()));
        assert_eq!(axis(1.0, 32.0), ["10", "20", "30"]);
        assert_eq!(axis(1.0, 2.0), ["1", "2"]);
    }

    #[test]
    fn a_single_value_and_none_have_an_axis_too() {
        assert_eq!(Axis::whole("", [3.0].into_iter()).place(3.0), 0.5);
        assert_eq!(Axis::linear("", std::iter::empty()).place(0.25), 0.25);
        assert_eq!(Axis::linear("", [f64::NAN].into_iter()).place(0.25), 0.25);
    }

    #[test]
    fn powers_of_ten_hold_all_values() {
        let axis = Axis::powers_of_ten("", [0.02, 3.0].into_iter());
        assert_eq!(names(&axis), ["0.01", "0.1", "1", "10"]);
        assert!((axis.place(0.1) - 1.0 / 3.0).abs() < 1e-9);
    }
}
