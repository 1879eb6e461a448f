//! A call on an object that has hooks.
//!
//! The records of a call are one batch, which is cut where an id comes again: what is to be done with
//! a record the second time can be seen only when the first is done.

use std::collections::HashSet;

use super::MAX_DEPTH;
use crate::{
    bytes::Cell,
    catalogue::Object,
    definition::FieldIdx,
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        keep::Table,
        rules::{Access, Checked, Purpose, Updates, Values, check_required, targets_of},
        write::{
            Write,
            draft::{Draft, Mode, Source},
            writer::{Event, Hook, HookBatch, Hooked, Invalid, Savepoint},
        },
    },
};

/// What a call is to do with a record.
#[derive(Debug)]
pub(in crate::store::write) enum Job<'v> {
    Create(Draft<'v>),
    Update(Draft<'v>),
    Delete(RecordId),
    Undelete(RecordId),
    /// Nothing: it was refused before.
    Refused(Error),
}

/// What a run of the hooks does with its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Create(Purpose),
    Update,
    Delete,
    Undelete,
}

/// A record that has passed what is checked before the hooks.
#[derive(Debug)]
struct Ready<'v> {
    /// Its place among the records of the call.
    place: usize,
    kind: Kind,
    /// None for one that is to be created.
    id: Option<RecordId>,
    packed: u64,
    /// What was given.
    values: Values<'v>,
}

/// A record on its way through a run.
#[derive(Debug)]
struct Item<'v> {
    place: usize,
    kind: Kind,
    values: Values<'v>,
    hooked: Hooked,
    refused: Option<Error>,
}

impl<'v> Job<'v> {
    /// What is to be done with a draft.
    pub(in crate::store::write) fn of(draft: Result<Draft<'v>>) -> Self {
        match draft {
            Ok(draft) if draft.purpose() == Purpose::Update => Self::Update(draft),
            Ok(draft) => Self::Create(draft),
            Err(error) => Self::Refused(error),
        }
    }

    fn id(&self) -> Option<RecordId> {
        match self {
            Self::Create(_) | Self::Refused(_) => None,
            Self::Update(draft) => draft.own_id(),
            Self::Delete(id) | Self::Undelete(id) => Some(*id),
        }
    }
}

impl Kind {
    fn before(self) -> Option<Event> {
        match self {
            Self::Create(_) => Some(Event::BeforeCreate),
            Self::Update => Some(Event::BeforeUpdate),
            Self::Delete => Some(Event::BeforeDelete),
            Self::Undelete => None,
        }
    }

    fn after(self) -> Event {
        match self {
            Self::Create(_) => Event::AfterCreate,
            Self::Update => Event::AfterUpdate,
            Self::Delete => Event::AfterDelete,
            Self::Undelete => Event::AfterUndelete,
        }
    }

    /// For what values are checked, if any can be given.
    fn purpose(self) -> Option<Purpose> {
        match self {
            Self::Create(purpose) => Some(purpose),
            Self::Update => Some(Purpose::Update),
            Self::Delete | Self::Undelete => None,
        }
    }
}

impl<'a> Write<'a> {
    /// Does one job on an object that has hooks; what it wrote is to be taken back by the caller if it
    /// is refused.
    ///
    /// # Errors
    /// Why it is refused.
    pub(in crate::store::write) fn hooked_one(
        &mut self,
        object: &'a Object,
        job: Job<'_>,
        updates: &mut Updates,
    ) -> Result<RecordId> {
        let none = || Error::corrupt("a record without a result");
        self.run_jobs(object, vec![job], true, updates)?.pop().ok_or_else(none)?
    }

    /// Does the jobs of a call on an object that has hooks, each on its own unless all or none was
    /// asked.
    ///
    /// # Errors
    /// An error that concerns more than one record, such as [`Error::Storage`].
    pub(in crate::store::write) fn hooked_many(
        &mut self,
        object: &'a Object,
        jobs: Vec<Job<'_>>,
        all_or_none: bool,
    ) -> Result<Vec<Result<RecordId>>> {
        let start = self.savepoint();
        let results = self.run_jobs(object, jobs, all_or_none, &mut Updates::default());
        self.base.end_call();
        let mut results = results.inspect_err(|_| self.back_to(start))?;
        if all_or_none && results.iter().any(Result::is_err) {
            self.back_to(start);
            for result in results.iter_mut().filter(|it| it.is_ok()) {
                *result = Err(Error::RolledBack { object: object.name.clone() });
            }
        }
        Ok(results)
    }

