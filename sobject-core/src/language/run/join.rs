//! The parents of rows, read together level by level.
//!
//! **Invariant:** a parent is read once for all rows of a query that name it.

use std::rc::Rc;

use super::{Kept, Record, Run, Val};
use crate::{
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::Result,
    language::bound::{Expr, Fields, Kind, Source},
};

/// Parents to remember at most; beyond them, what is known is forgotten.
const MAX_PARENTS: usize = 50_000;

/// The records of a row by source.
pub(super) type Joined = Vec<Option<Kept>>;

impl Run<'_> {
    /// Adds to each row, which has its own record, the parents that its sources say: all of them, or
    /// those that are needed, with nothing in the places of the others.
    pub(super) fn join(
        &self,
        sources: &[Source],
        needed: Option<&[bool]>,
        rows: &mut [Joined],
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if self.parents.borrow().len() > MAX_PARENTS {
            self.parents.borrow_mut().clear();
        }
        for (place, source) in sources.iter().enumerate() {
            let Source::Parent { of, field, objects } = source else { continue };
            if needed.is_some_and(|needed| needed.get(place) == Some(&false)) {
                rows.iter_mut().for_each(|row| row.push(None));
                continue;
            }
            let wanted = self.wanted(*of, *field, objects, rows)?;
            self.read_parents(wanted.iter().flatten().copied())?;
            let known = self.parents.borrow();
            for (row, wanted) in rows.iter_mut().zip(wanted) {
                let parent = wanted.into_iter().find_map(|(object, packed)| {
                    let bytes = Rc::clone(known.get(&(object, packed))?.as_ref()?);
                    Some(Kept { object, packed, bytes, is_deleted: false })
                });
                row.push(parent);
            }
        }
        Ok(())
    }

    /// The records that a reference field of a source may name: none, one, or one of each object that
    /// has such ids, of which no more than one is there.
    fn wanted(
        &self,
        of: usize,
        field: FieldIdx,
        objects: &[ObjectNo],
        rows: &[Joined],
    ) -> Result<Vec<Vec<(ObjectNo, u64)>>> {
        let expr = Expr::Field { source: 0, field: Fields::One(field), kind: Kind::Id };
        let one = |row: &Joined| {
            let Some(Some(kept)) = row.get(of) else { return Ok(Vec::new()) };
            let record = self.record(kept)?;
            let Val::Id(packed) = self.eval(&expr, &[Some(record)])? else {
                return Ok(Vec::new());
            };
            if let [object] = objects {
                return Ok(vec![(*object, packed)]);
            }
            let prefix = self.reader.unpack(packed)?.key_prefix();
            let mut wanted = Vec::with_capacity(1);
            for number in objects {
                if self.object(*number)?.key_prefix.is_none_or(|it| it == prefix) {
                    wanted.push((*number, packed));
                }
            }
            Ok(wanted)
        };
        rows.iter().map(one).collect()
    }

    /// Reads the parents that are not known yet.
    fn read_parents(&self, wanted: impl Iterator<Item = (ObjectNo, u64)>) -> Result<()> {
        let mut missing: Vec<_> = {
            let known = self.parents.borrow();
            wanted.filter(|it| !known.contains_key(it)).collect()
        };
        missing.sort_unstable_by_key(|(object, packed)| (object.0, *packed));
        missing.dedup();
        let mut spaces = Vec::with_capacity(missing.len());
        for (object, packed) in &missing {
            spaces.push((self.table(self.object(*object)?)?.live, packed.to_be_bytes()));
        }
        let keys: Vec<_> = spaces.iter().map(|(space, key)| (*space, key.as_slice())).collect();
        let mut known = self.parents.borrow_mut();
        self.reader.read.multi_get(&keys, &mut |place, bytes| {
            if let Some(wanted) = missing.get(place) {
                known.insert(*wanted, bytes.map(Rc::from));
            }
        })?;
        Ok(())
    }

    /// The records of a row, to be read in place.
    pub(super) fn records<'r>(&'r self, row: &'r Joined) -> Result<Vec<Option<Record<'r>>>> {
        row.iter().map(|kept| kept.as_ref().map(|kept| self.record(kept)).transpose()).collect()
    }
}
