//! Child queries of typed queries: they find what those of the query as a text find.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Children, FieldRight, Id, Name, ObjectRight, Permissions, Record, RecordId, Result,
    Select, Store,
    standard::{Group, User, UserFields},
};

use super::ask::{Typed, typed};
use crate::{
    desk::verify,
    query::{
        ask::{Ask, Select as Selected},
        org::{OBJECTS, Sale, SaleFields, Shop, ShopFields},
        world::{Dice, World},
    },
};

const SALE: &SaleFields = &Sale::FIELDS;
const SHOP: &ShopFields = &Shop::FIELDS;
const USER: &UserFields = &User::FIELDS;

/// The sales of a shop as a random query asks for them; `None` if it is not typed, or joins others.
fn sales(ask: &Ask) -> Option<Children<Sale, Option<Id<Shop>>, Record<Sale>>> {
    let Typed { filter, join: None, order } = typed(ask)? else { return None };
    let mut children = SALE.shop_id.children::<Sale>();
    if let Some(filter) = filter {
        children = children.filter(filter);
    }
    children = order.into_iter().fold(children, Children::order_by);
    Some(match ask.limit {
        Some(limit) => children.limit(limit),
        None => children,
    })
}

/// What is read of a sale, typed.
type Read = (Id<Sale>, Option<f64>, Option<String>, Option<String>, Option<String>, Option<String>);

/// What is read of a sale, of the JSON of a text.
fn read(row: &Json) -> Vec<Json> {
    let of = |parent: &str, field: &str| row[parent].get(field).cloned().unwrap_or(Json::Null);
    let (id, amount) = (row["Id"].clone(), row["Amount"].clone());
    let (shop, owner) = (of("Shop", "Name"), of("Owner", "Name"));
    vec![id, amount, shop, owner, row["label"].clone(), row["text"].clone()]
}

#[test]
fn children_are_those_of_the_query_as_a_text() {
    let mut n_children = 0;
    for (seed, n_sales, odd) in [(80, 0, false), (81, 60, false), (82, 200, true)] {
        // The same records twice: children have names where a describe gives them.
        let (world, named) =
            (World::of_structs(seed, n_sales, odd), World::new(seed, n_sales, odd));
        let (db, text_db) = (world.store.system(), named.store.system());
        let dice = &mut Dice::new(seed * 1_000);
        for n in 0..if n_sales == 0 { 0 } else { 60 } {
            let mut ask = Ask::random(dice, &world);
            (ask.offset, ask.all_rows) = (0, false);
            if matches!(ask.select, Selected::Count) {
                ask.order.clear();
            }
            let Some(children) = sales(&ask) else { continue };
            ask.select = Selected::Rows(Vec::new());
            let clauses = ask.text().replacen("SELECT  FROM Sale", "FROM Sales", 1);
            let text = format!(
                "SELECT Id, Name, (SELECT Id, Amount, Shop.Name, Owner.Name, toLabel(Stage) label, \
                 FORMAT(Amount) text {clauses}) FROM Shop WHERE Town != 'Oslo' ORDER BY Name DESC"
            );
            let case = format!("world {seed}, query {n}: {text}");
            let wanted =
                text_db.soql(text.as_str()).unwrap_or_else(|error| panic!("{case}: {error}"));
            let wanted = wanted.records.iter().map(|row| {
                let children = row["Sales"]["records"].as_array();
                let children: Vec<_> = children.into_iter().flatten().map(read).collect();
                (row["Id"].clone(), row["Name"].clone(), children)
            });
            let wanted: Vec<_> = wanted.collect();
            let children = children.select((
                SALE.id,
                SALE.amount,
                SALE.shop_id.to(SHOP.name),
                SALE.owner_id.to(Name::FIELDS.name),
                SALE.stage.label(),
                SALE.amount.format(),
            ));
            let query = db
                .query::<Shop>()
                .filter(SHOP.town.ne("Oslo"))
                .order_by(SHOP.name.desc())
                .select((SHOP.id, children, SHOP.name));
            let shown = |rows: Vec<(Id<Shop>, Vec<Read>, String)>| -> Vec<_> {
                let one = |(id, children, name): (Id<Shop>, Vec<Read>, String)| {
                    let flat = |read: &Read| match json!(read) {
                        Json::Array(values) => values,
                        other => panic!("{other} is no list"),
                    };
                    let children: Vec<_> = children.iter().map(flat).collect();
                    (json!(id), json!(name), children)
                };
                rows.into_iter().map(one).collect()
            };
            let all = query.all().unwrap_or_else(|error| panic!("{case}: {error}"));
            n_children += all.iter().map(|(_, children, _)| children.len()).sum::<usize>();
            assert_eq!(shown(all), wanted, "{case}");
            let streamed: Result<Vec<_>> = query.stream().and_then(Iterator::collect);
            assert_eq!(shown(streamed.expect("a stream")), wanted, "as a stream, {case}");
            let batch = query.batch(200).expect("a batch");
            assert_eq!(shown(batch.rows), wanted, "as a batch, {case}");
        }
        verify(&world.store);
    }
    assert!(n_children > 1_000, "{n_children} children were compared");
}

