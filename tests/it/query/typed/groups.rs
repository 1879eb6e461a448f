//! Groups of typed queries: the same totals as the query as a text.

use serde_json::{Value as Json, json};
use sobject_core::{
    Connection, DateLiteral, DateUnit, Name, Subtotal, chrono::NaiveDate, count_rows,
};

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

/// Typed groups beside the same query as a text.
macro_rules! same {
    ($db:ident: $($typed:expr, $text:expr;)+) => {$(
        let typed = $typed.all().unwrap_or_else(|error| panic!("{}: {error}", $text));
        assert_eq!(flat(&typed), rows(&$db, $text), "{}", $text);
        assert!(!typed.is_empty(), "{}", $text);
    )+};
}

#[test]
fn parts_of_dates_are_keys_orders_and_conditions() {
    let world = World::of_structs(62, 300, false);
    let db = world.store.system();
    let sales = || db.query::<Sale>();
    let (month, hour) = (SALE.sold_on.calendar_month(), SALE.sold_at.hour_in_day().in_zone());
    same! { db:
        sales().group_by(month.clone()).totals(count_rows()),
            "SELECT CALENDAR_MONTH(SoldOn) m, COUNT(Id) FROM Sale GROUP BY CALENDAR_MONTH(SoldOn)";
        sales().group_by((hour.clone(), SALE.paid)).totals(SALE.amount.sum())
            .order_by(hour.desc().nulls_last()).order_by(SALE.paid.asc()),
            "SELECT HOUR_IN_DAY(convertTimezone(SoldAt)) h, Paid, SUM(Amount) FROM Sale \
             GROUP BY HOUR_IN_DAY(convertTimezone(SoldAt)), Paid \
             ORDER BY HOUR_IN_DAY(convertTimezone(SoldAt)) DESC NULLS LAST, Paid";
        sales().filter(month.eq(2) & SALE.sold_at.day_in_week().in_zone().is_in([2, 3]))
            .group_by(SALE.sold_on.day_in_month()).totals(count_rows()),
            "SELECT DAY_IN_MONTH(SoldOn) d, COUNT(Id) FROM Sale WHERE CALENDAR_MONTH(SoldOn) = 2 \
             AND DAY_IN_WEEK(convertTimezone(SoldAt)) IN (2, 3) GROUP BY DAY_IN_MONTH(SoldOn)";
        sales().group_by((SALE.sold_at.fiscal_year(), SALE.sold_at.fiscal_quarter(),
            SALE.sold_at.fiscal_month(), SALE.sold_at.calendar_quarter())).totals(count_rows()),
            "SELECT FISCAL_YEAR(SoldAt) a, FISCAL_QUARTER(SoldAt) b, FISCAL_MONTH(SoldAt) c, \
             CALENDAR_QUARTER(SoldAt) d, COUNT(Id) FROM Sale GROUP BY FISCAL_YEAR(SoldAt), \
             FISCAL_QUARTER(SoldAt), FISCAL_MONTH(SoldAt), CALENDAR_QUARTER(SoldAt)";
        sales().group_by((SALE.sold_at.week_in_year(), SALE.sold_at.week_in_month(),
            SALE.sold_at.day_in_year(), SALE.sold_at.calendar_year())).totals(count_rows()),
            "SELECT WEEK_IN_YEAR(SoldAt) a, WEEK_IN_MONTH(SoldAt) b, DAY_IN_YEAR(SoldAt) c, \
             CALENDAR_YEAR(SoldAt) d, COUNT(Id) FROM Sale GROUP BY WEEK_IN_YEAR(SoldAt), \
             WEEK_IN_MONTH(SoldAt), DAY_IN_YEAR(SoldAt), CALENDAR_YEAR(SoldAt)";
    }
    let day = SALE.sold_at.day_only();
    let from = NaiveDate::from_ymd_opt(2026, 2, 24).expect("a day");
    let typed = sales().filter(day.ge(from)).group_by(day).totals(count_rows()).all();
    let typed = typed.expect("days").into_iter().map(|(day, n)| (day.map(|it| it.to_string()), n));
    let text = "SELECT DAY_ONLY(SoldAt) d, COUNT(Id) FROM Sale WHERE DAY_ONLY(SoldAt) >= 2026-02-24 \
                GROUP BY DAY_ONLY(SoldAt)";
    assert_eq!(flat(&typed.collect::<Vec<_>>()), rows(&db, text));
}

