//! Queries that run again and again: prepared ones, and texts that differ in what stands in quotes.
//!
//! What is kept of a query must not be seen in its answers: a connection that never saw the query
//! answers the same.

use serde_json::{Value as Json, json};
use sobject_core::{
    BindValue, Connection, Error, ManualClock, QueryResult, RecordId, Result, SObject, Soql, Store,
    standard::{Group, User, UserCreate},
};

use super::{
    ask::Ask,
    world::{Dice, REMARKS, STAGES, TITLES, TOWNS, World},
};
use crate::desk::{MORNING, at, verify};

/// Texts to put in the place of others: values that there are, values that there are not, no value, and
/// what only looks like a value.
fn other_text(dice: &mut Dice, world: &World) -> String {
    match dice.below(8) {
        0 => (*dice.pick(TITLES)).to_owned(),
        1 => (*dice.pick(TOWNS)).to_owned(),
        2 => (*dice.pick(STAGES)).to_owned(),
        3 => (*dice.pick(REMARKS)).to_owned(),
        4 => dice.pick(&world.sales)["Id"].as_str().expect("an id").to_owned(),
        5 => dice.pick(&world.shops)["Id"].as_str().expect("an id").to_owned(),
        6 => String::new(),
        _ => (*dice.pick(&["x%", "null", "red;blue", "0HKxx0000000001", "a\\'b", "TODAY"]))
            .to_owned(),
    }
}

/// The text with other texts in its quotes.
fn with_other_texts(dice: &mut Dice, world: &World, text: &str) -> String {
    let mut parts = text.split('\'');
    let mut out = parts.next().unwrap_or_default().to_owned();
    while let (Some(old), Some(behind)) = (parts.next(), parts.next()) {
        let new = if dice.percent(70) { other_text(dice, world) } else { old.to_owned() };
        out.extend(["'", new.as_str(), "'", behind]);
    }
    out
}

/// An answer, or the whole message of a refusal.
fn told(answer: &Result<QueryResult>) -> String {
    match answer {
        Ok(found) => serde_json::to_string(found).expect("an answer serialises"),
        Err(error) => format!("{}: {error}", error.status_code()),
    }
}

#[test]
fn a_text_with_other_values_is_answered_as_one_that_was_never_seen() {
    for seed in 50..52 {
        let world = World::new(seed, 200, seed == 51);
        let db = world.store.system();
        let dice = &mut Dice::new(seed);
        let (mut n_found, mut n_refused) = (0, 0);
        for _ in 0..200 {
            let text = Ask::random(dice, &world).text();
            for _ in 0..3 {
                let text = with_other_texts(dice, &world, &text);
                let answer = db.soql(text.as_str());
                // This one has kept nothing.
                let wanted = world.store.system().soql(text.as_str());
                assert_eq!(told(&answer), told(&wanted), "world {seed}: {text}");
                match answer {
                    Ok(_) => n_found += 1,
                    Err(_) => n_refused += 1,
                }
            }
        }
        assert!(n_found > 100 && n_refused > 50, "{n_found} and {n_refused}");
        verify(&world.store);
    }
}

/// Values to run a query with, one after the other.
type Values = fn(&World) -> Vec<BindValue>;

/// Queries with the values of their variable `v`.
const PREPARED: &[(&str, Values)] = &[
    ("SELECT Id, Title FROM Sale WHERE Id = :v", |world| ids(world)),
    ("SELECT Id FROM Sale WHERE ShopId != :v AND Paid = true LIMIT 7", |world| ids(world)),
    ("SELECT Id, Shop.Name FROM Sale WHERE Id IN :v ORDER BY Shop.Name", |world| {
        let all: Vec<RecordId> = [1, 3, 5].iter().map(|n| id(&world.sales[*n])).collect();
        vec![all.clone().into(), Vec::<RecordId>::new().into(), all[..1].to_vec().into()]
    }),
    ("SELECT COUNT(Id) n, MAX(Pieces) m FROM Sale WHERE Title = :v", |_| texts()),
    ("SELECT COUNT() FROM Sale WHERE Title LIKE :v", |_| texts()),
    ("SELECT Id FROM Sale WHERE (Title = 'zinc' OR Shop.Town = :v) AND Pieces > 1", |_| texts()),
    ("SELECT Id FROM Sale WHERE Title = :v ORDER BY SoldAt DESC LIMIT 3", |_| texts()),
    ("SELECT Id FROM Sale ORDER BY Id LIMIT :v", |_| {
        vec![2.into(), 0.into(), 5.into(), (-1).into()]
    }),
    ("SELECT Id FROM Sale WHERE Tags INCLUDES (:v)", |_| texts()),
    ("SELECT Pieces p, COUNT(Id) n FROM Sale GROUP BY Pieces HAVING COUNT(Id) > :v", |_| {
        vec![1.into(), 20.into(), "x".into()]
    }),
    ("SELECT Id FROM Shop WHERE Id IN (SELECT ShopId FROM Sale WHERE Title = :v)", |_| texts()),
    ("SELECT Id, (SELECT Id FROM Sales WHERE Title = :v) FROM Shop", |_| texts()),
    ("SELECT Nope FROM Sale WHERE Title = :v", |_| texts()),
];

fn id(plain: &super::world::Plain) -> RecordId {
    plain["Id"].as_str().expect("an id").parse().expect("an id")
}

