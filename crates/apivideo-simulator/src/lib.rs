//! A local api.video over real HTTP, with deterministic viewers and replay of recordings.
