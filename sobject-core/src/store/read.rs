//! Reading one state of a store: records by id, by index and in order, and what objects are.
//!
//! **Invariant:** a reader writes nothing, and sees one state throughout.

mod derived;
mod describe;
mod locate;
mod reader;
mod record;
mod resume;
mod session;
mod walk;

pub(crate) use self::{
    describe::{describe, describe_global, describe_sobjects},
    locate::{Leads, Place, place_of},
    reader::{Looks, Reader},
    session::Session,
    walk::{Path, Step, Stepped},
};
pub use self::{
    record::{FieldReader, RowReader},
    resume::{Page, ResumeKey},
};
