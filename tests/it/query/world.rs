//! Random records, in a store and beside it as plain values.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use sobject_core::{KeyPrefix, ManualClock, ObjectDescribe, RecordId, SObject, Store};

use super::org::{OBJECTS, Shop};
use crate::desk::{MORNING, at, verify};

/// A generator of random numbers: small, and the same on every machine.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("a small number")
    }

    /// Does it happen, `n` times of a hundred?
    pub(super) fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    /// One of these.
    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// A small count as a number with a point.
pub(super) fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).expect("a small count"))
}

/// A record as plain values: what JSON has of each field. `Id` and `IsDeleted` are among them.
pub(super) type Plain = BTreeMap<&'static str, Json>;

/// A store and what is in it.
pub(super) struct World {
    pub(super) store: Store,
    pub(super) sales: Vec<Plain>,
    pub(super) shops: Vec<Plain>,
    /// Users and groups, each with `Type`: what the sales are owned by.
    pub(super) owners: Vec<Plain>,
}

pub(super) const TITLES: &[&str] = &[
    "Anvil",
    "anvil",
    "ANVIL large",
    "Bolt",
    "bolt_5%",
    "Straße",
    "STRASSE",
    "Çelik",
    "zinc",
    "Öl",
];
pub(super) const REMARKS: &[&str] = &["late", "Late", "paid in full", "50%", "under_score"];
pub(super) const STAGES: &[&str] = &["Rumour", "Offer", "Won", "Lost"];
pub(super) const TAGS: &[&str] = &["Red", "Green", "Blue"];
pub(super) const TOWNS: &[&str] = &["Bergen", "bergen", "Oslo", "Ålesund"];
/// Instances of ids in an order that is not that in which the store meets them.
const INSTANCES: &[&str] = &["Zz0", "000", "aB0", "5g0"];

impl World {
    /// A world of so many sales. With `odd` ids, some are too great to be packed.
    pub(super) fn new(seed: u64, n_sales: usize, odd: bool) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let others: Vec<_> = OBJECTS.iter().copied().filter(|it| it.name != Shop::NAME).collect();
        let builder = Store::builder().clock(clock).described(shop_with_children());
        Self::filled(builder.in_memory(&others).expect("a store opens"), seed, n_sales, odd)
    }

    /// The same world in a store that was opened with the structs of all objects, which typed queries
    /// need; there sales have no name that queries for children could use.
    pub(super) fn of_structs(seed: u64, n_sales: usize, odd: bool) -> Self {
        let builder = Store::builder().clock(ManualClock::at(at(MORNING)));
        Self::filled(builder.in_memory(OBJECTS).expect("a store opens"), seed, n_sales, odd)
    }

    fn filled(store: Store, seed: u64, n_sales: usize, odd: bool) -> Self {
        let dice = &mut Dice::new(seed);
        let mut owners = Vec::new();
        for n in 0..6 {
            let is_group = n % 2 == 0;
            let prefix = if is_group { "00G" } else { "005" };
            let id = id(prefix, INSTANCES[n % 4], n + 1, false);
            let name = format!("Owner {}", ["b", "A", "c"][n / 2]);
            let mut owner = Plain::from([
                ("Id", json!(id)),
                ("Name", json!(name)),
                ("Type", json!(if is_group { "Group" } else { "User" })),
                ("IsDeleted", json!(false)),
            ]);
            if !is_group {
                owner.insert("Username", json!(format!("user{n}@example.com")));
            }
            owners.push(owner);
        }
        let mut shops = Vec::new();
        for n in 0..8 {
            shops.push(Plain::from([
                ("Id", json!(id("a0H", INSTANCES[n % 4], n + 1, odd && n == 3))),
                ("IsDeleted", json!(n == 7)),
                ("Name", json!(format!("Shop {}", 9 - n))),
                ("Town", maybe(dice, 20, |dice| json!(dice.pick(TOWNS)))),
                ("Open", maybe(dice, 20, |dice| json!(dice.percent(50)))),
            ]));
        }
        let mut sales = Vec::new();
        for n in 0..n_sales {
            let id = id("a0L", dice.pick::<&str>(INSTANCES), n + 1, odd && dice.percent(10));
            sales.push(sale(dice, &id, n, &shops, &owners));
        }
        let mut world = Self { store, sales: Vec::new(), shops: Vec::new(), owners: Vec::new() };
        for (object, prefix) in [("Group", "00G"), ("User", "005")] {
            let of = owners.iter().filter(|owner| text(owner, "Id").starts_with(prefix));
            world.put(object, &of.cloned().collect::<Vec<_>>());
        }
        world.put("Shop", &shops);
        world.put("Sale", &sales);
        (world.sales, world.shops, world.owners) = (sales, shops, owners);
        verify(&world.store);
        world
    }

    fn put(&self, object: &str, records: &[Plain]) {
        let records: Vec<_> = records.iter().map(|record| sent(object, record)).collect();
        let put = self.store.replica().put_many(object, &records).expect("records are put");
        for (result, record) in put.into_iter().zip(&records) {
            result.unwrap_or_else(|error| panic!("{object} {record:?} is put: {error}"));
        }
    }
}