/// A sale, as one of its shop's.
#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = Sale)]
struct Deal {
    id: Id<Sale>,
    pieces: Option<i32>,
    #[select(shop_id.to(Shop::FIELDS.town))]
    town: Option<String>,
}

/// A shop with its sales.
#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = Shop)]
struct Branch {
    name: String,
    #[select(children(Sale::FIELDS.shop_id))]
    deals: Vec<Deal>,
    #[select(created_by_id.to(User::FIELDS.name))]
    creator: Option<String>,
}

/// A user with the shops that it made, and their sales.
#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = User)]
struct Founder {
    name: String,
    #[select(children(Shop::FIELDS.created_by_id.children::<Branch>().order_by(Shop::FIELDS.name.asc())))]
    branches: Vec<Branch>,
}

#[test]
fn structs_hold_children_and_their_children() {
    let world = World::of_structs(83, 150, true);
    let db = world.store.system();
    let found = db.query::<Founder>().order_by(USER.name.asc()).all().expect("founders");
    let (founders, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|founder| !founder.branches.is_empty());
    assert!(founders.len() == 1 && others.len() == 2, "{} founders", founders.len());
    let names = db.query::<Shop>().order_by(SHOP.name.asc()).select(SHOP.name).all();
    let branches = &founders[0].branches;
    let of_branches: Vec<_> = branches.iter().map(|branch| branch.name.clone()).collect();
    assert_eq!(of_branches, names.expect("shops"));
    for branch in branches {
        assert_eq!(branch.creator.as_ref(), Some(&founders[0].name));
        let deals = db.query::<Deal>().filter(SALE.shop_id.to(SHOP.name).eq(&branch.name));
        assert_eq!(branch.deals, deals.all().expect("sales"), "{}", branch.name);
    }
    assert!(branches.iter().any(|branch| branch.deals.len() > 5));
}

#[test]
fn whole_records_and_a_few_of_them_are_children_as_well() {
    #[derive(Select)]
    #[select(from = Shop)]
    struct Whole {
        id: Id<Shop>,
        #[select(children(Sale::FIELDS.shop_id))]
        sales: Vec<Record<Sale>>,
    }

    #[derive(Select)]
    #[select(from = Shop)]
    struct Best {
        #[select(children(
            Sale::FIELDS.shop_id.children::<Sale>()
                .filter(Sale::FIELDS.amount.gt(2))
                .order_by(Sale::FIELDS.amount.desc())
                .limit(2)
                .select(Sale::FIELDS.amount)
                .map(|amount| amount.unwrap_or_default())
        ))]
        amounts: Vec<f64>,
    }

    let world = World::of_structs(84, 100, false);
    let db = world.store.system();
    let whole = db.query::<Whole>().all().expect("shops");
    let best = db.query::<Best>().all().expect("shops");
    assert_eq!(whole.len(), best.len());
    for (Whole { id, sales }, Best { amounts }) in whole.iter().zip(&best) {
        let of_shop = db.query::<Sale>().filter(SALE.shop_id.eq(*id));
        assert_eq!(*sales, of_shop.all().expect("sales"));
        let mut wanted: Vec<_> = sales.iter().filter_map(|sale| sale.amount).collect();
        wanted.retain(|amount| *amount > 2.0);
        wanted.sort_by(|a, b| b.total_cmp(a));
        wanted.truncate(2);
        assert_eq!(*amounts, wanted);
    }
    db.transaction(|tx| {
        let shop = tx.query::<Whole>().all()?.remove(0);
        tx.delete(shop.sales[0].id)?;
        let left = tx.query::<Whole>().filter(SHOP.id.eq(shop.id)).one()?;
        assert_eq!(left.sales, shop.sales[1..]);
        Ok::<_, sobject_core::Error>(())
    })
    .expect("a transaction");
}

