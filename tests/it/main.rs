//! One binary for all tests through the public interface.

mod batch;
mod crash;
mod create;
mod derive;
mod describe;
mod described;
mod desk;
mod leases;
mod model;
mod open;
mod per_caller;
mod read;
mod refusals;
mod remove;
mod threads;
mod transaction;
mod ui;
mod untyped;
mod update;
