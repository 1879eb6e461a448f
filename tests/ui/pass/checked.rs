//! Queries that the compiler checks, in a crate with all lints on: core by another name, names that the
//! expansion must not mean, private types of public objects, and generic functions.

#![cfg_attr(known_compiler, deny(warnings, rust_2018_idioms, clippy::pedantic))]
#![deny(unused_qualifications, unused_lifetimes, let_underscore_drop, unreachable_pub)]
#![forbid(unsafe_code)]

use sobject_core as objects;

use objects::{
    Id, Picklist, Ref, SObject, Store,
    standard::{Group, GroupCreate, User, UserCreate},
};

/// A private type of a public object.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
enum Phase {
    New,
    Done,
}

/// A bill.
#[derive(SObject, Debug)]
#[sobject(name = "Invoice__c", key_prefix = "a00", crate = objects)]
pub struct Bill {
    #[field(create, filter, group, sort, name_field)]
    name: String,
    #[field(create, filter, group, restricted, name = "Phase__c")]
    phase: Phase,
    #[field(create, nillable, filter, sort, name = "Amount__c")]
    amount: Option<f64>,
    #[field(create, nillable, filter, name = "Type__c")]
    r#type: Option<String>,
    #[field(create, filter, group, name = "Payer__c", relationship = "Payer__r")]
    payer: Id<User>,
    #[field(create, filter, group, sort, relationship = "Owner")]
    owner_id: Ref<(Group, User)>,
}

mod of_phase {
    use super::{Bill, Phase, objects};

    // None of these is meant by what `soql!` writes.
    #[allow(dead_code)]
    struct Option;
    #[allow(dead_code)]
    struct Result;
    #[allow(dead_code)]
    struct InvoiceRow;

    pub(super) fn of_phase<D: objects::RunsSoql>(db: &D, phase: Phase) -> Vec<String> {
        let query = objects::soql!(
            "SELECT Name FROM Invoice__c WHERE Phase__c = :phase ORDER BY Name",
            Invoice__c: Bill,
        );
        query.all(db).expect("rows").into_iter().map(|row| row.name).collect()
    }
}
use of_phase::of_phase;

fn main() {
    let store = Store::in_memory(&[User::OBJECT, Group::OBJECT, Bill::OBJECT]).expect("a store");
    let db = store.system();
    let payer = db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    let queue = db.create(GroupCreate::new("Night Shift")).expect("a group");
    for (name, phase, amount) in [("A", Phase::New, Some(3.5)), ("B", Phase::Done, None)] {
        let create = BillCreate {
            amount,
            r#type: Some("Small".to_owned()),
            ..BillCreate::new(name.to_owned(), phase, payer, queue.to_ref())
        };
        db.create(create).expect("a bill");
    }
    assert_eq!(of_phase(&db, Phase::Done), ["B"]);
    assert_eq!(of_phase(&db.session().expect("a session"), Phase::New), ["A"]);

    let low = 3;
    let of = [payer];
    let query = objects::soql!(
        "SELECT Id, Type__c, Amount__c, Phase__c, Payer__c, Payer__r.Name, Owner.Name, Owner.Type"
        "FROM Invoice__c b"
        "WHERE b.Amount__c > :low AND Payer__c IN :payers AND Payer__r.Name LIKE :pattern"
        "AND CreatedBy.Name = NULL"
        "LIMIT :n",
        payers = of, pattern = "a%", n = 2_usize, Invoice__c: Bill
    );
    let row = query.one(&db).expect("one row");
    assert_eq!(row.r#type.as_deref(), Some("Small"));
    assert_eq!((row.amount, row.phase, row.payer), (Some(3.5), Phase::New, payer));
    assert_eq!(row.payer_r.expect("a payer").name, "Ada");
    let owner = row.owner.expect("an owner");
    assert_eq!((owner.name.as_deref(), &*owner.r#type), (Some("Night Shift"), "Group"));

    let total = objects::soql!(
        "SELECT Phase__c, COUNT(Id) n, SUM(Amount__c), MIN(Name) least FROM Invoice__c
         GROUP BY Phase__c HAVING COUNT(Id) > 0 ORDER BY Phase__c",
        Invoice__c: Bill
    );
    let rows = total.all(&db).expect("rows");
    assert_eq!((rows[0].phase, rows[0].n, rows[0].expr0), (Phase::New, 1, Some(3.5)));
    assert_eq!((rows[1].expr0, rows[1].least.as_deref()), (None, Some("B")));
}
