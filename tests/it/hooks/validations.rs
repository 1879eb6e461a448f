//! Validations: closures that say what is wrong with a record.

use serde_json::json;
use sobject_core::{Hooks, Invalid, JsonHooks};

use super::{Notes, desk};
use crate::desk::{
    LiveAgentSession, LiveAgentSessionUpdate, Sample, SampleUpdate, at, missing, record, refusal,
    refused,
};

fn times() -> Hooks<LiveAgentSession> {
    Hooks::new().validate(|session| {
        let f = LiveAgentSession::FIELDS;
        match (session.get(f.login_time), session.get(f.logout_time)) {
            (Some(login), Some(logout)) if logout < login => {
                Err(Invalid::new("A session ends after it began.").field("LogoutTime"))
            }
            _ => Ok(()),
        }
    })
}

#[test]
fn a_validation_refuses_a_record_in_its_own_words() {
    let desk = desk(times());
    let id = desk.db.create(desk.session()).unwrap();
    let message = "A session ends after it began.";
    let invalid = refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, &["LogoutTime"]);
    let early = at("2026-02-01T00:00:00Z");
    let update = LiveAgentSessionUpdate { logout_time: early.into(), ..Default::default() };
    assert_eq!(desk.nothing_changes(|| refused(desk.db.update(id, update))), invalid);
    let mut session = desk.session();
    session.logout_time = early;
    assert_eq!(desk.nothing_changes(|| refused(desk.db.create(session))), invalid);
    let given = record(&desk.session_json(), &json!({ "LogoutTime": "2026-02-01T00:00:00Z" }));
    let sessions = desk.object("LiveAgentSession");
    let results = sessions.create_many(&[given, record(&desk.session_json(), &json!({}))]).unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    desk.verify();
}

#[test]
fn validations_come_behind_the_stores_own_rules_and_before_unique_values() {
    let hooks = JsonHooks::new("User").validate(|user| {
        let name = user.get("Name").and_then(|it| it.as_str()).unwrap();
        if name == "x" { Err("Who is that?".into()) } else { Ok(()) }
    });
    let desk = desk(hooks);
    let users = desk.object("User");
    let invalid = refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Who is that?", &[]);
    // What is missing is told first, and a value that another has is told last.
    assert_eq!(refused(users.create(&json!({ "Username": "b@example.com" }))), missing(&["Name"]));
    let taken = json!({ "Name": "x", "Username": "ada@example.com" });
    assert_eq!(refused(users.create(&taken)), invalid);
}

#[test]
fn a_validation_sees_what_before_hooks_have_set_and_what_was() {
    let notes = Notes::default();
    let in_hook = notes.clone();
    let hooks = Hooks::<Sample>::new()
        .validate(move |sample| {
            let size = sample.get(Sample::FIELDS.size).ok_or("no size")?;
            in_hook.note(format!("{:?} {size}", sample.old().map(|it| it.size)));
            if size < 10 { Err("too small".into()) } else { Ok(()) }
        })
        .before_update(|_, samples| {
            samples.iter_mut().try_for_each(|it| {
                let size = it.get(Sample::FIELDS.size).unwrap_or(1);
                it.set(Sample::FIELDS.size, size * 10)
            })
        })
        .before_create(|_, samples| {
            samples.iter_mut().try_for_each(|it| it.set(Sample::FIELDS.size, 20))
        });
    let desk = desk(hooks);
    let id = desk.db.create(desk.sample()).unwrap();
    let to = |size: i32| SampleUpdate { size: size.into(), ..SampleUpdate::default() };
    desk.db.update(id, to(1)).unwrap();
    assert_eq!(desk.get(id).size, 10);
    let told = refused(desk.db.update(id, to(0)));
    assert_eq!(told, refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "too small", &[]));
    assert_eq!(notes.take(), ["None 20", "Some(20) 10", "Some(10) 0"]);
    // Deletes and undeletes ask no validation.
    desk.db.delete(id).unwrap();
    desk.db.undelete(id).unwrap();
    assert!(notes.take().is_empty());
    desk.verify();
}
