//! Tests of the crate through its public interface, in one binary.

mod errors;
mod generate;
mod hostile;
mod roundtrip;
mod search;
mod tree;
mod verdicts;
