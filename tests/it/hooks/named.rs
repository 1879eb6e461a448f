//! For which records hooks run: those that a call names, and no others.

use serde_json::json;
use sobject_core::{Hooks, JsonHooks, SObject};

use super::{Notes, desk};
use crate::desk::{OBJECTS, Part, PartCreate, map};

/// Hooks of parts that note each event with the names of the records.
fn noting(notes: &Notes) -> Hooks<Part> {
    let before = |event: &'static str| {
        let notes = notes.clone();
        move |_: &mut sobject_core::Transaction<'_>, parts: &mut [sobject_core::Before<Part>]| {
            for part in parts {
                notes.note(format!("{event} {}", part.get(Part::FIELDS.name).unwrap_or_default()));
            }
            Ok(())
        }
    };
    let after = |event: &'static str| {
        let notes = notes.clone();
        move |_: &mut sobject_core::Transaction<'_>, parts: &mut [sobject_core::After<Part>]| {
            for part in parts {
                notes.note(format!("{event} {}", part.new().or(part.old()).unwrap().name));
            }
            Ok(())
        }
    };
    Hooks::new()
        .before_create(before("before create"))
        .before_update(before("before update"))
        .before_delete(before("before delete"))
        .after_create(after("after create"))
        .after_update(after("after update"))
        .after_delete(after("after delete"))
        .after_undelete(after("after undelete"))
}

#[test]
fn a_replica_sets_off_no_hooks() {
    let notes = Notes::default();
    let desk = desk(noting(&notes));
    let replica = desk.store.replica().stamps_from_given();
    let part = |name: &str, is_deleted: bool| {
        map(&json!({
            "Id": "a0Pxx0000000077", "Name": name, "IsDeleted": is_deleted,
            "CreatedDate": "2026-01-01T00:00:00Z", "SystemModstamp": "2026-01-01T00:00:00Z",
        }))
    };
    for (name, is_deleted) in [("a", false), ("b", false), ("b", true), ("c", false)] {
        replica.put("Part", &part(name, is_deleted)).unwrap();
    }
    assert!(notes.take().is_empty());
    desk.verify();
}

#[test]
fn objects_without_hooks_are_written_as_ever() {
    let notes = Notes::default();
    let desk = desk(noting(&notes));
    let id = desk.db.create(desk.session()).unwrap();
    desk.db.delete(id).unwrap();
    assert!(notes.take().is_empty());
    // Reading sets off nothing either.
    let part = desk.db.create(PartCreate::new("a")).unwrap();
    assert_eq!(notes.take(), ["before create a", "after create a"]);
    desk.get(part);
    assert!(notes.take().is_empty());
}

#[test]
fn a_call_of_two_hundred_records_is_one_batch() {
    let notes = Notes::default();
    let noted = notes.clone();
    let hooks = JsonHooks::new("Part").before_create(move |_, parts| {
        noted.note(parts.len().to_string());
        Ok(())
    });
    let desk = crate::desk::Desk::with(|builder| builder.hooks(hooks).in_memory(OBJECTS));
    let parts: Vec<_> = (0..200).map(|n| PartCreate::new(n.to_string())).collect();
    let results = desk.db.create_many(&parts).unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(notes.take(), ["200"]);
    desk.verify();
}
