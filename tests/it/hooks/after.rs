//! After hooks: what they see, what they write, and how a refusal takes everything back.

use serde_json::json;
use sobject_core::{
    Caller, Error, Hooks, JsonHooks, ObjectRight, Permissions,
    standard::{Group, GroupCreate},
};

use super::{Notes, desk};
use crate::desk::{Part, PartCreate, PartUpdate, no_such_record, refusal, refused, rolled_back};

fn renamed(name: &str) -> PartUpdate {
    PartUpdate { name: name.into(), ..PartUpdate::default() }
}

#[test]
fn each_event_sees_what_was_and_what_is() {
    let notes = Notes::default();
    let names = |of: &'static str| {
        let in_hook = notes.clone();
        move |_: &mut sobject_core::Transaction<'_>, parts: &mut [sobject_core::After<Part>]| {
            for part in parts {
                let [old, new] = [part.old(), part.record()]
                    .map(|it| it.map_or("nothing".to_owned(), |it| it.name.clone()));
                let ids =
                    [part.old(), part.record()].into_iter().flatten().all(|it| it.id == part.id());
                in_hook.note(format!("{of}: {old} to {new}, {ids}"));
            }
            Ok(())
        }
    };
    let hooks = Hooks::<Part>::new()
        .after_create(names("create"))
        .after_update(names("update"))
        .after_delete(names("delete"))
        .after_undelete(names("undelete"));
    let desk = desk(hooks);
    let id = desk.db.create(PartCreate::new("a")).unwrap();
    desk.db.update(id, renamed("b")).unwrap();
    desk.db.delete(id).unwrap();
    desk.db.undelete(id).unwrap();
    assert_eq!(
        notes.take(),
        [
            "create: nothing to a, true",
            "update: a to b, true",
            "delete: b to nothing, true",
            "undelete: nothing to b, true"
        ]
    );
    // By name, too, and for several at once.
    let parts = desk.object("Part");
    let names = ["c", "d"].map(|name| json!({ "Name": name }));
    let ids: Vec<_> =
        parts.create_many(&names).unwrap().into_iter().map(|id| id.unwrap()).collect();
    parts.delete_many(&ids).unwrap();
    parts.undelete_many(&ids).unwrap();
    assert_eq!(notes.take().len(), 6);
    desk.verify();
}

#[test]
fn what_an_after_hook_writes_is_written_with_the_call_in_system_mode_by_its_caller() {
    let hooks = Hooks::<Part>::new().after_create(|tx, parts| {
        for part in parts {
            tx.create(GroupCreate::new(format!("Friends of {}", part.record().unwrap().name)))?;
            // The record is there already.
            assert_eq!(tx.get(part.id())?.name, part.record().unwrap().name);
        }
        Ok(())
    });
    let desk = desk(hooks);
    let bo = desk.user("Bo");
    let clerk =
        desk.store.connect(Caller::user(bo, Permissions::all().mute("Group", [ObjectRight::Read])));
    let n_groups = desk.count::<Group>();
    clerk.create(PartCreate::new("bolts")).unwrap();
    let groups = desk.db.walk::<Group>().all().unwrap();
    let group = groups.last().unwrap();
    assert_eq!((group.name.as_str(), group.created_by_id), ("Friends of bolts", bo.record_id()));
    assert_eq!(groups.len() as u64, n_groups + 1);
    // A call that is refused elsewhere in its transaction takes the hook's writes along.
    let failed = desk.db.transaction(|tx| {
        tx.create(PartCreate::new("nuts"))?;
        tx.create(PartCreate::new(""))
    });
    assert!(failed.is_err());
    assert_eq!((desk.count::<Part>(), desk.count::<Group>()), (1, n_groups + 1));
    desk.verify();
}

