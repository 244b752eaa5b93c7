//! When sessions are loaded: how many on which day, and at which time of the day the k-th one is.

use crate::chance::{Chance, Purpose};
use crate::time::{DAY, HOUR};

/// How busy each hour of a day is, in UTC.
const HOURS: [u64; 24] = [
    3, 2, 2, 1, 1, 2, 3, 5, 7, 8, 8, 8, 9, 9, 8, 8, 9, 10, 12, 14, 14, 12, 9, 5,
];

/// The millisecond of the day at which the `k`-th of `count` sessions is loaded.
///
/// The day is cut into `count` equal shares of traffic and each session falls somewhere in its own, so that times
/// ascend with `k` and no session has to know the others.
pub(crate) fn load_time(mut chance: Chance, k: u32, count: u32) -> i64 {
    let whole: u64 = HOURS.iter().sum();
    let share = (u64::from(k) << 32) + chance.below(1 << 32);
    // Traffic before this session, in units of 2^-32 of an hour's weight.
    let mut traffic = (u128::from(share) * u128::from(whole) / u128::from(count.max(1))) as u64;
    for (hour, weight) in HOURS.iter().enumerate() {
        let of_hour = weight << 32;
        if traffic < of_hour {
            let within = u128::from(traffic) * HOUR as u128 / u128::from(of_hour);
            return hour as i64 * HOUR + within as i64;
        }
        traffic -= of_hour;
    }
    DAY - 1
}

/// How busy each day is, compared to the others: no two days are alike, unless all are.
pub(crate) fn busyness(seed: u64, days: u32, even: bool) -> Vec<u64> {
    let weight = |day: u32| match even {
        true => 100,
        false => 60 + Chance::new(seed, Purpose::Traffic, &[day.into()]).below(80),
    };
    (0..days).map(weight).collect()
}

/// Shares `total` sessions out over `assets` × `days`: for each asset the running total before each day, and the
/// total of all days at the end. `reserved` cells (asset, day) get one session before the others are shared.
///
/// Assets follow Zipf's law, days their weights.
pub(crate) fn share_out(
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

    // A cell's share is the difference of two rounded running totals, so that all cells add up to the total exactly.
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
    fn load_times_ascend_and_fill_the_day() {
        for count in [1, 2, 7, 1_000, 100_000] {
            let times: Vec<i64> = (0..count)
                .map(|k| {
                    let chance = Chance::new(3, Purpose::LoadTime, &[u64::from(k)]);
                    load_time(chance, k, count)
                })
                .collect();
            assert!(times.is_sorted(), "{count}");
            assert!(times.iter().all(|time| (0..DAY).contains(time)), "{count}");
        }
    }

    #[test]
    fn shares_add_up_to_the_total_and_favour_the_first() {
        for total in [2, 3, 100, 5_000, 1_000_000] {
            let starts = share_out(
                total,
                &[1, 2, 3, 4],
                &busyness(7, 30, false),
                &[(0, 4), (3, 4)],
            );
            let totals: Vec<u32> = starts.iter().map(|starts| starts[30]).collect();
            assert_eq!(
                totals.iter().map(|&count| u64::from(count)).sum::<u64>(),
                total
            );
            assert!(
                starts[0][5] > starts[0][4],
                "the reserved cell has a session"
            );
            assert!(starts[3][5] > starts[3][4], "the other reserved cell too");
            if total > 1_000 {
                assert!(totals[0] > totals[1] && totals[1] > totals[3]);
            }
        }
    }
    #[test]
    fn even_days_are_alike_and_others_are_not() {
        let per_day = |even| {
            let starts = share_out(32_000, &[1], &busyness(7, 32, even), &[]);
            let counts = starts[0].windows(2).map(|pair| pair[1] - pair[0]);
            counts.collect::<Vec<u32>>()
        };
        assert_eq!(per_day(true), [1_000; 32]);
        let uneven = per_day(false);
        assert!(uneven.iter().min() < uneven.iter().max(), "{uneven:?}");
    }
}