#[test]
fn a_reference_to_one_of_several_objects_has_children_of_each() {
    let world = World::of_structs(86, 80, false);
    let db = world.store.system();
    let owned = || SALE.owner_id.children::<Sale>().select((SALE.id, SALE.owner_id));
    let users = db.query::<User>().select((USER.id, owned())).all().expect("users");
    let group = &Group::FIELDS;
    let groups = db.query::<Group>().select((group.id, owned())).all().expect("groups");
    let of_users = users.into_iter().map(|(id, owned)| (id.to_ref(), owned));
    let mut n_owned = 0;
    for (owner, owned) in of_users.chain(groups.into_iter().map(|(id, it)| (id.to_ref(), it))) {
        assert!(owned.iter().all(|(_, of)| *of == owner), "{owner}");
        n_owned += owned.len();
    }
    assert_eq!(n_owned, db.query::<Sale>().count().expect("a count"));
}

#[test]
fn what_no_query_asks_of_children_is_refused() {
    let db = Store::in_memory(OBJECTS).expect("a store opens").system();
    let sales = || SALE.shop_id.children::<Sale>();
    let shops = || db.query::<Shop>();
    let twice = shops().select((sales(), sales().limit(1))).all().expect_err("twice");
    assert_eq!(twice.message(), "duplicate field selected: Sale.ShopId");
    let skipped = shops().select(sales().offset(1)).all().expect_err("an offset");
    assert_eq!(skipped.message(), "OFFSET in a child query needs LIMIT 1 in the query around it");
    assert!(shops().limit(1).select(sales().offset(1)).all().is_ok());
    let of_user = db.query::<Shop>().select(USER.created_by_id.children::<User>()).all();
    let error = of_user.expect_err("no user was created by a shop");
    assert!(error.message().contains("Didn't understand relationship"), "{error}");

    // Children of children of children, one level at a time.
    macro_rules! made {
        () => { USER.created_by_id.children::<User>().select(USER.name) };
        ($($inner:tt)+) => {
            USER.created_by_id.children::<User>().select((USER.name, $($inner)+))
        };
    }
    let users = || db.query::<User>();
    assert!(users().select(made!(made!(made!(made!())))).all().is_ok());
    let error = users().select(made!(made!(made!(made!(made!()))))).all().expect_err("six levels");
    assert_eq!(error.message(), "child queries are nested 5 levels deep at most");
}

#[test]
fn children_that_the_caller_may_not_read_look_unknown() {
    let world = World::of_structs(85, 30, false);
    let owner: RecordId = world.owners[1]["Id"].as_str().expect("an id").parse().expect("an id");
    let shops = Permissions::none()
        .grant("Shop", [ObjectRight::Read])
        .grant_fields("Shop", FieldRight::Read);
    let sales = shops
        .clone()
        .grant("Sale", [ObjectRight::Read])
        .grant_field(("Sale", "Pieces"), FieldRight::Read);
    let asked = |permissions: &Permissions| {
        let db = world.store.connect(Caller::user(owner, permissions.clone()));
        let pieces = SALE.shop_id.children::<Sale>().select(SALE.pieces);
        db.query::<Shop>().select((SHOP.name, pieces)).all()
    };
    let error = asked(&shops).expect_err("sales are hidden");
    assert_eq!(error.status_code().as_str(), "INVALID_TYPE", "{error}");
    let error = asked(&sales).expect_err("the reference is hidden");
    assert!(error.to_string().contains("ShopId"), "{error}");
    let sales = sales.grant_field(("Sale", "ShopId"), FieldRight::Read);
    let found = asked(&sales).expect("what may be read");
    assert!(found.iter().any(|(_, pieces)| !pieces.is_empty()));
    let db = world.store.connect(Caller::user(owner, sales));
    let whole = db.query::<Shop>().select(SALE.shop_id.children::<Sale>()).all();
    assert!(whole.expect_err("not every field").to_string().contains("Title"));
}
