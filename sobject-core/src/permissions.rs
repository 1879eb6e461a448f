//! [`Permissions`]: what a user may do with objects and fields, by their names.
//!
//! The platform keeps a user's rights in a profile, in permission sets, and in muting sets, which
//! take rights of a group of permission sets back. Here each of these is a [`Permissions`] value,
//! and their union is what the user may do. `store::rules` works out what that means for the
//! objects of a store.
//!
//! **Invariants:** who is granted a right also has the rights that it needs (create and edit need
//! read, delete needs edit, editing a field needs reading it); who loses a right also loses those
//! that need it. Names match in any case.
//!
//! Source: the platform's guide to what affects access to data, and its object `FieldPermissions`.

use std::{collections::BTreeMap, fmt};

/// What a user may do with the records of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectRight {
    /// Read them.
    Read,
    /// Create them. It needs read, and includes it.
    Create,
    /// Update them. It needs read, and includes it.
    Edit,
    /// Delete and undelete them. It needs read and edit, and includes both.
    Delete,
}

/// What a user may do with a field, in the records that the user may read or write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldRight {
    /// Read it.
    Read,
    /// Set it in the calls that its attribute allows: create, update or both. It needs read, and
    /// includes it.
    Edit,
}

impl ObjectRight {
    /// Every right.
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Edit, Self::Delete];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The right and those that it needs.
    const fn with_needed(self) -> u8 {
        match self {
            Self::Read => Self::Read.bit(),
            Self::Create | Self::Edit => Self::Read.bit() | self.bit(),
            Self::Delete => Self::Edit.with_needed() | self.bit(),
        }
    }

    /// The right and those that need it.
    const fn with_dependent(self) -> u8 {
        match self {
            Self::Read => u8::MAX,
            Self::Edit => self.bit() | Self::Delete.bit(),
            Self::Create | Self::Delete => self.bit(),
        }
    }
}

impl FieldRight {
    /// Every right.
    pub const ALL: [Self; 2] = [Self::Read, Self::Edit];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    const fn with_needed(self) -> u8 {
        match self {
            Self::Read => self.bit(),
            Self::Edit => Self::Read.bit() | self.bit(),
        }
    }

    const fn with_dependent(self) -> u8 {
        match self {
            Self::Read => u8::MAX,
            Self::Edit => self.bit(),
        }
    }
}

/// The name of a field of an object: a handle, such as `LiveAgentSession::FIELDS.time_idle`, or two
/// API names, such as `("LiveAgentSession", "TimeIdle")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    pub(crate) object: String,
    pub(crate) field: String,
}

impl From<(&str, &str)> for FieldName {
    fn from((object, field): (&str, &str)) -> Self {
        Self { object: object.to_owned(), field: field.to_owned() }
    }
}

/// What a user may do: a profile, a permission set, or the union of several.
///
/// [`Caller::user`](crate::Caller::user) takes it.
///
/// ```
/// use sobject_core::{FieldRight, ObjectRight, Permissions};
///
/// let profile = Permissions::none()
///     .grant("LiveAgentSession", [ObjectRight::Create, ObjectRight::Edit])
///     .grant_fields("LiveAgentSession", FieldRight::Read);
/// let supervisor = Permissions::none()
///     .grant("LiveAgentSession", [ObjectRight::Delete])
///     .grant_fields("LiveAgentSession", FieldRight::Edit)
///     .mute_field(("LiveAgentSession", "TimeIdle"), FieldRight::Edit);
/// let permissions = profile.union(&supervisor);
/// assert!(permissions.allows("LiveAgentSession", ObjectRight::Delete));
/// assert!(!permissions.allows_field("LiveAgentSession", "TimeIdle", FieldRight::Edit));
/// ```
///
/// A grant includes the rights that the granted one needs: create and edit include read, delete
/// includes edit, and editing a field includes reading it. Muting takes back what was granted to
/// the same value before, together with the rights that need it. So for a group of permission sets
/// with a muting set, take the union of the sets, mute it, and take the union of that and the
/// user's other permissions. As on the platform, a muting set takes nothing from permissions
/// outside of its group.
///
/// Fields that are not `permissionable` in describe have no rights of their own: the system fields,
/// OwnerId, the name field, required fields, auto-numbers and per-caller fields. Who may read or
/// write the records of the object may read or write these fields. If the permissions name such a
/// field, or one that the object does not have, the calls on that object are refused
/// ([`Error::BadPermissions`](crate::Error::BadPermissions)). Objects that the store does not have
/// may be named. [`Store::try_connect`](crate::Store::try_connect) refuses both at once.
///
/// A user may set a reference only to records of objects that the user may read. `User` and `Group`
/// are no exception: to give a record an owner, a user needs the right to read the owner's object. The
/// id of a record of a hidden object is answered as one that no object has. For the same reason, a
/// user from whom an object of the store is hidden may name a record of an object that the store does
/// not have only where its key prefix is known. (This is a choice of ours.)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The grants of objects that are not named.
    others: Grants,
    /// By name in lower case.
    objects: BTreeMap<String, Grants>,
    audit_fields: bool,
}

