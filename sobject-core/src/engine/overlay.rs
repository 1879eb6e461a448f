//! Reading the state of an engine with a write buffer over it.
//!
//! **Invariant:** an overlay reads as the engine will once the buffer is applied, but for what is
//! appended, which has no key until then: nobody sees it.

use std::{cmp::Ordering, ops::ControlFlow};

use super::{
    Buffer, EngineError, GiveMany, Read, Scan, Space, Visit, VisitMany,
    buffer::{Change, Range},
};

/// The state of an engine with a buffer over it.
#[derive(Clone, Copy)]
pub(crate) struct Overlay<'a> {
    pub(crate) base: &'a dyn Read,
    pub(crate) buffer: &'a Buffer,
}

impl Overlay<'_> {
    /// What becomes of a key, if anything does.
    fn pending(&self, space: Space, key: &[u8]) -> Option<Change<'_>> {
        self.buffer.pending(space)?.get(key)
    }

    /// A walk over a range, if anything may be pending in it.
    fn merge(&self, space: Space, scan: Scan<'_>) -> Option<Merge<'_>> {
        if scan.is_empty() {
            return None;
        }
        let mut pending = self.buffer.pending(space)?.range(scan);
        let head = pending.next();
        Some(Merge { pending, head, is_reverse: scan.reverse, left: scan.limit, last: None })
    }
}

impl Read for Overlay<'_> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        match self.pending(space, key) {
            Some(change) => {
                change.value.map(f);
                Ok(change.value.is_some())
            }
            None => self.base.get(space, key, f),
        }
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        let mut places = Vec::new();
        let mut rest = Vec::new();
        for (place, &(space, key)) in keys.iter().enumerate() {
            if let Some(change) = self.pending(space, key) {
                f(place, change.value);
            } else {
                places.push(place);
                rest.push((space, key));
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        self.base.multi_get(&rest, &mut |n, value| f(places[n], value))
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let Some(mut merge) = self.merge(space, scan) else {
            return self.base.scan(space, scan, f);
        };
        self.base
            .scan(space, merge.base_scan(scan), &mut |key, value| merge.base(key, value, f))?;
        merge.rest(f);
        Ok(merge.last)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        let mut merges = Vec::with_capacity(scans.len());
        let mut base_scans = Vec::with_capacity(scans.len());
        for &(space, scan) in scans {
            let merge = self.merge(space, scan);
            base_scans.push((space, merge.as_ref().map_or(scan, |merge| merge.base_scan(scan))));
            merges.push(merge);
        }
        self.base.multi_scan(&base_scans, &mut |n, key, value| match merges.get_mut(n) {
            Some(Some(merge)) => merge.base(key, value, &mut |key, value| f(n, key, value)),
            _ => f(n, key, value),
        })?;
        for (n, merge) in merges.iter_mut().enumerate() {
            if let Some(merge) = merge {
                merge.rest(&mut |key, value| f(n, key, value));
            }
        }
        Ok(())
    }

    fn state(&self) -> Option<u64> {
        None
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        let n = self.base.len(space)?;
        let Some(pending) = self.buffer.pending(space) else { return Ok(n) };
        let unsure: Vec<_> = pending.unsure().map(|key| (space, key)).collect();
        let mut n_unsure = 0;
        if !unsure.is_empty() {
            self.base.multi_get(&unsure, &mut |_, value| n_unsure += u64::from(value.is_some()))?;
        }
        Ok(pending.len(n, n_unsure))
    }
}

/// A walk over what is pending in a range and what the engine has there, in one order.
struct Merge<'b> {
    pending: Range<'b>,
    /// The next pending key.
    head: Option<Change<'b>>,
    is_reverse: bool,
    /// How many keys may still be visited.
    left: usize,
    /// The key that the walk was ended at, once it was.
    last: Option<Vec<u8>>,
}

impl<'b> Merge<'b> {
    /// What is to be asked of the engine: as many keys more as may be hidden by what is pending.
    fn base_scan<'s>(&self, scan: Scan<'s>) -> Scan<'s> {
        let n_pending = if scan.limit == usize::MAX { 0 } else { self.pending.len() + 1 };
        Scan { limit: scan.limit.saturating_add(n_pending), ..scan }
    }

    fn take_head(&mut self) -> Option<Change<'b>> {
        std::mem::replace(&mut self.head, self.pending.next())
    }

    /// Visits a key of the engine after what is pending before it; what is pending for the key
    /// itself takes its place.
    fn base(&mut self, key: &[u8], value: &[u8], f: Visit<'_>) -> ControlFlow<()> {
        while let Some(change) = self.head {
            match change.key.cmp(key) {
                Ordering::Equal => {
                    self.take_head();
                    return self.visit(key, change.value, f);
                }
                order if order.is_lt() == self.is_reverse => break,
                _ => {
                    self.take_head();
                    self.visit(change.key, change.value, f)?;
                }
            }
        }
        self.visit(key, Some(value), f)
    }

    /// Visits what is pending after the engine's last key.
    fn rest(&mut self, f: Visit<'_>) {
        while let Some(change) = self.take_head() {
            if self.visit(change.key, change.value, f).is_break() {
                return;
            }
        }
    }

    /// Visits a key, unless it is removed or the walk has ended.
    fn visit(&mut self, key: &[u8], value: Option<&[u8]>, f: Visit<'_>) -> ControlFlow<()> {
        if self.last.is_some() {
            return ControlFlow::Break(());
        }
        let Some(value) = value else { return ControlFlow::Continue(()) };
        self.left = self.left.saturating_sub(1);
        if f(key, value).is_break() || self.left == 0 {
            self.last = Some(key.to_vec());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
