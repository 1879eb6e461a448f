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
//! | `totals` | totals of the rows of a group |
//! | `group` | groups |
//! | `parts` | the clauses of a query, and what it is run on |
//! | `select` | what of a row is read, and how |
//! | `builder` | [`Query`] |
//! | `rows` | rows one after another, and in pages |
//! | `find_text` | what the records of a query have in their texts |
//! | `doors` | `query` of connections, sessions and transactions |

mod builder;
mod doors;
mod filter;
mod find_text;
mod group;
mod literal;
mod order;
mod parts;
mod rows;
mod select;
mod totals;
mod traits;
mod way;

pub use self::{
    builder::Query,
    filter::Filter,
    find_text::{FindText, SearchText},
    group::{Grouped, GroupedQuery, Keys, Totals},
    order::Order,
    parts::Asked,
    rows::{Pages, Stream},
    select::{Columns, GoesInto, Parent, Queried, RowOf, Selection, Whole, mapped},
    totals::{Having, Total, count_rows},
    traits::{HasDays, HasNumber, HasOrder, HasPattern, HasRange, HasValues, Selectable},
    way::{LeadsTo, Own, Through, Way},
};