/// The rights on one object and its fields.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Grants {
    /// The object's name as the program wrote it; empty for the objects that are not named.
    name: String,
    /// Bits of [`ObjectRight`].
    object: u8,
    /// Bits of [`FieldRight`], for fields that are not named.
    others: u8,
    /// By name in lower case.
    fields: BTreeMap<String, NamedField>,
}

/// The rights on one field.
#[derive(Clone, PartialEq, Eq)]
struct NamedField {
    /// The field's name as the program wrote it.
    name: String,
    /// Bits of [`FieldRight`].
    rights: u8,
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object: Vec<_> = ObjectRight::ALL.into_iter().filter(|it| self.allows(*it)).collect();
        let field = |bits: u8| FieldRight::ALL.into_iter().filter(move |it| bits & it.bit() != 0);
        let mut out = f.debug_struct("Grants");
        out.field("object", &object).field("fields", &field(self.others).collect::<Vec<_>>());
        for named in self.fields.values() {
            out.field(&named.name, &field(named.rights).collect::<Vec<_>>());
        }
        out.finish_non_exhaustive()
    }
}

impl Permissions {
    /// No right at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every right on every object and field, and the permission to set audit fields: what an
    /// administrator has.
    pub fn all() -> Self {
        let others = Grants {
            name: String::new(),
            object: ObjectRight::ALL.into_iter().fold(0, |bits, right| bits | right.bit()),
            others: FieldRight::Edit.with_needed(),
            fields: BTreeMap::new(),
        };
        Self { others, objects: BTreeMap::new(), audit_fields: true }
    }

    /// The right to read every object and field, and no other right.
    pub fn read_all() -> Self {
        let (object, others) = (ObjectRight::Read.bit(), FieldRight::Read.bit());
        let others = Grants { object, others, ..Grants::default() };
        Self { others, ..Self::none() }
    }

    /// Grants rights on an object, and those that they need.
    #[must_use]
    pub fn grant(mut self, object: &str, rights: impl IntoIterator<Item = ObjectRight>) -> Self {
        let grants = self.entry(object);
        grants.object = rights.into_iter().fold(grants.object, |bits, it| bits | it.with_needed());
        self
    }

    /// Grants a right on one field, and the one that it needs. Rights on the object are granted
    /// separately.
    #[must_use]
    pub fn grant_field(mut self, field: impl Into<FieldName>, right: FieldRight) -> Self {
        let FieldName { object, field } = field.into();
        self.entry(&object).entry(&field).rights |= right.with_needed();
        self
    }

    /// Grants a right on every field of an object, and the one that it needs.
    #[must_use]
    pub fn grant_fields(mut self, object: &str, right: FieldRight) -> Self {
        let grants = self.entry(object);
        grants.others |= right.with_needed();
        grants.fields.values_mut().for_each(|it| it.rights |= right.with_needed());
        self
    }

