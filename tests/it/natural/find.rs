//! Records are found by any field that is filterable, by plain values, with an index and without.

use std::ops::Bound;

use proptest::prelude::*;
use serde_json::json;
use sobject_core::{
    Caller, Error, FieldRange, Filterable, Id, Operand, Page, Picklist, Record, RecordId, Ref,
    Result, SObject, Store,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
    standard::{Group, User, UserCreate},
};

use crate::desk::{Desk, LiveAgentSession, Part, PartCreate, Sample, at, day, refusal, refused};

/// The state of a thing.
#[derive(Picklist, Clone, Debug, PartialEq)]
enum State {
    Open,
    Closed,
}

/// An object with a field of every filterable type, each with this word.
macro_rules! things {
    ($module:ident, $name:literal, $key_prefix:literal $(, $word:ident)?) => {
        mod $module {
            use super::{DateTime, Group, Id, NaiveDate, NaiveTime, Ref, SObject, State, User, Utc};

            #[derive(SObject, Clone, Debug, PartialEq)]
            #[sobject(name = $name, key_prefix = $key_prefix)]
            pub(super) struct Thing {
                #[field(create, filter, nillable, sort $(, $word)?)]
                pub(super) text: Option<String>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) size: Option<i32>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) count: Option<i64>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) weight: Option<f64>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) flag: Option<bool>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) day: Option<NaiveDate>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) at: Option<DateTime<Utc>>,
                #[field(create, filter, nillable $(, $word)?)]
                pub(super) time: Option<NaiveTime>,
                #[field(create, filter, nillable, restricted $(, $word)?)]
                pub(super) state: Option<State>,
                #[field(create, filter, nillable)]
                pub(super) user_id: Option<Id<User>>,
                #[field(create, filter, nillable)]
                pub(super) either_id: Option<Ref<(Group, User)>>,
            }
        }
    };
}

things!(plain, "PlainThing", "a0A");
things!(indexed, "IndexedThing", "a0B", index);

/// The numbers of records of an object, which tell its records apart whatever its key prefix.
fn numbers<T>(found: Result<Vec<Record<T>>>) -> Vec<u64> {
    found.expect("records").iter().map(|record| record.id.record_id().number()).collect()
}

/// One thing of each of these values, in both objects alike.
struct Things {
    store: Store,
    users: [Id<User>; 2],
}

/// The values of a thing: a text, a number, and a choice for the others.
type Values = (Option<String>, Option<i32>, Option<u8>);

impl Things {
    fn of(values: &[Values]) -> Self {
        let objects = [User::OBJECT, Group::OBJECT, plain::Thing::OBJECT, indexed::Thing::OBJECT];
        let store = Store::in_memory(&objects).expect("a store");
        let db = store.system();
        let user = |name: &str| db.create(UserCreate::new(name, format!("{name}@example.com")));
        let users = ["ada", "bo"].map(|name| user(name).expect("a user"));
        for values in values {
            macro_rules! create {
                ($module:ident) => {
                    db.create($module::ThingCreate {
                        text: values.0.clone(),
                        size: values.1,
                        count: values.1.map(i64::from),
                        weight: values.1.map(|n| f64::from(n) / 2.0),
                        flag: values.2.map(|n| n % 2 == 0),
                        day: values.2.map(|n| day(&format!("2026-03-{:02}", n + 1))),
                        at: values.2.map(|n| at(&format!("2026-03-01T08:{n:02}:00Z"))),
                        time: values.2.and_then(|n| NaiveTime::from_hms_opt(n.into(), 0, 0)),
                        state: values
                            .2
                            .map(|n| [State::Open, State::Closed][usize::from(n % 2)].clone()),
                        user_id: values.2.map(|n| users[usize::from(n % 2)]),
                        either_id: values.2.map(|n| users[usize::from(n % 2)].to_ref()),
                    })
                    .expect("a thing")
                };
            }
            create!(plain);
            create!(indexed);
        }
        Self { store, users }
    }
}

