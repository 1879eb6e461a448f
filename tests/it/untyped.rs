//! Records as JSON maps: the forms in which values may be given, and the form in which they are
//! read.

use serde_json::{Value as Json, json};
use sobject_core::{
    RecordId, SObject,
    standard::{User, UserUpdate},
};

use crate::desk::{Desk, LiveAgentSession, map, no_such_record, record, refusal, refused};

#[test]
fn values_are_taken_in_the_forms_that_clients_send() {
    let desk = Desk::new();
    let samples = desk.object("Sample");
    let sample = samples.create(&map(&desk.sample_json())).unwrap();
    let ada = desk.agent.to_string();
    let morning = json!("2026-03-01T08:00:00.000+0000");
    for (field, given, stored) in [
        ("Flag", json!("TRUE"), json!(true)),
        ("Flag", json!(" false "), json!(false)),
        ("Size", json!("42"), json!(42)),
        ("Size", json!(" -7 "), json!(-7)),
        ("Size", json!("+5"), json!(5)),
        ("Size", json!("0000000000012"), json!(12)),
        ("Size", json!(-999_999_999), json!(-999_999_999)),
        ("MaybeSize", json!("9999"), json!(9999)),
        ("Weight", json!("1.5"), json!(1.5)),
        ("Weight", json!("-2e3"), json!(-2000.0)),
        ("Weight", json!(" .25 "), json!(0.25)),
        ("Weight", json!(3), json!(3.0)),
        ("Text", json!("  12 \n"), json!("12")),
        ("Day", json!(" 2026-02-28 "), json!("2026-02-28")),
        ("At", json!("2026-03-01T08:00:00Z"), morning.clone()),
        ("At", json!("2026-03-01T08:00:00.999Z"), morning.clone()),
        ("At", json!("2026-03-01T08:00:00.000+0000"), morning.clone()),
        ("At", json!("2026-03-01T10:00:00+02:00"), morning.clone()),
        ("At", json!("2026-03-01T02:30:00-0530"), morning.clone()),
        ("At", json!("1969-12-31T23:59:59.5Z"), json!("1969-12-31T23:59:59.000+0000")),
        ("UserId", json!(ada[..15]), json!(ada)),
        ("UserId", json!(ada), json!(ada)),
        ("EitherId", json!(format!(" {ada} ")), json!(ada)),
    ] {
        samples.update(sample, &map(&json!({ field: given }))).unwrap();
        assert_eq!(samples.get(sample).unwrap()[field], stored, "{field} of {given}");
    }
    desk.verify();
}

#[test]
fn null_and_an_empty_string_empty_a_field_of_any_type() {
    let desk = Desk::new();
    let samples = desk.object("Sample");
    let full = json!({
        "MaybeFlag": true, "MaybeSize": 1, "MaybeWeight": 1.5, "MaybeText": "x",
        "MaybeDay": "2026-03-01", "MaybeAt": "2026-03-01T08:00:00Z", "MaybeUserId": desk.agent,
        "MaybeEitherId": desk.queue,
    });
    for empty in [json!(null), json!(""), json!(" ")] {
        let sample = samples.create(&record(&desk.sample_json(), &full)).unwrap();
        let emptied: Json = map(&full).keys().map(|name| (name.clone(), empty.clone())).collect();
        samples.update(sample, &map(&emptied)).unwrap();
        let stored = samples.get(sample).unwrap();
        for name in map(&full).keys() {
            assert_eq!(stored[name], json!(null), "{name} of {empty}");
        }
    }
    desk.verify();
}

#[test]
fn names_match_in_any_case_and_come_back_as_they_are_declared() {
    let desk = Desk::new();
    let samples = desk.object("sAMPLE");
    let given: Json = map(&desk.sample_json())
        .into_iter()
        .map(|(name, value)| (name.to_uppercase(), value))
        .collect();
    let sample = samples.create(&map(&given)).unwrap();
    samples.update(sample, &map(&json!({ "mAYBEsIZE": 3 }))).unwrap();
    assert_eq!(samples.get(sample).unwrap()["MaybeSize"], 3);
    let row = samples.retrieve(&["maybesize", "TEXT", "id"], &[sample]).unwrap();
    let row = row[0].clone().unwrap();
    let expected = json!({ "MaybeSize": 3, "Text": "text", "Id": sample });
    assert_eq!(Json::from(row), expected);
    desk.verify();
}

#[test]
fn a_field_that_is_named_twice_is_refused() {
    let desk = Desk::new();
    let samples = desk.object("Sample");
    let twice = map(&json!({ "text": "a", "TEXT": "b" }));
    let expected = refusal("INVALID_FIELD", "Field Text is specified more than once", &[]);
    let id = desk.db.create(desk.sample()).unwrap();
    desk.nothing_changes(|| {
        assert_eq!(refused(samples.create(&twice)), expected);
        assert_eq!(refused(samples.update(id.into(), &twice)), expected);
    });
}

