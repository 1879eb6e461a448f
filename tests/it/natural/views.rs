//! Views are written by name, with texts as `&str`.

use sobject_core::{Definition, Patch, Record, SObject, Store, System, chrono::NaiveDate};

use crate::desk::{Desk, Part, PartUpdate, day};

/// A flight, which requires much of one type.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a00")]
struct Flight {
    #[field(autonumber = "F-{000}", name_field)]
    name: String,
    #[field(create, update, length = 3)]
    origin: String,
    #[field(create, update, length = 3)]
    destination: String,
    #[field(create, filter, update)]
    departs: NaiveDate,
    #[field(create, nillable, update)]
    note: Option<String>,
}

fn db() -> sobject_core::Connection {
    Store::in_memory(&[Flight::OBJECT]).unwrap().system()
}

#[test]
fn required_fields_are_given_by_place_or_by_name() {
    let db = db();
    // The date is inferred, and texts are taken in any form.
    let origin: Box<str> = "CDG".into();
    let by_place = FlightCreate::new(origin, "FRA", "2026-03-01".parse().unwrap());
    let by_name = FlightCreate {
        note: Some("full".into()),
        ..FlightRequired {
            destination: "FRA".into(),
            departs: day("2026-03-01"),
            origin: "CDG".into(),
        }
        .into()
    };
    assert_eq!(FlightCreate { note: None, ..by_name.clone() }, by_place);
    let id = db.create(by_name).unwrap();
    let Record { fields, .. } = db.get(id).unwrap();
    assert_eq!((&*fields.origin, &*fields.destination), ("CDG", "FRA"));
    assert_eq!(fields.note.as_deref(), Some("full"));
}

#[test]
fn texts_are_set_by_a_str() {
    let update = FlightUpdate { origin: "ORY".into(), note: "late".into(), ..Default::default() };
    assert_eq!(update.origin, Patch::Set("ORY".to_owned()));
    assert_eq!(update.note, Patch::Set(Some("late".to_owned())));
    let desk = Desk::new();
    let id = desk.db.create(crate::desk::PartCreate::new("a")).unwrap();
    desk.db.update(id, PartUpdate { name: "b".into(), ..Default::default() }).unwrap();
    assert_eq!(desk.get::<Part>(id).name, "b");
    desk.verify();
}

#[test]
fn a_patch_tells_whether_it_sets_and_what() {
    let kept: Patch<Option<String>> = Patch::Keep;
    let emptied: Patch<Option<String>> = Patch::NULL;
    let set: Patch<Option<String>> = "late".into();
    assert_eq!([&kept, &emptied, &set].map(Patch::is_set), [false, true, true]);
    assert_eq!(kept.value(), None);
    assert_eq!(emptied.value(), Some(&None));
    let length = |text: Option<String>| text.map_or(0, |text| text.len());
    assert_eq!(kept.map(length), Patch::Keep);
    assert_eq!(emptied.map(length), Patch::Set(0));
    assert_eq!(set.map(length), Patch::Set(4));
}

#[test]
fn a_definition_lists_its_fields() {
    let names =
        |object: &Definition| -> Vec<_> { object.all_fields().map(|field| field.name).collect() };
    let system = [
        "Id",
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    ];
    let declared = ["Name", "Origin", "Destination", "Departs", "Note"];
    assert_eq!(names(Flight::OBJECT), [&system[..], &declared].concat());
    let few = Flight::OBJECT.system(System::NONE.created_date());
    assert_eq!(names(&few), [&["Id", "CreatedDate"][..], &declared].concat());
    assert!(few.field("IsDeleted").is_none());
    assert_eq!(Flight::OBJECT.field("oRIGIN").map(|field| field.length), Some(3));
    // They are the fields that the store describes.
    let describe = db().describe::<Flight>().unwrap();
    assert_eq!(describe.fields.len(), Flight::OBJECT.all_fields().count());
}
