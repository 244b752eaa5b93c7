//! Measures of sessions: watch time, unique viewers, retention, concurrency and others.
//!
//! [`List::audience`](crate::List::audience) reads the sessions of a list with their events, and returns an [`Audience`] of them:
//!
//! ```
//! # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(40) => |client|
//! let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
//! let measures = sessions.audience().await?.finish().measures;
//! println!("{} s watched by {} viewers", measures.watch_seconds, measures.unique_viewers);
//! println!("at most {} at a time", measures.concurrency.playing.peak);
//! # assert!(measures.watch_seconds > 0.0);
//! # }
//! ```
//!
//! This module contains all items of the crate `apivideo-insights`, and conversions from the models of this crate. A [`Session`]
//! with events can be used wherever an [`Audience`] or a [`Playback`] needs plain data:
//!
//! ```
//! use apivideo::Session;
//! use apivideo::insights::{Event, Playback, SessionFacts};
//!
//! let session: Session = serde_json::from_str(
//!     r#"{
//!         "session": {"sessionId": "ps1"},
//!         "events": [{"type": "play", "emittedAt": "2022-01-01T12:00:00Z", "at": 0},
//!                    {"type": "pause", "emittedAt": "2022-01-01T12:00:30Z", "at": 30}]
//!     }"#,
//! )?;
//! let events: Vec<Event> = session.events().iter().map(Event::from).collect();
//! let playback = Playback::new(&SessionFacts::from(&session), &events, None);
//! assert_eq!(playback.watch_seconds(), 30.0);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! [`Session`]: crate::Session

mod audience;
mod convert;

#[doc(no_inline)]
pub use apivideo_insights::*;
pub use audience::AudienceReader;
