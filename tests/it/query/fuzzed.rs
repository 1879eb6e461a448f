//! A bounded run of what the fuzz target of core tries: queries that are made of random bytes.

#[path = "../../../sobject-core/fuzz/property.rs"]
mod property;

use self::property::{Outcome, Shelf, query_of};
use super::world::Dice;

/// Queries that are tried.
const N_QUERIES: usize = 3_000;

#[test]
fn whatever_is_asked_is_answered_as_by_reading_all_records() {
    let shelf = Shelf::new();
    let dice = &mut Dice::new(70);
    let mut n_answered = 0;
    for _ in 0..N_QUERIES {
        let bytes: Vec<_> =
            (0..60).map(|_| u8::try_from(dice.below(256)).expect("a byte")).collect();
        n_answered += usize::from(shelf.holds(&query_of(&bytes)) == Outcome::Answered);
    }
    // Queries that are refused prove little of how others are run.
    assert!(n_answered > N_QUERIES / 10, "{n_answered} of {N_QUERIES}");
    assert!(n_answered < N_QUERIES, "no query was refused");
}
