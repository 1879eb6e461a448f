//! What a search gives of the records that it finds: fields, conditions, order, limits, and the shape of
//! the answer.

use serde_json::{Value as Json, json};
use sobject_core::RecordId;

use super::{COMPANY, OBJECTS, companies, found, names, values};
use crate::types::Shop;

/// A store of `n` companies and `m` people, all with the word `word`.
fn crowd(n: usize, m: usize) -> Shop {
    let shop = Shop::of(OBJECTS);
    for (object, n) in [("Company__c", n), ("Person__c", m)] {
        let record = |n: usize| crate::desk::map(&json!({ "Name": format!("word {n:04}") }));
        let records: Vec<_> = (0..n).map(record).collect();
        for call in records.chunks(200) {
            assert!(shop.object(object).create_many(call).unwrap().iter().all(Result::is_ok));
        }
    }
    shop
}

/// How many companies and how many people a search finds.
fn counts(shop: &Shop, search: &str) -> [usize; 2] {
    let records = found(&shop.db, search);
    let of = |name: &str| records.iter().filter(|it| it["attributes"]["type"] == name).count();
    [of("Company__c"), of("Person__c")]
}

#[test]
fn the_answer_has_the_shape_of_an_orgs() {
    let shop = Shop::of(OBJECTS);
    let acme = shop.create("Company__c", &json!({ "Name": "Acme", "Size__c": 7 }));
    let ada = shop.create("Person__c", &json!({ "Name": "Acme, Ada" }));
    let search = "FIND {acme} RETURNING Person__c, Company__c(Name, Size__c, Parent__r.Name)";
    let answer = shop.db.search(search).unwrap();
    let url = |object: &str, id: RecordId| format!("/services/data/v65.0/sobjects/{object}/{id}");
    let expected = json!({ "searchRecords": [
        {
            "attributes": { "type": "Person__c", "url": url("Person__c", ada) },
            "Id": ada.to_string(),
        },
        {
            "attributes": { "type": "Company__c", "url": url("Company__c", acme) },
            "Name": "Acme",
            "Size__c": 7,
            "Parent__r": null,
        },
    ] });
    assert_eq!(serde_json::to_value(&answer).unwrap(), expected);
    let printed = serde_json::to_string(&answer).unwrap();
    assert!(
        printed.starts_with(r#"{"searchRecords":[{"attributes":{"type":"Person__c""#),
        "{printed}"
    );
    let nothing = shop.db.search("FIND {nothing} RETURNING Company__c").unwrap();
    assert_eq!(serde_json::to_value(&nothing).unwrap(), json!({ "searchRecords": [] }));
}

#[test]
fn without_returning_the_ids_of_every_object_that_can_be_searched_are_found() {
    let shop = Shop::of(OBJECTS);
    let mut expected = Vec::new();
    for (object, field) in
        [("Company__c", "Name"), ("Person__c", "Name"), ("Case", "Subject"), ("Secret__c", "Name")]
    {
        let id = shop.create(object, &json!({ field: "Acme" })).to_string();
        if object != "Secret__c" {
            expected.push(Json::from(id));
        }
    }
    let records = found(&shop.db, "FIND {acme}");
    assert_eq!(values(&records, "Id"), expected);
    assert!(records.iter().all(|record| record.len() == 2), "attributes and Id");
}

#[test]
fn conditions_orders_and_offsets_are_those_of_a_query() {
    let (shop, _) = companies(&["Acme 3", "Acme 1", "Acme 2", "Bolts 1"]);
    for (object, expected) in [
        ("Company__c(Name)", &["Acme 3", "Acme 1", "Acme 2"][..]),
        ("Company__c(Name ORDER BY Name)", &["Acme 1", "Acme 2", "Acme 3"]),
        ("Company__c(Name ORDER BY Name DESC LIMIT 2)", &["Acme 3", "Acme 2"]),
        ("Company__c(Name ORDER BY Name LIMIT 1 OFFSET 1)", &["Acme 2"]),
        ("Company__c(Name ORDER BY Name OFFSET 2)", &["Acme 3"]),
        ("Company__c(Name WHERE Name LIKE '%1')", &["Acme 1"]),
        ("Company__c(Name WHERE Name != 'Acme 1' AND Size__c = null)", &["Acme 3", "Acme 2"]),
        ("Company__c(Name LIMIT 0)", &[]),
        ("company__C(name LIMIT 1)", &["Acme 3"]),
    ] {
        let search = format!("FIND {{acme}} RETURNING {object}");
        assert_eq!(names(&shop.db, search), expected, "{object}");
    }
}

#[test]
fn fields_may_be_those_of_parents_and_have_functions() {
    let shop = Shop::of(OBJECTS);
    let parent = shop.create("Company__c", &json!({ "Name": "Holding" }));
    let child = json!({ "Name": "Acme", "Size__c": 1234, "Parent__c": parent.to_string() });
    shop.create("Company__c", &child);
    let search = "FIND {acme} RETURNING Company__c(Parent__r.Name, FORMAT(Size__c) shown \
                  WHERE Parent__r.Name = 'holding' ORDER BY Parent__r.Name)";
    let records = found(&shop.db, search);
    assert_eq!(records[0]["Parent__r"]["Name"], "Holding");
    assert_eq!(records[0]["shown"], "1,234");
}

#[test]
fn one_object_gives_250_records_unless_something_is_said_of_it() {
    let shop = crowd(300, 0);
    for (search, n) in [
        ("FIND {word} RETURNING Company__c", 250),
        ("FIND {word} RETURNING Company__c(Name)", 250),
        ("FIND {word} RETURNING Company__c(Id LIMIT 280)", 280),
        ("FIND {word} RETURNING Company__c(Id WHERE Name != null)", 300),
        ("FIND {word} RETURNING Company__c(Id ORDER BY Name)", 300),
        ("FIND {word} RETURNING Company__c(Id ORDER BY Name LIMIT 5)", 5),
        ("FIND {word} RETURNING Company__c LIMIT 100", 100),
        ("FIND {word} RETURNING Company__c(Id LIMIT 50) LIMIT 100", 50),
        ("FIND {word} RETURNING Company__c LIMIT 0", 0),
        ("FIND {word} RETURNING Company__c LIMIT 9000", 250),
        ("FIND {word}", 250),
    ] {
        assert_eq!(counts(&shop, search), [n, 0], "{search}");
    }
}

#[test]
fn a_limit_of_the_search_is_shared_by_its_objects() {
    let shop = crowd(19, 35);
    for (search, expected) in [
        ("FIND {word} RETURNING Company__c, Person__c LIMIT 20", [10, 10]),
        ("FIND {word} RETURNING Company__c, Person__c LIMIT 50", [19, 31]),
        ("FIND {word} RETURNING Company__c(Id LIMIT 3), Person__c LIMIT 20", [3, 17]),
        ("FIND {word} RETURNING Company__c(Id LIMIT 0), Person__c LIMIT 20", [0, 20]),
        ("FIND {word} RETURNING Person__c, Company__c LIMIT 7", [3, 4]),
        ("FIND {word} LIMIT 20", [10, 10]),
        ("FIND {word} RETURNING Company__c, Person__c", [19, 35]),
    ] {
        assert_eq!(counts(&shop, search), expected, "{search}");
    }
}

#[test]
fn a_search_gives_no_more_than_2_000_records() {
    let shop = crowd(2_100, 300);
    for (search, expected) in [
        ("FIND {word} RETURNING Company__c(Id ORDER BY Name)", [2_000, 0]),
        ("FIND {word} RETURNING Company__c(Id LIMIT 5000)", [2_000, 0]),
        ("FIND {word} RETURNING Company__c(Id LIMIT 5000), Person__c", [1_750, 250]),
        ("FIND {word} RETURNING Company__c, Person__c", [250, 250]),
    ] {
        assert_eq!(counts(&shop, search), expected, "{search}");
    }
    // Of nine objects, each has its share of the 2,000.
    let many = ["Company__c"; 10].join(", ");
    assert_eq!(counts(&shop, &format!("FIND {{word}} RETURNING {many}")), [2_000, 0]);
    let share = format!("FIND {{word}} RETURNING {}, Person__c", ["Case"; 9].join(", "));
    assert_eq!(counts(&shop, &share), [0, 200]);
    assert!(COMPANY.calls.is_search());
}
