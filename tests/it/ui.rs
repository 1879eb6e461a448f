//! Mistakes in annotations: what the compiler says to the person who made them.
//!
//! The cases are `tests/ui/<kind of mistake>/*.rs`, each with the compiler's answer beside it.
//! `TRYBUILD=overwrite cargo test -p sobject-tests ui` writes the answers anew; read them as that
//! person before committing them.

use std::process::Command;

/// The compiler whose answers are committed: another one words them differently.
const RUSTC: &str = "rustc 1.95.";

#[test]
fn mistakes_are_answered_in_words() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.starts_with(RUSTC) {
        println!("skipped: the answers are those of {RUSTC}x, and this is {}", version.trim());
        return;
    }
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}
