//! Hostile input: whatever is given as JSON, as text or as a number, is taken or refused with a short
//! message, in little time and without a panic.

mod json;
mod numbers;
mod prefixes;
mod texts;
