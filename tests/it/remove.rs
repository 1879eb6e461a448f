//! Delete and undelete: the recycle bin, and records that cannot be deleted because others require
//! them.

use std::ops::ControlFlow;

use serde_json::json;
use sobject_core::{
    Calls, Definition, Error, FieldDefinition, FieldType, Id, RecordId, Store, chrono::TimeDelta,
};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, Part, PartCreate, PartUpdate, Refusal,
    SampleCreate, Screw, ScrewCreate, at, deleted_record, map, needs_record, refusal, refused,
};

/// A part of this name.
fn part(desk: &Desk, name: &str) -> Id<Part> {
    desk.db.create(PartCreate::new(name)).unwrap()
}

/// A part with a twin.
fn twin_of(desk: &Desk, twin: Id<Part>, name: &str) -> Id<Part> {
    desk.db.create(PartCreate { twin_id: Some(twin), ..PartCreate::new(name) }).unwrap()
}

/// The refusal of an undelete.
fn not_in_the_bin() -> Refusal {
    refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", &[])
}

#[test]
fn a_deleted_record_is_seen_by_no_read() {
    let desk = Desk::new();
    let [gone, kept] = ["Gone", "Kept"].map(|name| part(&desk, name));
    desk.db.delete(gone).unwrap();
    assert_eq!(refused(desk.db.get(gone)), deleted_record());
    let retrieved = desk.db.retrieve(&[gone, kept]).unwrap();
    assert_eq!(retrieved.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    assert_eq!(desk.count::<Part>(), 1);
    assert!(desk.db.find(Part::FIELDS.name, "Gone").unwrap().is_empty());
    assert_eq!(desk.db.find_range(Part::FIELDS.name, ..).unwrap().len(), 1);
    let mut scanned = Vec::new();
    desk.db
        .scan::<Part>(|part| {
            scanned.push(part.id);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(scanned, [kept]);
    let verified = desk.verify();
    assert_eq!((verified.live, verified.deleted), (3, 1), "the agent, the queue and a part live");
}

#[test]
fn an_undeleted_record_comes_back_as_it_was_with_new_stamps() {
    let desk = Desk::new();
    let session = LiveAgentSessionCreate { chat_req_assigned: Some(7), ..desk.session() };
    let id = desk.db.create(session).unwrap();
    let before = desk.get(id);
    let bo = desk.user("Bo");
    desk.clock.advance(TimeDelta::minutes(1));
    desk.db.delete(id).unwrap();
    desk.clock.advance(TimeDelta::minutes(1));
    desk.store.connect(sobject_core::Caller::system_as(bo)).undelete(id).unwrap();

    let mut expected = before;
    expected.last_modified_date = at("2026-03-01T08:02:00Z");
    expected.system_modstamp = at("2026-03-01T08:02:00Z");
    expected.last_modified_by_id = bo.record_id();
    assert_eq!(desk.get(id), expected);
    let found = desk.db.find(LiveAgentSession::FIELDS.name, "00000001").unwrap();
    assert_eq!(found, [expected]);
    assert_eq!(desk.count::<LiveAgentSession>(), 1);
    desk.verify();
}

#[test]
fn only_what_is_in_the_bin_is_undeleted() {
    let desk = Desk::new();
    let live = part(&desk, "Live");
    let back = part(&desk, "Back");
    desk.db.delete(back).unwrap();
    desk.db.undelete(back).unwrap();
    desk.nothing_changes(|| {
        for id in
            [live, back, "a0Pxx0000000099".parse().unwrap(), "a0Pzz0000000001".parse().unwrap()]
        {
            assert_eq!(refused(desk.db.undelete(id)), not_in_the_bin(), "{id}");
        }
        let other: Id<Part> = Id::new(desk.agent.record_id());
        let message = format!("Spare Part ID: id value of incorrect type: {other}");
        assert_eq!(refused(desk.db.undelete(other)), refusal("MALFORMED_ID", message, &["Id"]));
    });
}

#[test]
fn a_record_is_deleted_once() {
    let desk = Desk::new();
    let gone = part(&desk, "Gone");
    desk.db.delete(gone).unwrap();
    desk.nothing_changes(|| assert_eq!(refused(desk.db.delete(gone)), deleted_record()));
}

#[test]
fn a_record_goes_to_the_bin_and_back_any_number_of_times() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    for round in 0..3 {
        desk.db.delete(wheel).unwrap();
        desk.db.undelete(wheel).unwrap();
        assert_eq!(desk.get(wheel).name, "Wheel", "round {round}");
        desk.verify();
    }
}

#[test]
fn a_record_that_others_require_is_not_deleted() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let screws: Vec<Id<Screw>> =
        (0..7).map(|_| desk.db.create(ScrewCreate::new(wheel)).unwrap()).collect();
    let refusal_naming = |ids: &[Id<Screw>]| {
        let names: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let message = format!(
            "Your attempt to delete Wheel could not be completed because it is associated with \
             the following little screws.: {}\n",
            names.join(", ")
        );
        refusal("DELETE_FAILED", message, &[])
    };
    desk.nothing_changes(|| {
        let refusal = refused(desk.db.delete(wheel));
        assert_eq!(refusal.code, "DELETE_FAILED");
        assert!(refusal.message.contains(&screws[0].to_string()), "{refusal:?}");
    });
    for screw in &screws[2..] {
        desk.db.delete(*screw).unwrap();
    }
    assert_eq!(refused(desk.db.delete(wheel)), refusal_naming(&screws[..2]));
    desk.db.delete(screws[0]).unwrap();
    assert_eq!(refused(desk.db.delete(wheel)), refusal_naming(&screws[1..2]));
    desk.db.delete(screws[1]).unwrap();
    desk.db.delete(wheel).unwrap();
    desk.verify();
}

#[test]
fn a_record_that_others_may_do_without_leaves_their_references_empty() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let twin = twin_of(&desk, wheel, "Twin");
    let sample = SampleCreate { parent_id: Some(wheel), ..desk.sample() };
    let sample = desk.db.create(sample).unwrap();
    let before = (desk.get(twin), desk.get(sample));
    desk.clock.advance(TimeDelta::minutes(1));
    desk.db.delete(wheel).unwrap();
    let after = (desk.get(twin), desk.get(sample));
    assert_eq!((after.0.twin_id, after.1.parent_id), (None, None));
    assert!(desk.db.find(Part::FIELDS.twin_id, wheel).unwrap().is_empty());
    // It is the store that changed them, and no user.
    assert_eq!(after.0.system_modstamp, at("2026-03-01T08:01:00Z"));
    assert_eq!(after.0.last_modified_date, before.0.last_modified_date);
    assert_eq!(after.0.last_modified_by_id, before.0.last_modified_by_id);
    desk.verify();

    // What has another value meanwhile keeps it.
    let other = part(&desk, "Other");
    desk.db.update(twin, PartUpdate { twin_id: other.into(), ..Default::default() }).unwrap();
    desk.clock.advance(TimeDelta::minutes(1));
    desk.db.undelete(wheel).unwrap();
    let after = (desk.get(twin), desk.get(sample));
    assert_eq!((after.0.twin_id, after.1.parent_id), (Some(other), Some(wheel)));
    assert_eq!(after.1.system_modstamp, at("2026-03-01T08:02:00Z"));
    assert_eq!(after.1.last_modified_date, before.1.last_modified_date);
    assert_eq!(desk.verify().deleted, 0);
}

