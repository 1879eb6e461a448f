//! Decimal numbers of the three types, as structs and as JSON: every digit right of the point stays,
//! in records, defaults and indexes, and those left of it are counted.

use serde_json::json;
use sobject_core::{Error, Patch, Problem, SObject, Store};

use crate::desk::{map, verify};

/// A price with more digits than people see of it.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(name = "Price", key_prefix = "a0Y", label = "Price", plural = "Prices")]
struct Price {
    #[field(create, update, filter, sort, unique, precision = 6, scale = 2, label = "Weight")]
    weight: f64,
    #[field(create, update, filter, sort, index, type = currency, precision = 6, scale = 2)]
    amount: f64,
    #[field(create, update, filter, sort, index, type = percent, precision = 5, scale = 0)]
    share: f64,
    #[field(create, update, type = currency, default = 0.125, precision = 6, scale = 1)]
    fee: f64,
    #[field(create, update, nillable, type = percent)]
    rate: Option<f64>,
}

#[test]
fn decimals_keep_their_digits_as_structs_and_as_json() {
    let store = Store::in_memory(&[Price::OBJECT]).unwrap();
    let db = store.system();
    let [weight, amount, share] = [1_234.567_89, -0.009, 99_999.999_999];
    let id =
        db.create(PriceCreate { rate: Some(12.345), ..PriceCreate::new(weight, amount, share) });
    let id = id.unwrap();
    let price = db.get(id).unwrap().fields;
    let expected = Price { weight, amount, share, fee: 0.125, rate: Some(12.345) };
    assert_eq!(price, expected);
    let json = db.object("Price").unwrap().get(id.record_id()).unwrap();
    for (field, value) in
        [("Weight", weight), ("Amount", amount), ("Share", share), ("Fee", 0.125), ("Rate", 12.345)]
    {
        assert_eq!(json[field], value, "{field}");
    }

    let update = PriceUpdate {
        weight: 0.001.into(),
        amount: (0.1 + 0.2).into(),
        share: 1e-9.into(),
        fee: 0.05.into(),
        rate: Patch::NULL,
    };
    db.update(id, &update).unwrap();
    let price = db.get(id).unwrap().fields;
    let expected = Price { weight: 0.001, amount: 0.1 + 0.2, share: 1e-9, fee: 0.05, rate: None };
    assert_eq!(price, expected);
    let text = json!({ "Weight": "0.0001", "Amount": 2.999, "Share": "0.5", "Rate": "1e-3" });
    db.object("Price").unwrap().update(id.record_id(), &map(&text)).unwrap();
    let price = db.get(id).unwrap().fields;
    let expected =
        Price { weight: 0.0001, amount: 2.999, share: 0.5, fee: 0.05, rate: Some(0.001) };
    assert_eq!(price, expected);
    verify(&store);
}

#[test]
fn decimals_are_found_and_compared_by_all_of_their_digits() {
    let store = Store::in_memory(&[Price::OBJECT]).unwrap();
    let db = store.system();
    let amounts = [1.23, 1.231, 1.239, 1.24];
    let ids = amounts.map(|it| db.create(PriceCreate::new(it, it, it)).unwrap());
    for (amount, id) in amounts.into_iter().zip(ids) {
        let found = [
            db.find(Price::FIELDS.weight, amount).unwrap(),
            db.find(Price::FIELDS.amount, amount).unwrap(),
            db.find(Price::FIELDS.share, amount).unwrap(),
        ];
        for found in found {
            assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [id], "{amount}");
        }
        let taken = db.create(PriceCreate::new(amount, 0.0, 0.0));
        assert!(matches!(taken, Err(Error::Duplicate { .. })), "{amount}: {taken:?}");
    }
    let between = db.find_range(Price::FIELDS.amount, 1.231..1.24).unwrap();
    assert_eq!(between.iter().map(|it| it.id).collect::<Vec<_>>(), ids[1..3]);
    verify(&store);
}

#[test]
fn decimals_have_so_many_digits_left_of_the_point() {
    let store = Store::in_memory(&[Price::OBJECT]).unwrap();
    let db = store.system();
    for (price, field, printed) in [
        (PriceCreate::new(10_000.0, 0.0, 0.0), "Weight", "10000.0"),
        (PriceCreate::new(9_999.999, -10_000.001, 0.0), "Amount", "-10000.001"),
        (PriceCreate::new(0.0, 9_999.999, 100_000.0), "Share", "100000.0"),
        (
            PriceCreate { rate: Some(1e16), ..PriceCreate::new(0.0, 0.0, 99_999.9) },
            "Rate",
            "1.0E16",
        ),
    ] {
        let Err(Error::BadValue(bad)) = db.create(price) else { panic!("{field}") };
        assert_eq!((&*bad.field, bad.problem), (field, Problem::OutOfRange));
        assert_eq!(bad.value, printed);
    }
    verify(&store);
}
