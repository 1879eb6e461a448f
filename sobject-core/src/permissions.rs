//! Permissions: what a user may do with objects and fields, by name.
//!
//! The platform keeps rights in a profile, in permission sets, and in muting sets that take some of
//! them back. Here each of these is a [`Permissions`] value, and what a user may do is what they
//! add up to.
//!
//! **Invariants:** a right comes with those that it needs (create and edit need read, delete needs
//! edit; editing a field needs reading it), and goes when one of them is taken. Names match in any
//! case. What they mean in a store is worked out in `store::access`.
//!
//! Source: the platform's guide to what affects access to data, and its object `FieldPermissions`.

use std::{collections::BTreeMap, fmt};

/// What a user may do with the records of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectRight {
    /// Read them.
    Read,
    /// Create them; comes with read.
    Create,
    /// Update them; comes with read.
    Edit,
    /// Delete and undelete them; comes with read and edit.
    Delete,
}

/// What a user may do with a field of the records that the user may read or write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldRight {
    /// Read it.
    Read,
    /// Give it a value, where create or update may; comes with read.
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

/// What a user may do: a profile, a permission set, or what several of them add up to.
///
/// Goes with [`Caller::user`](crate::Caller::user).
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
/// A right comes with those that it needs: create and edit with read, delete with edit, and editing
/// a field with reading it. Muting takes rights back, with those that need them, from what the same
/// value was granted before. So a group of permission sets with a muting set is their union, muted,
/// and then joined with the rest of the user's; a muting set never reaches beyond its group, as on
/// the platform.
///
/// Fields that are not `permissionable` in describe have no rights of their own: the system fields,
/// OwnerId, the name field, required fields, auto-numbers and per-caller fields are read and written
/// with the object. Naming one here is an error when it is used
/// ([`Error::BadPermissions`](crate::Error::BadPermissions)), as is a field that the object does not
/// have. Objects that a store does not have may be named.
///
/// Reading is granted by object, users and groups like others: whoever is to give an owner or another
/// user needs the right to read `User`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// What holds of objects that are not named.
    others: Grants,
    /// By name in lower case.
    objects: BTreeMap<String, Grants>,
    audit_fields: bool,
}

/// What is granted of one object.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Grants {
    /// Bits of [`ObjectRight`].
    object: u8,
    /// Bits of [`FieldRight`], for fields that are not named.
    others: u8,
    /// By name in lower case.
    fields: BTreeMap<String, NamedField>,
}

/// What is granted of one field.
#[derive(Clone, PartialEq, Eq)]
struct NamedField {
    /// As it was written.
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
        out.finish()
    }
}

impl Permissions {
    /// Nothing at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every right on every object and field, and on audit fields: an administrator's.
    pub fn all() -> Self {
        let others = Grants {
            object: ObjectRight::ALL.into_iter().fold(0, |bits, right| bits | right.bit()),
            others: FieldRight::Edit.with_needed(),
            fields: BTreeMap::new(),
        };
        Self { others, objects: BTreeMap::new(), audit_fields: true }
    }

    /// Reading every object and field, and nothing else.
    pub fn read_all() -> Self {
        let (object, others) = (ObjectRight::Read.bit(), FieldRight::Read.bit());
        let others = Grants { object, others, fields: BTreeMap::new() };
        Self { others, ..Self::none() }
    }

    /// Grants rights on an object, with those that they need.
    #[must_use]
    pub fn grant(mut self, object: &str, rights: impl IntoIterator<Item = ObjectRight>) -> Self {
        let grants = self.entry(object);
        grants.object = rights.into_iter().fold(grants.object, |bits, it| bits | it.with_needed());
        self
    }

    /// Grants a right on one field, with what it needs. The object's own rights are apart.
    #[must_use]
    pub fn grant_field(mut self, field: impl Into<FieldName>, right: FieldRight) -> Self {
        let FieldName { object, field } = field.into();
        self.entry(&object).entry(&field).rights |= right.with_needed();
        self
    }

    /// Grants a right on every field of an object, with what it needs.
    #[must_use]
    pub fn grant_fields(mut self, object: &str, right: FieldRight) -> Self {
        let grants = self.entry(object);
        grants.others |= right.with_needed();
        grants.fields.values_mut().for_each(|it| it.rights |= right.with_needed());
        self
    }

    /// Takes rights on an object back, with those that need them.
    #[must_use]
    pub fn mute(mut self, object: &str, rights: impl IntoIterator<Item = ObjectRight>) -> Self {
        let grants = self.entry(object);
        grants.object =
            rights.into_iter().fold(grants.object, |bits, it| bits & !it.with_dependent());
        self
    }

    /// Takes a right on one field back, with what needs it.
    #[must_use]
    pub fn mute_field(mut self, field: impl Into<FieldName>, right: FieldRight) -> Self {
        let FieldName { object, field } = field.into();
        self.entry(&object).entry(&field).rights &= !right.with_dependent();
        self
    }

    /// Takes a right on every field of an object back, with what needs it.
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

    /// Takes the user permission to set audit fields back.
    #[must_use]
    pub fn mute_audit_fields(mut self) -> Self {
        self.audit_fields = false;
        self
    }

    /// What either grants: a user's profile and permission sets together.
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

    /// Is the right on the field granted? The object's own rights, and that some fields have none
    /// of their own, are apart.
    pub fn allows_field(&self, object: &str, field: &str, right: FieldRight) -> bool {
        self.of(object).allows_field(field, right)
    }

    /// Is the user permission to set audit fields granted?
    pub fn allows_audit_fields(&self) -> bool {
        self.audit_fields
    }

    /// What is granted of an object, by its name in any case.
    pub(crate) fn of(&self, object: &str) -> &Grants {
        find(&self.objects, object).unwrap_or(&self.others)
    }

    /// What is granted of an object, apart from the others from now on.
    fn entry(&mut self, object: &str) -> &mut Grants {
        let others = &self.others;
        self.objects.entry(object.to_ascii_lowercase()).or_insert_with(|| others.clone())
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

    /// The fields that are named, as they were written.
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
        Self {
            object: self.object | other.object,
            others: self.others | other.others,
            fields: fields.collect(),
        }
    }
}

/// What stands under a name in lower case. Most callers ask for many names where few or none are.
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
        let expected = "Grants { object: [Read, Create, Edit], fields: [Read, Edit], F: [Read] }";
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