/// A key and whether the row is a subtotal over it, as a text has them.
fn pair<T: serde::Serialize>(key: Subtotal<T>) -> (Option<T>, i32) {
    match key {
        Subtotal::Of(value) => (Some(value), 0),
        Subtotal::All => (None, 1),
    }
}

#[test]
fn subtotals_say_over_which_keys_they_are() {
    let world = World::of_structs(63, 200, false);
    let db = world.store.system();
    let town = SALE.shop_id.to(Shop::FIELDS.town);
    let owner = SALE.owner_id.to(Name::FIELDS.name);
    let sorted = |mut rows: Vec<Vec<Json>>| {
        rows.sort_by_key(|row| json!(row).to_string());
        rows
    };
    let keys = "SELECT Stage, GROUPING(Stage) a, Shop.Town, GROUPING(Shop.Town) b, Owner.Name, \
                GROUPING(Owner.Name) c, COUNT(Id), SUM(Amount) FROM Sale GROUP BY";
    for (is_cube, word) in [(false, "ROLLUP"), (true, "CUBE")] {
        let keys_of = (SALE.stage, town, owner);
        let sales = db.query::<Sale>();
        let grouped =
            if is_cube { sales.group_by_cube(keys_of) } else { sales.group_by_rollup(keys_of) };
        let typed = grouped.totals((count_rows(), SALE.amount.sum())).all().expect("groups");
        let typed = typed.into_iter().map(|((a, b, c), totals)| {
            let of = (pair(a), pair(b), pair(c), totals);
            flat(&[of]).remove(0)
        });
        let text = format!("{keys} {word}(Stage, Shop.Town, Owner.Name)");
        let wanted = sorted(rows(&db, &text));
        assert_eq!(sorted(typed.collect()), wanted, "{text}");
        let is_total = |row: &Vec<Json>| row[1] == 1 && row[3] == 1 && row[5] == 1;
        assert_eq!(wanted.iter().filter(|row| is_total(row)).count(), 1);
    }
    let typed = db.query::<Sale>().group_by_rollup(SALE.paid).totals(count_rows());
    let typed = typed.having(SALE.paid.grouping().eq(1_i64)).one().expect("the total");
    assert_eq!(typed.0.of(), None);
    assert_eq!(usize::try_from(typed.1), db.query::<Sale>().count().map_err(|_| unreachable!()));
}

#[test]
fn groups_tell_labels_and_totals_as_texts() {
    let world = World::of_structs(64, 120, false);
    let db = world.store.system();
    let sales = || db.query::<Sale>();
    same! { db:
        sales().group_by(SALE.stage).totals((SALE.stage.label(), SALE.amount.sum().format())),
            "SELECT Stage, toLabel(Stage) label, FORMAT(SUM(Amount)) text FROM Sale GROUP BY Stage";
        sales().filter(SALE.stage.label().is_in(["won", "LOST"]) | SALE.stage.label().eq("Offer"))
            .group_by(SALE.owner_id.to(Name::FIELDS.type_)).totals(count_rows()),
            "SELECT Owner.Type, COUNT(Id) FROM Sale WHERE toLabel(Stage) IN ('won', 'LOST') \
             OR toLabel(Stage) = 'Offer' GROUP BY Owner.Type";
        sales().filter(SALE.stage.label().ne("won")).group_by(SALE.pieces)
            .totals((SALE.pieces.format(), SALE.amount.max().format())),
            "SELECT Pieces, FORMAT(Pieces) a, FORMAT(MAX(Amount)) b FROM Sale \
             WHERE toLabel(Stage) != 'won' GROUP BY Pieces";
    }
    let of_stage = sales().filter(SALE.stage.is_null()).group_by(SALE.stage);
    assert_eq!(of_stage.totals(count_rows()).one().expect("one group").0, None);
    let none = sales().filter(SALE.pieces.gt(1_000)).group_by(SALE.stage).totals(count_rows());
    assert_eq!(none.optional().expect("no group"), None);
    assert!(sales().group_by(SALE.pieces).totals(count_rows()).one().is_err());
    let told = sales().group_by(SALE.stage).totals(count_rows()).explain().expect("a plan");
    assert_eq!((told.path.as_str(), told.total_size), ("Sale whole", 5));
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
