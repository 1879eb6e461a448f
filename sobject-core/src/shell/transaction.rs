//! [`Transaction`]: several calls that are written together or not at all.

use std::ops::ControlFlow;

use super::{
    cursors::Today,
    field::{Field, Filterable},
    operand::{FieldRange, Operand},
    read::{self, Reads, State, Walk},
    record::Record,
    sobject::SObject,
    view::{CreateView, UpdateView, View},
};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::Result,
    id::{Id, RecordId},
    store::{Given, Look, Reader, Sought, Source, Write},
};

/// Several calls that are written together or not at all; the closure of
/// [`Connection::transaction`](crate::Connection::transaction) is given one.
///
/// It sees what it has written. A call that is refused leaves nothing behind, and the transaction
/// may go on without it.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Error, SObject, Store, standard::{Group, GroupCreate}};
///
/// let db = Store::in_memory(&[Group::OBJECT])?.system();
/// // This one writes a group, and goes on after a refusal.
/// let (id, refused) = db.transaction(|tx| {
///     let id = tx.create(GroupCreate::new("Night Shift"))?;
///     assert_eq!(tx.get(id)?.name, "Night Shift");
///     let refused = tx.create(GroupCreate::new("")).unwrap_err();
///     Ok::<_, Error>((id, refused))
/// })?;
/// assert_eq!(refused.fields(), ["Name"]);
/// assert_eq!(db.get(id)?.name, "Night Shift");
///
/// // Here `?` passes the refusal on, so the whole transaction writes nothing.
/// let result = db.transaction(|tx| {
///     tx.create(GroupCreate::new("Day Shift"))?;
///     tx.create(GroupCreate::new(""))
/// });
/// assert!(result.is_err());
/// assert_eq!(db.count::<Group>()?, 1);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
pub struct Transaction<'s> {
    write: Write<'s>,
    pub(super) all_or_none: bool,
    today: Today,
}

impl<'s> Transaction<'s> {
    pub(super) fn new(write: Write<'s>, all_or_none: bool, today: Today) -> Self {
        Self { write, all_or_none, today }
    }

    /// The moment at which it began.
    pub(super) fn today(&self) -> Today {
        self.today
    }

