//! Tests of the crate through its public interface, in one binary.

mod errors;
mod generate;
mod hostile;
mod roundtrip;
mod tree;
mod verdicts;
