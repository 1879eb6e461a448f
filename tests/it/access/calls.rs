//! The rights on an object: each right is tried with each call, in every form of the call.

use std::ops::ControlFlow;

use serde_json::json;
use sobject_core::{
    AccessType, Connection, Error, Id, JsonRecord, ObjectRight, Permissions, RecordId, Result,
    SObject, Transaction, Untyped, UntypedTransaction,
};

use super::{
    Office, Step, StepCreate, Ticket, TicketCreate, TicketUpdate, all_but, no_entity, no_object,
    no_removal, ticket, ticket_json,
};
use crate::{
    desk::{Refusal, map, refused},
    types::outcomes,
};

/// A call under test, over a live ticket and a deleted one.
struct Scene {
    db: Connection,
    live: Id<Ticket>,
    gone: Id<Ticket>,
}

impl Scene {
    fn new(office: &Office, db: &Connection) -> Self {
        let (live, gone) = (office.ticket(), office.ticket());
        office.admin.delete(gone).unwrap();
        Self { db: db.clone(), live, gone }
    }

    fn tickets(&self) -> Result<Untyped> {
        self.db.object(Ticket::NAME)
    }

    fn named(&self) -> JsonRecord {
        map(&json!({ "Id": self.live, "Name": "Window" }))
    }

