//! [`RestJson`]: JSON as the REST API writes it.
//!
//! **Invariant:** what is written reads back as the value that it was written of.

use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::{Map, Value as Json, value::RawValue};

/// A JSON value that is serialised with its numbers as the REST API writes them: doubles from ten
/// million up and below a thousandth have an exponent (`1.2345678E7`), all others a point
/// (`1234567.0`).
///
/// It is meant for the serialisers of `serde_json`; others cannot write a number in a form of its
/// own.
///
/// ```
/// use sobject_core::RestJson;
///
/// let revenue = serde_json::json!({ "AnnualRevenue": 12_345_678.0, "NumberOfEmployees": 12 });
/// let text = serde_json::to_string(&RestJson(&revenue))?;
/// assert_eq!(text, r#"{"AnnualRevenue":1.2345678E7,"NumberOfEmployees":12}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RestJson<'a>(pub &'a Json);

/// Records that are serialised as [`RestJson`] is.
pub(crate) struct RestRecords<'a>(pub(crate) &'a [Map<String, Json>]);

impl Serialize for RestJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                Some(value) => RawValue::from_string(double(value))
                    .map_err(S::Error::custom)?
                    .serialize(serializer),
                None => number.serialize(serializer),
            },
            Json::Array(list) => serializer.collect_seq(list.iter().map(RestJson)),
            Json::Object(map) => RestRecord(map).serialize(serializer),
            plain => plain.serialize(serializer),
        }
    }
}

impl Serialize for RestRecords<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(RestRecord))
    }
}

struct RestRecord<'a>(&'a Map<String, Json>);

impl Serialize for RestRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, RestJson(value))))
    }
}

/// The shortest digits that are this number and no other, in the form that Java gives them.
fn double(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn doubles_have_the_form_that_an_org_gives_them() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (157_200.0, "157200.0"),
            (1_234_567.0, "1234567.0"),
            (9_999_999.99, "9999999.99"),
            (10_000_000.0, "1.0E7"),
            (12_345_678.0, "1.2345678E7"),
            (-12_345_678.5, "-1.23456785E7"),
            (1e100, "1.0E100"),
            (0.001, "0.001"),
            (0.000_999, "9.99E-4"),
            (0.1, "0.1"),
            (f64::MAX, "1.7976931348623157E308"),
        ] {
            assert_eq!(double(value), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            let json = Json::from(value);
            let text = serde_json::to_string(&RestJson(&json)).expect("a number");
            prop_assert_eq!(serde_json::from_str::<Json>(&text).expect("a number"), json);
        }
    }
}
