//! Queries that the compiler knows: typed ones, and those of `soql!`.

use std::fmt::Debug;

use sobject_core::{Error, Result, count_rows, soql};

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
        ]
    }};
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
