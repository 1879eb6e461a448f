//! Calls: how they name their records, how often they may name one, and which objects support them.

use serde_json::json;
use sobject_core::{Calls, Definition, FieldDefinition, FieldType, JsonRecord, RecordId, Store};

use crate::{
    desk::{Refusal, deleted_record, map, no_such_record, not_writeable, refusal, refused, verify},
    types::{KIT, Shop, open, outcomes},
};

fn id_of_wrong_type(id: &str) -> Refusal {
    refusal("MALFORMED_ID", format!("Kit ID: id value of incorrect type: {id}"), &["Id"])
}

#[test]
fn each_update_of_a_call_names_its_record() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let kit = shop.create("Kit__c", &json!({})).to_string();
    let gone = shop.create("Kit__c", &json!({}));
    kits.delete(gone).unwrap();
    let no_id = || refusal("MISSING_ARGUMENT", "Id not specified in an update call", &[]);
    let wrong_checksum = format!("{}AAB", &kit[..15]);
    let cases = [
        (json!({ "Id": kit }), None),
        (json!({ "iD": kit[..15] }), None),
        (json!({ "Id": format!(" {kit} ") }), None),
        (json!({}), Some(no_id())),
        (json!({ "Id": null }), Some(no_id())),
        (json!({ "Id": " " }), Some(no_id())),
        // Fields that may not be set are refused before the record's id is looked at.
        (json!({ "Name": "K-1" }), Some(not_writeable(&["Name"]))),
        (json!({ "Id": "nonsense", "Name": "K-1" }), Some(not_writeable(&["Name"]))),
        (json!({ "Id": "nonsense" }), Some(id_of_wrong_type("nonsense"))),
        (json!({ "Id": kit[..14] }), Some(id_of_wrong_type(&kit[..14]))),
        (json!({ "Id": wrong_checksum }), Some(id_of_wrong_type(&wrong_checksum))),
        (json!({ "Id": "005xx0000000001AAA" }), Some(id_of_wrong_type("005xx0000000001AAA"))),
        (json!({ "Id": "a0Kxx0000009999" }), Some(no_such_record())),
        (json!({ "Id": gone }), Some(deleted_record())),
        (json!({ "Id": kit, "Name": "K-1" }), Some(not_writeable(&["Name"]))),
    ];
    let text = json!({ "Text__c": "new" });
    let records: Vec<_> = cases.iter().map(|(id, _)| crate::desk::record(&text, id)).collect();
    let results = outcomes(kits.update_many(&records).unwrap());
    for ((given, expected), result) in cases.into_iter().zip(results) {
        assert_eq!(result, expected, "{given}");
    }
    shop.verify();
}

#[test]
fn the_id_of_an_update_is_not_among_its_fields() {
    let shop = Shop::of(&[KIT]);
    let kit = shop.create("Kit__c", &json!({}));
    let message = "The Id field should not be specified in the sobject data.";
    for given in [
        json!({ "Id": kit, "Text__c": "new" }),
        json!({ "iD": kit.to_string()[..15] }),
        json!({ "Id": null }),
        json!({ "Id": "nonsense" }),
        // A record that is sent back as it was read has fields that no update sets as well.
        json!({ "Id": kit, "Name": "K-0001", "attributes": { "type": "Kit__c" } }),
    ] {
        shop.nothing_changes(|| {
            let updated = shop.object("Kit__c").update(kit, &map(&given));
            assert_eq!(refused(updated), refusal("INVALID_FIELD", message, &[]), "{given}");
        });
    }
    // What names the object is passed over.
    shop.update("Kit__c", kit, &json!({ "attributes": { "type": "Kit__c" }, "Text__c": "new" }));
    assert_eq!(shop.value("Kit__c", kit, "Text__c"), "new");
}