/// Asserts that a field finds the same things in both objects, by one value and by ranges, at once
/// and page by page.
macro_rules! assert_same {
    ($things:ident, $field:ident, $from:expr, $to:expr) => {{
        let db = $things.store.system();
        let (plain, indexed) = (plain::Thing::FIELDS.$field, indexed::Thing::FIELDS.$field);
        let found = numbers(db.find(plain, $from));
        assert_eq!(found, numbers(db.find(indexed, $from)), "{plain:?} {:?}", $from);
        let walked = db.walk_value(plain, $from).limit(3).all();
        assert_eq!(numbers(walked), found[..found.len().min(3)]);
        let mut last_first = numbers(db.walk_value(plain, $from).reverse().all());
        last_first.reverse();
        assert_eq!(last_first, found);
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let Page { items, next, .. } =
                db.walk_value(plain, $from).after(after).page(2).expect("a page");
            paged.extend(items.into_iter().map(|it| it.id.record_id().number()));
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, found);
        let each = db.walk_value(plain, $from).into_iter().map(|it| it.map(|it| it.id));
        assert_eq!(each.collect::<Result<Vec<_>>>().expect("records").len(), found.len());
        macro_rules! in_range {
            ($range:expr) => {{
                let found = numbers(db.find_range(plain, $range));
                assert_eq!(found, numbers(db.find_range(indexed, $range)), "{plain:?}");
                let nulls = numbers(db.find(plain, None));
                assert!(!found.iter().any(|it| nulls.contains(it)), "{plain:?}: null in a range");
            }};
        }
        in_range!($from..);
        in_range!(..$from);
        in_range!(..=$to);
        in_range!($from..$to);
        in_range!($from..=$to);
        in_range!((Bound::Excluded($from), Bound::Included($to)));
        assert_eq!(numbers(db.find_range(plain, ..)), numbers(db.find_range(indexed, ..)));
        assert_eq!(numbers(db.find_range(plain, ..=None)), numbers(db.find(indexed, None)));
        let all = (Bound::Included(None), Bound::Unbounded);
        assert_eq!(numbers(db.find_range(plain, all)), numbers(db.find_range(indexed, ..)));
    }};
}

fn a_text() -> impl Strategy<Value = String> {
    prop_oneof!["[aAbB]{1,2}", "[ßéÉ\0a]{1,3}", Just("strasse".to_owned())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_field_finds_the_same_records_with_an_index_and_without_one(
        values in proptest::collection::vec(
            (proptest::option::of(a_text()), proptest::option::of(-3..3), proptest::option::of(0_u8..4)),
            0..24,
        ),
        text in (a_text(), a_text()),
        (low, high, n) in (-3..3, -3..3, 0_u8..3),
    ) {
        let things = Things::of(&values);
        assert_same!(things, text, text.0.as_str(), text.1.as_str());
        assert_same!(things, text, &text.1, &text.0);
        assert_same!(things, size, low, high);
        assert_same!(things, count, i64::from(low), i64::from(high));
        assert_same!(things, weight, low, high);
        assert_same!(things, weight, f64::from(low) / 2.0, 1.5);
        assert_same!(things, flag, n == 0, true);
        assert_same!(things, day, day(&format!("2026-03-{:02}", n + 1)), day("2026-03-03"));
        assert_same!(things, at, at(&format!("2026-03-01T08:{n:02}:00Z")), at("2026-03-01T08:02:00Z"));
        let time = |n: u8| NaiveTime::from_hms_opt(n.into(), 0, 0).expect("a time");
        assert_same!(things, time, time(n), time(2));
        assert_same!(things, state, State::Closed, State::Open);
        let db = things.store.system();
        for user in things.users {
            let found = numbers(db.find(plain::Thing::FIELDS.user_id, user));
            prop_assert_eq!(&found, &numbers(db.find(plain::Thing::FIELDS.either_id, user)));
            prop_assert_eq!(&found, &numbers(db.find(indexed::Thing::FIELDS.either_id, user.to_ref::<(Group, User), _>())));
        }
        things.store.verify().expect("a sound store");
    }
}

#[test]
fn a_record_is_found_by_its_id_and_by_the_system_fields() {
    let desk = Desk::new();
    let [a, b] = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let gone = desk.db.create(PartCreate::new("gone")).unwrap();
    desk.db.delete(gone).unwrap();
    let ids = |found: Result<Vec<Record<Part>>>| -> Vec<Id<Part>> {
        found.unwrap().iter().map(|part| part.id).collect()
    };
    let field = Part::FIELDS;
    let nowhere: Id<Part> = "a0Pzz0000000001".parse().unwrap();
    assert_eq!(ids(desk.db.find(field.id, a)), [a]);
    assert!(ids(desk.db.find(field.id, gone)).is_empty());
    assert!(ids(desk.db.find(field.id, nowhere)).is_empty());
    assert!(ids(desk.db.find(field.id, Id::new(desk.agent.record_id()))).is_empty());
    assert_eq!(ids(desk.db.find_range(field.id, ..)), [a, b]);
    assert_eq!(ids(desk.db.find_range(field.id, a..=a)), [a]);
    assert_eq!(refused(desk.db.find_range(field.id, a..)).code, "FUNCTIONALITY_NOT_ENABLED");
    assert_eq!(ids(desk.db.walk_value(field.id, b).all()), [b]);
    assert_eq!(ids(desk.db.find(field.is_deleted, false)), [a, b]);
    assert!(ids(desk.db.find(field.is_deleted, true)).is_empty());
    let made = desk.get(a).created_date;
    assert_eq!(ids(desk.db.find(field.created_date, made)), [a, b]);
    assert!(ids(desk.db.find_range(field.system_modstamp, ..made)).is_empty());
    let by: RecordId = desk.get(a).created_by_id;
    assert_eq!(ids(desk.db.find(field.created_by_id, by)), [a, b]);
    assert_eq!(ids(desk.db.find(field.created_by_id, Id::<User>::new(by))), [a, b]);
    // What is written in a transaction is found there.
    desk.db
        .transaction(|tx| {
            let c = tx.create(PartCreate::new("c"))?;
            assert_eq!(ids(tx.find(field.id, c)), [c]);
            assert_eq!(ids(tx.find(field.is_deleted, false)), [a, b, c]);
            Ok::<_, Error>(())
        })
        .unwrap();
    desk.verify();
}

#[test]
fn a_field_of_the_callers_own_is_found_for_the_caller_alone() {
    let desk = Desk::new();
    let [seen, _] = [(); 2].map(|()| desk.db.create(desk.session()).unwrap());
    let ada = desk.store.connect(Caller::system_as(desk.agent));
    ada.mark_viewed(seen).unwrap();
    let viewed = LiveAgentSession::FIELDS.last_viewed_date;
    let since = at("2026-03-01T00:00:00Z");
    let found = ada.find_range(viewed, since..).unwrap();
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [seen]);
    assert_eq!(ada.find(viewed, found[0].last_viewed_date).unwrap(), found);
    assert_eq!(ada.find(viewed, None).unwrap().len(), 1);
    let others = desk.store.system();
    assert!(others.find_range(viewed, since..).unwrap().is_empty());
    assert_eq!(others.find(viewed, None).unwrap().len(), 2);
    desk.verify();
}

