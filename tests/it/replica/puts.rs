//! What a put does: it makes a record, changes it, moves it into the bin or out of it, and keeps
//! its values exactly.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Definition, FieldDefinition, FieldType, ObjectDescribe, SObject, StoreBuilder,
    chrono::TimeDelta, standard::User,
};

use super::{Mirror, part, session, stamped, stamps, there, user, with, without};
use crate::{
    desk::{OBJECTS, deleted_record, map, missing, no_such_record, refused},
    types::{KIT, duplicate},
};

#[test]
fn a_record_is_held_with_every_value_of_its_source() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    let sent = with(&session(there("0HK", 7)), &json!({ "TimeIdle": 5, "NumFlagRaised": null }));
    let id = mirror.put("LiveAgentSession", &sent);
    assert_eq!(id, there("0HK", 7));
    mirror.assert_holds("LiveAgentSession", id, &sent);
    // An id of fifteen characters is accepted, and so is the key `attributes`.
    let short = json!({
        "attributes": { "type": "User", "url": "/services/data/v65.0/sobjects/User/005" },
        "id": &there("005", 2).to_string()[..15],
    });
    let sent = with(&without(&user(2), &["Id"]), &short);
    assert_eq!(mirror.put("User", &sent), there("005", 2));
    mirror.verify();
}

#[test]
fn what_is_not_given_stays() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    let whole = with(&session(there("0HK", 7)), &json!({ "TimeIdle": 5 }));
    let id = mirror.put("LiveAgentSession", &whole);
    let stamp = "2016-03-01T00:00:00.000+0000";
    for change in [
        json!({ "TimeInChats": 7 }),
        json!({ "TimeIdle": null, "SystemModstamp": stamp }),
        json!({ "LastModifiedDate": stamp, "Name": "00000009" }),
        json!({ "IsDeleted": false, "CreatedDate": "1999-01-01T00:00:00.000+0000" }),
    ] {
        let before = mirror.get("LiveAgentSession", id);
        mirror.put("LiveAgentSession", &with(&change, &json!({ "Id": id })));
        let after = with(&before.into(), &change);
        assert_eq!(Json::from(mirror.get("LiveAgentSession", id)), after);
    }
    assert_eq!(mirror.verify().changes, 2 + 4);
}

#[test]
fn is_deleted_says_where_a_record_goes() {
    // Whether the record was deleted before, the IsDeleted that is given, whether the record is
    // deleted then, and how many changes that is.
    let moves = [
        (None, None, false, 1),
        (None, Some(false), false, 1),
        (None, Some(true), true, 1),
        (Some(false), None, false, 1),
        (Some(false), Some(false), false, 1),
        (Some(false), Some(true), true, 1),
        (Some(true), None, true, 1),
        (Some(true), Some(false), false, 1),
        (Some(true), Some(true), true, 1),
    ];
    for (was, given, becomes, n_changes) in moves {
        for name in ["Wheel", "Tyre"] {
            let mirror = Mirror::new();
            let (id, twin) = (there("a0P", 1), there("a0P", 2));
            mirror.put("Part", &part(twin));
            let mut record = with(&part(id), &json!({ "TwinId": twin }));
            if let Some(was) = was {
                mirror.put("Part", &with(&record, &json!({ "IsDeleted": was })));
            }
            let before = mirror.verify();
            record = with(&without(&record, &["IsDeleted"]), &json!({ "Name": name }));
            if let Some(given) = given {
                record = with(&record, &json!({ "IsDeleted": given }));
            }
            mirror.clock.advance(TimeDelta::days(1));
            assert_eq!(mirror.put("Part", &record), id);

            let case = format!("{was:?} {given:?} {name}");
            let after = mirror.verify();
            let is_same = was == Some(becomes) && name == "Wheel";
            let n_changes = if is_same { 0 } else { n_changes };
            assert_eq!(after.changes - before.changes, n_changes, "{case}");
            let n_live = |it| u64::from(it == Some(false));
            let expected = before.live - n_live(was) + n_live(Some(becomes));
            assert_eq!(after.live, expected, "{case}");
            assert_eq!(after.deleted, u64::from(becomes), "{case}");
            if becomes {
                assert_eq!(refused(mirror.try_get("Part", id)), deleted_record(), "{case}");
                // Undeleting gives it back with the values that it had, except the stamps.
                mirror.store.system().object("Part").unwrap().undelete(id).unwrap();
                mirror.assert_holds("Part", id, &json!({ "Name": name, "TwinId": twin }));
            } else {
                mirror.assert_holds("Part", id, &with(&record, &json!({ "IsDeleted": false })));
            }
            mirror.verify();
        }
    }
}