    /// Takes back rights on an object, and those that need them.
    #[must_use]
    pub fn mute(mut self, object: &str, rights: impl IntoIterator<Item = ObjectRight>) -> Self {
        let grants = self.entry(object);
        grants.object =
            rights.into_iter().fold(grants.object, |bits, it| bits & !it.with_dependent());
        self
    }

    /// Takes back a right on one field, and the one that needs it.
    #[must_use]
    pub fn mute_field(mut self, field: impl Into<FieldName>, right: FieldRight) -> Self {
        let FieldName { object, field } = field.into();
        self.entry(&object).entry(&field).rights &= !right.with_dependent();
        self
    }

    /// Takes back a right on every field of an object, and the one that needs it.
    #[must_use]
    pub fn mute_fields(mut self, object: &str, right: FieldRight) -> Self {
        let grants = self.entry(object);
        grants.others &= !right.with_dependent();
        grants.fields.values_mut().for_each(|it| it.rights &= !right.with_dependent());
        self
    }

    /// Grants the user permission to set audit fields when records are created
    /// ([`Caller::with_audit_fields`](crate::Caller::with_audit_fields)).
    #[must_use]
    pub fn grant_audit_fields(mut self) -> Self {
        self.audit_fields = true;
        self
    }

    /// Takes back the user permission to set audit fields.
    #[must_use]
    pub fn mute_audit_fields(mut self) -> Self {
        self.audit_fields = false;
        self
    }

    /// The rights that one of the two grants, or both: so a user's profile and permission sets are
    /// put together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let names = self.objects.keys().chain(other.objects.keys());
        let joined = |name: &String| (name.clone(), self.of(name).union(other.of(name)));
        Self {
            others: self.others.union(&other.others),
            objects: names.map(joined).collect(),
            audit_fields: self.audit_fields || other.audit_fields,
        }
    }

    /// Is the right on the object granted?
    pub fn allows(&self, object: &str, right: ObjectRight) -> bool {
        self.of(object).allows(right)
    }

    /// Is the right on the field granted? This looks neither at the rights on the object nor at
    /// whether the field has rights of its own.
    pub fn allows_field(&self, object: &str, field: &str, right: FieldRight) -> bool {
        self.of(object).allows_field(field, right)
    }

    /// Is the user permission to set audit fields granted?
    pub fn allows_audit_fields(&self) -> bool {
        self.audit_fields
    }

    /// The objects that are named, as the program wrote them.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        self.objects.values().map(|grants| grants.name.as_str())
    }

    /// The grants of an object, by its name in any case.
    pub(crate) fn of(&self, object: &str) -> &Grants {
        find(&self.objects, object).unwrap_or(&self.others)
    }

    /// The grants of an object that is named from now on. It starts with those of objects that are
    /// not named.
    fn entry(&mut self, object: &str) -> &mut Grants {
        let others = &self.others;
        let new = || Grants { name: object.to_owned(), ..others.clone() };
        self.objects.entry(object.to_ascii_lowercase()).or_insert_with(new)
    }
}

impl Grants {
    pub(crate) fn allows(&self, right: ObjectRight) -> bool {
        self.object & right.bit() != 0
    }

    /// Is the right on a field granted, by its name in any case?
    pub(crate) fn allows_field(&self, field: &str, right: FieldRight) -> bool {
        find(&self.fields, field).map_or(self.others, |it| it.rights) & right.bit() != 0
    }

    /// The fields that are named, as the program wrote them.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        self.fields.values().map(|it| it.name.as_str())
    }

    fn entry(&mut self, field: &str) -> &mut NamedField {
        let rights = self.others;
        let new = || NamedField { name: field.to_owned(), rights };
        self.fields.entry(field.to_ascii_lowercase()).or_insert_with(new)
    }

    fn union(&self, other: &Self) -> Self {
        let rights_of = |it: &Self, name| it.fields.get(name).map_or(it.others, |it| it.rights);
        let fields = self.fields.iter().chain(&other.fields).map(|(key, named)| {
            let rights = rights_of(self, key) | rights_of(other, key);
            (key.clone(), NamedField { name: named.name.clone(), rights })
        });
        let name = if self.name.is_empty() { &other.name } else { &self.name };
        Self {
            name: name.clone(),
            object: self.object | other.object,
            others: self.others | other.others,
            fields: fields.collect(),
        }
    }
}

