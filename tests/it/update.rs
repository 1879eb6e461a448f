//! Update: which fields change, which stay, and which user and time are stamped.

use serde_json::json;
use sobject_core::{Patch, Ref, chrono::TimeDelta};

use crate::desk::{
    Desk, LiveAgentSessionCreate, LiveAgentSessionUpdate, Part, PartCreate, PartUpdate, Sample,
    SampleCreate, SampleUpdate, at, day, map, refusal, refused,
};

#[test]
fn an_update_changes_the_fields_that_it_sets_and_no_other() {
    let desk = Desk::new();
    let session = LiveAgentSessionCreate {
        chat_req_assigned: Some(5),
        chat_req_engaged: Some(4),
        ..desk.session()
    };
    let id = desk.db.create(session).unwrap();
    let before = desk.get(id);
    let update = LiveAgentSessionUpdate {
        chat_req_assigned: 6.into(),
        chat_req_engaged: Patch::NULL,
        ..Default::default()
    };
    desk.db.update(id, update).unwrap();
    let mut expected = before;
    expected.chat_req_assigned = Some(6);
    expected.chat_req_engaged = None;
    assert_eq!(desk.get(id), expected);
    desk.verify();
}

#[test]
fn every_field_that_may_be_updated_can_be() {
    let desk = Desk::new();
    let id = desk.db.create(desk.sample()).unwrap();
    let part = desk.db.create(PartCreate::new("Wheel")).unwrap();
    let bo = desk.user("Bo");
    let update = SampleUpdate {
        flag: true.into(),
        maybe_flag: false.into(),
        size: 2.into(),
        maybe_size: 3.into(),
        weight: 4.5.into(),
        maybe_weight: 5.5.into(),
        text: "  six ".to_owned().into(),
        maybe_text: "seven".to_owned().into(),
        day: day("2026-08-08").into(),
        maybe_day: day("2026-09-09").into(),
        at: at("2026-10-10T10:10:10.101Z").into(),
        maybe_at: at("2026-11-11T11:11:11Z").into(),
        user_id: bo.into(),
        maybe_user_id: desk.agent.into(),
        either_id: Ref::to(bo).into(),
        maybe_either_id: Ref::to(desk.queue).into(),
        parent_id: part.into(),
    };
    desk.db.update(id, update).unwrap();
    let expected = Sample {
        name: "S-2026-001".into(),
        flag: true,
        maybe_flag: Some(false),
        size: 2,
        maybe_size: Some(3),
        weight: 4.5,
        maybe_weight: Some(5.5),
        text: "six".into(),
        maybe_text: Some("seven".into()),
        day: day("2026-08-08"),
        maybe_day: Some(day("2026-09-09")),
        at: at("2026-10-10T10:10:10Z"),
        maybe_at: Some(at("2026-11-11T11:11:11Z")),
        user_id: bo,
        maybe_user_id: Some(desk.agent),
        either_id: Ref::to(bo),
        maybe_either_id: Some(Ref::to(desk.queue)),
        origin: None,
        sealed: None,
        parent_id: Some(part),
    };
    assert_eq!(desk.get(id).fields, expected);
    desk.verify();
}

#[test]
fn an_update_is_stamped_by_clock_and_caller() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let bo = desk.user("Bo");
    desk.clock.advance(TimeDelta::hours(1));
    let as_bo = desk.store.connect(sobject_core::Caller::system_as(bo));
    as_bo.update(id, LiveAgentSessionUpdate { time_idle: 1.into(), ..Default::default() }).unwrap();
    let session = desk.get(id);
    assert_eq!(session.last_modified_date, at("2026-03-01T09:00:00Z"));
    assert_eq!(session.system_modstamp, at("2026-03-01T09:00:00Z"));
    assert_eq!(session.last_modified_by_id, bo.record_id());
    assert_eq!(session.created_date, at("2026-03-01T08:00:00Z"));
    assert_eq!(session.created_by_id, desk.agent.record_id());
    assert_eq!(session.owner_id, Ref::to(desk.agent));
    desk.verify();
}

