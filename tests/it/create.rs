//! Create: what the store adds to a record, and what it does to the values that it is given.

use serde_json::json;
use sobject_core::{
    Caller, Definition, FieldDefinition, FieldType, Id, Ref, SObject, Store,
    chrono::TimeDelta,
    standard::{Group, User, UserCreate},
};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, Sample, SampleCreate, at, day, id, map, record,
    refusal, refused, verify,
};

#[test]
fn a_created_record_is_stamped_by_clock_and_caller() {
    let desk = Desk::new();
    desk.clock.advance(TimeDelta::minutes(7));
    let session = desk.get(desk.db.create(desk.session()).unwrap());
    let now = at("2026-03-01T08:07:00Z");
    assert_eq!(session.created_date, now);
    assert_eq!(session.last_modified_date, now);
    assert_eq!(session.system_modstamp, now);
    assert_eq!(session.created_by_id, desk.agent.record_id());
    assert_eq!(session.last_modified_by_id, desk.agent.record_id());
    assert!(!session.is_deleted);
    desk.verify();
}

#[test]
fn stamps_are_whole_seconds() {
    let desk = Desk::new();
    desk.clock.set(at("2026-03-01T09:15:42.987Z"));
    let session = desk.get(desk.db.create(desk.session()).unwrap());
    assert_eq!(session.system_modstamp, at("2026-03-01T09:15:42Z"));
    desk.verify();
}

#[test]
fn stamps_stand_still_while_the_clock_is_behind() {
    let desk = Desk::new();
    desk.clock.set(at("2026-03-01T12:00:00Z"));
    desk.db.create(desk.session()).unwrap();
    desk.clock.set(at("2026-03-01T11:00:00Z"));
    let behind = desk.get(desk.db.create(desk.session()).unwrap());
    assert_eq!(behind.created_date, at("2026-03-01T12:00:00Z"));
    desk.clock.set(at("2026-03-01T12:00:01Z"));
    let caught_up = desk.get(desk.db.create(desk.session()).unwrap());
    assert_eq!(caught_up.created_date, at("2026-03-01T12:00:01Z"));
    desk.verify();
}

#[test]
fn system_mode_stamps_a_user_who_always_resolves() {
    let desk = Desk::new();
    let system = desk.store.system();
    let session = desk.get(system.create(desk.session()).unwrap());
    let system_user = session.created_by_id;
    assert_eq!(system_user.to_string(), "005xx0000000000AAA");
    assert_eq!(session.owner_id.record_id(), system_user);

    let theirs = LiveAgentSessionCreate {
        owner_id: Some(Ref::new(system_user)),
        ..LiveAgentSessionCreate::new(Id::new(system_user), session.login_time, session.logout_time)
    };
    let theirs = desk.get(desk.db.create(theirs).unwrap());
    assert_eq!(theirs.agent_id.record_id(), system_user);
    desk.verify();
}

#[test]
fn a_caller_who_is_no_user_writes_nothing() {
    let desk = Desk::new();
    let nobody = desk.store.connect(Caller::system_as(id("005xx0000000099")));
    let queue = desk.store.connect(Caller::system_as(desk.queue));
    desk.nothing_changes(|| {
        let expected = refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", &[]);
        assert_eq!(refused(nobody.create(desk.session())), expected);
        let message = format!("User ID: id value of incorrect type: {}", desk.queue);
        let expected = refusal("MALFORMED_ID", message, &["Id"]);
        assert_eq!(refused(queue.create(desk.session())), expected);
    });
}

#[test]
fn without_the_object_user_any_user_id_is_a_caller() {
    const NOTE: &Definition = &Definition::new("Note__c")
        .key_prefix("a0N")
        .fields(&[FieldDefinition::new("Text__c", FieldType::String).create().nillable()]);
    let store = Store::in_memory(&[NOTE]).unwrap();
    let user = id("005xx0000000099");
    let notes = store.connect(Caller::system_as(user)).object("Note__c").unwrap();
    let note = notes.create(&map(&json!({}))).unwrap();
    assert_eq!(notes.get(note).unwrap()["CreatedById"], user.to_string());

    let account = store.connect(Caller::system_as(id("001xx0000000099")));
    let refusal = refused(account.object("Note__c").unwrap().create(&map(&json!({}))));
    assert_eq!(refusal.code, "MALFORMED_ID");
    verify(&store);
}

#[test]
fn the_owner_is_the_caller_unless_given() {
    let desk = Desk::new();
    let ours = desk.get(desk.db.create(desk.session()).unwrap());
    assert_eq!(ours.owner_id, Ref::to(desk.agent));
    let given = LiveAgentSessionCreate { owner_id: Some(Ref::to(desk.queue)), ..desk.session() };
    let theirs = desk.get(desk.db.create(given).unwrap());
    assert_eq!(theirs.owner_id, Ref::to(desk.queue));
    assert_eq!(theirs.created_by_id, desk.agent.record_id());
    desk.verify();
}

