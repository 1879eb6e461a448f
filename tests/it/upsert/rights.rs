//! What an upsert takes of rights, and what it tells those who lack them.

use serde_json::json;
use sobject_core::{Caller, Connection, Definition, FieldRight, ObjectRight, Permissions, Store};

use super::{BRANCH, FIRM, OBJECTS, acme, fates, shop};
use crate::{
    desk::{Refusal, not_writeable, refusal, refused},
    types::Shop,
};

fn connect(shop: &Shop, permissions: Permissions) -> Connection {
    let user = "005xx0000000001".parse().unwrap();
    let user: sobject_core::RecordId = user;
    shop.store.connect(Caller::user(user, permissions))
}

fn not(what: &str) -> Refusal {
    let message = format!("entity type cannot be {what}: Firm");
    refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, &[])
}

#[test]
fn each_record_takes_the_right_to_what_it_comes_to() {
    let records = [
        json!({ "Any__c": "X1", "Title__c": "there" }),
        json!({ "Any__c": "N1", "Title__c": "new" }),
    ];
    for (muted, expected) in [
        (ObjectRight::Create, [Ok(false), Err(not("inserted"))]),
        (ObjectRight::Edit, [Err(not("updated")), Ok(true)]),
    ] {
        let (shop, _) = shop();
        let db = connect(&shop, Permissions::all().mute("Firm__c", [muted]));
        let results = db.object("Firm__c").unwrap().upsert_many("Any__c", &records).unwrap();
        assert_eq!(fates(results), expected, "{muted:?}");
        shop.verify();
    }
}

#[test]
fn a_key_that_may_be_read_and_not_set_names_a_record_and_makes_none() {
    let (shop, firm) = shop();
    let db = connect(&shop, Permissions::all().mute_field(("Firm__c", "Any__c"), FieldRight::Edit));
    let firms = db.object("Firm__c").unwrap();
    let given = json!({ "Any__c": "X1", "Title__c": "there" });
    assert_eq!(firms.upsert("Any__c", &given).unwrap().id, firm);
    let given = json!({ "Any__c": "N1", "Title__c": "new" });
    assert_eq!(refused(firms.upsert("Any__c", &given)), not_writeable(&["Any__c"]));
    shop.verify();
}

#[test]
fn a_hidden_key_is_answered_as_one_that_is_not_there() {
    let (shop, firm) = shop();
    let muted = Permissions::all().mute_field(("Firm__c", "Any__c"), FieldRight::Read);
    let db = connect(&shop, muted);
    let firms = db.object("Firm__c").unwrap();
    let told = |key: &str| {
        let given = json!({ key: "X1", "Title__c": "there" });
        refused(firms.upsert(key, &given)).message.replace(key, "KEY")
    };
    assert_eq!(told("Any__c"), told("Ghost__c"));
    let branches = db.object("Branch__c").unwrap();
    let told = |key: &str| {
        let given = json!({ "Firm__r": { key: "X1" } });
        let refused = refused(branches.create(&given));
        (refused.code, refused.message.replace(key, "KEY"))
    };
    assert_eq!(told("Any__c"), told("Ghost__c"));
    assert_eq!(shop.value("Firm__c", firm, "Title__c"), "Acme");
}

#[test]
fn a_hidden_object_of_a_parent_is_answered_as_one_that_is_not_there() {
    let (shop, _) = shop();
    let db = connect(&shop, Permissions::all().mute("Firm__c", [ObjectRight::Read]));
    let without: &[&Definition] = &[BRANCH];
    let absent = Store::in_memory(without).unwrap().system();
    for given in [
        json!({ "Firm__r": { "Any__c": "X1" } }),
        json!({ "Firm__r": { "Ghost__c": "X1" } }),
        json!({ "Watch__r": { "type": "Firm__c", "Any__c": "X1" } }),
        json!({ "Watch__r": { "Any__c": "X1" } }),
    ] {
        let told = |db: &Connection| refused(db.object("Branch__c").unwrap().create(&given));
        assert_eq!(told(&db), told(&absent), "{given}");
    }
}

#[test]
fn audit_fields_are_of_creates_and_of_no_upsert() {
    const AUDITED: &Definition = &FIRM.audit_fields();
    let shop = Shop::of(&[AUDITED, OBJECTS[1]]);
    let db = shop.store.connect(Caller::system().with_audit_fields());
    let firms = db.object("Firm__c").unwrap();
    let given = crate::desk::record(&acme(), &json!({ "CreatedDate": "2004-02-29T12:00:00Z" }));
    shop.nothing_changes(|| {
        assert_eq!(refused(firms.upsert("Any__c", &given)), not_writeable(&["CreatedDate"]));
    });
    firms.create(&given).unwrap();
    assert_eq!(refused(firms.upsert("Any__c", &given)), not_writeable(&["CreatedDate"]));
    shop.verify();
}
