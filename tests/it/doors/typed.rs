//! Calls on structs: each of a connection, and the same of a transaction.

use sobject_core::{Error, Id, Ref, Transaction};

use super::{
    Call,
    house::{
        Answers, House, ROOM, Strongroom, StrongroomCreate, StrongroomUpdate, VISITOR, Visitor,
        VisitorCreate, VisitorUpdate, answer, made_up, of_error, shown, shown_many,
    },
};

/// Has `f` answer in a transaction, which is then taken back.
fn in_transaction(house: &House, f: fn(&mut Transaction<'_>, &House) -> Answers) -> Answers {
    let mut answers = Vec::new();
    let taken_back = house.db.transaction(|tx| {
        answers = f(tx, house);
        answers.push(answer(&[], format!("{tx:?}")));
        Err::<(), _>(Error::NestedWrite)
    });
    assert!(matches!(taken_back, Err(Error::NestedWrite)));
    answers
}

/// The entries of a function that connections and transactions have.
macro_rules! both {
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
                name: concat!("Transaction::", $name),
                run: |house| in_transaction(house, |$db, $house| $answers),
            },
        ]
    };
}

/// A visitor with a motive.
fn visitor() -> VisitorCreate {
    VisitorCreate { motive: Some("a walk in the park".to_owned()), ..bare() }
}

fn bare() -> VisitorCreate {
    VisitorCreate::new("Mato".to_owned())
}

/// Visitors that have seen a room: one that is there, one in the bin, and one that is made up.
fn of_rooms(house: &House) -> Vec<VisitorCreate> {
    let rooms = [house.room, house.deleted_room, Id::new(made_up("0SR"))];
    let about =
        rooms.map(|it| VisitorCreate { about_id: Some(Ref::new(it.record_id())), ..bare() });
    let seen = rooms.map(|room| VisitorCreate { seen_id: Some(room), ..bare() });
    about.into_iter().chain(seen).collect()
}

fn room(house: &House) -> StrongroomCreate {
    StrongroomCreate::new("Garret".to_owned(), house.visitor)
}

/// A room with the cipher of one that is there.
fn ciphered(house: &House) -> StrongroomCreate {
    StrongroomCreate { cipher: Some("12-7-31".to_owned()), ..room(house) }
}

fn rename() -> VisitorUpdate {
    VisitorUpdate { name: "Mato".to_owned().into(), ..VisitorUpdate::default() }
}

fn reason() -> VisitorUpdate {
    VisitorUpdate {
        motive: Some("a walk in the park".to_owned()).into(),
        ..VisitorUpdate::default()
    }
}

fn rename_room() -> StrongroomUpdate {
    StrongroomUpdate { name: "Garret".to_owned().into(), ..StrongroomUpdate::default() }
}

fn nobody() -> Id<Visitor> {
    Id::new(made_up("0VI"))
}

fn nowhere() -> Id<Strongroom> {
    Id::new(made_up("0SR"))
}

