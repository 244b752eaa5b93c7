//! Set-up for examples in documentation.
//!
//! The macro [`doctest!`](crate::doctest!) hides a runtime, a simulator and a client of the crate `apivideo` behind two hidden
//! lines of an example, so that the example is compiled and run:
//!
//! ````
//! /// ```
//! /// # apivideo_simulator::doctest! { |client|
//! /// let total = client.videos().total().await?;
//! /// println!("{total} videos");
//! /// # }
//! /// ```
//! # struct Documented;
//! ````

use std::error::Error as StdError;
use std::future::Future;

use crate::{Error, Simulator};

/// Runs an example against a simulator, on a runtime of its own.
///
/// Most examples use the macro [`doctest!`](crate::doctest!), which also creates the client. Call this function for an example
/// that shows how the client is built:
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # apivideo_simulator::doctest::run(Simulator::builder().start(), async |simulator| {
/// let url = simulator.base_url();
/// assert!(url.starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # });
/// ```
///
/// # Panics
///
/// Panics if the simulator does not start or the example returns an error, so that the doctest fails.
pub fn run(
    simulator: impl Future<Output = Result<Simulator, Error>>,
    example: impl AsyncFnOnce(Simulator) -> Result<(), Box<dyn StdError>>,
) {
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Box::from)
        .and_then(|runtime| runtime.block_on(async { example(simulator.await?).await }));
    if let Err(error) = outcome {
        panic!("the example failed: {error}");
    }
}

/// Runs the body of an example with a client that is connected to a simulator.
///
/// The body can use `.await`, and `?` with any error. The simulator has 500 sessions, unless another builder is given. The client is an `apivideo::Client`, so the crate of the example has to
/// depend on `apivideo`; this crate does not. A second name gives access to the [`Simulator`]. [`Simulator`],
/// [`FaultScript`](crate::FaultScript) and [`Rule`](crate::Rule) are in scope.
///
/// ```ignore (needs the crate apivideo, which this crate does not depend on)
/// apivideo_simulator::doctest! { |client|
///     assert!(client.videos().total().await? > 0);
/// }
/// apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client, simulator|
///     client.videos().total().await?;
///     assert!(!simulator.requests().is_empty());
/// }
/// ```
///
/// # Panics
///
/// Panics if the simulator does not start, the client cannot be built, or the body returns an error.
#[macro_export]
macro_rules! doctest {
    (|$client:ident $(, $simulator:ident)?| $($body:tt)*) => {
        $crate::doctest! { $crate::Simulator::builder().sessions(500) => |$client $(, $simulator)?| $($body)* }
    };
    ($builder:expr => |$client:ident $(, $simulator:ident)?| $($body:tt)*) => {{
        #[allow(unused_imports, reason = "names for the builder expression")]
        use $crate::{FaultScript, Rule, Simulator};
        $crate::doctest::run($builder.start(), async |running: Simulator| {
            let $client = ::apivideo::Client::builder()
                .api_key("key")
                .base_url(running.base_url())
                .build()?;
            $(let $simulator = &running;)?
            { $($body)* }
            Ok(())
        });
    }};
}
