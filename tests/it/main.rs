//! One binary for all tests through the public interface.

mod create;
mod derive;
mod desk;
mod ui;
