//! Transactions: their writes are committed together or not at all, whatever ends them.

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::json;
use sobject_core::{
    Definition, Error, Id, RecordId, Result, SObject, Store, Transaction, standard::User,
};

use crate::desk::{
    Desk, LiveAgentSession, Part, PartCreate, PartUpdate, Screw, ScrewCreate, deleted_record, map,
    missing, needs_record, no_such_record, refused,
};

/// A part of this name.
fn part(name: &str) -> PartCreate {
    PartCreate::new(name)
}

/// An update that gives a part this name.
fn renamed(name: &str) -> PartUpdate {
    PartUpdate { name: name.to_owned().into(), ..Default::default() }
}

/// Writes in every way: parts are created, updated, deleted and undeleted, and the first session,
/// which draws the first number of its object, and another group are created.
fn write_everything(desk: &Desk, tx: &mut Transaction<'_>, parts: &[Id<Part>; 3]) -> Result<()> {
    let new = tx.create(part("new"))?;
    tx.create(ScrewCreate::new(new))?;
    tx.create_many(&[part("one"), part(""), part("two")])?;
    tx.update(parts[0], renamed("changed"))?;
    tx.delete(parts[1])?;
    tx.undelete(parts[2])?;
    tx.create(desk.session())?;
    tx.object("Group")?.create(&map(&json!({ "Name": "Late Shift" })))?;
    Ok(())
}

/// A desk with two live parts and one in the bin.
fn desk_with_parts() -> (Desk, [Id<Part>; 3]) {
    let desk = Desk::new();
    let parts = ["a", "b", "c"].map(|name| desk.db.create(part(name)).unwrap());
    desk.db.delete(parts[2]).unwrap();
    (desk, parts)
}

/// Asserts that the desk is as [`desk_with_parts`] made it, and that it can still be used.
fn assert_untouched(desk: &Desk, parts: &[Id<Part>; 3]) {
    assert_eq!(desk.count::<Part>(), 2);
    assert_eq!((desk.count::<LiveAgentSession>(), desk.count::<Screw>()), (0, 0));
    assert_eq!(desk.get(parts[0]).name, "a");
    assert_eq!(desk.get(parts[1]).name, "b");
    assert_eq!(refused(desk.db.get(parts[2])), deleted_record());
    assert!(desk.db.find(Part::FIELDS.name, "changed").unwrap().is_empty());
    desk.db.transaction(|tx| write_everything(desk, tx, parts)).unwrap();
    assert_eq!(desk.get(parts[0]).name, "changed");
    assert_eq!((desk.count::<LiveAgentSession>(), desk.count::<Screw>()), (1, 1));
    desk.verify();
}

#[test]
fn what_a_transaction_wrote_is_there_when_it_ends_well() {
    let (desk, parts) = desk_with_parts();
    desk.db.transaction(|tx| write_everything(&desk, tx, &parts)).unwrap();
    assert_eq!(desk.count::<Part>(), 5);
    assert_eq!(desk.get(parts[0]).name, "changed");
    assert_eq!(refused(desk.db.get(parts[1])), deleted_record());
    assert_eq!(desk.get(parts[2]).name, "c");
    desk.verify();
}

#[test]
fn an_error_in_a_transaction_leaves_nothing_behind() {
    let (desk, parts) = desk_with_parts();
    let error = desk.nothing_changes(|| {
        desk.db
            .transaction(|tx| {
                write_everything(&desk, tx, &parts)?;
                tx.create(part("")).map(drop)
            })
            .unwrap_err()
    });
    assert_eq!(refused(Result::<()>::Err(error)), missing(&["Name"]));
    assert_untouched(&desk, &parts);
}

#[test]
fn a_transaction_may_end_with_an_error_of_its_own() {
    #[derive(Debug)]
    enum Trouble {
        ChangedMyMind,
        Store(Error),
    }
    impl From<Error> for Trouble {
        fn from(error: Error) -> Self {
            Self::Store(error)
        }
    }
    let (desk, parts) = desk_with_parts();
    desk.nothing_changes(|| {
        let end = desk.db.transaction(|tx| {
            write_everything(&desk, tx, &parts)?;
            Err::<(), _>(Trouble::ChangedMyMind)
        });
        assert!(matches!(end, Err(Trouble::ChangedMyMind)), "{end:?}");
        let end = desk.db.transaction(|tx| Ok::<_, Trouble>(tx.create(part(""))?));
        assert!(matches!(end, Err(Trouble::Store(Error::Required { .. }))), "{end:?}");
    });
    assert_untouched(&desk, &parts);
}

