//! Views are written by name, with texts as `&str`.

use sobject_core::{Definition, Error, Patch, Record, SObject, Store, System, chrono::NaiveDate};

use crate::desk::{Desk, Part, PartUpdate, Sample, SampleUpdate, at, day};

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
    assert!(few.find_field("IsDeleted").is_none());
    assert_eq!(Flight::OBJECT.find_field("oRIGIN").map(|field| field.length), Some(3));
    // They are the fields that the store describes.
    let describe = db().describe::<Flight>().unwrap();
    assert_eq!(describe.fields.len(), Flight::OBJECT.all_fields().count());
}

#[test]
fn the_update_of_a_changed_record_sets_what_differs() {
    let desk = Desk::new();
    let id = desk.db.create(desk.sample()).unwrap();
    let read = desk.get(id);
    assert_eq!(read.update_to(&read).unwrap(), SampleUpdate::default());
    let mut changed = read.clone();
    changed.text = "other".into();
    changed.size += 1;
    changed.maybe_size = Some(7);
    changed.weight = 0.25;
    changed.flag = !read.flag;
    changed.maybe_at = Some(at("2026-03-04T05:06:07Z"));
    changed.maybe_day = Some(day("2026-03-04"));
    changed.maybe_text = None;
    changed.maybe_either_id = Some(desk.queue.to_ref());
    let update = read.update_to(&changed).unwrap();
    let expected = SampleUpdate {
        text: "other".into(),
        size: changed.size.into(),
        maybe_size: 7.into(),
        weight: 0.25.into(),
        flag: changed.flag.into(),
        maybe_at: changed.maybe_at.into(),
        maybe_day: changed.maybe_day.into(),
        maybe_either_id: changed.maybe_either_id.into(),
        ..Default::default()
    };
    assert_eq!(update, expected);
    desk.db.update(id, update).unwrap();
    assert_eq!(desk.get(id).fields, changed.fields);
    // And back again, to null.
    desk.db.update(id, desk.get(id).update_to(&read).unwrap()).unwrap();
    assert_eq!(desk.get(id).fields, read.fields);
    desk.verify();
}

#[test]
fn what_differs_and_no_update_may_set_is_refused_by_name() {
    let desk = Desk::new();
    let id = desk.db.create(desk.sample()).unwrap();
    let read = desk.get(id);
    let mut changed = read.fields.clone();
    changed.name = "S-7".into();
    changed.origin = Some("web".into());
    changed.text = "other".into();
    let error = read.update_to(&changed).unwrap_err();
    let fixed = [Sample::FIELDS.name.name(), Sample::FIELDS.origin.name()];
    assert!(matches!(&error, Error::NotWriteable { fields, .. } if *fields == fixed), "{error}");
    desk.verify();
}
