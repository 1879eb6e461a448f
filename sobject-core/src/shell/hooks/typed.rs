//! Hooks for the records of a struct.

use std::{fmt, marker::PhantomData};

use super::{Given, MakeHook, ObjectHooks, hook, refuse, validation};
use crate::{
    definition::FieldIdx,
    error::{Error, Result},
    id::Id,
    shell::{
        field::Field,
        field_value::FieldValue,
        query::Selectable,
        read::decode,
        record::{JsonRecord, Record},
        sobject::SObject,
        transaction::Transaction,
    },
    store::{Event, GivenRow, Held, HookBatch, Hooked, Invalid, RowReader, Write},
};

/// What is done when records of `T` are written: closures that run before and after, and validations.
///
/// A hook is given the records that a call names, all of them at once, as a trigger of an org is: up to
/// 200, each with what it was. It runs in system mode inside the call's transaction, in the name of the
/// caller, who stays the one who is stamped. What it writes there is written with the call or not at all.
///
/// Before hooks may change what is to be written, which is then checked as if it had been given. After
/// hooks see what was written. Either may refuse single records, which are answered by
/// `FIELD_CUSTOM_VALIDATION_EXCEPTION` with the hook's own words; the others are run again without
/// them, hooks included. A hook that returns an error refuses all its records
/// ([`Error::HookFailed`]), and one that panics ends the call; nothing of it is left.
///
/// Hooks do not run for what goes along in a cascade, nor for what a replica puts. They are of the
/// program and not kept in the file.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Hooks, Invalid, SObject, Store, standard::{User, UserCreate}};
///
/// let hooks = Hooks::<User>::new()
///     .before_create(|_, users| {
///         for user in users {
///             if let Some(name) = user.get(User::FIELDS.name) {
///                 user.set(User::FIELDS.name, name.trim_start_matches("Dr. "))?;
///             }
///         }
///         Ok(())
///     })
///     .validate(|user| match user.get(User::FIELDS.username) {
///         Some(name) if name.ends_with("@example.com") => Ok(()),
///         _ => Err(Invalid::new("Only people of example.com.").field("Username")),
///     });
/// let db = Store::builder().hooks(hooks).in_memory(&[User::OBJECT])?.system();
/// let id = db.create(UserCreate::new("Dr. Ada Lovelace", "ada@example.com"))?;
/// assert_eq!(db.get(id)?.name, "Ada Lovelace");
/// let refused = db.create(UserCreate::new("Mallory", "mallory@example.org")).unwrap_err();
/// assert_eq!(refused.status_code().as_str(), "FIELD_CUSTOM_VALIDATION_EXCEPTION");
/// assert_eq!(refused.message(), "Only people of example.com.");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
pub struct Hooks<T> {
    hooks: Vec<(Event, MakeHook)>,
    of: PhantomData<fn() -> T>,
}

impl<T: SObject> Hooks<T> {
    /// No hooks so far.
    pub fn new() -> Self {
        Self { hooks: Vec::new(), of: PhantomData }
    }

    fn with(mut self, event: Event, hook: MakeHook) -> Self {
        self.hooks.push((event, hook));
        self
    }

    /// Runs `f` before records are created. Several run in the order in which they are given, and each
    /// sees what those before it have set.
    #[must_use]
    pub fn before_create<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [Before<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeCreate, hook(f))
    }

    /// Runs `f` before records are changed.
    #[must_use]
    pub fn before_update<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [Before<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeUpdate, hook(f))
    }

    /// Runs `f` before records are deleted, which it can refuse.
    #[must_use]
    pub fn before_delete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [Before<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::BeforeDelete, hook(f))
    }

    /// Asks `f` of each record that is created or changed whether it is as it should be, behind the
    /// before hooks and the store's own rules.
    #[must_use]
    pub fn validate<F>(self, f: F) -> Self
    where
        F: Fn(&Before<T>) -> Result<(), Invalid> + Send + Sync + 'static,
    {
        self.with(Event::Validate, validation(f))
    }

    /// Runs `f` after records were created.
    #[must_use]
    pub fn after_create<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [After<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterCreate, hook(f))
    }

    /// Runs `f` after records were changed.
    #[must_use]
    pub fn after_update<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [After<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterUpdate, hook(f))
    }

    /// Runs `f` after records were deleted.
    #[must_use]
    pub fn after_delete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [After<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterDelete, hook(f))
    }

    /// Runs `f` after records came back from the recycle bin.
    #[must_use]
    pub fn after_undelete<F>(self, f: F) -> Self
    where
        F: Fn(&mut Transaction<'_>, &mut [After<T>]) -> Result<()> + Send + Sync + 'static,
    {
        self.with(Event::AfterUndelete, hook(f))
    }
}

impl<T: SObject> Default for Hooks<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: SObject> From<Hooks<T>> for ObjectHooks {
    fn from(hooks: Hooks<T>) -> Self {
        let source = Some(T::OBJECT.fields);
        Self { object: T::NAME.to_owned(), source, hooks: hooks.hooks }
    }
}

impl<T: SObject> fmt::Debug for Hooks<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: Vec<_> = self.hooks.iter().map(|(event, _)| event).collect();
        write!(f, "Hooks<{}> {events:?}", T::NAME)
    }
}

