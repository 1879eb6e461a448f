//! Damage to an index of words.

use std::sync::Arc;

use serde_json::json;

use super::{
    check,
    shop::{Case, Shop, create, id},
    *,
};
use crate::{definition::FieldDefinition, store::keep::Words, value::FieldType};

const MEMO: &Definition = &Definition::new("Memo__c").key_prefix("a0M").fields(&[
    FieldDefinition::new("Name", FieldType::String).create().update().nillable().name_field(),
    FieldDefinition::new("Text__c", FieldType::TextArea).create().update().nillable(),
    FieldDefinition::new("Size__c", FieldType::Int).create().update().nillable(),
]);

const ONE: &str = "a0Mxx0000000001EAA";
const DELETED: &str = "a0Mxx0000000002EAA";
const ABSENT: &str = "a0Mxx0000000009EAA";

impl Damage<'_> {
    fn words(&self) -> &Words {
        self.table(ONE).words.as_ref().unwrap()
    }

    /// Adds an entry to the index of words.
    fn add(&mut self, word: &str, field: &str, id: &str) {
        let key = Words::key(word, self.slot("Memo__c", field), self.pack(id));
        let space = self.words().space;
        self.insert(space, &key, &[]);
    }

    /// Takes an entry out of the index of words.
    fn take(&mut self, word: &str, field: &str, id: &str) {
        let key = Words::key(word, self.slot("Memo__c", field), self.pack(id));
        let space = self.words().space;
        self.remove(space, &key);
    }
}

/// Damage to an index of words.
const OF_WORDS: &[Case] = &[
    (
        "an entry that is missing",
        |it| it.take("OIL", "Text__c", ONE),
        &["Memo__c a0Mxx0000000001EAA: the index of words lacks a word of Text__c"],
    ),
    (
        "an entry of no record",
        |it| it.add("OIL", "Text__c", ABSENT),
        &["Memo__c a0Mxx0000000009EAA: the index of words leads to it, but it is not live"],
    ),
    (
        "an entry of a deleted record",
        |it| it.add("BOLTS", "Name", DELETED),
        &["Memo__c a0Mxx0000000002EAA: the index of words leads to it, but it is not live"],
    ),
    (
        "an entry of another word",
        |it| it.add("BOLT", "Text__c", ONE),
        &[
            "Memo__c a0Mxx0000000001EAA: the index of words leads to it, but it does not have the word",
        ],
    ),
    (
        "an entry of another field in place of the right one",
        |it| {
            it.take("OIL", "Text__c", ONE);
            it.add("OIL", "Name", ONE);
        },
        &[
            "Memo__c a0Mxx0000000001EAA: the index of words lacks a word of Text__c",
            "Memo__c a0Mxx0000000001EAA: the index of words leads to it, but it does not have the word",
        ],
    ),
    (
        "a text that changed without its entries",
        |it| it.set(ONE, "Text__c", Cell::Text("Oil and water, 油類")),
        &["Memo__c a0Mxx0000000001EAA: the index of words lacks a word of Text__c"],
    ),
    (
        "a row that does not decode",
        |it| it.replace(it.table(ONE).live, &it.pack(ONE).to_be_bytes(), &[0, 9, 9]),
        &[
            "Memo__c a0Mxx0000000001EAA: a row does not fit its layout",
            "Memo__c a0Mxx0000000001EAA: the index of Name leads to it, but it cannot be read",
            "Memo__c a0Mxx0000000001EAA: the index of words leads to it, but it cannot be read",
        ],
    ),
    (
        "an entry that is none",
        |it| {
            let space = it.words().space;
            it.insert(space, b"OIL", &[]);
        },
        &[
            "Memo__c, index of words at 4f494c: an entry of space 19 is none",
            "Memo__c, index of words: 6 entries where 5 are due",
        ],
    ),
];

/// A store with a memo, and one in the recycle bin.
fn shop() -> Shop {
    let shop = Shop::open(Arc::new(RedbEngine::in_memory().unwrap()), &[MEMO]);
    shop.write(|write| {
        create(
            write,
            "Memo__c",
            &json!({ "Name": "Bolts", "Text__c": "Oil, oil and 油類", "Size__c": 7 }),
        )?;
        create(write, "Memo__c", &json!({ "Name": "Bolts" }))?;
        write.delete(write.find_object("Memo__c")?, id(DELETED))
    });
    shop
}

#[test]
fn what_is_wrong_in_an_index_of_words_is_found() {
    let shop = shop();
    // BOLTS; OIL, AND, and the two signs.
    let sound =
        Verified { live: 1, deleted: 1, entries: 1, words: 5, changes: 3, ..Verified::default() };
    for budget in [BUDGET, 1] {
        assert_eq!(shop.verify_with(|_| (), budget).unwrap(), sound, "in {budget} bytes");
    }
    check(&shop, OF_WORDS);
}

#[test]
fn a_count_of_words_that_is_wrong_is_found() {
    let shop = shop();
    let words = shop.store.schema.tables[0].words.as_ref().unwrap().space;
    let verified = shop.store.read(&Access::SYSTEM, |reader| {
        let read = Watched::new(reader.read, Some(words));
        verify(&Reader::new(reader.schema, &read, reader.ids(), &Access::SYSTEM))
    });
    let Err(Error::Corrupt { findings }) = verified else { panic!("{verified:?}") };
    assert_eq!(findings, ["Memo__c, index of words: 9 are counted, but there are 5"]);
}
