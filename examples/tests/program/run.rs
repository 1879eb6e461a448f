//! A program of the examples as it is run, and what it prints.

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// The folder of a small org.
pub(crate) const ORG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/soql_org");

/// The program, which is built with the tests of its package.
fn path_of(name: &str) -> PathBuf {
    let test = env::current_exe().expect("this test has a path");
    let target = test.parent().and_then(Path::parent).expect("it is in target/debug/deps");
    let program = target.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(program.exists(), "there is no {}", program.display());
    program
}

/// Runs a program with this input, to its end.
pub(crate) fn run(name: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(path_of(name))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("there is an input");
    stdin.write_all(input.as_bytes()).expect("the program reads its input");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// What was printed.
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it is UTF-8")
}
