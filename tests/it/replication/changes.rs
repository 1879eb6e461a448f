//! The changes behind a token.

use sobject_core::{
    Caller, Change,
    ChangeKind::{self, Create, Delete, Undelete, Update},
    ChangeToken, Connection, Error, FieldRight, ObjectRight, Permissions, RecordId, Store,
    standard::UserUpdate,
};

use super::set;
use crate::desk::{Desk, OBJECTS, PartCreate, PartUpdate, refused};

/// All changes behind a token.
fn all(db: &Connection, after: &ChangeToken) -> Vec<Change> {
    db.changes(after).map(|change| change.expect("a change")).collect()
}

/// Where the feed of a desk ends now.
fn end(desk: &Desk) -> ChangeToken {
    desk.db.changes_from_start().page(usize::MAX).expect("changes").token
}

fn kinds(changes: &[Change]) -> Vec<(RecordId, ChangeKind)> {
    changes.iter().map(|it| (it.id, it.kind)).collect()
}

#[test]
fn each_change_is_told_once_in_the_order_of_commits() {
    let desk = Desk::new();
    let start = end(&desk);
    set(&desk, "12:00:00");
    let a = desk.db.create(PartCreate::new("a")).unwrap();
    let b = desk.db.create(PartCreate::new("b")).unwrap();
    let bo_id = desk.user("Bo").record_id();
    let bo = desk.store.connect(Caller::system_as(bo_id));
    set(&desk, "12:01:00");
    bo.update(a, PartUpdate { twin_id: Some(b).into(), ..Default::default() }).unwrap();
    bo.update(a, PartUpdate { name: "aa".into(), twin_id: sobject_core::Patch::NULL }).unwrap();
    desk.db.update(a, PartUpdate::default()).unwrap();
    desk.db.delete(a).unwrap();
    desk.db.undelete(a).unwrap();

    let told = all(&desk.db, &start);
    let (id, other) = (a.record_id(), b.record_id());
    let expected = [
        (id, Create),
        (other, Create),
        (bo_id, Create),
        (id, Update),
        (id, Update),
        (id, Update),
        (id, Delete),
        (id, Undelete),
    ];
    assert_eq!(kinds(&told), expected);
    let fields: Vec<_> = told.iter().map(|it| it.fields.join(" ")).collect();
    assert_eq!(fields[3..6], ["TwinId", "Name TwinId", ""]);
    assert_eq!(told[0].caller, desk.agent.record_id());
    assert_eq!(told[3].caller, bo_id);
    assert_eq!((told[0].object.as_str(), told[2].object.as_str()), ("Part", "User"));
    assert_eq!(told[0].date, super::may("12:00:00"));
    assert!(told.iter().all(|it| !it.is_replica));
    assert_eq!(all(&desk.db, &told[7].token), [], "and nothing behind the last");
    assert_eq!(all(&desk.db, &told[4].token), told[5..], "each has its token");
    desk.verify();
}

#[test]
fn pages_and_the_iterator_tell_the_same() {
    let desk = Desk::new();
    for n in 0..1_203 {
        if n % 200 == 0 {
            let parts: Vec<_> = (0..200).map(|n| PartCreate::new(format!("part {n}"))).collect();
            desk.db.create_many(&parts).unwrap();
        }
    }
    let one_by_one = all(&desk.db, &ChangeToken::START);
    assert_eq!(one_by_one.len(), 1_402);
    for limit in [1_000_000, 500, 7] {
        let mut changes = desk.db.changes_from_start();
        let mut paged = Vec::new();
        loop {
            let page = changes.page(limit).unwrap();
            assert!(page.changes.len() <= limit);
            assert_eq!(page.token, changes.token());
            paged.extend(page.changes);
            if page.is_done {
                break;
            }
        }
        assert_eq!(paged, one_by_one, "pages of {limit}");
    }
    let mut changes = desk.db.changes_from_start();
    let first: Vec<_> = changes.by_ref().take(3).map(Result::unwrap).collect();
    assert_eq!(changes.token(), first[2].token, "what is read ahead is not given yet");
    assert_eq!(changes.page(2).unwrap().changes, one_by_one[3..5]);
    assert_eq!(changes.next().unwrap().unwrap(), one_by_one[5]);
}

#[test]
fn an_iterator_goes_on_when_there_are_more_changes() {
    let desk = Desk::new();
    let mut changes = desk.db.changes(&end(&desk));
    assert!(changes.next().is_none());
    let id = desk.db.create(PartCreate::new("a")).unwrap();
    assert_eq!(changes.next().unwrap().unwrap().id, id.record_id());
    assert!(changes.next().is_none());
}

