use super::vocabulary::{COUNTRIES, Country, DEVICES, Device, REFERRERS, Referrer};
use crate::chance::Chance;

/// Who watches: the part of a session that is not about time. A missing group is a whole object that is not sent.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) country: Option<&'static Country>,
    pub(crate) city: City,
    pub(crate) referrer: &'static Referrer,
    pub(crate) device: &'static Device,
    /// The operating system is now and then not sent at all.
    pub(crate) os_sent: bool,
    /// A session of which nothing but its times is known: no other group is sent.
    pub(crate) bare: bool,
}

/// The city, with the service's two ways of not knowing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum City {
    Named(&'static str),
    Null,
    Missing,
}

impl Viewer {
    pub(crate) fn draw(mut chance: Chance) -> Self {
        // The product of two draws favours the first rows of the table.
        let across = COUNTRIES.len() as u64;
        let row = chance.below(across) * chance.below(across) / across;
        let country = &COUNTRIES[row as usize];
        let city = match chance.below(100) {
            0..7 => City::Null,
            7..9 => City::Missing,
            _ => City::Named(chance.pick::<&str>(country.cities)),
        };
        let bare = chance.below(200) == 0;
        Self {
            country: (!bare && !chance.percent(1)).then_some(country),
            city,
            referrer: chance.pick(REFERRERS),
            device: chance.pick(DEVICES),
            os_sent: !chance.percent(1),
            bare,
        }
    }
}
