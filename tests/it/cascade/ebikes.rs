//! The master-detail objects of a sample app of the platform, as derived structs: the words say what the
//! app's metadata says, and its records behave so.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value as Json, json};
use sobject_core::{
    Connection, Definition, Id, Picklist, RecordId, SObject, Store, standard::User,
};

use crate::desk::{map, nothing_changes, refused, verify};

/// A reseller.
#[derive(SObject)]
#[sobject(key_prefix = "001", label = "Account", plural = "Accounts")]
struct Account {
    #[field(create, filter, name_field, sort, update)]
    name: String,
    #[field(create, filter, nillable, sort, update)]
    billing_street: Option<String>,
    #[field(create, filter, nillable, sort, update)]
    billing_city: Option<String>,
    #[field(create, filter, nillable, sort, update)]
    billing_state: Option<String>,
    #[field(create, filter, nillable, sort, update)]
    billing_postal_code: Option<String>,
    #[field(create, filter, nillable, sort, update)]
    billing_country: Option<String>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a00", custom, name = "Product_Family__c")]
struct ProductFamily {
    #[field(create, filter, name_field, sort, update)]
    name: String,
    #[field(create, custom, nillable, update, type = textarea, length = 32768)]
    description: Option<String>,
    #[field(create, custom, filter, nillable, update)]
    category: Option<String>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a01", custom)]
struct Product {
    #[field(create, filter, name_field, sort, update)]
    name: String,
    #[field(
        create,
        nillable,
        update,
        name = "Product_Family__c",
        relationship = "Product_Family__r"
    )]
    product_family: Option<Id<ProductFamily>>,
    #[field(create, custom, nillable, update, type = textarea, length = 32768)]
    description: Option<String>,
    #[field(create, custom, nillable, update, name = "MSRP", type = currency)]
    msrp: Option<f64>,
    #[field(create, custom, nillable, update)]
    level: Option<String>,
    #[field(create, custom, nillable, update)]
    category: Option<String>,
}

/// How far an order is.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
enum Status {
    #[picklist(default)]
    Draft,
    #[picklist(value = "Submitted to Manufacturing")]
    Submitted,
    #[picklist(value = "Approved by Manufacturing")]
    Approved,
    #[picklist(value = "In Production")]
    InProduction,
}

#[derive(SObject)]
#[sobject(key_prefix = "a02", custom, label = "Reseller Order", plural = "Reseller Orders")]
struct Order {
    #[field(autonumber = "O-{00000}", defaulted_on_create, filter, name_field, sort)]
    name: String,
    #[field(create, custom, filter, update, on_delete = restrict, child_relationship = "Orders")]
    account: Id<Account>,
    #[field(create, custom, defaulted_on_create, filter, restricted, update)]
    status: Status,
}

#[derive(SObject)]
#[sobject(key_prefix = "a03", custom, name = "Order_Item__c", label = "Order Item")]
struct OrderItem {
    #[field(autonumber = "OI-{000000}", defaulted_on_create, filter, name_field, sort)]
    name: String,
    #[field(create, custom, filter, on_delete = cascade, child_relationship = "Order_Items")]
    order: Id<Order>,
    #[field(
        create, custom, filter, nillable, update, on_delete = set_null,
        child_relationship = "Order_Items"
    )]
    product: Option<Id<Product>>,
    #[field(create, custom, nillable, update, type = currency, precision = 6, scale = 0)]
    price: Option<f64>,
    #[field(
        create,
        custom,
        default = 1.0,
        nillable,
        update,
        name = "Qty_S",
        precision = 3,
        scale = 0
    )]
    qty_s: Option<f64>,
}

const OBJECTS: &[&Definition] = &[
    User::OBJECT,
    Account::OBJECT,
    ProductFamily::OBJECT,
    Product::OBJECT,
    Order::OBJECT,
    OrderItem::OBJECT,
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/ebikes")
}

/// What stands between the tags of this name, which metadata has once.
fn tag<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

