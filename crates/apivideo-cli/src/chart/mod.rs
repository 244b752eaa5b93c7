//! Charts for a terminal: areas, lines with bands, bars and sparklines, of Unicode blocks or ASCII, with or without colors.
//!
//! A chart says the same without colors and without Unicode: layers and series differ by their characters.

mod area;
mod axis;
mod bar;
mod lines;
mod locale;
mod theme;

pub(crate) use area::{Area, Column};
pub(crate) use axis::{Axis, Tick, position_ticks, time_ticks};
pub(crate) use bar::{bar, sparkline};
pub(crate) use lines::{Lines, Point};
pub(crate) use theme::{Ink, Theme};

#[cfg(test)]
mod tests;
