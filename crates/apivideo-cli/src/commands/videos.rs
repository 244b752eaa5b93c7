//! `apivideo videos`.

use apivideo::SortOrder;

use super::list;
use crate::args::Videos;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::VIDEOS;

pub(crate) async fn run(context: &Context<'_>, arguments: &Videos) -> Result<Exit, Failure> {
    if list::print_field_names(context, &VIDEOS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let mut list = connection.client.videos();
    if let Some(title) = &arguments.title {
        list = list.title(title);
    }
    for tag in &arguments.tag {
        list = list.tag(tag);
    }
    for (key, value) in &arguments.metadata {
        list = list.metadata(key, value);
    }
    if let Some(sort) = arguments.sort {
        list = list.sort_by(sort, arguments.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &VIDEOS, list, &arguments.list).await
}
