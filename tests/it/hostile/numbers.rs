//! Decimal numbers whose bits differ where their values do not, or the other way around.

use serde_json::json;
use sobject_core::{Error, Id, SObject, Store};

use crate::desk::{map, refused, verify};

/// A measure that no two records share.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0M")]
struct Measure {
    #[field(create, update, filter, sort, unique)]
    weight: f64,
    #[field(create, update, filter, sort, index, nillable)]
    height: Option<f64>,
}

fn measure(store: &Store, weight: f64) -> Result<Id<Measure>, Error> {
    let height = Some(weight);
    store.system().create(MeasureCreate { height, ..MeasureCreate::new(weight) })
}

#[test]
fn minus_zero_is_zero_in_every_index_and_comparison() {
    let store = Store::in_memory(&[Measure::OBJECT]).unwrap();
    let db = store.system();
    let zero = measure(&store, -0.0).unwrap();
    for taken in [0.0, -0.0] {
        assert!(matches!(measure(&store, taken), Err(Error::Duplicate { .. })));
        assert_eq!(db.find(Measure::FIELDS.weight, taken).unwrap().len(), 1, "{taken}");
        assert_eq!(db.find(Measure::FIELDS.height, taken).unwrap().len(), 1, "{taken}");
        assert_eq!(db.find_range(Measure::FIELDS.height, taken..=taken).unwrap().len(), 1);
        assert_eq!(db.find_range(Measure::FIELDS.height, taken..).unwrap().len(), 1, "{taken}");
        assert_eq!(db.find_range(Measure::FIELDS.height, ..=taken).unwrap().len(), 1, "{taken}");
        assert_eq!(db.find_range(Measure::FIELDS.height, ..taken).unwrap().len(), 0, "{taken}");
        let untyped = db.object("Measure").unwrap();
        for given in [json!(taken), json!(taken.to_string())] {
            assert_eq!(untyped.find("Weight", given.clone()).unwrap().len(), 1, "{given}");
            assert_eq!(untyped.find("Height", given).unwrap().len(), 1);
        }
        assert_eq!(
            refused(untyped.create(&map(&json!({ "Weight": taken })))).code,
            "DUPLICATE_VALUE"
        );
    }
    let weight = db.get(zero).unwrap().weight;
    assert!(weight.is_sign_positive(), "{weight:?}");
    verify(&store);
}

#[test]
fn neighbours_are_two_and_what_is_no_number_is_refused() {
    let store = Store::in_memory(&[Measure::OBJECT]).unwrap();
    let db = store.system();
    let sum = 0.1 + 0.2;
    let (of_sum, of_third) = (measure(&store, sum).unwrap(), measure(&store, 0.3).unwrap());
    for (value, id) in [(sum, of_sum), (0.3, of_third)] {
        let found = db.find(Measure::FIELDS.weight, value).unwrap();
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
    }
    let between = db.find_range(Measure::FIELDS.height, 0.3..sum).unwrap();
    assert_eq!(between.iter().map(|it| it.id).collect::<Vec<_>>(), [of_third]);
    for far in [1e300, -1e300, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e18] {
        let refusal = refused(measure(&store, far));
        assert_eq!(refusal.code, "NUMBER_OUTSIDE_VALID_RANGE", "{far}");
        assert_eq!(db.find(Measure::FIELDS.weight, far).unwrap(), [], "{far}");
        assert_eq!(db.find_range(Measure::FIELDS.height, far..=far).unwrap(), [], "{far}");
    }
    for near in [f64::MIN_POSITIVE, 5e-324, -5e-324, 999_999_999_999_999_900.0] {
        let id = measure(&store, near).unwrap();
        assert_eq!(db.get(id).unwrap().weight.to_bits(), near.to_bits());
        assert_eq!(db.find(Measure::FIELDS.weight, near).unwrap().len(), 1, "{near}");
    }
    verify(&store);
}
