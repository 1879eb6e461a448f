//! [`Walk`]: records one after another, as many and from where one likes; typed or as JSON.

use std::{fmt, iter::FusedIterator, vec};

use crate::{
    catalogue::ObjectNo,
    error::{Error, Result},
    store::{Page, Path, Reader, ResumeKey, RowReader, Step, Stepped},
};

/// Records in the first chunk that a [`Records`] reads.
const FIRST_CHUNK: usize = 16;
/// Records in a chunk at most.
const MAX_CHUNK: usize = 256;
/// Bytes of rows beyond which a chunk has no further record, or few if it goes by an index.
const CHUNK_BYTES: usize = 1 << 20;

/// What records are read from: a [`Session`](crate::Session), or a
/// [`Transaction`](crate::Transaction) with what it has written.
pub trait Reads: sealed::State {}

pub(in crate::shell) mod sealed {
    use crate::{error::Result, store::Reader};

    /// A state of a store.
    pub trait State {
        /// Has `f` read the state.
        ///
        /// # Errors
        /// Those of `f`.
        fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> Result<R>) -> Result<R>;
    }
}

/// Records of a [`Session`](crate::Session) or a [`Transaction`](crate::Transaction), one after
/// another: all of them, a page, or as an iterator.
///
/// A walk first says what is to be read, and reads nothing until it is asked for records. An error,
/// also one in what is to be read, is answered then.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
/// # let db = Store::in_memory(&[User::OBJECT])?.system();
/// # for name in ["Ada", "Bo", "Cy"] {
/// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
/// # }
/// // The last two by name.
/// let last = db.walk_range(User::FIELDS.name, ..).reverse().limit(2).all()?;
/// # assert_eq!(last.len(), 2);
///
/// // Every user, with at most some hundreds in memory.
/// for user in db.walk::<User>() {
///     println!("{}", user?.name);
/// }
///
/// // In pages; what stands between two of them can be kept as a text.
/// let page = db.walk::<User>().page(2)?;
/// let next = page.next.map(|key| key.to_string());
/// # assert_eq!(page.items.len(), 2);
/// let key = next.as_deref().map(str::parse).transpose()?;
/// let rest = db.walk::<User>().after(key).page(2)?;
/// assert!(rest.next.is_none());
/// # assert_eq!(rest.items.len(), 1);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// Walks of one session see one state, so their pages have each record once. A walk of a
/// [`Connection`](crate::Connection) sees the state that is committed when it begins, so between two
/// pages there may be writes. A record that stays as it is comes once all the same. One that is
/// written in between may come twice, or not at all, if its place in the order changes.
#[must_use = "a walk reads nothing until it is asked for records"]
pub struct Walk<S, R> {
    begun: Result<Begun<S, R>>,
    reverse: bool,
    limit: usize,
    after: Option<ResumeKey>,
}

/// A walk that is in order.
struct Begun<S, R> {
    source: S,
    object: ObjectNo,
    path: Path,
    decode: Decode<R>,
}