#[test]
fn a_boolean_that_is_not_given_is_false() {
    let desk = Desk::new();
    let sample = desk.get(desk.db.create(desk.sample()).unwrap());
    assert_eq!((sample.flag, sample.maybe_flag), (false, None));
    let given = SampleCreate { flag: Some(true), maybe_flag: Some(false), ..desk.sample() };
    let sample = desk.get(desk.db.create(given).unwrap());
    assert_eq!((sample.flag, sample.maybe_flag), (true, Some(false)));
    desk.verify();
}

#[test]
fn every_type_comes_back_as_it_was_given() {
    let desk = Desk::new();
    let ada = desk.agent;
    let given = SampleCreate {
        flag: Some(true),
        maybe_flag: Some(true),
        maybe_size: Some(-9_999),
        maybe_weight: Some(-123_456_789_012_345_680.0),
        maybe_text: Some("a\0b \u{1F600} 'c' \"d\"\n\te".into()),
        maybe_day: Some(day("1700-01-01")),
        maybe_at: Some(at("4000-12-31T00:00:00Z")),
        maybe_user_id: Some(ada),
        maybe_either_id: Some(Ref::to(ada)),
        origin: Some("here".into()),
        ..SampleCreate::new(
            -999_999_999,
            f64::MIN_POSITIVE,
            "ten chars.",
            day("4000-12-31"),
            at("1700-01-01T00:00:00Z"),
            ada,
            Ref::to(desk.queue),
        )
    };
    let sample = desk.get(desk.db.create(given).unwrap());
    let expected = Sample {
        name: "S-2026-001".into(),
        flag: true,
        maybe_flag: Some(true),
        size: -999_999_999,
        maybe_size: Some(-9_999),
        weight: f64::MIN_POSITIVE,
        maybe_weight: Some(-123_456_789_012_345_680.0),
        text: "ten chars.".into(),
        maybe_text: Some("a\0b \u{1F600} 'c' \"d\"\n\te".into()),
        day: day("4000-12-31"),
        maybe_day: Some(day("1700-01-01")),
        at: at("1700-01-01T00:00:00Z"),
        maybe_at: Some(at("4000-12-31T00:00:00Z")),
        user_id: ada,
        maybe_user_id: Some(ada),
        either_id: Ref::to(desk.queue),
        maybe_either_id: Some(Ref::to(ada)),
        origin: Some("here".into()),
        sealed: None,
        parent_id: None,
    };
    assert_eq!(sample.fields, expected);
    desk.verify();
}

#[test]
fn what_is_not_given_is_null() {
    let desk = Desk::new();
    let sample = desk.get(desk.db.create(desk.sample()).unwrap()).fields;
    let nothing = (
        sample.maybe_flag,
        sample.maybe_size,
        sample.maybe_weight,
        sample.maybe_text,
        sample.maybe_day,
        sample.maybe_at,
        (sample.maybe_user_id, sample.maybe_either_id, sample.origin, sample.parent_id),
    );
    assert_eq!(nothing, (None, None, None, None, None, None, (None, None, None, None)));
    desk.verify();
}

#[test]
fn text_is_trimmed_and_empty_text_is_null() {
    let desk = Desk::new();
    for (given, stored) in [
        ("  a b  ", Some("a b")),
        ("\t\n\u{3000}x\r\n", Some("x")),
        ("", None),
        (" \t ", None),
        ("\u{a0}", None),
    ] {
        let sample = SampleCreate { maybe_text: Some(given.into()), ..desk.sample() };
        let sample = desk.get(desk.db.create(sample).unwrap());
        assert_eq!(sample.maybe_text.as_deref(), stored, "{given:?}");
    }
    desk.verify();
}

#[test]
fn length_is_counted_in_units_of_utf_16_after_trimming() {
    let desk = Desk::new();
    let too_long = |value: &str| {
        let message = format!("Short Text: data value too large: {value} (max length=10)");
        refusal("STRING_TOO_LONG", message, &["Text"])
    };
    for fits in ["0123456789", "  0123456789  ", "éééééééééé", "\u{1F600}".repeat(5).as_str()]
    {
        let sample = SampleCreate { text: fits.into(), ..desk.sample() };
        let sample = desk.get(desk.db.create(sample).unwrap());
        assert_eq!(sample.text, fits.trim());
    }
    desk.nothing_changes(|| {
        let emoji = "\u{1F600}".repeat(6);
        for long in ["0123456789x", "ééééééééééé", "01234 56789", &emoji] {
            let sample = SampleCreate { text: format!(" {long} "), ..desk.sample() };
            assert_eq!(refused(desk.db.create(sample)), too_long(long));
        }
    });
    let longest = "é".repeat(255);
    let sample = SampleCreate { maybe_text: Some(longest.clone()), ..desk.sample() };
    let sample = desk.get(desk.db.create(sample).unwrap());
    assert_eq!(sample.maybe_text, Some(longest), "text has 255 characters unless said otherwise");
    desk.verify();
}

