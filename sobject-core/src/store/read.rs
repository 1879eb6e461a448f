//! Reading one state of a store: records by id, by index and in order, what changed, what a caller saw
//! last, and what objects and their pages are.
//!
//! **Invariant:** a reader writes nothing, and sees one state throughout.

mod derived;
mod describe;
mod follow;
mod given;
mod layout;
mod locate;
mod path;
mod reader;
mod recent;
mod record;
mod resume;
mod session;
mod walk;

pub(crate) use self::{
    derived::SERVICES,
    describe::{describe, describe_global, describe_sobjects},
    follow::{Changed, Covered, reach},
    given::{GivenRow, Held},
    layout::{Layouts, describe_layout},
    locate::{Leads, Place, place_of},
    path::{Path, Sought},
    reader::{Looks, Reader},
    session::Session,
    walk::{Step, Stepped},
};
pub use self::{
    follow::{Change, ChangeKind, ChangePage, ChangeToken},
    recent::RecentlyViewed,
    record::{FieldReader, RowReader},
    resume::{Page, ResumeKey},
};