#[test]
fn a_field_that_is_unknown_or_closed_fails_its_record_and_not_the_call() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let no_column = || refusal("INVALID_FIELD", no_column_message("Colour", "Kit__c"), &[]);
    let wrong = |id: Option<RecordId>| {
        let cases = [
            (json!({ "Text__c": "a" }), None),
            (json!({ "Text__c": "b", "Colour": "Red" }), Some(no_column())),
            (json!({ "Text__c": "c", "Name": "K-1" }), Some(not_writeable(&["Name"]))),
            (
                json!({ "Text__c": "d", "CreatedDate": null, "Name": null }),
                Some(not_writeable(&["CreatedDate", "Name"])),
            ),
            (
                json!({ "Text__c": "e", "TEXT__c": "e" }),
                Some(refusal("INVALID_FIELD", "Field Text__c is specified more than once", &[])),
            ),
            (json!({ "Text__c": 5 }), Some(crate::types::unreadable("Text__c", &json!(5)))),
            (json!({ "Text__c": "f" }), None),
        ];
        cases.map(|(record, expected)| {
            let id = id.map_or(json!({}), |id| json!({ "Id": id }));
            (crate::desk::record(&record, &id), expected)
        })
    };
    let (records, expected): (Vec<_>, Vec<_>) = wrong(None).into_iter().unzip();
    assert_eq!(outcomes(kits.create_many(&records).unwrap()), expected);
    assert_eq!(kits.count().unwrap(), 2);

    let kit = shop.create("Kit__c", &json!({}));
    let (records, expected): (Vec<_>, Vec<_>) = wrong(Some(kit)).into_iter().unzip();
    assert_eq!(outcomes(kits.update_many(&records).unwrap()), expected);
    assert_eq!(shop.value("Kit__c", kit, "Text__c"), "f");

    // With all or none it fails the others too, each with its own answer.
    let kits = shop.db.all_or_none().object("Kit__c").unwrap();
    shop.nothing_changes(|| {
        let expected: Vec<_> = wrong(None)
            .into_iter()
            .map(|(_, refused)| Some(refused.unwrap_or_else(crate::desk::rolled_back)))
            .collect();
        let (records, _): (Vec<_>, Vec<_>) = wrong(None).into_iter().unzip();
        assert_eq!(outcomes(kits.create_many(&records).unwrap()), expected);
    });
    shop.verify();
}

fn no_column_message(column: &str, object: &str) -> String {
    format!("No such column '{column}' on sobject of type {object}")
}

#[test]
fn wrong_json_and_unknown_names_come_before_parents() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let parent = json!({ "Code__c": "x" });
    // What is no relationship is a name as any other.
    let unknown = json!({ "Twin__r": parent, "Uncle__r": parent });
    let expected = refusal("INVALID_FIELD", no_column_message("Uncle__r", "Kit__c"), &[]);
    let wrong = json!({ "Twin__r": parent, "Twin__c": parent });
    shop.nothing_changes(|| {
        assert_eq!(refused(kits.create(&map(&unknown))), expected);
        let expected = crate::types::unreadable("Twin__c", &parent);
        assert_eq!(refused(kits.create(&map(&wrong))), expected);
    });
    // Parents of several objects, and of one that the store does not have.
    let kit = shop.create("Kit__c", &json!({}));
    for (name, why) in [
        ("Ghost__r", "may be of several objects: its type must be given"),
        ("CreatedBy", "is not of an object that can be looked up"),
    ] {
        let given = json!({ name: parent });
        let message = format!("The external foreign key reference {name} {why}");
        let expected = refusal("INVALID_FIELD", message, &[]);
        shop.nothing_changes(|| {
            assert_eq!(refused(kits.create(&map(&given))), expected, "{given}");
            assert_eq!(refused(kits.update(kit, &map(&given))), expected, "{given}");
        });
    }
    let records = [map(&json!({ "Twin__r": parent })), map(&json!({ "Text__c": "a" }))];
    let written: Vec<_> = kits.create_many(&records).unwrap().iter().map(Result::is_ok).collect();
    assert_eq!(written, [false, true]);
    shop.verify();
}

