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
    let given = map(&json!({ "Id": kit, "Text__c": "new" }));
    shop.nothing_changes(|| {
        let updated = shop.object("Kit__c").update(kit, &given);
        assert_eq!(refused(updated), not_writeable(&["Id"]));
    });
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
