//! The maintainers' tool: see `cargo xtask --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let status = xtask::run(
        std::env::args_os(),
        &mut std::io::stdout().lock(),
        &mut std::io::stderr().lock(),
    );
    ExitCode::from(status)
}
