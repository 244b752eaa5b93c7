//! Reading a list to its end, and writing each item as it comes.

use std::future::poll_fn;
use std::io::{self, BufWriter};
use std::task::Poll;

use apivideo::{List, Listing};
use futures_util::StreamExt;

use crate::args::Options;
use crate::failure::{Failure, say};
use crate::output::{self, Record};

/// Enough for a page of sessions, so that a page is written at once.
const BUFFER: usize = 64 * 1024;

/// Writes all items of the list to stdout.
pub(crate) async fn run<Q>(list: List<Q>, options: &Options) -> Result<(), Failure>
where
    Q: Listing<Item: Record>,
{
    let page_size = options.page_size.unwrap_or_default();
    let stdout = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut sink = output::sink::<Q::Item>(options.output, page_size, Box::new(stdout));
    let mut items = list.page_size(page_size).stream();
    loop {
        // Whoever reads along has everything while we wait for more.
        let polled = poll_fn(|cx| match items.poll_next_unpin(cx) {
            Poll::Ready(item) => Poll::Ready(Ok(item)),
            Poll::Pending => match sink.pause() {
                Ok(()) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            },
        });
        match polled.await.map_err(Failure::output)? {
            Some(Ok(item)) => sink.item(&item).map_err(Failure::output)?,
            Some(Err(error)) => {
                // What came before is out, and the error has the last word even where it can't be.
                let _ = sink.pause();
                return Err(error.into());
            }
            None => break,
        }
    }
    if let Some(remark) = sink.finish().map_err(Failure::output)? {
        say(&format!("{remark}\n"));
    }
    Ok(())
}