#[test]
fn records_are_found_by_a_name_and_json_too() {
    let desk = Desk::new();
    let ids = ["Ada", "ADA", "Bo"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    let parts = desk.object(Part::NAME);
    let names = |found: Result<Vec<sobject_core::JsonRecord>>| -> Vec<String> {
        found.unwrap().iter().map(|it| it["Name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(parts.find("name", "ada")), ["Ada", "ADA"]);
    assert_eq!(names(parts.find("Id", ids[2])), ["Bo"]);
    assert_eq!(names(parts.find("IsDeleted", false)).len(), 3);
    assert_eq!(names(parts.find(Part::FIELDS.twin_id.name(), json!(null))).len(), 3);
    assert_eq!(
        names(desk.db.session().unwrap().object(Part::NAME).unwrap().find("Name", "bo")),
        ["Bo"]
    );
    desk.db
        .transaction(|tx| {
            let mut parts = tx.object(Part::NAME)?;
            parts.create(&json!({ "Name": "bo" }))?;
            assert_eq!(names(parts.find("Name", "BO")), ["Bo", "bo"]);
            Ok::<_, Error>(())
        })
        .unwrap();
    let no_column = format!("No such column 'Nonsense' on sobject of type {}", Part::NAME);
    assert_eq!(refused(parts.find("Nonsense", 1)), refusal("INVALID_FIELD", no_column, &[]));
    for (field, value) in
        [("Id", json!("nonsense")), ("IsDeleted", json!(7)), ("CreatedDate", json!([]))]
    {
        assert!(
            matches!(parts.find(field, value.clone()), Err(Error::BadValue(_))),
            "{field}: {value}"
        );
    }
    let (samples, origin) = (desk.object(Sample::NAME), Sample::FIELDS.origin.name());
    let message = format!("field '{origin}' can not be filtered in a query call");
    assert_eq!(refused(samples.find(origin, "web")), refusal("INVALID_FIELD", message, &[]));
    desk.verify();
}

/// Code of a user's that is generic over objects, fields and values.
fn only<O: SObject, T, F: Filterable, G, S, How>(
    store: &Store,
    field: sobject_core::Field<O, T, F, G, S>,
    value: impl Operand<T, How>,
) -> Option<Record<O>> {
    store.system().find(field, value).expect("records").pop()
}

fn how_many<O: SObject, T, F: Filterable, G, S, How>(
    store: &Store,
    field: sobject_core::Field<O, T, F, G, S>,
    range: impl FieldRange<T, How>,
) -> usize {
    store.system().find_range(field, range).expect("records").len()
}

#[test]
fn generic_code_finds_what_it_is_asked_for() {
    let desk = Desk::new();
    desk.db.create(PartCreate::new("a")).unwrap();
    assert_eq!(only(&desk.store, Part::FIELDS.name, "A").unwrap().name, "a");
    assert!(only(&desk.store, Part::FIELDS.name, "b").is_none());
    assert_eq!(how_many(&desk.store, Part::FIELDS.name, "a".to_owned()..), 1);
    desk.verify();
}
