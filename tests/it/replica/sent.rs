//! Records as an org sends them: with fields that are described only, parents, keys that the store
//! does not know, and without fields that were not asked for.

use serde_json::{Value as Json, json};
use sobject_core::{
    DefaultValue, Definition, Error, FieldDefinition, FieldType, ObjectDescribe, Replica, Result,
    SObject, standard::User,
};

use super::{Mirror, part, puts::described, session, stamped, stamps, there, user, with, without};
use crate::desk::{Refusal, map, missing, nothing_changes, refusal, refused};

/// The real describe of Account, with a formula, a roll-up, a field of any type, and a place.
fn account() -> ObjectDescribe {
    let mut describe = serde_json::to_value(described("Account", &[])).unwrap();
    let fields = describe["fields"].as_array_mut().unwrap();
    let like = |name: &str, change: Json| {
        let field = fields.iter().find(|field| field["name"] == name).unwrap();
        with(field, &change)
    };
    let new = [
        like("Site", json!({ "name": "Formula__c", "calculated": true, "createable": false })),
        like("BillingLatitude", json!({ "name": "RollUp__c", "calculated": true })),
        like("Site", json!({ "name": "Anything__c", "type": "anyType" })),
        like("BillingAddress", json!({ "name": "Place__c", "type": "location" })),
        like(
            "BillingLatitude",
            json!({ "name": "Place__Latitude__s", "compoundFieldName": "Place__c" }),
        ),
        like(
            "BillingLongitude",
            json!({ "name": "Place__Longitude__s", "compoundFieldName": "Place__c" }),
        ),
    ];
    fields.extend(new);
    serde_json::from_value(describe).unwrap()
}

fn accounts() -> Mirror {
    Mirror::with(|builder| builder.described(account()).in_memory(&[User::OBJECT])).unwrap()
}

/// An account as it has to be at least, with these values.
fn acme(change: &Json) -> Json {
    let owned = json!({ "Name": "Acme", "OwnerId": there("005", 1), "IsDeleted": false });
    with(&stamped(there("001", 1), &owned), change)
}

/// What a replica has passed over: the key, whether it is described only, and in how many records.
fn passed(replica: &Replica) -> Vec<(String, bool, u64)> {
    let passed = replica.passed_over().into_iter();
    passed
        .map(|it| (format!("{}.{}", it.object, it.key), it.is_described_only, it.records))
        .collect()
}

fn unknown(object: &str, keys: &[&str]) -> Refusal {
    let message = format!("No such column '{}' on sobject of type {object}", keys.join("', '"));
    refusal("INVALID_FIELD", message, &[])
}

#[test]
fn fields_that_are_described_only_may_have_values_which_are_told() {
    let mirror = accounts();
    let replica = mirror.replica();
    let values = json!({
        "Formula__c": "Acme (Paris)", "RollUp__c": 12.5, "Anything__c": { "of": ["any", "form"] },
    });
    replica.put("Account", &map(&acme(&values))).unwrap();
    let nulls = json!({ "Formula__c": null, "RollUp__c": null, "Anything__c": null });
    mirror.assert_holds("Account", there("001", 1), &nulls);
    let told = [("Account.Anything__c", 1), ("Account.Formula__c", 1), ("Account.RollUp__c", 1)];
    let told = told.map(|(key, n)| (key.to_owned(), true, n));
    assert_eq!(passed(&replica), told);
    // Null is no value, and is not told.
    replica.put("Account", &map(&acme(&nulls))).unwrap();
    assert_eq!(passed(&replica), told);
    // An ordinary call still refuses them by name.
    let db = mirror.store.system().object("Account").unwrap();
    let error = db.create(&map(&json!({ "Name": "Acme", "Anything__c": "x" }))).unwrap_err();
    assert_eq!(error.fields(), ["Anything__c"]);
    mirror.verify();
}

#[test]
fn a_record_comes_with_its_parents() {
    let mirror = accounts();
    let parents = json!({
        "attributes": { "type": "Account", "url": "/services/data/v65.0/sobjects/Account/001" },
        "Owner": { "attributes": { "type": "User" }, "Name": "Ada" },
        "Parent": null,
        "parent": null,
        "CreatedBy": { "Name": "Ada", "Profile": { "Name": "Standard User" } },
        "LastModifiedBy": null,
        "RecordType": { "DeveloperName": "Customer" },
    });
    let replica = mirror.replica();
    replica.put("Account", &map(&acme(&parents))).unwrap();
    mirror.assert_holds("Account", there("001", 1), &acme(&json!({ "ParentId": null })));
    assert_eq!(passed(&replica), []);
    // What is neither a record nor null is no parent, and a field is no relationship.
    for (key, value) in [
        ("Owner", json!("Ada")),
        ("Parent", json!([])),
        ("Contacts", json!({ "totalSize": 0, "done": true, "records": [] })),
        ("Nonsense", json!(null)),
    ] {
        let refusal = mirror.refused("Account", &acme(&json!({ key: value })));
        assert_eq!(refusal, unknown("Account", &[key]));
    }
    // An object that was derived has parents as well.
    let mirror = Mirror::new();
    let agent = json!({ "Agent": { "Name": "Ada" }, "Owner": null, "createdby": null });
    let id = mirror.put("LiveAgentSession", &with(&session(there("0HK", 7)), &agent));
    mirror.assert_holds("LiveAgentSession", id, &session(there("0HK", 7)));
    mirror.verify();
}

