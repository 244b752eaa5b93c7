//! See `apivideo-bench --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    apivideo_bench::cli::run(std::env::args_os())
}
