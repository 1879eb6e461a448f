//! Damage to what waits for a time of the recycle bin.

use serde_json::json;

use super::shop::{Case, DELETED, Damage, NOTE, ONE, PART, Shop, VOID, create, id};
use crate::{
    bytes::fixed_key,
    error::Error,
    store::{
        file::{entries::DUE_KEY, verify::BUDGET},
        keep::{CATALOGUE, Due, EMPTIED, IN_BIN, PER_CALLER, viewers},
        rules::Access,
    },
};

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

#[test]
fn a_purge_in_passing_that_meets_damage_fails_no_write_and_one_that_is_asked_for_tells_it() {
    let shop = Shop::new();
    shop.change(|buffer| buffer.insert(IN_BIN, &[0, 0, 0], &[]));
    let part = json!({ "Size__c": 3, "Note__c": ONE });
    for _ in 0..2 {
        shop.write(|write| create(write, "Part__c", &part));
    }
    let asked = shop.store.write(&Access::SYSTEM, |mut write| {
        let done = write.purge(10);
        (write, done)
    });
    assert!(matches!(asked, Err(Error::Corrupt { .. })), "{asked:?}");
    let found = shop.findings(|_| ());
    assert!(found.iter().any(|it| it.contains("at 000000: it is no record")), "{found:?}");
}

#[test]
fn what_callers_saw_before_there_were_turns_leaves_with_its_record() {
    let shop = Shop::new();
    let (user, record) = shop.write(|write| Ok((write.user(), write.pack(id(ONE))?)));
    let times = [1_u64, 2].map(u64::to_be_bytes).concat();
    shop.change(|buffer| {
        buffer.insert(PER_CALLER, &fixed_key(user, record), &times);
        buffer.remove(CATALOGUE, DUE_KEY);
    });
    let shop = shop.reopen(&[NOTE, PART, VOID]);
    let seen = || shop.store.read(&Access::SYSTEM, |reader| viewers(reader.read, record)).unwrap();
    assert_eq!(seen(), [user]);
    shop.verify_with(|_| (), BUDGET).unwrap();
}