/// Makes a record of a row.
pub(in crate::shell) type Decode<R> = Box<dyn Fn(&RowReader<'_>) -> Result<R> + Send + Sync>;

impl<S: Reads, R> Walk<S, R> {
    /// A walk over what `path` gives, if `source` is there.
    pub(in crate::shell) fn begin(
        source: Result<S>,
        path: impl FnOnce(&Reader<'_>) -> Result<(ObjectNo, Path, Decode<R>)>,
    ) -> Self {
        let begin = |source: S| {
            let (object, path, decode) = source.read(path)?;
            Ok(Begun { source, object, path, decode })
        };
        Self { begun: source.and_then(begin), reverse: false, limit: usize::MAX, after: None }
    }

    /// From the last record to the first.
    pub fn reverse(mut self) -> Self {
        self.reverse = true;
        self
    }

    /// So many records at most.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Only what comes behind this key, in the direction of the walk; `None` for everything.
    ///
    /// A key leads on in either direction: reversed, it leads to what comes before.
    pub fn after(mut self, key: impl Into<Option<ResumeKey>>) -> Self {
        self.after = key.into();
        self
    }

    /// The records, at once.
    ///
    /// # Errors
    /// Those of [`Connection::find_range`](crate::Connection::find_range); [`Error::NotSupported`] if
    /// it goes in the order of a field without an index; [`Error::BadResumeKey`] if the walk is to go on behind a key of another.
    pub fn all(self) -> Result<Vec<R>> {
        let after = self.after.as_ref();
        let step = Step { reverse: self.reverse, limit: self.limit, after, ..Step::ALL };
        Ok(self.begun?.step(step)?.items)
    }

    /// Up to `size` records, but one at least, and the key of those that follow.
    ///
    /// # Errors
    /// As [`Walk::all`].
    pub fn page(self, size: usize) -> Result<Page<R>> {
        let limit = size.max(1).min(self.limit);
        let after = self.after.as_ref();
        let step = Step { reverse: self.reverse, limit, after, ..Step::ALL };
        let Stepped { items, next, .. } = self.begun?.step(step)?;
        Ok(Page { items, next })
    }
}

impl<S: Reads, R> Begun<S, R> {
    fn step(&self, step: Step<'_>) -> Result<Stepped<R>> {
        self.source.read(|reader| {
            let object = reader.schema.catalogue.get(self.object);
            let object = object.ok_or_else(|| Error::corrupt("an object without an entry"))?;
            reader.step(object, &self.path, step, &self.decode)
        })
    }
}

impl<S: Reads, R> IntoIterator for Walk<S, R> {
    type Item = Result<R>;
    type IntoIter = Records<S, R>;

    fn into_iter(self) -> Records<S, R> {
        let Self { begun, reverse, limit, after } = self;
        let chunk = Vec::new().into_iter();
        Records { begun: Some(begun), reverse, left: limit, after, size: FIRST_CHUNK, chunk }
    }
}

impl<S, R> fmt::Debug for Walk<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
            .field("reverse", &self.reverse)
            .field("limit", &self.limit)
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

/// The records of a [`Walk`] as an iterator, which ends with the first error.
///
/// It reads up to 256 records at a time, and has no others in memory. Of large records it reads fewer:
/// a megabyte of them, and by an index up to 32 records more. Over a [`Session`](crate::Session) it is
/// `Send` and borrows nothing.
pub struct Records<S, R> {
    /// `None` once everything was read.
    begun: Option<Result<Begun<S, R>>>,
    reverse: bool,
    /// How many records may still be read.
    left: usize,
    after: Option<ResumeKey>,
    /// How many records the next chunk has.
    size: usize,
    chunk: vec::IntoIter<R>,
}

impl<S: Reads, R> Records<S, R> {
    /// Reads the next chunk.
    fn read_on(&mut self) -> Result<()> {
        let Some(begun) = self.begun.take() else { return Ok(()) };
        let begun = begun?;
        let limit = self.size.min(self.left);
        let after = self.after.as_ref();
        let step = Step { reverse: self.reverse, limit, max_bytes: CHUNK_BYTES, after };
        let Stepped { items, next, n_bytes } = begun.step(step)?;
        self.left -= items.len();
        // Chunks grow to be cheap, as long as the records are not large.
        self.size = (self.size * 2).min(MAX_CHUNK);
        if n_bytes * 2 > CHUNK_BYTES {
            self.size = (items.len() * CHUNK_BYTES / n_bytes).clamp(1, self.size);
        }
        if next.is_some() && self.left > 0 {
            self.begun = Some(Ok(begun));
        }
        (self.after, self.chunk) = (next, items.into_iter());
        Ok(())
    }
}

impl<S: Reads, R> Iterator for Records<S, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        if self.chunk.as_slice().is_empty()
            && let Err(error) = self.read_on()
        {
            return Some(Err(error));
        }
        self.chunk.next().map(Ok)
    }
}

impl<S: Reads, R> FusedIterator for Records<S, R> {}

impl<S, R> fmt::Debug for Records<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("after", &self.after).finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "derive"))]
mod tests;
