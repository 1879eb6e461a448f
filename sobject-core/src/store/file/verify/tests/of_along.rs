//! Damage to what is noted of records that deletions took along.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{
    check,
    shop::{Case, Damage, Shop, create, id},
};
use crate::{
    definition::{Definition, FieldDefinition, OnDelete, Target},
    engine::RedbEngine,
    id::RecordId,
    store::keep::{ALONG, Along, Taken},
    value::FieldType,
};

const MASTERS: &[Target] = &[Target::new("Master__c", "a0M")];

const MASTER: &Definition = &Definition::new("Master__c").key_prefix("a0M").fields(&[
    FieldDefinition::new("Favourite__c", FieldType::Reference)
        .references(MASTERS)
        .create()
        .update()
        .nillable(),
    FieldDefinition::new("Size__c", FieldType::Int).create().nillable(),
]);

const DETAIL: &Definition =
    &Definition::new("Detail__c").key_prefix("a0D").fields(&[FieldDefinition::new(
        "Master__c",
        FieldType::Reference,
    )
    .references(MASTERS)
    .create()
    .update()
    .on_delete(OnDelete::Cascade)]);

/// A master that was deleted, with a detail that went along, and whose follower has no favourite now.
const ROOT: &str = "a0Mxx0000000001EAA";
const ALONG_WITH: &str = "a0Dxx0000000001EAA";
const FOLLOWER: &str = "a0Mxx0000000002EAA";
/// A master that is live, with a detail in the bin that waits for it.
const OTHER: &str = "a0Mxx0000000003EAA";
const WAITS: &str = "a0Dxx0000000002EAA";

fn shop() -> Shop {
    let shop = Shop::open(Arc::new(RedbEngine::in_memory().unwrap()), &[MASTER, DETAIL]);
    shop.write(|write| {
        let mut make = |object: &str, record: Json| create(write, object, &record);
        let root = make("Master__c", json!({}))?;
        make("Master__c", json!({ "Favourite__c": root }))?;
        let other = make("Master__c", json!({}))?;
        make("Detail__c", json!({ "Master__c": root }))?;
        let waits = make("Detail__c", json!({ "Master__c": other }))?;
        let (masters, details) = (write.find_object("Master__c")?, write.find_object("Detail__c")?);
        write.delete(details, waits)?;
        write.delete(masters, root)
    });
    shop
}

/// An entry under a root.
fn along(it: &Damage<'_>, root: &str, record: &str, what: Taken) -> Along {
    let of: RecordId = id(record);
    let name = if of.key_prefix().to_string() == "a0M" { "Master__c" } else { "Detail__c" };
    Along { root: it.pack(root), object: it.object(name).number, id: it.pack(record), what }
}

fn insert(it: &mut Damage<'_>, along: Along) {
    along.with_entry(|key, value| it.insert(ALONG, key, value));
}

const OF_ALONG: &[Case] = &[
    (
        "an entry that is none",
        |it| it.insert(ALONG, &[1, 2, 3], &[]),
        &["what deletions took along at 010203: an entry of what deletions took along is none"],
    ),
    (
        "a record that went along and is not noted",
        |it| {
            let key = along(it, ROOT, ALONG_WITH, Taken::Deleted).key();
            it.remove(ALONG, &key);
        },
        &["the bin has 1 records that were deleted along, but 0 are noted"],
    ),
    (
        "a record that is noted under another root too",
        |it| insert(it, along(it, OTHER, ALONG_WITH, Taken::Deleted)),
        &[
            "Detail__c a0Dxx0000000001EAA: it was deleted along with a0Mxx0000000003EAA, but has \
             another root",
            "the bin has 1 records that were deleted along, but 2 are noted",
        ],
    ),
    (
        "a live record that is noted",
        |it| insert(it, along(it, ROOT, FOLLOWER, Taken::Deleted)),
        &[
            "Master__c a0Mxx0000000002EAA: it was deleted along with a0Mxx0000000001EAA, but is \
             not in the bin",
            "the bin has 1 records that were deleted along, but 2 are noted",
        ],
    ),
    (
        "a record of an object that is not there",
        |it| {
            let mut along = along(it, ROOT, ALONG_WITH, Taken::Waits { slot: 5 });
            along.object.0 = 99;
            insert(it, along);
        },
        &["a0Mxx0000000001EAA took a record along of object 99, which is not there"],
    ),
    (
        "a detail that waits for what it does not lead to",
        |it| {
            let slot = it.slot("Detail__c", "Master__c");
            insert(it, along(it, FOLLOWER, WAITS, Taken::Waits { slot }));
        },
        &["Detail__c a0Dxx0000000002EAA: it waits for a0Mxx0000000002EAA, to which it does not \
           lead"],
    ),
    (
        "a live record that waits",
        |it| {
            let slot = it.slot("Master__c", "Favourite__c");
            insert(it, along(it, OTHER, FOLLOWER, Taken::Waits { slot }));
        },
        &["Master__c a0Mxx0000000002EAA: it waits for a0Mxx0000000003EAA, but is not in the bin"],
    ),
    (
        "a reference that is none",
        |it| {
            let (slot, had) = (it.slot("Master__c", "Size__c"), it.pack(ROOT));
            insert(it, along(it, ROOT, FOLLOWER, Taken::Emptied { slot, had }));
        },
        &["Master__c a0Mxx0000000002EAA: slot 6 is noted as a reference, which it is not"],
    ),
    (
        "a reference that a live record is said to have emptied",
        |it| {
            let (slot, had) = (it.slot("Master__c", "Favourite__c"), it.pack(OTHER));
            insert(it, along(it, OTHER, FOLLOWER, Taken::Emptied { slot, had }));
        },
        &[
            "Master__c a0Mxx0000000002EAA: a reference was emptied by a0Mxx0000000003EAA, but its \
             record is live",
            "Master__c a0Mxx0000000002EAA: a reference was emptied by a0Mxx0000000003EAA, which is \
             not deleted itself",
        ],
    ),
    (
        "a reference that a record which went along is said to have emptied",
        |it| {
            let (slot, had) = (it.slot("Master__c", "Favourite__c"), it.pack(ROOT));
            insert(it, along(it, ALONG_WITH, FOLLOWER, Taken::Emptied { slot, had }));
        },
        &["Master__c a0Mxx0000000002EAA: a reference was emptied by a0Dxx0000000001EAA, which is \
           not deleted itself"],
    ),
];

#[test]
fn whatever_is_wrong_with_what_deletions_took_along_is_found_and_told() {
    let shop = shop();
    let verified = shop.verify_with(|_| (), super::BUDGET).unwrap();
    assert_eq!((verified.live, verified.deleted), (2, 3));
    check(&shop, OF_ALONG);
}
