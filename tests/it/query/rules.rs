//! Rules of the language that a caller could trip over, as tables.

use sobject_core::{FieldRight, ObjectRight, Permissions, Soql};

use super::world::World;

/// Queries that are refused, with the code and what the message ends with.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "SELECT Title x FROM Sale",
        "MALFORMED_QUERY",
        "only aggregate expressions use field aliasing",
    ),
    ("SELECT Id, id FROM Sale", "INVALID_FIELD", "duplicate field selected: Id"),
    (
        "SELECT Shop.Name, Owner.Name FROM Sale GROUP BY Shop.Name, Owner.Name",
        "MALFORMED_QUERY",
        "duplicate alias: Name",
    ),
    (
        "SELECT COUNT(Id) FROM Sale LIMIT 1",
        "MALFORMED_QUERY",
        "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
    ),
    (
        "SELECT COUNT(Id) FROM Sale OFFSET 1",
        "MALFORMED_QUERY",
        "Non-grouped query that uses overall aggregate functions cannot also use OFFSET",
    ),
    (
        "SELECT Id FROM Sale OFFSET 2001",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "Maximum SOQL offset allowed is 2000",
    ),
    (
        "SELECT Id FROM Sale WHERE Id = 'ZZZ'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid ID field: ZZZ",
    ),
    (
        "SELECT Id FROM Sale WHERE ShopId LIKE 'a%'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid operator on id field",
    ),
    (
        "SELECT Id FROM Sale WHERE Tags LIKE 'R%'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid operator on multipicklist field",
    ),
    (
        "SELECT SUM(Title) FROM Sale",
        "MALFORMED_QUERY",
        "field Title does not support aggregate operator SUM",
    ),
    (
        "SELECT MAX(Paid) FROM Sale",
        "MALFORMED_QUERY",
        "field Paid does not support aggregate operator MAX",
    ),
    (
        "SELECT Title FROM Sale GROUP BY Stage",
        "MALFORMED_QUERY",
        "Field must be grouped or aggregated: Title",
    ),
    (
        "SELECT Stage FROM Sale GROUP BY Stage ORDER BY Title",
        "MALFORMED_QUERY",
        "Ordered field must be grouped or aggregated: Title",
    ),
    (
        "SELECT COUNT(Id), MAX(Title) FROM Sale GROUP BY Title",
        "MALFORMED_QUERY",
        "Grouped field should not be aggregated: Title",
    ),
    (
        "SELECT Owner.Title__c FROM Sale",
        "INVALID_FIELD",
        "describe call for the appropriate names.",
    ),
    (
        "SELECT TYPEOF Owner WHEN User THEN Username END, Owner.Name FROM Sale",
        "INVALID_FIELD",
        "duplicate field selected: Owner",
    ),
    (
        "SELECT Owner.Name, TYPEOF Owner WHEN User THEN Username END FROM Sale",
        "INVALID_FIELD",
        "duplicate field selected: Owner",
    ),
    (
        "SELECT TYPEOF Owner WHEN User THEN Username END, FORMAT(Amount) FROM Sale",
        "MALFORMED_QUERY",
        "functions cannot be used with TYPEOF",
    ),
    (
        "SELECT TYPEOF Shop WHEN Shop THEN Name END FROM Sale",
        "MALFORMED_QUERY",
        "TYPEOF cannot be used with Shop, which leads to one object",
    ),
    (
        "SELECT Id FROM Sale WHERE ShopId IN (SELECT Id FROM Shop) OR Title = 'x'",
        "MALFORMED_QUERY",
        "Semi join sub-selects are not allowed with the 'OR' operator",
    ),
    (
        "SELECT Id FROM Sale WHERE Id IN (SELECT Id FROM Sale)",
        "MALFORMED_QUERY",
        "The inner and outer selects should not be on the same object type",
    ),
    (
        "SELECT Id FROM Sale WHERE SoldOn = 1699-12-31",
        "MALFORMED_QUERY",
        "Invalid date: 1699-12-31",
    ),
    (
        "SELECT Id FROM Sale WHERE SoldAt = 4001-01-01T00:00:00Z",
        "MALFORMED_QUERY",
        "Invalid datetime: 4001-01-01T00:00:00Z",
    ),
    (
        "SELECT Id FROM Sale WHERE SoldOn = 2026-02-20T00:00:00Z",
        "INVALID_FIELD",
        "must be of type date and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Shop USING SCOPE mine",
        "MALFORMED_QUERY",
        "USING SCOPE mine of Shop, which has no owner, is not supported",
    ),
    (
        "SELECT FIELDS(ALL) FROM Sale",
        "MALFORMED_QUERY",
        "The SOQL FIELDS function must have a LIMIT of at most 200",
    ),
];

