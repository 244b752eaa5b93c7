//! `apivideo simulate`: a simulator for other programs.

use crate::args::World;
use crate::command_line;
use crate::connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::stderr::eprint;

/// Runs until Ctrl-C.
pub(crate) async fn run(context: &Context<'_>, port: u16) -> Result<Exit, Failure> {
    let world = &context.options.world;
    let simulator = connection::start_simulator(world, port).await?;
    let url = simulator.base_url();
    let examples = examples(world, url)?;
    output::print(&format!("{url}\n"))?;
    eprint(&format!(
        "the simulator is running and accepts any nonempty API key\n{examples}  \
         stop:  Ctrl-C\n"
    ));
    // Ctrl-C is the regular end, not a failure.
    context.stop.requested().await;
    Ok(Exit::Done)
}

/// Returns command lines that succeed with this simulator, if any are known.
fn examples(world: &World, url: &str) -> Result<String, Failure> {
    let Some(directory) = &world.replay else {
        return Ok(format!(
            "  try:   APIVIDEO_API_KEY=any apivideo videos --base-url {url}\n  \
             curl:  curl --user any: {url}/videos\n"
        ));
    };
    let recording = connection::open_recording(directory)?;
    let Some((path, query)) = recording.example() else {
        return Ok(String::new());
    };
    let mut arguments = vec!["api".to_owned(), "GET".to_owned(), path.to_owned()];
    let mut curl_arguments = vec!["--user".to_owned(), "any:".to_owned()];
    for (name, value) in query {
        let pair = format!("{name}={value}");
        arguments.extend(["--query".to_owned(), pair.clone()]);
        curl_arguments.extend(["--get".to_owned(), "--data-urlencode".to_owned(), pair]);
    }
    arguments.extend(["--base-url".to_owned(), url.to_owned()]);
    curl_arguments.push(format!("{url}{path}"));
    Ok(format!(
        "  try:   APIVIDEO_API_KEY=any {}\n  curl:  {}\n",
        command_line::apivideo(&arguments),
        command_line::shell_line("curl", &curl_arguments)
    ))
}
