//! Groups of typed queries: the same totals as the query as a text.

use serde_json::{Value as Json, json};
use sobject_core::{Connection, DateLiteral, DateUnit, count_rows};

use crate::query::{
    org::{Sale, SaleFields, Shop},
    world::World,
};

const SALE: &SaleFields = &Sale::FIELDS;

/// The rows of a text, without `attributes` and names.
fn rows(db: &Connection, text: &str) -> Vec<Vec<Json>> {
    let answer = db.soql(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let values = |row: &sobject_core::JsonRecord| {
        row.iter().filter(|(key, _)| *key != "attributes").map(|(_, value)| value.clone()).collect()
    };
    answer.records.iter().map(values).collect()
}

/// The rows of a typed query as flat lists.
fn flat<R: serde::Serialize>(typed: &[R]) -> Vec<Vec<Json>> {
    fn push(value: &Json, to: &mut Vec<Json>) {
        match value {
            Json::Array(inner) => inner.iter().for_each(|value| push(value, to)),
            other => to.push(other.clone()),
        }
    }
    let one = |row: &R| {
        let mut flat = Vec::new();
        push(&json!(row), &mut flat);
        flat
    };
    typed.iter().map(one).collect()
}

#[test]
fn groups_have_the_totals_of_the_query_as_a_text() {
    let world = World::of_structs(60, 300, true);
    let db = world.store.system();
    let town = SALE.shop_id.to(Shop::FIELDS.town);
    let typed = db.query::<Sale>().group_by(SALE.stage).totals((count_rows(), SALE.amount.sum()));
    assert_eq!(
        flat(&typed.all().expect("groups")),
        rows(&db, "SELECT Stage, COUNT(Id), SUM(Amount) FROM Sale GROUP BY Stage"),
    );
    let typed = db
        .query::<Sale>()
        .filter(SALE.pieces.gt(0))
        .group_by((town, SALE.paid, SALE.sold_on))
        .totals((SALE.amount.avg(), SALE.title.min(), SALE.id.max(), SALE.sold_at.max()))
        .order_by(town.desc().nulls_last())
        .order_by(SALE.sold_on.asc())
        .order_by(SALE.paid.asc());
    let typed = typed.all().expect("groups").into_iter().map(|(keys, totals)| {
        let ((town, paid, day), (mean, title, id, moment)) = (keys, totals);
        let moment = moment.map(|it| it.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string());
        (town, paid, day.map(|day| day.to_string()), mean, title, id, moment)
    });
    let typed: Vec<_> = typed.collect();
    assert_eq!(
        flat(&typed),
        rows(
            &db,
            "SELECT Shop.Town, Paid, SoldOn, AVG(Amount), MIN(Title), MAX(Id), MAX(SoldAt) \
             FROM Sale WHERE Pieces > 0 GROUP BY Shop.Town, Paid, SoldOn \
             ORDER BY Shop.Town DESC NULLS LAST, SoldOn, Paid",
        ),
    );
    let (sum, distinct) = (SALE.pieces.sum(), SALE.title.count_distinct());
    let typed = db
        .query::<Sale>()
        .group_by(SALE.shop_id)
        .totals((sum.clone(), distinct.clone(), SALE.amount.count(), SALE.stage.max()))
        .having((sum.gt(3) & distinct.ge(2)) | !sum.ne(None::<f64>))
        .order_by(sum.desc())
        .limit(4)
        .offset(1);
    assert_eq!(
        flat(&typed.all().expect("groups")),
        rows(
            &db,
            "SELECT ShopId, SUM(Pieces), COUNT_DISTINCT(Title), COUNT(Amount), MAX(Stage) \
             FROM Sale GROUP BY ShopId HAVING (SUM(Pieces) > 3 AND COUNT_DISTINCT(Title) >= 2) \
             OR (NOT SUM(Pieces) != NULL) ORDER BY SUM(Pieces) DESC LIMIT 4 OFFSET 1",
        ),
    );
}

#[test]
fn totals_of_all_rows_are_one_row() {
    let world = World::of_structs(61, 100, false);
    let db = world.store.system();
    let typed = db.query::<Sale>().totals((count_rows(), SALE.pieces.max(), SALE.amount.sum()));
    let text = rows(&db, "SELECT COUNT(Id), MAX(Pieces), SUM(Amount) FROM Sale");
    assert_eq!(flat(&[typed.expect("totals")]), text);
    let later = SALE.sold_at.after(DateLiteral::NextN(DateUnit::Year, Some(9)));
    let none = db.query::<Sale>().filter(later).totals((count_rows(), SALE.amount.sum()));
    assert_eq!(none.expect("totals"), (0, None));
    let counted = db.transaction(|tx| tx.query::<Sale>().totals(count_rows()));
    assert_eq!(json!(counted.expect("a count")), text[0][0]);
}
