//! Refusals: the code, the message and the fields of each, and that nothing is written.
//!
//! Creates and updates refuse a value in the same way, so most tables here are tried with both.

use std::fmt::Debug;

use serde_json::{Value as Json, json};
use sobject_core::{
    Calls, Definition, Error, FieldDefinition, FieldType, Id, Result, SObject, Store,
    standard::User,
};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionUpdate, Part, PartCreate, Refusal, Sample,
    SampleCreate, SampleUpdate, day, deleted_record, id, map, missing, no_such_record,
    not_writeable, record, refusal, refused, verify,
};
use crate::types::unreadable_as;

/// Asserts that a sample with these values is refused as expected, on create and on update.
fn assert_refused(desk: &Desk, values: &Json, expected: &Refusal) {
    let samples = desk.object("Sample");
    let sample = samples.create(&map(&desk.sample_json())).unwrap();
    let before = samples.get(sample).unwrap();
    desk.nothing_changes(|| {
        let created = samples.create(&record(&desk.sample_json(), values));
        assert_eq!(&refused(created), expected, "create with {values}");
        let updated = samples.update(sample, &map(values));
        assert_eq!(&refused(updated), expected, "update with {values}");
    });
    assert_eq!(samples.get(sample).unwrap(), before, "{values}");
}

#[test]
fn values_of_another_type_are_refused() {
    let desk = Desk::new();
    for (field, of, values) in [
        (
            "Flag",
            FieldType::Boolean,
            vec![json!("yes"), json!("2"), json!("1"), json!("0"), json!(0.5), json!(1)],
        ),
        ("MaybeFlag", FieldType::Boolean, vec![json!("yes"), json!("t"), json!("1")]),
        (
            "Size",
            FieldType::Int,
            vec![
                json!(1.5),
                json!(true),
                json!("one"),
                json!("1,000"),
                json!("0x10"),
                json!("1e3"),
            ],
        ),
        ("MaybeSize", FieldType::Int, vec![json!("+-1"), json!("1 2"), json!("-"), json!("1.0")]),
        (
            "Weight",
            FieldType::Double,
            vec![json!(false), json!("heavy"), json!("1_000"), json!("1e")],
        ),
        ("MaybeWeight", FieldType::Double, vec![json!("inf"), json!("NaN"), json!("-infinity")]),
        ("Text", FieldType::String, vec![json!(7), json!(true), json!(1.5)]),
        (
            "Day",
            FieldType::Date,
            vec![json!("2026-02-30"), json!("2026-3-1"), json!("01.03.2026"), json!(20_260_301)],
        ),
        (
            "At",
            FieldType::DateTime,
            vec![
                json!("2026-03-01T08:00:00"),
                json!("2026-03-01 08:00:00Z"),
                json!("2026-13-01T08:00:00Z"),
                json!("2026-03-01T24:30:00Z"),
                json!("noon"),
                json!(1_772_352_000),
            ],
        ),
        ("UserId", FieldType::Reference, vec![json!(5), json!(true)]),
    ] {
        for value in values {
            let expected = unreadable_as(of, &value);
            assert_refused(&desk, &json!({ field: value }), &expected);
        }
    }
    // Null is a value of the JSON, and no value of a boolean.
    let message = "Flag: value not of required type: ";
    let expected = refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", message, &["Flag"]);
    assert_refused(&desk, &json!({ "Flag": null }), &expected);
}

#[test]
fn numbers_out_of_range_are_refused() {
    let desk = Desk::new();
    for (field, label, values) in [
        (
            "Size",
            "Size",
            vec![
                json!(1_000_000_000),
                json!(-1_000_000_000),
                json!(i32::MIN),
                json!("1000000000"),
                json!(99_999_999_999_i64),
                json!("-99999999999999999999999999"),
            ],
        ),
        ("MaybeSize", "Small Size", vec![json!(10_000), json!(-10_000)]),
    ] {
        for value in values {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let message =
                format!("{label}: value outside of valid range on numeric field: {shown}");
            let expected = refusal("NUMBER_OUTSIDE_VALID_RANGE", message, &[field]);
            assert_refused(&desk, &json!({ field: value }), &expected);
        }
    }
    for (given, printed) in
        [("1e999", "Infinity"), ("-1e999", "-Infinity"), ("1000000000000000000", "1.0E18")]
    {
        let message = format!("Weight: value outside of valid range on numeric field: {printed}");
        let expected = refusal("NUMBER_OUTSIDE_VALID_RANGE", message, &["Weight"]);
        assert_refused(&desk, &json!({ "Weight": given }), &expected);
    }
    desk.verify();
}

