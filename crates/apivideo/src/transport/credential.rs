//! The authorization of one request.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::error::{Error, ErrorKind, Result};

/// The `Authorization` header of a request, and the token that it contains.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(super) header: HeaderValue,
    /// The number of the token, counted from 1; 0 for a key.
    pub(super) generation: u64,
}

impl Credential {
    /// A credential whose header `Debug` does not print.
    pub(super) fn new(header: &str, generation: u64) -> Result<Self> {
        let mut header = HeaderValue::try_from(header).map_err(|_| {
            Error::new(
                ErrorKind::Decode,
                "the token of the service is not a valid header value; contact the service's support",
            )
        })?;
        header.set_sensitive(true);
        Ok(Self { header, generation })
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
