//! `apivideo events`.

use super::list;
use crate::args::Events;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema;

pub(crate) async fn run(context: &Context<'_>, arguments: &Events) -> Result<Exit, Failure> {
    let schema = schema::events();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let list = connection
        .client
        .session(arguments.session.clone())
        .events();
    list::run(context, &schema, list, &arguments.list).await
}
