//! Queries that `soql!` checks: what their rows are, what their variables may be, and on what they run.

use serde_json::json;
use sobject_core::{
    CheckedQuery, Connection, Error, Id, MultiPicklist, Ref, SObject, Store,
    chrono::{DateTime, NaiveDate, Utc},
    soql,
    standard::{Group, GroupCreate, User, UserCreate},
};

use super::{
    org::{OBJECTS, Sale, SaleCreate, Shop, ShopCreate, Stage, Tag},
    world::shop_with_children,
};
use crate::desk::{at, day, verify};

/// A store with two shops, and three sales in one of them.
struct World {
    store: Store,
    db: Connection,
    ada: Id<User>,
    corner: Id<Shop>,
    first: Id<Sale>,
}

impl World {
    fn new() -> Self {
        let store = Store::in_memory(OBJECTS).expect("a store opens");
        let system = store.system();
        let ada = system.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
        let night = system.create(GroupCreate::new("Night")).expect("a group");
        let caller = sobject_core::Caller::user(ada, sobject_core::Permissions::all());
        let db = store.connect(caller);
        let shop = |name: &str, town: Option<&str>| {
            let town = town.map(str::to_owned);
            db.create(ShopCreate { town, ..ShopCreate::new(name) }).expect("a shop")
        };
        let corner = shop("Corner", Some("Ulm"));
        shop("Empty", None);
        let sale = |title: &str, pieces, shop_id, owner: Ref<(Group, User)>| {
            let create = SaleCreate {
                title: Some(title.to_owned()),
                pieces,
                shop_id,
                amount: pieces.map(|pieces| f64::from(pieces) * 1.5),
                stage: pieces.map(|_| Stage::Won),
                tags: pieces.map(|_| [Tag::Red, Tag::Blue].into_iter().collect()),
                sold_on: pieces.map(|_| day("2026-02-03")),
                sold_at: pieces.map(|_| at("2026-02-03T10:00:00Z")),
                ..SaleCreate::new(owner)
            };
            db.create(create).expect("a sale")
        };
        let first = sale("Axe", Some(4), Some(corner), ada.to_ref());
        sale("Saw", Some(6), Some(corner), night.to_ref());
        sale("Nothing", None, None, ada.to_ref());
        Self { store, db, ada, corner, first }
    }
}

#[test]
fn rows_have_the_fields_of_the_select_list_with_the_types_of_the_struct() {
    let World { store, db, ada, corner, first } = World::new();
    let query = soql!(
        "SELECT Id, Title, Stage, Amount, Pieces, SoldOn, SoldAt, Tags, ShopId, OwnerId,"
        "CreatedById, IsDeleted FROM Sale WHERE Title = 'axe'"
    );
    let row = query.one(&db).expect("one row");
    let (id, title): (Id<Sale>, Option<String>) = (row.id, row.title);
    assert_eq!((id, title.as_deref()), (first, Some("Axe")));
    let stage: Option<Stage> = row.stage;
    let (amount, pieces): (Option<f64>, Option<i32>) = (row.amount, row.pieces);
    assert_eq!((stage, amount, pieces), (Some(Stage::Won), Some(6.0), Some(4)));
    let (on, moment): (Option<NaiveDate>, Option<DateTime<Utc>>) = (row.sold_on, row.sold_at);
    assert_eq!((on, moment), (Some(day("2026-02-03")), Some(at("2026-02-03T10:00:00Z"))));
    let tags: Option<MultiPicklist<Tag>> = row.tags;
    assert_eq!(tags, Some([Tag::Red, Tag::Blue].into_iter().collect()));
    let owner: Ref<(Group, User)> = row.owner_id;
    assert_eq!((row.shop_id, owner), (Some(corner), ada.to_ref()));
    assert_eq!((row.created_by_id, row.is_deleted), (ada.record_id(), false));
    verify(&store);
}

