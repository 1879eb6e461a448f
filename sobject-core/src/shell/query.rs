//! Typed queries: conditions, orders and selections made of handles, over the engine of the language.
//!
//! A typed query is a tree of `sobject-soql` without places, bound and planned like one that was a text.
//! What the language forbids does not compile, as far as types can tell. **Invariant:** rows are read in
//! place, so no value goes through JSON.
//!
//! | file | what |
//! |---|---|
//! | `way` | how a handle leads from the object over references to its field; the object `Name` |
//! | `traits` | which types of fields may stand where |
//! | `filter` | conditions, semi-joins among them |
//! | `date_part` | parts of dates, to group and to filter by |
//! | `literal` | values of fields as literals of the language |
//! | `order` | orders |
//! | `group` | groups, subtotals, and totals of their rows |
//! | `parts` | the clauses of a query, and what it is run on |
//! | `select` | what of a row is read, and how: parents, children, texts for people |
//! | `builder` | [`Query`] |
//! | `rows` | rows one after another, in pages, in batches with a locator between them, and by id |
//! | `find_text` | what the records of a query have in their texts |
//! | `doors` | `query` of connections, sessions and transactions |

mod builder;
mod date_part;
mod doors;
mod filter;
mod find_text;
mod group;
mod literal;
mod order;
mod parts;
mod rows;
mod select;
mod traits;
mod way;

pub use self::{
    builder::Query,
    date_part::{DatePart, PartValue},
    filter::{Condition, Filter, SameIds, SemiJoin, Values},
    find_text::{FindText, SearchText},
    group::{
        Grouped, GroupedQuery, Having, Keys, Subtotal, SubtotalKeys, Total, Totals, count_rows,
    },
    order::{OfGroups, OfRows, Order},
    parts::Asked,
    rows::{Batch, Pages, Stream},
    select::{
        Children, Columns, Formatted, GoesInto, Label, ListOf, Names, Parent, PartOf, Queried,
        RowOf, Selection, Whole, WithoutChildren, below, mapped,
    },
    traits::{
        HasDays, HasFormat, HasLabels, HasMoments, HasNumber, HasOrder, HasPattern, HasRange,
        HasValues, Selectable,
    },
    way::{LeadsTo, Name, NameField, NameFields, Own, Reached, Through, Way},
};
