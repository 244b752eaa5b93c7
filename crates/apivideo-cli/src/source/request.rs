//! What is read from a source.

use std::num::NonZeroUsize;

use apivideo::AssetId;
use apivideo_insights::Audience;

use crate::args::ResolvedPeriod;

/// Which sessions to read, and into which audience.
pub(crate) struct Request<'a> {
    pub(crate) assets: &'a [AssetId],
    /// Required by the service. A lake is read completely without it.
    pub(crate) period: Option<&'a ResolvedPeriod>,
    /// The number of concurrent requests.
    pub(crate) concurrency: Option<NonZeroUsize>,
    /// An audience with settings, but without the period.
    pub(crate) settings: Audience,
}