#[test]
fn what_was_refused_or_taken_back_is_no_change() {
    let desk = Desk::new();
    let start = end(&desk);
    desk.db.create(PartCreate::new("")).unwrap_err();
    desk.db
        .transaction(|tx| {
            tx.create(PartCreate::new("a"))?;
            Err::<(), _>(Error::NestedWrite)
        })
        .unwrap_err();
    let results = desk.db.create_many(&[PartCreate::new("b"), PartCreate::new("")]).unwrap();
    desk.db.mark_viewed(desk.db.create(desk.session()).unwrap()).unwrap();
    assert_eq!(all(&desk.db, &start).len(), 2);
    assert_eq!(all(&desk.db, &start)[0].id, results[0].as_ref().unwrap().record_id());
}

#[test]
fn a_token_outlives_the_opening_and_goes_through_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.redb");
    let text = {
        let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
        desk.db.create(PartCreate::new("a")).unwrap();
        serde_json::to_string(&end(&desk)).unwrap()
    };
    let store = Store::open(&path, OBJECTS).unwrap();
    let token: ChangeToken = serde_json::from_str(&text).unwrap();
    assert_eq!(token.to_string().parse::<ChangeToken>().unwrap(), token);
    let db = store.system();
    assert_eq!(all(&db, &token), []);
    let id = db.create(PartCreate::new("b")).unwrap();
    assert_eq!(kinds(&all(&db, &token)), [(id.record_id(), Create)]);
}

#[test]
fn a_token_of_another_store_is_refused() {
    let (desk, other) = (Desk::new(), Desk::new());
    let token = end(&desk);
    // As many changes, but others.
    other.user("Bo");
    desk.db.create(PartCreate::new("a")).unwrap();
    for token in [end(&other), end(&desk)] {
        let (here, there) = if token == end(&desk) { (&desk, &other) } else { (&other, &desk) };
        assert!(here.db.changes(&token).next().is_none());
        let refused_at = refused(there.db.changes(&token).page(1));
        assert_eq!(refused_at.code, "INVALID_QUERY_LOCATOR");
        assert!(matches!(
            there.db.changes(&token).next(),
            Some(Err(Error::BadChangeToken { token: told })) if told == token.to_string()
        ));
        assert!(there.store.set_cursor("x", &token).is_err());
    }
    assert_eq!(all(&desk.db, &token).len(), 1);
    for text in ["", "!", "AQ", "AgAA", &token.to_string()[1..]] {
        assert!(matches!(text.parse::<ChangeToken>(), Err(Error::BadChangeToken { .. })), "{text}");
        assert!(serde_json::from_value::<ChangeToken>(text.into()).is_err());
    }
}

#[test]
fn a_caller_is_told_of_what_it_may_read() {
    let desk = Desk::new();
    let start = end(&desk);
    let part = desk.db.create(PartCreate::new("a")).unwrap();
    let user = desk.user("Bo");
    let update = UserUpdate {
        name: "Bob".into(),
        email: Some("bo@example.com".to_owned()).into(),
        ..Default::default()
    };
    desk.db.update(user, update).unwrap();
    let permissions = Permissions::none()
        .grant("User", [ObjectRight::Read])
        .grant_field(("User", "Email"), FieldRight::Read);
    let db = desk.store.connect(Caller::user(desk.agent, permissions));
    let told = all(&db, &start);
    assert_eq!(kinds(&told), [(user.record_id(), Create), (user.record_id(), Update)]);
    let hidden = Permissions::none().grant("User", [ObjectRight::Read]);
    let db = desk.store.connect(Caller::user(desk.agent, hidden));
    let fields = &all(&db, &start)[1].fields;
    assert!(!fields.contains(&"Email".to_owned()), "{fields:?}");

    // Where the last changes are hidden, the token goes on all the same.
    desk.db.delete(part).unwrap();
    let page = db.changes(&start).page(200).unwrap();
    assert_eq!((page.changes.len(), page.is_done), (2, true));
    assert_eq!(page.token, end(&desk));
    let nobody = desk.store.connect(Caller::user(desk.agent, Permissions::none()));
    assert_eq!(all(&nobody, &start), []);
}

#[test]
fn what_a_replica_put_is_told_as_such_with_its_stamps() {
    let source = Desk::new();
    let id = source.db.create(PartCreate::new("a")).unwrap();
    let copy = Store::builder().instance("cp0").in_memory(OBJECTS).unwrap();
    copy.replica().put_record(&source.get(id)).unwrap();
    source.clock.advance(super::minutes(1));
    source.db.update(id, PartUpdate { name: "b".into(), ..Default::default() }).unwrap();
    copy.replica().put_record(&source.get(id)).unwrap();
    let told = all(&copy.system(), &ChangeToken::START);
    assert_eq!(kinds(&told), [(id.record_id(), Create), (id.record_id(), Update)]);
    assert!(told.iter().all(|it| it.is_replica));
    assert_eq!(told[1].fields, ["LastModifiedDate", "SystemModstamp", "Name"]);
}
