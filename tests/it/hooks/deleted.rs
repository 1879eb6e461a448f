//! What hooks delete while a call is under way: its own records and those that they refer to. And a
//! transaction that goes on after the panic of a hook.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sobject_core::{Error, Hooks};

use super::desk;
use crate::desk::{Part, PartCreate, PartUpdate, Screw, ScrewCreate, refused};

#[test]
fn a_record_is_refused_whose_parent_a_before_hook_has_deleted() {
    let hooks = Hooks::<Screw>::new().before_create(|tx, screws| {
        for screw in screws {
            let part = screw.get(Screw::FIELDS.part_id).unwrap();
            if tx.get(part)?.name == "doomed" {
                tx.delete(part)?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let parts = ["doomed", "sound"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let mut results = desk.db.create_many(&parts.map(ScrewCreate::new)).unwrap();
    assert_eq!(refused(results.remove(0)).code, "ENTITY_IS_DELETED");
    results.remove(0).unwrap();
    // What the hook did for the first is taken back with it.
    assert_eq!(desk.get(parts[0]).name, "doomed");
    assert_eq!(desk.count::<Screw>(), 1);
    desk.verify();
}

#[test]
fn a_record_is_refused_that_a_before_hook_has_deleted() {
    let hooks = Hooks::<Part>::new().before_update(|tx, parts| {
        for part in parts {
            if part.get(Part::FIELDS.name).unwrap_or_default() == "gone" {
                tx.delete(part.id().unwrap())?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let ids = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let to = |name: &str| PartUpdate { name: name.into(), ..PartUpdate::default() };
    let updates = [(ids[0], to("gone")), (ids[1], to("c"))];
    let mut results = desk.db.update_many(&updates).unwrap();
    assert_eq!(refused(results.remove(0)).code, "ENTITY_IS_DELETED");
    results.remove(0).unwrap();
    assert_eq!((desk.get(ids[0]).name.as_str(), desk.get(ids[1]).name.as_str()), ("a", "c"));
    desk.verify();
}

#[test]
fn a_transaction_that_goes_on_after_the_panic_of_a_hook_writes_nothing() {
    let hooks = Hooks::<Part>::new().before_create(|_, parts| {
        assert_ne!(parts[0].get(Part::FIELDS.name).unwrap_or_default(), "boom", "boom");
        Ok(())
    });
    let desk = desk(hooks);
    let written = desk.nothing_changes(|| {
        desk.db.transaction(|tx| {
            tx.create(PartCreate::new("first"))?;
            let boom = || tx.create(PartCreate::new("boom"));
            assert!(catch_unwind(AssertUnwindSafe(boom)).is_err());
            Ok::<_, Error>(())
        })
    });
    assert!(written.is_err());
    desk.db.create(PartCreate::new("second")).unwrap();
    assert_eq!(desk.count::<Part>(), 1);
    desk.verify();
}