#[test]
fn the_attributes_that_clients_send_along_are_no_field() {
    let desk = Desk::new();
    let attributes = json!({ "attributes": { "type": "Sample", "url": "/x" }, "MaybeSize": 1 });
    let samples = desk.object("Sample");
    let sample = samples.create(&record(&desk.sample_json(), &attributes)).unwrap();
    samples.update(sample, &map(&attributes)).unwrap();
    assert!(!samples.get(sample).unwrap().contains_key("attributes"));
    desk.verify();
}

#[test]
fn a_record_is_read_with_every_field_in_the_order_of_the_object() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let session = desk.object("LiveAgentSession").get(id.into()).unwrap();
    let system = [
        "Id",
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    ];
    let declared = LiveAgentSession::OBJECT.fields.iter().map(|field| field.name);
    assert!(session.keys().map(String::as_str).eq(system.into_iter().chain(declared)));

    let desk_user = desk.agent.to_string();
    for (name, value) in [
        ("Id", json!(id.to_string())),
        ("IsDeleted", json!(false)),
        ("CreatedDate", json!("2026-03-01T08:00:00.000+0000")),
        ("CreatedById", json!(desk_user)),
        ("Name", json!("00000001")),
        ("OwnerId", json!(desk_user)),
        ("LogoutTime", json!("2026-03-01T16:30:00.000+0000")),
        ("ChatReqAssigned", json!(null)),
        ("LastViewedDate", json!(null)),
    ] {
        assert_eq!(session[name], value, "{name}");
    }
    let user = desk.object("User").get(desk.agent.into()).unwrap();
    assert!(!user.contains_key("IsDeleted"), "users cannot be deleted");
    desk.verify();
}

#[test]
fn retrieve_gives_the_fields_asked_for_in_their_order() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap().record_id();
    let sessions = desk.object("LiveAgentSession");
    let nowhere = "0HKxx0000000099".parse().unwrap();
    let rows = sessions.retrieve(&["Name", "CreatedById", "Id"], &[nowhere, id, id]).unwrap();
    assert_eq!(rows[0], None);
    assert_eq!(rows[1], rows[2]);
    let names: Vec<_> = rows[1].as_ref().unwrap().keys().collect();
    assert_eq!(names, ["Name", "CreatedById", "Id"]);
    assert_eq!(sessions.retrieve(&[], &[id]).unwrap(), [Some(map(&json!({})))]);

    let unknown = sessions.retrieve(&["Name", "Nonsense"], &[id]);
    let message = "No such column 'Nonsense' on sobject of type LiveAgentSession";
    assert_eq!(refused(unknown), refusal("INVALID_FIELD", message, &[]));
    desk.verify();
}

#[test]
fn the_calls_of_a_record_work_on_json_from_birth_to_bin_and_back() {
    let desk = Desk::new();
    let parts = desk.object("Part");
    let part = parts.create(&map(&json!({ "Name": "Wheel" }))).unwrap();
    parts.update(part, &map(&json!({ "Name": "Rim", "TwinId": part }))).unwrap();
    assert_eq!(parts.count().unwrap(), 1);
    parts.delete(part).unwrap();
    assert_eq!(parts.count().unwrap(), 0);
    assert_eq!(refused(parts.get(part)).code, "ENTITY_IS_DELETED");
    parts.undelete(part).unwrap();
    let rim = parts.get(part).unwrap();
    assert_eq!((&rim["Name"], &rim["TwinId"]), (&json!("Rim"), &json!(part)));
    desk.verify();
}

#[test]
fn a_transaction_takes_json_and_structs_side_by_side() {
    let desk = Desk::new();
    let part = desk
        .db
        .transaction(|tx| {
            tx.update(
                desk.agent,
                UserUpdate { name: "Ada L.".to_owned().into(), ..Default::default() },
            )?;
            let mut parts = tx.object("Part")?;
            let [wheel, rim] = ["Wheel", "Rim"].map(|name| map(&json!({ "Name": name })));
            let made = parts.create_many(&[wheel, rim])?;
            let made: Vec<RecordId> = made.into_iter().collect::<Result<_, _>>()?;
            parts.update_many(&[map(&json!({ "Id": made[0], "TwinId": made[1] }))])?.remove(0)?;
            parts.delete_many(&made[..1])?.remove(0)?;
            assert_eq!(parts.count()?, 1);
            parts.undelete_many(&made[..1])?.remove(0)?;
            assert_eq!(parts.get(made[0])?["TwinId"], json!(made[1]));
            assert_eq!(parts.retrieve(&["Name"], &made)?.len(), 2);
            Ok::<_, sobject_core::Error>(made[0])
        })
        .unwrap();
    assert_eq!(desk.object("Part").get(part).unwrap()["Name"], "Wheel");
    assert_eq!(desk.get::<User>(desk.agent).name, "Ada L.");
    let missing = desk.object("Part").undelete("a0Pxx0000000099".parse().unwrap());
    assert_eq!(refused(missing).code, "UNDELETE_FAILED");
    assert_eq!(
        refused(desk.object("User").get("005xx0000000099".parse().unwrap())),
        no_such_record()
    );
    desk.verify();
}
