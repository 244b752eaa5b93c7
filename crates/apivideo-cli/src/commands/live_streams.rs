//! `apivideo live-streams`.

use apivideo::SortOrder;

use super::list;
use crate::args::LiveStreams;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::LIVE_STREAMS;

pub(crate) async fn run(context: &Context<'_>, arguments: &LiveStreams) -> Result<Exit, Failure> {
    if list::print_field_names(context, &LIVE_STREAMS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let mut list = connection.client.live_streams();
    if let Some(name) = &arguments.name {
        list = list.name(name);
    }
    if let Some(sort) = arguments.sort {
        list = list.sort_by(sort, arguments.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &LIVE_STREAMS, list, &arguments.list).await
}
