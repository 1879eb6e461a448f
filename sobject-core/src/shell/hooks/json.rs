//! Hooks for the records of an object that is known by its name.

use serde_json::Value as Json;

use super::{Given, MakeHook, ObjectHooks, hook, refuse, validation};
use crate::{
    definition::FieldIdx,
    error::{Error, Result},
    id::RecordId,
    name::is_same_name,
    shell::{record::JsonRecord, transaction::Transaction},
    store::{Event, HookBatch, Hooked, Invalid, RowReader, Write},
};

/// [`Hooks`](crate::Hooks) for an object that is known by its name, whose records are JSON maps.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde_json::json;
/// use sobject_core::{JsonHooks, SObject, Store, standard::User};
///
/// let hooks = JsonHooks::new("User").before_create(|_, users| {
///     for user in users {
///         if user.get("Name").and_then(|name| name.as_str()) == Some("Mallory") {
///             user.refuse("Not Mallory again.");
///         }
///     }
///     Ok(())
/// });
/// let db = Store::builder().hooks(hooks).in_memory(&[User::OBJECT])?.system();
/// let users = [json!({ "Name": "Ada", "Username": "a@example.com" }), json!({ "Name": "Mallory" })];
/// let results = db.object("User")?.create_many(&users)?;
/// assert!(results[0].is_ok() && results[1].is_err());
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
pub struct JsonHooks {
    object: String,
    hooks: Vec<(Event, MakeHook)>,
}

impl JsonHooks {
    /// No hooks so far, of the object of this name.
    pub fn new(object: impl Into<String>) -> Self {
        Self { object: object.into(), hooks: Vec::new() }
    }

    fn with(mut self, event: Event, hook: MakeHook) -> Self {
        self.hooks.push((event, hook));
        self
    }

    /// Runs `f` before records are created. See [`Hooks::before_create`](crate::Hooks::before_create).
    #[must_use]
    pub fn before_create<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [BeforeJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeCreate, hook(f))
    }

    /// Runs `f` before records are changed.
    #[must_use]
    pub fn before_update<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [BeforeJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeUpdate, hook(f))
    }

    /// Runs `f` before records are deleted, which it can refuse.
    #[must_use]
    pub fn before_delete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [BeforeJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeDelete, hook(f))
    }

    /// Asks `f` of each record that is created or changed whether it is as it should be. See
    /// [`Hooks::validate`](crate::Hooks::validate).
    #[must_use]
    pub fn validate<F>(self, f: F) -> Self
    where
        F: Fn(&BeforeJson) -> Result<(), Invalid> + Send + Sync + 'static,
    {
        self.with(Event::Validate, validation(f))
    }

    /// Runs `f` after records were created.
    #[must_use]
    pub fn after_create<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [AfterJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterCreate, hook(f))
    }

    /// Runs `f` after records were changed.
    #[must_use]
    pub fn after_update<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [AfterJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterUpdate, hook(f))
    }

    /// Runs `f` after records were deleted.
    #[must_use]
    pub fn after_delete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [AfterJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterDelete, hook(f))
    }

    /// Runs `f` after records came back from the recycle bin.
    #[must_use]
    pub fn after_undelete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [AfterJson]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterUndelete, hook(f))
    }
}

impl From<JsonHooks> for ObjectHooks {
    fn from(hooks: JsonHooks) -> Self {
        Self { object: hooks.object, source: None, hooks: hooks.hooks }
    }
}

impl std::fmt::Debug for JsonHooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let events: Vec<_> = self.hooks.iter().map(|(event, _)| event).collect();
        write!(f, "JsonHooks {} {events:?}", self.object)
    }
}

/// A record that is to be created, changed or deleted.
#[derive(Debug)]
pub struct BeforeJson {
    object: String,
    id: Option<RecordId>,
    old: Option<JsonRecord>,
    new: Option<JsonRecord>,
    changes: JsonRecord,
    refused: Option<Invalid>,
}

impl BeforeJson {
    /// Its id; none if it is to be created.
    pub fn id(&self) -> Option<RecordId> {
        self.id
    }

