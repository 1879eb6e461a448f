//! What the caller may not read matches nothing and is not told of.

use serde_json::json;
use sobject_core::{Caller, Connection, FieldRight, ObjectRight, Permissions, SObject, Store};

use super::{OBJECTS, found, of_companies, values};
use crate::{
    desk::{id, refused},
    types::Shop,
};

fn connect(shop: &Shop, permissions: Permissions) -> Connection {
    shop.store.connect(Caller::user(id("005000000000001"), permissions))
}

/// A company and a person with texts that tell where a word stands.
fn shop() -> Shop {
    let shop = Shop::of(OBJECTS);
    let company = json!({ "Name": "Acme", "About__c": "hidden gem", "Mail__c": "gem@example.com" });
    shop.create("Company__c", &company);
    shop.create("Person__c", &json!({ "Name": "Gem Acme" }));
    shop
}

#[test]
fn a_field_that_is_hidden_matches_nothing() {
    let shop = shop();
    let hidden = Permissions::all().mute_field(("Company__c", "About__c"), FieldRight::Read);
    let db = connect(&shop, hidden.clone());
    for (expr, n_all, n) in [
        ("acme", 1, 1),
        ("hidden", 1, 0),
        (r#""hidden gem""#, 1, 0),
        ("hid*", 1, 0),
        ("gem", 1, 1),
        ("acme hidden", 1, 0),
        // That the word is there cannot be found out by leaving it out either.
        ("acme AND NOT hidden", 0, 1),
        ("hidden OR acme", 1, 1),
    ] {
        assert_eq!(of_companies(&shop.db, expr).len(), n_all, "{expr}");
        assert_eq!(of_companies(&db, expr).len(), n, "{expr}");
    }
    let refusal = refused(db.search("FIND {acme} RETURNING Company__c(About__c)"));
    assert_eq!(refusal.code, "INVALID_FIELD");
    assert!(refusal.message.contains("No such column 'About__c' on entity 'Company__c'"));
    let mail = hidden.mute_field(("Company__c", "Mail__c"), FieldRight::Read);
    assert!(of_companies(&connect(&shop, mail), "gem").is_empty());
}

#[test]
fn an_object_that_is_hidden_answers_as_one_that_is_not_there() {
    let shop = shop();
    let db = connect(&shop, Permissions::all().mute("Person__c", [ObjectRight::Read]));
    let types = |db: &Connection| -> Vec<_> {
        let records = found(db, "FIND {gem}");
        values(&records, "attributes").iter().map(|it| it["type"].clone()).collect()
    };
    assert_eq!(types(&shop.db), ["Company__c", "Person__c"]);
    assert_eq!(types(&db), ["Company__c"]);
    let [hidden, absent] = ["Person__c", "Nobody__c"].map(|name| {
        let refusal = refused(db.search(format!("FIND {{gem}} RETURNING {name}(Id)")));
        (refusal.code, refusal.message.replace(name, "X"))
    });
    assert_eq!(hidden.0, absent.0);
    let text = |message: &str| message.rsplit('\n').next().unwrap().to_owned();
    assert_eq!(text(&hidden.1), text(&absent.1));
}

/// A letter, part of which is hidden.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0LE", plural = "Letters")]
struct Letter {
    #[field(create, update, filter, name_field)]
    name: String,
    #[field(create, update, nillable)]
    secret: Option<String>,
}

#[test]
fn a_typed_search_looks_only_where_its_caller_may_read() {
    let store = Store::in_memory(&[Letter::OBJECT]).unwrap();
    let letter = LetterCreate { secret: Some("the map".into()), ..LetterCreate::new("Ada") };
    store.system().create(letter).unwrap();
    let muted = Permissions::all().mute_field(Letter::FIELDS.secret, FieldRight::Read);
    let db = store.connect(Caller::user(id("005000000000001"), muted));
    for (text, n_all, n) in [("ada", 1, 1), ("map", 1, 0), ("ada AND NOT map", 0, 1)] {
        let count = |db: &Connection| db.find_text(text).returning::<Letter>().count().unwrap();
        assert_eq!((count(&store.system()), count(&db)), (n_all, n), "{text}");
    }
    let names = db.find_text("ada").returning::<Letter>().select(Letter::FIELDS.name).all();
    assert_eq!(names.unwrap(), ["Ada"]);
    assert!(db.find_text("ada").returning::<Letter>().all().is_err(), "it is not read whole");
}
