//! Audit-field mode: records that come from another system keep the times and users that they had
//! there.

use serde_json::{Value as Json, json};
use sobject_core::{
    AccessType, Audited, Caller, Connection, Definition, FieldType, Id, ManualClock, Permissions,
    SObject, Store,
    chrono::TimeDelta,
    standard::{Group, User, UserCreate},
};

use crate::{
    desk::{
        LiveAgentSession, LiveAgentSessionCreate, MORNING, at, map, missing, no_such_record,
        not_writeable, nothing_changes, record, refusal, refused, verify,
    },
    types::{outcomes, unreadable_as, wrong_type},
};

/// A letter, whose creates may give the audit fields.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0L", label = "Letter", plural = "Letters")]
struct Letter {
    #[field(autonumber = "L-{YYYY}-{000}", name_field, filter)]
    name: String,
    #[field(create, update, nillable)]
    text: Option<String>,
}

/// Letters take audit fields.
const LETTER: &Definition = &Letter::OBJECT.audit_fields();

/// The fields of the mode, in the order of an object.
const AUDIT_FIELDS: [&str; 4] =
    ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById"];

struct Archive {
    store: Store,
    clock: ManualClock,
    /// In audit-field mode, as the store's own user.
    db: Connection,
    ada: Id<User>,
    bo: Id<User>,
}

impl Archive {
    fn new() -> Self {
        let clock = ManualClock::at(at(MORNING));
        let objects = &[Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT, LETTER];
        let store = Store::builder().clock(clock.clone()).in_memory(objects).unwrap();
        let user = |name: &str| {
            let user = UserCreate::new(name, format!("{name}@example.com"));
            store.system().create(user).unwrap()
        };
        let (ada, bo) = (user("Ada"), user("Bo"));
        let db = store.connect(Caller::system().with_audit_fields());
        Self { store, clock, db, ada, bo }
    }

    /// A letter that Ada wrote long ago and Bo changed later.
    fn past(&self) -> Audited<LetterCreate> {
        Audited {
            created_date: Some(at("2004-02-29T12:00:00Z")),
            created_by_id: Some(self.ada.record_id()),
            last_modified_date: Some(at("2005-01-01T00:00:00Z")),
            last_modified_by_id: Some(self.bo.record_id()),
            ..Audited::new(LetterCreate::default())
        }
    }

    /// [`Archive::past`] as a client sends it.
    fn past_json(&self) -> Json {
        json!({
            "CreatedDate": "2004-02-29T12:00:00.000+0000", "CreatedById": self.ada,
            "LastModifiedDate": "2005-01-01T00:00:00.000+0000", "LastModifiedById": self.bo,
        })
    }

    /// Asserts that a letter has the values of [`Archive::past`], and that its other stamps are of
    /// now.
    fn assert_past(&self, id: Id<Letter>) {
        let letter = self.db.get(id).unwrap();
        assert_eq!(letter.created_date, at("2004-02-29T12:00:00Z"));
        assert_eq!(letter.created_by_id, self.ada.record_id());
        assert_eq!(letter.last_modified_date, at("2005-01-01T00:00:00Z"));
        assert_eq!(letter.last_modified_by_id, self.bo.record_id());
        assert_eq!(letter.system_modstamp, at(MORNING), "nothing sets SystemModstamp");
        assert!(letter.name.starts_with("L-2026-"), "{} is numbered now", letter.name);
    }
}

#[test]
fn a_create_gives_the_audit_fields() {
    let archive = Archive::new();
    let db = &archive.db;
    archive.assert_past(db.create(archive.past()).unwrap());
    archive.assert_past(db.create(archive.past()).unwrap());
    for id in db.create_many(&[archive.past(), archive.past()]).unwrap() {
        archive.assert_past(id.unwrap());
    }
    archive.assert_past(db.transaction(|tx| tx.create(archive.past())).unwrap());
    let letters = db.object("Letter").unwrap();
    let untyped = letters.create(&map(&archive.past_json())).unwrap();
    archive.assert_past(Id::new(untyped));
    verify(&archive.store);
}