pub(super) const CALLS: &[[Call; 2]] = &[
    both!("create", |db, house| {
        let mut answers = vec![
            answer(VISITOR, shown(&db.create(bare()))),
            answer(VISITOR, shown(&db.create(visitor()))),
            answer(ROOM, shown(&db.create(room(house)))),
        ];
        for visitor in of_rooms(house) {
            answers.push(answer(VISITOR, shown(&db.create(visitor))));
        }
        answers
    }),
    both!("create_many", |db, house| {
        let visitors = [vec![bare(), visitor()], of_rooms(house)].concat();
        vec![
            answer(VISITOR, shown_many(&db.create_many(&visitors))),
            answer(ROOM, shown_many(&db.create_many(&[room(house)]))),
        ]
    }),
    both!("update", |db, house| vec![
        answer(VISITOR, shown(&db.update(house.visitor, rename()))),
        answer(VISITOR, shown(&db.update(house.visitor, reason()))),
        answer(VISITOR, shown(&db.update(house.deleted, rename()))),
        answer(VISITOR, shown(&db.update(nobody(), rename()))),
        answer(ROOM, shown(&db.update(house.room, rename_room()))),
        answer(ROOM, shown(&db.update(nowhere(), rename_room()))),
    ]),
    both!("update_many", |db, house| vec![
        answer(
            VISITOR,
            shown_many(&db.update_many(&[
                (house.visitor, rename()),
                (house.visitor, reason()),
                (house.deleted, rename()),
                (nobody(), rename()),
            ])),
        ),
        answer(ROOM, shown_many(&db.update_many(&[(house.room, rename_room())]))),
    ]),
    both!("upsert", |db, house| vec![
        answer(VISITOR, shown(&db.upsert(Visitor::FIELDS.id, bare()))),
        answer(VISITOR, shown(&db.upsert(Visitor::FIELDS.motive, visitor()))),
        answer(ROOM, shown(&db.upsert(Strongroom::FIELDS.cipher, ciphered(house)))),
        answer(ROOM, shown(&db.upsert(Strongroom::FIELDS.cipher, rename_room()))),
    ]),
    both!("upsert_many", |db, house| vec![
        answer(VISITOR, shown_many(&db.upsert_many(Visitor::FIELDS.id, &of_rooms(house)))),
        answer(VISITOR, shown_many(&db.upsert_many(Visitor::FIELDS.motive, &[visitor()]))),
        answer(
            ROOM,
            shown_many(
                &db.upsert_many(Strongroom::FIELDS.cipher, &[ciphered(house), ciphered(house)])
            )
        ),
    ]),
    both!("upsert_by_id", |db, house| vec![
        answer(VISITOR, shown(&db.upsert_by_id(house.visitor, reason()))),
        answer(VISITOR, shown(&db.upsert_by_id(None, visitor()))),
        answer(VISITOR, shown(&db.upsert_by_id(house.deleted, rename()))),
        answer(VISITOR, shown(&db.upsert_by_id(nobody(), rename()))),
        answer(ROOM, shown(&db.upsert_by_id(house.room, rename_room()))),
        answer(ROOM, shown(&db.upsert_by_id(nowhere(), rename_room()))),
    ]),
    both!("upsert_many_by_id", |db, house| vec![
        answer(
            VISITOR,
            shown_many(&db.upsert_many_by_id(&[
                (Some(house.visitor), reason()),
                (None, rename()),
                (Some(nobody()), rename()),
            ])),
        ),
        answer(ROOM, shown_many(&db.upsert_many_by_id(&[(Some(house.room), rename_room())]))),
    ]),
    both!("delete", |db, house| vec![
        answer(VISITOR, shown(&db.delete(house.visitor))),
        answer(VISITOR, shown(&db.delete(house.required))),
        answer(VISITOR, shown(&db.delete(house.held))),
        answer(VISITOR, shown(&db.delete(house.deleted))),
        answer(VISITOR, shown(&db.delete(nobody()))),
        answer(ROOM, shown(&db.delete(house.room))),
        answer(ROOM, shown(&db.delete(nowhere()))),
    ]),
    both!("delete_many", |db, house| vec![
        answer(
            VISITOR,
            shown_many(&db.delete_many(&[house.visitor, house.required, house.deleted, nobody()])),
        ),
        answer(ROOM, shown_many(&db.delete_many(&[house.room, nowhere()]))),
    ]),
    both!("undelete", |db, house| vec![
        answer(VISITOR, shown(&db.undelete(house.visitor))),
        answer(VISITOR, shown(&db.undelete(house.deleted))),
        answer(VISITOR, shown(&db.undelete(nobody()))),
        answer(ROOM, shown(&db.undelete(house.deleted_room))),
    ]),
    both!("undelete_many", |db, house| vec![
        answer(VISITOR, shown_many(&db.undelete_many(&[house.visitor, house.deleted, nobody()]))),
        answer(ROOM, shown_many(&db.undelete_many(&[house.deleted_room, nowhere()]))),
    ]),
    both!("empty_recycle_bin", |db, house| vec![
        answer(
            VISITOR,
            shown_many(&db.empty_recycle_bin(&[house.visitor, house.deleted, nobody()])),
        ),
        answer(ROOM, shown_many(&db.empty_recycle_bin(&[house.deleted_room, nowhere()]))),
    ]),
    both!("mark_viewed", |db, house| vec![
        answer(VISITOR, shown(&db.mark_viewed(house.visitor))),
        answer(VISITOR, shown(&db.mark_viewed(nobody()))),
        answer(ROOM, shown(&db.mark_viewed(house.room))),
    ]),
    both!("mark_referenced", |db, house| vec![
        answer(VISITOR, shown(&db.mark_referenced(house.visitor))),
        answer(VISITOR, shown(&db.mark_referenced(house.deleted))),
        answer(ROOM, shown(&db.mark_referenced(house.room))),
    ]),
    both!("object", |db, _house| {
        let mut answers = Vec::new();
        for (name, given) in super::untyped::OBJECTS {
            let object = db.object(name);
            answers
                .push(answer(given, object.as_ref().map_or_else(of_error, |it| format!("{it:?}"))));
        }
        answers.push(answer(&["Nonsense"], shown(&db.object("Nonsense").map(drop))));
        answers
    }),
];
