//! The file of a store: opening it, changing its objects, building its indexes, dropping what is not
//! wanted any more, and proving it consistent.

mod build;
mod entries;
mod finish;
mod migrate;
mod open;
mod report;
mod spellings;
mod unique;
mod verify;

pub(crate) use self::{
    build::BUILD_STEP,
    open::MAX_CASCADE,
    open::{Opened, Settings, check, open},
    report::dormant,
    verify::verify,
};
pub use self::{
    report::{Dormant, Dropped},
    verify::Verified,
};