#[test]
fn a_panic_in_a_transaction_leaves_nothing_behind() {
    let (desk, parts) = desk_with_parts();
    for _ in 0..2 {
        desk.nothing_changes(|| {
            let end = catch_unwind(AssertUnwindSafe(|| {
                desk.db.transaction(|tx| {
                    write_everything(&desk, tx, &parts)?;
                    if tx.count::<Part>()? > 0 {
                        std::panic::resume_unwind(Box::new("in the middle"));
                    }
                    Ok::<_, Error>(())
                })
            }));
            let panic = end.unwrap_err();
            assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the middle"));
        });
    }
    assert_untouched(&desk, &parts);
}

#[test]
fn a_panic_on_another_thread_leaves_the_store_going() {
    let (desk, parts) = desk_with_parts();
    let db = desk.db.clone();
    let end = std::thread::spawn(move || {
        db.transaction(|tx| -> Result<()> {
            tx.create(part("new"))?;
            std::panic::resume_unwind(Box::new("elsewhere"))
        })
    })
    .join();
    assert!(end.is_err());
    assert_untouched(&desk, &parts);
}

#[test]
fn a_transaction_sees_what_it_wrote_and_others_do_not_yet() {
    let (desk, parts) = desk_with_parts();
    desk.db
        .transaction(|tx| {
            let new = tx.create(PartCreate { twin_id: Some(parts[0]), ..part("new") })?;
            tx.update(parts[0], renamed("changed"))?;
            tx.delete(parts[1])?;

            assert_eq!(tx.get(new)?.twin_id, Some(parts[0]));
            assert_eq!(tx.count::<Part>()?, 2);
            assert_eq!(tx.find(Part::FIELDS.name, "CHANGED")?.len(), 1);
            assert_eq!(tx.find(Part::FIELDS.name, "a")?.len(), 0);
            assert_eq!(tx.find(Part::FIELDS.twin_id, parts[0])?.len(), 1);
            let names = |found: Vec<sobject_core::Record<Part>>| -> Vec<String> {
                found.into_iter().map(|part| part.fields.name).collect()
            };
            assert_eq!(names(tx.find_range(Part::FIELDS.name, ..)?), ["changed", "new"]);
            let retrieved = tx.retrieve(&[new, parts[1], parts[0]])?;
            let retrieved: Vec<_> = retrieved.iter().map(Option::is_some).collect();
            assert_eq!(retrieved, [true, false, true]);
            assert_eq!(refused(tx.get(parts[1])), deleted_record());
            let mut scanned = Vec::new();
            tx.scan::<Part>(|part| {
                scanned.push(part.id);
                ControlFlow::Continue(())
            })?;
            assert_eq!(scanned, [parts[0], new]);

            assert_eq!(desk.count::<Part>(), 2);
            assert_eq!(desk.get(parts[0]).name, "a");
            assert_eq!(desk.get(parts[1]).name, "b");
            assert_eq!(refused(desk.db.get(new)), no_such_record());
            assert!(desk.db.find(Part::FIELDS.name, "changed")?.is_empty());
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(desk.get(parts[0]).name, "changed");
    desk.verify();
}

#[test]
fn a_refused_call_leaves_nothing_behind_and_the_transaction_goes_on() {
    let (desk, parts) = desk_with_parts();
    desk.db
        .transaction(|tx| {
            let kept = tx.create(part("kept"))?;
            assert_eq!(refused(tx.create(part(""))), missing(&["Name"]));
            assert_eq!(refused(tx.update(parts[0], renamed(" "))), missing(&["Name"]));
            assert_eq!(refused(tx.delete(parts[2])), deleted_record());
            assert_eq!(refused(tx.undelete(kept)).code, "UNDELETE_FAILED");
            let nameless = tx.object("Part")?.create(&map(&json!({ "Name": null })));
            assert_eq!(refused(nameless), missing(&["Name"]));
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(desk.get(parts[0]).name, "a");
    assert_eq!(desk.db.find(Part::FIELDS.name, "kept").unwrap().len(), 1);
    let verified = desk.verify();
    // The agent, the queue, three parts, the delete of one and the part that was kept.
    assert_eq!(verified.changes, 7);
}

#[test]
fn a_record_may_come_and_go_within_a_transaction() {
    let desk = Desk::new();
    let ids = desk
        .db
        .transaction(|tx| {
            let whole = tx.create(part("whole"))?;
            let screw = tx.create(ScrewCreate::new(whole))?;
            assert_eq!(refused(tx.delete(whole)).code, "DELETE_FAILED");
            tx.delete(screw)?;
            tx.delete(whole)?;
            assert_eq!(refused(tx.create(ScrewCreate::new(whole))), deleted_record());
            assert_eq!(refused(tx.undelete(screw)), needs_record("PartId"));
            tx.undelete(whole)?;
            tx.undelete(screw)?;
            tx.delete(screw)?;
            Ok::<_, Error>((whole, screw))
        })
        .unwrap();
    assert_eq!(desk.get(ids.0).name, "whole");
    assert_eq!(refused(desk.db.get(ids.1)), deleted_record());
    desk.verify();
}

#[test]
fn all_or_none_within_a_transaction_takes_back_its_call_alone() {
    let desk = Desk::new();
    desk.db
        .all_or_none()
        .transaction(|tx| {
            tx.create(part("before"))?;
            let results = tx.create_many(&[part("x"), part("")])?;
            assert!(results.iter().all(Result::is_err), "{results:?}");
            tx.create(part("after"))?;
            Ok::<_, Error>(())
        })
        .unwrap();
    let found = desk.db.find_range(Part::FIELDS.name, ..).unwrap();
    let names: Vec<_> = found.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["after", "before"]);
    desk.verify();
}

#[test]
fn a_write_inside_a_write_is_refused_and_not_a_deadlock() {
    let desk = Desk::new();
    let other_handle = desk.store.clone().system();
    let untyped = desk.object("Part");
    let wheel = map(&json!({ "Name": "Wheel" }));
    desk.db
        .transaction(|tx| {
            tx.create(part("kept"))?;
            for error in [
                desk.db.create(part("x")).unwrap_err(),
                other_handle.create(part("x")).unwrap_err(),
                untyped.create(&wheel).unwrap_err(),
                desk.db.transaction(|_| Ok::<_, Error>(())).unwrap_err(),
                desk.db.create_many(&[part("x")]).unwrap_err(),
            ] {
                assert!(matches!(error, Error::NestedWrite), "{error:?}");
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(desk.count::<Part>(), 1, "the transaction itself is none the worse");
    desk.db.create(part("later")).unwrap();
    desk.verify();
}

#[test]
fn a_write_to_another_store_inside_a_write_is_in_order() {
    let (desk, archive) = (Desk::new(), Desk::new());
    desk.db
        .transaction(|tx| {
            tx.create(part("here"))?;
            archive.db.create(part("there"))
        })
        .unwrap();
    assert_eq!((desk.count::<Part>(), archive.count::<Part>()), (1, 1));
    desk.verify();
    archive.verify();
}

#[test]
fn ids_of_a_new_kind_that_were_taken_back_are_forgotten() {
    // The store keeps the first six characters of ids in a dictionary. Entries that a refused call
    // or a failed transaction added to it are taken back, as records are.
    const OBJECTS: &[&Definition] = &[User::OBJECT, LiveAgentSession::OBJECT];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.redb");
    let store = Store::open(&path, OBJECTS).unwrap();
    let db = store.system().all_or_none();
    let user = map(&json!({ "Name": "Ada", "Username": "ada@example.com" }));
    let ada = db.object("User").unwrap().create(&user).unwrap();
    let session = |owner: &str| {
        map(&json!({
            "AgentId": ada, "OwnerId": owner, "LoginTime": "2026-03-01T08:00:00Z",
            "LogoutTime": "2026-03-01T09:00:00Z",
        }))
    };
    let owners = ["00Gaa0000000001EAA", "00Gbb0000000001EAA", "00Gcc0000000001EAA"];
    db.transaction(|tx| -> Result<()> {
        tx.object("LiveAgentSession")?.create(&session(owners[0]))?;
        Err(Error::NestedWrite)
    })
    .unwrap_err();
    let created = db
        .transaction(|tx| -> Result<Vec<RecordId>> {
            let mut sessions = tx.object("LiveAgentSession")?;
            let refused = sessions.create_many(&[session(owners[1]), map(&json!({}))])?;
            assert!(refused.iter().all(Result::is_err), "{refused:?}");
            owners.iter().rev().map(|owner| sessions.create(&session(owner))).collect()
        })
        .unwrap();
    let assert_owned = |store: &Store| {
        let sessions = store.system().object("LiveAgentSession").unwrap();
        for (id, owner) in created.iter().zip(owners.iter().rev()) {
            assert_eq!(sessions.get(*id).unwrap()["OwnerId"], *owner);
        }
        crate::desk::verify(store);
    };
    assert_owned(&store);
    drop((db, store));
    assert_owned(&Store::open(&path, OBJECTS).unwrap());
}
