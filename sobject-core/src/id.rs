//! Record ids: 15 case-sensitive characters that name a record, printed as 18.
//!
//! [`RecordId`] is the plain value. [`Id<T>`] and [`Ref<S>`] are the same value, whose type says of
//! which object the record is. All three are `Copy` and ordered like their text, and are parsed and
//! printed without a store.
//!
//! An id is three characters of key prefix (the object), three of instance (where the record was
//! made) and nine of record number in base 62 with the digits `0-9A-Za-z`. Three more characters,
//! worked out from the case of the 15, may follow: with them an id survives programs that ignore
//! case. In memory, the first six characters are kept as they are and the record number as an
//! integer, so that no arithmetic is needed to read an id from a row.
//!
//! **Invariant:** every well-formed id comes back exactly; the order of ids is the byte order of
//! their 15 characters.

#[cfg(test)]
mod tests;

use std::{cmp, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

/// The digits of a record number, in order of value and of ASCII.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The alphabet of the three check characters.
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// Characters in the record number.
const NUMBER_LEN: usize = 9;
/// The first number that nine base-62 digits cannot hold.
const NUMBER_END: u64 = 62u64.pow(9);

/// The id of a record of any object.
///
/// ```
/// use sobject_core::RecordId;
///
/// let id: RecordId = "001M000000qfPyS".parse()?;
/// assert_eq!(id.to_string(), "001M000000qfPySIAU");
/// assert_eq!("001M000000qfPySIAU".parse::<RecordId>()?, id);
/// assert!("001m000000qfPySIAU".parse::<RecordId>().is_err(), "the check characters guard the case");
/// # Ok::<(), sobject_core::IdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    head: [u8; 6],
    number: u64,
}

impl RecordId {
    /// Puts an id together from its key prefix, its instance and its record number.
    ///
    /// `None` if a character is not `0-9A-Za-z` or the number needs more than nine digits.
    pub fn from_parts(prefix: KeyPrefix, instance: [u8; 3], number: u64) -> Option<Self> {
        let mut head = [0; 6];
        head[..3].copy_from_slice(&prefix.0);
        head[3..].copy_from_slice(&instance);
        Self::from_head(head, number)
    }

    /// The id whose first six characters are `head`; `None` as for [`RecordId::from_parts`].
    pub(crate) fn from_head(head: [u8; 6], number: u64) -> Option<Self> {
        (head.iter().all(u8::is_ascii_alphanumeric) && number < NUMBER_END)
            .then_some(Self { head, number })
    }

    /// [`RecordId::from_head`] without its checks, for a head that was taken from an id and a
    /// number of at most 48 bits.
    #[inline]
    pub(crate) fn from_known_head(head: [u8; 6], number: u64) -> Self {
        Self { head, number }
    }

    /// The key prefix: the first three characters, which name the object.
    pub fn key_prefix(&self) -> KeyPrefix {
        let [a, b, c, ..] = self.head;
        KeyPrefix([a, b, c])
    }

    /// The instance: the three characters after the key prefix, which name where the record was
    /// made.
    pub(crate) fn instance(&self) -> [u8; 3] {
        let [.., a, b, c] = self.head;
        [a, b, c]
    }

    /// Key prefix and instance: the first six characters.
    pub(crate) fn head(&self) -> [u8; 6] {
        self.head
    }

    /// The record number: the last nine of the 15 characters, read in base 62.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The 15 characters.
    pub fn to_chars15(&self) -> [u8; 15] {
        let mut chars = [b'0'; 15];
        chars[..6].copy_from_slice(&self.head);
        let mut rest = self.number;
        for digit in chars[6..].iter_mut().rev() {
            *digit = DIGITS[usize::try_from(rest % 62).unwrap_or_default()];
            rest /= 62;
        }
        chars
    }

    /// The 15 characters as text; a few of the platform's messages print ids so.
    pub(crate) fn to_15(self) -> String {
        self.to_chars15().iter().copied().map(char::from).collect()
    }

    /// The 18 characters: the 15, and three that tell which of them are in upper case.
    pub fn to_chars(&self) -> [u8; 18] {
        let mut chars = [0; 18];
        let fifteen = self.to_chars15();
        chars[..15].copy_from_slice(&fifteen);
        chars[15..].copy_from_slice(&check_chars(&fifteen));
        chars
    }
}

/// The three check characters, one for each five characters of an id. Bit k of a check character's
/// place in [`CHECK`] is set if character k of the five is an upper-case letter.
fn check_chars(fifteen: &[u8; 15]) -> [u8; 3] {
    let mut check = [0; 3];
    for (letter, chunk) in check.iter_mut().zip(fifteen.chunks_exact(5)) {
        let bits =
            chunk.iter().rev().fold(0, |bits, c| bits << 1 | usize::from(c.is_ascii_uppercase()));
        *letter = CHECK[bits];
    }
    check
}

