//! Rows of typed queries in batches, with a locator between them.

use sobject_core::{
    Batch, Caller, Connection, Error, Id, ManualClock, Query, QueryLocator, RecordId, SObject,
    Store,
    chrono::TimeDelta,
    standard::{User, UserCreate},
};

use crate::{
    desk::{MORNING, at},
    query::{
        org::{Sale, SaleFields},
        world::World,
    },
};

const SALE: &SaleFields = &Sale::FIELDS;

type Ids = Query<Connection, Sale, Id<Sale>>;

fn is_refused<R>(batch: &sobject_core::Result<R>) -> bool {
    matches!(batch, Err(Error::BadResumeKey { .. }))
}

#[test]
fn batches_have_the_rows_of_one_answer() {
    let world = World::of_structs(100, 950, false);
    let db = world.store.system();
    let orders: [fn(Ids) -> Ids; 3] =
        [|all| all, |all| all.order_by(SALE.amount.desc()), |all| all.limit(600)];
    for (n, order) in orders.into_iter().enumerate() {
        let query = order(db.query::<Sale>().select(SALE.id));
        let wanted = query.all().expect("sales");
        for size in [1, 250, 5_000] {
            let first = query.batch(size).expect("the first batch");
            assert_eq!(first.total_size, wanted.len());
            assert_eq!(first.rows.len(), size.clamp(200, 2_000).min(wanted.len()));
            // What is written meanwhile is not there for the query.
            let gone = wanted[wanted.len() - 1 - n];
            db.delete(gone).expect("a sale is deleted");
            let (mut rows, mut next) = (first.rows, first.next);
            while let Some(locator) = next {
                let Batch { rows: more, next: behind, .. } =
                    query.next_batch(&locator).expect("the next batch");
                rows.extend(more);
                next = behind;
            }
            assert_eq!(rows, wanted, "case {n}, batches of {size}");
            db.undelete(gone).expect("a sale is back");
        }
    }
}

#[test]
fn a_locator_goes_on_with_its_own_query_alone() {
    let world = World::of_structs(101, 500, false);
    let db = world.store.system();
    let query = db.query::<Sale>().select((SALE.id, SALE.pieces));
    let locator = query.batch(200).expect("a batch").next.expect("there are more");
    let others = [
        is_refused(&db.query::<Sale>().next_batch(&locator)),
        is_refused(&query.clone().limit(400).next_batch(&locator)),
        is_refused(&query.clone().filter(SALE.pieces.gt(0)).next_batch(&locator)),
        is_refused(&query.clone().all_rows().next_batch(&locator)),
        is_refused(&query.clone().select((SALE.pieces, SALE.id)).next_batch(&locator)),
        is_refused(&db.query_more(&locator)),
    ];
    assert_eq!(others, [true; 6]);
    let user: RecordId = world.owners[1]["Id"].as_str().expect("an id").parse().expect("an id");
    let other = world.store.connect(Caller::system_as(user));
    assert!(is_refused(&other.query::<Sale>().select((SALE.id, SALE.pieces)).next_batch(&locator)));
    // A text's locator leads to rows that no typed query can read.
    let text = db.soql(sobject_core::Soql::new("SELECT Id, Pieces FROM Sale").batch_size(200));
    assert!(is_refused(&query.next_batch(&text.expect("rows").next.expect("there are more"))));
    let rest = query.next_batch(&locator.to_string().parse::<QueryLocator>().expect("a locator"));
    assert_eq!(rest.expect("the next batch").rows.len(), 200);
}

#[test]
fn a_locator_is_kept_for_a_quarter_of_an_hour() {
    let clock = ManualClock::at(at(MORNING));
    let store = Store::builder().clock(clock.clone()).in_memory(&[User::OBJECT]);
    let db = store.expect("a store opens").system();
    for n in 0..450 {
        db.create(UserCreate::new("Ada", format!("{n}@example.com"))).expect("a user");
    }
    let query = db.query::<User>().select(User::FIELDS.username);
    let first = query.batch(200).expect("a batch").next.expect("there are more");
    clock.advance(TimeDelta::minutes(14));
    let second = query.next_batch(&first).expect("in time").next.expect("there are more");
    clock.advance(TimeDelta::minutes(14));
    assert_eq!(query.next_batch(&second).expect("in time").rows.len(), 50);
    clock.advance(TimeDelta::minutes(16));
    assert!(is_refused(&query.next_batch(&second)));
}
