//! Reads of structs, of sessions by name, describes, and what a connection says of itself.

use sobject_core::{Error, Reads, RecordId, Transaction, Walk};

use super::{
    Call,
    house::{Answers, House, ROOM, Strongroom, VISITOR, Visitor, answer, of_error, shown},
    untyped::OBJECTS,
};

/// Has `f` answer in a transaction.
fn in_transaction(house: &House, f: fn(&mut Transaction<'_>, &House) -> Answers) -> Answers {
    let answers = house.db.transaction(|tx| Ok::<_, Error>(f(tx, house)));
    answers.expect("nothing is written")
}

/// The entries of a function that connections, sessions and transactions have.
macro_rules! each {
    ($name:literal, |$db:ident, $house:ident| $answers:expr) => {
        [
            Call {
                name: concat!("Connection::", $name),
                run: |$house| {
                    let $db = &$house.db;
                    $answers
                },
            },
            Call {
                name: concat!("Session::", $name),
                run: |$house| {
                    let $db = $house.db.session().expect("a session");
                    $answers
                },
            },
            Call {
                name: concat!("Transaction::", $name),
                run: |house| {
                    in_transaction(house, |$db, $house| {
                        let _ = $house;
                        $answers
                    })
                },
            },
        ]
    };
}

/// The forms in which a walk is read: all at once, in pages, one by one.
fn walked<S: Reads, R: std::fmt::Debug>(walk: impl Fn() -> Walk<S, R>) -> String {
    let records: Vec<_> = walk().into_iter().collect();
    let mut texts = vec![shown(&walk().all()), shown(&walk().page(1)), format!("{:?}", walk())];
    texts.push(format!("{:?}", walk().into_iter()));
    texts.extend(records.iter().map(shown));
    texts.join("\n")
}

/// What a scan says, record by record.
fn scanned(scan: impl FnOnce(&mut dyn FnMut(String)) -> sobject_core::Result<()>) -> String {
    let mut texts = Vec::new();
    let result = scan(&mut |record| texts.push(record));
    texts.push(shown(&result));
    texts.join("\n")
}

pub(super) const CALLS: &[[Call; 3]] = &[
    each!("get", |db, house| vec![
        answer(VISITOR, shown(&db.get(house.visitor))),
        answer(VISITOR, shown(&db.get(house.deleted))),
        answer(ROOM, shown(&db.get(house.room))),
        answer(ROOM, shown(&db.get(house.deleted_room))),
    ]),
    each!("retrieve", |db, house| vec![
        answer(VISITOR, shown(&db.retrieve(&[house.visitor, house.deleted]))),
        answer(ROOM, shown(&db.retrieve(&[house.room, house.deleted_room]))),
    ]),
    each!("count", |db, house| vec![
        answer(VISITOR, shown(&db.count::<Visitor>())),
        answer(ROOM, shown(&db.count::<Strongroom>())),
    ]),
    each!("find", |db, house| vec![
        answer(VISITOR, shown(&db.find(Visitor::FIELDS.name, "Mata"))),
        answer(VISITOR, shown(&db.find(Visitor::FIELDS.motive, "none".to_owned()))),
        answer(ROOM, shown(&db.find(Strongroom::FIELDS.name, "Cellar"))),
        answer(ROOM, shown(&db.find(Strongroom::FIELDS.guest_id, house.required))),
    ]),
    each!("find_range", |db, house| vec![
        answer(VISITOR, shown(&db.find_range(Visitor::FIELDS.name, .."Z".to_owned()))),
        answer(ROOM, shown(&db.find_range(Strongroom::FIELDS.name, .."Z".to_owned()))),
    ]),
    each!("walk", |db, house| vec![
        answer(VISITOR, walked(|| db.walk::<Visitor>())),
        answer(ROOM, walked(|| db.walk::<Strongroom>())),
    ]),
    each!("walk_value", |db, house| vec![
        answer(VISITOR, walked(|| db.walk_value(Visitor::FIELDS.name, "Mata"))),
        answer(ROOM, walked(|| db.walk_value(Strongroom::FIELDS.name, "Cellar"))),
    ]),
    each!("walk_range", |db, house| vec![
        answer(VISITOR, walked(|| db.walk_range(Visitor::FIELDS.name, .."Z".to_owned()))),
        answer(ROOM, walked(|| db.walk_range(Strongroom::FIELDS.name, .."Z".to_owned()))),
    ]),
    each!("scan", |db, house| vec![
        answer(
            VISITOR,
            scanned(|f| db.scan::<Visitor>(|record| {
                f(format!("{record:?}"));
                std::ops::ControlFlow::Continue(())
            }))
        ),
        answer(
            ROOM,
            scanned(|f| db.scan::<Strongroom>(|record| {
                f(format!("{record:?}"));
                std::ops::ControlFlow::Continue(())
            }))
        ),
    ]),
];

/// A walk over the visitors and one over the rooms, which `f` changes.
fn walks(
    house: &House,
    f: fn(Walk<sobject_core::Session, sobject_core::JsonRecord>) -> String,
) -> Answers {
    let of = |(name, given)| match house.db.object(name) {
        Ok(object) => answer(given, f(object.walk())),
        Err(error) => answer(given, of_error(&error)),
    };
    OBJECTS.map(of).into()
}

/// What an object of a session answers.
fn in_session(
    house: &House,
    f: fn(&sobject_core::UntypedSession, [RecordId; 3]) -> String,
) -> Answers {
    let session = house.db.session().expect("a session");
    let of = |(name, given)| match session.object(name) {
        Ok(object) => answer(given, format!("{object:?} {}", f(&object, house.ids(name)))),
        Err(error) => answer(given, of_error(&error)),
    };
    let mut answers: Answers = OBJECTS.map(of).into();
    answers.push(answer(&[], format!("{session:?}")));
    answers
}

/// A describe as JSON too, since its `Debug` need not have every key.
fn described<T: serde::Serialize + std::fmt::Debug>(result: &sobject_core::Result<T>) -> String {
    let json = result.as_ref().map_or_else(of_error, |it| serde_json::to_string(it).expect("JSON"));
    format!("{} {json}", shown(result))
}

/// Calls of one receiver alone.
pub(super) const ALONE: &[Call] = &[
    Call {
        name: "Connection::empty_whole_recycle_bin",
        run: |house| vec![answer(&[], shown(&house.db.empty_whole_recycle_bin()))],
    },
    Call {
        name: "Connection::empty_recycle_bin_older_than",
        run: |house| {
            let age = chrono::TimeDelta::zero();
            vec![answer(&[], shown(&house.db.empty_recycle_bin_older_than(age)))]
        },
    },
    Call {
        name: "Connection::caller",
        run: |house| vec![answer(&[], format!("{:?} {:?}", house.db, house.db.caller()))],
    },
    Call {
        name: "Connection::all_or_none",
        run: |house| {
            let db = house.db.all_or_none();
            vec![
                answer(&[], format!("{db:?}")),
                answer(VISITOR, shown(&db.delete_many(&[house.visitor, house.required]))),
                answer(ROOM, shown(&db.delete_many(&[house.room, house.deleted_room]))),
            ]
        },
    },
    Call {
        name: "Connection::transaction",
        run: |house| {
            let text = house.db.transaction(|tx| Ok::<_, Error>(format!("{tx:?}")));
            vec![answer(&[], text.expect("nothing is written"))]
        },
    },
    Call {
        name: "Connection::session",
        run: |house| vec![answer(&[], shown(&house.db.session()))],
    },
    Call {
        name: "Connection::objects_of",
        run: |house| {
            let ids = OBJECTS.map(|(name, _)| house.ids(name)).concat();
            let of = |id: RecordId| answer(&[], shown(&house.db.objects_of(id)));
            ids.into_iter().map(of).collect()
        },
    },
    Call {
        name: "Connection::describe",
        run: |house| {
            vec![
                answer(&["Visitor"], described(&house.db.describe::<Visitor>())),
                answer(&["Strongroom"], described(&house.db.describe::<Strongroom>())),
                answer(&["User"], described(&house.db.describe::<sobject_core::standard::User>())),
            ]
        },
    },
    Call {
        name: "Connection::describe_sobject",
        run: |house| {
            let of = |(name, given)| answer(given, described(&house.db.describe_sobject(name)));
            OBJECTS.map(of).into()
        },
    },
    Call {
        name: "Connection::describe_sobjects",
        run: |house| {
            let of = |(name, given)| answer(given, described(&house.db.describe_sobjects(&[name])));
            OBJECTS.map(of).into()
        },
    },
    Call {
        name: "Connection::describe_layout",
        run: |house| {
            vec![
                answer(&["Visitor"], described(&house.db.describe_layout::<Visitor>())),
                answer(&["Strongroom"], described(&house.db.describe_layout::<Strongroom>())),
            ]
        },
    },
    Call {
        name: "Connection::describe_layout_of",
        run: |house| {
            let of = |(name, given)| answer(given, described(&house.db.describe_layout_of(name)));
            OBJECTS.map(of).into()
        },
    },
    Call {
        name: "Connection::describe_global",
        run: |house| vec![answer(&[], described(&Ok(house.db.describe_global())))],
    },
    Call {
        name: "Session::object",
        run: |house| in_session(house, |object, _| format!("{object:?}")),
    },
    Call {
        name: "UntypedSession::get",
        run: |house| in_session(house, |object, ids| ids.map(|id| shown(&object.get(id))).concat()),
    },
    Call {
        name: "UntypedSession::retrieve",
        run: |house| {
            in_session(house, |object, ids| shown(&object.retrieve(&["Id", "Name"], &ids)))
        },
    },
    Call {
        name: "UntypedSession::find",
        run: |house| {
            in_session(house, |object, ids| {
                let by_id = shown(&object.find("Id", ids[0].to_string()));
                format!("{} {by_id}", shown(&object.find("Name", "Mata")))
            })
        },
    },
    Call {
        name: "UntypedSession::count",
        run: |house| in_session(house, |object, _| shown(&object.count())),
    },
    Call {
        name: "UntypedSession::walk",
        run: |house| in_session(house, |object, _| walked(|| object.walk())),
    },
    Call {
        name: "UntypedSession::walk_fields",
        run: |house| {
            in_session(house, |object, _| walked(|| object.walk_fields(&["Name", "Nonsense"])))
        },
    },
    Call { name: "Walk::reverse", run: |house| walks(house, |it| shown(&it.reverse().all())) },
    Call { name: "Walk::limit", run: |house| walks(house, |it| shown(&it.limit(1).all())) },
    Call {
        name: "Walk::after",
        run: |house| {
            // The key is that of another walk, for all but the owner's first.
            let admin = house.store.system();
            let key = admin.walk::<Strongroom>().page(1).ok().and_then(|page| page.next);
            let of = |(name, given)| match house.db.object(name) {
                Ok(object) => answer(given, shown(&object.walk().after(key.clone()).all())),
                Err(error) => answer(given, of_error(&error)),
            };
            OBJECTS.map(of).into()
        },
    },
    Call { name: "Walk::all", run: |house| walks(house, |it| shown(&it.all())) },
    Call { name: "Walk::page", run: |house| walks(house, |it| shown(&it.page(1))) },
];
