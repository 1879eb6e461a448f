//! The same random query typed and as a text gives the same rows, however it is run.

use serde_json::{Value as Json, json};
use sobject_core::{Asked, Name, Query, Record, Result};

use super::ask::{COLS, Typed, typed};
use crate::{
    desk::verify,
    query::{
        ask::{Ask, Col, Select},
        org::{Sale, Shop},
        world::{Dice, World},
    },
};

/// Random queries of each world.
const N_QUERIES: usize = 200;

/// A typed query as a random one asks; `None` if handles do not reach all of it.
fn query<S: Asked>(
    all: Query<S, Sale, Record<Sale>>,
    ask: &Ask,
) -> Option<Query<S, Sale, Record<Sale>>> {
    let Typed { filter, join, order } = typed(ask)?;
    let mut query = order.into_iter().fold(all, Query::order_by);
    query = match filter {
        Some(filter) => query.filter(filter),
        None => query,
    };
    query = match join {
        Some(join) => query.filter(join),
        None => query,
    };
    query = match ask.limit {
        Some(limit) => query.limit(limit),
        None => query,
    };
    query = if ask.offset > 0 { query.offset(ask.offset) } else { query };
    Some(if ask.all_rows { query.all_rows() } else { query })
}

/// What a typed query finds, as the JSON of the same query as a text: the whole records, and beside them
/// what handles lead to.
fn found<S: Asked>(query: &Query<S, Sale, Record<Sale>>, case: &str) -> Vec<Vec<Json>> {
    let (sale, shop) = (&Sale::FIELDS, &Shop::FIELDS);
    let shop = |records: Vec<Record<Sale>>| {
        let handles = (
            sale.id,
            (sale.amount, sale.sold_at, sale.tags, sale.owner_id),
            sale.shop_id.to(shop.name),
            sale.shop_id.to(shop.town),
            sale.shop_id.to(shop.open),
            (sale.owner_id.to(Name::FIELDS.name), sale.owner_id.to(Name::FIELDS.type_)),
        );
        let rows = query.clone().select(handles).all()?;
        assert_eq!(rows.len(), records.len(), "{case}");
        let pairs = records.into_iter().zip(rows).map(|(record, row)| {
            let (id, (amount, sold_at, tags, owner), name, town, open, (called, of)) = row;
            assert_eq!(
                (record.id, record.amount, record.sold_at, &record.tags, record.owner_id),
                (id, amount, sold_at, &tags, owner),
                "{case}"
            );
            let record = serde_json::to_value(record).expect("a record serialises");
            let value = |col: &Col| match col {
                Col::Own(field) => record[*field].clone(),
                Col::Shop("Name") => json!(name),
                Col::Shop("Town") => json!(town),
                Col::Shop("Open") => json!(open),
                Col::Owner("Name") => json!(called),
                Col::Owner("Type") => json!(of),
                other => panic!("no handle leads to {other:?}"),
            };
            COLS.iter().map(value).collect()
        });
        Ok::<_, sobject_core::Error>(pairs.collect())
    };
    query.all().and_then(shop).unwrap_or_else(|error| panic!("{case}: {error}"))
}

/// The rows of the text, with the same columns.
fn wanted(rows: &[sobject_core::JsonRecord]) -> Vec<Vec<Json>> {
    let value = |row: &sobject_core::JsonRecord, col: &Col| match col {
        Col::Own(field) => row[*field].clone(),
        Col::Shop(field) => row["Shop"].get(*field).cloned().unwrap_or(Json::Null),
        Col::Owner(field) => row["Owner"].get(*field).cloned().unwrap_or(Json::Null),
    };
    rows.iter().map(|row| COLS.iter().map(|col| value(row, col)).collect()).collect()
}