#[test]
fn a_put_that_changes_nothing_writes_nothing() {
    let mirror = Mirror::new();
    for is_deleted in [false, true] {
        let record = with(&part(there("a0P", 1)), &json!({ "IsDeleted": is_deleted }));
        mirror.put("Part", &record);
        let before = mirror.verify();
        mirror.clock.advance(TimeDelta::hours(1));
        mirror.put("Part", &record);
        mirror.put("Part", &json!({ "Id": there("a0P", 1) }));
        assert_eq!(mirror.verify(), before);
    }
}

#[test]
fn changes_are_dated_here_whatever_the_stamps_of_the_records_are() {
    let mirror = Mirror::new();
    for (number, stamp) in
        ["3000-01-01T00:00:00.000+0000", "1970-01-01T00:00:00.000+0000"].into_iter().enumerate()
    {
        let id = there("a0P", number as u64);
        mirror.put("Part", &with(&part(id), &json!({ "SystemModstamp": stamp })));
        mirror.assert_holds("Part", id, &json!({ "SystemModstamp": stamp }));
    }
    mirror.verify();
    // Ordinary writes afterwards are stamped with the time of this store's clock.
    let parts = mirror.store.system().object("Part").unwrap();
    let now = "2026-03-01T08:00:00.000+0000";
    let new = parts.create(&map(&json!({ "Name": "Spoke" }))).unwrap();
    mirror.assert_holds("Part", new, &json!({ "SystemModstamp": now }));
    parts.update(there("a0P", 0), &map(&json!({ "Name": "Hub" }))).unwrap();
    mirror.assert_holds("Part", there("a0P", 0), &json!({ "SystemModstamp": now }));
    mirror.verify();
    // A put gives the record the stamps of its source again.
    let stamp = "2026-02-01T08:00:00.000+0000";
    let change = json!({ "Id": there("a0P", 0), "SystemModstamp": stamp });
    mirror.put("Part", &change);
    mirror.assert_holds("Part", there("a0P", 0), &change);
    mirror.verify();
}

#[test]
fn stamps_are_cut_to_the_second() {
    let mirror = Mirror::new();
    let fine = json!({ "CreatedDate": "2015-12-10T09:00:00.999+01:00" });
    let id = mirror.put("Part", &with(&part(there("a0P", 1)), &fine));
    mirror.assert_holds("Part", id, &json!({ "CreatedDate": "2015-12-10T08:00:00.000+0000" }));
    mirror.verify();
}

#[test]
fn texts_are_held_to_the_letter_on_no_list_and_in_no_form() {
    let mirror = Mirror::of(&[KIT]);
    for (number, (field, given)) in (1..).zip([
        ("Text__c", json!("  blanks  ")),
        ("Text__c", json!(" ")),
        ("Area__c", json!("two\nlines\n")),
        ("Mail__c", json!("no address")),
        ("Colour__c", json!("Mauve")),
        ("Colour__c", json!("grey")),
        ("Mood__c", json!("rED")),
        ("Tools__c", json!("red; Mauve;;red")),
        ("Tags__c", json!("b;a")),
        ("Phone__c", json!("+1 (23) 45")),
        ("Name", json!("an old number")),
    ]) {
        let id = there("a0K", number);
        let kit = stamped(id, &json!({ "Name": "K-0001", "Sure__c": true, field: given }));
        mirror.put("Kit__c", &kit);
        mirror.assert_holds("Kit__c", id, &json!({ field: given }));
        if field != "Name" {
            mirror.put("Kit__c", &json!({ "Id": id, field: "" }));
            mirror.assert_holds("Kit__c", id, &json!({ field: null }));
        }
    }
    mirror.verify();
}