#[test]
fn a_date_time_loses_what_is_below_a_second() {
    let desk = Desk::new();
    for (given, stored) in [
        ("2026-03-01T08:00:00.999999999Z", "2026-03-01T08:00:00Z"),
        ("1969-12-31T23:59:58.001Z", "1969-12-31T23:59:58Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z"),
    ] {
        let sample = SampleCreate { at: at(given), ..desk.sample() };
        let sample = desk.get(desk.db.create(sample).unwrap());
        assert_eq!(sample.at, at(stored));
    }
    desk.verify();
}

#[test]
fn minus_zero_is_zero() {
    let desk = Desk::new();
    let id = desk.db.create(SampleCreate { weight: -0.0, ..desk.sample() }).unwrap();
    assert!(desk.get(id).weight.is_sign_positive());
    let found = desk.db.find(Sample::FIELDS.weight, 0.0).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(desk.db.find(Sample::FIELDS.weight, -0.0).unwrap(), found);
    desk.verify();
}

#[test]
fn ids_have_the_objects_prefix_the_stores_instance_and_ascend() {
    let desk = Desk::with(|builder| builder.instance("5f0").in_memory(crate::desk::OBJECTS));
    let first = desk.db.create(desk.session()).unwrap();
    let second = desk.db.create(desk.session()).unwrap();
    assert_eq!(&first.to_string()[..15], "0HK5f0000000001");
    assert_eq!(&second.to_string()[..15], "0HK5f0000000002");
    assert!(first < second);
    let sample = desk.db.create(desk.sample()).unwrap();
    assert_eq!(&sample.to_string()[..15], "a0S5f0000000001", "each object counts for itself");
    desk.verify();
}

#[test]
fn auto_numbers_count_up_and_carry_the_date() {
    let desk = Desk::new();
    let name = |id| desk.get::<Sample>(id).name.clone();
    assert_eq!(name(desk.db.create(desk.sample()).unwrap()), "S-2026-001");
    desk.clock.set(at("2027-01-01T00:00:00Z"));
    assert_eq!(name(desk.db.create(desk.sample()).unwrap()), "S-2027-002");
    let session = desk.get(desk.db.create(desk.session()).unwrap());
    assert_eq!(session.name, "00000001", "each object counts for itself");
    desk.verify();
}

#[test]
fn a_refused_record_draws_no_number() {
    let desk = Desk::new();
    desk.db.create(SampleCreate { text: "far too long".into(), ..desk.sample() }).unwrap_err();
    let sample = desk.get(desk.db.create(desk.sample()).unwrap());
    assert_eq!((sample.name.as_str(), sample.id.record_id().number()), ("S-2026-001", 1));
    desk.verify();
}

#[test]
fn typed_and_untyped_creates_store_the_same() {
    let desk = Desk::new();
    let session = LiveAgentSessionCreate {
        chat_req_assigned: Some(5),
        owner_id: Some(Ref::to(desk.queue)),
        ..desk.session()
    };
    let typed = desk.db.create(&session).unwrap();
    let json = serde_json::to_value(&session).unwrap();
    let sessions = desk.object("LiveAgentSession");
    let untyped = sessions.create(&map(&json)).unwrap();
    let with_own_identity =
        |id| record(&sessions.get(id).unwrap().into(), &json!({ "Id": null, "Name": null }));
    assert_eq!(with_own_identity(typed.into()), with_own_identity(untyped));
    desk.verify();
}

#[test]
fn a_reference_to_an_object_that_is_not_registered_is_checked_for_its_form_only() {
    let store = Store::in_memory(&[User::OBJECT, LiveAgentSession::OBJECT]).unwrap();
    let db = store.system();
    let ada = db.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let session = |owner: &str| LiveAgentSessionCreate {
        owner_id: Some(owner.parse().unwrap()),
        ..LiveAgentSessionCreate::new(ada, at("2026-03-01T08:00:00Z"), at("2026-03-01T09:00:00Z"))
    };
    let owner: Id<Group> = "00Gxx0000000001".parse().unwrap();
    let id = db.create(session("00Gxx0000000001")).unwrap();
    assert_eq!(db.get(id).unwrap().owner_id, owner);
    // Users and sessions are objects of the store, so their ids are recognised and refused.
    let refusal = refused(db.create(session("005xx0000000099")));
    assert_eq!(refusal.code, "INVALID_CROSS_REFERENCE_KEY");
    let refusal = refused(db.create(session("0HKxx0000000001")));
    assert_eq!(refusal.code, "FIELD_INTEGRITY_EXCEPTION");
    verify(&store);
}
