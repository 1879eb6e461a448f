//! Walking a space in steps, and looking up many keys at once.

use std::ops::{Bound, ControlFlow};

use super::Verifier;
use crate::{
    engine::{GiveMany, Read, Scan, Space, try_scan},
    error::{Error, Result},
};

/// Keys in one call of the engine.
const AT_ONCE: usize = 4096;

/// Checks one entry of a space, its key and its value, and says whether the step has room for more.
pub(super) type Gather<'f> = &'f mut dyn FnMut(&mut Verifier<'_>, &[u8], &[u8]) -> Result<bool>;

/// A walk over a space, in steps: between two of them, what one has gathered is looked up.
#[derive(Debug)]
pub(super) struct Walk<'w> {
    space: Space,
    /// What is walked, as a finding names it.
    what: &'w str,
    /// The key that the last step ended at.
    after: Option<Vec<u8>>,
    /// How many entries were met.
    pub(super) n: u64,
}

impl<'w> Walk<'w> {
    /// A walk that begins at the first key.
    pub(super) fn of(space: Space, what: &'w str) -> Self {
        Self { space, what, after: None, n: 0 }
    }

    /// Calls `f` with the next entries until it has no room for more, and tells whether there may be
    /// more.
    ///
    /// # Errors
    /// Those of `f`, but for what it finds wrong, which becomes a finding.
    pub(super) fn step(&mut self, verifier: &mut Verifier<'_>, f: Gather<'_>) -> Result<bool> {
        if verifier.is_full() {
            return Ok(false);
        }
        let from = self.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let (n, what) = (&mut self.n, self.what);
        let scan = Scan { from, ..Scan::ALL };
        let next = try_scan(verifier.reader.read, self.space, scan, |key, value| {
            *n += 1;
            let mut has_room = true;
            let checked = f(verifier, key, value).map(|it| has_room = it);
            verifier.note(checked, |_| format!("{what} at {}", hex(key)))?;
            let goes_on = has_room && !verifier.is_full();
            let flow = if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            Ok::<_, Error>(flow)
        })?;
        self.after = next;
        Ok(self.after.is_some())
    }

    /// Compares the count that the engine keeps of the space with the entries that were met.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_count(&self, verifier: &mut Verifier<'_>) -> Result<()> {
        let n = verifier.reader.read.len(self.space)?;
        // A walk that was cut short met fewer, and says nothing.
        if n != self.n && !verifier.is_full() {
            verifier.find(format!("{}: {n} are counted, but there are {}", self.what, self.n));
        }
        Ok(())
    }
}

/// Calls `f` with the value of each key and the place of the key, as [`Read::multi_get`] does.
///
/// # Errors
/// Those of the engine.
pub(super) fn look_up<K: AsRef<[u8]>>(
    read: &dyn Read,
    keys: impl IntoIterator<Item = (Space, K)>,
    f: GiveMany<'_>,
) -> Result<()> {
    let mut keys = keys.into_iter();
    let mut n_before = 0;
    loop {
        let some: Vec<_> = keys.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = some.iter().map(|(space, key)| (*space, key.as_ref())).collect();
        read.multi_get(&keys, &mut |place, value| f(n_before + place, value))?;
        n_before += some.len();
    }
}

fn hex(key: &[u8]) -> String {
    use std::fmt::Write;
    // A long key is told by its beginning.
    key.iter().take(64).fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