#[test]
fn what_the_language_forbids_is_refused() {
    let world = World::new(50, 20, false);
    let db = world.store.system();
    for (text, code, message) in REFUSED {
        match db.soql(*text) {
            Ok(found) => panic!("{text} finds {}", found.total_size),
            Err(error) => {
                assert_eq!(error.status_code().as_str(), *code, "{text}: {error}");
                assert!(error.message().ends_with(message), "{text}: {error}");
            }
        }
    }
}

/// Pairs of queries that find as many records.
const ALIKE: &[(&str, &str)] = &[
    // An empty text is null.
    ("Title = ''", "Title = null"),
    ("Title != ''", "Title != null"),
    ("Title > ''", "Title != null"),
    // Null is matched by what negates, and by no order.
    ("Title != 'zinc'", "NOT Title = 'zinc'"),
    ("Title NOT IN ('zinc')", "Title != 'zinc'"),
    ("NOT Pieces < 3", "Pieces >= 3 OR Pieces = null"),
    ("Tags EXCLUDES ('Red')", "NOT Tags INCLUDES ('Red')"),
    // A boolean of nothing is false, whether the record or its parent has none.
    ("Paid = false", "Paid != true"),
    ("Paid = null", "Paid = false"),
    ("Shop.Open = false", "Shop.Open != true"),
    // Parents are outer joins.
    ("Shop.Name = null", "ShopId = null OR Shop.Id = null"),
    // Picklists are ordered by their lists.
    ("Stage > 'Offer'", "Stage IN ('Won', 'lost')"),
    ("Stage <= 'Offer'", "Stage IN ('RUMOUR', 'Offer')"),
    // The literals of days are those of the clock.
    ("SoldOn = YESTERDAY", "SoldOn = 2026-02-28"),
    ("SoldOn = LAST_N_DAYS:3", "SoldOn >= 2026-02-26 AND SoldOn <= 2026-03-01"),
    ("SoldAt < LAST_N_DAYS:3", "SoldAt < 2026-02-26T00:00:00Z"),
    ("DAY_IN_MONTH(SoldOn) = 21", "SoldOn = 2026-02-21"),
    (
        "DAY_ONLY(SoldAt) = 2026-02-21",
        "SoldAt >= 2026-02-21T00:00:00Z AND SoldAt < 2026-02-22T00:00:00Z",
    ),
    ("Pieces > 2.5", "Pieces >= 3"),
    ("Pieces = 2.5", "Pieces > 100"),
    ("Title LIKE 'anvil%'", "Title LIKE 'ANVIL%'"),
    ("Title = 'strasse'", "Title = 'Straße'"),
];

#[test]
fn conditions_that_mean_the_same_find_the_same() {
    let world = World::new(51, 500, false);
    let db = world.store.system();
    let ids = |cond: &str| {
        let text = format!("SELECT Id FROM Sale WHERE {cond}");
        db.soql(text.as_str()).unwrap_or_else(|error| panic!("{text}: {error}")).records
    };
    let n_live = db.soql("SELECT COUNT() FROM Sale").expect("a count").total_size;
    for (a, b) in ALIKE {
        let (found, wanted) = (ids(a), ids(b));
        assert_eq!(found, wanted, "{a} and {b}");
        let is_empty = *a == "Pieces = 2.5";
        assert!(found.is_empty() == is_empty && found.len() < n_live, "{a} finds {}", found.len());
    }
}

