//! The engine against the naive evaluator, over random records and random queries.

use serde_json::Value as Json;
use sobject_core::{
    Connection, FieldRight, JsonRecord, ObjectRight, Permissions, QueryResult, Result, Soql,
};

use super::{
    ask::{Ask, Col, Cond, Kind, Select},
    naive::{Answer, alike, answer},
    world::{Dice, World, sale},
};
use crate::desk::verify;

/// Random queries of each world.
const N_QUERIES: usize = 250;

#[test]
fn planned_queries_and_scans_answer_as_the_naive_evaluator_does() {
    assert_alike(&[(1, 0, false), (2, 40, false), (4, 300, true)]);
}

#[test]
fn they_do_so_where_a_walk_takes_several_chunks_and_an_answer_several_pages() {
    assert_alike(&[(3, 550, false)]);
}

/// Asserts that random queries are answered alike in worlds of these seeds with so many sales, some
/// of which have odd values.
fn assert_alike(worlds: &[(u64, usize, bool)]) {
    for &(seed, n_sales, odd) in worlds {
        let world = World::new(seed, n_sales, odd);
        let db = world.store.system();
        let dice = &mut Dice::new(seed * 1_000);
        if n_sales == 0 {
            assert_eq!(db.soql("SELECT COUNT() FROM Sale").expect("an answer").total_size, 0);
            continue;
        }
        for n in 0..N_QUERIES {
            let ask = Ask::random(dice, &world);
            let (text, wanted) = (ask.text(), answer(&world, &ask));
            let case = format!("world {seed}, query {n}: {text}");
            let planned = found(&ask, db.soql(text.as_str()), &case);
            assert_eq!(planned, wanted, "planned, {case}");
            let scanned = found(&ask, db.soql(Soql::new(text.as_str()).reading_all()), &case);
            assert_eq!(scanned, wanted, "by a scan, {case}");
            let paged = found(&ask, pages(&db, Soql::new(text.as_str()).batch_size(200)), &case);
            assert_eq!(paged, wanted, "in pages, {case}");
            if matches!(ask.select, Select::Rows(_)) {
                let rows: Result<Vec<JsonRecord>> =
                    db.soql_rows(text.as_str()).and_then(Iterator::collect);
                let rows = rows.unwrap_or_else(|error| panic!("{case}: {error}"));
                let rows: Vec<_> = rows.iter().map(|row| values(&ask, row)).collect();
                assert_eq!(rows, wanted.rows, "as a stream, {case}");
            }
        }
        verify(&world.store);
    }
}

#[test]
fn a_transaction_finds_what_it_has_written_as_everyone_does_afterwards() {
    for seed in 10..14 {
        let mut world = World::new(seed, 120, seed == 13);
        let db = world.store.system();
        let dice = &mut Dice::new(seed);
        let asks: Vec<_> = (0..60).map(|_| Ask::random(dice, &world)).collect();
        // The new ids are known when the records are there.
        let answers = db
            .transaction(|tx| {
                let mut objects = tx.object("Sale")?;
                for n in 0..30 {
                    let shops = &world.shops[..7];
                    let mut new = sale(dice, "", 1_000 + n, shops, &world.owners);
                    let record: JsonRecord = new
                        .iter()
                        .filter(|(field, _)| !matches!(**field, "Id" | "IsDeleted"))
                        .map(|(field, value)| ((*field).to_owned(), value.clone()))
                        .collect();
                    let id = objects.create(&record)?;
                    new.insert("Id", id.to_string().into());
                    new.insert("IsDeleted", false.into());
                    if n % 5 == 0 {
                        objects.delete(id)?;
                        new.insert("IsDeleted", true.into());
                    }
                    world.sales.push(new);
                }
                // Changes and deletions of records that were there before.
                for n in 0..20 {
                    let place = n * 3;
                    if world.sales[place]["IsDeleted"] == true {
                        continue;
                    }
                    let id = world.sales[place]["Id"].as_str().expect("an id");
                    let id = id.parse().expect("an id");
                    if n % 4 == 0 {
                        objects.delete(id)?;
                        world.sales[place].insert("IsDeleted", true.into());
                    } else {
                        let change = serde_json::json!({ "Pieces": n, "Title": "Bolt" });
                        objects.update(id, change.as_object().expect("a map"))?;
                        world.sales[place].insert("Pieces", n.into());
                        world.sales[place].insert("Title", "Bolt".into());
                    }
                }
                let mut answers = Vec::new();
                for ask in &asks {
                    let (text, wanted) = (ask.text(), answer(&world, ask));
                    let case = format!("world {seed}: {text}");
                    let within = found(ask, tx.soql(text.as_str()), &case);
                    assert_eq!(within, wanted, "inside, {case}");
                    let scanned = Soql::new(text.as_str()).reading_all();
                    assert_eq!(found(ask, tx.soql(scanned), &case), wanted, "scanned, {case}");
                    answers.push(wanted);
                }
                Ok::<_, sobject_core::Error>(answers)
            })
            .expect("a transaction");
        for (ask, wanted) in asks.iter().zip(answers) {
            let text = ask.text();
            assert_eq!(found(ask, db.soql(text.as_str()), &text), wanted, "afterwards, {text}");
        }
        verify(&world.store);
    }
}

