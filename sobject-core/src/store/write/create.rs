//! Creating records.

use chrono::{DateTime, Utc};

use super::{
    change::Move,
    draft::{Draft, Mode, Source, set},
    hooks::Job,
    writer::Write,
};
use crate::{
    bytes::Cell,
    catalogue::Object,
    definition::FieldIdx,
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        keep::{Counter, Table},
        read::Place,
        rules::{MAX_RECORDS, Updates, Values, check_count},
    },
};

impl<'a> Write<'a> {
    /// Creates a record.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the other errors of a call that the caller may not make;
    /// those of the stages of a draft; [`Error::Duplicate`].
    pub(crate) fn create(&mut self, object: &'a Object, source: Source<'_>) -> Result<RecordId> {
        let mut draft = self.draft(object, Mode::Create, None, source)?;
        self.find_parents([&mut draft])?;
        self.expect_given([&draft].into_iter())?;
        self.one(|write| write.create_with_hooks(draft))
    }

    /// Creates several records, each written or refused on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn create_many<'v>(
        &mut self,
        object: &'a Object,
        sources: impl ExactSizeIterator<Item = Source<'v>>,
        all_or_none: bool,
    ) -> Result<Vec<Result<RecordId>>> {
        check_count(sources.len(), MAX_RECORDS)?;
        let drafts = sources.map(|source| self.draft(object, Mode::Create, None, source));
        let mut drafts = drafts.collect::<Result<Vec<_>>>()?;
        self.find_parents(&mut drafts)?;
        self.expect_given(drafts.iter())?;
        if self.has_hooks(object) {
            let jobs = drafts.into_iter().map(Job::Create).collect();
            return self.hooked_many(object, jobs, all_or_none);
        }
        self.each(object, drafts, all_or_none, |write, draft| write.create_one(draft))
    }

    /// Creates a record, with the hooks of its object.
    ///
    /// # Errors
    /// Why it is refused.
    pub(super) fn create_with_hooks(&mut self, draft: Draft<'_>) -> Result<RecordId> {
        match self.hooked_object(&draft) {
            Some(object) => self.hooked_one(object, Job::Create(draft), &mut Updates::default()),
            None => self.create_one(draft),
        }
    }

    pub(super) fn create_one(&mut self, mut draft: Draft<'_>) -> Result<RecordId> {
        let (object, table) = (draft.object, draft.table);
        self.access.check_call(object, Call::Create)?;
        draft.check(self, &mut Updates::default())?;
        self.save_new(object, table, &draft.values).map(|(id, _)| id)
    }

    /// What a record has that is made of these values, but for its auto-numbers.
    pub(super) fn first_cells<'c>(
        &mut self,
        object: &Object,
        table: &'c Table,
        values: &'c Values<'_>,
    ) -> Result<Vec<Cell<'c>>> {
        let mut cells: Vec<Cell<'c>> = table.defaults().collect();
        if let Some(owner) = object.owner_field {
            set(&mut cells, table, owner, Cell::Fixed(self.user()));
        }
        self.stamp_user(&mut cells, FieldIdx::CREATED_DATE, FieldIdx::CREATED_BY_ID);
        self.stamp_change(&mut cells);
        // Audit fields that were given take the place of the stamps.
        self.set_values(&mut cells, table, values)?;
        Ok(cells)
    }

    /// Writes a new record of values that have passed every check but that of unique values, and
    /// returns its id, packed too.
    ///
    /// # Errors
    /// [`Error::Duplicate`]; those of drawing ids and numbers.
    pub(super) fn save_new(
        &mut self,
        object: &Object,
        table: &Table,
        values: &Values<'_>,
    ) -> Result<(RecordId, u64)> {
        let mut cells = self.first_cells(object, table, values)?;
        self.check_unique(object, table, &cells, None)?;
        self.take_up_values(object, values)?;
        let names = self.draw_autonumbers(object, table)?;
        for (idx, name) in &names {
            set(&mut cells, table, *idx, Cell::Text(name));
        }
        let (id, packed) = self.draw_id(object)?;
        let (was, becomes) = ((Place::Nowhere, &[][..]), (Place::Live, &*cells));
        self.change(Move { object, table, id: packed, was, becomes })?;
        Ok((id, packed))
    }

    fn draw_autonumbers(
        &mut self,
        object: &Object,
        table: &Table,
    ) -> Result<Vec<(FieldIdx, String)>> {
        let mut names = Vec::with_capacity(object.autonumbers.len());
        for &idx in &object.autonumbers {
            let field = object.at(idx)?;
            let (Some(format), Some(slot)) = (&field.autonumber, table.slot(idx)) else {
                return Err(Error::corrupt(format!("{}: {} has no slot", object.name, field.name)));
            };
            let number = self.draw(Counter::AutoNumber(object.number, slot), field.start)?;
            let at = || DateTime::<Utc>::from_timestamp_millis(self.stamp).unwrap_or_default();
            names.push((idx, format.print(number, at)));
        }
        Ok(names)
    }
}