#[test]
fn a_refusal_takes_back_the_record_and_runs_the_others_again() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Part>::new().after_create(move |tx, parts| {
        let names: Vec<_> = parts.iter().map(|it| it.record().unwrap().name.clone()).collect();
        tx.create(GroupCreate::new(names.join(" ")))?;
        in_hook.note(names.join(" "));
        for part in parts {
            if part.record().unwrap().name == "bad" {
                part.refuse("Bad.");
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let n_groups = desk.count::<Group>();
    let given = ["a", "bad", "b", ""].map(PartCreate::new);
    let results = desk.db.create_many(&given).unwrap();
    assert_eq!(notes.take(), ["a bad b", "a b"]);
    let written: Vec<_> = results.iter().map(Result::is_ok).collect();
    assert_eq!(written, [true, false, true, false]);
    let bad = results[1].as_ref().unwrap_err();
    assert_eq!(
        (bad.status_code().as_str(), &*bad.message()),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bad.")
    );
    assert_eq!(desk.count::<Part>(), 2);
    // Of what hooks wrote, only the last run is left.
    let groups = desk.db.walk::<Group>().all().unwrap();
    assert_eq!(groups.len() as u64, n_groups + 1);
    assert_eq!(groups.last().unwrap().name, "a b");
    // A single record, and all or none.
    let told = desk.nothing_changes(|| refused(desk.db.create(PartCreate::new("bad"))));
    assert_eq!(told, refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bad.", &[]));
    let results = desk.nothing_changes(|| desk.db.all_or_none().create_many(&given[..3]).unwrap());
    let refusals: Vec<_> = results.into_iter().map(refused).collect();
    assert_eq!(
        refusals,
        [rolled_back(), refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bad.", &[]), rolled_back()]
    );
    desk.verify();
}

#[test]
fn a_refused_delete_leaves_the_record_live_and_a_refused_undelete_in_the_bin() {
    let refuse = |parts: &mut [sobject_core::After<Part>]| {
        for part in parts {
            let record = part.old().or(part.record()).unwrap();
            if record.name == "fixed" {
                part.refuse("Fixed.");
            }
        }
        Ok(())
    };
    let hooks = Hooks::<Part>::new()
        .after_delete(move |_, parts| refuse(parts))
        .after_undelete(move |_, parts| if parts.len() == 3 { refuse(parts) } else { Ok(()) });
    let desk = desk(hooks);
    let ids = ["a", "fixed", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let results = desk.db.delete_many(&ids).unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(desk.get(ids[1]).name, "fixed");
    let other = desk.db.create(PartCreate::new("c")).unwrap();
    desk.db.delete(other).unwrap();
    let in_bin = [ids[0], other, ids[2]];
    let results = desk.db.undelete_many(&in_bin).unwrap();
    assert!(results.iter().all(Result::is_ok));
    desk.verify();
}

#[test]
fn records_that_are_not_there_reach_no_hook() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = JsonHooks::new("Part").before_update(move |_, parts| {
        in_hook.note(parts.len().to_string());
        Ok(())
    });
    let desk = desk(hooks);
    let id = desk.db.create(PartCreate::new("a")).unwrap();
    let other: sobject_core::RecordId = "a0Pxx0000000099".parse().unwrap();
    let updates =
        [json!({ "Id": id, "Name": "b" }), json!({ "Id": other }), json!({ "Name": "x" })];
    let results = desk.object("Part").update_many(&updates).unwrap();
    let codes: Vec<_> = results
        .iter()
        .map(|it| it.as_ref().map_or_else(|error| error.status_code().as_str(), |()| "written"))
        .collect();
    assert_eq!(codes, ["written", "INVALID_CROSS_REFERENCE_KEY", "MISSING_ARGUMENT"]);
    assert_eq!(refused(desk.object("Part").update(other, &json!({}))), no_such_record());
    assert_eq!(notes.take(), ["1"]);
    desk.verify();
}

#[test]
fn a_hook_that_begins_a_write_of_its_own_is_told_to_use_the_transaction() {
    let store = std::sync::Arc::new(std::sync::OnceLock::<sobject_core::Connection>::new());
    let other = store.clone();
    let hooks = Hooks::<Part>::new().after_create(move |_, _| {
        let db = other.get().unwrap();
        let nested = db.create(GroupCreate::new("x")).unwrap_err();
        assert!(matches!(nested, Error::NestedWrite), "{nested}");
        Err(nested)
    });
    let desk = desk(hooks);
    store.set(desk.db.clone()).unwrap();
    // An error that is no record's ends the call.
    let ended = desk.nothing_changes(|| desk.db.create(PartCreate::new("a")).unwrap_err());
    assert!(matches!(ended, Error::NestedWrite), "{ended}");
}
