//! A viewing report of videos and live streams: one HTML file, made from the measures of `apivideo-insights`.
//!
//! * A [`Report`] of a video has its key numbers, how much of it was watched, how far people got, days, hours of the week,
//!   countries, devices and referrers, and how sure the numbers are. That of a live stream has its concurrent viewers.
//! * [`Report::assets`] is a report of several, with a table of all first. [`Report::with_comparison`] compares two periods or
//!   two videos. [`Report::totals`] makes a report of aggregates alone.
//! * [`audience_options`] sets what a report needs from an `Audience`.
//!
//! This crate is pure: measures in, a file out. It reads no clock and no files, and makes no requests; the same input results in
//! the same bytes. The file runs no script and makes no requests either, which a content security policy in it ensures. It can be
//! read in light and dark, on phones and in print, and by assistive technology: each chart has a description and a table.
//!
//! The numbers are once more in the element `report-data`, as JSON.
//!
//! # Privacy
//!
//! A page contains no sessions, but values of breakdowns. Addresses of referrers are shown without user, query and fragment. For
//! small audiences, combine values with few viewers by `Audience::with_min_cell`.
//!
//! # Features
//!
//! * `time-zones`: time zones by name, from a database that is compiled into the program.

mod asset;
mod axis;
mod bars;
mod calendar;
mod chapters;
mod compare;
mod concurrency;
mod countries;
mod curve;
mod data;
mod days;
mod format;
mod funnel;
mod heat;
mod html;
mod live;
mod notes;
mod options;
mod page;
mod places;
mod quality;
mod referrers;
mod report;
mod retention;
mod section;
mod strip;
mod summary;
mod svg;
mod thin;
mod tiles;
mod totals;
mod totals_page;
mod totals_places;
mod video;
mod view;
mod words;

pub use asset::{Chapter, ReportAsset};
pub use options::audience_options;
pub use report::Report;
pub use totals::{Totals, TotalsDay, TotalsRow};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
