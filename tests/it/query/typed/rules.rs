//! What typed queries mean, refuse and tell.

use sobject_core::{
    Caller, DateLiteral, DateUnit, FieldRight, ObjectRight, Permissions, RecordId, Store,
    chrono::{TimeDelta, Utc},
    standard::{User, UserCreate},
};

use crate::{
    desk::verify,
    query::{
        org::{OBJECTS, Sale, SaleCreate, Shop, ShopCreate, Stage, Tag},
        world::World,
    },
};

/// A store with a user, who owns three sales.
fn sales() -> (Store, Vec<sobject_core::Id<Sale>>) {
    let store = Store::in_memory(OBJECTS).expect("a store opens");
    let db = store.system();
    let ada = db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    let shop = db.create(ShopCreate { town: Some("Bergen".into()), ..ShopCreate::new("One") });
    let shop = shop.expect("a shop");
    let mut ids = Vec::new();
    for n in 0..3 {
        let place = usize::try_from(n).expect("a small number");
        let new = SaleCreate {
            title: (n > 0).then(|| format!("Sale {n}")),
            amount: Some(f64::from(n) + 0.1),
            pieces: Some(n),
            stage: Some([Stage::Lost, Stage::Won, Stage::Rumour][place]),
            tags: (n > 0).then(|| [Tag::Red, Tag::Blue][..place].iter().copied().collect()),
            sold_at: Some(Utc::now() - TimeDelta::days(n.into())),
            shop_id: (n > 0).then_some(shop),
            ..SaleCreate::new(ada.to_ref())
        };
        ids.push(db.create(new).expect("a sale"));
    }
    (store, ids)
}

#[test]
fn values_of_every_type_are_compared_without_loss() {
    let (store, ids) = sales();
    let db = store.system();
    let sale = &Sale::FIELDS;
    let places = |filter: sobject_core::Filter<Sale>| -> Vec<usize> {
        let query = db.query::<Sale>().filter(filter.clone()).select(sale.id);
        let found = query.all().unwrap_or_else(|error| panic!("{filter:?}: {error}"));
        found.iter().map(|id| ids.iter().position(|it| it == id).expect("a sale")).collect()
    };
    let cases = [
        (sale.amount.eq(1.1), vec![1]),
        (sale.amount.eq(1.100_000_000_000_000_3), vec![]),
        (sale.amount.lt(f64::INFINITY), vec![0, 1, 2]),
        (sale.amount.gt(f64::NEG_INFINITY), vec![0, 1, 2]),
        (sale.amount.lt(f64::NAN), vec![]),
        (sale.amount.ne(f64::NAN), vec![0, 1, 2]),
        (sale.amount.is_in([2.1, f64::NAN]), vec![2]),
        (sale.amount.gt(1), vec![1, 2]),
        (sale.title.eq("sale 1"), vec![1]),
        (sale.title.eq(None::<String>), vec![0]),
        (sale.title.eq(""), vec![0]),
        (sale.title.contains("'); DELETE"), vec![]),
        (sale.title.starts_with("%"), vec![]),
        (sale.title.is_in(Vec::<String>::new()), vec![]),
        (sale.title.not_in(Vec::<String>::new()), vec![0, 1, 2]),
        (sale.pieces.within(1..), vec![1, 2]),
        (sale.pieces.within(..=1), vec![0, 1]),
        (sale.title.within(..), vec![0, 1, 2]),
        (sale.title.within(None.."Sale 2".to_owned().into()), vec![0, 1]),
        (sale.title.within(None..=None), vec![0]),
        (sale.title.within(None..None), vec![]),
        (sale.title.within(.."Sale 2"), vec![1]),
        (sale.stage.eq(Stage::Won), vec![1]),
        (sale.tags.includes([[Tag::Red]]), vec![1, 2]),
        (sale.tags.excludes([[Tag::Blue]]), vec![0, 1]),
        (sale.id.eq(ids[2]), vec![2]),
        (sale.sold_at.on(DateLiteral::LastN(DateUnit::Year, Some(2))), vec![]),
        (sale.sold_at.since(DateLiteral::LastN(DateUnit::Year, Some(2))), vec![0, 1, 2]),
        (!sale.sold_at.after(DateLiteral::NextN(DateUnit::Year, Some(2))), vec![0, 1, 2]),
        (sale.shop_id.to(Shop::FIELDS.town).eq("bergen"), vec![1, 2]),
        (sale.shop_id.to(Shop::FIELDS.town).is_null(), vec![0]),
        (sale.created_by_id.to(User::FIELDS.id).is_null() | sale.pieces.eq(2), vec![0, 1, 2]),
    ];
    for (filter, wanted) in cases {
        assert_eq!(places(filter.clone()), wanted, "{filter:?}");
    }
    verify(&store);
}

