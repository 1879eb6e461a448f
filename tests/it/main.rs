//! One binary for all tests through the public interface.

mod derive;
mod ui;