#[test]
fn a_boolean_that_is_not_sent_has_its_default() {
    const LAMP: &Definition =
        &Definition::new("Lamp__c").label("Lamp", "Lamps").key_prefix("a0L").fields(&[
            FieldDefinition::new("On__c", FieldType::Boolean)
                .create()
                .update()
                .default(DefaultValue::Bool(true)),
            FieldDefinition::new("Hot__c", FieldType::Boolean)
                .create()
                .update()
                .defaulted_on_create(),
            FieldDefinition::new("Maybe__c", FieldType::Boolean).create().update().nillable(),
        ]);
    let mirror = Mirror::of(&[LAMP]);
    let id = mirror.put("Lamp__c", &stamped(there("a0L", 1), &json!({})));
    let all = json!({ "On__c": true, "Hot__c": false, "Maybe__c": null });
    mirror.assert_holds("Lamp__c", id, &all);
    // A record that is there keeps what it has.
    let off = json!({ "Id": id, "On__c": false, "Hot__c": true, "Maybe__c": true });
    mirror.put("Lamp__c", &off);
    mirror.put("Lamp__c", &stamped(id, &json!({})));
    mirror.assert_holds("Lamp__c", id, &off);
    // Null is not left out, and no value of a boolean.
    let null = stamped(there("a0L", 2), &json!({ "Hot__c": null }));
    assert_eq!(mirror.refused("Lamp__c", &null).fields, ["Hot__c"]);
    mirror.verify();
}

#[test]
fn a_boolean_that_is_not_listed_has_its_default_too() {
    const BASE: Definition = Definition::new("Lamp__c").label("Lamp", "Lamps").key_prefix("a0L");
    const NAME: FieldDefinition = FieldDefinition::new("Text__c", FieldType::String).nillable();
    const ON: FieldDefinition = FieldDefinition::new("On__c", FieldType::Boolean)
        .create()
        .default(DefaultValue::Bool(true));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lamps.redb");
    let open = |fields: &'static [FieldDefinition]| {
        Mirror::with(|builder| builder.open(&path, &[&BASE.fields(fields)])).unwrap()
    };
    drop(open(const { &[NAME, ON] }));
    let mirror = open(const { &[NAME] });
    let id = mirror.put("Lamp__c", &stamped(there("a0L", 1), &json!({})));
    mirror.verify();
    drop(mirror);
    let mirror = open(const { &[NAME, ON] });
    mirror.assert_holds("Lamp__c", id, &json!({ "On__c": true }));
    mirror.verify();
}

#[test]
fn a_compound_is_held_by_its_parts() {
    let mirror = accounts();
    let replica = mirror.replica();
    let put = |change: &Json| replica.put("Account", &map(&acme(change))).unwrap();
    // The parts count, though the compound has fewer digits, or is another altogether.
    let parts = json!({
        "BillingCity": "Paris", "BillingPostalCode": "75001", "BillingLatitude": 48.856_613_99,
        "Place__Latitude__s": 37.775, "Place__Longitude__s": -122.418,
    });
    for compound in [
        json!({
            "BillingAddress": {
                "city": "Paris", "postalCode": "75001", "latitude": 48.856_614, "longitude": null,
                "geocodeAccuracy": null,
            },
            "Place__c": { "latitude": 37.775_01, "longitude": -122.418 },
        }),
        json!({ "BillingAddress": { "city": "Lyon" }, "place__C": { "latitude": 0 } }),
        json!({ "BillingAddress": null, "Place__c": null }),
    ] {
        let id = put(&with(&parts, &compound));
        mirror.assert_holds("Account", id, &parts);
        mirror.assert_holds("Account", id, &json!({ "BillingAddress": null, "Place__c": null }));
    }
    // Parts that are not sent are taken from the compound, as a query of the compound gives it.
    let id = put(&json!({
        "BillingAddress": { "city": "Lyon", "country": "France", "street": "1 rue A" },
        "BillingCity": "Nice",
        "Place__c": { "latitude": 45.75, "longitude": 4.85 },
    }));
    let held = json!({
        "BillingCity": "Nice", "BillingCountry": "France", "BillingStreet": "1 rue A",
        "BillingPostalCode": "75001", "Place__Latitude__s": 45.75, "Place__Longitude__s": 4.85,
    });
    mirror.assert_holds("Account", id, &held);
    put(&json!({ "Place__c": null }));
    let emptied = json!({ "Place__Latitude__s": null, "Place__Longitude__s": null });
    mirror.assert_holds("Account", id, &with(&held, &emptied));
    assert_eq!(passed(&replica), []);
    // A part that no field holds would be lost, so it is told. One of another type is refused.
    put(&json!({ "BillingAddress": { "city": "Paris", "planet": "Earth" } }));
    put(&json!({ "BillingAddress": "Paris", "Place__c": { "planet": null } }));
    mirror.assert_holds("Account", id, &json!({ "BillingCity": "Paris" }));
    assert_eq!(passed(&replica), [("Account.BillingAddress".to_owned(), true, 2)]);
    let wrong = acme(&json!({ "Place__c": { "latitude": {} } }));
    let error = nothing_changes(&mirror.store, || replica.put("Account", &map(&wrong)));
    assert_eq!(error.unwrap_err().fields(), ["Place__Latitude__s"]);
    mirror.verify();
}

