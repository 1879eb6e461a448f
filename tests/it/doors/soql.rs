//! Queries as text.

use sobject_core::{Error, JsonRecord, Result};

use super::{
    Call,
    house::{Answers, ROOM, VISITOR, answer, of_error, shown},
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
