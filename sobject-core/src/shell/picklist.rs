//! [`Picklist`], the trait of enums that stand for the values of a picklist, and [`MultiPicklist`],
//! which holds several values of one.
//!
//! **Invariant:** a value that an open picklist does not list comes back exactly as it is stored.

use std::{collections::HashSet, fmt, hash, ops::Deref, slice};

use crate::{
    bytes::same_text,
    definition::PicklistValue,
    error::DecodeError,
    shell::{
        claims::{MayBeFilled, MayBeSeveral, NeverEmpty},
        field_value::FieldValue,
    },
    store::FieldReader,
    value::{FieldType, SEPARATOR, Value},
};

/// An enum of the values of a picklist. Implement it with `#[derive(Picklist)]`, whose docs are the
/// manual. The derive also makes the enum text and JSON, by its values.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::Picklist;
///
/// #[derive(Picklist, Clone, Debug, PartialEq)]
/// enum Status {
///     #[picklist(default)]
///     New,
///     #[picklist(value = "In Progress", label = "Being worked on")]
///     InProgress,
///     #[picklist(inactive)]
///     Waiting,
///     Other(String),
/// }
///
/// assert_eq!(Status::InProgress.as_str(), "In Progress");
/// assert_eq!(Status::InProgress.label(), "Being worked on");
/// assert_eq!(Status::from_value("Lost"), Some(Status::Other("Lost".into())));
/// assert_eq!("In Progress".parse(), Ok(Status::InProgress));
/// assert_eq!(serde_json::to_value(Status::InProgress).unwrap(), "In Progress");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a picklist",
    label = "not an enum of picklist values",
    note = "add `#[derive(Picklist)]` to the enum"
)]
pub trait Picklist: Sized + 'static {
    /// The values, in their order.
    const VALUES: &'static [PicklistValue];
    /// Is the picklist closed, with no variant for values that its list lacks?
    #[doc(hidden)]
    const IS_CLOSED: bool;
    /// The marker of the same name of [`FieldValue`].
    #[doc(hidden)]
    type Empty;
    /// The marker of the same name of [`FieldValue`].
    #[doc(hidden)]
    type Preset;
    /// The marker `Kind` of a [`MultiPicklist`] of this enum: `SeveralOfOpen` or `SeveralOfClosed`, or
    /// `NeverSeveral` if one of the values has a separator in it.
    #[doc(hidden)]
    type Several;

    /// The value, as records hold it.
    fn as_str(&self) -> &str;

    /// The variant for a value as records hold it. A value that the list lacks is in the variant
    /// for other values, or `None` if the enum has no such variant.
    fn from_value(value: &str) -> Option<Self>;

    /// A copy of the value. The trait does not require `Clone`, so that the compiler reports an
    /// enum without it once and not for each use.
    #[doc(hidden)]
    #[must_use]
    fn copy(&self) -> Self;

    /// The label, as people see it. A value that the list lacks is its own label.
    fn label(&self) -> &str {
        let value = self.as_str();
        Self::VALUES.iter().find(|listed| listed.value == value).map_or(value, |it| it.label)
    }
}

/// The place of a value in the list of an open picklist. Case matters: a value whose letters differ
/// in case goes to the variant for other values, so that it comes back as it is stored.
pub fn place_of(values: &[PicklistValue], value: &str) -> Option<usize> {
    values.iter().position(|listed| listed.value == value)
}

/// The place of a value in the list of a closed picklist, first as it is and then in any case. The
/// list may have spelt a value in another case when it was stored, and a closed picklist has no
/// other way to hold it.
pub fn place_in_any_case(values: &[PicklistValue], value: &str) -> Option<usize> {
    place_of(values, value)
        .or_else(|| values.iter().position(|listed| same_text(listed.value, value)))
}

/// Reads a value of a picklist from its place in a row, or null.
///
/// # Errors
/// [`Error::NotSupported`](crate::Error::NotSupported) if the row holds a value that the list lacks.
pub fn read_listed<P: Picklist>(field: FieldReader<'_>) -> Result<Option<P>, DecodeError> {
    let Some(text) = field.text()? else { return Ok(None) };
    P::from_value(text).map(Some).ok_or_else(|| field.not_listed(text))
}

/// The type that the variant for other values holds: a `String`.
#[diagnostic::on_unimplemented(
    message = "the arm for other values holds a `String`, but its type is `{Self}`",
    label = "write `String`"
)]
pub trait OtherValue {
    /// The value.
    fn text(&self) -> &str;
    /// Makes the type hold a value.
    fn of(value: &str) -> Self;
}

#[diagnostic::do_not_recommend]
impl OtherValue for String {
    fn text(&self) -> &str {
        self
    }

    fn of(value: &str) -> Self {
        value.to_owned()
    }
}

