//! The distribution of sessions over assets, days and the hours of a day.

use crate::rng::{Purpose, Rng};
use crate::time::{DAY, HOUR};

/// The weight of each hour of a day (UTC).
const HOUR_WEIGHTS: [u64; 24] = [
    3, 2, 2, 1, 1, 2, 3, 5, 7, 8, 8, 8, 9, 9, 8, 8, 9, 10, 12, 14, 14, 12, 9, 5,
];

/// A period of a day in milliseconds since midnight, and its share of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) weight: u64,
}

/// Returns the traffic of videos: the hours of a day.
pub(crate) fn hours() -> [Piece; 24] {
    std::array::from_fn(|hour| Piece {
        from: hour as i64 * HOUR,
        to: (hour as i64 + 1) * HOUR,
        weight: HOUR_WEIGHTS[hour],
    })
}

/// Returns the millisecond of the day at which the `k`-th of `count` sessions is loaded.
///
/// The traffic is divided into `count` equal shares, with a session in each. Times ascend with `k`, and each can
/// be computed without the others.
pub(crate) fn load_time(mut rng: Rng, k: u32, count: u32, pieces: &[Piece]) -> i64 {
    let whole: u64 = pieces.iter().map(|piece| piece.weight).sum();
    let share = (u64::from(k) << 32) + rng.below(1 << 32);
    // The traffic before this session, in units of 2^-32 of the weights.
    let mut traffic = (u128::from(share) * u128::from(whole) / u128::from(count.max(1))) as u64;
    for piece in pieces {
        let of_piece = piece.weight << 32;
        if traffic < of_piece {
            let length = (piece.to - piece.from) as u128;
            let within = u128::from(traffic) * length / u128::from(of_piece);
            return piece.from + within as i64;
        }
        traffic -= of_piece;
    }
    pieces.last().map_or(DAY, |piece| piece.to) - 1
}

/// Returns the weight of each day, random unless `uniform`.
pub(crate) fn day_weights(seed: u64, days: u32, uniform: bool) -> Vec<u64> {
    let weight = |day: u32| match uniform {
        true => 100,
        false => 60 + Rng::new(seed, Purpose::Traffic, &[day.into()]).below(80),
    };
    (0..days).map(weight).collect()
}

/// Distributes `total` sessions over assets and days. Returns, for each asset, the number of sessions before each day,
/// followed by the total. The `reserved` pairs of asset and day contain at least one session.
///
/// Assets are weighted by Zipf's law, days by their weights.
pub(crate) fn distribute_sessions(
    total: u64,
    ranks: &[u64],
    days: &[u64],
    reserved: &[(usize, usize)],
) -> Vec<Vec<u32>> {
    let weight_of_asset = |rank: u64| 1_000_000 / rank;
    let whole: u128 = ranks
        .iter()
        .map(|&rank| u128::from(weight_of_asset(rank)))
        .sum::<u128>()
        * days.iter().map(|&weight| u128::from(weight)).sum::<u128>();
    let shared = u128::from(total.saturating_sub(reserved.len() as u64));

    // Each share is the difference of two rounded running totals, so that the shares add up to the total.
    let mut weight_so_far = 0u128;
    let mut so_far = 0u128;
    let mut cell = |weight: u128| {
        weight_so_far += weight;
        let now = shared * weight_so_far / whole;
        let count = now - so_far;
        so_far = now;
        count as u32
    };
    ranks
        .iter()
        .enumerate()
        .map(|(asset, &rank)| {
            let mut running = 0u32;
            let mut starts = vec![0];
            for (day, &weight) in days.iter().enumerate() {
                running += cell(u128::from(weight_of_asset(rank)) * u128::from(weight));
                running += u32::from(reserved.contains(&(asset, day)));
                starts.push(running);
            }
            starts
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_times_ascend_within_the_day() {
        for count in [1, 2, 7, 1_000, 100_000] {
            let times: Vec<i64> = (0..count)
                .map(|k| {
                    let rng = Rng::new(3, Purpose::LoadTime, &[u64::from(k)]);
                    load_time(rng, k, count, &hours())
                })
                .collect();
            assert!(times.is_sorted(), "{count}");
            assert!(times.iter().all(|time| (0..DAY).contains(time)), "{count}");
        }
    }

    #[test]
    fn shares_add_up_to_the_total_and_favour_the_first() {
        for total in [2, 3, 100, 5_000, 1_000_000] {
            let starts = distribute_sessions(
                total,
                &[1, 2, 3, 4],
                &day_weights(7, 30, false),
                &[(0, 4), (3, 4)],
            );
            let totals: Vec<u32> = starts.iter().map(|starts| starts[30]).collect();
            assert_eq!(
                totals.iter().map(|&count| u64::from(count)).sum::<u64>(),
                total
            );
            assert!(
                starts[0][5] > starts[0][4],
                "the first reserved pair has a session"
            );
            assert!(
                starts[3][5] > starts[3][4],
                "the second reserved pair has a session"
            );
            if total > 1_000 {
                assert!(totals[0] > totals[1] && totals[1] > totals[3]);
            }
        }
    }

    #[test]
    fn uniform_days_have_equal_numbers_of_sessions() {
        let per_day = |uniform| {
            let starts = distribute_sessions(32_000, &[1], &day_weights(7, 32, uniform), &[]);
            let counts = starts[0].windows(2).map(|pair| pair[1] - pair[0]);
            counts.collect::<Vec<u32>>()
        };
        assert_eq!(per_day(true), [1_000; 32]);
        let varied = per_day(false);
        assert!(varied.iter().min() < varied.iter().max(), "{varied:?}");
    }
}
