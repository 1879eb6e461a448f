//! Hooks that take away what the call needs: the record that they run for, or one that it leads to.

use serde_json::json;
use sobject_core::{Hooks, Id, Result, Transaction};

use super::desk;
use crate::desk::{
    Desk, Part, PartCreate, PartUpdate, Refusal, Screw, ScrewCreate, ScrewUpdate, map, refusal,
    refused,
};

fn deleted() -> Refusal {
    refusal("ENTITY_IS_DELETED", "entity is deleted", &[])
}

fn renamed(name: &str) -> PartUpdate {
    PartUpdate { name: name.into(), ..PartUpdate::default() }
}

/// A desk whose parts are deleted by the hook before their own update.
fn deleting() -> Desk {
    desk(Hooks::<Part>::new().before_update(|tx, parts| {
        for part in parts {
            if part.get(Part::FIELDS.name).as_deref() == Some("gone") {
                tx.delete(part.id().unwrap())?;
            }
        }
        Ok(())
    }))
}

#[test]
fn an_update_of_a_record_that_its_own_hook_deletes_is_refused() {
    let desk = deleting();
    let [first, second] = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    desk.nothing_changes(|| assert_eq!(refused(desk.db.update(first, renamed("gone"))), deleted()));
    // The others of its call are written.
    let updates = [(first, renamed("gone")), (second, renamed("c"))];
    let results = desk.db.update_many(&updates).unwrap();
    let mut results = results.into_iter();
    assert_eq!(refused(results.next().unwrap()), deleted());
    results.next().unwrap().unwrap();
    assert_eq!((&*desk.get(first).name, &*desk.get(second).name), ("a", "c"));
    desk.verify();
}

#[test]
fn a_record_that_a_hook_deletes_behind_its_write_stays_deleted() {
    let hooks = Hooks::<Part>::new()
        .after_create(|tx, parts| parts.iter().try_for_each(|it| tx.delete(it.id())))
        .after_create(|_, parts| {
            assert_eq!(parts[0].record().unwrap().name, "a");
            Ok(())
        })
        .after_undelete(|tx, parts| parts.iter().try_for_each(|it| tx.delete(it.id())));
    let desk = desk(hooks);
    let id = desk.db.create(PartCreate::new("a")).unwrap();
    assert_eq!(desk.count::<Part>(), 0);
    desk.db.undelete(id).unwrap();
    assert_eq!(desk.count::<Part>(), 0);
    desk.verify();
}

#[test]
fn a_delete_of_a_record_that_its_own_hook_deletes_is_refused() {
    let hooks = Hooks::<Part>::new().before_delete(|tx, parts| {
        // The hook's own delete sets it off again.
        tx.delete(parts[0].id().unwrap())
    });
    let desk = desk(hooks);
    let id = desk.db.create(PartCreate::new("once")).unwrap();
    desk.nothing_changes(|| assert!(desk.db.delete(id).is_err()));
    desk.verify();
}

#[test]
fn a_record_does_not_lead_to_one_that_a_hook_has_deleted() {
    // Whatever the screw is to lead to is deleted before it is written.
    fn delete(tx: &mut Transaction<'_>, id: Option<Id<Part>>) -> Result<()> {
        id.map_or(Ok(()), |id| tx.delete(id))
    }
    let hooks = Hooks::<Screw>::new()
        .before_create(|tx, screws| {
            screws.iter().try_for_each(|it| delete(tx, it.get(Screw::FIELDS.part_id)))
        })
        .before_update(|tx, screws| {
            screws.iter().try_for_each(|it| delete(tx, it.get(Screw::FIELDS.part_id)))
        });
    let desk = desk(hooks);
    let [old, new] = ["old", "new"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    desk.nothing_changes(|| assert_eq!(refused(desk.db.create(ScrewCreate::new(new))), deleted()));
    let screw = put_screw(&desk, old);
    let to_new = ScrewUpdate { part_id: new.into() };
    desk.nothing_changes(|| assert_eq!(refused(desk.db.update(screw, to_new)), deleted()));
    desk.verify();
}

#[test]
fn what_a_hook_set_leads_to_no_record_that_another_hook_has_deleted() {
    let hooks = Hooks::<Part>::new()
        .before_create(|tx, parts| {
            for part in parts.iter_mut().filter(|it| it.get(Part::FIELDS.name) != Some("t".into()))
            {
                let twin = tx.create(PartCreate::new("t"))?;
                part.set(Part::FIELDS.twin_id, Some(twin))?;
            }
            Ok(())
        })
        .before_create(|tx, parts| {
            let twins = parts.iter().filter_map(|it| it.get(Part::FIELDS.twin_id));
            twins.collect::<Vec<_>>().into_iter().try_for_each(|twin| tx.delete(twin))
        });
    let desk = desk(hooks);
    desk.nothing_changes(|| assert_eq!(refused(desk.db.create(PartCreate::new("a"))), deleted()));
    desk.verify();
}

/// A screw that no hook sees: a replica puts it.
fn put_screw(desk: &Desk, part: Id<Part>) -> Id<Screw> {
    let screw = map(&json!({
        "Id": "a0W000000000077", "PartId": part, "IsDeleted": false,
        "CreatedDate": "2026-01-01T00:00:00Z", "SystemModstamp": "2026-01-01T00:00:00Z",
    }));
    desk.store.replica().stamps_from_given().put("Screw", &screw).unwrap();
    "a0W000000000077".parse().unwrap()
}
