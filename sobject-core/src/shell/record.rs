//! [`Record`]: a stored record as it is read, the user's struct with the system fields.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};

use crate::id::{Id, RecordId};

/// A stored record: the declared fields as `T`, and the seven system fields beside them.
///
/// It dereferences to `T`, so the fields of the struct stand beside the system fields:
///
/// ```
/// # #[cfg(feature = "derive")] {
/// # use sobject_core::{SObject, Store, standard::{Group, GroupCreate}};
/// # let db = Store::in_memory(&[Group::OBJECT])?.system();
/// let id = db.create(GroupCreate::new("Night Shift"))?;
/// let group = db.get(id)?;
/// assert_eq!((group.id, group.name.as_str()), (id, "Night Shift"));
/// assert_eq!(group.created_date, group.last_modified_date);
///
/// // What is to be written is an update of what differs; the struct alone can be taken out.
/// let mut changed = group.clone();
/// changed.name = "Day Shift".into();
/// db.update(id, group.update_to(&changed)?)?;
/// let group: Group = db.get(id)?.fields;
/// assert_eq!(group.name, "Day Shift");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// By serde, it is written as an org's JSON, with `attributes`, and is read from it
/// ([`FromJson`](crate::FromJson)):
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Record, SObject, Store, standard::{Group, GroupCreate}};
///
/// let db = Store::in_memory(&[Group::OBJECT])?.system();
/// let group = db.get(db.create(GroupCreate::new("Night Shift"))?)?;
/// let json = serde_json::to_value(&group).unwrap();
/// assert_eq!(json["attributes"]["type"], "Group");
/// assert_eq!(json["Id"], group.id.to_string());
/// let again: Record<Group> = serde_json::from_value(json).unwrap();
/// assert_eq!(again, group);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Record<T> {
    /// Id: given by the store on create, and never changed.
    pub id: Id<T>,
    /// IsDeleted: the record is in the recycle bin. Always false for objects without the delete
    /// call.
    pub is_deleted: bool,
    /// CreatedDate: when the record was created.
    pub created_date: DateTime<Utc>,
    /// CreatedById: the user who created it.
    pub created_by_id: RecordId,
    /// LastModifiedDate: when a user last changed it.
    pub last_modified_date: DateTime<Utc>,
    /// LastModifiedById: the user who last changed it.
    pub last_modified_by_id: RecordId,
    /// SystemModstamp: when a user or the store itself last changed it.
    pub system_modstamp: DateTime<Utc>,
    /// The declared fields.
    pub fields: T,
}

impl<T> Deref for Record<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.fields
    }
}

impl<T> DerefMut for Record<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.fields
    }
}

/// A record as a map from API names to values.
pub type JsonRecord = Map<String, Json>;

/// What may be given as a record in JSON: a [`JsonRecord`], or a [`serde_json::Value`] such as
/// `json!({ "Name": "Ada" })`. A value that is no object is refused as
/// [`Error::NotARecord`](crate::Error::NotARecord).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record as JSON",
    label = "not a record",
    note = "a record is a `serde_json::Value`, such as `json!({{ \"Name\": \"Ada\" }})`, or a `JsonRecord`; \
            `serde_json::from_str` makes one of a text"
)]
pub trait JsonInput {
    /// The map, or what is given in its place.
    #[doc(hidden)]
    fn as_record(&self) -> Result<&JsonRecord, &Json>;
}

impl JsonInput for JsonRecord {
    fn as_record(&self) -> Result<&JsonRecord, &Json> {
        Ok(self)
    }
}

impl JsonInput for Json {
    fn as_record(&self) -> Result<&JsonRecord, &Json> {
        self.as_object().ok_or(self)
    }
}

impl<R: JsonInput + ?Sized> JsonInput for &R {
    fn as_record(&self) -> Result<&JsonRecord, &Json> {
        (*self).as_record()
    }
}