    fn tx<R>(&self, f: impl Fn(&mut Transaction<'_>) -> Result<R>) -> Result<()> {
        self.db.transaction(|tx| f(tx)).map(drop)
    }

    fn tx_untyped<R>(
        &self,
        f: impl Fn(&mut UntypedTransaction<'_, '_>) -> Result<R>,
    ) -> Result<()> {
        self.db.transaction(|tx| f(&mut tx.object(Ticket::NAME)?)).map(drop)
    }

    fn strip(&self, access_type: AccessType) -> Result<()> {
        self.tickets()?.strip_inaccessible(access_type, vec![ticket_json(&json!({}))]).map(drop)
    }
}

fn change() -> TicketUpdate {
    TicketUpdate { name: "Window".to_owned().into(), ..Default::default() }
}

/// The one result of a call over several records.
fn only<R>(results: Result<Vec<Result<R>>>) -> Result<()> {
    let mut results = results?;
    assert_eq!(results.len(), 1);
    results.remove(0).map(drop)
}

fn go_on(_: impl Sized) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A call: its name, the right that it needs, and how it is made.
type Call = (&'static str, ObjectRight, fn(&Scene) -> Result<()>);

const TYPED: &[Call] = &[
    ("create", ObjectRight::Create, |s| s.db.create(ticket()).map(drop)),
    ("create_many", ObjectRight::Create, |s| only(s.db.create_many(&[ticket()]))),
    ("update", ObjectRight::Edit, |s| s.db.update(s.live, change())),
    ("update_many", ObjectRight::Edit, |s| only(s.db.update_many(&[(s.live, change())]))),
    ("delete", ObjectRight::Delete, |s| s.db.delete(s.live)),
    ("delete_many", ObjectRight::Delete, |s| only(s.db.delete_many(&[s.live]))),
    ("undelete", ObjectRight::Delete, |s| s.db.undelete(s.gone)),
    ("undelete_many", ObjectRight::Delete, |s| only(s.db.undelete_many(&[s.gone]))),
    ("mark_viewed", ObjectRight::Read, |s| s.db.mark_viewed(s.live)),
    ("mark_referenced", ObjectRight::Read, |s| s.db.mark_referenced(s.live)),
    ("get", ObjectRight::Read, |s| s.db.get(s.live).map(drop)),
    ("retrieve", ObjectRight::Read, |s| s.db.retrieve(&[s.live]).map(drop)),
    ("count", ObjectRight::Read, |s| s.db.count::<Ticket>().map(drop)),
    ("find", ObjectRight::Read, |s| s.db.find(Ticket::FIELDS.name, "Door").map(drop)),
    ("find_range", ObjectRight::Read, |s| s.db.find_range(Ticket::FIELDS.effort, ..).map(drop)),
    ("scan", ObjectRight::Read, |s| s.db.scan::<Ticket>(go_on)),
    ("describe", ObjectRight::Read, |s| s.db.describe::<Ticket>().map(drop)),
    ("describe_sobject", ObjectRight::Read, |s| s.db.describe_sobject(Ticket::NAME).map(drop)),
    ("describe_sobjects", ObjectRight::Read, |s| {
        s.db.describe_sobjects(&["User", Ticket::NAME]).map(drop)
    }),
];

const IN_A_TRANSACTION: &[Call] = &[
    ("create", ObjectRight::Create, |s| s.tx(|tx| tx.create(ticket()))),
    ("create_many", ObjectRight::Create, |s| s.tx(|tx| only(tx.create_many(&[ticket()])))),
    ("update", ObjectRight::Edit, |s| s.tx(|tx| tx.update(s.live, change()))),
    ("update_many", ObjectRight::Edit, |s| s.tx(|tx| only(tx.update_many(&[(s.live, change())])))),
    ("delete", ObjectRight::Delete, |s| s.tx(|tx| tx.delete(s.live))),
    ("delete_many", ObjectRight::Delete, |s| s.tx(|tx| only(tx.delete_many(&[s.live])))),
    ("undelete", ObjectRight::Delete, |s| s.tx(|tx| tx.undelete(s.gone))),
    ("undelete_many", ObjectRight::Delete, |s| s.tx(|tx| only(tx.undelete_many(&[s.gone])))),
    ("mark_viewed", ObjectRight::Read, |s| s.tx(|tx| tx.mark_viewed(s.live))),
    ("mark_referenced", ObjectRight::Read, |s| s.tx(|tx| tx.mark_referenced(s.live))),
    ("get", ObjectRight::Read, |s| s.tx(|tx| tx.get(s.live))),
    ("retrieve", ObjectRight::Read, |s| s.tx(|tx| tx.retrieve(&[s.live]))),
    ("count", ObjectRight::Read, |s| s.tx(|tx| tx.count::<Ticket>())),
    ("find", ObjectRight::Read, |s| s.tx(|tx| tx.find(Ticket::FIELDS.name, "Door"))),
    ("find_range", ObjectRight::Read, |s| {
        s.tx(|tx| tx.find_range(Ticket::FIELDS.effort, Some(1)..))
    }),
    ("scan", ObjectRight::Read, |s| s.tx(|tx| tx.scan::<Ticket>(go_on))),
];

const UNTYPED: &[Call] = &[
    ("create", ObjectRight::Create, |s| s.tickets()?.create(&ticket_json(&json!({}))).map(drop)),
    ("create_many", ObjectRight::Create, |s| {
        only(s.tickets()?.create_many(&[ticket_json(&json!({}))]))
    }),
    ("update", ObjectRight::Edit, |s| {
        s.tickets()?.update(s.live.into(), &map(&json!({ "Name": "Window" })))
    }),
    ("update_many", ObjectRight::Edit, |s| only(s.tickets()?.update_many(&[s.named()]))),
    ("delete", ObjectRight::Delete, |s| s.tickets()?.delete(s.live.into())),
    ("delete_many", ObjectRight::Delete, |s| only(s.tickets()?.delete_many(&[s.live.into()]))),
    ("undelete", ObjectRight::Delete, |s| s.tickets()?.undelete(s.gone.into())),
    ("undelete_many", ObjectRight::Delete, |s| only(s.tickets()?.undelete_many(&[s.gone.into()]))),
    ("get", ObjectRight::Read, |s| s.tickets()?.get(s.live.into()).map(drop)),
    ("retrieve", ObjectRight::Read, |s| {
        s.tickets()?.retrieve(&["Name"], &[s.live.into()]).map(drop)
    }),
    ("count", ObjectRight::Read, |s| s.tickets()?.count().map(drop)),
    ("strip for reading", ObjectRight::Read, |s| s.strip(AccessType::Readable)),
    ("strip for a create", ObjectRight::Create, |s| s.strip(AccessType::Createable)),
    ("strip for an update", ObjectRight::Edit, |s| s.strip(AccessType::Updateable)),
];

const UNTYPED_IN_A_TRANSACTION: &[Call] = &[
    ("create", ObjectRight::Create, |s| s.tx_untyped(|it| it.create(&ticket_json(&json!({}))))),
    ("create_many", ObjectRight::Create, |s| {
        s.tx_untyped(|it| only(it.create_many(&[ticket_json(&json!({}))])))
    }),
    ("update", ObjectRight::Edit, |s| {
        s.tx_untyped(|it| it.update(s.live.into(), &map(&json!({ "Name": "Window" }))))
    }),
    ("update_many", ObjectRight::Edit, |s| s.tx_untyped(|it| only(it.update_many(&[s.named()])))),
    ("delete", ObjectRight::Delete, |s| s.tx_untyped(|it| it.delete(s.live.into()))),
    ("delete_many", ObjectRight::Delete, |s| {
        s.tx_untyped(|it| only(it.delete_many(&[s.live.into()])))
    }),
    ("undelete", ObjectRight::Delete, |s| s.tx_untyped(|it| it.undelete(s.gone.into()))),
    ("undelete_many", ObjectRight::Delete, |s| {
        s.tx_untyped(|it| only(it.undelete_many(&[s.gone.into()])))
    }),
    ("get", ObjectRight::Read, |s| s.tx_untyped(|it| it.get(s.live.into()))),
    ("retrieve", ObjectRight::Read, |s| {
        s.tx_untyped(|it| it.retrieve(&["Name"], &[s.live.into()]))
    }),
    ("count", ObjectRight::Read, |s| s.tx_untyped(|it| it.count())),
];

/// The refusal of a call that needs this right, for a caller who lacks it.
fn refusal_without(right: ObjectRight) -> Refusal {
    match right {
        ObjectRight::Read => no_object("Ticket"),
        ObjectRight::Create => no_entity("inserted", "Ticket"),
        ObjectRight::Edit => no_entity("updated", "Ticket"),
        ObjectRight::Delete => no_removal(),
    }
}

/// Makes every call. Asserts that those which need one of the rights in `held` succeed, and that
/// the others are refused and change nothing.
fn assert_calls(office: &Office, permissions: &Permissions, held: &[ObjectRight]) {
    let db = office.connect(permissions.clone());
    let forms = [
        ("typed", TYPED),
        ("typed in a transaction", IN_A_TRANSACTION),
        ("untyped", UNTYPED),
        ("untyped in a transaction", UNTYPED_IN_A_TRANSACTION),
    ];
    for (form, calls) in forms {
        for (name, right, call) in calls {
            let scene = Scene::new(office, &db);
            let what = || format!("{name}, {form}, with {held:?}");
            if held.contains(right) {
                call(&scene).unwrap_or_else(|error| panic!("{}: {error}", what()));
            } else {
                let refusal = office.nothing_changes(|| refused(call(&scene)));
                // An object that the caller may not read looks unknown to every call.
                let lacking = if held.is_empty() { ObjectRight::Read } else { *right };
                assert_eq!(refusal, refusal_without(lacking), "{}", what());
            }
        }
    }
    let global = db.describe_global();
    let is_listed = global.sobjects.iter().any(|it| it.name == "Ticket");
    assert_eq!(is_listed, held.contains(&ObjectRight::Read), "describe_global with {held:?}");
    office.verify();
}

#[test]
fn every_call_works_for_whoever_has_every_right() {
    assert_calls(&Office::new(), &Permissions::all(), &ObjectRight::ALL);
}

#[test]
fn each_right_that_is_taken_refuses_the_calls_that_take_it_and_no_others() {
    use ObjectRight::{Create, Delete, Edit, Read};
    let office = Office::new();
    for (taken, left) in [
        (Read, &[][..]),
        (Create, &[Read, Edit, Delete]),
        (Edit, &[Read, Create]),
        (Delete, &[Read, Create, Edit]),
    ] {
        assert_calls(&office, &all_but(taken), left);
    }
}

#[test]
fn each_right_alone_opens_the_calls_that_take_it_and_what_comes_with_it() {
    use ObjectRight::{Create, Delete, Edit, Read};
    let office = Office::new();
    for (granted, held) in [
        (Read, &[Read][..]),
        (Create, &[Read, Create]),
        (Edit, &[Read, Edit]),
        (Delete, &[Read, Edit, Delete]),
    ] {
        assert_calls(&office, &all_but(Read).grant("Ticket", [granted]), held);
    }
}

#[test]
fn stripping_for_an_upsert_takes_both_rights() {
    let office = Office::new();
    let strip = |permissions| {
        let tickets = office.connect(permissions).object("Ticket").unwrap();
        tickets.strip_inaccessible(AccessType::Upsertable, vec![ticket_json(&json!({}))])
    };
    strip(Permissions::all()).unwrap();
    for (taken, what) in [(ObjectRight::Create, "inserted"), (ObjectRight::Edit, "updated")] {
        assert_eq!(refused(strip(all_but(taken))), no_entity(what, "Ticket"));
    }
    office.verify();
}

#[test]
fn each_record_of_a_call_is_refused_for_want_of_the_right() {
    let office = Office::new();
    let live = [office.ticket(), office.ticket()];
    let db = office.connect(all_but(ObjectRight::Create).mute("Ticket", [ObjectRight::Edit]));
    for db in [db.clone(), db.all_or_none()] {
        office.nothing_changes(|| {
            let created = outcomes(db.create_many(&[ticket(), ticket()]).unwrap());
            assert_eq!(created, [(); 2].map(|()| Some(no_entity("inserted", "Ticket"))));
            let updated = db.update_many(&live.map(|id| (id, change()))).unwrap();
            assert_eq!(outcomes(updated), [(); 2].map(|()| Some(no_entity("updated", "Ticket"))));
            let deleted = outcomes(db.delete_many(&live).unwrap());
            assert_eq!(deleted, [(); 2].map(|()| Some(no_removal())));
        });
    }
}

#[test]
fn the_right_is_asked_for_before_the_record() {
    let office = Office::new();
    // The refusal does not tell whether there is such a record or field.
    let ids = ["a0Txx0000000099", "005xx0000000001", "a0Txx0000000001"];
    office.ticket();
    let reader = all_but(ObjectRight::Create).mute("Ticket", [ObjectRight::Edit]);
    let tickets = office.connect(reader).object("Ticket").unwrap();
    office.nothing_changes(|| {
        for id in ids.map(|id| id.parse::<RecordId>().unwrap()) {
            assert_eq!(refused(tickets.delete(id)), no_removal());
            assert_eq!(refused(tickets.undelete(id)), no_removal());
            let nonsense = map(&json!({ "Nonsense": {}, "Due": "never" }));
            assert_eq!(refused(tickets.update(id, &nonsense)), no_entity("updated", "Ticket"));
        }
        let nonsense = map(&json!({ "Nonsense": {}, "Id": "x" }));
        assert_eq!(refused(tickets.create(&nonsense)), no_entity("inserted", "Ticket"));
    });
    let blind = office.connect(all_but(ObjectRight::Read));
    office.nothing_changes(|| {
        for id in ids.map(|id| id.parse::<RecordId>().unwrap()) {
            assert_eq!(refused(blind.get(Id::<Ticket>::new(id))), no_object("Ticket"));
            assert_eq!(refused(blind.delete(Id::<Ticket>::new(id))), no_object("Ticket"));
        }
    });
}

#[test]
fn an_object_that_may_not_be_read_is_as_unknown_as_one_that_is_not_there() {
    let office = Office::new();
    let db = office.connect(all_but(ObjectRight::Read));
    for name in ["Ticket", "tICKET", "Nonsense__c"] {
        assert_eq!(refused(db.object(name)), no_object(name));
        assert_eq!(refused(db.describe_sobject(name)), no_object(name));
        let in_a_transaction = db.transaction(|tx| tx.object(name).map(drop));
        assert_eq!(refused(in_a_transaction), no_object(name));
    }
}

#[test]
fn a_transaction_goes_on_after_a_call_that_the_caller_has_no_right_to() {
    let office = Office::new();
    let live = office.ticket();
    let db = office.connect(all_but(ObjectRight::Delete));
    let made = db
        .transaction(|tx| {
            let first = tx.create(TicketCreate { subject: Some("a".into()), ..ticket() })?;
            assert_eq!(refused(tx.delete(live)), no_removal());
            tx.create(StepCreate::new(first))?;
            Ok::<_, Error>(first)
        })
        .unwrap();
    assert_eq!(db.get(made).unwrap().subject.as_deref(), Some("a"));
    assert_eq!((db.count::<Ticket>().unwrap(), db.count::<Step>().unwrap()), (2, 1));
    office.verify();
}

#[test]
fn what_a_user_writes_bears_the_users_name() {
    let office = Office::new();
    let db = office.connect(Permissions::all());
    let id = db.create(ticket()).unwrap();
    let made = db.get(id).unwrap();
    assert_eq!(made.created_by_id, office.ada.record_id());
    assert_eq!(made.owner_id.record_id(), office.ada.record_id());
    office.verify();
}