#[test]
fn parents_are_structs_and_none_where_there_is_no_parent() {
    let World { store, db, .. } = World::new();
    let query = soql!(
        "SELECT Title, Shop.Name, Owner.Name, Owner.Type, Shop.CreatedBy.Username, Shop.Town, \
         CreatedBy.Name FROM Sale ORDER BY Title NULLS LAST"
    );
    let rows = query.all(&db).expect("rows");
    let shops: Vec<_> = rows.iter().map(|row| row.shop.as_ref()).collect();
    let corner = shops[0].expect("a shop");
    assert_eq!((&*corner.name, corner.town.as_deref()), ("Corner", Some("Ulm")));
    let creator = corner.created_by.as_ref().expect("a creator");
    assert_eq!(creator.username, "ada@example.com");
    assert!(shops[1].is_none() && shops[2].is_some());
    let owners: Vec<_> = rows.iter().map(|row| row.owner.as_ref().expect("an owner")).collect();
    let owners: Vec<_> =
        owners.iter().map(|owner| (owner.name.as_deref(), &*owner.r#type)).collect();
    assert_eq!(owners, [(Some("Ada"), "User"), (Some("Ada"), "User"), (Some("Night"), "Group")]);
    assert!(rows.iter().all(|row| row.created_by.as_ref().is_some_and(|it| it.name == "Ada")));
    assert_eq!(rows[1].clone(), rows[1]);
    verify(&store);
}

#[test]
fn children_are_vectors() {
    // A describe names the children, and the rows are those of the struct all the same.
    let others: Vec<_> = OBJECTS.iter().copied().filter(|it| it.name != Shop::NAME).collect();
    let builder = Store::builder().described(shop_with_children());
    let store = builder.in_memory(&others).expect("a store opens");
    let db = store.system();
    let ada = db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    let shops = db.object("Shop").expect("the object is there");
    let shop = |name| shops.create(&json!({ "Name": name })).expect("a shop");
    let corner = shop("Corner");
    shop("Empty");
    for (title, pieces) in [("Saw", 6), ("Axe", 4), ("Nail", 1)] {
        let create = SaleCreate {
            title: Some(title.to_owned()),
            pieces: Some(pieces),
            shop_id: Some(Id::new(corner)),
            ..SaleCreate::new(ada.to_ref())
        };
        db.create(create).expect("a sale");
    }
    let query = soql!(
        "SELECT Name, (SELECT Title, Pieces FROM Sales WHERE Pieces > :low ORDER BY Title)"
        "FROM Shop ORDER BY Name",
        low = 1, Sales: Sale
    );
    let rows = query.all(&db).expect("rows");
    assert_eq!((&*rows[0].name, rows[0].sales.len()), ("Corner", 2));
    let last = &rows[0].sales[1];
    assert_eq!((last.title.as_deref(), last.pieces), (Some("Saw"), Some(6)));
    assert_eq!((&*rows[1].name, rows[1].sales.len()), ("Empty", 0));
    verify(&store);
}

#[test]
fn groups_have_their_keys_and_aggregates() {
    let World { store, db, corner, .. } = World::new();
    let query = soql!(
        "SELECT ShopId, Shop.Name shop, CALENDAR_MONTH(SoldOn) month, COUNT(Id), COUNT(Title) n,"
        "SUM(Pieces), AVG(Amount) mean, MIN(Title) least, MAX(SoldAt) latest, toLabel(Stage)"
        "FROM Sale GROUP BY ShopId, Shop.Name, CALENDAR_MONTH(SoldOn), Stage"
        "HAVING COUNT(Id) >= :few ORDER BY COUNT(Id) DESC",
        few = 1_i64
    );
    let rows = query.all(&db).expect("rows");
    let (some, none) = (&rows[0], &rows[1]);
    assert_eq!(
        (some.shop_id, some.shop.as_deref(), some.month),
        (Some(corner), Some("Corner"), Some(2))
    );
    assert_eq!((some.expr0, some.n, some.expr1, some.mean), (2, 2, Some(10.0), Some(7.5)));
    assert_eq!(
        (some.least.as_deref(), some.latest),
        (Some("Axe"), Some(at("2026-02-03T10:00:00Z")))
    );
    assert_eq!(some.stage.as_deref(), Some("Won"));
    assert_eq!((none.shop_id, none.shop.as_deref(), none.month), (None, None, None));
    assert_eq!((none.expr0, none.expr1, none.mean, none.latest), (1, None, None, None));

    let totals = soql!(
        "SELECT OwnerId, SUM(Pieces) n, GROUPING(OwnerId) total FROM Sale GROUP BY ROLLUP(OwnerId)"
    );
    let rows = totals.all(&db).expect("rows");
    let total = rows.iter().find(|row| row.total == Some(1)).expect("a total");
    assert_eq!((total.owner_id, total.n), (None, Some(10.0)));
    verify(&store);
}

#[test]
fn variables_are_values_and_never_text() {
    let World { store, db, ada, corner, first } = World::new();
    let hostile = "x' OR Title != '";
    assert!(soql!("SELECT Id FROM Sale WHERE Title = :hostile").all(&db).expect("rows").is_empty());

    let titles = vec!["axe".to_owned(), "SAW".to_owned()];
    let (stages, moment, n) = ([Stage::Won, Stage::Lost], at("2026-02-03T10:00:00Z"), 1_usize);
    let tag = "Red;Blue";
    let query = soql!(
        "SELECT Title FROM Sale WHERE Title IN :titles AND Stage IN :stages AND SoldAt = :moment"
        "AND SoldOn = :on AND ShopId = :corner AND OwnerId = :ada AND Id = :first AND CreatedById = :ada"
        "AND Tags INCLUDES (:tag) AND Pieces < :high AND Amount > :three AND Paid = :paid AND Shop.Name LIKE :like"
        "LIMIT :n OFFSET :skip",
        on = day("2026-02-03"), high = Some(5), three = 3, paid = None::<bool>, like = "c%", skip = n - 1
    );
    let rows = query.all(&db).expect("rows");
    assert_eq!(rows.iter().map(|row| row.title.as_deref()).collect::<Vec<_>>(), [Some("Axe")]);
    // The variables can be used afterwards, and the query be run again.
    assert_eq!(titles.len(), 2);
    assert_eq!(query.clone().all(&db).expect("rows"), rows);

    let towns = ["Ulm"];
    let query = soql!(
        "SELECT COUNT(Id) n FROM Sale WHERE ShopId IN (SELECT Id FROM Shop WHERE Town IN :towns)"
    );
    assert_eq!(query.one(&db).expect("one row").n, 2);
    verify(&store);
}

#[test]
fn one_row_is_wanted_or_at_most_one_or_all_of_one_state() {
    let World { store, db, .. } = World::new();
    let all = soql!("SELECT Title FROM Sale ORDER BY Title");
    let none = soql!("SELECT Title FROM Sale WHERE Title = 'none'");
    let one = soql!("SELECT Title FROM Sale WHERE Title = 'axe'");
    assert!(one.one(&db).is_ok() && one.optional(&db).expect("at most one").is_some());
    assert!(none.optional(&db).expect("at most one").is_none());
    let message = |error: Error| error.to_string();
    assert_eq!(
        none.one(&db).map_err(message),
        Err("List has no rows for assignment to SObject".into())
    );
    let several = "List has more than 1 row for assignment to SObject";
    assert_eq!(all.one(&db).map_err(message), Err(several.into()));
    assert_eq!(all.optional(&db).map_err(message), Err(several.into()));

    let session = db.session().expect("a session");
    let later = db.transaction(|tx| {
        tx.create(SaleCreate { title: Some("Zip".into()), ..SaleCreate::new(tx_owner(&db)) })?;
        assert_eq!(all.all(&session)?.len(), 3);
        Ok::<_, Error>(all.all(tx)?.len())
    });
    assert_eq!(later.expect("a transaction"), 4);
    assert_eq!(all.all(&session).expect("rows").len(), 3);
    let titles = all.rows(&db).expect("rows").map(|row| row.map(|row| row.title));
    let titles: Result<Vec<_>, _> = titles.collect();
    assert_eq!(titles.expect("rows").last().cloned().flatten().as_deref(), Some("Zip"));
    verify(&store);
}

/// An owner.
fn tx_owner(db: &Connection) -> Ref<(Group, User)> {
    let user = soql!("SELECT Id FROM User").all(db).expect("users");
    user[0].id.to_ref()
}

#[test]
fn what_a_caller_may_not_read_is_refused_when_the_query_runs() {
    let World { store, ada, .. } = World::new();
    let query = soql!("SELECT Amount FROM Sale");
    let permissions = sobject_core::Permissions::none();
    let narrow = store.connect(sobject_core::Caller::user(ada, permissions));
    let error = query.all(&narrow).expect_err("the object is hidden");
    assert_eq!(error.status_code().as_str(), "INVALID_TYPE");
    let explained = store.system().explain(query.to_soql()).expect("a plan");
    assert_eq!(explained.total_size, 3);
}

#[test]
fn queries_can_be_sent_to_other_threads() {
    fn is_sent<T: Send + Sync + 'static>(_: &T) {}
    fn of<R>(query: &CheckedQuery<R>) -> String {
        format!("{query:?}")
    }
    let query = soql!("SELECT Id FROM Sale");
    is_sent(&query);
    assert!(of(&query).contains("SELECT Id FROM Sale"));
}
