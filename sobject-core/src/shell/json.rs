//! Structs, records and views as an org's JSON, in both directions, by serde.
//!
//! | room | what |
//! |---|---|
//! | `read` | the one reader of JSON: from a map to the values of a record, by the definition |
//! | `key` | what a key of such a map means |
//! | `value` | what a value of such a map is in its field |
//! | `write` | structs, records and views as JSON |
//! | `wrap` | [`Strict`] and [`Reported`]: what becomes of keys that the object lacks |
//! | `result` | [`QueryPage`] and [`SaveResult`]: what a query and a save answer |
//! | `picklist` | picklists as text and as JSON |
//!
//! JSON is read into a [`GivenRow`] by the definition of the object, and from there by the same
//! decode that reads stored rows. So what is compiled for each struct is a few lines, and Rust's
//! names of fields never meet JSON. **Invariant:** what a read gives as JSON, the struct reads back
//! equal.

mod key;
mod picklist;
mod read;
mod result;
mod value;
mod wrap;
mod write;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed as _, Error as _},
};
use serde_json::Value as Json;

pub use self::{
    picklist::{NotListed, deserialize_listed, display_listed, parse_listed, serialize_listed},
    result::{QueryPage, SaveResult},
    wrap::{Reported, Strict},
    write::{serialize_fields, serialize_view},
};
use self::{
    read::{Others, RecordReader},
    value::ValueSeed,
};
use super::{record::Record, sobject::SObject, view::Patch};
use crate::{
    definition::{Definition, FieldDefinition, FieldIdx},
    error::DecodeError,
    id::Id,
    store::{GivenRow, Held, RowReader},
};

/// What is read from an org's JSON: of an object `X`, the struct itself, `Record<X>`, `XCreate` and
/// `XUpdate`. `#[derive(SObject)]` implements it.
///
/// All of them are serde's `Deserialize`, so this trait need not be named; it is the bound of
/// [`Strict`] and [`Reported`].
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Record, SObject, chrono::{DateTime, Utc}};
///
/// /// A visit at a customer's.
/// #[derive(SObject, Debug)]
/// #[sobject(name = "Visit__c", key_prefix = "a01")]
/// struct Visit {
///     #[field(create, update, name = "At__c")]
///     at: DateTime<Utc>,
///     #[field(create, update, nillable, name = "Guests__c")]
///     guests: Option<i32>,
/// }
///
/// let sent = r#"{
///     "attributes": { "type": "Visit__c", "url": "/services/data/v65.0/sobjects/Visit__c/a01Hs00000A1b2cIAB" },
///     "Id": "a01Hs00000A1b2cIAB", "IsDeleted": false,
///     "CreatedDate": "2026-03-01T08:00:00.000+0000", "CreatedById": "005Hs00000A1b2cIAB",
///     "LastModifiedDate": "2026-03-01T08:00:00.000+0000", "LastModifiedById": "005Hs00000A1b2cIAB",
///     "SystemModstamp": "2026-03-01T08:00:00.000+0000",
///     "At__c": "2026-03-02T09:30:00.000+0000", "Guests__c": null
/// }"#;
/// let visit: Record<Visit> = serde_json::from_str(sent)?;
/// assert_eq!(visit.guests, None);
/// assert_eq!(serde_json::to_value(&visit)?, serde_json::from_str::<serde_json::Value>(sent)?);
///
/// // A create and an update are the bodies that clients send.
/// let create: VisitCreate = serde_json::from_str(r#"{ "at__C": "2026-03-02T10:30:00+01:00" }"#)?;
/// assert_eq!(create.at, visit.at);
/// let update: VisitUpdate = serde_json::from_str(r#"{ "Guests__c": null }"#)?;
/// assert_eq!(update.guests, sobject_core::Patch::NULL);
///
/// let wrong = serde_json::from_str::<VisitCreate>(r#"{ "At__c": 12 }"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "Visit__c.At__c: 12 is no datetime at line 1 column 13");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// **What is read.** API names in any case; values in the forms of an org, be they numbers or
/// booleans in strings; `attributes`, whose `type` must be the object; and what a query sends of a
/// record's parents, which is passed over. A struct and a record pass over what else the object
/// lacks, and views refuse it, all names at once; [`Strict`] and [`Reported`] choose.
///
/// **What may be left out.** In a struct and a record, fields that are nillable; they are `None`.
/// In a create, what its `new` does not take. In an update, everything.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read from an org's JSON",
    label = "neither an object, nor its record or one of its views",
    note = "`#[derive(SObject)] struct X` makes `X`, `Record<X>`, `XCreate` and `XUpdate` readable"
)]
pub trait FromJson: Sized {
    /// The object whose fields the keys name.
    type Object: SObject;
    /// Which fields it has.
    #[doc(hidden)]
    const FORM: Form;