    /// Every field as it was; none if it is to be created.
    pub fn old(&self) -> Option<&JsonRecord> {
        self.old.as_ref()
    }

    /// Every field as it is to be; none if it is to be deleted. Of one that is to be created, these are
    /// without the system fields.
    pub fn record(&self) -> Option<&JsonRecord> {
        self.new.as_ref()
    }

    /// What a field is to hold, by its name in any case; what it holds, if the record is to be deleted.
    pub fn get(&self, field: &str) -> Option<&Json> {
        let record = self.new.as_ref().or(self.old.as_ref())?;
        let found = record.iter().find(|(name, _)| is_same_name(name, field));
        found.map(|(_, value)| value)
    }

    /// Sets what a field is to hold. It is checked as if the caller had given it, in system mode: a
    /// name of no field refuses the record then.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if the record is to be deleted.
    pub fn set(&mut self, field: &str, value: impl Into<Json>) -> Result<()> {
        let what = || Error::NotSupported {
            object: self.object.clone(),
            what: format!("setting {field} of a record that is to be deleted"),
        };
        let value = value.into();
        let new = self.new.as_mut().ok_or_else(what)?;
        let names = || new.keys().find(|name| is_same_name(name, field)).cloned();
        let name = names().unwrap_or_else(|| field.to_owned());
        new.insert(name.clone(), value.clone());
        self.changes.insert(name, value);
        Ok(())
    }

    /// Refuses the record, in words that the caller is told as they are.
    pub fn refuse(&mut self, reason: impl Into<Invalid>) {
        refuse(&mut self.refused, reason.into());
    }
}

/// A record that was created, changed, deleted or brought back.
#[derive(Debug)]
pub struct AfterJson {
    id: RecordId,
    old: Option<JsonRecord>,
    new: Option<JsonRecord>,
    refused: Option<Invalid>,
}

impl AfterJson {
    /// Its id.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Every field as it was; none if it was created or brought back.
    pub fn old(&self) -> Option<&JsonRecord> {
        self.old.as_ref()
    }

    /// Every field as it is; none if it was deleted.
    pub fn record(&self) -> Option<&JsonRecord> {
        self.new.as_ref()
    }

    /// Refuses the record, in words that the caller is told as they are. What was written of it is taken
    /// back.
    pub fn refuse(&mut self, reason: impl Into<Invalid>) {
        refuse(&mut self.refused, reason.into());
    }
}

/// A row of a record as JSON. One without an id has no system fields.
fn json(
    write: &Write<'_>,
    batch: &HookBatch<'_>,
    record: &Hooked,
    row: Option<&Vec<u8>>,
) -> Result<Option<JsonRecord>> {
    let Some(bytes) = row else { return Ok(None) };
    let HookBatch { object, table, .. } = batch;
    let fields = object.fields().map(|(idx, _)| idx);
    let fields: Vec<FieldIdx> =
        fields.filter(|idx| record.id.is_some() || !idx.is_system()).collect();
    write.read(|reader| {
        let row = RowReader::new(reader, object, table, record.packed, table.row(bytes)?);
        row.to_json_of(&fields).map(Some)
    })
}

impl Given for BeforeJson {
    fn read(write: &Write<'_>, batch: &HookBatch<'_>, record: &Hooked) -> Result<Self> {
        Ok(Self {
            object: batch.object.name.clone(),
            id: record.id,
            old: json(write, batch, record, record.old.as_ref())?,
            new: json(write, batch, record, record.new.as_ref())?,
            changes: JsonRecord::new(),
            refused: None,
        })
    }

    fn hand_on(self, record: &mut Hooked) {
        (record.changes, record.refused) = (self.changes, self.refused);
    }
}

impl Given for AfterJson {
    fn read(write: &Write<'_>, batch: &HookBatch<'_>, record: &Hooked) -> Result<Self> {
        Ok(Self {
            id: record.id.ok_or_else(|| Error::corrupt("a written record without an id"))?,
            old: json(write, batch, record, record.old.as_ref())?,
            new: json(write, batch, record, record.new.as_ref())?,
            refused: None,
        })
    }

    fn hand_on(self, record: &mut Hooked) {
        record.refused = self.refused;
    }
}