/// A record that is to be created, changed or deleted.
#[derive(Debug)]
pub struct Before<T> {
    id: Option<Id<T>>,
    old: Option<Record<T>>,
    new: Option<GivenRow<'static>>,
    is_delete: bool,
    changes: JsonRecord,
    refused: Option<Invalid>,
}

impl<T: SObject> Before<T> {
    /// Its id; none if it is to be created.
    pub fn id(&self) -> Option<Id<T>> {
        self.id
    }

    /// What it was; none if it is to be created.
    pub fn old(&self) -> Option<&Record<T>> {
        self.old.as_ref()
    }

    /// What a field is to hold; what it holds, if the record is to be deleted. `None` if there is nothing
    /// in it, which a field that is not nillable may have here, too: what a create must give is checked
    /// behind the hooks. System fields are not set yet; [`Before::old`] has them.
    pub fn get<V: Selectable, F, G, S>(&self, field: Field<T, V, F, G, S>) -> Option<V::Plain> {
        let row = RowReader::of_given(self.new.as_ref()?);
        // The row was made of a record of `T`, so it can be read as one.
        let value = V::select_or_null(row.system_field(field.idx())).ok().flatten();
        value.and_then(V::plain)
    }

    /// Sets what a field is to hold. It is checked as if the caller had given it, in system mode.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if the record is to be deleted.
    pub fn set<V: FieldValue, F, G, S>(
        &mut self,
        field: Field<T, V, F, G, S>,
        value: impl Into<V>,
    ) -> Result<()> {
        let value = value.into();
        let what = || Error::NotSupported {
            object: T::NAME.to_owned(),
            what: format!("setting {} of a record that is to be deleted", field.name()),
        };
        let is_delete = self.is_delete;
        let row = self.new.as_mut().filter(|_| !is_delete).ok_or_else(what)?;
        if let Some(held) = Held::of(V::TYPE, value.value()) {
            row.set(field.idx(), held.into_owned());
        }
        self.changes.insert(field.name().to_owned(), value.value().to_json());
        Ok(())
    }

    /// Refuses the record, in words that the caller is told as they are.
    pub fn refuse(&mut self, reason: impl Into<Invalid>) {
        refuse(&mut self.refused, reason.into());
    }
}

/// A record that was created, changed, deleted or brought back.
#[derive(Debug)]
pub struct After<T> {
    id: Id<T>,
    old: Option<Record<T>>,
    new: Option<Record<T>>,
    refused: Option<Invalid>,
}

impl<T: SObject> After<T> {
    /// Its id.
    pub fn id(&self) -> Id<T> {
        self.id
    }

    /// What it was; none if it was created or brought back.
    pub fn old(&self) -> Option<&Record<T>> {
        self.old.as_ref()
    }

    /// What it is; none if it was deleted.
    pub fn record(&self) -> Option<&Record<T>> {
        self.new.as_ref()
    }

    /// Refuses the record, in words that the caller is told as they are. What was written of it is taken
    /// back.
    pub fn refuse(&mut self, reason: impl Into<Invalid>) {
        refuse(&mut self.refused, reason.into());
    }
}

/// What `f` makes of a row of a record.
fn of_row<R>(
    write: &Write<'_>,
    batch: &HookBatch<'_>,
    record: &Hooked,
    row: Option<&Vec<u8>>,
    f: impl FnOnce(&RowReader<'_>) -> Result<R>,
) -> Result<Option<R>> {
    let Some(bytes) = row else { return Ok(None) };
    let HookBatch { object, table, .. } = batch;
    write.read(|reader| {
        f(&RowReader::new(reader, object, table, record.packed, table.row(bytes)?)).map(Some)
    })
}

/// The declared fields of a row, by themselves.
fn given<T: SObject>(row: &RowReader<'_>) -> Result<GivenRow<'static>> {
    let mut given = GivenRow::new(T::OBJECT);
    for (n, field) in (0..).zip(T::OBJECT.fields) {
        let idx = FieldIdx::declared(n);
        if let Some(held) = Held::of(field.field_type, row.value(idx)?) {
            given.set(idx, held.into_owned());
        }
    }
    Ok(given)
}

impl<T: SObject> Given for Before<T> {
    fn read(write: &Write<'_>, batch: &HookBatch<'_>, record: &Hooked) -> Result<Self> {
        let of = |row| of_row(write, batch, record, row, decode::<T>);
        let old = of(record.old.as_ref())?;
        let is_delete = record.new.is_none();
        let new = record.new.as_ref().or(record.old.as_ref());
        let new = of_row(write, batch, record, new, given::<T>)?;
        let id = record.id.map(Id::new);
        Ok(Self { id, old, new, is_delete, changes: JsonRecord::new(), refused: None })
    }

    fn hand_on(self, record: &mut Hooked) {
        (record.changes, record.refused) = (self.changes, self.refused);
    }
}

impl<T: SObject> Given for After<T> {
    fn read(write: &Write<'_>, batch: &HookBatch<'_>, record: &Hooked) -> Result<Self> {
        let of = |row| of_row(write, batch, record, row, decode::<T>);
        let id = record.id.ok_or_else(|| Error::corrupt("a written record without an id"))?;
        let (old, new) = (of(record.old.as_ref())?, of(record.new.as_ref())?);
        Ok(Self { id: Id::new(id), old, new, refused: None })
    }

    fn hand_on(self, record: &mut Hooked) {
        record.refused = self.refused;
    }
}
