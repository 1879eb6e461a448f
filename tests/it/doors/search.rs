//! Searches: as text, and typed.

use sobject_core::Error;

use super::{
    Call,
    house::{Answers, House, ROOM, Strongroom, VISITOR, Visitor, answer, shown},
};

/// Searches, and the words that each gives.
const SEARCHES: &[(&[&str], &str)] = &[
    (&[], "FIND {mat* OR ce* OR es* OR 12*}"),
    (VISITOR, "FIND {mat*} RETURNING Visitor"),
    (VISITOR, "FIND {mat* OR es*} RETURNING Visitor(Name WHERE Motive = 'a talk')"),
    (VISITOR, "FIND {es*} RETURNING Visitor(Name, Motive)"),
    (VISITOR, "FIND {mat*} RETURNING Visitor(Name, Seen.Name)"),
    (ROOM, "FIND {ce* OR 12} RETURNING Strongroom(Name, Cipher)"),
];

/// What each search answers.
fn of_searches(ask: impl Fn(&'static str) -> String) -> Answers {
    SEARCHES.iter().map(|(given, text)| answer(given, ask(text))).collect()
}

/// What typed searches on a connection, a session or a transaction answer.
macro_rules! typed {
    ($db:expr) => {{
        let db = $db;
        let visitors = db.find_text("mat* OR es*").returning::<Visitor>();
        let motives = db.find_text("es*").returning::<Visitor>();
        let rooms = db.find_text("ce* OR 12*").returning::<Strongroom>();
        vec![
            answer(VISITOR, shown(&visitors.all())),
            answer(VISITOR, shown(&motives.select(Visitor::FIELDS.name).all())),
            answer(ROOM, shown(&rooms.all())),
            answer(ROOM, shown(&rooms.count())),
        ]
    }};
}

fn in_transaction(house: &House) -> Answers {
    let answers = house.db.transaction(|tx| Ok::<_, Error>(typed!(&*tx)));
    answers.expect("nothing is written")
}

pub(super) const ALONE: &[Call] = &[
    Call { name: "Connection::search", run: |house| of_searches(|it| shown(&house.db.search(it))) },
    Call {
        name: "Session::search",
        run: |house| {
            let session = house.db.session().expect("a session");
            of_searches(|it| shown(&session.search(it)))
        },
    },
    Call {
        name: "Transaction::search",
        run: |house| {
            let answers =
                house.db.transaction(|tx| Ok::<_, Error>(of_searches(|it| shown(&tx.search(it)))));
            answers.expect("nothing is written")
        },
    },
    Call { name: "Connection::find_text", run: |house| typed!(&house.db) },
    Call {
        name: "Session::find_text",
        run: |house| {
            let session = house.db.session().expect("a session");
            typed!(&session)
        },
    },
    Call { name: "Transaction::find_text", run: in_transaction },
];