#[test]
fn a_record_that_one_delete_names_twice_is_deleted_once() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let [kit, other] = [(); 2].map(|()| shop.create("Kit__c", &json!({})));
    let results = kits.delete_many(&[kit, other, kit, kit]).unwrap();
    let again = || Some(deleted_record());
    assert_eq!(outcomes(results), [None, None, again(), again()]);
    let [kit, other] = [(); 2].map(|()| shop.create("Kit__c", &json!({})));
    let all = shop.db.all_or_none().object("Kit__c").unwrap();
    shop.nothing_changes(|| {
        let results = all.delete_many(&[kit, other, kit]).unwrap();
        let rolled_back = || Some(crate::desk::rolled_back());
        assert_eq!(outcomes(results), [rolled_back(), rolled_back(), again()]);
    });
    shop.verify();
}

/// Updates of kits by number, each with its own text.
fn updates(ids: &[RecordId]) -> Vec<JsonRecord> {
    let texts = (0..).map(|n: usize| n.to_string());
    ids.iter().zip(texts).map(|(id, text)| map(&json!({ "Id": id, "Text__c": text }))).collect()
}

#[test]
fn a_record_is_updated_twelve_times_in_a_call_and_no_more() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let [often, once] = [(); 2].map(|()| shop.create("Kit__c", &json!({})));
    let mut ids = vec![often; 13];
    ids.push(once);
    ids.push(often);
    let results = outcomes(kits.update_many(&updates(&ids)).unwrap());
    let message = format!(
        "Maximum number of duplicate updates in one batch (12 allowed). Attempt to update Id more \
         than once in this Api call: {often}"
    );
    let refused = || Some(refusal("DUPLICATE_VALUE", message.clone(), &[]));
    let mut expected: Vec<_> = (0..12).map(|_| None).collect();
    expected.extend([refused(), None, refused()]);
    assert_eq!(results, expected);
    let texts = [often, once].map(|id| shop.value("Kit__c", id, "Text__c"));
    assert_eq!(texts, ["11", "13"], "the twelfth stays");

    let again = kits.update_many(&updates(&[often])).unwrap();
    assert_eq!(outcomes(again), [None], "each call counts anew");
    shop.verify();
}

#[test]
fn twelve_updates_in_all_or_none_are_all_and_thirteen_none() {
    let shop = Shop::of(&[KIT]);
    let kit = shop.create("Kit__c", &json!({}));
    let kits = shop.db.all_or_none().object("Kit__c").unwrap();
    assert!(kits.update_many(&updates(&[kit; 12])).unwrap().iter().all(Result::is_ok));
    shop.nothing_changes(|| {
        let results = outcomes(kits.update_many(&updates(&[kit; 13])).unwrap());
        let codes: Vec<_> = results.iter().map(|it| it.as_ref().map(|it| it.code)).collect();
        let mut expected = vec![Some("ALL_OR_NONE_OPERATION_ROLLED_BACK"); 12];
        expected.push(Some("DUPLICATE_VALUE"));
        assert_eq!(codes, expected);
    });
}

#[test]
fn a_field_that_is_given_in_two_spellings_is_refused() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let kit = shop.create("Kit__c", &json!({}));
    let expected = refusal("INVALID_FIELD", "Field Text__c is specified more than once", &[]);
    let given = map(&json!({ "text__c": "a", "TEXT__C": "a" }));
    shop.nothing_changes(|| {
        assert_eq!(refused(kits.create(&given)), expected);
        assert_eq!(refused(kits.update(kit, &given)), expected);
    });
}

#[test]
fn an_object_that_the_store_does_not_have_cannot_be_asked_for() {
    let shop = Shop::of(&[KIT]);
    let asked = shop.db.object("Ghost__c").map(|_| ());
    let expected = refusal("INVALID_TYPE", "sObject type 'Ghost__c' is not supported.", &[]);
    assert_eq!(refused(asked), expected);
}