#[test]
fn a_caller_who_may_not_read_all_reads_what_is_named() {
    let world = World::of_structs(50, 30, false);
    let permissions = Permissions::none()
        .grant("Sale", [ObjectRight::Read])
        .grant_fields("Sale", FieldRight::Read)
        .mute_field(("Sale", "Title"), FieldRight::Read);
    let owner = world.owners[1]["Id"].as_str().expect("an id").parse::<RecordId>();
    let caller = Caller::user(owner.expect("the id of a user"), permissions);
    let db = world.store.connect(caller);
    let sale = &Sale::FIELDS;
    let whole = db.query::<Sale>().all().expect_err("the whole record is not readable");
    assert_eq!(whole.status_code().as_str(), "INVALID_FIELD", "{whole}");
    assert!(whole.to_string().contains("Title"), "{whole}");
    let named = db.query::<Sale>().select((sale.id, sale.pieces));
    assert_eq!(named.all().expect("named fields").len(), named.count().expect("a count"));
    for hidden in [
        named.clone().select(sale.title).all().map(|_| ()),
        named.clone().filter(sale.title.eq("x")).all().map(|_| ()),
        named.clone().order_by(sale.title.asc()).all().map(|_| ()),
        named.clone().filter(sale.title.eq("x")).count().map(|_| ()),
        named.clone().filter(sale.title.eq("x")).exists().map(|_| ()),
    ] {
        let error = hidden.expect_err("the title is hidden");
        assert_eq!(
            error.message(),
            "No such column 'Title' on entity 'Sale'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
            "{error}"
        );
    }
    let parent = named.clone().select(sale.shop_id.to(Shop::FIELDS.name)).all();
    let error = parent.expect_err("shops are hidden");
    assert!(error.message().contains("Shop"), "{error}");
}

#[test]
fn one_row_is_one_row() {
    let (store, ids) = sales();
    let db = store.system();
    let of = |n: i32| db.query::<Sale>().filter(Sale::FIELDS.pieces.eq(n));
    assert_eq!(of(1).one().expect("one").id, ids[1]);
    assert_eq!(of(7).optional().expect("none"), None);
    let none = of(7).one().expect_err("there is none");
    assert_eq!(none.message(), "List has no rows for assignment to SObject");
    let several = db.query::<Sale>().one().expect_err("there are three");
    assert_eq!(several.message(), "List has more than 1 row for assignment to SObject");
    assert_eq!(db.query::<Sale>().limit(1).one().expect("the first").id, ids[0]);
    assert!(!db.query::<Sale>().limit(0).exists().expect("no rows"));
}

#[test]
fn deleted_records_are_found_on_request_and_say_so() {
    let (store, ids) = sales();
    let db = store.system();
    db.delete(ids[1]).expect("deleted");
    assert_eq!(db.query::<Sale>().count().expect("a count"), 2);
    let all = db.query::<Sale>().all_rows().all().expect("all rows");
    let deleted: Vec<_> = all.iter().map(|sale| (sale.id, sale.is_deleted)).collect();
    assert_eq!(deleted, [(ids[0], false), (ids[1], true), (ids[2], false)]);
    let only = db.query::<Sale>().all_rows().filter(Sale::FIELDS.is_deleted.eq(true));
    let flags = only.select((Sale::FIELDS.id, Sale::FIELDS.is_deleted)).all().expect("one row");
    assert_eq!(flags, [(ids[1], true)]);
    verify(&store);
}

#[test]
fn a_query_is_printed_as_soql() {
    let db = Store::in_memory(OBJECTS).expect("a store opens").system();
    let (sale, shop) = (&Sale::FIELDS, &Shop::FIELDS);
    let query = db
        .query::<Sale>()
        .filter((sale.title.eq("it's") | sale.pieces.gt(3)) & !sale.stage.is_null())
        .order_by(sale.shop_id.to(shop.name).desc().nulls_last())
        .limit(5)
        .select((sale.id, sale.shop_id.to(shop.town)));
    assert_eq!(
        format!("{query:?}"),
        "Query(SELECT Id, Shop.Town FROM Sale WHERE (Title = 'it\\'s' OR Pieces > 3) \
         AND (NOT Stage = NULL) ORDER BY Shop.Name DESC NULLS LAST LIMIT 5)"
    );
}
