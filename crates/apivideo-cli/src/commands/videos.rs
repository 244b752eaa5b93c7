//! `apivideo videos`.

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
    let list = arguments.list(&connection.client);
    list::run(context, &schema, list, &arguments.list).await
}
