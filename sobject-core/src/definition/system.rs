//! The system fields, and [`FieldIdx`], the number of a field in its object.

use crate::{
    definition::{FieldDefinition, Target},
    value::FieldType,
};

/// The number of a field in its object: the system fields first, from 0 to 6, then the declared
/// ones.
///
/// It means nothing in another object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIdx(pub(crate) u16);

impl FieldIdx {
    /// Id.
    pub const ID: Self = Self(0);
    /// IsDeleted.
    pub const IS_DELETED: Self = Self(1);
    /// CreatedDate.
    pub const CREATED_DATE: Self = Self(2);
    /// CreatedById.
    pub const CREATED_BY_ID: Self = Self(3);
    /// LastModifiedDate.
    pub const LAST_MODIFIED_DATE: Self = Self(4);
    /// LastModifiedById.
    pub const LAST_MODIFIED_BY_ID: Self = Self(5);
    /// SystemModstamp.
    pub const SYSTEM_MODSTAMP: Self = Self(6);

    /// How many system fields there are.
    pub(crate) const N_SYSTEM: u16 = 7;

    /// The number of the field at place `n`, counted from 0, of
    /// [`Definition::fields`](crate::Definition::fields). Generated views call it.
    #[doc(hidden)]
    pub const fn declared(n: u16) -> Self {
        Self(Self::N_SYSTEM.saturating_add(n))
    }

    /// Is it one of the system fields?
    pub(crate) const fn is_system(self) -> bool {
        self.0 < Self::N_SYSTEM
    }

    /// The number after this one.
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The number as an index into a slice of all fields.
    pub(crate) const fn get(self) -> usize {
        self.0 as usize
    }
}

/// The system fields, in the order of [`FieldIdx`].
///
/// An object that comes with a describe has those that the describe lists. Any other object has
/// those that its definition lists ([`Definition::system`](crate::Definition)); if that lists none,
/// it has all, but IsDeleted only with the delete call. Rows hold all of them for every object,
/// except Id and IsDeleted, which a row's key and space tell.
pub(crate) const SYSTEM_FIELDS: &[FieldDefinition; 7] = &[
    FieldDefinition::new("Id", FieldType::Id)
        .defaulted_on_create()
        .filter()
        .group()
        .sort()
        .id_lookup(),
    FieldDefinition::new("IsDeleted", FieldType::Boolean)
        .label("Deleted")
        .defaulted_on_create()
        .filter()
        .group()
        .sort(),
    stamp("CreatedDate", "Created Date"),
    user("CreatedById", "Created By ID", "CreatedBy"),
    stamp("LastModifiedDate", "Last Modified Date"),
    user("LastModifiedById", "Last Modified By ID", "LastModifiedBy"),
    stamp("SystemModstamp", "System Modstamp"),
];

/// A system field that holds a time.
const fn stamp(name: &'static str, label: &'static str) -> FieldDefinition {
    FieldDefinition::new(name, FieldType::DateTime)
        .label(label)
        .defaulted_on_create()
        .filter()
        .sort()
}

/// The object of users.
const USER: &[Target] = &[Target::new("User", "005")];

/// A system field that names the user who did something.
const fn user(
    name: &'static str,
    label: &'static str,
    relationship: &'static str,
) -> FieldDefinition {
    FieldDefinition::new(name, FieldType::Reference)
        .label(label)
        .references(USER)
        .relationship(relationship)
        .defaulted_on_create()
        .filter()
        .group()
        .sort()
}
