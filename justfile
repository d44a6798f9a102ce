# `just --list` is the door; `just ci` is exactly what CI runs.

# Everything that CI checks
ci:
    .ci/run

# All tests
test *arguments:
    cargo test {{arguments}}

# Format and lint
lint:
    cargo fmt
    cargo clippy --all-targets -- -D warnings

# The documentation of the code, warnings as errors
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# The build without a network, and the proof that it holds no HTTP client
offline:
    cargo build --no-default-features --features serve
    cargo tree -e normal --no-default-features --features serve

# Benchmarks
bench *arguments:
    cargo bench {{arguments}}

# Advisories, licences, banned crates and sources (needs cargo-deny)
deny:
    cargo deny check

# The labelled sets, where they stand beside the project
score set="dev" *arguments:
    cargo build --release
    python3 ../shared/eval/score.py ../shared/eval/{{set}} {{arguments}}
