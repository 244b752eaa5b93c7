use super::catalog::{COUNTRIES, Country, DEVICES, Device, REFERRERS, Referrer};
use crate::rng::Rng;

/// The viewer of a session: location, referrer and device.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) country: Option<&'static Country>,
    pub(crate) city: City,
    pub(crate) referrer: &'static Referrer,
    pub(crate) device: &'static Device,
    /// Whether the operating system is sent.
    pub(crate) sends_os: bool,
    /// Whether only the times of the session are sent.
    pub(crate) times_only: bool,
}

/// The city. The service sends an unknown one as `null` or omits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum City {
    Named(&'static str),
    Null,
    Missing,
}

impl Viewer {
    pub(crate) fn generate(mut rng: Rng) -> Self {
        // The product of two random numbers favours the first rows of the table.
        let count = COUNTRIES.len() as u64;
        let row = rng.below(count) * rng.below(count) / count;
        let country = &COUNTRIES[row as usize];
        let city = match rng.below(100) {
            0..7 => City::Null,
            7..9 => City::Missing,
            _ => City::Named(rng.choose::<&str>(country.cities)),
        };
        let times_only = rng.below(200) == 0;
        Self {
            country: (!times_only && !rng.percent(1)).then_some(country),
            city,
            referrer: rng.choose(REFERRERS),
            device: rng.choose(DEVICES),
            sends_os: !rng.percent(1),
            times_only,
        }
    }
}
