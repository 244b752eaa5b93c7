//! The interface of all output formats.

use std::io;

use crate::format::Layout;

/// Writes items of a list one by one. The output of an incomplete list differs from that of a complete one where the format
/// allows it.
pub(crate) trait Sink<T> {
    /// Writes the next item, possibly to a buffer.
    fn write(&mut self, item: &T) -> io::Result<()>;

    /// Flushes all buffered items: the next item may be delayed or never come.
    fn flush(&mut self) -> io::Result<()>;

    /// Returns the columns of a table, which a later run needs to resume; `None` for other formats.
    fn layout(&self) -> Option<Layout> {
        None
    }

    /// Completes the output. Returns a note for the user, if any.
    fn finish(&mut self) -> io::Result<Option<String>>;
}
