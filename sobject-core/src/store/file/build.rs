//! Building indexes over the records that there are, those of words included.
//!
//! An index is built in runs of bounded size. The entries of a run are put in order first: those of
//! the first run fill the empty space from end to end, and those of a later one go up through it once,
//! where entries in the order of the records would each be put at a place of their own. Each run is a
//! transaction that also notes how far it came, so that a build goes on where it was cut.

use std::{
    cell::Cell,
    ops::{Bound, ControlFlow},
};

use super::{
    entries::{put_entry, write},
    migrate::record_id,
};
use crate::{
    bytes::RowRef,
    catalogue::{ObjectEntry, StoredObject},
    engine::{Buffer, Engine, Scan, Space, try_scan},
    error::{Error, Result},
    store::keep::{Index, Table, Words},
};

/// Records in one run of building an index, and in one step of other work on all of them.
pub(crate) const BUILD_STEP: usize = 1 << 18;
/// Bytes of keys in one run, beyond which no further record is taken up.
const MAX_BYTES: usize = 32 << 20;

/// Completes every index that is not complete, `step` records at a time, and notes that in the
/// entries of the objects. Tells whether there was any.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn build_indexes(
    engine: &dyn Engine,
    tables: &[Table],
    stored: &mut [StoredObject],
    step: usize,
) -> Result<bool> {
    let mut is_any = false;
    for (object, table) in stored.iter_mut().zip(tables) {
        for place in 0..object.entry.indexes.len() {
            while let Some(entry) = object.entry.indexes.get(place)
                && let Some(after) = entry.building
            {
                is_any = true;
                let index = Built::of(table, entry.space)?;
                build_run(engine, table, index, &mut object.entry, place, after, step)?;
            }
        }
    }
    Ok(is_any)
}

/// An index that is built.
#[derive(Clone, Copy)]
enum Built<'t> {
    Values(&'t Index),
    Words(&'t Words),
}

impl<'t> Built<'t> {
    /// The index of a table whose entries are in this space.
    fn of(table: &'t Table, space: u16) -> Result<Self> {
        let of_values = table.indexes.iter().find(|index| index.space.id == space);
        let of_words = || table.words.as_ref().filter(|words| words.space.id == space);
        let found = of_values.map(Self::Values).or_else(|| of_words().map(Self::Words));
        found.ok_or_else(|| Error::corrupt("an index without its entry"))
    }

    fn space(self) -> Space {
        match self {
            Self::Values(index) => index.space,
            Self::Words(words) => words.space,
        }
    }

    /// Adds the entries of a record to a run.
    fn add(self, row: RowRef<'_>, id: u64, run: &mut Run) -> Result<()> {
        match self {
            Self::Values(index) => {
                index.with_entry(row.cell(index.slot)?, id, |key, value| run.push(key, value));
            }
            Self::Words(words) => words.each_entry(row, id, &mut |key| run.push(key, &[])),
        }
        Ok(())
    }
}

/// Adds the entries of the next records to an index, and notes how far it came.
fn build_run(
    engine: &dyn Engine,
    table: &Table,
    index: Built<'_>,
    object: &mut ObjectEntry,
    place: usize,
    after: u64,
    step: usize,
) -> Result<()> {
    let reached = Cell::new(None);
    let at = |reached: Option<u64>| {
        let mut object = object.clone();
        if let Some(index) = object.indexes.get_mut(place) {
            index.building = reached;
        }
        object
    };
    write(engine, |base, buffer| {
        let from = after.to_be_bytes();
        let range = Scan { from: Bound::Excluded(&from), limit: step, ..Scan::ALL };
        let mut run = Run::default();
        let more = try_scan(base, table.live, range, |key, bytes| {
            index.add(table.row(bytes)?, record_id(key)?, &mut run)?;
            let goes_on = run.bytes.len() < MAX_BYTES;
            Ok::<_, Error>(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        run.write(index.space(), buffer);
        reached.set(more.as_deref().map(record_id).transpose()?);
        put_entry(&at(reached.get()), buffer)
    })?;
    *object = at(reached.get());
    Ok(())
}

/// Entries of an index, to be put in order.
#[derive(Default)]
struct Run {
    /// Keys and values, one behind the other.
    bytes: Vec<u8>,
    entries: Vec<RunEntry>,
}

struct RunEntry {
    /// The first bytes of the key, so that most comparisons go no further.
    head: u128,
    key: usize,
    value: usize,
    end: usize,
}

impl Run {
    fn push(&mut self, key: &[u8], value: &[u8]) {
        let mut head = [0; 16];
        head.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        let at = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.entries.push(RunEntry {
            head: u128::from_be_bytes(head),
            key: at,
            value: at + key.len(),
            end: self.bytes.len(),
        });
    }

    /// Writes the entries in the order of their keys.
    fn write(mut self, space: Space, buffer: &mut Buffer) {
        let Self { bytes, entries } = &mut self;
        let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        entries.sort_unstable_by(|a, b| {
            let key = |it: &RunEntry| part(it.key, it.value);
            a.head.cmp(&b.head).then_with(|| key(a).cmp(key(b)))
        });
        for RunEntry { key, value, end, .. } in entries {
            buffer.insert(space, part(*key, *value), part(*value, *end));
        }
    }
}