#[test]
fn days_and_moments_of_other_centuries_are_refused() {
    let desk = Desk::new();
    let wrong_type = |label, value: &str, field| {
        let message = format!("{label}: value not of required type: {value}");
        refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", message, &[field])
    };
    for day in ["1699-12-31", "4001-01-01"] {
        assert_refused(&desk, &json!({ "Day": day }), &wrong_type("Day", day, "Day"));
    }
    for (given, moment) in [
        ("1699-12-31T23:59:59Z", "1699-12-31T23:59:59.000+0000"),
        ("1700-01-01T00:00:00+01:00", "1699-12-31T23:00:00.000+0000"),
        ("4000-12-31T00:00:01Z", "4000-12-31T00:00:01.000+0000"),
        ("4000-12-31T00:00:00-00:01", "4000-12-31T00:01:00.000+0000"),
    ] {
        assert_refused(&desk, &json!({ "At": given }), &wrong_type("At", moment, "At"));
    }
}

#[test]
fn text_that_is_too_long_is_refused() {
    let desk = Desk::new();
    let long = "é".repeat(256);
    for (field, label, given, max) in [
        ("Text", "Short Text", "0123456789x", 10),
        ("Text", "Short Text", "01234 56789", 10),
        ("MaybeText", "Maybe Text", &long, 255),
    ] {
        let message = format!("{label}: data value too large: {given} (max length={max})");
        let expected = refusal("STRING_TOO_LONG", message, &[field]);
        assert_refused(&desk, &json!({ field: given }), &expected);
        assert_refused(&desk, &json!({ field: format!("  {given}\n") }), &expected);
    }
}

#[test]
fn objects_and_arrays_are_no_values() {
    let desk = Desk::new();
    let samples = desk.object("Sample");
    desk.nothing_changes(|| {
        for field in ["Text", "MaybeSize", "UserId", "MaybeAt", "Flag"] {
            for value in [json!({}), json!([]), json!({ "a": 1 }), json!(["a"])] {
                let given = record(&desk.sample_json(), &json!({ field: value }));
                let refusal = refused(samples.create(&given));
                assert_eq!(refusal.code, "JSON_PARSER_ERROR", "{field} {value}");
                assert!(refusal.message.starts_with("Cannot deserialize"), "{refusal:?}");
                assert_eq!(refusal.fields, Vec::<String>::new(), "{field} {value}");
            }
        }
    });
}

#[test]
fn malformed_references_are_refused() {
    let desk = Desk::new();
    let ada = desk.agent.to_string();
    let flipped = format!("{}{}", &ada[..15], if ada.ends_with('A') { "AAB" } else { "AAA" });
    let other_case = "005xx000000000AAAA";
    for given in ["nonsense", "005", &ada[..14], &ada[..17], "005xx00000000é", &flipped, other_case]
    {
        let message = format!("User ID: id value of incorrect type: {given}");
        let expected = refusal("MALFORMED_ID", message, &["UserId"]);
        assert_refused(&desk, &json!({ "UserId": given }), &expected);
    }
}

#[test]
fn references_to_records_of_another_object_are_refused() {
    let desk = Desk::new();
    let session = desk.db.create(desk.session()).unwrap();
    let queue = desk.queue.to_string();
    for (field, label, given) in [
        ("UserId", "User ID", queue.as_str()),
        ("MaybeUserId", "Maybe User ID", &queue),
        ("EitherId", "Either ID", &session.to_string()),
        ("EitherId", "Either ID", "001xx0000000001AAA"),
    ] {
        let message = format!("{label}: id value of incorrect type: {given}");
        let expected = refusal("FIELD_INTEGRITY_EXCEPTION", message, &[field]);
        assert_refused(&desk, &json!({ field: given }), &expected);
    }
}

#[test]
fn references_that_lead_to_no_live_record_are_refused() {
    let desk = Desk::new();
    for (field, given) in [
        ("UserId", "005xx0000000099"),
        ("UserId", "005zz0000000001"),
        ("MaybeUserId", "005xx0zzzzzzzzz"),
        ("EitherId", "00Gxx0000000099"),
        ("ParentId", "a0Pxx0000000001"),
    ] {
        assert_refused(&desk, &json!({ field: given }), &no_such_record());
    }
    let part = desk.db.create(PartCreate::new("Wheel")).unwrap();
    desk.db.delete(part).unwrap();
    assert_refused(&desk, &json!({ "ParentId": part }), &deleted_record());
}