#[test]
fn keys_that_the_object_does_not_have_are_refused_with_all_names() {
    let mirror = Mirror::new();
    let sent =
        with(&part(there("a0P", 1)), &json!({ "Colour": "red", "Twin__r": 1, "size": null }));
    let error = nothing_changes(&mirror.store, || mirror.replica().put("Part", &map(&sent)));
    assert_eq!(error.unwrap_err().fields(), ["Colour", "Twin__r", "size"]);
    let expected = unknown("Part", &["Colour", "Twin__r", "size"]);
    assert_eq!(mirror.refused("Part", &sent), expected);
}

#[test]
fn keys_that_the_object_does_not_have_are_passed_over_on_request_and_told() {
    let mirror = Mirror::new();
    let replica = mirror.replica().pass_over_unknown();
    let sent = |number, change: Json| map(&with(&part(there("a0P", number)), &change));
    replica.put("Part", &sent(1, json!({ "Colour": "red", "Size": null }))).unwrap();
    mirror.assert_holds("Part", there("a0P", 1), &part(there("a0P", 1)));
    let key = |key: &str, n| (key.to_owned(), false, n);
    assert_eq!(passed(&replica), [key("Part.Colour", 1), key("Part.Size", 1)]);
    // A record that is refused does not count, nor does one that is taken back.
    let records = [
        sent(2, json!({ "Colour": "blue" })),
        sent(3, json!({ "Colour": "blue", "Name": null })),
        sent(1, json!({ "Colour": "red" })),
    ];
    let results = replica.put_many("Part", &records).unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    let told = [key("Part.Colour", 3), key("Part.Size", 1)];
    assert_eq!(passed(&replica), told);
    let all_or_none = replica.all_or_none();
    assert!(all_or_none.put_many("Part", &records).unwrap().iter().all(Result::is_err));
    let ended = replica.transaction(|tx| -> Result<()> {
        tx.put("Part", &records[0])?;
        Err(Error::NestedWrite)
    });
    assert!(matches!(ended, Err(Error::NestedWrite)));
    assert_eq!(passed(&replica), told);
    // Replicas that were made of one another share the report; another of the store has its own.
    all_or_none
        .transaction(|tx| -> Result<_> {
            tx.put("User", &map(&with(&user(1), &json!({ "Title": "Countess" }))))?;
            tx.put("Part", &sent(4, json!({ "Colour": "red" })))
        })
        .unwrap();
    let told = [key("Part.Colour", 4), key("Part.Size", 1), key("User.Title", 1)];
    assert_eq!(passed(&replica), told);
    assert_eq!(passed(&mirror.replica()), []);
    // Mistakes in fields that the object has are refused as ever.
    let twice = sent(5, json!({ "Colour": "red", "NAME": "Hub" }));
    assert_eq!(replica.put("Part", &twice).unwrap_err().fields(), ["Name"]);
    mirror.verify();
}

#[test]
fn a_record_without_some_system_fields_is_refused_with_all_that_it_lacks() {
    let mirror = Mirror::new();
    let lacking = ["CreatedDate", "LastModifiedById", "SystemModstamp"];
    let narrow = without(&part(there("a0P", 1)), &lacking);
    assert_eq!(mirror.refused("Part", &narrow), missing(&lacking));
}

