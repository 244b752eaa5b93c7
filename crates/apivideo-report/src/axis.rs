//! Steps of axes.

/// Returns the step between grid lines of an axis that starts at zero: 1, 2 or 5 × 10ⁿ, so that at most `lines` lie at or below
/// the maximum.
pub(crate) fn step(maximum: f64, lines: u32) -> f64 {
    if !(maximum.is_finite() && maximum > 0.0) {
        return 1.0;
    }
    let parts = f64::from(lines) + 1.0;
    let power = 10_f64.powf((maximum / parts).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0].map(|factor| factor * power);
    let fits = steps.into_iter().find(|step| maximum / step < parts);
    fits.unwrap_or(20.0 * power)
}

/// Returns the multiples of a step up to a maximum, without zero.
pub(crate) fn multiples(step: f64, maximum: f64) -> Vec<f64> {
    let all = (1..=100_u32).map(|index| f64::from(index) * step);
    all.take_while(|value| *value <= maximum * (1.0 + 1e-9))
        .collect()
}

/// The steps of a time axis, in seconds.
const TIME_STEPS: [u32; 19] = [
    1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400,
    21_600,
];

/// Returns the ticks of a time axis from zero, in seconds: whole seconds, minutes or hours, at most eight.
pub(crate) fn time_ticks(length: f64) -> Vec<f64> {
    let mut step = f64::from(time_step(length));
    while length / step > 7.0 {
        step *= 2.0;
    }
    let all = (0..8_u32).map(|index| f64::from(index) * step);
    all.take_while(|tick| *tick <= length).collect()
}

/// Returns the step of a time axis, in seconds: the smallest with at most seven steps in the length.
pub(crate) fn time_step(length: f64) -> u32 {
    let fits = |step: &u32| length / f64::from(*step) <= 7.0;
    TIME_STEPS.into_iter().find(fits).unwrap_or(43_200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!(step(107.0, 4), 50.0);
        assert_eq!(step(107.0, 2), 50.0);
        assert_eq!(step(5.0, 4), 2.0);
        assert_eq!(step(0.0, 4), 1.0);
        assert_eq!(step(f64::NAN, 4), 1.0);
        for maximum in 1..2_000 {
            for lines in 2..5 {
                let maximum = f64::from(maximum);
                let step = step(maximum, lines);
                let count = multiples(step, maximum).len() as u32;
                assert!(
                    (1..=lines).contains(&count),
                    "{count} lines up to {maximum}"
                );
            }
        }
    }

    #[test]
    fn time_ticks_are_at_most_eight() {
        assert_eq!(time_ticks(300.0), [0.0, 60.0, 120.0, 180.0, 240.0, 300.0]);
        assert_eq!(time_ticks(5.0), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(time_ticks(43_200.0)[1], 7_200.0);
        for length in 1..400_000 {
            let ticks = time_ticks(f64::from(length)).len();
            assert!((1..=8).contains(&ticks), "{ticks} ticks of {length} s");
        }
    }
}
