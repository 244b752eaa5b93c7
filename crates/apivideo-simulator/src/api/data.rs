use crate::http::problem::Problem;
use crate::http::service::{Call, Service};

pub(crate) fn answer(_service: &Service, _call: Call<'_>) -> Result<Vec<u8>, Problem> {
    Err(Problem::unrecognized_url())
}
