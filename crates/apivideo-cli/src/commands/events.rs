//! `apivideo events`.

use super::list;
use crate::args::Events;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::EVENTS;

pub(crate) async fn run(context: &Context<'_>, arguments: &Events) -> Result<Exit, Failure> {
    if list::print_field_names(context, &EVENTS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let list = connection.client.session(&arguments.session).events();
    list::run(context, &EVENTS, list, &arguments.list).await
}
