//! Queries as text: what they find, how, and what they refuse.
//!
//! The engine is compared with an evaluator that shares no code with it (`naive`), over random records
//! (`world`) and random queries (`ask`): each query is planned, then run by reading all records, then
//! evaluated record by record.

mod ask;
mod checked;
mod differential;
mod fuzzed;
mod naive;
mod org;
mod plans;
mod prepared;
mod rules;
mod typed;
mod world;
