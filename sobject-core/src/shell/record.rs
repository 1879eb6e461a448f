//! [`Record`]: a stored record as it is read, the user's struct with the system fields.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};

use crate::id::{Id, RecordId};

/// A stored record: the declared fields as `T`, and the seven system fields beside them.
///
/// It dereferences to `T`, so `record.chat_req_assigned` works as well as `record.id`.
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
