//! How deep hooks go, and what is left when one fails or panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sobject_core::{
    Error, Hooks, SObject, Store,
    standard::{Group, GroupCreate, User},
};

use super::{Notes, desk};
use crate::desk::{OBJECTS, Part, PartCreate, PartUpdate, refused, verify};

#[test]
fn a_hook_that_sets_off_itself_ends_sixteen_deep() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Part>::new().after_create(move |tx, parts| {
        in_hook.note(parts[0].record().unwrap().name.clone());
        tx.create(PartCreate::new("again")).map(drop)
    });
    let desk = desk(hooks);
    let told = desk.nothing_changes(|| refused(desk.db.create(PartCreate::new("first"))));
    assert_eq!(told.code, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    assert!(
        told.message.contains("hooks have set off hooks more than 16 deep"),
        "{}",
        told.message
    );
    assert_eq!(notes.take().len(), 16);
}

#[test]
fn hooks_may_set_off_others_as_long_as_that_ends() {
    let hooks = Hooks::<Part>::new().after_create(|tx, parts| {
        for part in parts {
            let n: u32 = part.record().unwrap().name.parse().unwrap_or(0);
            if n > 1 {
                tx.create(PartCreate::new((n - 1).to_string()))?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    desk.db.create(PartCreate::new("16")).unwrap();
    assert_eq!(desk.count::<Part>(), 16);
    // The depth is counted anew for each call.
    desk.db.create(PartCreate::new("16")).unwrap();
    let told = desk.nothing_changes(|| refused(desk.db.create(PartCreate::new("17"))));
    assert_eq!(told.code, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    desk.verify();
}

#[test]
fn an_error_of_a_hook_refuses_the_records_that_it_ran_for() {
    let hooks = Hooks::<Part>::new().before_update(|tx, parts| {
        // A group must have a name.
        tx.create(GroupCreate::new("kept?"))?;
        tx.create(GroupCreate::new(
            parts[0].get(Part::FIELDS.name).unwrap_or_default().replace('x', ""),
        ))?;
        Ok(())
    });
    let desk = desk(hooks);
    let ids = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let to = |name: &str| PartUpdate { name: name.into(), ..PartUpdate::default() };
    let updates = [(ids[0], to("x")), (ids[1], to("c"))];
    let results = desk.nothing_changes(|| desk.db.update_many(&updates).unwrap());
    for result in results {
        let error = result.unwrap_err();
        assert!(matches!(error, Error::HookFailed { event: "before update", .. }), "{error}");
        assert_eq!(error.status_code().as_str(), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
        assert!(error.message().contains("Required fields are missing: [Name]"), "{error}");
        assert_eq!((error.object(), error.listed_fields().len()), ("Part", 0));
    }
    desk.db.update(ids[0], to("xy")).unwrap();
    desk.verify();
}

#[test]
fn a_hook_may_go_on_after_a_refusal_in_its_transaction() {
    let hooks = Hooks::<Part>::new().after_create(|tx, _| {
        assert!(tx.create(GroupCreate::new("")).is_err());
        tx.create(GroupCreate::new("fine")).map(drop)
    });
    let desk = desk(hooks);
    let n_groups = desk.count::<Group>();
    desk.db.create(PartCreate::new("a")).unwrap();
    assert_eq!(desk.count::<Group>(), n_groups + 1);
    desk.verify();
}

#[test]
fn a_panic_in_a_hook_leaves_nothing_behind_and_the_store_goes_on() {
    let hooks = Hooks::<Part>::new().after_create(|tx, parts| {
        tx.create(GroupCreate::new("left behind?"))?;
        assert_ne!(parts[0].record().unwrap().name, "boom", "boom");
        Ok(())
    });
    let desk = desk(hooks);
    let first = desk.db.create(PartCreate::new("a")).unwrap();
    let panicked = desk.nothing_changes(|| {
        let create = || desk.db.create(PartCreate::new("boom"));
        catch_unwind(AssertUnwindSafe(create)).is_err()
    });
    assert!(panicked);
    // Numbers that the hook may have seen are not drawn again.
    let next = desk.db.create(PartCreate::new("b")).unwrap();
    assert!(next.record_id() > first.record_id());
    assert_eq!(desk.count::<Part>(), 2);
    desk.verify();
}

#[test]
fn hooks_are_of_the_program_and_not_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("parts.redb");
    let upper = Hooks::<Part>::new().before_create(|_, parts| {
        parts.iter_mut().try_for_each(|part| {
            let name = part.get(Part::FIELDS.name).unwrap_or_default().to_uppercase();
            part.set(Part::FIELDS.name, name)
        })
    });
    let name = |store: &Store| {
        let db = store.system();
        let id = db.create(PartCreate::new("a")).unwrap();
        db.get(id).unwrap().fields.name
    };
    let store = Store::builder().hooks(upper).open(&path, OBJECTS).unwrap();
    assert_eq!(name(&store), "A");
    drop(store);
    let store = Store::open(&path, OBJECTS).unwrap();
    assert_eq!(name(&store), "a");
    verify(&store);
}

#[test]
fn hooks_of_an_object_that_is_not_there_are_refused_when_the_store_opens() {
    let opened = Store::builder().hooks(Hooks::<Part>::new()).in_memory(&[User::OBJECT]);
    let told = opened.unwrap_err().to_string();
    assert!(told.contains("Part") && told.contains("hooks are given for it"), "{told}");
    let described = sobject_core::JsonHooks::new("Nowhere");
    let opened = Store::builder().hooks(described).in_memory(&[User::OBJECT]);
    assert!(matches!(opened.unwrap_err(), Error::BadDefinition { .. }));
}