#[test]
fn a_record_takes_its_stamps_on_request_from_those_that_are_sent() {
    let (here, latest) = ("2026-03-01T08:00:00.000+0000", "2016-02-29T10:00:00.000+0000");
    let [maker, other] = [there("005", 1), there("005", 2)];
    let all =
        ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"];
    for (lacking, change, expected) in [
        (&[][..], json!({}), json!({})),
        (&["CreatedDate"], json!({}), json!({ "CreatedDate": latest })),
        (
            &["LastModifiedDate", "LastModifiedById", "SystemModstamp"],
            json!({}),
            json!({
                "LastModifiedDate": "2015-12-10T08:00:00.000+0000", "LastModifiedById": maker,
                "SystemModstamp": "2015-12-10T08:00:00.000+0000",
            }),
        ),
        (
            &["CreatedById"],
            json!({ "LastModifiedById": other, "CreatedDate": null }),
            json!({ "CreatedById": other, "CreatedDate": latest }),
        ),
        (
            &all,
            json!({}),
            json!({ "CreatedDate": here, "LastModifiedDate": here, "SystemModstamp": here }),
        ),
    ] {
        let mirror = Mirror::new();
        let replica = mirror.replica().stamps_from_given();
        let id = there("a0P", 1);
        let sent = with(&without(&part(id), lacking), &change);
        replica.put("Part", &map(&sent)).unwrap();
        let kept = without(&with(&part(id), &change), lacking);
        mirror.assert_holds("Part", id, &with(&kept, &expected));
        let before = mirror.verify();
        // The record is there now, and keeps the stamps that are not sent.
        replica.put("Part", &map(&sent)).unwrap();
        assert_eq!(mirror.verify(), before, "{lacking:?}");
        // Other values that are never null are needed all the same.
        let nameless = without(&with(&sent, &json!({ "Id": there("a0P", 2) })), &["Name"]);
        let refused =
            nothing_changes(&mirror.store, || refused(replica.put("Part", &map(&nameless))));
        assert_eq!(refused, missing(&["Name"]), "{lacking:?}");
    }
}

#[test]
fn a_record_without_stamps_has_those_of_the_write_in_the_name_of_the_replicas_user() {
    let mirror = Mirror::new();
    mirror.put("User", &user(2));
    let replica = mirror.store.replica_as(there("005", 2)).stamps_from_given();
    let id = there("a0P", 1);
    replica.put("Part", &map(&json!({ "Id": id, "Name": "Wheel" }))).unwrap();
    let user = there("005", 2);
    mirror.assert_holds("Part", id, &json!({ "CreatedById": user, "LastModifiedById": user }));
    mirror.verify();
}

#[test]
fn every_refusal_of_a_put_names_its_fields() {
    const CODE: &Definition = &Definition::new("Code__c").key_prefix("a0C").fields(&[
        FieldDefinition::new("Code__c", FieldType::String).nillable().unique(),
        FieldDefinition::new("OwnerId", FieldType::Reference)
            .references(&[sobject_core::Target::new("User", "005")])
            .create()
            .defaulted_on_create(),
    ]);
    let mirror = Mirror::of(&[CODE, User::OBJECT]);
    let owned = json!({ "Code__c": "x", "OwnerId": there("005", 1) });
    let first = stamped(there("a0C", 1), &owned);
    mirror.put("Code__c", &first);
    let second = stamped(there("a0C", 2), &with(&owned, &json!({ "Code__c": "y" })));
    for (change, fields) in [
        (json!({ "Colour": 1, "Size": 2 }), &["Colour", "Size"][..]),
        (json!({ "code__C": "z" }), &["Code__c"]),
        (json!({ "Code__c": "x" }), &["Code__c"]),
        (json!({ "Code__c": 5 }), &["Code__c"]),
        (json!({ "Code__c": {} }), &["Code__c"]),
        (json!({ "Code__c": "x".repeat(256) }), &["Code__c"]),
        (json!({ "OwnerId": null }), &["OwnerId"]),
        (json!({ "OwnerId": "what" }), &["OwnerId"]),
        (json!({ "OwnerId": there("00G", 1) }), &["OwnerId"]),
        (json!({ "CreatedDate": "1969-12-31T00:00:00Z" }), &["CreatedDate"]),
        (
            json!({ "CreatedDate": null, "SystemModstamp": null }),
            &["CreatedDate", "SystemModstamp"],
        ),
        (json!({ "Id": null }), &["Id"]),
        (json!({ "Id": "what" }), &["Id"]),
        (json!({ "Id": there("005", 3) }), &["Id"]),
    ] {
        let sent = with(&second, &change);
        let error = nothing_changes(&mirror.store, || mirror.replica().put("Code__c", &map(&sent)));
        assert_eq!(error.unwrap_err().fields(), fields, "{change}");
    }
    mirror.put("Code__c", &second);
    assert_eq!(map(&stamps(there("a0C", 1))).len(), 6);
    mirror.verify();
}