#[test]
fn decimals_are_held_with_every_digit() {
    let mirror = Mirror::of(&[KIT]);
    let kit = stamped(there("a0K", 1), &json!({ "Name": "K-0001", "Sure__c": true }));
    let values = json!({
        "Double__c": -1234.56789, "Whole__c": 0.5, "Money__c": 0.125, "Share__c": 33.333_333_3,
    });
    let id = mirror.put("Kit__c", &with(&kit, &values));
    mirror.assert_holds("Kit__c", id, &values);
    let before = mirror.verify();
    mirror.put("Kit__c", &with(&kit, &values));
    assert_eq!(mirror.verify(), before);
    // An update of another field leaves these digits as they are.
    let kits = mirror.store.system().object("Kit__c").unwrap();
    kits.update(id, &map(&json!({ "Text__c": "short" }))).unwrap();
    mirror.assert_holds("Kit__c", id, &values);
    kits.update(id, &map(&values)).unwrap();
    mirror.assert_holds("Kit__c", id, &values);
    mirror.verify();
}

#[test]
fn per_caller_fields_are_those_of_the_user_of_the_replica() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    mirror.put("User", &user(2));
    let id = there("0HK", 7);
    let seen = |user: u64| {
        let db = mirror.store.connect(Caller::system_as(there("005", user)));
        let read = db.object("LiveAgentSession").unwrap().get(id).unwrap();
        [read["LastViewedDate"].clone(), read["LastReferencedDate"].clone()]
    };
    let put = |user: u64, change: &Json| {
        let replica = mirror.store.replica_as(there("005", user));
        replica.put("LiveAgentSession", &map(change)).unwrap();
        mirror.verify();
    };
    let (early, late) = ("2016-01-05T09:30:00.000+0000", "2016-01-06T09:30:00.000+0000");
    put(1, &with(&session(id), &json!({ "LastViewedDate": early, "LastReferencedDate": late })));
    assert_eq!((seen(1), seen(2)), ([json!(early), json!(late)], [json!(null), json!(null)]));
    // Setting these dates does not count as a change of the record.
    let before = mirror.verify();
    put(2, &json!({ "Id": id, "LastReferencedDate": late }));
    put(1, &json!({ "Id": id, "LastViewedDate": null }));
    assert_eq!(seen(1), [json!(null), json!(late)]);
    assert_eq!(seen(2), [json!(null), json!(late)]);
    put(1, &json!({ "Id": id, "LastReferencedDate": null }));
    assert_eq!((seen(1), seen(2)), ([json!(null), json!(null)], [json!(null), json!(late)]));
    assert_eq!(mirror.verify(), before);
}

#[test]
fn a_replica_of_a_user_who_is_not_there_writes_nothing() {
    let mirror = Mirror::new();
    let put = || mirror.store.replica_as(there("005", 1)).put("User", &map(&user(1)));
    assert_eq!(refused(put()), no_such_record());
    assert_eq!(mirror.verify().changes, 0);
    mirror.put("User", &user(1));
    put().unwrap();
    mirror.verify();
}

#[test]
fn a_unique_value_arrives_once_its_holder_has_given_it_up() {
    const CODE: &Definition = &Definition::new("Code__c")
        .label("Code", "Codes")
        .key_prefix("a0C")
        .fields(&[FieldDefinition::new("Code__c", FieldType::String).create().nillable().unique()]);
    let mirror = Mirror::of(&[CODE]);
    let record = |number, code: &str| stamped(there("a0C", number), &json!({ "Code__c": code }));
    mirror.put("Code__c", &record(1, "x"));
    let clash = duplicate("Code__c", there("a0C", 1));
    assert_eq!(mirror.refused("Code__c", &record(2, "X")), clash);
    // A deleted record does not hold its value against others, until it is undeleted.
    mirror.put("Code__c", &with(&record(2, "X"), &json!({ "IsDeleted": true })));
    let back = json!({ "Id": there("a0C", 2), "IsDeleted": false });
    assert_eq!(mirror.refused("Code__c", &back), clash);
    mirror.put("Code__c", &record(1, "y"));
    mirror.put("Code__c", &back);
    assert_eq!(mirror.refused("Code__c", &record(1, "x")), duplicate("Code__c", there("a0C", 2)));
    mirror.put("Code__c", &record(1, "y"));
    mirror.verify();
}

