//! [`QueryPage`] and [`SaveResult`]: what an org answers to a query and to a call that writes.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use crate::{
    error::{Error, Result},
    id::RecordId,
    shell::upsert::Upserted,
};

/// A page of what an org answers to a query: `serde_json::from_str::<QueryPage<Record<X>>>(..)`.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{QueryPage, standard::Group};
///
/// let sent = r#"{ "totalSize": 1, "done": true, "records": [
///     { "attributes": { "type": "Group" }, "Name": "Night Shift" } ] }"#;
/// let page: QueryPage<Group> = serde_json::from_str(sent)?;
/// assert_eq!(page.records[0].name, "Night Shift");
/// assert_eq!(page.next_records_url, None);
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryPage<R> {
    /// How many records the query has in all.
    pub total_size: i64,
    /// Is this the last page?
    pub done: bool,
    /// The path of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_records_url: Option<String>,
    /// The records of this page.
    pub records: Vec<R>,
}

/// The result for one record of a call that writes, as an org prints it.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde_json::json;
/// use sobject_core::{SObject, SaveResult, Store, standard::{Group, GroupCreate}};
///
/// let db = Store::in_memory(&[Group::OBJECT])?.system();
/// let results = db.create_many(&[GroupCreate::new("Day"), GroupCreate::new("")])?;
/// let printed: Vec<_> = results.iter().map(SaveResult::created).collect();
/// assert_eq!(
///     serde_json::to_value(&printed[1]).unwrap(),
///     json!({ "success": false, "errors": [{
///         "statusCode": "REQUIRED_FIELD_MISSING",
///         "message": "Required fields are missing: [Name]",
///         "fields": ["Name"],
///     }] }),
/// );
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SaveResult<'e> {
    /// The record; `None` if it was to be created and was not.
    pub id: Option<RecordId>,
    /// Was the record created? Only the result of an upsert says so.
    pub created: Option<bool>,
    /// Why it was refused; `None` if it was written.
    pub error: Option<&'e Error>,
}

impl<'e> SaveResult<'e> {
    /// The result of a create.
    pub fn created<I: Copy + Into<RecordId>>(result: &'e Result<I>) -> Self {
        match result {
            Ok(id) => Self { id: Some((*id).into()), created: None, error: None },
            Err(error) => Self { id: None, created: None, error: Some(error) },
        }
    }

    /// The result of an upsert.
    pub fn upserted<I: Copy + Into<RecordId>>(result: &'e Result<Upserted<I>>) -> Self {
        match result {
            Ok(done) => Self { id: Some(done.id.into()), created: Some(done.created), error: None },
            Err(error) => Self { id: None, created: Some(false), error: Some(error) },
        }
    }

    /// The result of an update, a delete or an undelete of this record.
    pub fn changed(id: impl Into<RecordId>, result: &'e Result<()>) -> Self {
        Self { id: Some(id.into()), created: None, error: result.as_ref().err() }
    }
}

impl Serialize for SaveResult<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = self.id {
            map.serialize_entry("id", &id)?;
        }
        map.serialize_entry("success", &self.error.is_none())?;
        if let Some(created) = self.created {
            map.serialize_entry("created", &created)?;
        }
        let errors: Vec<_> = self.error.into_iter().map(InResult).collect();
        map.serialize_entry("errors", &errors)?;
        map.end()
    }
}

/// An error as it stands in the results of a call. Its code has another key there than where the
/// error is the whole answer, and its fields are always listed.
struct InResult<'e>(&'e Error);

impl Serialize for InResult<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("statusCode", self.0.status_code().as_str())?;
        map.serialize_entry("message", &self.0.message())?;
        map.serialize_entry("fields", &self.0.listed_fields())?;
        map.end()
    }
}
