//! Reading a list to its end, and writing each item as it comes.

use std::future::poll_fn;
use std::io::{self, BufWriter};
use std::task::Poll;

use apivideo::{List, Listing};
use futures_util::StreamExt;

use crate::args::Options;
use crate::failure::{Failure, say, tell};
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
    let mut unread = 0_u64;
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
                // What came before is out, and the error is told even where it can't be.
                let _ = sink.pause();
                if error.is_terminal() {
                    return Err(error.into());
                }
                tell(&error);
                unread += 1;
            }
            None => break,
        }
    }
    if unread > 0 {
        sink.pause().map_err(Failure::output)?;
        let (one, several) = Q::Item::NOUN;
        let noun = if unread == 1 { one } else { several };
        return Err(Failure::failed(format!(
            "{unread} {noun} could not be read; all others are printed"
        )));
    }
    if let Some(remark) = sink.finish().map_err(Failure::output)? {
        say(&format!("{remark}\n"));
    }
    Ok(())
}
