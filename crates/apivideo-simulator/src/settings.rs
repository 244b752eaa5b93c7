use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How many requests the simulator answers in a window before it says 429.
///
/// ```
/// use apivideo_simulator::RateLimit;
///
/// assert_eq!("off".parse::<RateLimit>()?, RateLimit::Off);
/// assert_eq!("500".parse::<RateLimit>()?, RateLimit::PerMinute(500));
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RateLimit {
    /// No limit, and no `X-RateLimit-…` headers.
    #[default]
    Off,
    /// So many requests per window. The window is a minute unless
    /// [`rate_window`](crate::Builder::rate_window) says otherwise.
    PerMinute(u32),
}

impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.parse::<u32>() {
            _ if text == "off" => Ok(Self::Off),
            Ok(limit) if limit > 0 => Ok(Self::PerMinute(limit)),
            _ => Err(Error::new(format!(
                "the rate limit `{text}` is neither `off` nor a number of requests above 0"
            ))),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::PerMinute(limit) => limit.fmt(f),
        }
    }
}

/// What nobody outside the service knows of it: each a choice with the least surprising default.
///
/// ```
/// use apivideo_simulator::{Behaviour, PastTheEnd};
///
/// let mut behaviour = Behaviour::default();
/// behaviour.past_the_end = PastTheEnd::NotFound;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Behaviour {
    /// The reply to a page after the last one. Default: an empty list.
    pub past_the_end: PastTheEnd,
    /// `pagesTotal` of a list without items. Default: 1.
    pub empty_pages_total: u32,
    /// The reply to a page number or size out of bounds. Default: a 400.
    pub invalid_paging: Invalid,
    /// The reply to a period that can't be read. Default: a 400. A missing period is always one.
    pub invalid_period: Invalid,
    /// The reply to a filter that is not written as it should be, such as `metadata=green` or `filterBy[country=FR`:
    /// a mistake of the client that would otherwise pass as no filter at all. Default: a 400.
    pub malformed_filters: Invalid,
    /// Which time of a session the period selects by. Default: `loadedAt`.
    pub period_selects: PeriodSelects,
    /// `endedAt` of a session that still runs. Default: its last heartbeat.
    pub running_session: RunningSession,
    /// Whether sessions of live streams have metadata and can be filtered by it. Default: no, as in the last official
    /// document, whose client refuses a session that has it; a filter by metadata gets a 400.
    /// [`FaultScript::live_stream_metadata`](crate::FaultScript::live_stream_metadata) turns it on as well.
    pub live_stream_metadata: bool,
    /// The status for a key that is not let in at `/auth/api-key`: 400 by the published document, 401 by the
    /// service's table of errors. Default: 400.
    pub refused_key_status: u16,
    /// How far back `from` may lie in the aggregates, in days. Default: 30; `None` for no bound.
    pub data_retention_days: Option<u32>,
    /// Whether good replies are compressed for those who ask for it by `Accept-Encoding: gzip`. Default: no. What a fault
    /// script spoils never is.
    pub compression: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            past_the_end: PastTheEnd::Empty,
            empty_pages_total: 1,
            invalid_paging: Invalid::Refuse,
            invalid_period: Invalid::Refuse,
            malformed_filters: Invalid::Refuse,
            period_selects: PeriodSelects::LoadedAt,
            running_session: RunningSession::LastHeartbeat,
            live_stream_metadata: false,
            refused_key_status: 400,
            data_retention_days: Some(30),
            compression: false,
        }
    }
}

/// The reply to a page after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastTheEnd {
    /// 200 with no items.
    Empty,
    /// 404.
    NotFound,
}

/// The reply to a parameter that is out of bounds or can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// 400 with a problem that names the parameter.
    Refuse,
    /// The nearest allowed value; a period that can't be read selects nothing, and a filter that can't be read
    /// everything.
    Tolerate,
}

/// Which time of a session the period selects by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodSelects {
    /// The sessions that were loaded in the period.
    LoadedAt,
    /// The sessions that ended in the period.
    EndedAt,
}

/// What `endedAt` says of a session that still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunningSession {
    /// The last heartbeat so far.
    LastHeartbeat,
    /// The field is absent.
    Absent,
}

/// Which years' replies the raw statistics resemble.
///
/// ```
/// assert_eq!("2018".parse::<apivideo_simulator::Vintage>()?, apivideo_simulator::Vintage::Y2018);
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Vintage {
    /// Dates with a space, milliseconds and `+00`; `metadatas`; events `player_session_vod.…`; `"unknown"` for
    /// everything that is not known.
    Y2018,
    /// Dates with milliseconds and `+00`; `metadata`; events by their short names; `"unknown"` throughout.
    Y2020,
    /// Dates to the second with `+00:00`; referrers that are not known are `null`.
    #[default]
    Y2023,
}

impl FromStr for Vintage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "2018" => Ok(Self::Y2018),
            "2020" => Ok(Self::Y2020),
            "2023" => Ok(Self::Y2023),
            _ => Err(Error::new(format!(
                "the vintage `{text}` is none of 2018, 2020, 2023"
            ))),
        }
    }
}

/// A key that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limits_read_and_print() {
        for text in ["off", "1", "500"] {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "Off", "5.0"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_vintage_lists_the_known_ones() {
        let error = "2019".parse::<Vintage>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the vintage `2019` is none of 2018, 2020, 2023"
        );
    }

    #[test]
    fn a_secret_hides() {
        assert_eq!(format!("{:?}", Secret("abc".into())), "[hidden]");
    }
}
