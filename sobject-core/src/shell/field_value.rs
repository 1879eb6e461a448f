//! [`FieldValue`]: the Rust types that a field may have.

#![expect(
    clippy::inline_always,
    reason = "a decode is these few lines for each field; as calls they cost three times as much"
)]

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::{
    definition::{FieldDefinition, PicklistValue, Target},
    error::DecodeError,
    id::{Any, Id, KeyPrefix, RecordId, Ref},
    shell::{
        claims::{
            Boolean, Bytes, Day, Decimal, InOption, Instant, Int, Long, NeverEmpty, NeverNull,
            Nillable, NoPreset, Preset, Reference, Text, TimeOfDay,
        },
        sobject::SObject,
    },
    store::{FieldReader, RowReader},
    value::{FieldType, Value},
};

/// A Rust type that a field may have.
///
/// | Rust type | describe type |
/// |---|---|
/// | `bool` | boolean |
/// | `i32`, `i64` | int, long |
/// | `f64` | double; currency or percent with `type = ..` |
/// | `String` | string; textarea, email, phone, url or combobox with `type = ..` |
/// | `NaiveDate`, `DateTime<Utc>`, `NaiveTime` | date, datetime, time |
/// | `Vec<u8>` | base64 |
/// | [`Id<X>`](Id), [`Ref<(X, Y)>`](Ref), [`Ref<Any>`](Any) | reference |
/// | an enum with [`#[derive(Picklist)]`](crate::Picklist) | picklist, or combobox with `type = ..` |
/// | [`MultiPicklist<P>`](crate::MultiPicklist) of such an enum | multipicklist |
/// | `Option` of any of these | the same, nillable |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a field",
    label = "not a field type",
    note = "a field is a `bool`, `i32`, `i64`, `f64`, `String`, `NaiveDate`, `DateTime<Utc>`, \
            `NaiveTime`, `Vec<u8>`, `Id<X>`, `Ref<(X, Y)>`, an enum with `#[derive(Picklist)]` or a \
            `MultiPicklist` of one, or an `Option` of one of these if it is `nillable`",
    note = "other integers are `i32` or `i64`, an `f32` is an `f64`, borrowed and boxed text is a \
            `String`, several texts are a `MultiPicklist`, other date-times are `DateTime<Utc>`, \
            and a `RecordId` is an `Id<X>` or a `Ref<Any>`"
)]
pub trait FieldValue: Sized {
    /// The describe type.
    const TYPE: FieldType;
    /// The objects that a reference may name; empty for other types.
    const REFERENCES: &'static [Target] = &[];
    /// The values of a picklist; empty for other types.
    const PICKLIST: &'static [PicklistValue] = &[];
    /// Can the type hold the values of its picklist only, and no other text?
    #[doc(hidden)]
    const IS_CLOSED: bool = false;
    /// The part of a field's definition that follows from its type. The name is still empty.
    #[doc(hidden)]
    const DEFINITION: FieldDefinition = {
        let open = FieldDefinition::new("", Self::TYPE);
        let open = open.references(Self::REFERENCES).picklist(Self::PICKLIST);
        if Self::IS_CLOSED { open.closed() } else { open }
    };
    /// The marker of what the type holds where no value is given: `Nillable`, `NeverNull` or
    /// `NeverEmpty`.
    #[doc(hidden)]
    type Empty;
    /// The marker of whether the store has a default for the type that the attribute need not
    /// name: `Preset` or `NoPreset`.
    #[doc(hidden)]
    type Preset;
    /// The marker of what the values are, such as `Text` or `Int`. An `Option` has the kind of what
    /// it holds.
    #[doc(hidden)]
    type Kind;

    /// The value, borrowed.
    fn value(&self) -> Value<'_>;

    // The functions below are called by generated code only.

    /// Reads the value from its place in a row.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the row holds no such value there.
    #[doc(hidden)]
    #[inline(always)]
    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        match Self::read_or_null(field)? {
            Some(value) => Ok(value),
            None => Err(field.unexpected_null()),
        }
    }

    /// Reads the value from its place in a row, or null.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the row holds something else there.
    #[doc(hidden)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError>;

    /// Reads the field declared at place `n`, counted from 0.
    ///
    /// # Errors
    /// Those of [`FieldValue::read`].
    #[doc(hidden)]
    #[inline(always)]
    fn from_row(row: &RowReader<'_>, n: u16) -> Result<Self, DecodeError> {
        Self::read(row.field(n))
    }

    /// A copy of the value, for views to clone themselves with. The trait does not require `Clone`,
    /// because the compiler would then report more than the mistake: a type that cannot be a field
    /// would lack `Clone` as well, and a picklist without `Clone` would be reported several times.
    #[doc(hidden)]
    #[must_use]
    fn copy(&self) -> Self;
}

/// Implements [`FieldValue`] for the types that differ in names only. Each line gives the Rust
/// type, the describe type, the markers `Empty`, `Preset` and `Kind`, the variant of `Value` with
/// the expression that fills it, and the method of `FieldReader` that reads the value back.
macro_rules! field_values {
    ($($ty:ty, $name:ident, $empty:ident, $preset:ident, $kind:ident, $value:ident($self:ident) $give:expr, $read:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl FieldValue for $ty {
            const TYPE: FieldType = FieldType::$name;
            type Empty = $empty;
            type Preset = $preset;
            type Kind = $kind;

            fn value(&$self) -> Value<'_> {
                Value::$value($give)
            }

            #[inline(always)]
            fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
                Ok(field.$read()?.map(Into::into))
            }

            fn copy(&self) -> Self {
                self.clone()
            }
        }
    )*};
}

