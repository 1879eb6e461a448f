//! Queries that the compiler knows: typed ones, and those of `soql!`.

use std::fmt::Debug;

use sobject_core::{Error, Id, Result, count_rows, soql};

use super::{
    Call,
    house::{Answers, House, ROOM, Strongroom, VISITOR, Visitor, answer, of_error, shown},
};

/// What each of some typed queries on a connection, a session or a transaction answers.
macro_rules! typed {
    ($db:expr, |$query:ident| $text:expr) => {{
        let db = $db;
        let visitors = || db.query::<Visitor>();
        let about = Visitor::FIELDS;
        vec![
            answer(VISITOR, {
                let $query = visitors();
                $text
            }),
            answer(VISITOR, {
                let $query = visitors().filter(about.motive.is_null()).select(about.name);
                $text
            }),
            answer(VISITOR, {
                let $query = visitors().select(about.seen_id.to(Strongroom::FIELDS.name));
                $text
            }),
            answer(ROOM, {
                let $query = db.query::<Strongroom>().filter(Strongroom::FIELDS.cipher.ne("1"));
                $text
            }),
            answer(BOTH, {
                let rooms = Strongroom::FIELDS.guest_id.children::<Strongroom>();
                let $query = visitors().select((about.name, rooms));
                $text
            }),
            answer(BOTH, {
                let seen_by = about.seen_id.children::<Visitor>().select(about.motive);
                let $query = db.query::<Strongroom>().select(seen_by);
                $text
            }),
            answer(BOTH, {
                let seen = about.seen_id.values().filter(about.motive.ne("1"));
                let seen = Strongroom::FIELDS.id.in_query(seen);
                let $query = db.query::<Strongroom>().filter(seen).select(Strongroom::FIELDS.name);
                $text
            }),
            answer(BOTH, {
                let rooms = Strongroom::FIELDS.id.values();
                let rooms = rooms.filter(Strongroom::FIELDS.cipher.ne("1"));
                let seen = about.seen_id.not_in_query(rooms);
                let $query = visitors().filter(seen).select(about.name);
                $text
            }),
        ]
    }};
}

/// What a query on both objects gives that is named by their types.
const BOTH: &[&str] =
    &["Strongroom", "Cipher", "GuestId", "Visitor", "Motive", "SeenId", "AboutId"];

/// What each of some typed queries answers that are asked for a record.
fn by_id(house: &House) -> Answers {
    let (about, db) = (Visitor::FIELDS, &house.db);
    let mut answers = Vec::new();
    for id in house.ids("Visitor").map(Id::new) {
        let visitors = db.query::<Visitor>();
        answers.push(answer(VISITOR, shown(&visitors.get(id))));
        answers.push(answer(VISITOR, shown(&visitors.clone().select(about.name).get(id))));
        answers.push(answer(VISITOR, shown(&visitors.select(about.motive).get(id))));
    }
    for id in house.ids("Strongroom").map(Id::new) {
        let cipher = db.query::<Strongroom>().select(Strongroom::FIELDS.cipher);
        answers.push(answer(ROOM, shown(&cipher.get(id))));
    }
    answers
}

/// The same for several records at once.
fn retrieved(house: &House) -> Answers {
    let (about, db) = (Visitor::FIELDS, &house.db);
    let visitors = house.ids("Visitor").map(Id::new);
    let rooms = house.ids("Strongroom").map(Id::new);
    vec![
        answer(VISITOR, shown(&db.query::<Visitor>().retrieve(&visitors))),
        answer(VISITOR, shown(&db.query::<Visitor>().select(about.motive).retrieve(&visitors))),
        answer(ROOM, shown(&db.query::<Strongroom>().retrieve(&rooms))),
    ]
}

/// The same by a value.
fn found(house: &House) -> Answers {
    let (about, db) = (Visitor::FIELDS, &house.db);
    let cipher = Strongroom::FIELDS.cipher;
    let by_motive = |name| db.query::<Visitor>().select(about.name).find(about.motive, name);
    vec![
        answer(VISITOR, shown(&by_motive("a talk"))),
        answer(VISITOR, shown(&db.query::<Visitor>().find(about.name, "Mati"))),
        answer(ROOM, shown(&db.query::<Strongroom>().select(cipher).find(cipher, None))),
    ]
}

/// Records one by one.
fn one_by_one<T: Debug, R: Iterator<Item = Result<T>>>(rows: Result<R>) -> String {
    match rows {
        Ok(rows) => rows.map(|row| shown(&row)).collect::<Vec<_>>().join("\n"),
        Err(error) => of_error(&error),
    }
}

/// What a query of `soql!` on visitors and one on rooms answer.
macro_rules! checked {
    ($house:ident, |$query:ident, $db:ident| $text:expr) => {{
        let $db = &$house.db;
        vec![
            answer(VISITOR, {
                let $query = soql!("SELECT Name, Motive FROM Visitor WHERE Motive != 'x'");
                $text
            }),
            answer(ROOM, {
                let $query = soql!("SELECT Cipher FROM Strongroom");
                $text
            }),
        ]
    }};
}

fn in_transaction(house: &House) -> Answers {
    let answers =
        house.db.transaction(|tx| Ok::<_, Error>(typed!(&*tx, |query| shown(&query.all()))));
    answers.expect("nothing is written")
}

pub(super) const ALONE: &[Call] = &[
    Call {
        name: "Connection::query",
        run: |house| typed!(&house.db, |query| format!("{query:?}")),
    },
    Call {
        name: "Session::query",
        run: |house| {
            let session = house.db.session().expect("a session");
            typed!(&session, |query| shown(&query.all()))
        },
    },
    Call { name: "Transaction::query", run: in_transaction },
    Call { name: "Query::all", run: |house| typed!(&house.db, |query| shown(&query.all())) },
    Call { name: "Query::one", run: |house| typed!(&house.db, |query| shown(&query.one())) },
    Call {
        name: "Query::optional",
        run: |house| typed!(&house.db, |query| shown(&query.optional())),
    },
    Call { name: "Query::count", run: |house| typed!(&house.db, |query| shown(&query.count())) },
    Call { name: "Query::exists", run: |house| typed!(&house.db, |query| shown(&query.exists())) },
    Call {
        name: "Query::stream",
        run: |house| typed!(&house.db, |query| one_by_one(query.stream())),
    },
    Call {
        name: "Query::pages",
        run: |house| typed!(&house.db, |query| one_by_one(query.pages(1))),
    },
    Call { name: "Query::get", run: by_id },
    Call { name: "Query::retrieve", run: retrieved },
    Call { name: "Query::find", run: found },
    Call {
        name: "Query::explain",
        run: |house| typed!(&house.db, |query| shown(&query.explain())),
    },
    Call { name: "Query::batch", run: |house| typed!(&house.db, |query| shown(&query.batch(200))) },
    Call {
        name: "Query::totals",
        run: |house| typed!(&house.db, |query| shown(&query.totals(count_rows()))),
    },
    Call {
        name: "CheckedQuery::all",
        run: |house| checked!(house, |query, db| shown(&query.all(db))),
    },
    Call {
        name: "CheckedQuery::one",
        run: |house| checked!(house, |query, db| shown(&query.one(db))),
    },
    Call {
        name: "CheckedQuery::optional",
        run: |house| checked!(house, |query, db| shown(&query.optional(db))),
    },
    Call {
        name: "CheckedQuery::rows",
        run: |house| checked!(house, |query, db| one_by_one(query.rows(db))),
    },
];
