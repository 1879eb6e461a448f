//! Damage to the feed, leases, what callers have seen, the dictionary of ids, and the catalogue.

use serde_json::json;

use super::shop::{ABSENT, CALLER, Case, ID, KIND, OBJECT, ONE, PART_ONE, STAMP, STRANGER, TWO};
use crate::{
    bytes::{Cell, fixed_key},
    store::keep::{
        CATALOGUE, Counter, FEED, HEADS, LEASES, PER_CALLER, SIDE, SIDE_BY_TEXT, SPELLINGS, Seen,
        Spelling,
    },
};

/// Damage to what is kept beside the records.
pub(super) const OF_OTHERS: &[Case] = &[
    // The feed.
    (
        "a gap in the feed",
        |it| it.remove(FEED, &2_u64.to_be_bytes()),
        &["the feed has a gap: 3 follows on 1"],
    ),
    (
        "a change that does not decode",
        |it| it.set_change(2, KIND, &[9]),
        &["the feed's change 2 does not decode"],
    ),
    (
        "a stamp that is no time",
        |it| it.set_change(2, STAMP, &i64::MAX.to_be_bytes()),
        &["the feed's change 2 does not decode"],
    ),
    (
        "stamps that go back",
        |it| {
            let later = it.stamp() + 1000;
            it.set_change(2, STAMP, &later.to_be_bytes());
        },
        &["the feed's stamps go back at change 3"],
    ),
    (
        "a change of an object that is not there",
        |it| it.set_change(2, OBJECT, &[0, 9]),
        &["the feed's change 2 is of an object that is not there"],
    ),
    (
        "a change by an id that the dictionary lacks",
        |it| it.set_change(2, CALLER, &STRANGER.to_be_bytes()),
        &["the feed's change 2: the packed id 0x7777000000000001 is not in the dictionary"],
    ),
    (
        "a change of no record",
        |it| it.set_change(2, ID, &it.pack(ABSENT).to_be_bytes()),
        &["Note__c a0Nxx0000000009EAA: the feed has changes of it, but it is nowhere"],
    ),
    (
        "a change of an id that is none",
        |it| it.set_change(2, ID, &[0; 8]),
        &["Note__c the packed id 0x0000000000000000: the feed has changes of it, but it is \
           nowhere"],
    ),
    (
        "a record without a change",
        |it| it.set_change(1, ID, &it.pack(TWO).to_be_bytes()),
        &["Note__c a0Nxx0000000001EAA: the feed has no change of it"],
    ),
    (
        "a last change that says deleted of a live record",
        |it| it.set_change(4, KIND, &[3]),
        &["Note__c a0Nxx0000000004EAA: the feed says that it is deleted, but it is live"],
    ),
    (
        "a last change that says live of a deleted record",
        |it| it.set_change(6, KIND, &[4]),
        &["Note__c a0Nxx0000000003EAA: the feed says that it is live, but it is deleted"],
    ),
    (
        "a stamp that is not that of the last change",
        |it| {
            let stamp = Cell::integer(it.stamp() - 1000);
            it.set(ONE, "SystemModstamp", stamp);
        },
        &["Note__c a0Nxx0000000001EAA: its SystemModstamp is not that of its last change in the \
           feed"],
    ),
    // Unlisted values of picklists: key of object and slot, then of a value of them.
    (
        "a value of no field",
        |it| {
            it.insert(SPELLINGS, &[0, 0, 0, 77], &[0, 0, 0, 1]);
            let key = Spelling::key((it.object("Note__c").number, 77), "a");
            it.insert(SPELLINGS, &key, b"\0\0\0\0a");
        },
        &["a value is kept for slot 77 of object 0"],
    ),
    (
        "a value that is kept as another",
        |it| {
            let of = (it.object("Note__c").number, it.slot("Note__c", "Kind__c"));
            it.insert(SPELLINGS, &[0, 0, 0, 7], &[0, 0, 0, 1]);
            it.insert(SPELLINGS, &Spelling::key(of, "a"), b"\0\0\0\0b");
        },
        &["the value `b` of a picklist is kept as another"],
    ),
    (
        "a value that is not counted",
        |it| {
            let of = (it.object("Note__c").number, it.slot("Note__c", "Kind__c"));
            it.insert(SPELLINGS, &[0, 0, 0, 7], &[0, 0, 0, 1]);
            it.insert(SPELLINGS, &Spelling::key(of, "a"), b"\0\0\0\x01A");
        },
        &["the value `A` of a picklist is not counted"],
    ),
    (
        "a value that does not decode",
        |it| {
            let of = (it.object("Note__c").number, it.slot("Note__c", "Kind__c"));
            it.insert(SPELLINGS, &[0, 0, 0, 7], &[0, 0, 0, 1]);
            it.insert(SPELLINGS, &Spelling::key(of, "a"), &[0, 0, 0]);
        },
        &["the unlisted values of picklists at 0000000701410000: what is kept of a value is none"],
    ),
    (
        "a count of values that is none",
        |it| it.insert(SPELLINGS, &[0, 0, 0, 7], &[1]),
        &["the unlisted values of picklists at 00000007: what is kept of a value is none"],
    ),
    // Leases.
    (
        "a lease of record numbers that is behind",
        |it| {
            let head = u16::try_from(it.pack(ONE) >> 48).unwrap();
            it.replace(LEASES, &Counter::Records(head).key(), &4_u64.to_be_bytes());
        },
        &["Note__c a0Nxx0000000004EAA: the number of the id is not leased"],
    ),
    (
        "a lease of record numbers that is missing",
        |it| {
            let head = u16::try_from(it.pack(PART_ONE) >> 48).unwrap();
            it.remove(LEASES, &Counter::Records(head).key());
        },
        &["Part__c a0Pxx0000000001EAA: the number of the id is not leased"],
    ),
    (
        "a lease of auto-numbers that is missing",
        |it| {
            let (object, slot) = (it.object("Note__c").number, it.slot("Note__c", "Name"));
            it.remove(LEASES, &Counter::AutoNumber(object, slot).key());
        },
        &["Note__c: the numbers of Name are not leased"],
    ),
    (
        "a lease that is not a number",
        |it| {
            let (object, slot) = (it.object("Note__c").number, it.slot("Note__c", "Name"));
            it.replace(LEASES, &Counter::AutoNumber(object, slot).key(), &[1]);
        },
        &[
            "Note__c: a lease is not a number",
            "the leases at 0001000000000005: a lease is not a number",
        ],
    ),
    // What callers have seen.
    (
        "a per-caller entry of no record",
        |it| {
            let key = fixed_key(it.pack(ONE), it.pack(ABSENT));
            it.insert(PER_CALLER, &key, &Seen::NEVER.encode());
        },
        &["a0Nxx0000000009EAA: a per-caller entry is for it, but it is nowhere"],
    ),
    (
        "a per-caller entry of an object that is not there",
        |it| {
            it.insert(HEADS, &5_u64.to_be_bytes(), b"zzzxx0");
            let key = fixed_key(it.pack(ONE), 5 << 48 | 1);
            it.insert(PER_CALLER, &key, &Seen::NEVER.encode());
        },
        &["zzzxx0000000001AAA: a per-caller entry is for it, but it is nowhere"],
    ),
    (
        "a per-caller entry that does not decode",
        |it| it.insert(PER_CALLER, &fixed_key(it.pack(TWO), it.pack(ONE)), &[1]),
        &["the per-caller entry of a0Nxx0000000002EAA for a0Nxx0000000001EAA does not decode"],
    ),
    // The dictionary of ids.
    (
        "an id of the side dictionary that does not lead back",
        |it| {
            let packed = 0xFFFF_0000_0000_0000_u64;
            it.insert(SIDE, &packed.to_be_bytes(), b"a0Nxx0zzzzzzzzz");
        },
        &[
            "the side dictionary of ids has 0 ids, and 1 that stand for one",
            "the side dictionary of ids: a0Nxx0zzzzzzzzz does not lead back",
        ],
    ),
    (
        "an id that nothing in the side dictionary stands for",
        |it| {
            let packed = 0xFFFF_0000_0000_0000_u64;
            it.insert(SIDE_BY_TEXT, b"a0Nxx0zzzzzzzzz", &packed.to_be_bytes());
        },
        &["the side dictionary of ids has 1 ids, and 0 that stand for one"],
    ),
    (
        "an id of the side dictionary that is none",
        |it| {
            let packed = 0xFFFF_0000_0000_0000_u64;
            it.insert(SIDE, &packed.to_be_bytes(), b"a0N");
            it.insert(SIDE_BY_TEXT, b"a0N", &packed.to_be_bytes());
        },
        &["the side dictionary of ids at ffff000000000000: what stands for an id is none"],
    ),
    (
        "a head of ids that is there twice",
        |it| {
            let head = it.get(HEADS, &1_u64.to_be_bytes());
            it.insert(HEADS, &5_u64.to_be_bytes(), &head);
        },
        &["the heads of ids 1 and 5 are the same"],
    ),
    // The catalogue.
    (
        "a slot that two fields share",
        |it| {
            it.set_object(0, |object| {
                let kind = object["fields"][2]["slot"].clone();
                object["fields"][4]["slot"] = kind;
            });
        },
        &[
            "Note__c: Kind__c and Flag__c share the slot 7",
            "Note__c: the slot 9 of the layout 1 is no field's",
        ],
    ),
    (
        "a slot that a field shares with one that is gone",
        |it| {
            it.set_object(0, |object| {
                object["retired"] = json!([{ "slot": 7, "type": "string" }]);
            });
        },
        &["Note__c: Kind__c and a field that is gone share the slot 7"],
    ),
    (
        "a layout without a field",
        |it| {
            it.set_object(0, |object| {
                let slots = object["layouts"][0].as_array_mut().unwrap();
                slots.retain(|slot| *slot != 7);
            });
        },
        &["Note__c: the layout has no place for Kind__c"],
    ),
    (
        "a layout with a slot twice",
        |it| {
            it.set_object(0, |object| {
                object["layouts"][0].as_array_mut().unwrap().push(json!(7));
            });
        },
        &["Note__c: the layout 1 has the slot 7 twice"],
    ),
    (
        "an index of no field",
        |it| {
            it.set_object(0, |object| object["indexes"][1]["keys"][0]["slot"] = json!(77));
        },
        &["Note__c: the slot 77 of an index is no field's"],
    ),
    (
        "a space that two objects share",
        |it| it.set_object(1, |object| object["live"] = json!(17)),
        &["the space 17 is that of deleted records of Note__c and of live records of Part__c"],
    ),
    (
        "a space that belongs to the store",
        |it| it.set_object(1, |object| object["bin"] = json!(5)),
        &["the space 5 of deleted records of Part__c was never given to an object"],
    ),
    (
        "an entry of the catalogue that cannot be read",
        |it| it.replace(CATALOGUE, b"object/00000", b"{}"),
        &["the catalogue: the catalogue's entry object/00000 cannot be read: missing field \
           `number` at line 1 column 2"],
    ),
    (
        "an object that is gone from the catalogue",
        |it| {
            it.remove(CATALOGUE, b"object/00002");
            it.remove(CATALOGUE, b"declared/00002");
        },
        &["the catalogue has 2 objects, but 3 are open"],
    ),
];