field_values! {
    bool, Boolean, NeverEmpty, Preset, Boolean, Bool(self) *self, bool;
    i32, Int, NeverNull, NoPreset, Int, Int(self) *self, int;
    i64, Long, NeverNull, NoPreset, Long, Long(self) *self, long;
    f64, Double, NeverNull, NoPreset, Decimal, Double(self) *self, double;
    String, String, NeverNull, NoPreset, Text, Text(self) self, text;
    NaiveDate, Date, NeverNull, NoPreset, Day, Date(self) *self, date;
    NaiveTime, Time, NeverNull, NoPreset, TimeOfDay, Time(self) *self, time;
    Vec<u8>, Base64, NeverNull, NoPreset, Bytes, Bytes(self) self, bytes;
}

// Unlike the types above, this one has no `do_not_recommend`. It serves two messages of the
// compiler. Someone who writes `DateTime<Local>` is pointed to `DateTime<Utc>`. And for any other
// type, this is the fifth impl that may be recommended: five are listed by name, while for fewer
// the compiler would print their source.
impl FieldValue for DateTime<Utc> {
    const TYPE: FieldType = FieldType::DateTime;
    type Empty = NeverNull;
    type Preset = NoPreset;
    type Kind = Instant;

    fn value(&self) -> Value<'_> {
        Value::DateTime(*self)
    }

    #[inline(always)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        field.date_time()
    }

    fn copy(&self) -> Self {
        *self
    }
}

impl<T: SObject> FieldValue for Id<T> {
    const TYPE: FieldType = FieldType::Reference;
    const REFERENCES: &'static [Target] = &[Target::new(T::NAME, T::KEY_PREFIX)];
    type Empty = NeverNull;
    type Preset = NoPreset;
    type Kind = Reference;

    fn value(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }

    #[inline(always)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(field.id()?.map(Self::new))
    }

    fn copy(&self) -> Self {
        *self
    }
}

/// The objects that a polymorphic reference may name: a tuple of two to eight objects, or [`Any`].
#[diagnostic::on_unimplemented(
    message = "`Ref<{Self}>` does not say which objects it may name",
    label = "not a tuple of objects",
    note = "write `Ref<(A, B)>` with two to eight objects, `Id<A>` for one, or `Ref<Any>` for any"
)]
pub trait References {
    /// The objects.
    const TARGETS: &'static [Target];
}

/// Implements [`References`] for tuples of objects.
macro_rules! references {
    ($(($($object:ident)+))*) => {$(
        impl<$($object: SObject),+> References for ($($object,)+) {
            const TARGETS: &'static [Target] =
                &[$(Target::new($object::NAME, $object::KEY_PREFIX)),+];
        }
    )*};
}

references! { (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) }

#[diagnostic::do_not_recommend]
impl References for Any {
    const TARGETS: &'static [Target] = &[Target::ANY];
}

impl<S: References> Ref<S> {
    /// The same id as that of a record of the object `O`, if it is one by its key prefix; the other
    /// way round of [`Id::to_ref`].
    ///
    /// An object that is not among those of the reference does not compile: a build says so, though a
    /// mere check does not.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Ref, standard::{Group, User}};
    ///
    /// let owner: Ref<(Group, User)> = "005xx0000000001".parse()?;
    /// match owner.downcast::<User>() {
    ///     Some(user) => println!("the user {user}"),
    ///     None => println!("a queue"),
    /// }
    /// assert_eq!(owner.downcast::<Group>(), None);
    /// # }
    /// # Ok::<(), sobject_core::IdError>(())
    /// ```
    pub fn downcast<O: SObject>(self) -> Option<Id<O>> {
        const {
            assert!(is_among(S::TARGETS, O::NAME), "the reference does not name this object");
        }
        self.record_id().downcast()
    }
}

/// Is the object of this name among these?
pub(super) const fn is_among(targets: &[Target], name: &str) -> bool {
    let mut n = 0;
    while n < targets.len() {
        let target = targets[n].name.as_bytes();
        if target.eq_ignore_ascii_case(name.as_bytes()) || matches!(target, b"*") {
            return true;
        }
        n += 1;
    }
    false
}

impl RecordId {
    /// The same id as that of a record of the object `O`, if it is one by its key prefix.
    /// [`Id::new`] does not look at the prefix.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{RecordId, standard::{Group, User}};
    ///
    /// let id: RecordId = "005xx0000000001".parse()?;
    /// assert!(id.downcast::<User>().is_some() && id.downcast::<Group>().is_none());
    /// # }
    /// # Ok::<(), sobject_core::IdError>(())
    /// ```
    pub fn downcast<O: SObject>(self) -> Option<Id<O>> {
        (KeyPrefix::new(O::KEY_PREFIX) == Some(self.key_prefix())).then(|| Id::new(self))
    }
}

impl<S: References> FieldValue for Ref<S> {
    const TYPE: FieldType = FieldType::Reference;
    const REFERENCES: &'static [Target] = S::TARGETS;
    type Empty = NeverNull;
    type Preset = NoPreset;
    type Kind = Reference;

    fn value(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }

    #[inline(always)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(field.id()?.map(Self::new))
    }

    fn copy(&self) -> Self {
        *self
    }
}

impl<T: FieldValue> FieldValue for Option<T>
where
    T::Empty: InOption<T>,
{
    const TYPE: FieldType = T::TYPE;
    const REFERENCES: &'static [Target] = T::REFERENCES;
    const PICKLIST: &'static [PicklistValue] = T::PICKLIST;
    const IS_CLOSED: bool = T::IS_CLOSED;
    type Empty = Nillable;
    type Preset = T::Preset;
    type Kind = T::Kind;

    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::value)
    }

    #[inline(always)]
    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        T::read_or_null(field)
    }

    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Self::read(field).map(Some)
    }

    fn copy(&self) -> Self {
        self.as_ref().map(T::copy)
    }
}
