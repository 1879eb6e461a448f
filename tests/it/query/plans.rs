//! Plans: by which path records are found, and that no more are read than the path says.

use serde_json::json;
use sobject_core::{Connection, Soql};

use super::world::{World, float};

/// Queries, with the path that each takes and how many records it may read at most.
const PATHS: &[(&str, &str, u64)] = &[
    ("SELECT Id FROM Sale WHERE Id = '{id}'", "Sale by 1 ids", 1),
    ("SELECT Id FROM Sale WHERE Id IN ('{id}', '{other}')", "Sale by 2 ids", 2),
    ("SELECT Id FROM Sale WHERE Id = '{id}' OR Id = '{other}'", "Sale by 2 ids", 2),
    ("SELECT Id FROM Sale WHERE Id = '{id}' AND Remark = 'late'", "Sale by 1 ids", 1),
    ("SELECT Id FROM Sale WHERE Code = 'c10'", "Sale by the index of Code", 1),
    ("SELECT Id FROM Sale WHERE Title = 'zinc' AND Pieces = 4", "Sale by the indexes of", 40),
    ("SELECT Id FROM Sale WHERE SoldAt < 2026-02-20T03:00:00Z", "Sale by the index of SoldAt", 60),
    (
        "SELECT Id FROM Sale WHERE SoldOn = 2026-02-21 AND Paid = true AND Remark = null",
        "Sale by",
        90,
    ),
    (
        "SELECT Id FROM Sale WHERE SoldAt >= 2026-02-20T03:00:00Z AND SoldAt < 2026-02-20T09:00:00Z",
        "Sale by the index of SoldAt",
        60,
    ),
    ("SELECT MIN(SoldAt), MAX(SoldAt) FROM Sale", "Sale by the ends of the index of SoldAt", 20),
    ("SELECT MAX(Title) FROM Sale", "Sale by the ends of the index of Title", 200),
    ("SELECT MAX(Stage), MIN(SoldAt) FROM Sale", "Sale whole", 1_000),
    ("SELECT Id FROM Sale WHERE Title LIKE 'zin%'", "Sale by the index of Title", 100),
    ("SELECT Id FROM Sale WHERE Title LIKE '%inc'", "Sale whole", 1_000),
    ("SELECT Id FROM Sale WHERE Remark = 'late'", "Sale whole", 1_000),
    ("SELECT Id FROM Sale WHERE Stage > 'Offer'", "Sale whole", 1_000),
    ("SELECT Id FROM Sale WHERE NOT Title = 'zinc'", "Sale whole", 1_000),
    ("SELECT Id FROM Sale ORDER BY SoldAt LIMIT 5", "Sale by the index of SoldAt, forwards", 200),
    (
        "SELECT Id FROM Sale ORDER BY SoldAt DESC NULLS LAST LIMIT 5",
        "Sale by the index of SoldAt, backwards",
        100,
    ),
    ("SELECT Id FROM Sale ORDER BY Stage LIMIT 5", "Sale whole", 1_000),
    ("SELECT Id FROM Sale ORDER BY SoldAt", "Sale whole", 1_000),
    ("SELECT Id FROM Sale LIMIT 5", "Sale whole", 64),
    ("SELECT COUNT() FROM Sale", "Sale whole", 0),
    ("SELECT COUNT(Id) FROM Sale", "Sale whole", 0),
    (
        "SELECT Id FROM Sale WHERE Title = 'zinc' OR Code = 'c10'",
        "Sale by the indexes of Title or Code",
        100,
    ),
    ("SELECT Id FROM Sale WHERE Title = 'zinc' OR Remark = 'late'", "Sale whole", 1_000),
    ("SELECT Id FROM Sale WHERE Code = 'c10' ALL ROWS", "Sale whole", 1_000),
];

fn filled(text: &str, world: &World) -> String {
    let id = |place: usize| world.sales[place]["Id"].as_str().expect("an id").to_owned();
    text.replace("{id}", &id(1)).replace("{other}", &id(2))
}

#[test]
fn each_condition_takes_its_path() {
    let world = World::new(40, 1_000, false);
    let db = world.store.system();
    for (text, path, most) in PATHS {
        let text = filled(text, &world);
        let told = db.explain(text.as_str()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(told.path.starts_with(path), "{text} takes {told}");
        assert!(told.records_read <= *most, "{text} reads {told}");
        // A scan finds the same rows.
        let scanned = db.soql(Soql::new(text.as_str()).reading_all()).expect("an answer");
        assert_eq!(scanned.total_size, told.total_size, "{text}");
        assert!(!told.reason.is_empty() && !told.plans.is_empty(), "{text}");
    }
}

#[test]
fn explain_is_serialised_as_the_rest_api_does() {
    let world = World::new(41, 1_000, false);
    let db = world.store.system();
    let n_live = db.soql("SELECT COUNT() FROM Sale").expect("a count").total_size;
    let told = db.explain("SELECT Id FROM Sale WHERE Code = 'c10'").expect("a plan");
    let told = serde_json::to_value(&told).expect("a plan serialises");
    let wanted = json!({
        "plans": [{
            "cardinality": 1,
            "fields": ["Code"],
            "leadingOperationType": "Index",
            "notes": [{
                "description": "the condition names one value of a unique field",
                "fields": ["Code"],
                "tableEnumOrId": "Sale",
            }],
            "relativeCost": 1.0 / float(n_live),
            "sobjectCardinality": n_live,
            "sobjectType": "Sale",
        }],
    });
    assert_eq!(told, wanted);
    // Where several paths are weighed, each is told, and the best comes first.
    let told = db.explain("SELECT Id FROM Sale WHERE Title = 'zinc' AND Pieces = 4");
    let plans = told.expect("a plan").plans;
    let costs: Vec<_> = plans.iter().map(|plan| plan.relative_cost).collect();
    assert!(costs.len() >= 3 && costs.is_sorted(), "{costs:?}");
    assert!(plans.iter().any(|plan| plan.leading_operation_type == "TableScan"));
}

#[test]
fn the_smaller_side_of_a_semi_join_is_run_first() {
    let world = World::new(42, 3_000, false);
    let db = world.store.system();
    let read = |db: &Connection, text: &str| db.explain(text).expect("a plan").records_read;
    // The shops are few, and the sales of them are found by an index.
    let few = "SELECT Id FROM Shop WHERE Id IN (SELECT ShopId FROM Sale) AND Name = 'Shop 9'";
    let shop = db.soql("SELECT Id FROM Shop WHERE Name = 'Shop 9'").expect("a shop");
    assert_eq!(shop.total_size, 1);
    assert_eq!(db.soql(few).expect("an answer").total_size, 1);
    assert!(read(&db, few) <= 2);
    let none = "SELECT COUNT() FROM Shop WHERE Id NOT IN (SELECT ShopId FROM Sale)";
    let scanned = db.soql(Soql::new(none).reading_all()).expect("an answer").total_size;
    assert_eq!(db.soql(none).expect("an answer").total_size, scanned);
}
