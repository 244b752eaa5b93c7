//! `apivideo videos`.

use apivideo::query::SortOrder;

use super::list;
use crate::args::Videos;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema;

pub(crate) async fn run(context: &Context<'_>, arguments: &Videos) -> Result<Exit, Failure> {
    let schema = schema::videos();
    if list::print_field_names(context, &schema)? {
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
    if let Some(sort) = arguments.sort.clone() {
        list = list.sort_by(sort, arguments.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &schema, list, &arguments.list).await
}