#[test]
fn each_audit_field_that_is_not_given_is_stamped() {
    let archive = Archive::new();
    let letters = archive.db.object("Letter").unwrap();
    let stamped = letters.get(letters.create(&map(&json!({}))).unwrap()).unwrap();
    for given in AUDIT_FIELDS {
        let past = archive.past_json();
        let made = letters.create(&map(&json!({ given: past[given] }))).unwrap();
        let made = letters.get(made).unwrap();
        for name in AUDIT_FIELDS {
            let expected = if name == given { &past[name] } else { &stamped[name] };
            let shown = |value: &Json| value.as_str().unwrap()[..15].to_owned();
            assert_eq!(shown(&made[name]), shown(expected), "{name} where {given} is given");
        }
        assert_eq!(made["SystemModstamp"], stamped["SystemModstamp"]);
    }
    verify(&archive.store);
}

#[test]
fn an_audited_record_lives_on_like_any_other() {
    let archive = Archive::new();
    let id = archive.db.create(archive.past()).unwrap();
    archive.db.delete(id).unwrap();
    archive.clock.advance(TimeDelta::hours(1));
    archive.db.undelete(id).unwrap();
    let letter = archive.db.get(id).unwrap();
    assert_eq!(letter.created_date, at("2004-02-29T12:00:00Z"));
    assert_eq!(letter.last_modified_date, at("2026-03-01T09:00:00Z"));
    assert_ne!(letter.last_modified_by_id, archive.bo.record_id());
    verify(&archive.store);
}

#[test]
fn without_the_mode_or_the_right_or_an_object_that_allows_it_all_are_refused_by_name() {
    let archive = Archive::new();
    let (store, ada) = (&archive.store, archive.ada);
    let muted = Permissions::all().mute_audit_fields();
    let granted = muted.clone().grant_audit_fields();
    let modes = [
        ("system mode", Caller::system(), false),
        ("system mode as a user", Caller::system_as(ada), false),
        ("user mode", Caller::user(ada, Permissions::all()), false),
        ("no right", Caller::user(ada, muted).with_audit_fields(), false),
        ("the right", Caller::user(ada, granted.clone()).with_audit_fields(), true),
        (
            "either's right",
            Caller::user(ada, Permissions::none().union(&granted)).with_audit_fields(),
            true,
        ),
        ("the mode", Caller::system_as(ada).with_audit_fields(), true),
    ];
    for (what, caller, may) in modes {
        let db = store.connect(caller);
        let letters = db.object("Letter").unwrap();
        let strip =
            |given| letters.strip_inaccessible(AccessType::Createable, vec![given]).unwrap();
        let stripped = strip(map(&archive.past_json()));
        if may {
            archive.assert_past(db.create(archive.past()).unwrap());
            assert!(stripped.removed_fields.is_empty(), "{what}");
            continue;
        }
        assert_eq!(stripped.removed_fields["Letter"], AUDIT_FIELDS, "{what}");
        nothing_changes(store, || {
            let expected = not_writeable(&AUDIT_FIELDS);
            assert_eq!(refused(db.create(archive.past())), expected, "{what}");
            assert_eq!(refused(letters.create(&map(&archive.past_json()))), expected, "{what}");
            let one = map(&json!({ "LastModifiedById": null }));
            assert_eq!(refused(letters.create(&one)), not_writeable(&["LastModifiedById"]));
        });
        // A view that sets none of them is accepted like any other.
        db.create(Audited::new(LetterCreate::default())).unwrap();
    }
    verify(store);
}

