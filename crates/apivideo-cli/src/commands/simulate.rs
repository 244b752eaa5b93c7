//! A simulator for other programs, until Ctrl-C.

use crate::again;
use crate::args::World;
use crate::connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, say};
use crate::output;

/// Runs until Ctrl-C.
pub(crate) async fn run(context: &Context<'_>, port: u16) -> Result<Exit, Failure> {
    let world = &context.options.world;
    let simulator = connection::simulate(world, port).await?;
    let url = simulator.base_url();
    let examples = examples(world, url)?;
    output::print(&format!("{url}\n"))?;
    say(&format!(
        "a simulator of api.video answers there; any API key that is not empty will do\n{examples}  \
         stop it:  Ctrl-C\n"
    ));
    // It was meant to be stopped so.
    context.stop.requested().await;
    Ok(Exit::Done)
}

/// Command lines that this simulator answers with a success, if any is known.
fn examples(world: &World, url: &str) -> Result<String, Failure> {
    let Some(directory) = &world.replay else {
        return Ok(format!(
            "  ask it:   APIVIDEO_API_KEY=any apivideo videos --base-url {url}\n  \
             by curl:  curl --user any: {url}/videos\n"
        ));
    };
    let recording = connection::recording(directory)?;
    let Some((path, query)) = recording.example() else {
        return Ok(String::new());
    };
    let mut ours = vec!["api".to_owned(), "GET".to_owned(), path.to_owned()];
    let mut of_curl = vec!["--user".to_owned(), "any:".to_owned()];
    for (name, value) in query {
        let pair = format!("{name}={value}");
        ours.extend(["--query".to_owned(), pair.clone()]);
        of_curl.extend(["--get".to_owned(), "--data-urlencode".to_owned(), pair]);
    }
    ours.extend(["--base-url".to_owned(), url.to_owned()]);
    of_curl.push(format!("{url}{path}"));
    Ok(format!(
        "  ask it:   APIVIDEO_API_KEY=any {}\n  by curl:  {}\n",
        again::command(&ours),
        again::line("curl", &of_curl)
    ))
}
