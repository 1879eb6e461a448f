//! [`Strict`] and [`Reported`]: what becomes of the keys of JSON that there is no place for.

use serde::{Deserialize, Deserializer};

use super::{FromJson, deserialize_with, read::Others};

/// Reads an org's JSON, and refuses keys that there is no place for, all names in one error.
///
/// Views do so anyway. A struct and a record pass such keys over unless they are read through this.
/// Their system fields, `attributes` and the records that their references lead to have a place.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Strict, standard::Group};
///
/// let sent = r#"{ "Name": "Night Shift", "Colour__c": "Blue", "Id": "00GHs00000A1b2cMAB" }"#;
/// assert!(serde_json::from_str::<Group>(sent).is_ok());
/// let error = serde_json::from_str::<Strict<Group>>(sent).unwrap_err();
/// assert!(error.to_string().starts_with("Group has no field Colour__c"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strict<R>(pub R);

impl<'de, R: FromJson> Deserialize<'de> for Strict<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_with(deserializer, Others::Refuse).map(Self)
    }
}

/// Reads an org's JSON, passes keys over that there is no place for, and tells which.
///
/// Of a view, these are also the fields that its call does not set, so that a whole record can be
/// read as what a create takes.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Reported, standard::GroupCreate};
///
/// let sent = r#"{ "Id": "00GHs00000A1b2cMAB", "Name": "Night Shift", "Colour__c": "Blue" }"#;
/// let read: Reported<GroupCreate> = serde_json::from_str(sent)?;
/// assert_eq!(read.value, GroupCreate::new("Night Shift"));
/// assert_eq!(read.passed_over, ["Id", "Colour__c"]);
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported<R> {
    /// What was read.
    pub value: R,
    /// The keys that were passed over: fields that the call does not set by their API names, then
    /// others as they were written.
    pub passed_over: Vec<String>,
}

impl<'de, R: FromJson> Deserialize<'de> for Reported<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut passed_over = Vec::new();
        let value = deserialize_with(deserializer, Others::Report(&mut passed_over))?;
        Ok(Self { value, passed_over })
    }
}
