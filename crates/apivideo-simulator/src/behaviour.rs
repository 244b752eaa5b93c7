use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The behaviour of the service where it is undocumented.
///
/// Each field selects one of several possibilities; the defaults are those that clients are most likely to expect.
///
/// ```
/// use apivideo_simulator::{Behaviour, PastTheEnd};
///
/// let mut behaviour = Behaviour::default();
/// behaviour.past_the_end = PastTheEnd::NotFound;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Behaviour {
    /// The response to a page number after the last page. Defaults to an empty page.
    pub past_the_end: PastTheEnd,
    /// The value of `pagesTotal` in a list without items. Defaults to 1.
    pub empty_pages_total: u32,
    /// The response to a page number or page size that is out of bounds. Defaults to a 400.
    pub invalid_pagination: InvalidInput,
    /// The response to an invalid period. Defaults to a 400. A missing period is always a 400.
    pub invalid_period: InvalidInput,
    /// The response to a filter with invalid syntax, such as `metadata=green` or `filterBy[country=FR`. Defaults to a
    /// 400.
    pub malformed_filters: InvalidInput,
    /// The time of a session that the period refers to. Defaults to `loadedAt`.
    pub period_selects: PeriodSelects,
    /// The value of `endedAt` for a session that has not ended. Defaults to its last heartbeat.
    pub running_session: RunningSession,
    /// Whether sessions of live streams have metadata and can be filtered by it. Defaults to `false`, as in the
    /// published OpenAPI document, whose clients reject such sessions; a metadata filter is then a 400.
    ///
    /// Also enabled by [`FaultScript::live_stream_metadata`](crate::FaultScript::live_stream_metadata).
    pub live_stream_metadata: bool,
    /// The status of `/auth/api-key` for an invalid key, 400 to 499. Defaults to 400, as in the published OpenAPI
    /// document; the service's table of errors lists 401.
    pub invalid_key_status: u16,
    /// The maximum age of `from` in aggregates, in days; `None` for no maximum. Defaults to 30.
    pub data_retention_days: Option<u32>,
    /// Whether successful responses are compressed when the request has `Accept-Encoding: gzip`. Defaults to `false`.
    /// Responses changed by a fault script are never compressed.
    pub compression: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            past_the_end: PastTheEnd::default(),
            empty_pages_total: 1,
            invalid_pagination: InvalidInput::default(),
            invalid_period: InvalidInput::default(),
            malformed_filters: InvalidInput::default(),
            period_selects: PeriodSelects::default(),
            running_session: RunningSession::default(),
            live_stream_metadata: false,
            invalid_key_status: 400,
            data_retention_days: Some(30),
            compression: false,
        }
    }
}

/// The response to a page number after the last page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PastTheEnd {
    /// 200 without items.
    #[default]
    Empty,
    /// 404.
    NotFound,
}

/// The response to a parameter that is invalid or out of bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidInput {
    /// 400 with a problem that names the parameter.
    #[default]
    Reject,
    /// The nearest valid value is used. An invalid period selects no sessions, and an invalid filter is ignored.
    Tolerate,
}

/// The time of a session that the period refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PeriodSelects {
    /// Sessions that were loaded in the period.
    #[default]
    LoadedAt,
    /// Sessions that ended in the period.
    EndedAt,
}

/// The value of `endedAt` for a session that has not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunningSession {
    /// The last heartbeat so far.
    #[default]
    LastHeartbeat,
    /// The field is absent.
    Absent,
}

/// The year whose formats the raw statistics use.
///
/// The service has changed its formats over the years; recordings of each are public. Parses from `2018`, `2020` or
/// `2023`.
///
/// ```
/// use apivideo_simulator::ResponseFormat;
///
/// assert_eq!("2018".parse::<ResponseFormat>()?, ResponseFormat::Y2018);
/// assert_eq!(ResponseFormat::default().to_string(), "2023");
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Times such as `2018-09-11 13:04:37.89+00`, the field `metadatas`, event types such as
    /// `player_session_vod.played`, and `"unknown"` for unknown values.
    Y2018,
    /// Times such as `2019-06-24T11:45:01.109+00`, the field `metadata`, event types such as `play`, and `"unknown"`
    /// for unknown values.
    Y2020,
    /// Times such as `2022-01-05T12:52:21+00:00`, and `null` for unknown referrers.
    #[default]
    Y2023,
}

impl FromStr for ResponseFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "2018" => Ok(Self::Y2018),
            "2020" => Ok(Self::Y2020),
            "2023" => Ok(Self::Y2023),
            _ => Err(Error::new(format!(
                "invalid response format {text:?}: must be 2018, 2020 or 2023"
            ))),
        }
    }
}

impl fmt::Display for ResponseFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Y2018 => "2018",
            Self::Y2020 => "2020",
            Self::Y2023 => "2023",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_formats_parse_and_display() {
        for text in ["2018", "2020", "2023"] {
            assert_eq!(text.parse::<ResponseFormat>().unwrap().to_string(), text);
        }
        let error = "2019".parse::<ResponseFormat>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid response format \"2019\": must be 2018, 2020 or 2023"
        );
    }
}