#[test]
fn a_reference_refused_names_its_field_to_the_reader_of_the_error() {
    let desk = Desk::new();
    let nobody = id("005xx0000000099");
    let sample = SampleCreate { maybe_user_id: Some(Id::new(nobody)), ..desk.sample() };
    let error = desk.db.create(sample).unwrap_err();
    let is_named = matches!(
        &error,
        Error::NotFound { object, field: Some(field), id }
            if object == "Sample" && field == "MaybeUserId" && *id == nobody
    );
    assert!(is_named, "{error:?}");
    assert_eq!(
        error.to_string(),
        "Sample: INVALID_CROSS_REFERENCE_KEY: invalid cross reference id \
         (MaybeUserId: 005xx0000000099AAA)"
    );
    desk.verify();
}

#[test]
fn unknown_fields_are_refused() {
    let desk = Desk::new();
    for name in ["Nonsense", "Text__c", "User", "", "attribute"] {
        let message = format!("No such column '{name}' on sobject of type Sample");
        let expected = refusal("INVALID_FIELD", message, &[]);
        assert_refused(&desk, &json!({ name: null }), &expected);
    }
    let users = desk.object("User");
    let expected =
        refusal("INVALID_FIELD", "No such column 'IsDeleted' on sobject of type User", &[]);
    let update = users.update(desk.agent.into(), &map(&json!({ "IsDeleted": true })));
    assert_eq!(refused(update), expected, "without the delete call there is no IsDeleted");
    desk.verify();
}

#[test]
fn all_fields_that_a_call_may_not_write_are_named() {
    let desk = Desk::new();
    let everything = json!({
        "Sealed": 1, "Text": "fine", "Name": "S-1", "SystemModstamp": null, "IsDeleted": false,
        "createddate": "2026-03-01T08:00:00Z", "LastModifiedById": desk.agent,
        "LastModifiedDate": null, "CreatedById": null,
    });
    let system = [
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    ];
    let expected = not_writeable(&[&system[..], &["Name", "Sealed"]].concat());
    assert_refused(&desk, &everything, &expected);

    let sessions = desk.object("LiveAgentSession");
    desk.nothing_changes(|| {
        let seen = json!({ "LastViewedDate": null, "LastReferencedDate": null });
        let refusal = refused(sessions.create(&record(&desk.session_json(), &seen)));
        assert_eq!(refusal, not_writeable(&["LastReferencedDate", "LastViewedDate"]));
    });
}

#[test]
fn a_field_without_the_word_update_is_written_once() {
    let desk = Desk::new();
    let samples = desk.object("Sample");
    let here = json!({ "Origin": "here" });
    let sample = samples.create(&record(&desk.sample_json(), &here)).unwrap();
    desk.nothing_changes(|| {
        let given = json!({ "Origin": "there", "Sealed": 1 });
        let refusal = refused(samples.update(sample, &map(&given)));
        assert_eq!(refusal, not_writeable(&["Origin", "Sealed"]));
    });
    assert_eq!(samples.get(sample).unwrap()["Origin"], "here");
}

#[test]
fn a_create_that_gives_an_id_is_refused() {
    let desk = Desk::new();
    let message = "cannot specify Id in an insert call";
    let expected = refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, &["Id"]);
    let samples = desk.object("Sample");
    desk.nothing_changes(|| {
        for given in [json!({ "Id": "a0Sxx0000000009" }), json!({ "iD": null, "Name": "x" })] {
            let given = record(&desk.sample_json(), &given);
            assert_eq!(refused(samples.create(&given)), expected);
        }
    });
}

#[test]
fn all_required_fields_that_are_missing_are_named() {
    let desk = Desk::new();
    let sessions = desk.object("LiveAgentSession");
    let samples = desk.object("Sample");
    let required = ["Size", "Weight", "Text", "Day", "At", "UserId", "EitherId"];
    desk.nothing_changes(|| {
        let nothing = sessions.create(&map(&json!({})));
        assert_eq!(refused(nothing), missing(&["AgentId", "LoginTime", "LogoutTime"]));
        let nothing = samples.create(&map(&json!({})));
        assert_eq!(refused(nothing), missing(&required));
    });
    let emptied = json!({
        "EitherId": null, "UserId": "", "At": "", "Day": null, "Text": " \t", "Weight": "",
        "Size": null,
    });
    assert_refused(&desk, &emptied, &missing(&required));
    assert_refused(&desk, &json!({ "Text": "" }), &missing(&["Text"]));
}

