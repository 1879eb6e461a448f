//! Floor 4, the language: queries, from their text or tree to rows.
//!
//! `sobject-soql` reads the text. [`bind`] resolves its names for a caller and gives a level,
//! [`run`] runs that on one state of the store. A query is bound once and can be run again on another
//! state.
//!
//! | room | what |
//! |---|---|
//! | `query` | from a text to its rows: what the shell calls |
//! | `run` | hits, groups and rows of a bound query |
//! | `bind` | from a query as written to a bound one |
//! | `bound` | the bound query |
//! | `calendar`, `text`, `format` | dates, texts and what people read |
//! | `refusal` | why a query is refused, and where |

mod bind;
mod bound;
mod calendar;
mod format;
mod query;
mod refusal;
mod run;
mod text;

pub(crate) use self::{
    bind::{Binds, Given},
    calendar::Customs,
    query::{Answered, Terms},
};
