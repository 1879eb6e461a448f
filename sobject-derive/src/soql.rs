//! `soql!`: a query whose syntax, names, flags and variables are checked when it is compiled.
//!
//! The macro reads the text by `sobject-soql` and reports what is wrong with it alone. It knows no type
//! and no definition. So each name becomes a constant that core looks up in the definition of the
//! object, and which fails, if there is no such field, with a message that the macro has made the place
//! for; and the type of a field is left to inference by the value of that constant.
//!
//! 1. `input` reads the arguments, and `text` knows where in them a part of the query stands.
//! 2. `scope` follows paths, and writes a constant for each name.
//! 3. `select`, `filter` and `row` read the clauses: what a row has, what is compared with what, and
//!    the struct of the rows.
//! 4. `expand` puts it together.
//!
//! **Invariant:** generated code names only core's `__private`, the types that it makes, and what the
//! user wrote: the objects, by the names in `FROM`, and the variables.

mod expand;
mod filter;
mod input;
mod name;
mod row;
mod scope;
mod select;
mod text;

pub(crate) use self::expand::expand;
