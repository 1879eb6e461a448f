//! The file of a store: opening it, changing its objects, building its indexes, and proving it
//! consistent.

mod build;
mod entries;
mod migrate;
mod open;
mod verify;

pub use self::verify::Verified;
pub(crate) use self::{
    build::BUILD_STEP,
    open::{Opened, Settings, check, open},
    verify::verify,
};