#[test]
fn a_describe_in_the_mode_says_that_a_create_may_give_them() {
    let archive = Archive::new();
    let createable = |caller: Caller, object: &str| {
        let describe = archive.store.connect(caller).describe_sobject(object).unwrap();
        assert!(
            !describe.fields.iter().any(|it| AUDIT_FIELDS.contains(&&*it.name) && it.updateable)
        );
        let fields = describe.fields.into_iter().filter(|it| it.createable);
        fields.map(|it| it.name).collect::<Vec<_>>()
    };
    let (ada, all) = (archive.ada, Permissions::all());
    for (caller, may) in [
        (Caller::system(), false),
        (Caller::user(ada, all.clone()), false),
        (Caller::user(ada, all.clone().mute_audit_fields()).with_audit_fields(), false),
        (Caller::user(ada, all).with_audit_fields(), true),
        (Caller::user(ada, Permissions::read_all().grant_audit_fields()).with_audit_fields(), true),
        (Caller::system().with_audit_fields(), true),
    ] {
        let letters = createable(caller.clone(), "Letter");
        let audit: Vec<_> = letters.iter().filter(|it| *it != "Text").collect();
        assert_eq!(audit, if may { &AUDIT_FIELDS[..] } else { &[] }, "{caller:?}");
        let sessions = createable(caller, "LiveAgentSession");
        assert!(!sessions.iter().any(|it| AUDIT_FIELDS.contains(&&**it)), "{sessions:?}");
    }
    verify(&archive.store);
}

#[test]
fn live_agent_session_does_not_take_audit_fields() {
    let archive = Archive::new();
    let session = LiveAgentSessionCreate::new(archive.ada, at(MORNING), at("2026-03-01T16:30:00Z"));
    let audited = Audited { created_date: Some(at(MORNING)), ..Audited::new(session) };
    nothing_changes(&archive.store, || {
        assert_eq!(refused(archive.db.create(audited)), not_writeable(&["CreatedDate"]));
    });
}

#[test]
fn an_update_sets_no_audit_field() {
    let archive = Archive::new();
    let id = archive.db.create(archive.past()).unwrap();
    let letters = archive.db.object("Letter").unwrap();
    nothing_changes(&archive.store, || {
        let updated = letters.update(id.into(), &map(&archive.past_json()));
        assert_eq!(refused(updated), not_writeable(&AUDIT_FIELDS));
        for name in AUDIT_FIELDS {
            let updated = letters.update(id.into(), &map(&json!({ name: null })));
            assert_eq!(refused(updated), not_writeable(&[name]));
        }
        let given = vec![map(&archive.past_json())];
        for access_type in [AccessType::Updateable, AccessType::Upsertable] {
            let stripped = letters.strip_inaccessible(access_type, given.clone()).unwrap();
            assert_eq!(stripped.removed_fields["Letter"], AUDIT_FIELDS);
        }
    });
    let text = map(&json!({ "Text": "Dear all" }));
    letters.update(id.into(), &text).unwrap();
    assert_eq!(archive.db.get(id).unwrap().last_modified_date, at(MORNING));
    verify(&archive.store);
}

#[test]
fn what_an_audit_field_cannot_be_is_refused() {
    let archive = Archive::new();
    let letters = archive.db.object("Letter").unwrap();
    let gone = "005xx0000000099";
    let group = archive.store.system();
    let group = group.create(sobject_core::standard::GroupCreate::new("Night")).unwrap();
    let wrong_user = format!("Created By ID: id value of incorrect type: {group}");
    let malformed = "Last Modified By ID: id value of incorrect type: Ada";
    let before_1970 = "1969-12-31T23:59:59.000+0000";
    nothing_changes(&archive.store, || {
        for (given, expected) in [
            (
                json!({ "SystemModstamp": "2004-02-29T12:00:00Z" }),
                not_writeable(&["SystemModstamp"]),
            ),
            (json!({ "IsDeleted": true }), not_writeable(&["IsDeleted"])),
            (json!({ "CreatedDate": null }), missing(&["CreatedDate"])),
            (json!({ "CreatedById": "" }), missing(&["CreatedById"])),
            (
                json!({ "LastModifiedById": null, "CreatedDate": " ", "LastModifiedDate": null }),
                missing(&["CreatedDate", "LastModifiedDate", "LastModifiedById"]),
            ),
            (json!({ "CreatedById": gone }), no_such_record()),
            (
                json!({ "CreatedById": group }),
                refusal("FIELD_INTEGRITY_EXCEPTION", wrong_user, &["CreatedById"]),
            ),
            (
                json!({ "LastModifiedById": "Ada" }),
                refusal("MALFORMED_ID", malformed, &["LastModifiedById"]),
            ),
            (
                json!({ "CreatedDate": "1969-12-31T23:59:59Z" }),
                wrong_type("Created Date", before_1970, "CreatedDate"),
            ),
            (
                json!({ "LastModifiedDate": "1969-12-31T23:59:59Z" }),
                wrong_type("Last Modified Date", before_1970, "LastModifiedDate"),
            ),
            (
                json!({ "CreatedDate": "yesterday" }),
                unreadable_as(FieldType::DateTime, &json!("yesterday")),
            ),
        ] {
            let text = json!({ "Text": "Dear all" });
            assert_eq!(refused(letters.create(&record(&text, &given))), expected, "{given}");
        }
        let mut early = archive.past();
        early.created_date = Some(at("1969-12-31T23:59:59Z"));
        let refusal = refused(archive.db.create(early));
        assert_eq!(refusal, wrong_type("Created Date", before_1970, "CreatedDate"));
    });
}