#[test]
fn a_reference_that_a_delete_emptied_comes_back_also_to_a_record_in_the_bin() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let twin = twin_of(&desk, wheel, "Twin");
    desk.db.delete(wheel).unwrap();
    desk.db.delete(twin).unwrap();
    desk.db.undelete(wheel).unwrap();
    desk.verify();
    desk.db.undelete(twin).unwrap();
    assert_eq!(desk.get(twin).twin_id, Some(wheel));
    desk.verify();
}

#[test]
fn a_record_does_not_hold_itself() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    desk.db.update(wheel, PartUpdate { twin_id: wheel.into(), ..Default::default() }).unwrap();
    desk.db.delete(wheel).unwrap();
    desk.verify();
    desk.db.undelete(wheel).unwrap();
    assert_eq!(desk.get(wheel).twin_id, Some(wheel), "what it refers to is back with it");
    assert_eq!(desk.db.find(Part::FIELDS.twin_id, wheel).unwrap().len(), 1);
    desk.verify();
}

#[test]
fn a_reference_whose_record_is_gone_comes_back_null() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let twin = twin_of(&desk, wheel, "Twin");
    desk.db.delete(twin).unwrap();
    desk.db.delete(wheel).unwrap();
    desk.db.undelete(twin).unwrap();
    assert_eq!(desk.get(twin).twin_id, None);
    assert!(desk.db.find(Part::FIELDS.twin_id, wheel).unwrap().is_empty());
    desk.verify();
    // The reference that was set to null stays null when its target comes back.
    desk.db.undelete(wheel).unwrap();
    assert_eq!(desk.get(twin).twin_id, None);
    desk.verify();
}

