//! What changed: in a window of time, or behind a token.
//!
//! | file | what |
//! |---|---|
//! | `window` | getUpdated and getDeleted: the records of an object by their stamps |
//! | `changes` | the changes of the feed, in the order of their commits |

mod changes;
mod window;

pub use self::changes::{Change, ChangeKind, ChangePage, ChangeToken};
pub(crate) use self::window::{Changed, Covered, reach};