#[test]
fn typed_writes_are_refused_alike() {
    let desk = Desk::new();
    let sample = desk.db.create(desk.sample()).unwrap();
    let range = |label, value, field| {
        let message = format!("{label}: value outside of valid range on numeric field: {value}");
        refusal("NUMBER_OUTSIDE_VALID_RANGE", message, &[field])
    };
    let group = Id::<User>::new(desk.queue.record_id());
    let wrong_object = format!("User ID: id value of incorrect type: {group}");
    let update = SampleUpdate::default;
    for (update, expected) in [
        (SampleUpdate { size: i32::MIN.into(), ..update() }, range("Size", "-2147483648", "Size")),
        (
            SampleUpdate { maybe_size: 10_000.into(), ..update() },
            range("Small Size", "10000", "MaybeSize"),
        ),
        (
            SampleUpdate { day: day("1699-12-31").into(), ..update() },
            refusal(
                "INVALID_TYPE_ON_FIELD_IN_RECORD",
                "Day: value not of required type: 1699-12-31",
                &["Day"],
            ),
        ),
        (SampleUpdate { weight: f64::NAN.into(), ..update() }, range("Weight", "NaN", "Weight")),
        (
            SampleUpdate { maybe_weight: f64::NEG_INFINITY.into(), ..update() },
            range("Maybe Weight", "-Infinity", "MaybeWeight"),
        ),
        (SampleUpdate { text: " ".to_owned().into(), ..update() }, missing(&["Text"])),
        (
            SampleUpdate { user_id: group.into(), ..update() },
            refusal("FIELD_INTEGRITY_EXCEPTION", wrong_object, &["UserId"]),
        ),
    ] {
        desk.nothing_changes(|| {
            assert_eq!(refused(desk.db.update(sample, &update)), expected, "{update:?}");
        });
    }
}

#[test]
fn a_record_is_refused_by_the_first_stage_that_it_fails() {
    let desk = Desk::new();
    let code_of = |values: Json| {
        let given = record(&desk.sample_json(), &values);
        refused(desk.object("Sample").create(&given)).code
    };
    // Each of these records fails one stage of the checks and all later ones.
    let last = json!({ "Text": "" });
    let values = record(&last, &json!({ "MaybeText": "x".repeat(256) }));
    let references = record(&values.clone().into(), &json!({ "UserId": "005xx0000000099" }));
    let read_only = record(&references.clone().into(), &json!({ "Name": "S-1" }));
    let unknown = record(&read_only.clone().into(), &json!({ "Nonsense": 1 }));
    let types = record(&unknown.clone().into(), &json!({ "Size": "one" }));
    desk.nothing_changes(|| {
        for (record, code) in [
            (map(&last), "REQUIRED_FIELD_MISSING"),
            (values, "STRING_TOO_LONG"),
            (references, "INVALID_CROSS_REFERENCE_KEY"),
            (read_only, "INVALID_FIELD_FOR_INSERT_UPDATE"),
            (unknown, "INVALID_FIELD"),
            (types, "JSON_PARSER_ERROR"),
        ] {
            assert_eq!(code_of(record.clone().into()), code, "{record:?}");
        }
    });
}

/// Asserts that every call that takes the id of a session refuses `id` as expected.
fn assert_id_refused(desk: &Desk, id: Id<LiveAgentSession>, expected: &Refusal) {
    fn shown<T: Debug>(result: Result<T>) -> Refusal {
        refused(result)
    }
    let sessions = desk.object("LiveAgentSession");
    let update = LiveAgentSessionUpdate::default();
    let raw = id.record_id();
    desk.nothing_changes(|| {
        for (call, refusal) in [
            ("get", shown(desk.db.get(id))),
            ("update", shown(desk.db.update(id, &update))),
            ("delete", shown(desk.db.delete(id))),
            ("mark_viewed", shown(desk.db.mark_viewed(id))),
            ("mark_referenced", shown(desk.db.mark_referenced(id))),
            ("untyped get", shown(sessions.get(raw))),
            ("untyped update", shown(sessions.update(raw, &map(&json!({}))))),
            ("untyped delete", shown(sessions.delete(raw))),
        ] {
            assert_eq!(&refusal, expected, "{call} of {id}");
        }
    });
}

#[test]
fn an_id_of_another_object_names_no_record_here() {
    let desk = Desk::new();
    let queue = Id::new(desk.queue.record_id());
    let message = format!("Chat Session ID: id value of incorrect type: {queue}");
    let expected = refusal("MALFORMED_ID", message, &["Id"]);
    assert_id_refused(&desk, queue, &expected);
    assert_eq!(refused(desk.db.undelete(queue)), expected);
}