#[test]
fn a_reference_whose_record_came_back_first_is_kept() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let twin = twin_of(&desk, wheel, "Twin");
    desk.db.delete(twin).unwrap();
    desk.db.delete(wheel).unwrap();
    desk.db.undelete(wheel).unwrap();
    desk.db.undelete(twin).unwrap();
    assert_eq!(desk.get(twin).twin_id, Some(wheel));
    desk.verify();
}

#[test]
fn a_record_does_not_come_back_without_what_it_requires() {
    let desk = Desk::new();
    let wheel = part(&desk, "Wheel");
    let screw = desk.db.create(ScrewCreate::new(wheel)).unwrap();
    desk.db.delete(screw).unwrap();
    desk.db.delete(wheel).unwrap();
    desk.nothing_changes(|| assert_eq!(refused(desk.db.undelete(screw)), needs_record("PartId")));
    desk.db.undelete(wheel).unwrap();
    desk.db.undelete(screw).unwrap();
    assert_eq!(desk.get(screw).part_id, wheel);
    desk.verify();
}

#[test]
fn a_deleted_record_keeps_its_number_to_itself() {
    let desk = Desk::new();
    let first = desk.db.create(desk.session()).unwrap();
    desk.db.delete(first).unwrap();
    let second = desk.db.create(desk.session()).unwrap();
    assert!(second > first);
    assert_eq!(desk.get(second).name, "00000002");
    desk.db.undelete(first).unwrap();
    assert_eq!(desk.get(first).name, "00000001");
    desk.verify();
}

#[test]
fn users_cannot_be_deleted_since_every_stamp_names_one() {
    const USER: &Definition = &Definition::new("User")
        .key_prefix("005")
        .calls(Calls::ALL)
        .fields(&[FieldDefinition::new("Name", FieldType::String).create().nillable()]);
    let error = Store::in_memory(&[USER]).unwrap_err();
    let Error::BadDefinition { object, problems } = &error else { panic!("{error:?}") };
    assert_eq!((object.as_str(), problems.len()), ("User", 1));
    assert!(problems[0].contains("delete"), "{problems:?}");
}

#[test]
fn a_record_created_in_the_place_of_a_deleted_one_is_another() {
    let desk = Desk::new();
    let parts = desk.object("Part");
    let wheel = map(&json!({ "Name": "Wheel" }));
    let first: RecordId = parts.create(&wheel).unwrap();
    parts.delete(first).unwrap();
    let second = parts.create(&wheel).unwrap();
    parts.undelete(first).unwrap();
    let found = desk.db.find(Part::FIELDS.name, "wheel").unwrap();
    assert_eq!(found.iter().map(|it| it.id.record_id()).collect::<Vec<_>>(), [first, second]);
    desk.verify();
}
