//! Decides which failures can be retried. The retry policy decides when and how often.

use super::{Error, ErrorKind};

impl Error {
    /// Returns whether the same request can succeed later: after connection failures, timeouts and the statuses 408, 429, 500,
    /// 502, 503, 504 and 520 to 524.
    ///
    /// The client has already retried it as the retry policy allows.
    ///
    /// ```
    /// # use apivideo_simulator::{FaultScript, Rule, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let faults = FaultScript::new().rule(Rule::new().path("/videos").status(503));
    /// # let simulator = Simulator::builder().faults(faults).start().await?;
    /// # let builder = apivideo::Client::builder().api_key("key").base_url(simulator.base_url());
    /// # let client = builder.with_retry_policy(apivideo::retry::RetryPolicy::none()).build()?;
    /// let error = client.videos().total().await.unwrap_err();
    /// assert!(error.is_retryable(), "the status is 503");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::RateLimited => true,
            ErrorKind::Events | ErrorKind::Incomplete => {
                self.cause().is_some_and(Error::is_retryable)
            }
            _ => self
                .0
                .status
                .is_some_and(|status| matches!(status.as_u16(), 408 | 500 | 502..=504 | 520..=524)),
        }
    }
}
