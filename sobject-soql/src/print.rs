//! The tree as text.
//!
//! **Invariant:** what is printed of a tree that text can say parses back to an equal tree, in the
//! dialect that has its clauses. A tree that no text can say (a list without items, a name that is
//! none) is printed as well as it can be.

mod expr;
mod literal;
mod query;
mod search;
mod select;

use std::fmt::{self, Display, Formatter};

/// Prints items with a comma between each two.
fn list<T: Display>(f: &mut Formatter<'_>, items: impl IntoIterator<Item = T>) -> fmt::Result {
    separated(f, ", ", items)
}

/// Prints items with something between each two.
fn separated<T: Display>(
    f: &mut Formatter<'_>,
    separator: &str,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