    /// Reads it from the values that were given.
    ///
    /// # Errors
    /// Those of [`FieldValue::read`](crate::FieldValue).
    #[doc(hidden)]
    fn read(row: &RowReader<'_>) -> Result<Self, DecodeError>;
}

/// Which fields of an object something has that is read from JSON.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The declared ones: a struct.
    Fields,
    /// Those and the system fields.
    Record,
    /// Those that a create may set.
    Create,
    /// Those that an update may set.
    Update,
}

/// What a value of a field is that came as JSON.
///
/// # Errors
/// What is wrong with it.
pub(super) fn held_of<'j>(
    definition: &'static Definition,
    field: &'static FieldDefinition,
    json: &'j Json,
) -> Result<Held<'j>, serde_json::Error> {
    ValueSeed { definition, field }.deserialize(json)
}

/// Reads an org's JSON.
///
/// # Errors
/// Those of the deserializer, with what is wrong in the JSON.
pub fn deserialize<'de, R: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    // An org sends keys that a struct need not have; and what it cannot write, it refuses.
    let others = match R::FORM {
        Form::Fields | Form::Record => Others::PassOver,
        Form::Create | Form::Update => Others::Refuse,
    };
    deserialize_with(deserializer, others)
}

/// Reads an org's JSON, and does so with keys that it has no place for.
fn deserialize_with<'de, R: FromJson, D: Deserializer<'de>>(
    deserializer: D,
    others: Others<'_>,
) -> Result<R, D::Error> {
    let reader = RecordReader::new(R::Object::OBJECT, R::FORM, others);
    decode(&deserializer.deserialize_map(reader)?).map_err(D::Error::custom)
}

/// Reads it from the values that were given.
pub(super) fn decode<R: FromJson>(given: &GivenRow<'_>) -> Result<R, DecodeError> {
    let read = R::read(&RowReader::of_given(given))?;
    given.take_failure().map_or(Ok(read), Err)
}

impl<T: SObject> FromJson for T {
    type Object = Self;
    const FORM: Form = Form::Fields;

    fn read(row: &RowReader<'_>) -> Result<Self, DecodeError> {
        T::decode(row)
    }
}

impl<T: SObject> FromJson for Record<T> {
    type Object = T;
    const FORM: Form = Form::Record;

    fn read(row: &RowReader<'_>) -> Result<Self, DecodeError> {
        let fields = T::decode(row)?;
        let date = |idx| row.system_field(idx).date_time();
        let user = |idx| row.system_field(idx).id();
        // A stamp that the object lacks is the latest of the others, as in a replica; a user is the
        // other of the two. The reader has refused a record that lacks all of them.
        let dates = [
            date(FieldIdx::CREATED_DATE)?,
            date(FieldIdx::LAST_MODIFIED_DATE)?,
            date(FieldIdx::SYSTEM_MODSTAMP)?,
        ];
        let latest = dates.iter().flatten().max().copied().unwrap_or_default();
        let [created_date, last_modified_date, system_modstamp] =
            dates.map(|date| date.unwrap_or(latest));
        let users = [user(FieldIdx::CREATED_BY_ID)?, user(FieldIdx::LAST_MODIFIED_BY_ID)?];
        let either = users.iter().flatten().next().copied();
        let missing = |user: Option<_>, idx| {
            user.or(either).ok_or_else(|| row.system_field(idx).unexpected_null())
        };
        let [creator, modifier] = users;
        Ok(Self {
            id: Id::new(row.id()?),
            is_deleted: row.system_field(FieldIdx::IS_DELETED).bool()?.unwrap_or(false),
            created_date,
            created_by_id: missing(creator, FieldIdx::CREATED_BY_ID)?,
            last_modified_date,
            last_modified_by_id: missing(modifier, FieldIdx::LAST_MODIFIED_BY_ID)?,
            system_modstamp,
            fields,
        })
    }
}

impl<'de, T: SObject> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

/// Reads what a create may leave to the store: the field declared at place `n`, if it was given.
/// `read` is its `FieldValue::from_row`.
pub fn read_given<T>(
    row: &RowReader<'_>,
    n: u16,
    read: fn(&RowReader<'_>, u16) -> Result<T, DecodeError>,
) -> Option<T> {
    if !row.is_given(n) {
        return None;
    }
    read(row, n).map_err(|error| row.keep_failure(error)).ok()
}

/// [`read_given`] as a patch.
pub fn read_patch<T>(
    row: &RowReader<'_>,
    n: u16,
    read: fn(&RowReader<'_>, u16) -> Result<T, DecodeError>,
) -> Patch<T> {
    read_given(row, n, read).map_or(Patch::Keep, Patch::Set)
}
