//! The `trialmatch` binary.

fn main() -> std::process::ExitCode {
    trialmatch::cli::run()
}
