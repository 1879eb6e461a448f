//! Mistakes in annotations: what the compiler says to the person who made them.
//!
//! The cases are `<kind of mistake>/*.rs` beside this file, each with the compiler's answer beside
//! it. `cargo bless` writes the answers anew; read them as that person before committing them.
//! Programs that are right are in `pass`, each a test target of its own, so that Cargo compiles and
//! runs them with the dependencies that it has built for the other tests.
//!
//! **Invariant:** this package depends on little. trybuild checks a second copy of all that it
//! depends on, and nothing else.

use std::{fs, path::Path};

/// The folder of the programs that are right.
const PASS: &str = "pass";

#[test]
#[cfg_attr(not(known_compiler), ignore = "the answers are those of another compiler: see build.rs")]
fn mistakes_are_answered_in_words() {
    let mut classes = names_in("");
    classes.retain(|name| name != PASS && !name.contains('.'));
    assert!(!classes.is_empty(), "there are cases");
    let cases = trybuild::TestCases::new();
    for class in classes {
        cases.compile_fail(format!("{class}/*.rs"));
    }
}

#[test]
fn each_program_that_is_right_is_a_test_target() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("the manifest is there");
    for program in names_in(PASS) {
        let target = format!("path = \"{PASS}/{program}\"");
        assert!(manifest.contains(&target), "Cargo.toml has no target with {target}");
    }
}

/// The names of what is in a folder of this package.
fn names_in(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort_unstable();
    names
}
