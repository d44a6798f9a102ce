//! The `trialmatch` binary.

/// Reading allocates many small pieces of text; this allocator is the quicker one for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    trialmatch::cli::run()
}
