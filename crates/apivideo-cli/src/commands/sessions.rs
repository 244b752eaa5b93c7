//! Sessions of videos and live streams.

use super::list;
use crate::args::Sessions;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::SESSIONS;

pub(crate) async fn run(context: &Context<'_>, sessions: &Sessions) -> Result<Exit, Failure> {
    if list::shows_fields(context, &SESSIONS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    if let [id] = sessions.videos()?.as_slice() {
        let mut list = client.video(id.clone()).sessions(sessions.period);
        for (key, value) in &sessions.metadata {
            list = list.metadata(key, value);
        }
        return list::run(context, &SESSIONS, list, &sessions.range).await;
    }
    if let [id] = sessions.live_streams()?.as_slice() {
        let list = client.live_stream(id.clone()).sessions(sessions.period);
        return list::run(context, &SESSIONS, list, &sessions.range).await;
    }
    Err(Failure::usage("several assets can't be read at once yet"))
}
