//! The command `apivideo`.
fn main() {}
