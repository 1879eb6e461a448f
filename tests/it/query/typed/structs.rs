//! Structs of the user's own, of which a query makes its rows.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, FieldRight, Id, MultiPicklist, ObjectRight, Permissions, Record, RecordId, Select,
    chrono::{DateTime, Utc},
    standard::User,
};

use crate::query::{
    org::{Sale, Shop, Stage, Tag},
    world::World,
};

/// Some of a sale, and some of its shop.
#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = Sale)]
struct Deal {
    id: Id<Sale>,
    #[select(pieces)]
    n: Option<i32>,
    stage: Option<Stage>,
    tags: Option<MultiPicklist<Tag>>,
    sold_at: Option<DateTime<Utc>>,
    #[select(shop_id.to(Shop::FIELDS.town))]
    town: Option<String>,
    #[select(shop_id.parent::<Place>())]
    place: Option<Place>,
    #[select(shop_id.parent::<Shop>())]
    shop: Option<Record<Shop>>,
}

#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = Shop)]
struct Place {
    name: String,
    #[select(created_by_id.parent::<Maker>())]
    maker: Option<Maker>,
}

#[derive(Select, Clone, Debug, PartialEq)]
#[select(from = User)]
struct Maker {
    #[select(name)]
    called: String,
}

#[test]
fn a_struct_is_filled_with_what_the_text_finds() {
    let world = World::of_structs(70, 80, true);
    let db = world.store.system();
    let text = "SELECT Id, Pieces, Stage, Tags, Shop.Id, Shop.Town, Shop.Open, Shop.Name, \
                Shop.CreatedBy.Name FROM Sale ORDER BY Title DESC";
    let wanted = db.soql(text).expect("rows").records;
    let deals = db.query::<Deal>().order_by(Sale::FIELDS.title.desc()).all().expect("deals");
    assert_eq!(deals.len(), wanted.len());
    let or_null = |row: &Json, field: &str| row.get(field).cloned().unwrap_or(Json::Null);
    let (mut n_with, mut n_without) = (0, 0);
    for (deal, row) in deals.iter().zip(&wanted) {
        assert_eq!(json!(deal.id), row["Id"]);
        assert_eq!(json!(deal.n), row["Pieces"]);
        assert_eq!(json!(deal.stage), row["Stage"]);
        assert_eq!(json!(deal.tags.as_ref().map(ToString::to_string)), row["Tags"]);
        assert_eq!(json!(deal.town), or_null(&row["Shop"], "Town"));
        let place = deal.place.as_ref();
        assert_eq!(json!(place.map(|it| &it.name)), or_null(&row["Shop"], "Name"));
        let shop = deal.shop.as_ref();
        assert_eq!(json!(shop.map(|it| it.id)), or_null(&row["Shop"], "Id"));
        assert_eq!(json!(shop.and_then(|it| it.fields.open)), or_null(&row["Shop"], "Open"));
        let maker = place.and_then(|place| place.maker.as_ref()).map(|maker| &maker.called);
        let by = or_null(&row["Shop"], "CreatedBy");
        assert_eq!(json!(maker), or_null(&by, "Name"));
        if place.is_some() { n_with += 1 } else { n_without += 1 }
    }
    assert!(n_with > 0 && n_without > 0, "{n_with} sales have a shop, {n_without} have none");
    let first = db.query::<Deal>().filter(Sale::FIELDS.id.eq(deals[0].id)).one();
    assert_eq!(first.expect("the deal"), deals[0]);
}

#[test]
fn a_caller_with_some_rights_reads_a_struct_of_what_it_may_read() {
    #[derive(Select)]
    #[select(from = Sale)]
    struct Open {
        pieces: Option<i32>,
    }

    let world = World::of_structs(71, 20, false);
    let permissions = Permissions::none()
        .grant("Sale", [ObjectRight::Read])
        .grant_field(("Sale", "Pieces"), FieldRight::Read);
    let owner: RecordId = world.owners[1]["Id"].as_str().expect("an id").parse().expect("an id");
    let db = world.store.connect(Caller::user(owner, permissions));
    let open = db.query::<Open>().all().expect("what may be read");
    assert_eq!(open.len(), db.query::<Open>().count().expect("a count"));
    assert!(open.iter().any(|open| open.pieces.is_some()));
    let error = db.query::<Deal>().all().expect_err("shops are hidden");
    assert_eq!(error.message(), "sObject type 'Shop' is not supported.");
}