fn ids(world: &World) -> Vec<BindValue> {
    vec![
        id(&world.sales[1]).into(),
        id(&world.shops[1]).into(),
        "0HKxx0000000001AAA".into(),
        "no id".into(),
        id(&world.sales[2]).into(),
        1.into(),
        String::new().into(),
    ]
}

fn texts() -> Vec<BindValue> {
    vec!["zinc".into(), "".into(), "Bolt".into(), 4.into(), "o'x".into(), "z%".into()]
}

#[test]
fn a_prepared_query_is_answered_as_the_text_with_the_same_values() {
    let world = World::new(60, 300, false);
    let db = world.store.system();
    for (text, values) in PREPARED {
        let prepared = db.prepare(*text).expect("a query");
        assert_eq!(prepared.variables().collect::<Vec<_>>(), ["v"], "{text}");
        for value in values(&world) {
            let wanted = db.soql(Soql::new(*text).bind("v", value.clone()));
            let bound = prepared.bind("V", value);
            assert_eq!(told(&bound.soql()), told(&wanted), "{text}");
            let Ok(wanted) = wanted else { continue };
            let rows = bound.all(|row| row.json(0));
            match rows {
                Ok(rows) => {
                    let wanted: Vec<_> =
                        wanted.records.iter().map(|row| row["Id"].clone()).collect();
                    assert_eq!(rows, wanted, "{text}");
                }
                Err(error) => {
                    assert!(matches!(error, Error::NotSupported { .. }), "{text}: {error}");
                    assert!(text.contains("COUNT("), "{text}: {error}");
                }
            }
        }
        let missing = prepared.soql().expect_err("a variable without a value");
        let is_named = missing.message().contains("Variable does not exist: v")
            || missing.message().contains("variable does not exist: v")
            || text.contains("Nope")
            || text.contains("Sales");
        assert!(is_named, "{text}: {missing}");
    }
}

#[test]
fn rows_are_read_in_place_with_their_parents() {
    let store = Store::in_memory(&[Group::OBJECT, User::OBJECT]).expect("a store");
    let db = store.system();
    let ada = db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    let by_name = db
        .prepare(
            "SELECT Id, Email, CreatedBy.Name, FORMAT(CreatedDate) made FROM User WHERE Name = :n",
        )
        .expect("a query");
    let row = by_name.bind("n", "ADA").one(|row| {
        assert!(row.get::<String>(1).is_err(), "it is null");
        assert!(row.get::<String>(3).is_err() && row.get::<String>(4).is_err());
        assert!(row.json(3)?.is_string());
        Ok((row.get::<RecordId>(0)?, row.get_or_null::<String>(1)?, row.json(2)?))
    });
    let (id, email, _) = row.expect("a row");
    assert_eq!((id, email), (ada.record_id(), None));
    let none = by_name.bind("n", "Bo");
    assert_eq!(none.optional(|row| row.json(0)).expect("no row"), None);
    assert!(matches!(none.one(|row| row.json(0)), Err(Error::Query(_))));
    assert!(by_name.bind("n", "ADA").all(|_| Err::<Json, _>(not_this())).is_err());
}

fn not_this() -> Error {
    Error::NotSupported { object: "User".to_owned(), what: "this".to_owned() }
}

#[test]
fn what_is_kept_of_a_query_knows_no_day_and_no_id() {
    let clock = ManualClock::at(at(MORNING));
    let objects = [Group::OBJECT, User::OBJECT];
    let store = Store::builder().clock(clock.clone()).in_memory(&objects).expect("a store");
    let db = store.system();
    let today = db.prepare("SELECT COUNT() FROM User WHERE CreatedDate = TODAY").expect("a query");
    let (text, other) =
        ("SELECT COUNT() FROM User WHERE CreatedDate = TODAY AND Name = 'Ada'", "Bo");
    let count = |db: &Connection, text: &str| db.soql(text).expect("a count").total_size;
    assert_eq!((today.soql().expect("a count").total_size, count(&db, text)), (0, 0));
    db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    assert_eq!((today.soql().expect("a count").total_size, count(&db, text)), (1, 1));
    assert_eq!(count(&db, &text.replace("Ada", other)), 0);
    clock.advance(chrono::TimeDelta::days(1));
    assert_eq!((today.soql().expect("a count").total_size, count(&db, text)), (0, 0));
    // The id is of an instance that the store has not met, and then meets.
    let id = "005abc000000001AAA";
    let by_id = "SELECT COUNT() FROM User WHERE Name != null AND Id = 'x'".replace('x', id);
    let mine = "SELECT COUNT() FROM User WHERE Id = '005abc000000001AAA' AND Name != :n";
    let prepared = db.prepare(mine).expect("a query");
    let both = || {
        let prepared = prepared.bind("n", "Bo").soql().expect("a count").total_size;
        (count(&db, &by_id), prepared)
    };
    assert_eq!((both(), both()), ((0, 0), (0, 0)));
    let replica = store.replica();
    let record = json!({
        "Id": id, "Name": "Cy", "Username": "cy@example.com",
        "CreatedDate": "2026-01-01T08:00:00.000+0000", "CreatedById": id,
        "LastModifiedDate": "2026-01-01T08:00:00.000+0000", "LastModifiedById": id,
        "SystemModstamp": "2026-01-01T08:00:00.000+0000",
    });
    replica.put("User", record.as_object().expect("a map")).expect("a replica's record");
    assert_eq!((both(), both()), ((1, 1), (1, 1)));
}
