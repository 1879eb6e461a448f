//! Changing records.

use super::{
    change::Move,
    draft::{Draft, Mode, Source},
    hooks::Job,
    writer::Write,
};
use crate::{
    catalogue::Object,
    error::{Call, Result},
    id::RecordId,
    store::{
        keep::Table,
        read::Place,
        rules::{MAX_RECORDS, Updates, Values, check_count},
    },
};

impl<'a> Write<'a> {
    /// Changes the given fields of a live record, and stamps it even if nothing changed.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) and the other errors of a call
    /// that the caller may not make; those of the stages of a draft;
    /// [`Error::Duplicate`](crate::Error::Duplicate).
    pub(crate) fn update(
        &mut self,
        object: &'a Object,
        id: RecordId,
        source: Source<'_>,
    ) -> Result<()> {
        let mut draft = self.draft(object, Mode::Update, Some(id), source)?;
        self.find_parents([&mut draft])?;
        self.expect_given([&draft].into_iter())?;
        self.one(|write| write.update_with_hooks(draft, &mut Updates::default()))
    }

    /// Changes several records, each written or refused on its own unless all or none was asked. A
    /// source without an id beside it names its record itself.
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany); an error that concerns more than one record, such
    /// as [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn update_many<'v>(
        &mut self,
        object: &'a Object,
        sources: impl ExactSizeIterator<Item = (Option<RecordId>, Source<'v>)>,
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(sources.len(), MAX_RECORDS)?;
        let drafts = sources.map(|(id, source)| {
            let mode = if id.is_some() { Mode::Update } else { Mode::UpdateNamed };
            self.draft(object, mode, id, source)
        });
        let mut drafts = drafts.collect::<Result<Vec<_>>>()?;
        self.find_parents(&mut drafts)?;
        self.expect_given(drafts.iter())?;
        if self.has_hooks(object) {
            let jobs = drafts.into_iter().map(Job::Update).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?;
            return Ok(results.into_iter().map(|result| result.map(drop)).collect());
        }
        let mut updates = Updates::default();
        self.each(object, drafts, all_or_none, |write, draft| write.update_one(draft, &mut updates))
    }

    /// Changes a record, with the hooks of its object.
    ///
    /// # Errors
    /// Why it is refused.
    pub(super) fn update_with_hooks(
        &mut self,
        draft: Draft<'_>,
        updates: &mut Updates,
    ) -> Result<()> {
        match self.hooked_object(&draft) {
            Some(object) => self.hooked_one(object, Job::Update(draft), updates).map(drop),
            None => self.update_one(draft, updates),
        }
    }

    pub(super) fn update_one(&mut self, mut draft: Draft<'_>, updates: &mut Updates) -> Result<()> {
        let (object, table) = (draft.object, draft.table);
        self.access.check_call(object, Call::Update)?;
        draft.check(self, updates)?;
        self.save_changed(object, table, draft.packed, &draft.values)
    }

    /// Changes a live record to values that have passed every check but that of unique values.
    ///
    /// # Errors
    /// [`Error::Duplicate`](crate::Error::Duplicate).
    pub(super) fn save_changed(
        &mut self,
        object: &Object,
        table: &Table,
        packed: u64,
        values: &Values<'_>,
    ) -> Result<()> {
        let old = self.row_bytes(table.live, packed)?;
        let before = table.cells(table.row(&old)?)?;
        let mut cells = before.clone();
        self.set_values(&mut cells, table, values)?;
        self.check_unique(object, table, &cells, Some((packed, &before)))?;
        self.take_up_values(object, values)?;
        self.stamp_change(&mut cells);
        let (was, becomes) = ((Place::Live, &*before), (Place::Live, &*cells));
        self.change(Move { object, table, id: packed, was, becomes })
    }
}