    /// The results of jobs. With `all_or_none`, what records wrote that stand beside a refused one is
    /// still there.
    fn run_jobs<'v>(
        &mut self,
        object: &'a Object,
        jobs: Vec<Job<'v>>,
        all_or_none: bool,
        updates: &mut Updates,
    ) -> Result<Vec<Result<RecordId>>> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::HooksTooDeep { object: object.name.clone(), limit: MAX_DEPTH });
        }
        let mut results: Vec<Option<Result<RecordId>>> = jobs.iter().map(|_| None).collect();
        let mut jobs = jobs.into_iter().enumerate().peekable();
        while jobs.peek().is_some() {
            let mut named = HashSet::new();
            let mut ready = Vec::new();
            while let Some((place, job)) =
                jobs.next_if(|(_, job)| job.id().is_none_or(|id| !named.contains(&id)))
            {
                named.extend(job.id());
                match self.prepare(object, place, job, updates) {
                    Ok(prepared) => ready.push(prepared),
                    Err(error) => set(&mut results, place, Err(refusal(error)?)),
                }
            }
            self.run_batch(object, ready, all_or_none, &mut results)?;
        }
        let none = || Error::corrupt("a record without a result");
        results.into_iter().map(|result| result.ok_or_else(none)).collect()
    }

    /// Checks a job as far as it can be before the hooks.
    fn prepare<'v>(
        &mut self,
        object: &'a Object,
        place: usize,
        job: Job<'v>,
        updates: &mut Updates,
    ) -> Result<Ready<'v>> {
        let (id, packed, kind, values) = match job {
            Job::Create(mut draft) => {
                self.access.check_call(object, Call::Create)?;
                draft.check_before_hooks(self, updates)?;
                (None, 0, Kind::Create(draft.purpose()), draft.values)
            }
            Job::Update(mut draft) => {
                self.access.check_call(object, Call::Update)?;
                let id = draft.own_id();
                draft.check_before_hooks(self, updates)?;
                (id, draft.packed, Kind::Update, draft.values)
            }
            Job::Delete(id) => {
                self.access.check_call(object, Call::Delete)?;
                let packed = self.read(|reader| reader.locate(object, id))?;
                (Some(id), packed, Kind::Delete, Vec::new())
            }
            Job::Refused(error) => return Err(error),
            Job::Undelete(id) => {
                self.access.check_call(object, Call::Undelete)?;
                object.check_id(id)?;
                // What is not in the bin is refused when its turn comes.
                let packed = self.pack_known(id)?.unwrap_or(0);
                (Some(id), packed, Kind::Undelete, Vec::new())
            }
        };
        Ok(Ready { place, kind, id, packed, values })
    }

    /// Runs records that are ready until none of them is refused.
    fn run_batch(
        &mut self,
        object: &'a Object,
        mut ready: Vec<Ready<'_>>,
        all_or_none: bool,
        results: &mut [Option<Result<RecordId>>],
    ) -> Result<()> {
        while !ready.is_empty() {
            let start = self.savepoint();
            let run = self.run_once(object, &ready)?;
            let is_refused = |(_, result): &(usize, Result<RecordId>)| result.is_err();
            if all_or_none || !run.iter().any(is_refused) {
                for (place, result) in run {
                    set(results, place, result);
                }
                return Ok(());
            }
            self.back_to(start);
            for (place, result) in run.into_iter().filter(is_refused) {
                ready.retain(|it| it.place != place);
                set(results, place, result);
            }
        }
        Ok(())
    }

    /// Runs records that are ready through hooks and checks, and writes those that are not refused.
    fn run_once(
        &mut self,
        object: &'a Object,
        ready: &[Ready<'_>],
    ) -> Result<Vec<(usize, Result<RecordId>)>> {
        let table = self.schema.table(object)?;
        let mut items = Vec::with_capacity(ready.len());
        for it in ready {
            let mut item = Item {
                place: it.place,
                kind: it.kind,
                values: it.values.clone(),
                hooked: Hooked { id: it.id, packed: it.packed, ..Hooked::default() },
                refused: None,
            };
            if matches!(it.kind, Kind::Update | Kind::Delete) {
                item.hooked.old = Some(self.row_bytes(table.live, it.packed)?);
            }
            self.foresee(object, table, &mut item)?;
            items.push(item);
        }
        let hooks = self.hooks;
        // An upsert creates some and changes others.
        let mut kinds: Vec<Kind> = Vec::new();
        for it in ready {
            if !kinds.contains(&it.kind) {
                kinds.push(it.kind);
            }
        }
        for (kind, before) in kinds.iter().filter_map(|kind| Some((*kind, kind.before()?))) {
            for hook in hooks.of(object, before) {
                self.call(object, table, before, hook, &mut items, |it| it == kind)?;
                for item in items.iter_mut().filter(|it| it.refused.is_none()) {
                    if !item.hooked.changes.is_empty()
                        && let Err(error) = self.take_changes(object, table, item)
                    {
                        item.refused = Some(refusal(error)?);
                    }
                }
            }
        }
        for item in items.iter_mut().filter(|it| it.refused.is_none()) {
            if let Some(purpose) = item.kind.purpose()
                && let Err(error) = check_required(object, self.access, purpose, &item.values)
            {
                item.refused = Some(refusal(error)?);
            }
        }
        for hook in hooks.of(object, Event::Validate) {
            let is_checked = |it: Kind| it.purpose().is_some();
            self.call(object, table, Event::Validate, hook, &mut items, is_checked)?;
        }
        for item in items.iter_mut().filter(|it| it.refused.is_none()) {
            let savepoint: Savepoint = self.savepoint();
            if let Err(error) = self.save(object, table, item) {
                self.back_to(savepoint);
                item.refused = Some(refusal(error)?);
            }
        }
        for kind in kinds {
            for hook in hooks.of(object, kind.after()) {
                self.call(object, table, kind.after(), hook, &mut items, |it| it == kind)?;
            }
        }
        let result = |item: Item<'_>| match (item.refused, item.hooked.id) {
            (Some(error), _) => Ok((item.place, Err(error))),
            (None, Some(id)) => Ok((item.place, Ok(id))),
            (None, None) => Err(Error::corrupt("a record without an id")),
        };
        items.into_iter().map(result).collect()
    }

    /// Works out the row that a record is to have.
    fn foresee(&mut self, object: &'a Object, table: &'a Table, item: &mut Item<'_>) -> Result<()> {
        let cells = match (item.kind, &item.hooked.old) {
            (Kind::Create(_), _) => self.first_cells(object, table, &item.values)?,
            (Kind::Update, Some(old)) => {
                let mut cells = table.cells(table.row(old)?)?;
                self.set_values(&mut cells, table, &item.values)?;
                cells
            }
            _ => return Ok(()),
        };
        let mut row = Vec::new();
        table.encode(object, &cells, &mut row)?;
        item.hooked.new = Some(row);
        Ok(())
    }

    /// Runs a hook for the records of a kind that are not refused.
    fn call(
        &mut self,
        object: &'a Object,
        table: &'a Table,
        event: Event,
        hook: &Hook,
        items: &mut [Item<'_>],
        is_wanted: impl Fn(Kind) -> bool,
    ) -> Result<()> {
        let is_wanted = |it: &&mut Item<'_>| it.refused.is_none() && is_wanted(it.kind);
        let mut items: Vec<_> = items.iter_mut().filter(is_wanted).collect();
        if items.is_empty() {
            return Ok(());
        }
        let records = items.iter_mut().map(|it| std::mem::take(&mut it.hooked)).collect();
        let mut batch = HookBatch { object, table, records };
        let called = self.acting(&Access::SYSTEM, |write| {
            let mut lent = write.lend();
            lent.depth += 1;
            let depth = write.depth;
            let (back, result) = hook(lent, &mut batch);
            *write = back;
            write.depth = depth;
            Ok(result)
        })?;
        for (item, hooked) in items.iter_mut().zip(batch.records) {
            item.hooked = hooked;
            if let Some(Invalid { message, fields }) = item.hooked.refused.take() {
                let object = object.name.clone();
                item.refused = Some(Error::Invalid { object, message, fields });
            }
        }
        let Err(error) = called else { return Ok(()) };
        let error = refusal(error)?;
        for item in items.iter_mut().filter(|it| it.refused.is_none()) {
            let (object, event, message) = (object.name.clone(), event.name(), error.to_string());
            item.refused = Some(Error::HookFailed { object, event, message });
        }
        Ok(())
    }

    /// Checks what a before hook sets, and puts it into the values of the record.
    fn take_changes(
        &mut self,
        object: &'a Object,
        table: &'a Table,
        item: &mut Item<'_>,
    ) -> Result<()> {
        let set_here = std::mem::take(&mut item.hooked.changes);
        let mode = if item.kind == Kind::Update { Mode::Update } else { Mode::Create };
        let changed: Values<'static> = self.acting(&Access::SYSTEM, |write| {
            let mut draft = write.draft(object, mode, None, Source::Json(&set_here))?;
            write.find_parents([&mut draft])?;
            draft.check_changes(write)?;
            Ok(draft.values.drain(..).map(|(idx, it)| (idx, it.into_owned())).collect())
        })?;
        let is_changed = |idx: &FieldIdx| changed.iter().any(|(it, _)| it == idx);
        item.values.retain(|(idx, _)| !is_changed(idx));
        item.values.extend(changed);
        self.foresee(object, table, item)
    }

    /// Writes a record, and looks at what it is now.
    fn save(&mut self, object: &'a Object, table: &'a Table, item: &mut Item<'_>) -> Result<()> {
        match (item.kind, item.hooked.id) {
            (Kind::Create(_), _) => {
                self.check_still_there(object, &item.values)?;
                let (id, packed) = self.save_new(object, table, &item.values)?;
                (item.hooked.id, item.hooked.packed) = (Some(id), packed);
            }
            (Kind::Update, Some(id)) => {
                // A hook may have deleted it.
                self.read(|reader| reader.locate(object, id))?;
                self.check_still_there(object, &item.values)?;
                self.save_changed(object, table, item.hooked.packed, &item.values)?;
            }
            (Kind::Delete, Some(id)) => return self.delete_one(object, id),
            (Kind::Undelete, Some(id)) => self.undelete_one(object, id)?,
            (Kind::Update | Kind::Delete | Kind::Undelete, None) => {
                return Err(Error::corrupt("a call on a record without an id"));
            }
        }
        item.hooked.new = Some(self.row_bytes(table.live, item.hooked.packed)?);
        Ok(())
    }

    /// Refuses references whose records hooks have deleted since they were checked.
    fn check_still_there(&mut self, object: &'a Object, values: &Values<'_>) -> Result<()> {
        self.acting(&Access::SYSTEM, |write| {
            for (idx, value) in values.iter().filter(|(idx, _)| object.is_reference(*idx)) {
                let id = match value {
                    Checked::Cell(Cell::Fixed(packed)) => {
                        write.read(|reader| reader.unpack(*packed))?
                    }
                    Checked::Id(id) => *id,
                    Checked::Cell(_) | Checked::Owned(_) => continue,
                };
                let field = object.at(*idx)?;
                let targets = targets_of(&write.schema.catalogue, field, id);
                write.check_reference(object, field, &targets, id)?;
            }
            Ok(())
        })
    }
}

impl Checked<'_> {
    /// The value, kept by itself.
    fn into_owned(self) -> Checked<'static> {
        match self {
            Self::Cell(Cell::Null) => Checked::Cell(Cell::Null),
            Self::Cell(Cell::Fixed(bits)) => Checked::Cell(Cell::Fixed(bits)),
            Self::Cell(cell) => Checked::Owned(cell.into()),
            Self::Owned(cell) => Checked::Owned(cell),
            Self::Id(id) => Checked::Id(id),
        }
    }
}

/// The refusal of one record.
///
/// # Errors
/// The error, if it concerns more than one.
fn refusal(error: Error) -> Result<Error> {
    if error.refuses_one_record() { Ok(error) } else { Err(error) }
}

fn set(results: &mut [Option<Result<RecordId>>], place: usize, result: Result<RecordId>) {
    if let Some(at) = results.get_mut(place) {
        *at = Some(result);
    }
}
