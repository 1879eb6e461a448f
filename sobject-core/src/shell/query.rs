//! Typed queries: conditions, orders and selections made of handles, over the engine of the language.
//!
//! A typed query is a tree of `sobject-soql` without places, bound and planned like one that was a text.
//! What the language forbids does not compile, as far as types can tell. **Invariant:** rows are read in
//! place, so no value goes through JSON.
//!
//! | file | what |
//! |---|---|
//! | `way` | how a handle leads from the object over references to its field |
//! | `traits` | which types of fields may stand where |
//! | `filter` | conditions |
//! | `literal` | values of fields as literals of the language |
//! | `order` | orders |
//! | `group` | groups and totals |
//! | `select` | what of a row is read, and how |
//! | `builder` | [`Query`] |
//! | `rows` | rows one after another, and in pages |
//! | `doors` | `query` of connections, sessions and transactions |

mod builder;
mod doors;
mod filter;
mod group;
mod literal;
mod order;
mod rows;
mod select;
mod traits;
mod way;

pub use self::{
    builder::{Asked, Query},
    filter::Filter,
    group::{Grouped, GroupedQuery, Having, Keys, Total, Totals, count_rows},
    order::Order,
    rows::{Pages, Stream},
    select::{Columns, GoesInto, Parent, Queried, RowOf, Selection, Whole, mapped},
    traits::{HasDays, HasNumber, HasOrder, HasPattern, HasRange, HasValues, Selectable},
    way::{LeadsTo, Own, Through, Way},
};