#[test]
fn the_words_say_what_the_metadata_says() {
    let store = Store::in_memory(OBJECTS).unwrap();
    let mut n_references = 0;
    for child in ["Order__c", "Order_Item__c"] {
        for file in fs::read_dir(folder().join("objects").join(child).join("fields")).unwrap() {
            let xml = fs::read_to_string(file.unwrap().path()).unwrap();
            let Some(parent) = tag(&xml, "referenceTo") else { continue };
            let field = tag(&xml, "fullName").unwrap();
            let rule = match tag(&xml, "type").unwrap() {
                "MasterDetail" => "Cascade",
                _ => tag(&xml, "deleteConstraint").unwrap(),
            };
            let described = store.system().describe_sobject(parent).unwrap();
            let relations = &described.child_relationships;
            let said = relations.iter().find(|it| it.child_sobject == child && it.field == field);
            let said = said.unwrap_or_else(|| panic!("{parent} has no children by {field}"));
            let name = format!("{}__r", tag(&xml, "relationshipName").unwrap());
            assert_eq!(said.relationship_name.as_deref(), Some(name.as_str()), "{child}.{field}");
            let flags = (said.cascade_delete, said.restricted_delete);
            assert_eq!(flags, (rule == "Cascade", rule == "Restrict"), "{child}.{field}: {rule}");
            n_references += 1;
        }
    }
    assert_eq!(n_references, 3);
}

/// Loads the sample records in the order of their plan, and returns their ids by reference.
fn load(db: &Connection) -> BTreeMap<String, RecordId> {
    let read = |file: &str| -> Json {
        let text = fs::read_to_string(folder().join("data").join(file)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut ids = BTreeMap::new();
    for part in read("sample-data-plan.json").as_array().unwrap() {
        let object = db.object(part["sobject"].as_str().unwrap()).unwrap();
        for record in read(part["files"][0].as_str().unwrap())["records"].as_array().unwrap() {
            let known = db.describe_sobject(part["sobject"].as_str().unwrap()).unwrap();
            let mut map = map(record);
            let attributes = map.remove("attributes").unwrap();
            map.retain(|key, _| known.fields.iter().any(|field| field.name == *key));
            for value in map.values_mut() {
                let reference = value.as_str().and_then(|it| it.strip_prefix('@'));
                if let Some(id) = reference.map(|it| ids[it]) {
                    *value = json!(id);
                }
            }
            let id = object.create(&map).unwrap();
            ids.insert(attributes["referenceId"].as_str().unwrap().to_owned(), id);
        }
    }
    ids
}

#[test]
fn orders_keep_their_reseller_and_take_their_items_along() {
    let store = Store::in_memory(OBJECTS).unwrap();
    let db = store.system();
    let ids = load(&db);
    assert_eq!(ids.len(), 23, "every record of the plan");
    let account = Id::<Account>::new(ids["AccountRef1"]);
    let product = Id::<Product>::new(ids["Product__cRef1"]);
    let order = db.create(OrderCreate::new(account)).unwrap();
    assert_eq!(db.get(order).unwrap().status, Status::Draft);
    let items: Vec<_> = (0..3)
        .map(|n| {
            let price = Some(f64::from(n));
            let product = Some(product);
            db.create(OrderItemCreate { product, price, ..OrderItemCreate::new(order) }).unwrap()
        })
        .collect();

    nothing_changes(&store, || {
        let refusal = refused(db.delete(account));
        assert_eq!(refusal.code, "DELETE_FAILED");
        assert!(refusal.message.contains("reseller orders.: O-00001"), "{refusal:?}");
    });
    db.delete(product).unwrap();
    assert!(items.iter().all(|id| db.get(*id).unwrap().product.is_none()));
    db.delete(order).unwrap();
    assert_eq!(db.count::<OrderItem>().unwrap(), 0);
    db.delete(account).unwrap();
    verify(&store);

    // The order does not come back to a reseller that is gone.
    nothing_changes(&store, || drop(db.undelete(order).unwrap_err()));
    db.undelete(account).unwrap();
    db.undelete(order).unwrap();
    db.undelete(product).unwrap();
    for (n, id) in items.iter().enumerate() {
        let item = db.get(*id).unwrap();
        assert_eq!((item.order, item.product), (order, Some(product)), "item {n}");
    }
    let query = "SELECT Name, (SELECT Name, Product__r.Name FROM Order_Items__r) FROM Order__c";
    let rows = serde_json::to_value(db.soql(query).unwrap()).unwrap();
    assert_eq!(rows["records"][0]["Order_Items__r"]["totalSize"], 3);
    verify(&store);
}