#[test]
fn audit_dates_are_kept_to_the_second_from_1970_on() {
    let archive = Archive::new();
    let letters = archive.db.object("Letter").unwrap();
    for (given, kept) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000+0000"),
        ("2004-02-29T12:00:00.999Z", "2004-02-29T12:00:00.000+0000"),
        ("2004-02-29T12:00:00+02:00", "2004-02-29T10:00:00.000+0000"),
    ] {
        let id = letters.create(&map(&json!({ "CreatedDate": given }))).unwrap();
        assert_eq!(letters.get(id).unwrap()["CreatedDate"], kept);
    }
    verify(&archive.store);
}

#[test]
fn a_user_of_the_past_must_be_one_that_the_caller_may_read() {
    let archive = Archive::new();
    let blind = Permissions::all().mute("User", [sobject_core::ObjectRight::Read]);
    let db = archive.store.connect(Caller::user(archive.ada, blind).with_audit_fields());
    nothing_changes(&archive.store, || {
        let refusal = refused(db.create(archive.past()));
        assert_eq!(refusal.code, "FIELD_INTEGRITY_EXCEPTION");
    });
    let dates = Audited { created_by_id: None, last_modified_by_id: None, ..archive.past() };
    db.create(dates).unwrap();
    verify(&archive.store);
}

#[test]
fn the_system_user_may_have_done_it() {
    let archive = Archive::new();
    let own = archive.db.get(archive.ada).unwrap().created_by_id;
    let past = Audited { created_by_id: Some(own), ..archive.past() };
    let id = archive.db.create(past).unwrap();
    assert_eq!(archive.db.get(id).unwrap().created_by_id, own);
    verify(&archive.store);
}

#[test]
fn an_audited_view_is_the_body_that_a_client_sends() {
    let archive = Archive::new();
    let text = LetterCreate { text: Some("Dear all".into()) };
    let audited = Audited { view: text.clone(), ..archive.past() };
    let body = serde_json::to_value(&audited).unwrap();
    let expected = record(&json!({ "Text": "Dear all" }), &archive.past_json());
    assert_eq!(body, Json::from(expected));
    let letters = archive.db.object("Letter").unwrap();
    let id = letters.create(&map(&body)).unwrap();
    archive.assert_past(Id::new(id));
    let bare = serde_json::to_value(Audited::new(text)).unwrap();
    assert_eq!(bare, json!({ "Text": "Dear all" }));
    verify(&archive.store);
}

#[test]
fn a_refused_create_leaves_the_others_of_its_call_alone() {
    let archive = Archive::new();
    let mut ghost = archive.past();
    ghost.created_by_id = Some("005xx0000000099".parse().unwrap());
    let many = archive.db.create_many(&[archive.past(), ghost]).unwrap();
    assert_eq!(outcomes(many), [None, Some(no_such_record())]);
    verify(&archive.store);
}
