//! Floor 6, the language: queries, from their text or tree to rows.
//!
//! `sobject-soql` reads the text. [`bind`] resolves its names for a caller and gives a level, [`plan`]
//! chooses how its records are found, and [`run`] runs that on one state of the store.
//!
//! | room | what |
//! |---|---|
//! | `query` | from a text to its rows: what the shell calls |
//! | `search` | from a search to its records |
//! | `run` | hits, groups and rows of a bound query |
//! | `plan` | by which path the records are found |
//! | `bind` | from a query as written to a bound one |
//! | `bound` | the bound query |
//! | `calendar`, `text` | dates and texts |
//! | `refusal` | why a query is refused, and where |

#![expect(
    clippy::unnecessary_box_returns,
    reason = "what refuses a query gives the error as everyone passes it on: a box, being large"
)]

mod bind;
mod bound;
mod calendar;
mod plan;
mod query;
mod refusal;
mod run;
mod search;
mod text;

pub(crate) use self::{
    bind::{Binds, Given},
    calendar::Customs,
    plan::{Choice, ToldPlan},
    query::{
        Answered, Batches, Explained, Place, Planned, Prepared, Repeated, Selecting, Terms,
        run_search,
    },
    run::RowView,
    search::{SearchedText, TextSearch},
};
