//! The machine's clocks, and the resources that a process has used.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The monotonic clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the only place that reads the machine's clock"
)]
#[must_use]
pub fn now() -> Instant {
    Instant::now()
}

/// Sleeps.
#[expect(clippy::disallowed_methods, reason = "the only place that sleeps")]
pub async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// The user and system time of all threads of this process so far.
#[must_use]
pub fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds)
        + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}

/// The user and system time of all child processes that have ended, including their own children.
#[must_use]
pub fn children_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat");
    stat.ok()
        .and_then(|stat| children_of(&stat))
        .unwrap_or_default()
}

/// `cutime` and `cstime` of a `/proc/…/stat`.
fn children_of(stat: &str) -> Option<Duration> {
    // The name of the program is in brackets, and may contain any character.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    // The unit is a hundredth of a second on every Linux machine.
    Some(Duration::from_millis(10 * (next()? + next()?)))
}

/// The peak memory of this process in KiB; 0 when the system does not report it.
#[must_use]
pub fn peak_kib() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| peak_of(&status))
        .unwrap_or_default()
}

/// `VmHWM` of a `/proc/…/status`, in KiB.
fn peak_of(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_parsed() {
        assert_eq!(
            peak_of("VmPeak:\t  9000 kB\nVmHWM:\t    5064 kB\n"),
            Some(5_064)
        );
        assert_eq!(peak_of("VmPeak:\t  9000 kB\n"), None);
    }

    #[test]
    fn the_time_of_children_is_parsed() {
        let stat =
            "42 (a b) c) S 1 42 42 0 -1 4194560 100 200 0 0 7 8 1234 66 20 0 1 0 100 1000 10";
        assert_eq!(children_of(stat), Some(Duration::from_secs(13)));
        assert_eq!(children_of("42 (a) S 1"), None);
    }

    #[test]
    fn clocks_advance() {
        let (cpu_before, before) = (cpu(), now());
        let mut sum = 0_u64;
        while cpu() - cpu_before < Duration::from_millis(2) {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(now() > before && sum > 0);
    }
}