#[test]
fn a_field_of_the_parents_that_the_caller_may_not_read_looks_unknown() {
    let world = World::new(52, 50, false);
    let owner: sobject_core::RecordId =
        world.owners[1]["Id"].as_str().expect("an id").parse().expect("a user");
    let mut permissions = Permissions::none();
    for object in ["Sale", "User", "Group"] {
        permissions = permissions.grant(object, [ObjectRight::Read]);
        permissions = permissions.grant_fields(object, FieldRight::Read);
    }
    let connect = |permissions| world.store.connect(sobject_core::Caller::user(owner, permissions));
    let all = connect(permissions.clone());
    let narrow = connect(permissions.mute_field(("User", "Email"), FieldRight::Read));
    // Nobody's email is known to the one, and there is no such field for the other.
    for text in [
        "SELECT Owner.Email FROM Sale",
        "SELECT Id FROM Sale WHERE Owner.Email = null",
        "SELECT Id FROM Sale ORDER BY Owner.Email",
        "SELECT Owner.Email, COUNT(Id) FROM Sale GROUP BY Owner.Email",
        "SELECT COUNT(Owner.Email) FROM Sale",
    ] {
        all.soql(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let error = narrow.soql(text).expect_err(text);
        assert_eq!(error.status_code().as_str(), "INVALID_FIELD", "{text}");
        assert!(error.message().contains("No such column 'Email' on entity 'Name'"), "{error}");
    }
    // An object that is hidden is no parent, and no object.
    for (text, code) in [
        ("SELECT Shop.Name FROM Sale", "INVALID_FIELD"),
        ("SELECT Id FROM Shop", "INVALID_TYPE"),
        ("SELECT Id FROM Sale WHERE ShopId IN (SELECT Id FROM Shop)", "INVALID_TYPE"),
    ] {
        assert_eq!(all.soql(text).expect_err(text).status_code().as_str(), code, "{text}");
    }
}

#[test]
fn no_rows_are_no_rows_and_aggregates_over_nothing_are_one() {
    let world = World::new(53, 100, false);
    let db = world.store.system();
    for text in [
        "SELECT Id FROM Sale LIMIT 0",
        "SELECT Id FROM Sale ORDER BY Title LIMIT 0",
        "SELECT Stage FROM Sale GROUP BY Stage LIMIT 0",
        "SELECT COUNT() FROM Sale LIMIT 0",
        "SELECT Stage FROM Sale WHERE Pieces > 100 GROUP BY Stage",
        "SELECT Stage FROM Sale GROUP BY Stage LIMIT 10 OFFSET 10",
    ] {
        let found = db.soql(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((found.total_size, found.records.len()), (0, 0), "{text}");
    }
    let found =
        db.soql("SELECT COUNT(Id) n, SUM(Amount) s, MAX(Title) t FROM Sale WHERE Pieces > 100");
    let found = found.expect("an answer");
    assert_eq!(found.total_size, 1);
    let row = &found.records[0];
    assert_eq!((row["n"].as_i64(), row["s"].is_null(), row["t"].is_null()), (Some(0), true, true));
    // The least of a picklist is the first of its list, and the greatest the last.
    let found = db.soql("SELECT MIN(Stage) a, MAX(Stage) b FROM Sale").expect("an answer");
    assert_eq!(
        (&found.records[0]["a"], &found.records[0]["b"]),
        (&"Rumour".into(), &"Lost".into())
    );
}

#[test]
fn children_come_under_their_parents_each_within_its_limit() {
    let world = World::new(54, 200, true);
    let db = world.store.system();
    let text = "SELECT Name, (SELECT Title, Shop.Name FROM Sales WHERE Paid = true ORDER BY Pieces \
                DESC NULLS LAST LIMIT 3) FROM Shop";
    let found = match db.soql(text) {
        Ok(found) => found,
        Err(error) => panic!("{error}"),
    };
    for shop in &found.records {
        let name = shop["Name"].as_str().expect("a name");
        let text = format!(
            "SELECT Title, Shop.Name FROM Sale WHERE Shop.Name = '{name}' AND Paid = true \
             ORDER BY Pieces DESC NULLS LAST LIMIT 3"
        );
        let alone = db.soql(text).expect("the children alone").records;
        let children = shop["Sales"]["records"].as_array().cloned().unwrap_or_default();
        let alone: Vec<serde_json::Value> = alone.into_iter().map(Into::into).collect();
        assert_eq!(children, alone, "{name}");
        assert_eq!(shop["Sales"].is_null(), children.is_empty(), "{name}");
    }
    assert!(found.records.iter().any(|shop| shop["Sales"]["totalSize"] == 3));
}

#[test]
fn children_beyond_a_batch_are_found_by_their_locator() {
    let world = World::new(56, 2_400, false);
    let db = world.store.system();
    let text = "SELECT Name, (SELECT Title FROM Sales ORDER BY Pieces DESC) FROM Shop";
    let whole = db.session().expect("a session").soql(text).expect("an answer").records;
    let found = db.soql(Soql::new(text).batch_size(200)).expect("an answer").records;
    assert_eq!(found.len(), whole.len());
    let mut n_batches = 0;
    for (shop, whole) in found.iter().zip(&whole) {
        let wanted = whole["Sales"]["records"].as_array().cloned().unwrap_or_default();
        let children = &shop["Sales"];
        let mut records = children["records"].as_array().cloned().unwrap_or_default();
        if wanted.is_empty() {
            assert!(children.is_null());
            continue;
        }
        assert_eq!(children["totalSize"], wanted.len(), "{shop:?}");
        assert_eq!(children["done"], wanted.len() <= 200, "{shop:?}");
        assert_eq!(records.len(), wanted.len().min(200), "{shop:?}");
        let mut next = children["nextRecordsUrl"].as_str().map(str::to_owned);
        while let Some(locator) = next {
            let more = db.query_more(&locator.parse().expect("a locator")).expect("more children");
            assert_eq!(more.total_size, wanted.len());
            records.extend(more.records.into_iter().map(serde_json::Value::Object));
            next = more.next.map(|next| next.to_string());
            n_batches += 1;
        }
        assert_eq!(records, wanted, "{shop:?}");
    }
    assert!(n_batches > 2, "{n_batches} further batches");
}

#[test]
fn aggregates_are_formatted_for_people() {
    let world = World::new(55, 300, false);
    let db = world.store.system();
    let text = "SELECT FORMAT(MAX(SoldOn)) day, FORMAT(SUM(Pieces)) n, FORMAT(COUNT(Id)) c, \
                SUM(Pieces) s, COUNT(Id) FROM Sale";
    let row = &db.soql(text).expect("an answer").records[0];
    assert_eq!(row["day"], "2/28/2026");
    assert_eq!(row["n"], format!("{}", row["s"].as_f64().expect("a sum")));
    assert_eq!(row["c"], row["expr0"].to_string());
    let by = "SELECT Stage, FORMAT(MAX(SoldOn)) day FROM Sale GROUP BY Stage ORDER BY MAX(SoldOn)";
    assert_eq!(db.soql(by).expect("an answer").total_size, 5);
    let refused = db.soql("SELECT Stage FROM Sale GROUP BY Stage ORDER BY FORMAT(MAX(SoldOn))");
    let error = refused.expect_err("FORMAT has no order");
    assert!(error.message().ends_with("FORMAT cannot be used in HAVING and ORDER BY"), "{error}");
}