    pub(super) fn into_write(self) -> Write<'s> {
        self.write
    }

    pub(super) fn write(&mut self) -> &mut Write<'s> {
        &mut self.write
    }

    pub(super) fn object_of<T: SObject>(&self) -> Result<&'s Object> {
        let Write { schema, access, .. } = &self.write;
        access.object_of(&schema.catalogue, T::NAME, T::OBJECT.fields)
    }

    /// Creates a record and returns its id. See [`Connection::create`](crate::Connection::create).
    ///
    /// # Errors
    /// As [`Connection::create`](crate::Connection::create).
    pub fn create<V: CreateView<Object = O>, O: SObject>(&mut self, view: V) -> Result<Id<O>> {
        let object = self.object_of::<O>()?;
        self.write.create(object, source_of(&view)).map(Id::new)
    }

    /// Creates several records. See [`Connection::create_many`](crate::Connection::create_many).
    ///
    /// # Errors
    /// As [`Connection::create_many`](crate::Connection::create_many).
    pub fn create_many<V: CreateView<Object = O>, O: SObject>(
        &mut self,
        views: &[V],
    ) -> Result<Vec<Result<Id<O>>>> {
        let object = self.object_of::<O>()?;
        let sources = views.iter().map(source_of);
        let created = self.write.create_many(object, sources, self.all_or_none)?;
        Ok(created.into_iter().map(|result| result.map(Id::new)).collect())
    }

    /// Changes a record. See [`Connection::update`](crate::Connection::update).
    ///
    /// # Errors
    /// As [`Connection::update`](crate::Connection::update).
    pub fn update<V: UpdateView<Object = O>, O: SObject>(
        &mut self,
        id: Id<O>,
        view: V,
    ) -> Result<()> {
        let object = self.object_of::<O>()?;
        self.write.update(object, id.record_id(), source_of(&view))
    }

    /// Changes several records. See [`Connection::update_many`](crate::Connection::update_many).
    ///
    /// # Errors
    /// As [`Connection::update_many`](crate::Connection::update_many).
    pub fn update_many<V: UpdateView<Object = O>, O: SObject>(
        &mut self,
        updates: &[(Id<O>, V)],
    ) -> Result<Vec<Result<()>>> {
        let object = self.object_of::<O>()?;
        let sources = updates.iter().map(|(id, view)| (Some(id.record_id()), source_of(view)));
        self.write.update_many(object, sources, self.all_or_none)
    }

    /// Moves a record to the recycle bin. See [`Connection::delete`](crate::Connection::delete).
    ///
    /// # Errors
    /// As [`Connection::delete`](crate::Connection::delete).
    pub fn delete<T: SObject>(&mut self, id: Id<T>) -> Result<()> {
        let object = self.object_of::<T>()?;
        self.write.delete(object, id.record_id())
    }

    /// Moves several records to the recycle bin. See
    /// [`Connection::delete_many`](crate::Connection::delete_many).
    ///
    /// # Errors
    /// As [`Connection::delete_many`](crate::Connection::delete_many).
    pub fn delete_many<T: SObject>(&mut self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        let object = self.object_of::<T>()?;
        self.write.delete_many(object, &record_ids(ids), self.all_or_none)
    }

    /// Brings a record back from the recycle bin. See
    /// [`Connection::undelete`](crate::Connection::undelete).
    ///
    /// # Errors
    /// As [`Connection::undelete`](crate::Connection::undelete).
    pub fn undelete<T: SObject>(&mut self, id: Id<T>) -> Result<()> {
        let object = self.object_of::<T>()?;
        self.write.undelete(object, id.record_id())
    }

    /// Brings several records back from the recycle bin. See
    /// [`Connection::undelete_many`](crate::Connection::undelete_many).
    ///
    /// # Errors
    /// As [`Connection::undelete_many`](crate::Connection::undelete_many).
    pub fn undelete_many<T: SObject>(&mut self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        let object = self.object_of::<T>()?;
        self.write.undelete_many(object, &record_ids(ids), self.all_or_none)
    }

    /// Notes that the caller viewed a record. See
    /// [`Connection::mark_viewed`](crate::Connection::mark_viewed).
    ///
    /// # Errors
    /// As [`Connection::mark_viewed`](crate::Connection::mark_viewed).
    pub fn mark_viewed<T: SObject>(&mut self, id: Id<T>) -> Result<()> {
        let object = self.object_of::<T>()?;
        self.write.one(|write| write.mark_seen(object, id.record_id(), Look::View))
    }

    /// Notes that the caller referenced a record. See
    /// [`Connection::mark_referenced`](crate::Connection::mark_referenced).
    ///
    /// # Errors
    /// As [`Connection::mark_referenced`](crate::Connection::mark_referenced).
    pub fn mark_referenced<T: SObject>(&mut self, id: Id<T>) -> Result<()> {
        let object = self.object_of::<T>()?;
        self.write.one(|write| write.mark_seen(object, id.record_id(), Look::Reference))
    }

    /// Reads a live record. See [`Connection::get`](crate::Connection::get).
    ///
    /// # Errors
    /// As [`Connection::get`](crate::Connection::get).
    pub fn get<T: SObject>(&self, id: Id<T>) -> Result<Record<T>> {
        self.write.read(|reader| read::get(reader, id))
    }

    /// Reads several records. See [`Connection::retrieve`](crate::Connection::retrieve).
    ///
    /// # Errors
    /// As [`Connection::retrieve`](crate::Connection::retrieve).
    pub fn retrieve<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Option<Record<T>>>> {
        self.write.read(|reader| read::retrieve(reader, ids))
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// As [`Connection::count`](crate::Connection::count).
    pub fn count<T: SObject>(&self) -> Result<u64> {
        self.write.read(read::count::<T>)
    }

    /// The live records whose field holds `value`. See
    /// [`Connection::find`](crate::Connection::find).
    ///
    /// # Errors
    /// As [`Connection::find`](crate::Connection::find).
    pub fn find<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.write
            .read(move |reader| read::find(reader, field.idx(), Sought::Value(value.operand())))
    }

    /// The live records whose field lies within `range`. See
    /// [`Connection::find_range`](crate::Connection::find_range).
    ///
    /// # Errors
    /// As [`Connection::find_range`](crate::Connection::find_range).
    pub fn find_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.write.read(move |reader| read::find(reader, field.idx(), read::within(&range)))
    }

    /// The live records one after another, by their ids, with what the transaction has written. See
    /// [`Connection::walk`](crate::Connection::walk).
    pub fn walk<T: SObject>(&self) -> Walk<&Self, Record<T>> {
        read::walk(Ok(self))
    }

    /// The live records whose field holds `value`, one after another. See
    /// [`Connection::walk_value`](crate::Connection::walk_value).
    pub fn walk_value<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Walk<&Self, Record<O>> {
        read::walk_value(Ok(self), field.idx(), value)
    }

    /// The live records whose field lies within `range`, one after another, by the field. See
    /// [`Connection::walk_range`](crate::Connection::walk_range).
    pub fn walk_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Walk<&Self, Record<O>> {
        read::walk_range(Ok(self), field.idx(), range)
    }

    /// Visits every live record. See [`Connection::scan`](crate::Connection::scan).
    ///
    /// # Errors
    /// As [`Connection::scan`](crate::Connection::scan).
    pub fn scan<T: SObject>(&self, f: impl FnMut(Record<T>) -> ControlFlow<()>) -> Result<()> {
        self.write.read(|reader| read::scan(reader, f))
    }
}

impl State for &Transaction<'_> {
    fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> Result<R>) -> Result<R> {
        self.write.read(f)
    }
}

impl Reads for &Transaction<'_> {}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

/// What a view gives.
pub(super) fn source_of<V: View>(view: &V) -> Source<'_> {
    let mut input: Vec<(FieldIdx, Given<'_>)> = Vec::with_capacity(V::Object::OBJECT.fields.len());
    view.each(&mut |field, value| input.push((field, Given::Value(value))));
    Source::View(input)
}

pub(super) fn record_ids<T>(ids: &[Id<T>]) -> Vec<RecordId> {
    ids.iter().map(|id| id.record_id()).collect()
}