#[test]
fn calls_that_an_object_lacks_do_not_keep_its_records_out() {
    let calls = sobject_core::Calls::NONE.describe_sobjects().query().retrieve();
    let sealed = Definition::new("Sealed__c")
        .key_prefix("a0L")
        .calls(calls)
        .fields(const { &[FieldDefinition::new("Text__c", FieldType::String).nillable()] });
    let mirror = Mirror::of(&[&sealed]);
    let record = stamped(there("a0L", 1), &json!({ "Text__c": "made elsewhere" }));
    let id = mirror.put("Sealed__c", &record);
    mirror.assert_holds("Sealed__c", id, &record);
    let create = mirror.store.system().object("Sealed__c").unwrap().create(&map(&json!({})));
    assert_eq!(refused(create).code, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    mirror.verify();
}

#[test]
fn ordinary_calls_go_on_with_records_of_a_replica() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    let id = mirror.put("LiveAgentSession", &session(there("0HK", 7)));
    let sessions = mirror.store.system().object("LiveAgentSession").unwrap();
    sessions.update(id, &map(&json!({ "TimeIdle": 1 }))).unwrap();
    mirror.verify();
    sessions.delete(id).unwrap();
    mirror.verify();
    sessions.undelete(id).unwrap();
    mirror.assert_holds("LiveAgentSession", id, &json!({ "TimeIdle": 1, "Name": "00000123" }));
    mirror.verify();
}

/// The real describe of an object, without these fields.
pub(super) fn described(name: &str, without: &[&str]) -> ObjectDescribe {
    let path = format!("{}/data/describe/{name}.describe.json", env!("CARGO_MANIFEST_DIR"));
    let mut describe: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let fields = describe["fields"].as_array_mut().unwrap();
    fields.retain(|field| !without.contains(&field["name"].as_str().unwrap()));
    serde_json::from_value(describe).unwrap()
}

#[test]
fn an_object_without_some_system_fields_holds_those_that_it_has() {
    const SYSTEM: [&str; 6] = [
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "IsDeleted",
    ];
    for (name, lacking) in [
        // The real describe of this object has no system fields.
        ("Custom__c", &SYSTEM[..]),
        ("OpportunityContactRole", &["SystemModstamp"]),
        ("OpportunityContactRole", &["LastModifiedDate", "LastModifiedById", "SystemModstamp"]),
        ("OpportunityContactRole", &["CreatedDate", "CreatedById", "IsDeleted"]),
        ("OpportunityContactRole", &SYSTEM[..5]),
    ] {
        let describe = described(name, lacking);
        let prefix = describe.key_prefix.clone().unwrap();
        let open = |builder: StoreBuilder| builder.described(describe).in_memory(&[User::OBJECT]);
        let mirror = Mirror::with(open).unwrap();
        let id = there(&prefix, 1);
        let whole = with(&stamps(id), &json!({ "IsDeleted": false }));
        let mut record = without(&whole, lacking);
        let needed = mirror.refused(name, &json!({})).fields;
        let has = |field: &&str| needed.iter().any(|it| it == field);
        for field in SYSTEM[..5].iter().filter(|field| !lacking.contains(field)) {
            assert!(has(field), "{field} of {name} without {lacking:?}: {needed:?}");
        }
        assert!(!lacking.iter().any(has), "{name} without {lacking:?}: {needed:?}");
        for field in needed.iter().filter(|field| whole.get(field).is_none()) {
            let is_reference = field.ends_with("Id");
            let id = if field == "ContactId" { there("003", 1) } else { there("006", 1) };
            let value = if is_reference { json!(id) } else { json!(false) };
            record = with(&record, &json!({ field: value }));
        }
        mirror.put(name, &record);
        mirror.assert_holds(name, id, &record);
        let before = mirror.verify();
        mirror.clock.advance(TimeDelta::days(1));
        mirror.put(name, &record);
        assert_eq!(mirror.verify(), before, "{name} without {lacking:?}");
        let unknown = with(&record, &json!({ lacking[0]: whole[lacking[0]] }));
        assert_eq!(mirror.refused(name, &unknown).code, "INVALID_FIELD");
    }
}

