//! What is read of the machine: its clocks, and what a process has used. The one place that does so.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The time that has passed on the wall.
#[expect(
    clippy::disallowed_methods,
    reason = "measurements read the machine's clock, in this place alone"
)]
#[must_use]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits for real.
#[expect(
    clippy::disallowed_methods,
    reason = "a consumer that takes its time, in this place alone"
)]
pub async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// User and system time of all threads of this process, up to now.
#[must_use]
pub fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds)
        + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}

/// The most memory that this process has held at once, in KiB; 0 where the system does not tell.
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
    fn the_peak_is_read() {
        assert_eq!(
            peak_of("VmPeak:\t  9000 kB\nVmHWM:\t    5064 kB\n"),
            Some(5_064)
        );
        assert_eq!(peak_of("VmPeak:\t  9000 kB\n"), None);
    }

    #[test]
    fn work_takes_time() {
        let (cpu_before, before) = (cpu(), now());
        let mut sum = 0_u64;
        while cpu() - cpu_before < Duration::from_millis(2) {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(now() > before && sum > 0);
    }
}
