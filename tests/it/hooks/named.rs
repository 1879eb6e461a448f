//! For which records hooks run: those that a call names, and no others.

use serde_json::json;
use sobject_core::{Hooks, Id, JsonHooks, SObject, Store};

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
                notes.note(format!("{event} {}", part.record().or(part.old()).unwrap().name));
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
    let in_hook = notes.clone();
    let hooks = JsonHooks::new("Part").before_create(move |_, parts| {
        in_hook.note(parts.len().to_string());
        Ok(())
    });
    let desk = crate::desk::Desk::with(|builder| builder.hooks(hooks).in_memory(OBJECTS));
    let parts: Vec<_> = (0..200).map(|n| PartCreate::new(n.to_string())).collect();
    let results = desk.db.create_many(&parts).unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(notes.take(), ["200"]);
    desk.verify();
}

/// A tool, known by its code.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0T", label = "Tool", plural = "Tools", custom)]
struct Tool {
    #[field(create, custom, external_id, filter, length = 8, unique, update)]
    code: String,
    #[field(create, custom, nillable, update)]
    place: Option<String>,
}

#[test]
fn an_upsert_sets_off_the_hooks_of_what_it_comes_to() {
    let notes = Notes::default();
    let note = |event: &'static str| {
        let notes = notes.clone();
        move |_: &mut sobject_core::Transaction<'_>, tools: &mut [sobject_core::Before<Tool>]| {
            for tool in tools {
                let code = tool.get(Tool::FIELDS.code).unwrap_or_default();
                notes.note(format!("{event} {code}"));
                if tool.get(Tool::FIELDS.place).as_deref() == Some("lost") {
                    tool.refuse("Lost.");
                }
            }
            Ok(())
        }
    };
    let after = |event: &'static str| {
        let notes = notes.clone();
        move |_: &mut sobject_core::Transaction<'_>, tools: &mut [sobject_core::After<Tool>]| {
            let codes: Vec<_> = tools.iter().map(|it| it.record().unwrap().code.clone()).collect();
            notes.note(format!("{event} {}", codes.join(" ")));
            Ok(())
        }
    };
    let hooks = Hooks::<Tool>::new()
        .before_create(note("before create"))
        .before_update(note("before update"))
        .after_create(after("after create"))
        .after_update(after("after update"));
    let store = Store::builder().hooks(hooks).in_memory(&[Tool::OBJECT]).unwrap();
    let db = store.system();
    let tool = |code: &str, place: &str| ToolCreate {
        place: Some(place.to_owned()),
        ..ToolCreate::new(code)
    };
    let code = Tool::FIELDS.code;
    assert!(db.upsert(code, tool("T1", "shed")).unwrap().created);
    assert!(!db.upsert(code, tool("t1", "shelf")).unwrap().created);
    assert_eq!(
        notes.take(),
        ["before create T1", "after create T1", "before update T1", "after update T1"]
    );
    let several = [tool("T2", "shed"), tool("T1", "hook"), tool("T3", "lost"), tool("T4", "box")];
    let results = db.upsert_many(code, &several).unwrap();
    let made: Vec<_> = results.iter().map(|it| it.as_ref().ok().map(|it| it.created)).collect();
    assert_eq!(made, [Some(true), Some(false), None, Some(true)]);
    let lost = results[2].as_ref().unwrap_err();
    assert_eq!(
        (lost.status_code().as_str(), &*lost.message()),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Lost.")
    );
    // All at once, and again without the one that was refused.
    let first = ["before create T2", "before create T3", "before create T4", "before update T1"];
    let second = ["before create T2", "before create T4", "before update T1"];
    let afters = ["after create T2 T4", "after update T1"];
    assert_eq!(notes.take(), [&first[..], &afters, &second, &afters].concat());
    assert_eq!(db.count::<Tool>().unwrap(), 3);
    assert_eq!(db.find(code, "T1").unwrap()[0].place.as_deref(), Some("hook"));
    crate::desk::verify(&store);
}

/// A leg, which goes along with the part that it is of.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0E", label = "Leg", plural = "Legs")]
struct Leg {
    #[field(create, update, filter, on_delete = cascade, child_relationship = "Legs")]
    part_id: Id<Part>,
}

#[test]
fn what_goes_along_and_what_is_emptied_sets_off_no_hooks() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let of_legs = JsonHooks::new("Leg")
        .before_delete(move |_, legs| {
            in_hook.note(format!("before delete of {} legs", legs.len()));
            Ok(())
        })
        .after_delete(|_, _| panic!("no leg is deleted by a call"))
        .after_undelete(|_, _| panic!("no leg is brought back by a call"));
    let builder = Store::builder().hooks(noting(&notes)).hooks(of_legs);
    let objects = [Part::OBJECT, Leg::OBJECT];
    let store = builder.in_memory(&objects).unwrap();
    let db = store.system();
    let chair = db.create(PartCreate::new("chair")).unwrap();
    let stool = PartCreate { twin_id: Some(chair), ..PartCreate::new("stool") };
    let stool = db.create(stool).unwrap();
    let legs: Vec<_> = (0..3).map(|_| LegCreate::new(chair)).collect();
    assert!(db.create_many(&legs).unwrap().iter().all(Result::is_ok));
    notes.take();
    db.delete(chair).unwrap();
    // The legs went along, and the stool has no twin any more.
    assert_eq!(db.count::<Leg>().unwrap(), 0);
    assert_eq!(db.get(stool).unwrap().twin_id, None);
    assert_eq!(notes.take(), ["before delete chair", "after delete chair"]);
    db.undelete(chair).unwrap();
    assert_eq!(db.count::<Leg>().unwrap(), 3);
    assert_eq!(db.get(stool).unwrap().twin_id, Some(chair));
    assert_eq!(notes.take(), ["after undelete chair"]);
    crate::desk::verify(&store);
}

#[test]
fn a_refusal_behind_a_delete_brings_back_what_went_along() {
    let hooks = Hooks::<Part>::new().after_delete(|tx, parts| {
        assert_eq!(tx.count::<Leg>()?, 0, "the legs are gone already");
        for part in parts {
            part.refuse("It stays.");
        }
        Ok(())
    });
    let store = Store::builder().hooks(hooks).in_memory(&[Part::OBJECT, Leg::OBJECT]).unwrap();
    let db = store.system();
    let chair = db.create(PartCreate::new("chair")).unwrap();
    db.create_many(&[LegCreate::new(chair), LegCreate::new(chair)]).unwrap();
    let told = crate::desk::nothing_changes(&store, || crate::desk::refused(db.delete(chair)));
    assert_eq!(told.message, "It stays.");
    assert_eq!(db.count::<Leg>().unwrap(), 2);
}