/// Why a text is not a record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// Not 15 or 18 characters long.
    Length,
    /// A character is not `0-9`, `A-Z` or `a-z`.
    Character,
    /// The last three of 18 characters do not match the case of the first 15.
    Check,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "an id has 15 or 18 characters",
            Self::Character => "an id has letters and digits only",
            Self::Check => "the last three characters do not match the case of the first 15",
        })
    }
}

impl std::error::Error for IdError {}

impl FromStr for RecordId {
    type Err = IdError;

    /// Reads 15 or 18 characters.
    ///
    /// The check characters may be written in either case. The case of the 15 counts, and must be
    /// the one that the check characters tell.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bytes = text.as_bytes();
        let fifteen: &[u8; 15] = match bytes.len() {
            15 | 18 => bytes.first_chunk().ok_or(IdError::Length)?,
            _ => return Err(IdError::Length),
        };
        if !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(IdError::Character);
        }
        if bytes.len() == 18 && !bytes[15..].eq_ignore_ascii_case(&check_chars(fifteen)) {
            return Err(IdError::Check);
        }
        let mut head = [0; 6];
        head.copy_from_slice(&fifteen[..6]);
        let mut number = 0;
        for &c in &fifteen[15 - NUMBER_LEN..] {
            number = number * 62 + digit_value(c).ok_or(IdError::Character)?;
        }
        Ok(Self { head, number })
    }
}

/// The value of a base-62 digit.
fn digit_value(c: u8) -> Option<u64> {
    match c {
        b'0'..=b'9' => Some(u64::from(c - b'0')),
        b'A'..=b'Z' => Some(u64::from(c - b'A') + 10),
        b'a'..=b'z' => Some(u64::from(c - b'a') + 36),
        _ => None,
    }
}

impl fmt::Display for RecordId {
    /// Prints 18 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.to_chars()).map_err(|_| fmt::Error)?)
    }
}

impl From<RecordId> for Json {
    /// The 18 characters.
    fn from(id: RecordId) -> Self {
        id.to_string().into()
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|e| de::Error::custom(format_args!("malformed id {text}: {e}")))
    }
}

/// The three characters at the start of an id that name the object, such as `005` for User.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPrefix([u8; 3]);

impl KeyPrefix {
    /// Reads a key prefix; `None` unless it is three of `0-9A-Za-z`.
    pub const fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() == 3
            && bytes[0].is_ascii_alphanumeric()
            && bytes[1].is_ascii_alphanumeric()
            && bytes[2].is_ascii_alphanumeric()
        {
            Some(Self([bytes[0], bytes[1], bytes[2]]))
        } else {
            None
        }
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.0).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Writes the two typed ids, which differ in name and docs only.
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T: ?Sized> {
            raw: RecordId,
            // A function type, so that the id is Send, Sync and 'static even if `T` is not.
            object: PhantomData<fn() -> T>,
        }

        impl<T: ?Sized> $name<T> {
            /// The plain id.
            pub const fn record_id(self) -> RecordId {
                self.raw
            }

            /// The same id, said to name a `T`. The store checks that when the id is used.
            ///
            /// There is no `From` for this, so that nothing turns the id of one object into that
            /// of another unless the program says so.
            pub const fn new(raw: RecordId) -> Self {
                Self { raw, object: PhantomData }
            }
        }

        impl<T: ?Sized> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T: ?Sized> Copy for $name<T> {}

        impl<T: ?Sized> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.raw == other.raw
            }
        }

        impl<T: ?Sized> Eq for $name<T> {}

        impl<T: ?Sized> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<T: ?Sized> Ord for $name<T> {
            fn cmp(&self, other: &Self) -> cmp::Ordering {
                self.raw.cmp(&other.raw)
            }
        }

        impl<T: ?Sized> hash::Hash for $name<T> {
            fn hash<H: hash::Hasher>(&self, state: &mut H) {
                self.raw.hash(state);
            }
        }

        impl<T: ?Sized> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.raw, f)
            }
        }

        impl<T: ?Sized> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.raw, f)
            }
        }

        impl<T: ?Sized> FromStr for $name<T> {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self::new)
            }
        }

        impl<T: ?Sized> From<$name<T>> for RecordId {
            fn from(id: $name<T>) -> Self {
                id.raw
            }
        }

        impl<T: ?Sized> PartialEq<RecordId> for $name<T> {
            fn eq(&self, other: &RecordId) -> bool {
                self.raw == *other
            }
        }

        impl<T: ?Sized> PartialEq<$name<T>> for RecordId {
            fn eq(&self, other: &$name<T>) -> bool {
                *self == other.raw
            }
        }

        impl<T: ?Sized> From<$name<T>> for Json {
            fn from(id: $name<T>) -> Self {
                id.raw.into()
            }
        }

        impl<T: ?Sized> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.raw.serialize(serializer)
            }
        }

        impl<'de, T: ?Sized> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                RecordId::deserialize(deserializer).map(Self::new)
            }
        }
    };
}

