//! Queries as text.

use serde_json::Value as Json;
use sobject_core::{Error, JsonRecord, PreparedQuery, QueryRow, Result};

use super::{
    Call,
    house::{Answers, House, ROOM, VISITOR, answer, of_error, shown},
};

/// Queries, and the words that each gives.
const QUERIES: &[(&[&str], &str)] = &[
    (VISITOR, "SELECT Id, Name FROM Visitor"),
    (VISITOR, "SELECT Name FROM Visitor WHERE Motive = 'a talk' ORDER BY Motive"),
    (VISITOR, "SELECT Name, Seen.Name FROM Visitor"),
    (VISITOR, "SELECT Name FROM Visitor WHERE Seen.Name LIKE 'C%'"),
    (VISITOR, "SELECT Name FROM Visitor FOR VIEW"),
    (ROOM, "SELECT Name FROM Strongroom FOR REFERENCE"),
    (ROOM, "SELECT Name, Cipher FROM Strongroom"),
    (ROOM, "SELECT COUNT() FROM Strongroom WHERE GuestId != null"),
];

/// What each query answers.
fn of_queries(ask: impl Fn(&'static str) -> String) -> Answers {
    QUERIES.iter().map(|(given, text)| answer(given, ask(text))).collect()
}

/// Rows one by one, and what the reader of them prints of itself.
fn rows<R: Iterator<Item = Result<JsonRecord>> + std::fmt::Debug>(rows: Result<R>) -> String {
    match rows {
        Ok(rows) => {
            let printed = format!("{rows:?}");
            rows.map(|row| shown(&row)).chain([printed]).collect::<Vec<_>>().join("\n")
        }
        Err(error) => of_error(&error),
    }
}

/// What each query answers that is prepared and runs twice, so that the second run is by what was kept.
fn of_prepared(house: &House, ask: impl Fn(&PreparedQuery) -> String) -> Answers {
    of_queries(|it| match house.db.prepare(it) {
        Ok(prepared) => {
            let prepared = prepared.bind("unused", 1);
            [ask(&prepared), ask(&prepared)].join("\n")
        }
        Err(error) => of_error(&error),
    })
}

/// All that can be read of a row in place.
fn columns(row: &QueryRow<'_>) -> Vec<Json> {
    let shown = Json::from(format!("{row:?}"));
    let read = (0..2).map(|column| row.json(column));
    // What a row does not have is no reason to show nothing of the others.
    [shown].into_iter().chain(read.flatten()).collect()
}

pub(super) const ALONE: &[Call] = &[
    Call { name: "Connection::soql", run: |house| of_queries(|it| shown(&house.db.soql(it))) },
    Call {
        name: "Connection::soql_rows",
        run: |house| of_queries(|it| rows(house.db.soql_rows(it))),
    },
    Call {
        name: "Connection::explain",
        run: |house| of_queries(|it| shown(&house.db.explain(it))),
    },
    Call {
        name: "Connection::prepare",
        run: |house| of_queries(|it| shown(&house.db.prepare(it).map(|it| format!("{it:?}")))),
    },
    Call {
        name: "PreparedQuery::variables",
        run: |house| {
            of_queries(|it| {
                let prepared = house.db.prepare(it);
                shown(&prepared.map(|it| it.variables().map(str::to_owned).collect::<Vec<_>>()))
            })
        },
    },
    Call { name: "PreparedQuery::bind", run: |house| of_prepared(house, |it| shown(&it.soql())) },
    Call { name: "PreparedQuery::soql", run: |house| of_prepared(house, |it| shown(&it.soql())) },
    Call {
        name: "PreparedQuery::all",
        run: |house| of_prepared(house, |it| shown(&it.all(|row| Ok(columns(row))))),
    },
    Call {
        name: "PreparedQuery::one",
        run: |house| of_prepared(house, |it| shown(&it.one(|row| Ok(columns(row))))),
    },
    Call {
        name: "PreparedQuery::optional",
        run: |house| of_prepared(house, |it| shown(&it.optional(|row| Ok(columns(row))))),
    },
    Call {
        name: "QueryRow::json",
        run: |house| of_prepared(house, |it| shown(&it.all(|row| row.json(1)))),
    },
    Call {
        name: "QueryRow::get",
        run: |house| of_prepared(house, |it| shown(&it.all(|row| row.get::<String>(0)))),
    },
    Call {
        name: "QueryRow::get_or_null",
        run: |house| of_prepared(house, |it| shown(&it.all(|row| row.get_or_null::<String>(1)))),
    },
    Call {
        name: "Session::soql",
        run: |house| {
            let session = house.db.session().expect("a session");
            of_queries(|it| shown(&session.soql(it)))
        },
    },
    Call {
        name: "Session::soql_rows",
        run: |house| {
            let session = house.db.session().expect("a session");
            of_queries(|it| rows(session.soql_rows(it)))
        },
    },
    Call {
        name: "Transaction::soql",
        run: |house| {
            let answers =
                house.db.transaction(|tx| Ok::<_, Error>(of_queries(|it| shown(&tx.soql(it)))));
            answers.expect("nothing is written")
        },
    },
    Call {
        name: "Transaction::soql_rows",
        run: |house| {
            let answers =
                house.db.transaction(|tx| Ok::<_, Error>(of_queries(|it| rows(tx.soql_rows(it)))));
            answers.expect("nothing is written")
        },
    },
];
