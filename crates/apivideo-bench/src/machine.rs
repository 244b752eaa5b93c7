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
    fn clocks_advance() {
        let (cpu_before, before) = (cpu(), now());
        let mut sum = 0_u64;
        while cpu() - cpu_before < Duration::from_millis(2) {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(now() > before && sum > 0);
    }
}