/// The entry for a name in any case. The map is often empty, and then the name need not be put into
/// lower case.
fn find<'m, T>(map: &'m BTreeMap<String, T>, name: &str) -> Option<&'m T> {
    if map.is_empty() { None } else { map.get(&name.to_ascii_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::{FieldRight, ObjectRight, Permissions};

    /// The rights on the object `X`, as letters.
    fn rights(permissions: &Permissions) -> String {
        let letters = ['r', 'c', 'e', 'd'].into_iter().zip(ObjectRight::ALL);
        letters.filter(|(_, right)| permissions.allows("x", *right)).map(|it| it.0).collect()
    }

    #[test]
    fn a_right_comes_with_what_it_needs_and_goes_with_it() {
        for (granted, expected) in [
            (ObjectRight::Read, "r"),
            (ObjectRight::Create, "rc"),
            (ObjectRight::Edit, "re"),
            (ObjectRight::Delete, "red"),
        ] {
            assert_eq!(rights(&Permissions::none().grant("X", [granted])), expected);
        }
        for (muted, left) in [
            (ObjectRight::Read, ""),
            (ObjectRight::Create, "red"),
            (ObjectRight::Edit, "rc"),
            (ObjectRight::Delete, "rce"),
        ] {
            assert_eq!(rights(&Permissions::all().mute("X", [muted])), left);
        }
        let field = |permissions: &Permissions| {
            [FieldRight::Read, FieldRight::Edit].map(|it| permissions.allows_field("x", "f", it))
        };
        let edit = Permissions::none().grant_field(("X", "F"), FieldRight::Edit);
        assert_eq!(field(&edit), [true, true]);
        assert_eq!(field(&edit.clone().mute_field(("X", "f"), FieldRight::Edit)), [true, false]);
        assert_eq!(field(&edit.mute_fields("x", FieldRight::Read)), [false, false]);
    }

    #[test]
    fn what_holds_of_every_object_or_field_is_kept_by_those_that_are_named() {
        let all_but = Permissions::all()
            .mute("X", [ObjectRight::Delete])
            .mute_field(("X", "F"), FieldRight::Edit);
        assert_eq!(rights(&all_but), "rce");
        assert!(all_but.allows("Y", ObjectRight::Delete));
        assert!(all_but.allows_field("X", "F", FieldRight::Read));
        assert!(all_but.allows_field("X", "G", FieldRight::Edit));
        assert!(!all_but.allows_field("X", "F", FieldRight::Edit));
        let shown = format!("{:?}", all_but.of("x"));
        let expected =
            "Grants { object: [Read, Create, Edit], fields: [Read, Edit], F: [Read], .. }";
        assert_eq!(shown, expected);
        let reads = Permissions::read_all().grant_fields("X", FieldRight::Edit);
        assert_eq!(rights(&reads), "r");
        assert!(reads.allows_field("X", "F", FieldRight::Edit));
        assert!(reads.allows_field("Y", "F", FieldRight::Read));
        assert!(!reads.allows_field("Y", "F", FieldRight::Edit));
    }

    #[test]
    fn a_union_grants_what_either_does_and_muting_stays_within_its_side() {
        let a = Permissions::all().mute("X", [ObjectRight::Edit]);
        let b = Permissions::none()
            .grant("X", [ObjectRight::Edit])
            .grant_field(("X", "F"), FieldRight::Read);
        for union in [a.union(&b), b.union(&a)] {
            assert_eq!(rights(&union), "rce");
            assert!(union.allows_field("X", "F", FieldRight::Edit));
            assert!(union.allows("Y", ObjectRight::Delete));
            assert!(union.allows_audit_fields());
        }
        assert_eq!(a.union(&a), a);
        assert_eq!(b.union(&Permissions::none()), b);
    }
}