#[test]
fn an_object_answers_the_calls_that_it_has_and_no_other() {
    type Ask = fn(&sobject_core::Untyped, RecordId) -> sobject_core::Result<()>;
    const FIELDS: &[FieldDefinition] = &[open("Text__c", FieldType::String)];
    const ALL: Calls = Calls::NONE.create().update().delete().undelete().retrieve().query();
    // The name of a call, the object's other calls, how the call is made, and its refusal.
    let calls: [(&str, Calls, Ask, &str, &str); 6] = [
        (
            "create",
            Calls::NONE.update().delete().undelete().retrieve().query(),
            |logs, _| logs.create(&map(&json!({ "Text__c": "x" }))).map(drop),
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            "entity type cannot be inserted: Log Entry",
        ),
        (
            "update",
            Calls::NONE.create().delete().undelete().retrieve().query(),
            |logs, id| logs.update(id, &map(&json!({ "Text__c": "x" }))),
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            "entity type cannot be updated: Log Entry",
        ),
        (
            "delete",
            Calls::NONE.create().update().undelete().retrieve().query(),
            |logs, id| logs.delete(id),
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object id",
        ),
        (
            "undelete",
            Calls::NONE.create().update().delete().retrieve().query(),
            |logs, id| logs.undelete(id),
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object id",
        ),
        (
            "retrieve",
            Calls::NONE.create().update().delete().undelete().query(),
            |logs, id| logs.get(id).map(drop),
            "INVALID_TYPE_FOR_OPERATION",
            "entity type Log__c does not support retrieve",
        ),
        (
            "query",
            Calls::NONE.create().update().delete().undelete().retrieve(),
            |logs, _| logs.count().map(drop),
            "INVALID_TYPE_FOR_OPERATION",
            "entity type Log__c does not support query",
        ),
    ];
    let log = Definition::new("Log__c")
        .label("Log Entry", "Log Entries")
        .key_prefix("a0L")
        .fields(FIELDS);
    for (call, others, ask, code, message) in calls {
        let archive = crate::types::Archive::new();
        let first = archive.open(&[&log.calls(ALL)]);
        let live = first.create("Log__c", &json!({}));
        let deleted = first.create("Log__c", &json!({}));
        first.object("Log__c").delete(deleted).unwrap();
        drop(first);
        let id = if call == "undelete" { deleted } else { live };

        let shop = archive.open(&[&log.calls(others)]);
        shop.nothing_changes(|| {
            let asked = ask(&shop.object("Log__c"), id);
            assert_eq!(refused(asked), refusal(code, message, &[]), "{call}");
        });
        drop(shop);
        let shop = archive.open(&[&log.calls(ALL)]);
        ask(&shop.object("Log__c"), id).unwrap_or_else(|error| panic!("{call}: {error}"));
        shop.verify();
    }
}

#[test]
fn retrieve_of_several_and_in_a_transaction_is_a_call_as_well() {
    const NOTE: &Definition = &Definition::new("Note__c")
        .key_prefix("a0N")
        .calls(Calls::NONE.create())
        .fields(&[open("Text__c", FieldType::String)]);
    let store = Store::in_memory(&[NOTE]).unwrap();
    let db = store.system();
    let notes = db.object("Note__c").unwrap();
    let note = notes.create(&map(&json!({ "Text__c": "x" }))).unwrap();
    let message = "entity type Note__c does not support retrieve";
    let expected = refusal("INVALID_TYPE_FOR_OPERATION", message, &[]);
    assert_eq!(refused(notes.retrieve(&["Text__c"], &[note])), expected);
    let inside = db.transaction(|tx| tx.object("Note__c")?.get(note));
    assert_eq!(refused(inside), expected);
    verify(&store);
}