#[test]
fn a_query_gives_the_same_rows_typed_and_as_a_text() {
    let mut n_typed = 0;
    for (seed, n_sales, odd) in [(31, 0, false), (32, 40, false), (33, 150, false), (34, 80, true)]
    {
        let world = World::of_structs(seed, n_sales, odd);
        let db = world.store.system();
        let session = db.session().expect("a session");
        let dice = &mut Dice::new(seed * 1_000);
        for n in 0..if n_sales == 0 { 0 } else { N_QUERIES } {
            let mut ask = Ask::random(dice, &world);
            let Some(query) = query(db.query::<Sale>(), &ask) else { continue };
            let counted = matches!(ask.select, Select::Count);
            if counted {
                (ask.order, ask.offset) = (Vec::new(), 0);
            }
            n_typed += 1;
            let text = Ask { select: Select::Rows(COLS.to_vec()), ..ask.clone() }.text();
            let case = format!("world {seed}, query {n}: {text}");
            let query =
                if counted { self::query(db.query::<Sale>(), &ask).unwrap() } else { query };
            let answer = db.soql(text.as_str()).unwrap_or_else(|error| panic!("{case}: {error}"));
            let wanted = wanted(&answer.records);
            assert_eq!(found(&query, &case), wanted, "{case}");
            assert_eq!(found(&query.clone().reading_all(), &case), wanted, "by a scan, {case}");
            assert_eq!(query.count().expect("a count"), wanted.len(), "counted, {case}");
            assert_eq!(query.exists().expect("an answer"), !wanted.is_empty(), "{case}");
            match (query.optional(), wanted.len()) {
                (Ok(None), 0) => (),
                (Ok(Some(one)), 1) => assert_eq!(json!(one.id), wanted[0][0], "{case}"),
                (Err(error), 2..) => assert_eq!(error.message(), MORE_THAN_ONE, "{case}"),
                (other, n) => panic!("{n} rows are {other:?}, {case}"),
            }
            let ids = query.clone().select(Sale::FIELDS.id);
            let streamed: Result<Vec<_>> = ids.stream().and_then(Iterator::collect);
            let streamed = streamed.unwrap_or_else(|error| panic!("{case}: {error}"));
            let streamed: Vec<_> = streamed.iter().map(|id| json!(id)).collect();
            let wanted_ids: Vec<_> = wanted.iter().map(|row| row[0].clone()).collect();
            assert_eq!(streamed, wanted_ids, "as a stream, {case}");
            let pages: Result<Vec<Vec<_>>> = ids.pages(7).and_then(Iterator::collect);
            let pages = pages.unwrap_or_else(|error| panic!("{case}: {error}"));
            let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
            let wanted_sizes: Vec<_> = wanted.chunks(7).map(<[_]>::len).collect();
            assert_eq!(sizes, wanted_sizes, "in pages, {case}");
            let of_session = self::query(session.query::<Sale>(), &ask).expect("the same query");
            assert_eq!(found(&of_session, &case), wanted, "in a session, {case}");
        }
        verify(&world.store);
    }
    assert!(n_typed > 300, "{n_typed} of the random queries can be typed");
}

/// What is answered to those who ask for one row of several.
const MORE_THAN_ONE: &str = "List has more than 1 row for assignment to SObject";

#[test]
fn a_typed_query_in_a_transaction_finds_what_it_has_written() {
    let world = World::of_structs(40, 60, false);
    let db = world.store.system();
    let dice = &mut Dice::new(41);
    let asks: Vec<_> = (0..100).map(|_| Ask::random(dice, &world)).collect();
    db.transaction(|tx| {
        let before = tx.query::<Sale>().count()?;
        let ids = tx.query::<Sale>().select(Sale::FIELDS.id).all()?;
        for (n, id) in ids.into_iter().enumerate().take(20) {
            if n % 3 == 0 {
                tx.delete(id)?;
            } else {
                let title = sobject_core::Patch::Set(Some("Bolt".to_owned()));
                tx.update(id, crate::query::org::SaleUpdate { title, ..Default::default() })?;
            }
        }
        assert_eq!(tx.query::<Sale>().count()?, before - 7);
        for ask in &asks {
            let Some(query) = query(tx.query::<Sale>(), ask) else { continue };
            let text = Ask { select: Select::Rows(COLS.to_vec()), ..ask.clone() }.text();
            assert_eq!(found(&query, &text), wanted(&tx.soql(text.as_str())?.records), "{text}");
        }
        Ok::<_, sobject_core::Error>(())
    })
    .expect("a transaction");
    verify(&world.store);
}
