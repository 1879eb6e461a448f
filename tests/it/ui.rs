//! Compile-fail cases: mistakes in attributes, and what the compiler says to the user who made
//! them.
//!
//! The cases are `tests/ui/<kind of mistake>/*.rs`, each with the compiler's output beside it.
//! Those in `tests/ui/pass` have no mistakes, and are compiled and run.
//! `TRYBUILD=overwrite cargo test -p sobject-tests ui` writes the outputs anew. Before you commit
//! them, read them as that user would.

use std::{fs, path::Path, process::Command};

/// The compiler whose output is committed. Another version may word it differently.
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
    let cases = trybuild::TestCases::new();
    for class in classes().iter().filter(|class| *class != PASS) {
        cases.compile_fail(format!("ui/{class}/*.rs"));
    }
}

/// The folder of cases without mistakes.
const PASS: &str = "pass";

#[test]
fn what_is_right_compiles_under_every_lint() {
    trybuild::TestCases::new().pass(format!("ui/{PASS}/*.rs"));
}

/// The folders of cases.
fn classes() -> Vec<String> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let folders = fs::read_dir(ui).expect("there are cases");
    let mut names: Vec<_> = folders
        .map(|folder| folder.expect("a folder").file_name().into_string().expect("a name"))
        .collect();
    names.sort_unstable();
    names
}
