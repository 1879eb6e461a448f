//! Before hooks: what they see and set, and how that is checked.

use serde_json::json;
use sobject_core::{
    Caller, FieldRight, Hooks, JsonHooks, Patch, Permissions, SObject, SaveResult, Store,
};

use super::{Notes, desk};
use crate::desk::{
    LiveAgentSession, LiveAgentSessionUpdate, Part, PartCreate, PartUpdate, Sample, SampleUpdate,
    missing, not_writeable, record, refusal, refused, rolled_back, verify,
};

#[test]
fn a_before_hook_sets_what_a_record_is_to_hold() {
    let hooks = Hooks::<Part>::new().before_create(|_, parts| {
        for part in parts {
            let name = part.get(Part::FIELDS.name).unwrap_or_default();
            assert!(part.id().is_none() && part.old().is_none());
            part.set(Part::FIELDS.name, name.to_uppercase())?;
            // What it has set is what it then reads.
            assert_eq!(part.get(Part::FIELDS.name).unwrap_or_default(), name.to_uppercase());
        }
        Ok(())
    });
    let desk = desk(hooks);
    let id = desk.db.create(PartCreate::new("bolt")).unwrap();
    assert_eq!(desk.get(id).name, "BOLT");
    // Also for a call by name, and inside a transaction.
    let nut = desk.object("Part").create(&json!({ "Name": " nut " })).unwrap();
    assert_eq!(desk.object("Part").get(nut).unwrap()["Name"], "NUT");
    let clip = desk.db.transaction(|tx| tx.create(PartCreate::new("clip"))).unwrap();
    assert_eq!(desk.get(clip).name, "CLIP");
    desk.verify();
}

