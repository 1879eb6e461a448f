//! `get`, `retrieve` and `find` of what a query selects.

use std::collections::HashMap;

use crate::{
    catalogue::Object,
    error::{Call, Error, Result},
    id::{Id, RecordId},
    shell::{
        field::{Field, Filterable, SystemFields},
        operand::Operand,
        query::{Query, parts::Asked, select::Places},
        read::State,
        sobject::SObject,
    },
    store::{MAX_IDS, Reader, RowReader, check_count},
};

/// What is selected of records by their ids, and by a value.
impl<S: Asked, O: SObject, R> Query<S, O, R> {
    /// What is selected of the live record `id`: as [`Connection::get`](crate::Connection::get) reads a
    /// whole one, for callers who may not read every field, and with what references lead to. The record
    /// must be one of the query's rows, which its conditions say alone: with an order, a limit or an
    /// offset this is refused.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let user = &User::FIELDS;
    /// let (name, login) = db.query::<User>().select((user.name, user.username)).get(ada)?;
    /// assert_eq!((&*name, &*login), ("Ada Lovelace", "ada@example.com"));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Query::all`], and [`Error::UnknownField`] too where a field that is selected is hidden;
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if `id` is not that of a row;
    /// [`Error::NotSupported`] of a query with an order, a limit or an offset.
    pub fn get(&self, id: Id<O>) -> Result<R> {
        self.check_uncut("get")?;
        let parts = self.parts.with_filter(SystemFields::<O>::ALL.id.eq(id).into_expr());
        let id = id.record_id();
        let (state, today) = self.source.begin()?;
        state.read(|reader| {
            let of = check_retrieve::<O>(reader)?;
            if let Some(places) = self.own_places(reader, of)? {
                return reader.get(of, id, |record| self.selected.read_record(record, &places));
            }
            let (planned, places) = self.plan(reader, &parts, today)?;
            let mut row = None;
            planned.answer(reader)?.show(reader, &mut |view| {
                row = Some(self.selected.read(view, &places)?);
                Ok(())
            })?;
            if let Some(row) = row {
                return Ok(row);
            }
            // The record is not there, which `get` of a whole one tells, or is no row of the query.
            reader.get(of, id, |_| Ok(()))?;
            Err(Error::NotFound { object: of.name.clone(), field: None, id })
        })
    }

    /// What is selected of up to 2,000 records, in the order of the ids; `None` for those that are not
    /// rows of the query. See [`Connection::retrieve`](crate::Connection::retrieve).
    ///
    /// # Errors
    /// As [`Query::get`], but for rows that are not there; [`Error::TooMany`].
    pub fn retrieve(&self, ids: &[Id<O>]) -> Result<Vec<Option<R>>> {
        self.check_uncut("retrieve")?;
        check_count(ids.len(), MAX_IDS)?;
        let mut places_of: HashMap<RecordId, Vec<usize>> = HashMap::new();
        for (place, id) in ids.iter().enumerate() {
            places_of.entry(id.record_id()).or_default().push(place);
        }
        let wanted = SystemFields::<O>::ALL.id.is_in(ids.iter().copied());
        let parts = self.parts.with_filter(wanted.into_expr());
        let mut rows: Vec<Option<R>> = ids.iter().map(|_| None).collect();
        let (state, today) = self.source.begin()?;
        state.read(|reader| {
            let of = check_retrieve::<O>(reader)?;
            if let Some(places) = self.own_places(reader, of)? {
                let ids = ids.iter().map(|id| id.record_id());
                let read = |record: &RowReader<'_>| self.selected.read_record(record, &places);
                rows = reader.retrieve(of, ids, read)?;
                return Ok(());
            }
            let (planned, places) = self.plan(reader, &parts, today)?;
            planned.answer(reader)?.show(reader, &mut |view| {
                let Some(Some(own)) = view.sources.first() else { return Ok(()) };
                for place in places_of.get(&own.id()?).into_iter().flatten() {
                    if let Some(row) = rows.get_mut(*place) {
                        *row = Some(self.selected.read(view, &places)?);
                    }
                }
                Ok(())
            })
        })?;
        Ok(rows)
    }

    /// The rows whose field holds `value`; `None` finds those without a value. See
    /// [`Connection::find`](crate::Connection::find).
    ///
    /// # Errors
    /// As [`Query::all`]; [`Error::NotSupported`] of a query with an order, a limit or an offset.
    pub fn find<T, F: Filterable, G, P, How>(
        &self,
        field: Field<O, T, F, G, P>,
        value: impl Operand<T, How>,
    ) -> Result<Vec<R>> {
        self.check_uncut("find")?;
        self.rows_of(&self.parts.with_filter(field.eq(value).into_expr()))
    }
}

impl<S, O: SObject, R> Query<S, O, R> {
    /// Refuses a call that picks among the rows of a query with an order, a limit or an offset: these would
    /// order and cut what was picked, and not what it is picked from.
    fn check_uncut(&self, call: &str) -> Result<()> {
        let parts = &self.parts;
        let clauses = [
            ("an order", !parts.order_by.is_empty()),
            ("a limit", parts.limit.is_some()),
            ("an offset", parts.offset.is_some()),
        ];
        let Some((clause, _)) = clauses.into_iter().find(|(_, is_there)| *is_there) else {
            return Ok(());
        };
        let what =
            format!("{call} of a query with {clause}: filter and all say which is applied first");
        Err(Error::NotSupported { object: O::OBJECT.name.to_owned(), what })
    }

    /// Where a record has what is selected, if it can be read without a query: nothing but fields of its
    /// own is selected, and every record is a row.
    fn own_places(&self, reader: &Reader<'_>, object: &Object) -> Result<Option<Places>> {
        if !self.parts.is_empty() {
            return Ok(None);
        }
        self.selected.check(reader, O::OBJECT)?;
        self.selected.own_places(reader, object)
    }
}

/// The object, of which records are read by their ids.
fn check_retrieve<'r, O: SObject>(reader: &Reader<'r>) -> Result<&'r Object> {
    let object = O::OBJECT;
    let found = reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
    reader.access.check_call(found, Call::Retrieve)?;
    Ok(found)
}