#[test]
fn hidden_fields_look_unknown_in_every_clause_and_change_nothing_else() {
    let world = World::new(20, 200, false);
    let mut permissions = Permissions::none();
    for object in ["Sale", "Shop", "User", "Group"] {
        permissions =
            permissions.grant(object, [ObjectRight::Read]).grant_fields(object, FieldRight::Read);
    }
    let seen = permissions.clone();
    let hiding = permissions
        .mute_field(("Sale", "Title"), FieldRight::Read)
        .mute_field(("Shop", "Town"), FieldRight::Read);
    let caller = |permissions| {
        let owner = world.owners[1]["Id"].as_str().expect("an id");
        let user: sobject_core::RecordId = owner.parse().expect("the id of a user");
        world.store.connect(sobject_core::Caller::user(user, permissions))
    };
    let (open, narrow) = (caller(seen), caller(hiding));
    let dice = &mut Dice::new(21);
    let (mut n_hidden, mut n_seen) = (0, 0);
    for _ in 0..N_QUERIES {
        let ask = Ask::random(dice, &world);
        let (text, wanted) = (ask.text(), answer(&world, &ask));
        assert_eq!(found(&ask, open.soql(text.as_str()), &text), wanted, "{text}");
        if text.contains("Title") || text.contains("Town") {
            let error = narrow.soql(text.as_str()).expect_err(&text);
            assert_eq!(error.status_code().as_str(), "INVALID_FIELD", "{text}: {error}");
            let is_named = error.message().contains("No such column 'Title' on entity 'Sale'")
                || error.message().contains("No such column 'Town' on entity 'Shop'");
            assert!(is_named, "{text}: {error}");
            n_hidden += 1;
        } else {
            assert_eq!(found(&ask, narrow.soql(text.as_str()), &text), wanted, "{text}");
            n_seen += 1;
        }
    }
    assert!(n_hidden > 50 && n_seen > 50, "{n_hidden} and {n_seen}");
}

/// All pages of a query in one answer.
fn pages(db: &Connection, query: Soql) -> Result<QueryResult> {
    let mut all = db.soql(query)?;
    while let Some(next) = all.next {
        let further = db.query_more(&next)?;
        assert_eq!(further.total_size, all.total_size);
        all.records.extend(further.records);
        all.next = further.next;
    }
    Ok(all)
}

/// What the engine found, to be compared.
#[track_caller]
fn found(ask: &Ask, result: Result<QueryResult>, case: &str) -> Answer {
    let result = result.unwrap_or_else(|error| panic!("{case}: {error}"));
    let rows = result.records.iter().map(|row| values(ask, row)).collect();
    Answer { total: result.total_size, rows }
}

/// The values of a row in the order of the select list.
fn values(ask: &Ask, row: &JsonRecord) -> Vec<Json> {
    match &ask.select {
        Select::Count => Vec::new(),
        Select::Rows(cols) => cols.iter().map(|col| value_of(row, *col)).collect(),
        Select::Groups { keys, totals, .. } => {
            let keys = keys.iter().enumerate().map(|(n, key)| alike(*key, &row[&format!("k{n}")]));
            let totals = totals.iter().enumerate().map(|(n, (_, col))| {
                let value = &row[&format!("t{n}")];
                match value {
                    Json::Number(number) => serde_json::json!(number.as_f64()),
                    value => alike(*col, value),
                }
            });
            keys.chain(totals).collect()
        }
    }
}

fn value_of(row: &JsonRecord, col: Col) -> Json {
    let (parent, field) = match col {
        Col::Own(field) => return row[field].clone(),
        Col::Shop(field) => ("Shop", field),
        Col::Owner(field) => ("Owner", field),
    };
    let value = row[parent].get(field).cloned().unwrap_or(Json::Null);
    // A row without a parent says so, and has no fields of it.
    assert!(!row[parent].is_null() || value.is_null());
    value
}

#[test]
fn the_naive_evaluator_is_not_always_right_by_chance() {
    // Queries that find nothing, or everything, prove little: most must find a part.
    let world = World::new(30, 300, false);
    let dice = &mut Dice::new(31);
    let n_live = world.sales.iter().filter(|sale| sale["IsDeleted"] == false).count();
    let mut n_parts = 0;
    for _ in 0..N_QUERIES {
        let ask =
            Ask { select: Select::Count, limit: None, offset: 0, ..Ask::random(dice, &world) };
        let total = answer(&world, &ask).total;
        n_parts += usize::from(total > 0 && total < n_live);
    }
    assert!(n_parts > N_QUERIES / 3, "{n_parts}");
    // And a wrong evaluator would be caught: one that takes no case for another finds less.
    let cond = Cond::Is(Col::Own("Title"), "=", "ANVIL".into());
    assert_eq!(Col::Own("Title").kind(), Kind::Text);
    let ask = Ask {
        select: Select::Count,
        filter: Some(cond),
        order: Vec::new(),
        limit: None,
        offset: 0,
        all_rows: true,
    };
    let exact = world.sales.iter().filter(|sale| sale["Title"] == "ANVIL").count();
    assert!(answer(&world, &ask).total > exact);
}