#[test]
fn what_a_create_must_give_may_come_from_a_hook() {
    let hooks = JsonHooks::new("LiveAgentSession").before_create(|tx, sessions| {
        let users = tx.object("User")?.find("Username", "ada@example.com")?;
        for session in sessions.iter_mut() {
            assert!(session.get("CreatedDate").is_none(), "nothing is stamped yet");
            if session.get("AgentId").is_none_or(|it| it.is_null()) {
                session.set("agentid", users[0]["Id"].clone())?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let sessions = desk.object("LiveAgentSession");
    let mut given = desk.session_json();
    given.as_object_mut().unwrap().remove("AgentId");
    let id = sessions.create(&given).unwrap();
    assert_eq!(sessions.get(id).unwrap()["AgentId"], desk.agent.to_string());
    // What nobody gives is missing as ever.
    given.as_object_mut().unwrap().remove("LoginTime");
    assert_eq!(refused(sessions.create(&given)), missing(&["LoginTime"]));
    desk.verify();
}

#[test]
fn what_a_hook_sets_is_checked_as_if_it_had_been_given() {
    let hooks = JsonHooks::new("Sample").before_create(|_, samples| {
        for sample in samples {
            let set = sample.get("Origin").cloned().unwrap_or_default();
            let set: serde_json::Value = serde_json::from_str(set.as_str().unwrap()).unwrap();
            for (field, value) in set.as_object().unwrap() {
                sample.set(field, value.clone())?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let samples = desk.object("Sample");
    let set = |change: serde_json::Value| {
        let origin = json!({ "Origin": change.to_string() });
        samples.create(&record(&desk.sample_json(), &origin))
    };
    let id = set(json!({ "text": " trimmed ", "MAYBESIZE": "7" })).unwrap();
    let stored = samples.get(id).unwrap();
    assert_eq!((&stored["Text"], &stored["MaybeSize"]), (&json!("trimmed"), &json!(7)));
    let too_long = "Short Text: data value too large: far too long (max length=10)";
    let too_wide = "Small Size: value outside of valid range on numeric field: 12345";
    for (change, wanted) in [
        (json!({ "Text": "far too long" }), refusal("STRING_TOO_LONG", too_long, &["Text"])),
        (
            json!({ "MaybeSize": 12345 }),
            refusal("NUMBER_OUTSIDE_VALID_RANGE", too_wide, &["MaybeSize"]),
        ),
        (json!({ "Text": null, "Size": null }), missing(&["Size", "Text"])),
        (json!({ "Sealed": 1, "Name": "S-1" }), not_writeable(&["Name", "Sealed"])),
        (json!({ "CreatedDate": "2020-01-01T00:00:00Z" }), not_writeable(&["CreatedDate"])),
        (
            json!({ "Colour": "red" }),
            refusal("INVALID_FIELD", "No such column 'Colour' on sobject of type Sample", &[]),
        ),
        (
            json!({ "Id": "a0Sxx0000000001" }),
            refusal(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "cannot specify Id in an insert call",
                &["Id"],
            ),
        ),
    ] {
        assert_eq!(desk.nothing_changes(|| refused(set(change))), wanted);
    }
}

#[test]
fn an_update_hook_sees_what_was_and_what_is_to_be() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Sample>::new().before_update(move |_, samples| {
        for sample in samples {
            let old = sample.old().unwrap();
            let new = sample.get(Sample::FIELDS.maybe_size);
            in_hook.note(format!("{:?} {:?} {new:?}", sample.id() == Some(old.id), old.maybe_size));
            if new.is_some_and(|it| it > 100) {
                sample.set(Sample::FIELDS.maybe_size, 100)?;
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let id = desk.db.create(desk.sample()).unwrap();
    assert!(notes.take().is_empty(), "creates set off no hook of updates");
    let set = |size: Patch<Option<i32>>| {
        desk.db.update(id, SampleUpdate { maybe_size: size, ..SampleUpdate::default() }).unwrap();
        desk.get(id).maybe_size
    };
    assert_eq!(set(7.into()), Some(7));
    assert_eq!(set(700.into()), Some(100));
    assert_eq!(set(Patch::Keep), Some(100));
    assert_eq!(set(Patch::NULL), None);
    assert_eq!(
        notes.take(),
        [
            "true None Some(7)",
            "true Some(7) Some(700)",
            "true Some(100) Some(100)",
            "true Some(100) None"
        ]
    );
    desk.verify();
}

#[test]
fn a_field_that_a_create_alone_may_set_is_set_by_no_hook_of_an_update() {
    let hooks = Hooks::<Sample>::new().before_update(|_, samples| {
        samples.iter_mut().try_for_each(|it| it.set(Sample::FIELDS.origin, "elsewhere".to_owned()))
    });
    let desk = desk(hooks);
    let id = desk.db.create(desk.sample()).unwrap();
    let update = SampleUpdate { size: 3.into(), ..SampleUpdate::default() };
    let told = desk.nothing_changes(|| refused(desk.db.update(id, update)));
    assert_eq!(told, not_writeable(&["Origin"]));
}

#[test]
fn a_before_hook_refuses_single_records_of_a_batch_in_its_own_words() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Part>::new().before_create(move |_, parts| {
        in_hook.note(format!("{} parts", parts.len()));
        for part in parts {
            if part.get(Part::FIELDS.name).unwrap_or_default().starts_with("bad") {
                part.refuse("Not this one.");
                part.refuse(sobject_core::Invalid::new("Never.").field("Name"));
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let names = ["good", "bad", "", "bad too", "fine"].map(PartCreate::new);
    let results = desk.db.create_many(&names).unwrap();
    let message = "Not this one.; Never.";
    let invalid = || refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, &["Name"]);
    let refusals: Vec<_> = results.into_iter().map(|it| it.err().map(|it| (&it).into())).collect();
    assert_eq!(refusals, [None, Some(invalid()), Some(missing(&["Name"])), Some(invalid()), None]);
    // The whole batch at once, and once more without those that were refused.
    assert_eq!(notes.take(), ["5 parts", "2 parts"]);
    assert_eq!(desk.count::<Part>(), 2);
    let json =
        serde_json::to_value(SaveResult::created(&desk.db.create(PartCreate::new("bad")))).unwrap();
    assert_eq!(
        json["errors"],
        json!([{
            "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": message, "fields": ["Name"],
        }])
    );
    let results = desk.db.all_or_none().create_many(&names[..2]).unwrap();
    let refusals: Vec<_> = results.into_iter().map(refused).collect();
    assert_eq!(refusals, [rolled_back(), invalid()]);
    assert_eq!(desk.count::<Part>(), 2);
    desk.verify();
}

/// A badge, whose code no other has.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0B", label = "Badge", plural = "Badges")]
struct Badge {
    #[field(create, update, filter, sort, unique, length = 20)]
    code: String,
    #[field(create, update, filter, sort)]
    holder: String,
}

#[test]
fn records_that_fail_earlier_checks_reach_no_hook_and_unique_values_are_compared_behind_it() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = JsonHooks::new("Badge").before_create(move |_, badges| {
        for badge in badges {
            let code = badge.get("Code").and_then(|it| it.as_str()).unwrap_or("none").to_owned();
            in_hook.note(&*code);
            badge.set("Code", code.replace('-', ""))?;
        }
        Ok(())
    });
    let store = Store::builder().hooks(hooks).in_memory(&[Badge::OBJECT]).unwrap();
    let db = store.system();
    let badges = db.object("Badge").unwrap();
    let badge = |code: &str| json!({ "Holder": "x", "Code": code });
    let results = badges
        .create_many(&[
            badge("B-1"),
            json!({ "Holder": "x", "Code": "C-1", "Shoes": 44 }),
            json!({ "Holder": "x", "Code": 7 }),
            json!({ "Code": "D-1" }),
            badge("b1"),
        ])
        .unwrap();
    let codes: Vec<_> = results
        .iter()
        .map(|it| it.as_ref().map_or_else(|error| error.status_code().as_str(), |_| "written"))
        .collect();
    let wanted = [
        "written",
        "INVALID_FIELD",
        "JSON_PARSER_ERROR",
        "REQUIRED_FIELD_MISSING",
        "DUPLICATE_VALUE",
    ];
    assert_eq!(codes, wanted);
    assert_eq!(notes.take(), ["B-1", "D-1", "b1", "B-1"]);
    assert_eq!(db.count::<Badge>().unwrap(), 1);
    verify(&store);
}

#[test]
fn hooks_of_one_event_run_in_their_order_and_see_what_was_set_before_them() {
    let add = |letter: &'static str| {
        move |_: &mut sobject_core::Transaction<'_>, parts: &mut [sobject_core::Before<Part>]| {
            for part in parts {
                let name = part.get(Part::FIELDS.name).unwrap_or_default() + letter;
                part.set(Part::FIELDS.name, name)?;
            }
            Ok(())
        }
    };
    let first = Hooks::<Part>::new().before_create(add("1")).before_create(add("2"));
    let desk = crate::desk::Desk::with(|builder| {
        let third = JsonHooks::new("part").before_create(|_, parts| {
            let name = parts[0].get("name").unwrap().as_str().unwrap().to_owned();
            parts[0].set("NAME", name + "3")
        });
        builder.hooks(first).hooks(third).in_memory(crate::desk::OBJECTS)
    });
    let id = desk.db.create(PartCreate::new("p")).unwrap();
    assert_eq!(desk.get(id).name, "p123");
}

#[test]
fn a_hook_acts_in_system_mode_and_the_caller_stays_the_one_who_is_stamped() {
    let hooks = Hooks::<LiveAgentSession>::new().before_update(|_, sessions| {
        sessions.iter_mut().try_for_each(|it| it.set(LiveAgentSession::FIELDS.time_idle, 5))
    });
    let desk = desk(hooks);
    let id = desk.db.create(desk.session()).unwrap();
    let bo = desk.user("Bo");
    let permissions =
        Permissions::all().mute_field(("LiveAgentSession", "TimeIdle"), FieldRight::Edit);
    let clerk = desk.store.connect(Caller::user(bo, permissions));
    clerk.update(id, LiveAgentSessionUpdate::default()).unwrap();
    let session = desk.get(id);
    assert_eq!(session.time_idle, Some(5));
    assert_eq!(session.last_modified_by_id, bo.record_id());
    // What the caller gives is checked with the caller's rights all the same.
    let own = LiveAgentSessionUpdate { time_idle: 1.into(), ..Default::default() };
    assert_eq!(refused(clerk.update(id, own)), not_writeable(&["TimeIdle"]));
    desk.verify();
}

#[test]
fn a_delete_can_be_refused_and_not_be_changed() {
    let hooks = Hooks::<Part>::new().before_delete(|_, parts| {
        for part in parts {
            let old = part.old().unwrap();
            match old.name.as_str() {
                "kept" => part.refuse("This one stays."),
                "set" => part.set(Part::FIELDS.name, "x")?,
                _ => assert_eq!(part.get(Part::FIELDS.name).unwrap_or_default(), "gone"),
            }
        }
        Ok(())
    });
    let desk = desk(hooks);
    let ids = ["gone", "kept", "set"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let results = desk.db.delete_many(&ids[..2]).unwrap();
    assert!(results[0].is_ok());
    let refusals: Vec<_> = results.into_iter().skip(1).map(refused).collect();
    assert_eq!(refusals, [refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "This one stays.", &[])]);
    let told = refused(desk.db.delete(ids[2]));
    assert_eq!(told.code, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    assert!(told.message.contains("setting Name of a record that is to be deleted"), "{told:?}");
    assert_eq!(desk.count::<Part>(), 2);
    desk.verify();
}

#[test]
fn a_record_that_a_call_names_twice_is_seen_as_the_first_time_left_it() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Part>::new().before_update(move |_, parts| {
        let names: Vec<_> = parts.iter().map(|it| it.old().unwrap().name.clone()).collect();
        in_hook.note(names.join(" "));
        Ok(())
    });
    let desk = desk(hooks);
    let [a, b] = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let to = |name: &str| PartUpdate { name: name.into(), ..PartUpdate::default() };
    let updates = [(a, to("a2")), (b, to("b2")), (a, to("a3")), (b, to("b3")), (b, to("b4"))];
    let results = desk.db.update_many(&updates).unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(notes.take(), ["a b", "a2 b2", "b3"]);
    assert_eq!((desk.get(a).name.as_str(), desk.get(b).name.as_str()), ("a3", "b4"));
    let thirteen: Vec<_> = (0..13).map(|n| (a, to(&format!("a{n}")))).collect();
    let results = desk.db.update_many(&thirteen).unwrap();
    assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 12);
    // A record that the call deletes twice is gone the second time.
    let results = desk.object("Part").delete_many(&[a.into(), a.into()]).unwrap();
    assert!(results[0].is_ok());
    assert_eq!(results[1].as_ref().unwrap_err().status_code().as_str(), "ENTITY_IS_DELETED");
    desk.verify();
}
