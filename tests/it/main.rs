//! One binary for all tests through the public interface.

mod batch;
mod crash;
mod create;
mod definitions;
mod derive;
mod describe;
mod described;
mod desk;
mod equal;
mod evolution;
mod fields;
mod leases;
mod model;
mod model_rules;
mod open;
mod per_caller;
mod read;
mod refusals;
mod remove;
mod resume;
mod threads;
mod transaction;
mod types;
mod ui;
mod untyped;
mod update;
