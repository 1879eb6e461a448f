//! Walks: the live records of an object one after another, by their ids or by an index.
//!
//! A [`Path`] is what is walked over, worked out once. It is walked in steps: a [`Step`] says in
//! which direction, how many records at most, and behind which of them. So a walk can be left and
//! gone on with at any time, in the same state of the store or in a later one, and nobody is ever
//! lent a range of the engine.
//!
//! A step may also end at a number of bytes. By an index, records are then read some at a time, so
//! that it ends soon after, however large they are.
//!
//! **Invariant:** an entry of an index leads to a live record; one that does not is
//! [`Error::Corrupt`].

use std::ops::{Bound, ControlFlow};

use super::{Reader, ResumeKey, RowReader};
use crate::{
    bytes::{BadRow, Cell, cell_of, entry_id},
    catalogue::Object,
    definition::FieldIdx,
    engine::{Scan, Space, try_scan},
    error::{Call, Error, Result, shorten},
    store::keep::{Index, IndexRange},
    value::{Storage, Value},
};

/// What is walked over: the live records of an object, or those whose value lies within a range of
/// an index.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    space: Space,
    /// `None` where the walk goes by the ids of the records.
    index: Option<Index>,
    /// Between which keys it lies; `None` if nothing lies on it.
    keys: Option<Keys>,
}

/// Where a range of keys begins and where it ends.
type Keys = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// One step of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'k> {
    /// From the end to the beginning.
    pub(crate) reverse: bool,
    /// So many records at most.
    pub(crate) limit: usize,
    /// No further record is read once rows have so many bytes.
    pub(crate) max_bytes: usize,
    /// Only what comes behind this, in the direction of the walk.
    pub(crate) after: Option<&'k ResumeKey>,
}

impl Step<'_> {
    /// Everything, in order.
    pub(crate) const ALL: Self =
        Self { reverse: false, limit: usize::MAX, max_bytes: usize::MAX, after: None };

    /// One record more than asked for, which tells whether there is more.
    fn further(self) -> Self {
        Self { limit: self.limit.saturating_add(1), ..self }
    }
}

/// What was read in one step.
#[derive(Debug)]
pub(crate) struct Stepped<R> {
    pub(crate) items: Vec<R>,
    /// Where to go on; `None` if there is no more.
    pub(crate) next: Option<ResumeKey>,
    /// The bytes of the rows.
    pub(crate) n_bytes: usize,
}

/// How many items a step is expected to have, if nobody knows.
const N_EXPECTED: usize = 256;

/// How many records are read at a time by an index, where the bytes of a step are limited.
const PIECE: usize = 32;

impl Path {
    /// The walk over the keys of one step.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the step goes on a walk over something else.
    fn scan<'a>(&'a self, step: Step<'a>) -> Result<Scan<'a>> {
        let after = step.after.map(|after| after.key_in(self.space)).transpose()?;
        let Step { reverse, limit, .. } = step;
        let Some((from, to)) = &self.keys else { return Ok(Scan { limit: 0, ..Scan::ALL }) };
        let (mut from, mut to) = (from.as_ref().map(Vec::as_slice), to.as_ref().map(Vec::as_slice));
        // A key outside of the path, as that of a wider one may be, does not widen it.
        match after {
            Some(after) if reverse && end_key(to).is_none_or(|to| after <= to) => {
                to = Bound::Excluded(after);
            }
            Some(after) if !reverse && end_key(from).is_none_or(|from| after >= from) => {
                from = Bound::Excluded(after);
            }
            _ => (),
        }
        Ok(Scan { from, to, reverse, limit })
    }
}

/// The key that a range ends with, on one side.
fn end_key(bound: Bound<&[u8]>) -> Option<&[u8]> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