/// The describe of a shop, in which the sales have the name that queries for children need.
pub(super) fn shop_with_children() -> ObjectDescribe {
    let store = Store::in_memory(OBJECTS).expect("a store opens");
    let describe = store.system().describe::<Shop>().expect("a describe");
    let mut describe = serde_json::to_value(&describe).expect("a describe serialises");
    let children = describe["childRelationships"].as_array_mut().expect("a list");
    let sales = children.iter_mut().find(|it| it["childSObject"] == "Sale");
    sales.expect("sales are children")["relationshipName"] = json!("Sales");
    serde_json::from_value(describe).expect("a describe is read")
}

/// A random sale.
pub(super) fn sale(
    dice: &mut Dice,
    id: &str,
    n: usize,
    shops: &[Plain],
    owners: &[Plain],
) -> Plain {
    let stage = maybe(dice, 20, |dice| json!(dice.pick(STAGES)));
    Plain::from([
        ("Id", json!(id)),
        ("IsDeleted", json!(dice.percent(10))),
        (
            "Code",
            maybe(dice, 40, |_| {
                json!(format!("{}{n}", if n.is_multiple_of(2) { "c" } else { "C" }))
            }),
        ),
        ("Title", maybe(dice, 20, |dice| json!(dice.pick(TITLES)))),
        ("Remark", maybe(dice, 20, |dice| json!(dice.pick(REMARKS)))),
        ("Stage", stage),
        ("Amount", maybe(dice, 20, |dice| json!(float(dice.below(40)) / 2.0 - 5.0))),
        ("Pieces", maybe(dice, 20, |dice| json!(i64::try_from(dice.below(12)).unwrap() - 3))),
        ("SoldOn", maybe(dice, 20, |dice| json!(format!("2026-02-{:02}", 20 + dice.below(9))))),
        (
            "SoldAt",
            maybe(dice, 20, |dice| {
                json!(format!(
                    "2026-02-{:02}T{:02}:30:00.000+0000",
                    20 + dice.below(9),
                    dice.below(24)
                ))
            }),
        ),
        ("Paid", maybe(dice, 20, |dice| json!(dice.percent(50)))),
        (
            "Tags",
            maybe(dice, 20, |dice| {
                let some: Vec<_> = TAGS.iter().copied().filter(|_| dice.percent(50)).collect();
                if some.is_empty() { Json::Null } else { json!(some.join(";")) }
            }),
        ),
        ("ShopId", maybe(dice, 20, |dice| dice.pick(shops)["Id"].clone())),
        ("OwnerId", dice.pick(owners)["Id"].clone()),
    ])
}

/// A value, or null so many times of a hundred.
fn maybe(dice: &mut Dice, nulls: usize, value: impl FnOnce(&mut Dice) -> Json) -> Json {
    if dice.percent(nulls) { Json::Null } else { value(dice) }
}

/// The text of a field.
pub(super) fn text<'p>(plain: &'p Plain, field: &str) -> &'p str {
    plain[field].as_str().expect("a text")
}

/// The id with 18 characters. An odd one has a number that is too great to be packed.
fn id(prefix: &str, instance: &str, number: usize, odd: bool) -> String {
    let prefix = KeyPrefix::new(prefix).expect("a key prefix");
    let instance = instance.as_bytes().try_into().expect("three characters");
    let number = number as u64 + if odd { 1 << 50 } else { 0 };
    RecordId::from_parts(prefix, instance, number).expect("an id").to_string()
}

/// A record as its source sends it.
fn sent(object: &str, plain: &Plain) -> Map<String, Json> {
    let mut record = Map::new();
    for (field, value) in plain {
        let has_field = match *field {
            "Type" => false,
            "IsDeleted" => matches!(object, "Shop" | "Sale"),
            _ => true,
        };
        if has_field {
            record.insert((*field).to_owned(), value.clone());
        }
    }
    let user = id("005", INSTANCES[1], 2, false);
    for field in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        record.insert(field.to_owned(), json!("2026-01-01T08:00:00.000+0000"));
    }
    for field in ["CreatedById", "LastModifiedById"] {
        record.insert(field.to_owned(), json!(user));
    }
    record
}
