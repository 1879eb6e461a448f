//! Records of structs in a replica: what one store reads, another is given.

use sobject_core::{
    Caller, Definition, FieldDefinition, FieldType, Id, Patch, Record, Result, SObject, Store,
    chrono::TimeDelta,
    standard::{User, UserCreate},
};

use super::{Mirror, map, there};
use crate::desk::{
    Desk, LiveAgentSession, Part, PartCreate, PartUpdate, Sample, missing, nothing_changes,
    refused, rolled_back,
};

#[test]
fn a_record_that_was_read_is_put_and_reads_equal() {
    let desk = Desk::new();
    let session = desk.db.create(desk.session()).unwrap();
    let sample = desk.db.create(desk.sample()).unwrap();
    desk.db.mark_viewed(session).unwrap();
    desk.clock.advance(TimeDelta::hours(1));
    let users: Vec<Record<User>> = desk.db.walk::<User>().all().unwrap();

    let mirror = Mirror::new();
    let replica = mirror.replica();
    let put = replica.put_records(&users).unwrap();
    let put: Vec<Id<User>> = put.into_iter().collect::<Result<_>>().unwrap();
    assert_eq!(put, users.iter().map(|user| user.id).collect::<Vec<_>>());
    let copy = mirror.store.system();
    for user in &users {
        assert_eq!(copy.get(user.id).unwrap(), *user);
    }
    let read: Record<Sample> = desk.get(sample);
    assert_eq!(replica.put_record(&read).unwrap(), sample);
    assert_eq!(copy.get(sample).unwrap(), read);
    // When the record was viewed is kept for the replica's user.
    let read: Record<LiveAgentSession> = desk.get(session);
    assert!(read.last_viewed_date.is_some());
    let agent = mirror.store.replica_as(desk.agent);
    agent.put_record(&read).unwrap();
    let as_agent = mirror.store.connect(Caller::system_as(desk.agent));
    assert_eq!(as_agent.get(session).unwrap(), read);
    assert_eq!(copy.get(session).unwrap().last_viewed_date, None);
    // A record that comes as it is writes nothing.
    nothing_changes(&mirror.store, || agent.put_record(&read).unwrap());
    mirror.verify();
}

#[test]
fn a_record_is_changed_deleted_and_brought_back_as_its_struct_says() {
    let desk = Desk::new();
    let id = desk.db.create(PartCreate::new("Wheel")).unwrap();
    let mirror = Mirror::new();
    let replica = mirror.replica();
    let copy = mirror.store.system();
    replica.put_record(&desk.get(id)).unwrap();
    let twin = Id::new(there("a0P", 2));
    let update = PartUpdate { name: "Hub".to_owned().into(), twin_id: Patch::NULL };
    desk.db.update(id, update).unwrap();
    let mut read: Record<Part> = desk.get(id);
    // A reference need not lead to a record.
    read.fields.twin_id = Some(twin);
    replica.put_record(&read).unwrap();
    assert_eq!(copy.get(id).unwrap(), read);
    read.is_deleted = true;
    replica.put_record(&read).unwrap();
    assert_eq!(refused(copy.get(id)).code, "ENTITY_IS_DELETED");
    read.is_deleted = false;
    replica.put_record(&read).unwrap();
    assert_eq!(copy.get(id).unwrap(), read);
    mirror.verify();
}

/// Three records, the second of which has no name.
fn parts() -> Vec<Record<Part>> {
    let desk = Desk::new();
    let parts = ["Wheel", "Hub", "Spoke"].map(|name| {
        let id = desk.db.create(PartCreate::new(name)).unwrap();
        desk.get(id)
    });
    let mut parts = Vec::from(parts);
    parts[1].fields.name.clear();
    parts
}

#[test]
fn of_many_records_each_is_written_or_all_or_none() {
    let parts = parts();
    let mirror = Mirror::new();
    let outcome = |results: Vec<Result<Id<Part>>>| {
        results
            .into_iter()
            .map(|result| result.map_err(|error| (&error).into()))
            .collect::<Vec<_>>()
    };
    let all_or_none = mirror.replica().all_or_none();
    let put = nothing_changes(&mirror.store, || all_or_none.put_records(&parts).unwrap());
    let no_name = || Err(missing(&["Name"]));
    assert_eq!(outcome(put), [Err(rolled_back()), no_name(), Err(rolled_back())]);
    let put = mirror.replica().put_records(&parts).unwrap();
    assert_eq!(outcome(put), [Ok(parts[0].id), no_name(), Ok(parts[2].id)]);
    assert_eq!(mirror.verify().live, 2);
    assert_eq!(mirror.replica().put_records::<Part>(&[]).unwrap().len(), 0);
}

#[test]
fn typed_and_untyped_puts_are_written_together() {
    let parts = parts();
    let mirror = Mirror::new();
    let user = super::user(1);
    mirror
        .replica()
        .transaction(|tx| -> Result<()> {
            tx.put("User", &map(&user))?;
            tx.put_record(&parts[0])?;
            assert!(tx.put_records(&parts[1..])?[0].is_err());
            Ok(())
        })
        .unwrap();
    assert_eq!(mirror.verify().live, 3);
}

#[test]
fn system_fields_that_the_object_lacks_are_not_put() {
    let source = Store::in_memory(&[User::OBJECT]).unwrap().system();
    let ada = source.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let mut ada = source.get(ada).unwrap();
    let mirror = Mirror::of(&[User::OBJECT]);
    mirror.replica().put_record(&ada).unwrap();
    // Users are never deleted, so none can be said to be.
    ada.is_deleted = true;
    let error = nothing_changes(&mirror.store, || mirror.replica().put_record(&ada).unwrap_err());
    assert_eq!(
        (error.status_code().as_str(), error.fields()),
        ("INVALID_FIELD", vec!["IsDeleted".into()])
    );
    mirror.verify();
}

#[test]
fn a_struct_of_another_store_is_refused() {
    const OTHER: &Definition = &Definition::new("Part")
        .label("Spare Part", "Spare Parts")
        .key_prefix("a0P")
        .fields(&[FieldDefinition::new("Name", FieldType::String).create().name_field()]);
    let part = &parts()[0];
    let mirror = Mirror::of(&[OTHER]);
    let error = mirror.replica().put_record(part).unwrap_err();
    assert!(error.message().contains("the struct is not the one"), "{error}");
    let mirror = Mirror::of(&[User::OBJECT]);
    assert_eq!(
        refused(mirror.replica().put_records(std::slice::from_ref(part))).code,
        "INVALID_TYPE"
    );
    assert_eq!(mirror.verify().changes, 0);
}
