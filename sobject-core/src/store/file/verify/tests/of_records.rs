//! Damage to records, their indexes and references, and the recycle bin.

use super::shop::{ABSENT, Case, DELETED, FOUR, ONE, PART_ONE, STRANGER, TWO};
use crate::{bytes::Cell, store::keep::Deletion};

/// Damage to records, their indexes and references, and the recycle bin.
pub(super) const OF_RECORDS: &[Case] = &[
    // Records.
    (
        "a row that does not decode",
        |it| it.replace(it.table(ONE).live, &it.pack(ONE).to_be_bytes(), &[0, 9, 9]),
        &[
            "Note__c a0Nxx0000000001EAA: a row does not fit its layout",
            "Note__c a0Nxx0000000001EAA: the index of About__c leads to it, but it cannot be read",
            "Note__c a0Nxx0000000001EAA: the index of Code__c leads to it, but it cannot be read",
            "Note__c a0Nxx0000000001EAA: the index of Name leads to it, but it cannot be read",
            "Note__c a0Nxx0000000001EAA: the index of Size__c leads to it, but it cannot be read",
        ],
    ),
    (
        "null where it must not be",
        |it| it.set(ONE, "Kind__c", Cell::Null),
        &["Note__c a0Nxx0000000001EAA: Kind__c is null, which it must not be"],
    ),
    (
        "a text that is not UTF-8",
        |it| {
            let (table, key) = (it.table(ONE), it.pack(ONE).to_be_bytes());
            let mut row = it.get(table.live, &key);
            // The last text of the row is that of Kind__c.
            *row.last_mut().unwrap() = 0xFF;
            it.replace(table.live, &key, &row);
        },
        &["Note__c a0Nxx0000000001EAA: Kind__c holds what is no value of it"],
    ),
    (
        "a number that is none",
        |it| {
            let nan = Cell::Fixed(f64::NAN.to_bits());
            it.set(ONE, "Ratio__c", nan);
        },
        &["Note__c a0Nxx0000000001EAA: Ratio__c holds what is no value of it"],
    ),
    (
        "a boolean that is neither",
        |it| it.set(ONE, "Flag__c", Cell::Fixed(2)),
        &["Note__c a0Nxx0000000001EAA: Flag__c holds what is no value of it"],
    ),
    (
        "the id of another object",
        |it| {
            let row = it.get(it.table(PART_ONE).live, &it.pack(PART_ONE).to_be_bytes());
            it.remove(it.table(PART_ONE).live, &it.pack(PART_ONE).to_be_bytes());
            let other = it.pack(FOUR).to_be_bytes();
            it.insert(it.table(PART_ONE).live, &other, &row);
        },
        &[
            "Part__c a0Nxx0000000004EAA: the feed has no change of it",
            "Part__c a0Nxx0000000004EAA: the id is another object's",
            "Part__c a0Nxx0000000004EAA: the index of Note__c lacks its entry",
            "Part__c a0Nxx0000000004EAA: the index of Size__c lacks its entry",
            "Part__c a0Pxx0000000001EAA: the feed has changes of it, but it is nowhere",
            "Part__c a0Pxx0000000001EAA: the index of Note__c leads to it, but it is not live",
            "Part__c a0Pxx0000000001EAA: the index of Size__c leads to it, but it is not live",
        ],
    ),
    (
        "an id that the dictionary lacks",
        |it| {
            let row = it.get(it.table(PART_ONE).live, &it.pack(PART_ONE).to_be_bytes());
            it.insert(it.table(PART_ONE).live, &STRANGER.to_be_bytes(), &row);
        },
        &[
            "Part__c the packed id 0x7777000000000001: the feed has no change of it",
            "Part__c, live records at 7777000000000001: the packed id 0x7777000000000001 is not in \
             the dictionary",
        ],
    ),
    // Indexes.
    (
        "an entry that is missing",
        |it| {
            let index = it.index("Note__c", "Size__c");
            it.remove(index.space, &index.key(Cell::Fixed(7), it.pack(ONE)));
        },
        &["Note__c a0Nxx0000000001EAA: the index of Size__c lacks its entry"],
    ),
    (
        "an entry of no record",
        |it| {
            let index = it.index("Note__c", "Size__c");
            it.insert(index.space, &index.key(Cell::Fixed(7), it.pack(ABSENT)), &[]);
        },
        &["Note__c a0Nxx0000000009EAA: the index of Size__c leads to it, but it is not live"],
    ),
    (
        "an entry of a deleted record",
        |it| {
            let index = it.index("Note__c", "Size__c");
            it.insert(index.space, &index.key(Cell::Fixed(7), it.pack(DELETED)), &[]);
        },
        &["Note__c a0Nxx0000000003EAA: the index of Size__c leads to it, but it is not live"],
    ),
    (
        "an entry of another value",
        |it| {
            let index = it.index("Note__c", "Size__c");
            it.insert(index.space, &index.key(Cell::Fixed(8), it.pack(ONE)), &[]);
        },
        &[
            "Note__c a0Nxx0000000001EAA: the index of Size__c leads to it, but it does not have the \
           value",
        ],
    ),
    (
        "an entry of another value in place of the right one",
        |it| {
            let index = it.index("Note__c", "Size__c");
            it.remove(index.space, &index.key(Cell::Fixed(7), it.pack(ONE)));
            it.insert(index.space, &index.key(Cell::Fixed(8), it.pack(ONE)), &[]);
        },
        &[
            "Note__c a0Nxx0000000001EAA: the index of Size__c lacks its entry",
            "Note__c a0Nxx0000000001EAA: the index of Size__c leads to it, but it does not have \
             the value",
        ],
    ),
    (
        "a unique entry that leads to another record",
        |it| {
            let index = it.index("Note__c", "Code__c");
            let two = it.pack(TWO).to_be_bytes();
            it.replace(index.space, &index.key(Cell::Text("a"), 0), &two);
        },
        &[
            "Note__c a0Nxx0000000001EAA: the entry of its Code__c, which is unique, leads to \
             a0Nxx0000000002EAA",
            "Note__c a0Nxx0000000002EAA: the index of Code__c leads to it, but it does not have \
             the value",
        ],
    ),
    (
        "a unique entry that leads to no id",
        |it| {
            let index = it.index("Note__c", "Code__c");
            it.replace(index.space, &index.key(Cell::Text("a"), 0), &[1, 2, 3]);
        },
        &[
            "Note__c a0Nxx0000000001EAA: the entry of its Code__c, which is unique, leads to no id",
            "Note__c, index of Code__c at 01410000: an entry of space 19 is none",
        ],
    ),
    (
        "a unique entry with more than an id",
        |it| {
            let index = it.index("Note__c", "Code__c");
            let one = [&[1][..], &it.pack(ONE).to_be_bytes()].concat();
            it.replace(index.space, &index.key(Cell::Text("a"), 0), &one);
        },
        &["Note__c a0Nxx0000000001EAA: the entry of its Code__c, which is unique, leads to no id"],
    ),
    (
        "a unique value that two records have",
        |it| it.set(TWO, "Code__c", Cell::Text("A")),
        &[
            "Note__c a0Nxx0000000002EAA: Code__c is unique, but has the value of \
             a0Nxx0000000001EAA",
            "Note__c a0Nxx0000000002EAA: the index of Code__c leads to it, but it does not have \
             the value",
        ],
    ),
    // References.
    (
        "a reference to no record",
        |it| {
            it.set_indexed(FOUR, "About__c", Cell::Fixed(it.pack(ABSENT)));
        },
        &["Note__c a0Nxx0000000004EAA: About__c leads to a0Nxx0000000009EAA, which is not there"],
    ),
    (
        "a reference to a deleted record",
        |it| {
            it.set_indexed(FOUR, "About__c", Cell::Fixed(it.pack(DELETED)));
        },
        &["Note__c a0Nxx0000000004EAA: About__c leads to a0Nxx0000000003EAA, which is deleted"],
    ),
    (
        "a reference to an id that the dictionary lacks",
        |it| it.set_indexed(FOUR, "About__c", Cell::Fixed(STRANGER)),
        &["Note__c a0Nxx0000000004EAA: About__c: the packed id 0x7777000000000001 is not in the \
           dictionary"],
    ),
    // The recycle bin.
    (
        "a record that is both live and deleted",
        |it| {
            let row = it.get(it.table(ONE).live, &it.pack(ONE).to_be_bytes());
            let (object, id) = (it.object("Note__c").number, it.pack(ONE));
            let (when, by) = (it.stamp(), id);
            let deletion = Deletion { when, by, root: (object, id), emptied: Deletion::KEPT };
            it.insert(it.table(ONE).bin, &id.to_be_bytes(), &deletion.entry(&row));
        },
        &["Note__c a0Nxx0000000001EAA: it is both live and deleted"],
    ),
    (
        "an entry of the bin that is none",
        |it| {
            it.replace(it.table(DELETED).bin, &it.pack(DELETED).to_be_bytes(), &[1, 2, 3]);
        },
        &[
            "Note__c a0Nxx0000000003EAA: an entry of the recycle bin is none",
            "what waits in the recycle bin: 1 are noted, but there are 0",
            "what waits in the recycle bin: a0Nxx0000000003EAA does not wait for the time that is said",
        ],
    ),
    (
        "a deletion by an id that the dictionary lacks",
        |it| it.set_deletion(|deletion| deletion.by = STRANGER),
        &["Note__c a0Nxx0000000003EAA: the packed id 0x7777000000000001 is not in the dictionary"],
    ),
    (
        "a deletion in the future",
        |it| {
            let stamp = it.stamp();
            it.set_deletion(|deletion| deletion.when = stamp + 1000);
        },
        &["Note__c a0Nxx0000000003EAA: when it was deleted is no time"],
    ),
    (
        "a record that was emptied before it was deleted",
        |it| it.set_deletion(|deletion| deletion.emptied = deletion.when - 1),
        &["Note__c a0Nxx0000000003EAA: when it was emptied from the recycle bin is no time"],
    ),
    (
        "a deletion along with no record",
        |it| {
            let absent = it.pack(ABSENT);
            it.set_deletion(|deletion| deletion.root.1 = absent);
        },
        &[
            "Note__c a0Nxx0000000003EAA: it was deleted along with a0Nxx0000000009EAA, which is \
             nowhere",
            "the bin has 1 records that were deleted along, but 0 are noted",
        ],
    ),
    (
        "a deletion along with a record of another object than said",
        |it| {
            let part = it.pack(PART_ONE);
            it.set_deletion(|deletion| deletion.root.1 = part);
        },
        &[
            "Note__c a0Nxx0000000003EAA: it was deleted along with a0Pxx0000000001EAA, which is of \
             another object than said",
            "the bin has 1 records that were deleted along, but 0 are noted",
        ],
    ),
];