/// The values of a field of the describe type multipicklist: several values of one picklist, each
/// once, in the order in which they were given. A record has them in the order of the list, as an org
/// does: those that the list lacks come last.
///
/// It dereferences to a slice of the values. A multi-select picklist without any value is null, so
/// a field that may be empty is an `Option<MultiPicklist<P>>` and `nillable`.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{MultiPicklist, Picklist};
///
/// #[derive(Picklist, Clone, Copy, Debug, PartialEq)]
/// enum Tool {
///     Axe,
///     Saw,
/// }
///
/// let tools = MultiPicklist::from([Tool::Saw, Tool::Axe, Tool::Saw]);
/// assert_eq!(tools.to_string(), "Saw;Axe");
/// assert_eq!(tools[..], [Tool::Saw, Tool::Axe]);
/// # }
/// ```
#[derive(Clone)]
pub struct MultiPicklist<P> {
    values: Vec<P>,
    /// The values as records hold them.
    text: String,
}

impl<P: Picklist> MultiPicklist<P> {
    /// Makes one without values.
    pub const fn new() -> Self {
        Self { values: Vec::new(), text: String::new() }
    }

    /// Adds a value, unless it is there.
    pub fn insert(&mut self, value: P) {
        if !self.has(&value) {
            self.push(value);
        }
    }

    /// Adds a value that is not there.
    fn push(&mut self, value: P) {
        if !self.values.is_empty() {
            self.text.push(SEPARATOR);
        }
        self.text.push_str(value.as_str());
        self.values.push(value);
    }

    /// Takes a value away, if it is there.
    pub fn remove(&mut self, value: &P) {
        let values = std::mem::take(self).values;
        self.extend(values.into_iter().filter(|it| it.as_str() != value.as_str()));
    }

    /// Is this one of the values?
    pub fn has(&self, value: &P) -> bool {
        self.values.iter().any(|it| it.as_str() == value.as_str())
    }

    /// Reads the values of a text as records hold it, such as `Saw;Axe`. `None` if the picklist is
    /// closed and its list lacks one of them.
    fn parse(text: &str) -> Option<Self> {
        let values = text.split(SEPARATOR).map(P::from_value).collect::<Option<_>>()?;
        Some(Self { values, text: text.to_owned() })
    }
}

impl<P> Deref for MultiPicklist<P> {
    type Target = [P];

    fn deref(&self) -> &[P] {
        &self.values
    }
}

impl<P: Picklist> Default for MultiPicklist<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Picklist> Extend<P> for MultiPicklist<P> {
    fn extend<I: IntoIterator<Item = P>>(&mut self, values: I) {
        // A text may have any number of values, so each is not compared with all before it.
        let mut there: HashSet<String> =
            self.values.iter().map(|it| it.as_str().to_owned()).collect();
        for value in values {
            if there.insert(value.as_str().to_owned()) {
                self.push(value);
            }
        }
    }
}

impl<P: Picklist> FromIterator<P> for MultiPicklist<P> {
    fn from_iter<I: IntoIterator<Item = P>>(values: I) -> Self {
        let mut several = Self::new();
        several.extend(values);
        several
    }
}

impl<P: Picklist, const N: usize> From<[P; N]> for MultiPicklist<P> {
    fn from(values: [P; N]) -> Self {
        values.into_iter().collect()
    }
}

impl<'a, P> IntoIterator for &'a MultiPicklist<P> {
    type Item = &'a P;
    type IntoIter = slice::Iter<'a, P>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}

impl<P> IntoIterator for MultiPicklist<P> {
    type Item = P;
    type IntoIter = std::vec::IntoIter<P>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

impl<P> PartialEq for MultiPicklist<P> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<P> Eq for MultiPicklist<P> {}

impl<P> hash::Hash for MultiPicklist<P> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<P> fmt::Display for MultiPicklist<P> {
    /// Prints the values as records hold them: `Saw;Axe`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<P> fmt::Debug for MultiPicklist<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.text.split_terminator(SEPARATOR)).finish()
    }
}

// A picklist that the platform fills has its default value.
#[diagnostic::do_not_recommend]
impl<P: Picklist> MayBeFilled<P> for NeverEmpty {}

#[diagnostic::do_not_recommend]
impl<P: Picklist> MayBeFilled<MultiPicklist<P>> for NeverEmpty {}

impl<P: Picklist> FieldValue for MultiPicklist<P>
where
    P::Several: MayBeSeveral<P>,
{
    const TYPE: FieldType = FieldType::MultiPicklist;
    const PICKLIST: &'static [PicklistValue] = P::VALUES;
    const IS_CLOSED: bool = P::IS_CLOSED;
    type Empty = P::Empty;
    type Preset = P::Preset;
    type Kind = P::Several;

    fn value(&self) -> Value<'_> {
        Value::Text(&self.text)
    }

    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        let Some(text) = field.text()? else { return Ok(None) };
        Self::parse(text).map(Some).ok_or_else(|| field.not_listed(text))
    }

    fn copy(&self) -> Self {
        Self { values: self.values.iter().map(P::copy).collect(), text: self.text.clone() }
    }
}