typed_id! {
    /// The id of a record of the object `T`.
    ///
    /// A plain value, which belongs to no store and does not tell whether the record exists. The
    /// store checks the key prefix and that the record exists when the id is used.
    Id
}

typed_id! {
    /// The id of a record of one of several objects, named as a tuple: `Ref<(Group, User)>`.
    ///
    /// Describe calls such a field a polymorphic foreign key. [`Id::to_ref`] makes a reference of the
    /// id of one of the objects, and [`Ref::downcast`] makes an id of it again. `Ref<Any>` may name a
    /// record of any object.
    Ref
}

impl<T: ?Sized, S: ?Sized> PartialEq<Ref<S>> for Id<T> {
    /// Do both name the same record?
    fn eq(&self, other: &Ref<S>) -> bool {
        self.raw == other.raw
    }
}

impl<T: ?Sized, S: ?Sized> PartialEq<Id<T>> for Ref<S> {
    /// Do both name the same record?
    fn eq(&self, other: &Id<T>) -> bool {
        self.raw == other.raw
    }
}

/// Every object: a `Ref<Any>` may name a record of any object.
///
/// For such a reference, describe lists all objects of the store.
#[derive(Debug)]
pub enum Any {}

impl<T> Id<T> {
    /// The id as a reference to one of several objects, of which `T` is one. With any other object it
    /// does not compile.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Id, Ref, standard::{Group, User}};
    ///
    /// let queue: Id<Group> = "00Gxx0000000001".parse()?;
    /// let owner: Ref<(Group, User)> = queue.to_ref();
    /// assert_eq!(owner, queue);
    /// # }
    /// # Ok::<(), sobject_core::IdError>(())
    /// ```
    pub fn to_ref<S, At>(self) -> Ref<S>
    where
        S: OneOf<T, At>,
    {
        Ref::new(self.raw)
    }
}

impl<S> Ref<S> {
    /// Makes a reference from the id of a record of one of the objects in `S`, as [`Id::to_ref`]
    /// does. With any other object it does not compile.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Id, Ref, standard::{Group, User}};
    ///
    /// let queue: Id<Group> = "00Gxx0000000001".parse()?;
    /// let owner: Ref<(Group, User)> = Ref::to(queue);
    /// assert_eq!(owner, queue);
    /// # }
    /// # Ok::<(), sobject_core::IdError>(())
    /// ```
    pub fn to<O, At>(id: Id<O>) -> Self
    where
        S: OneOf<O, At>,
    {
        Self::new(id.record_id())
    }
}

/// Holds for a tuple of objects that has `O` among them, at the place `At`, which the compiler
/// finds by itself.
#[diagnostic::on_unimplemented(
    message = "a reference to one of `{Self}` cannot name a record of `{O}`",
    label = "`{O}` is not among the objects of this reference"
)]
pub trait OneOf<O, At> {}

impl<O> OneOf<O, At<0>> for Any {}

/// A place in a tuple of objects.
#[derive(Debug)]
pub struct At<const PLACE: usize>(());

/// Implements [`OneOf`] for each place of a tuple.
macro_rules! one_of {
    ($(($($all:ident)+): $($object:ident $place:literal)+;)*) => {$(
        one_of!(@each ($($all),+) $($object $place)+);
    )*};
    (@each $all:tt $($object:ident $place:literal)+) => {$(
        one_of!(@one $all $object $place);
    )+};
    (@one ($($all:ident),+) $object:ident $place:literal) => {
        impl<$($all),+> OneOf<$object, At<$place>> for ($($all,)+) {}
    };
}

one_of! {
    (A B): A 0 B 1;
    (A B C): A 0 B 1 C 2;
    (A B C D): A 0 B 1 C 2 D 3;
    (A B C D E): A 0 B 1 C 2 D 3 E 4;
    (A B C D E F): A 0 B 1 C 2 D 3 E 4 F 5;
    (A B C D E F G): A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    (A B C D E F G H): A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}