#[test]
fn system_fields_that_an_object_lacked_have_sensible_values_once_it_has_them() {
    const NAME: &str = "OpportunityContactRole";
    let role = |change: &Json| {
        let ids = json!({ "ContactId": there("003", 1), "OpportunityId": there("006", 1) });
        let role = with(&stamped(there("00K", 1), &ids), &json!({ "IsPrimary": false }));
        with(&with(&role, &json!({ "IsDeleted": false })), change)
    };
    let (latest, here) = ("2016-01-05T09:30:00.000+0000", "2026-03-01T08:00:00.000+0000");
    let (maker, other) = (there("005", 1), there("005", 2));
    for (lacking, change, expected) in [
        (&["SystemModstamp"][..], json!({}), json!({ "SystemModstamp": latest })),
        (
            &["CreatedDate", "CreatedById", "SystemModstamp"],
            json!({ "LastModifiedById": other }),
            json!({ "CreatedDate": latest, "CreatedById": other, "SystemModstamp": latest }),
        ),
        (
            &["LastModifiedDate", "LastModifiedById"],
            json!({ "SystemModstamp": "2000-01-01T00:00:00.000+0000" }),
            json!({ "LastModifiedDate": "2015-12-10T08:00:00.000+0000", "LastModifiedById": maker }),
        ),
        (
            &[
                "CreatedDate",
                "LastModifiedDate",
                "SystemModstamp",
                "CreatedById",
                "LastModifiedById",
            ],
            json!({}),
            json!({ "CreatedDate": here, "LastModifiedDate": here, "SystemModstamp": here }),
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("roles.redb");
        let open = |lacking: &[&str]| {
            let describe = described(NAME, lacking);
            Mirror::with(|builder| builder.described(describe).open(&path, &[])).unwrap()
        };
        let mirror = open(lacking);
        mirror.put(NAME, &without(&role(&change), lacking));
        mirror.verify();
        drop(mirror);
        let mirror = open(&[]);
        mirror.verify();
        mirror.assert_holds(NAME, there("00K", 1), &expected);
        let read = mirror.get(NAME, there("00K", 1));
        let users = [&read["CreatedById"], &read["LastModifiedById"]];
        assert!(users.into_iter().all(Json::is_string), "{users:?} without {lacking:?}");
    }
}

#[test]
fn a_file_that_held_no_replica_takes_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ordinary.redb");
    let open = || Mirror::with(|builder| builder.open(&path, OBJECTS)).unwrap();
    let mirror = open();
    let parts = mirror.store.system().object("Part").unwrap();
    let own = parts.create(&map(&json!({ "Name": "Spoke" }))).unwrap();
    let orphan = with(&part(there("a0P", 1)), &json!({ "TwinId": there("a0P", 2) }));
    assert_eq!(mirror.refused("Part", &without(&orphan, &["Name"])), missing(&["Name"]));
    drop((mirror, parts));
    let mirror = open();
    assert_eq!(mirror.verify().unresolved, 0);
    let put = mirror.put("Part", &orphan);
    // The twin has no record, nor has the user who created and last changed the part.
    assert_eq!(mirror.verify().unresolved, 3);
    drop(mirror);
    let mirror = open();
    assert_eq!(mirror.verify().unresolved, 3);
    mirror.assert_holds("Part", put, &orphan);
    mirror.assert_holds("Part", own, &json!({ "Name": "Spoke" }));
}