impl Reader<'_> {
    /// The live records of an object, by their packed ids: those that were made here come in the
    /// order in which they were.
    ///
    /// # Errors
    /// Those of a call that the caller may not make.
    pub(crate) fn path(&self, object: &Object) -> Result<Path> {
        self.access.check_call(object, Call::Query)?;
        let keys = Some((Bound::Unbounded, Bound::Unbounded));
        Ok(Path { space: self.schema.table(object)?.live, index: None, keys })
    }

    /// The live records whose indexed field lies between the bounds, by the field.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if the field has no index, or for a range of ids; those of a call
    /// that the caller may not make.
    pub(crate) fn path_by(
        &self,
        object: &Object,
        field: FieldIdx,
        bounds: (Bound<Value<'_>>, Bound<Value<'_>>),
    ) -> Result<Path> {
        self.access.check_call(object, Call::Query)?;
        let table = self.schema.table(object)?;
        let not_supported = |what| Error::NotSupported { object: object.name.clone(), what };
        let index = *table.slot(field).and_then(|slot| table.index_of(slot)).ok_or_else(|| {
            let name = object.field(field).map_or("?", |field| &field.name);
            not_supported(format!("finding records by {name}, which has no index"))
        })?;
        if index.storage == Storage::Id && !is_one_or_all(&bounds) {
            return Err(not_supported("a range of ids; find them one by one".to_owned()));
        }
        let (from, to) = (self.bound(index, bounds.0)?, self.bound(index, bounds.1)?);
        let keys = from.zip(to).map(|(from, to)| {
            let range = IndexRange { from, to, reverse: false, limit: usize::MAX, after: None };
            index.bounds(range)
        });
        Ok(Path { space: index.space, index: Some(index), keys })
    }

    /// A bound as the index keeps it; `None` if no record can lie within: no record has the id that it
    /// names, or it is NaN, which is neither more nor less than any number.
    fn bound<'v>(&self, index: Index, bound: Bound<Value<'v>>) -> Result<Option<Bound<Cell<'v>>>> {
        let cell = |value| self.index_cell(index, value);
        Ok(match bound {
            Bound::Included(value) => cell(value)?.map(Bound::Included),
            Bound::Excluded(value) => cell(value)?.map(Bound::Excluded),
            Bound::Unbounded => Some(Bound::Unbounded),
        })
    }

    fn index_cell<'v>(&self, index: Index, value: Value<'v>) -> Result<Option<Cell<'v>>> {
        let value = match value {
            Value::Id(id) if index.storage == Storage::Id => {
                return Ok(self.pack_known(id)?.map(Cell::Fixed));
            }
            Value::Double(number) if number.is_nan() => return Ok(None),
            // The least integer stands for null in keys. No field can hold it or the next.
            Value::Long(i64::MIN) => Value::Long(i64::MIN + 1),
            value => value,
        };
        let cell = cell_of(index.storage, value).ok_or_else(|| Error::NotSupported {
            object: String::new(),
            what: format!("finding records by {}, of another type", shorten(value.to_string())),
        })?;
        Ok(Some(cell))
    }

    /// What `f` makes of the records of one step, in the order of the path.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the step goes on a walk over something else; those of `f`;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn step<R>(
        &self,
        object: &Object,
        path: &Path,
        step: Step<'_>,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Stepped<R>> {
        if let Some(index) = path.index {
            return self.step_by(object, path, index, step, f);
        }
        let mut items = Vec::with_capacity(step.limit.min(N_EXPECTED));
        let mut n_bytes = 0;
        let (mut last, mut next) = (None, None);
        self.scan(object, step.further(), &mut |row| {
            if items.len() == step.limit || n_bytes >= step.max_bytes {
                next = last.take();
                return Ok(ControlFlow::Break(()));
            }
            items.push(f(row)?);
            n_bytes += row.n_bytes();
            if items.len() == step.limit || n_bytes >= step.max_bytes {
                last = Some(ResumeKey::of_records(path.space, &row.key()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Stepped { items, next, n_bytes })
    }

    /// [`Reader::step`] by an index.
    fn step_by<R>(
        &self,
        object: &Object,
        path: &Path,
        index: Index,
        step: Step<'_>,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Stepped<R>> {
        let piece = if step.max_bytes == usize::MAX { usize::MAX } else { PIECE };
        let mut ids = Vec::with_capacity(step.limit.min(N_EXPECTED));
        // Where the step may end: how many records there are up to there, and the key.
        let mut ends = Vec::new();
        let mut is_over = true;
        try_scan(self.read, path.space, path.scan(step.further())?, |key, value| {
            if ids.len() == step.limit {
                is_over = false;
                return Ok(ControlFlow::Break(()));
            }
            ids.push(index.id_of(key, value)?);
            if ids.len() == step.limit || ids.len().is_multiple_of(piece) {
                ends.push((ids.len(), Some(ResumeKey::of_records(path.space, key))));
            }
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        if is_over {
            // Behind the last entry there is no more.
            ends.retain(|(end, _)| *end < ids.len());
            ends.push((ids.len(), None));
        }
        let mut stepped = Stepped { items: Vec::new(), next: None, n_bytes: 0 };
        let mut start = 0;
        for (end, key) in ends {
            let n_bytes = &mut stepped.n_bytes;
            let mut read = |row: &RowReader<'_>| {
                *n_bytes += row.n_bytes();
                f(row)
            };
            let found =
                self.found(object, index, ids.get(start..end).unwrap_or_default(), &mut read)?;
            if stepped.items.is_empty() {
                stepped.items = found;
            } else {
                stepped.items.extend(found);
            }
            (start, stepped.next) = (end, key);
            if stepped.n_bytes >= step.max_bytes {
                break;
            }
        }
        Ok(stepped)
    }

    /// What `f` makes of the records that entries of an index lead to, in their order.
    fn found<R>(
        &self,
        object: &Object,
        index: Index,
        packed: &[u64],
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<R>> {
        let mut items = Vec::with_capacity(packed.len());
        // Records that come before others whose place is before theirs.
        let mut early: Vec<Option<R>> = Vec::new();
        self.visit_rows(object, packed, &mut |place, row| {
            let item = f(row)?;
            if place == items.len() && early.is_empty() {
                items.push(item);
            } else {
                if early.is_empty() {
                    early.resize_with(packed.len(), || None);
                }
                early[place] = Some(item);
            }
            Ok(())
        })?;
        items.extend(early.into_iter().flatten());
        if items.len() == packed.len() {
            return Ok(items);
        }
        let space = index.space.id;
        Err(Error::corrupt(format!("an entry of space {space} leads to a record that is not live")))
    }

    /// Calls `f` with the live records of one step, by their packed ids, until it breaks.
    ///
    /// # Errors
    /// As [`Reader::step`]; those of a call that the caller may not make.
    pub(crate) fn scan(
        &self,
        object: &Object,
        step: Step<'_>,
        f: &mut dyn FnMut(&RowReader<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let (path, table) = (self.path(object)?, self.schema.table(object)?);
        let walked = try_scan(self.read, path.space, path.scan(step)?, |key, bytes| {
            let packed = entry_id(key).ok_or(BadRow)?;
            f(&self.row(object, table, packed, bytes)?)
        });
        walked.map(drop)
    }
}

/// Do the bounds leave one value, or all?
fn is_one_or_all(bounds: &(Bound<Value<'_>>, Bound<Value<'_>>)) -> bool {
    match bounds {
        (Bound::Included(from), Bound::Included(to)) => from == to,
        (Bound::Unbounded, Bound::Unbounded) => true,
        _ => false,
    }
}
