//! Prevents implementations of the extension traits outside of this crate.

use crate::operations::{
    GetMetricWhen, ListBucketsWhen, ListTimeseriesWhen, ListVideoSessionsWhen, ListVideosWhen,
};

/// A supertrait that other crates cannot name.
pub trait Sealed {}

impl Sealed for httpmock::MockServer {}
impl Sealed for GetMetricWhen {}
impl Sealed for ListBucketsWhen {}
impl Sealed for ListTimeseriesWhen {}
impl Sealed for ListVideoSessionsWhen {}
impl Sealed for ListVideosWhen {}