#[test]
fn an_update_that_changes_nothing_stamps_as_well() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let before = desk.get(id);
    let changes = desk.verify().changes;
    desk.clock.advance(TimeDelta::seconds(1));
    desk.db.update(id, LiveAgentSessionUpdate::default()).unwrap();
    let after = desk.get(id);
    assert_eq!(after.last_modified_date, at("2026-03-01T08:00:01Z"));
    assert_eq!(after.fields, before.fields);
    assert_eq!(desk.verify().changes, changes + 1);
}

#[test]
fn an_update_while_the_clock_is_behind_keeps_the_last_stamp() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    desk.clock.advance(TimeDelta::days(-1));
    desk.db.update(id, LiveAgentSessionUpdate::default()).unwrap();
    assert_eq!(desk.get(id).last_modified_date, at("2026-03-01T08:00:00Z"));
    desk.verify();
}

#[test]
fn the_owner_can_be_changed_and_not_emptied() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let owner =
        LiveAgentSessionUpdate { owner_id: Ref::to(desk.queue).into(), ..Default::default() };
    desk.db.update(id, owner).unwrap();
    assert_eq!(desk.get(id).owner_id, Ref::to(desk.queue));
    let sessions = desk.object("LiveAgentSession");
    desk.nothing_changes(|| {
        let emptied = sessions.update(id.into(), &map(&json!({ "OwnerId": null })));
        let expected = refusal("INVALID_EMPTY_KEY_OWNER", "owner cannot be blank", &["OwnerId"]);
        assert_eq!(refused(emptied), expected);
    });
}

#[test]
fn a_record_is_found_by_its_new_values_and_no_longer_by_its_old() {
    let desk = Desk::new();
    let twin = desk.db.create(PartCreate::new("Twin")).unwrap();
    let part = PartCreate { twin_id: Some(twin), ..PartCreate::new("Wheel") };
    let part = desk.db.create(part).unwrap();
    let found = |name: &str| desk.db.find(Part::FIELDS.name, name).unwrap().len();
    let update = PartUpdate { name: "Rim".to_owned().into(), twin_id: Patch::NULL };
    desk.db.update(part, update).unwrap();
    assert_eq!((found("Wheel"), found("Rim")), (0, 1));
    assert!(desk.db.find(Part::FIELDS.twin_id, twin).unwrap().is_empty());
    assert_eq!(desk.db.find(Part::FIELDS.twin_id, None).unwrap().len(), 2);
    desk.verify();
}

#[test]
fn a_name_that_changes_its_case_only_is_found_as_before() {
    let desk = Desk::new();
    let part = desk.db.create(PartCreate::new("wheel")).unwrap();
    let update = PartUpdate { name: "WHEEL".to_owned().into(), ..Default::default() };
    desk.db.update(part, update).unwrap();
    let found = desk.db.find(Part::FIELDS.name, "Wheel").unwrap();
    assert_eq!(found.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["WHEEL"]);
    desk.verify();
}

#[test]
fn a_record_may_refer_to_itself() {
    let desk = Desk::new();
    let part = desk.db.create(PartCreate::new("Wheel")).unwrap();
    desk.db.update(part, PartUpdate { twin_id: part.into(), ..Default::default() }).unwrap();
    assert_eq!(desk.get(part).twin_id, Some(part));
    desk.verify();
}

#[test]
fn a_refused_update_leaves_the_record_as_it_was() {
    let desk = Desk::new();
    let id = desk.db.create(SampleCreate { maybe_size: Some(1), ..desk.sample() }).unwrap();
    let before = desk.get(id);
    desk.clock.advance(TimeDelta::hours(1));
    let update = SampleUpdate {
        maybe_size: 2.into(),
        text: "far too long".to_owned().into(),
        ..Default::default()
    };
    desk.nothing_changes(|| desk.db.update(id, update).unwrap_err());
    assert_eq!(desk.get(id), before);
}
