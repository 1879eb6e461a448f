//! Queries that the compiler checks: what `soql!` expands to.
//!
//! The macro sees the text of a query and no type. What it cannot know it leaves to constants that the
//! compiler evaluates: each name of the text becomes a constant whose value is the number of a field,
//! found in the definition of the object, or which fails with a message that shows the place in the
//! text. The number then leads to the field's type by inference, since an object lists the types of its
//! columns as parameters of a trait ([`CheckedColumns`]). So a private type of a public object stays private.
//!
//! | room | what |
//! |---|---|
//! | `columns` | from the number of a field to its type, and over a reference to the next object |
//! | `lookup` | from a name to the number of a field, or to a message |
//! | `message` | messages that are built while the compiler evaluates |
//! | `binds` | what variables of the text may be |
//! | `cells` | rows as Rust values |
//! | `query` | [`CheckedQuery`], and running it |

mod binds;
mod cells;
mod columns;
mod lookup;
mod message;
mod query;

pub use self::{
    binds::{OperandList, RowCount, bind_count, bind_list, bind_value},
    cells::{ColumnValue, RowCells},
    columns::{
        AnyName, CheckedColumns, Column, Known, Nth, Of, PointsTo, column, day, decimal,
        definition, object, parent, part, root, text, whole,
    },
    lookup::{
        LiteralKind, Use, block_of, child_of, field_named, literal, named, place_in, relation,
    },
    query::{CheckedQuery, CheckedRows, RunsSoql, checked},
};
