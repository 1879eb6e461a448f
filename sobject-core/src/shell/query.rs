//! Typed queries: conditions, orders and selections made of handles, over the engine of the language.
//!
//! A typed query is a tree of `sobject-soql` without places, bound and planned like one that was a text.
//! What the language forbids does not compile, as far as types can tell. **Invariant:** rows are read in
//! place, so no value goes through JSON.
//!
//! | file | what |
//! |---|---|
//! | `way` | how a handle leads from the object over references to its field |
//! | `named` | the object `Name`, as which parents are read that may be of several objects |
//! | `traits` | which types of fields may stand where |
//! | `filter` | conditions, semi-joins among them |
//! | `date_part` | parts of dates, to group and to filter by |
//! | `literal` | values of fields as literals of the language |
//! | `order` | orders |
//! | `group` | groups, subtotals, and totals of their rows |
//! | `parts` | the clauses of a query, and what it is run on |
//! | `select` | what of a row is read, and how: parents, children, texts for people |
//! | `builder` | [`Query`] |
//! | `by_id` | `get`, `retrieve` and `find` of what a query selects |
//! | `rows` | rows one after another, and in pages |
//! | `find_text` | what the records of a query have in their texts |
//! | `batches` | rows in parts, with a locator between them |
//! | `doors` | `query` of connections, sessions and transactions |

mod batches;
mod builder;
mod by_id;
mod date_part;
mod doors;
mod filter;
mod find_text;
mod group;
mod literal;
mod named;
mod order;
mod parts;
mod rows;
mod select;
mod traits;
mod way;

pub use self::{
    batches::Batch,
    builder::Query,
    date_part::{DatePart, PartValue},
    filter::{Condition, Filter, SameIds, SemiJoin, Values},
    find_text::{FindText, SearchText},
    group::{
        Grouped, GroupedQuery, Having, Keys, Subtotal, SubtotalKeys, Total, Totals, count_rows,
    },
    named::{Name, NameField, NameFields},
    order::{OfGroups, OfRows, Order},
    parts::Asked,
    rows::{Pages, Stream},
    select::{
        Children, Columns, Formatted, GoesInto, IntoChildren, Label, ListOf, Parent, Queried,
        RowOf, Selection, Whole, WithoutChildren, children_of, mapped,
    },
    traits::{
        HasDays, HasFormat, HasLabels, HasMoments, HasNumber, HasOrder, HasPattern, HasRange,
        HasValues, Selectable,
    },
    way::{LeadsTo, Own, Reached, Through, Way},
};
