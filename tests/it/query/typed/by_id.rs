//! `get`, `retrieve` and `find` of what a typed query selects.

use sobject_core::{
    Caller, Connection, Error, FieldRight, Id, ObjectRight, Permissions, RecordId, Select, Store,
};

use crate::query::{
    org::{Sale, SaleFields, Shop},
    world::World,
};

const SALE: &SaleFields = &Sale::FIELDS;

#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = Sale)]
struct Deal {
    id: Id<Sale>,
    pieces: Option<i32>,
    #[select(shop_id.to(Shop::FIELDS.town))]
    town: Option<String>,
}

/// A connection of a user who may read some of the fields.
fn clerk(store: &Store, user: RecordId) -> Connection {
    let fields = ["Pieces", "ShopId"].into_iter().fold(
        Permissions::none()
            .grant("Sale", [ObjectRight::Read])
            .grant("Shop", [ObjectRight::Read])
            .grant_field(("Shop", "Town"), FieldRight::Read),
        |permissions, field| permissions.grant_field(("Sale", field), FieldRight::Read),
    );
    store.connect(Caller::user(user, fields))
}

#[test]
fn a_caller_with_some_rights_gets_what_is_named() {
    let world = World::of_structs(90, 60, true);
    let user: RecordId = world.owners[1]["Id"].as_str().expect("an id").parse().expect("an id");
    let (admin, db) = (world.store.system(), clerk(&world.store, user));
    let ids = admin.query::<Sale>().select(SALE.id).all().expect("sales");
    let all = db.query::<Deal>().all().expect("sales");
    assert!(matches!(db.get(ids[0]), Err(Error::UnknownField { .. })));
    for (id, deal) in ids.iter().zip(&all) {
        assert_eq!(db.query::<Deal>().get(*id).expect("a sale"), *deal);
    }
    // In the order of the ids, with one twice, and none for what is not there.
    let gone = ids[3];
    admin.delete(gone).expect("a sale is deleted");
    let asked = [ids[5], ids[2], gone, ids[5]];
    let found = db.query::<Deal>().retrieve(&asked).expect("sales");
    assert_eq!(found, [Some(&all[5]), Some(&all[2]), None, Some(&all[5])].map(|it| it.cloned()));
    assert_eq!(db.query::<Deal>().retrieve(&[]).expect("none"), []);
    let pieces = all[5].pieces;
    let same = db.query::<Deal>().find(SALE.pieces, pieces).expect("sales");
    let wanted: Vec<_> =
        all.iter().filter(|it| it.pieces == pieces && it.id != gone).cloned().collect();
    assert_eq!(same, wanted);
    let session = db.session().expect("a session");
    assert_eq!(session.query::<Deal>().get(ids[5]).expect("a sale"), all[5]);
    let changed = admin.transaction(|tx| {
        let pieces = sobject_core::Patch::Set(Some(77));
        tx.update(ids[5], crate::query::org::SaleUpdate { pieces, ..Default::default() })?;
        tx.query::<Deal>().get(ids[5])
    });
    assert_eq!(changed.expect("a sale").pieces, Some(77));
}

#[test]
fn fields_of_a_record_of_its_own_are_those_of_the_row() {
    let world = World::of_structs(92, 60, true);
    let db = world.store.system();
    let own = db.query::<Sale>().select((SALE.id, SALE.tags, SALE.sold_at, SALE.created_by_id));
    let rows = own.all().expect("sales");
    let whole = db.query::<Sale>().all().expect("sales");
    let ids: Vec<_> = whole.iter().map(|sale| sale.id).collect();
    for ((id, row), whole) in ids.iter().zip(&rows).zip(&whole) {
        assert_eq!(own.get(*id).expect("a sale"), *row);
        assert_eq!(db.query::<Sale>().get(*id).expect("a sale"), *whole);
        assert_eq!(own.clone().filter(SALE.id.eq(*id)).get(*id).expect("a sale"), *row);
    }
    let found = own.retrieve(&ids).expect("sales");
    assert_eq!(found.into_iter().flatten().collect::<Vec<_>>(), rows);
    let whole_found = db.query::<Sale>().retrieve(&ids).expect("sales");
    assert_eq!(whole_found, db.retrieve(&ids).expect("sales"));
    let user: RecordId = world.owners[1]["Id"].as_str().expect("an id").parse().expect("an id");
    let clerk = clerk(&world.store, user).query::<Sale>();
    assert!(clerk.clone().select(SALE.pieces).get(ids[0]).is_ok());
    for hidden in [
        clerk.clone().select((SALE.pieces, SALE.title)).get(ids[0]).map(|_| ()),
        clerk.clone().select(SALE.title).retrieve(&ids).map(|_| ()),
        clerk.get(ids[0]).map(|_| ()),
    ] {
        let error = hidden.expect_err("the title is hidden");
        assert!(
            matches!(&error, Error::UnknownField { fields, .. } if fields.contains(&"Title".into()))
        );
    }
}

#[test]
fn what_is_not_there_is_refused_as_by_get() {
    let world = World::of_structs(91, 40, false);
    let db = world.store.system();
    let ids = db.query::<Sale>().select(SALE.id).all().expect("sales");
    let none: Id<Sale> = "a0L000000000999".parse().expect("an id");
    let wrong: Id<Sale> = Id::new(world.owners[0]["Id"].as_str().unwrap().parse().unwrap());
    db.delete(ids[1]).expect("a sale is deleted");
    for id in [ids[1], none, wrong] {
        let whole = db.get(id).expect_err("no live sale");
        let part = db.query::<Sale>().select(SALE.pieces).get(id).expect_err("no live sale");
        assert_eq!(part.to_string(), whole.to_string());
    }
    // What the query leaves out is none of its rows.
    let others = db.query::<Sale>().filter(SALE.id.ne(ids[0]));
    assert!(matches!(others.get(ids[0]), Err(Error::NotFound { .. })));
    assert_eq!(others.get(ids[2]).expect("a row").id, ids[2]);
    assert_eq!(others.retrieve(&ids[..1]).expect("no row"), [None]);
    assert!(others.all_rows().get(ids[1]).expect("in the recycle bin").is_deleted);
    // What would be cut or ordered is not what is picked from, so it is refused.
    let sales = || db.query::<Sale>();
    let title = SALE.title.asc();
    for (query, clause) in [
        (sales().order_by(title), "an order"),
        (sales().limit(5), "a limit"),
        (sales().offset(1), "an offset"),
    ] {
        for (call, refused) in [
            ("get", query.get(ids[2]).map(drop)),
            ("retrieve", query.retrieve(&ids[..1]).map(drop)),
            ("find", query.find(SALE.pieces, 4).map(drop)),
        ] {
            let Err(Error::NotSupported { object, what }) = refused else {
                panic!("{call} with {clause}: {refused:?}");
            };
            assert_eq!(object, "Sale");
            assert!(what.contains(&format!("{call} of a query with {clause}")), "{what}");
        }
    }
    let many = vec![ids[0]; 2_001];
    let (whole, part) = (db.retrieve(&many), db.query::<Deal>().retrieve(&many));
    assert_eq!(part.unwrap_err().to_string(), whole.unwrap_err().to_string());
}
