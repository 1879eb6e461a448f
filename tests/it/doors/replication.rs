//! Following a store, and what a caller has seen.

use std::ops::Range;

use sobject_core::{
    Error, Id, RecordId, Result, Untyped,
    chrono::{DateTime, TimeDelta, Utc},
};

use super::{
    Call,
    house::{Answers, House, ROOM, Strongroom, VISITOR, Visitor, answer, made_up, of_error, shown},
    untyped::OBJECTS,
};
use crate::desk::{MORNING, at};

/// A window in which everything in the house was made.
fn window() -> Range<DateTime<Utc>> {
    at(MORNING) - TimeDelta::hours(1)..at(MORNING) + TimeDelta::hours(1)
}

/// What `f` answers on each object by name.
fn of_objects(house: &House, f: impl Fn(&Untyped, &str) -> String) -> Answers {
    let mut answers = Vec::new();
    for (name, given) in OBJECTS {
        let text = match house.db.object(name) {
            Ok(object) => f(&object, name),
            Err(error) => of_error(&error),
        };
        answers.push(answer(given, text));
    }
    answers
}

/// What `f` answers to each id of an object.
fn each(house: &House, name: &str, f: impl Fn(RecordId) -> Result<()>) -> String {
    house.ids(name).map(|id| shown(&f(id))).join("\n")
}

/// Has the caller see what it may, so that there is something to list.
fn look_around(house: &House) {
    for (name, _) in OBJECTS {
        if let Ok(object) = house.db.object(name) {
            for id in house.ids(name) {
                // Some are not there, or note nothing.
                let _ = object.mark_viewed(id);
            }
        }
    }
}

/// Ids that a retrieve names: of each object a live record, one in the bin and one that is made up.
fn rooms(house: &House) -> [Id<Strongroom>; 3] {
    [house.room, house.deleted_room, Id::new(made_up("0SR"))]
}

pub(super) const ALONE: &[Call] = &[
    Call {
        name: "Connection::get_updated",
        run: |house| {
            vec![
                answer(VISITOR, shown(&house.db.get_updated::<Visitor>(window()))),
                answer(ROOM, shown(&house.db.get_updated::<Strongroom>(window()))),
            ]
        },
    },
    Call {
        name: "Connection::get_deleted",
        run: |house| {
            vec![
                answer(VISITOR, shown(&house.db.get_deleted::<Visitor>(window()))),
                answer(ROOM, shown(&house.db.get_deleted::<Strongroom>(window()))),
            ]
        },
    },
    Call {
        name: "Untyped::get_updated",
        run: |house| of_objects(house, |object, _| shown(&object.get_updated(window()))),
    },
    Call {
        name: "Untyped::get_deleted",
        run: |house| of_objects(house, |object, _| shown(&object.get_deleted(window()))),
    },
    Call {
        name: "Connection::changes",
        run: |house| {
            let after = house.db.changes_from_start().page(2).map(|page| page.token);
            let text = match after {
                Ok(token) => house.db.changes(&token).map(|it| shown(&it)).collect::<Vec<_>>(),
                Err(error) => vec![of_error(&error)],
            };
            vec![answer(&[], text.join("\n"))]
        },
    },
    Call {
        name: "Connection::changes_from_start",
        run: |house| {
            let mut changes = house.db.changes_from_start();
            let told: Vec<_> = changes.by_ref().map(|change| shown(&change)).collect();
            vec![answer(&[], told.join("\n")), answer(&[], format!("{changes:?}"))]
        },
    },
    Call {
        name: "Changes::page",
        run: |house| vec![answer(&[], shown(&house.db.changes_from_start().page(100)))],
    },
    Call {
        name: "Changes::token",
        run: |house| vec![answer(&[], format!("{:?}", house.db.changes_from_start().token()))],
    },
    Call {
        name: "Connection::recently_viewed",
        run: |house| {
            look_around(house);
            vec![answer(&[], shown(&house.db.recently_viewed(10)))]
        },
    },
    Call {
        name: "Connection::recently_viewed_of",
        run: |house| {
            look_around(house);
            vec![
                answer(VISITOR, shown(&house.db.recently_viewed_of::<Visitor>(10))),
                answer(ROOM, shown(&house.db.recently_viewed_of::<Strongroom>(10))),
            ]
        },
    },
    Call {
        name: "Untyped::recently_viewed",
        run: |house| {
            look_around(house);
            of_objects(house, |object, _| shown(&object.recently_viewed(10)))
        },
    },
    Call {
        name: "Untyped::mark_viewed",
        run: |house| {
            of_objects(house, |object, name| each(house, name, |id| object.mark_viewed(id)))
        },
    },
    Call {
        name: "Untyped::mark_referenced",
        run: |house| {
            of_objects(house, |object, name| each(house, name, |id| object.mark_referenced(id)))
        },
    },
    Call {
        name: "Untyped::retrieve_viewed",
        run: |house| {
            of_objects(house, |object, name| {
                shown(&object.retrieve_viewed(&["Id", "Name"], &house.ids(name)))
            })
        },
    },
    Call {
        name: "Connection::retrieve_viewed",
        run: |house| {
            let visitors = [house.visitor, house.deleted];
            vec![
                answer(VISITOR, shown(&house.db.retrieve_viewed(&visitors))),
                answer(ROOM, shown(&house.db.retrieve_viewed(&rooms(house)))),
            ]
        },
    },
    Call {
        name: "Transaction::retrieve_viewed",
        run: |house| {
            let answers = house.db.transaction(|tx| {
                Ok::<_, Error>(vec![
                    answer(VISITOR, shown(&tx.retrieve_viewed(&[house.visitor, house.deleted]))),
                    answer(ROOM, shown(&tx.retrieve_viewed(&rooms(house)))),
                ])
            });
            answers.expect("what the caller saw is noted")
        },
    },
];
