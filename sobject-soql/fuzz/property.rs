//! What holds of every text. The fuzz target and the bounded run in the tests try the same.

use sobject_soql::{Dialect, Error, Query, Search};

/// How often a text was read, and how often refused.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) read: usize,
    pub(crate) refused: usize,
}

/// Reads a text as a query and as a search in each dialect: it is refused at a place that is in it,
/// or what is read prints what parses back to it.
///
/// # Panics
///
/// If that is not so.
pub(crate) fn holds(text: &str) -> Count {
    let mut count = Count::default();
    for dialect in [Dialect::Rest, Dialect::Rust] {
        match Query::parse(text, dialect) {
            Err(error) => refused(text, &error, &mut count),
            Ok(query) => {
                count.read += 1;
                let printed = query.to_string();
                // Printed, it may be longer than a text may be.
                if printed.len() <= 100_000 {
                    assert_eq!(Query::parse(&printed, dialect).as_ref(), Ok(&query), "{text:?}");
                }
            }
        }
        match Search::parse(text, dialect) {
            Err(error) => refused(text, &error, &mut count),
            Ok(search) => {
                count.read += 1;
                let printed = search.to_string();
                if printed.len() <= 100_000 {
                    assert_eq!(Search::parse(&printed, dialect).as_ref(), Ok(&search), "{text:?}");
                }
            }
        }
    }
    count
}

fn refused(text: &str, error: &Error, count: &mut Count) {
    count.refused += 1;
    assert!(error.span().of(text).is_some(), "{text:?}: {error:?}");
    assert!(!error.text().is_empty() && error.message().len() < 2_000, "{text:?}: {error:?}");
}