#[test]
fn an_id_that_leads_nowhere_is_refused() {
    let desk = Desk::new();
    for unknown in ["0HKxx0000000001", "0HKzz0000000001", "0HKxx0zzzzzzzzz"] {
        assert_id_refused(&desk, unknown.parse().unwrap(), &no_such_record());
    }
}

#[test]
fn an_id_of_a_deleted_record_is_refused() {
    let desk = Desk::new();
    let session = desk.db.create(desk.session()).unwrap();
    desk.db.delete(session).unwrap();
    assert_id_refused(&desk, session, &deleted_record());
}

#[test]
fn the_stores_own_user_is_no_record() {
    let desk = Desk::new();
    let queue = desk.get(desk.queue);
    let system_user = Id::<User>::new(queue.created_by_id);
    let users = desk.object("User");
    desk.nothing_changes(|| {
        assert_eq!(refused(desk.db.get(system_user)), no_such_record());
        let named = json!({ "Name": "Root" });
        let updated = users.update(system_user.into(), &map(&named));
        assert_eq!(refused(updated), no_such_record());
    });
}

#[test]
fn calls_that_an_object_does_not_have_are_refused() {
    const FIELDS: &[FieldDefinition] =
        &[FieldDefinition::new("Text__c", FieldType::String).create().update().nillable()];
    const LOG: &Definition = &Definition::new("Log__c")
        .label("Log Entry", "Log Entries")
        .key_prefix("a0L")
        .calls(Calls::NONE.query())
        .fields(FIELDS);
    const NOTE: &Definition = &Definition::new("Note__c")
        .label("Note", "Notes")
        .key_prefix("a0N")
        .calls(Calls::NONE.create())
        .fields(FIELDS);
    let store = Store::in_memory(&[LOG, NOTE]).unwrap();
    let db = store.system();
    let (logs, notes) = (db.object("Log__c").unwrap(), db.object("Note__c").unwrap());
    let text = map(&json!({ "Text__c": "x" }));
    let note = notes.create(&text).unwrap();

    let entity = |message: &str| refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, &[]);
    let rights = || {
        let message = "insufficient access rights on object id";
        refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, &[])
    };
    let before = verify(&store);
    assert_eq!(refused(logs.create(&text)), entity("entity type cannot be inserted: Log Entry"));
    assert_eq!(refused(notes.update(note, &text)), entity("entity type cannot be updated: Note"));
    assert_eq!(refused(notes.delete(note)), rights());
    assert_eq!(refused(notes.undelete(note)), rights());
    let operation = |message: &str| refusal("INVALID_TYPE_FOR_OPERATION", message, &[]);
    let no_retrieve = || operation("entity type Note__c does not support retrieve");
    assert_eq!(refused(notes.get(note)), no_retrieve());
    assert_eq!(refused(notes.retrieve(&["Text__c"], &[note])), no_retrieve());
    assert_eq!(refused(notes.count()), operation("entity type Note__c does not support query"));
    assert_eq!(verify(&store), before);
}

#[test]
fn an_object_that_the_store_does_not_have_is_refused() {
    let desk = Desk::new();
    let refusal = refused(desk.db.object("Nonsense"));
    assert_eq!((refusal.code, refusal.fields), ("INVALID_TYPE", vec![]));
    assert!(refusal.message.contains("'Nonsense'"), "{}", refusal.message);

    let store = Store::in_memory(&[User::OBJECT]).unwrap();
    let db = store.system();
    let part = Id::<Part>::new(id("a0Pxx0000000001"));
    for error in [
        db.create(PartCreate::new("Wheel")).unwrap_err(),
        db.get(part).unwrap_err(),
        db.retrieve(&[part]).unwrap_err(),
        db.count::<Part>().unwrap_err(),
        db.delete(part).unwrap_err(),
        db.describe::<Part>().unwrap_err(),
        db.find(Part::FIELDS.name, "Wheel").unwrap_err(),
    ] {
        assert!(matches!(&error, Error::UnknownObject { object } if object == "Part"), "{error}");
    }
    verify(&store);
}

#[test]
fn codes_are_spelt_as_the_platform_spells_them() {
    let desk = Desk::new();
    let sample = SampleCreate { text: "far too long".into(), ..desk.sample() };
    let error = desk.db.create(sample).unwrap_err();
    assert_eq!(error.status_code().to_string(), "STRING_TOO_LONG");
    assert_eq!(error.object(), Sample::NAME);
    assert_eq!(
        error.to_string(),
        "Sample: STRING_TOO_LONG: Short Text: data value too large: far too long \
         (max length=10) (Text)"
    );
    desk.verify();
}
