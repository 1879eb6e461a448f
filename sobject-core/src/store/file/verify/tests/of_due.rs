//! Damage to what waits for a time of the recycle bin.

use super::shop::{Case, DELETED, Damage, ONE};
use crate::store::keep::{Due, EMPTIED, IN_BIN};

/// The entry of the deleted record, which was deleted at this time more.
fn due(it: &Damage<'_>, more: i64) -> Due {
    Due { at: it.stamp() + more, object: it.object("Note__c").number, id: it.pack(DELETED) }
}

pub(super) const OF_DUE: &[Case] = &[
    (
        "a deleted record that waits for no time",
        |it| {
            let key = due(it, 0).key();
            it.remove(IN_BIN, &key);
        },
        &["what waits in the recycle bin: 0 are noted, but there are 1"],
    ),
    (
        "a deleted record that waits for another time",
        |it| {
            let (key, other) = (due(it, 0).key(), due(it, 1).key());
            it.remove(IN_BIN, &key);
            it.insert(IN_BIN, &other, &[]);
        },
        &[
            "what waits in the recycle bin: a0Nxx0000000003EAA does not wait for the time that is said",
        ],
    ),
    (
        "a deleted record that is said to be emptied too",
        |it| {
            let key = due(it, 0).key();
            it.insert(EMPTIED, &key, &[]);
        },
        &[
            "what was emptied from the recycle bin: 1 are noted, but there are 0",
            "what was emptied from the recycle bin: a0Nxx0000000003EAA does not wait for the time that \
             is said",
        ],
    ),
    (
        "a live record that waits in the bin",
        |it| {
            let key = Due { id: it.pack(ONE), ..due(it, 0) }.key();
            it.insert(IN_BIN, &key, &[]);
        },
        &[
            "what waits in the recycle bin: 2 are noted, but there are 1",
            "what waits in the recycle bin: a0Nxx0000000001EAA does not wait for the time that is said",
        ],
    ),
    (
        "what waits and is no record",
        |it| it.insert(IN_BIN, &[1, 2, 3], &[]),
        &[
            "what waits in the recycle bin at 010203: it is no record",
            "what waits in the recycle bin: 2 are noted, but there are 1",
        ],
    ),
];
