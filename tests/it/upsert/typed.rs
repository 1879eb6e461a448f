//! Upserts of views.

use sobject_core::{Error, Id, ManualClock, Patch, SObject, Store};

use crate::desk::{MORNING, at, refused, verify};

/// A part of a machine, which another system knows by a number.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0Q", custom)]
struct Cog {
    #[field(create, custom, external_id, filter, length = 8, unique)]
    number: String,
    #[field(create, custom, update, filter)]
    teeth: i32,
    #[field(create, custom, nillable, update)]
    note: Option<String>,
    #[field(create, custom, nillable, update)]
    origin: Option<String>,
    #[field(create, custom, nillable)]
    maker: Option<String>,
}

const NUMBER: sobject_core::Field<
    Cog,
    String,
    sobject_core::Yes,
    sobject_core::No,
    sobject_core::No,
> = Cog::FIELDS.number;

fn store() -> Store {
    let clock = ManualClock::at(at(MORNING));
    Store::builder().clock(clock).in_memory(&[Cog::OBJECT]).unwrap()
}

fn cog(number: &str, teeth: i32) -> CogCreate {
    CogCreate::new(number, teeth)
}

#[test]
fn a_create_view_updates_the_record_that_is_there() {
    let store = store();
    let db = store.system();
    let first = db.upsert(NUMBER, CogCreate { note: Some("n".into()), ..cog("C-1", 12) }).unwrap();
    assert!(first.created);
    // What a create may leave out is left as it is.
    let second = db.upsert(NUMBER, cog("c-1", 14)).unwrap();
    assert_eq!((second.id, second.created), (first.id, false));
    let kept = db.get(first.id).unwrap();
    assert_eq!((&*kept.number, kept.teeth, kept.note.as_deref()), ("C-1", 14, Some("n")));
    // What no update may set is refused where the record is there.
    let made = || CogCreate { maker: Some("Acme".into()), ..cog("C-1", 16) };
    let error = db.upsert(NUMBER, made()).unwrap_err();
    assert!(
        matches!(&error, Error::NotWriteable { fields, .. } if fields == &["Maker__c"]),
        "{error}"
    );
    db.delete(first.id).unwrap();
    assert!(db.upsert(NUMBER, made()).unwrap().created);
    verify(&store);
}

#[test]
fn views_are_upserted_by_their_ids() {
    let store = store();
    let db = store.system();
    let made = db.upsert_by_id(None, cog("C-1", 12)).unwrap();
    assert!(made.created);
    let note = CogUpdate { note: "n".into(), ..Default::default() };
    let done = db.upsert_by_id(made.id, &note).unwrap();
    assert_eq!((done.id, done.created), (made.id, false));
    assert_eq!(refused(db.upsert_by_id(None, &note)).code, "REQUIRED_FIELD_MISSING");
    let nowhere: Id<Cog> = "a0Qxx0000009999".parse().unwrap();
    assert_eq!(refused(db.upsert_by_id(nowhere, &note)).code, "INVALID_CROSS_REFERENCE_KEY");
    let results =
        db.upsert_many_by_id(&[(None, cog("C-2", 1)), (Some(nowhere), cog("C-3", 1))]).unwrap();
    let are_created: Vec<_> =
        results.iter().map(|it| it.as_ref().ok().map(|it| it.created)).collect();
    assert_eq!(are_created, [Some(true), None]);
    verify(&store);
}

#[test]
fn several_views_are_upserted_by_one_key() {
    let store = store();
    let db = store.system();
    let views = [cog("C-1", 1), cog("C-2", 2), cog("much too long", 3)];
    let results = db.upsert_many(NUMBER, &views).unwrap();
    assert!(results[0].as_ref().unwrap().created && results[1].as_ref().unwrap().created);
    assert!(matches!(results[2], Err(Error::BadValue(_))));
    let results = db.all_or_none().upsert_many(NUMBER, &views).unwrap();
    assert!(matches!(results[0], Err(Error::RolledBack { .. })));
    let taken_back = db.transaction(|tx| {
        let done = tx.upsert(NUMBER, cog("C-9", 1))?;
        assert!(done.created);
        assert!(!tx.upsert(NUMBER, cog("C-9", 2))?.created);
        tx.upsert_by_id(done.id, CogUpdate { origin: Patch::NULL, ..Default::default() })?;
        tx.upsert_many(NUMBER, &views[..1])?;
        tx.upsert_many_by_id(&[(Some(done.id), CogUpdate::default())])?;
        Err::<(), _>(Error::NestedWrite)
    });
    assert!(matches!(taken_back, Err(Error::NestedWrite)));
    assert_eq!(db.count::<Cog>().unwrap(), 2);
    verify(&store);
}

#[test]
fn a_handle_of_no_key_is_refused() {
    let db = store().system();
    let error = db.upsert(Cog::FIELDS.teeth, cog("C-1", 1)).unwrap_err();
    assert!(matches!(&error, Error::NotAKey { field, .. } if field == "Teeth__c"), "{error}");
    // An update view does not set the key, which no update may.
    let error = db.upsert(NUMBER, CogUpdate { teeth: 3.into(), ..Default::default() }).unwrap_err();
    assert!(matches!(&error, Error::KeyMissing { .. }), "{error}");
}
