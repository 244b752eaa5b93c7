//! The viewing of a broadcast: viewers wait for its start, and leave during it or at its end.

use super::EventKind;
use super::traits;
use super::walk::Walk;
use crate::time::{MINUTE, SECOND};
use crate::world::broadcast::Times;

/// The delay of the stream: what viewers see is this old.
const DELAY_MS: (i64, i64) = (2 * SECOND, 15 * SECOND);
/// Per load: the viewer does not wait, or does not press play.
const NOT_PLAYED: u64 = 1_200;
/// Per load: the viewer leaves before the end.
const LEAVES_EARLY: u64 = 4_500;
/// Per step of playback: the viewer pauses.
const PAUSES: u64 = 800;
/// Of the viewers who see the end: the player reports it, before the page is closed.
const SEES_END: u64 = 7_500;

impl Walk {
    /// Loads of the page during one broadcast. Viewers who load it again come back soon.
    pub(super) fn attend(&mut self, broadcast: Times, reloads: u32) -> Option<()> {
        for reload in (0..=reloads).rev() {
            self.visit_broadcast(broadcast, reload > 0)?;
            self.depart()?;
            if reload > 0 {
                self.now += match self.rng.below(10) {
                    0 => self.rng.between(MINUTE, 10 * MINUTE),
                    _ => self.rng.between(SECOND, MINUTE),
                };
            }
        }
        Some(())
    }

    /// A load of the page, from `ready` until the viewer leaves, or the broadcast ends.
    fn visit_broadcast(&mut self, broadcast: Times, returns: bool) -> Option<()> {
        self.position = 0;
        let delay = self.rng.between(DELAY_MS.0, DELAY_MS.1);
        let (start, end) = (broadcast.start_ms + delay, broadcast.end_ms + delay);
        let is_on = (start..end).contains(&self.now);
        if is_on && self.happens(traits::PLAY_BEFORE_READY) {
            self.emit(EventKind::Play)?;
            self.now += traits::METADATA_MS;
            self.emit(EventKind::Ready)?;
            self.begin();
        } else {
            self.emit(EventKind::Ready)?;
            if self.happens(NOT_PLAYED) {
                return Some(());
            }
            let click = self.now + self.rng.between(SECOND, 20 * SECOND);
            self.now = click.max(start + self.rng.between(0, 5 * SECOND));
            if self.now >= end {
                return Some(());
            }
            match self.happens(traits::RESUME_WITHOUT_PLAY) {
                true => self.resume(0)?,
                false => self.play()?,
            }
        }
        let left = (end - self.now).max(0);
        if returns || self.happens(LEAVES_EARLY) {
            // Sooner rather than later.
            let most = left as u64;
            let watched = self.rng.below(most).min(self.rng.below(most));
            self.watch_until(self.now + watched as i64)?;
            return match self.is_playing() && self.rng.percent(50) {
                true => self.pause(self.position),
                false => Some(()),
            };
        }
        self.watch_until(end)?;
        if self.is_playing() && self.happens(SEES_END) {
            self.emit(EventKind::End)?;
            self.stop();
        }
        Some(())
    }

    /// Plays until a time, with a pause now and then, from which viewers do not come back after that time. The position after a
    /// pause is that before it.
    fn watch_until(&mut self, end: i64) -> Option<()> {
        loop {
            let step = self.rng.between(4 * MINUTE, 20 * MINUTE);
            if self.now + step >= end {
                return self.watch((end - self.now).max(0));
            }
            self.watch(step)?;
            if self.happens(PAUSES) {
                self.pause(self.position)?;
                self.now += self.rng.between(SECOND, 2 * MINUTE);
                if self.now >= end {
                    return Some(());
                }
                self.resume(self.position)?;
            }
        }
    }
}
