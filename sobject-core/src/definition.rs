//! What an object is, as a `const`: the form that `#[derive(SObject)]` writes.
//!
//! A [`Definition`] lists the fields that the struct declares. The seven system fields (Id,
//! IsDeleted, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp) are
//! the platform's and come with every object; [`SYSTEM_FIELDS`] defines them. Definitions are
//! built by `const` chains, so one written by hand reads like the attribute:
//!
//! ```
//! use sobject_core::{Calls, Definition, FieldDefinition, FieldType};
//!
//! const NOTE: &Definition = &Definition::new("Note__c")
//!     .label("Note", "Notes")
//!     .key_prefix("a00")
//!     .fields(&[FieldDefinition::new("Body__c", FieldType::String)
//!         .label("Body")
//!         .length(80)
//!         .create()
//!         .update()
//!         .nillable()]);
//! assert!(NOTE.calls.contains(Calls::NONE.undelete()));
//! ```
//!
//! **Invariant:** a definition holds only what was declared. Defaults that follow from other
//! properties are worked out in `describe`, once; contradictions are found when a store is opened.

use crate::value::FieldType;

/// The definition of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// API name, such as `LiveAgentSession`.
    pub name: &'static str,
    /// Label of one record, such as `Chat Session`.
    pub label: &'static str,
    /// Label of several records.
    pub plural: &'static str,
    /// Three characters that start the ids of this object; empty if none was given, which a
    /// store refuses.
    pub key_prefix: &'static str,
    /// First API version that has the object; 0 if not stated.
    pub since: u16,
    /// The calls that the object supports.
    pub calls: Calls,
    /// The declared fields, in the order of the struct.
    pub fields: &'static [FieldDefinition],
}

impl Definition {
    /// An object without fields, labelled with its name, that supports every call but merge.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            label: name,
            plural: name,
            key_prefix: "",
            since: 0,
            calls: Calls::ALL,
            fields: &[],
        }
    }

    /// Sets the labels of one and of several records.
    #[must_use]
    pub const fn label(mut self, label: &'static str, plural: &'static str) -> Self {
        self.label = label;
        self.plural = plural;
        self
    }

    /// Sets the key prefix: three of `0-9A-Za-z`.
    #[must_use]
    pub const fn key_prefix(mut self, key_prefix: &'static str) -> Self {
        self.key_prefix = key_prefix;
        self
    }

    /// Sets the first API version that has the object.
    #[must_use]
    pub const fn since(mut self, version: u16) -> Self {
        self.since = version;
        self
    }

    /// Sets the supported calls.
    #[must_use]
    pub const fn calls(mut self, calls: Calls) -> Self {
        self.calls = calls;
        self
    }

    /// Sets the declared fields.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [FieldDefinition]) -> Self {
        self.fields = fields;
        self
    }
}

/// The definition of a field.
///
/// Starts with every property off; each method of the same name as an attribute word turns it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldDefinition {
    /// API name, such as `ChatReqAssigned`.
    pub name: &'static str,
    /// Label, such as `Chat Requests Assigned`.
    pub label: &'static str,
    /// Describe type.
    pub field_type: FieldType,
    /// The properties that are on.
    pub flags: Flags,
    /// Greatest length in characters, of text; 0 means the default of the type.
    pub length: u32,
    /// Most digits, of an int; 0 means the default of the type.
    pub digits: u8,
    /// Names of the objects that a reference may name.
    pub references: &'static [&'static str],
    /// Name by which queries follow the reference, such as `Agent`.
    pub relationship: Option<&'static str>,
    /// Display format of an auto-number, such as `{00000000}`.
    pub autonumber: Option<&'static str>,
}

impl FieldDefinition {
    /// A field with every property off, labelled with its name.
    pub const fn new(name: &'static str, field_type: FieldType) -> Self {
        Self {
            name,
            label: name,
            field_type,
            flags: Flags(0),
            length: 0,
            digits: 0,
            references: &[],
            relationship: None,
            autonumber: None,
        }
    }

    /// Sets the label.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Sets the greatest length in characters.
    #[must_use]
    pub const fn length(mut self, length: u32) -> Self {
        self.length = length;
        self
    }

    /// Sets the most digits of an int.
    #[must_use]
    pub const fn digits(mut self, digits: u8) -> Self {
        self.digits = digits;
        self
    }

    /// Sets the objects that the reference may name.
    #[must_use]
    pub const fn references(mut self, objects: &'static [&'static str]) -> Self {
        self.references = objects;
        self
    }

    /// Sets the name by which queries follow the reference.
    #[must_use]
    pub const fn relationship(mut self, name: &'static str) -> Self {
        self.relationship = Some(name);
        self
    }

    /// Sets the name by which queries follow the reference, if the field is one and has none yet.
    #[must_use]
    pub const fn default_relationship(mut self, name: &'static str) -> Self {
        if !self.references.is_empty() && self.relationship.is_none() {
            self.relationship = Some(name);
        }
        self
    }

    /// Makes the field an auto-number with this display format: text with one `{0..}` token of
    /// one to ten zeros and any of `{YY}`, `{YYYY}`, `{MM}`, `{DD}`. It is then defaulted on
    /// create as well.
    #[must_use]
    pub const fn autonumber(mut self, format: &'static str) -> Self {
        self.autonumber = Some(format);
        self.flags = self.flags.defaulted_on_create();
        self
    }
}

/// Writes a set of yes/no properties as bits, with a `const` method that turns each on and one
/// that asks for it.
macro_rules! bit_set {
    (
        $(#[$doc:meta])* $name:ident($int:ident);
        $($bit:literal $set:ident $is:ident $what:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) $int);

        impl $name {
            /// The empty set.
            pub const NONE: Self = Self(0);

            $(
                #[doc = concat!("Adds ", $what, ".")]
                #[must_use]
                pub const fn $set(self) -> Self {
                    Self(self.0 | 1 << $bit)
                }

                #[doc = concat!("Has ", $what, ".")]
                pub const fn $is(self) -> bool {
                    self.0 & 1 << $bit != 0
                }
            )+

            /// The words of the set, for messages.
            pub(crate) fn names(self) -> String {
                let mut names = Vec::new();
                $(
                    if self.$is() {
                        names.push(stringify!($set));
                    }
                )+
                names.join(", ")
            }

            /// Has all of `other`.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }
        }
    };
}

bit_set! {
    /// The calls that an object supports.
    Calls(u16);
    0 create is_create "`create()`",
    1 delete is_delete "`delete()`",
    2 describe_layout is_describe_layout "`describeLayout()`",
    3 describe_sobjects is_describe_sobjects "`describeSObjects()`",
    4 get_deleted is_get_deleted "`getDeleted()`",
    5 get_updated is_get_updated "`getUpdated()`",
    6 merge is_merge "`merge()`",
    7 query is_query "`query()`",
    8 retrieve is_retrieve "`retrieve()`",
    9 search is_search "`search()`",
    10 undelete is_undelete "`undelete()`",
    11 update is_update "`update()`",
    12 upsert is_upsert "`upsert()`",
}

impl Calls {
    /// Every call but merge, which few objects have.
    pub const ALL: Self = Self(0b1_1111_1011_1111);
}

bit_set! {
    /// The yes/no properties of a field.
    Flags(u16);
    0 create is_create "create: a value may be given in create",
    1 update is_update "update: a value may be set in update",
    2 filter is_filter "filter: the field may stand in WHERE",
    3 group is_group "group: the field may stand in GROUP BY",
    4 sort is_sort "sort: the field may stand in ORDER BY",
    5 nillable is_nillable "nillable: the field may be null",
    6 defaulted_on_create is_defaulted_on_create
        "defaulted on create: the store supplies a value if create gives none",
    7 id_lookup is_id_lookup "idLookup: the field may name a record in upsert",
    8 name_field is_name_field "name field: the field holds the record's name",
    9 per_caller is_per_caller "per caller: each caller has a value of its own",
}

/// Turns each property on by a method of the same name.
macro_rules! flag_methods {
    ($($flag:ident)+) => {
        impl FieldDefinition {$(
            #[doc = concat!("Turns `", stringify!($flag), "` on.")]
            #[must_use]
            pub const fn $flag(mut self) -> Self {
                self.flags = self.flags.$flag();
                self
            }
        )+}
    };
}

flag_methods!(create update filter group sort nillable defaulted_on_create id_lookup name_field per_caller);

/// Where a field stands in its object: the system fields first, then the declared ones.
///
/// A number of one object means nothing to another.
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

    /// The field declared at place `n`, counted from 0, of [`Definition::fields`].
    pub const fn declared(n: u16) -> Self {
        Self(Self::N_SYSTEM + n)
    }

    /// The place as an index.
    pub(crate) const fn get(self) -> usize {
        self.0 as usize
    }
}

/// The system fields, which every object has, in the order of [`FieldIdx`].
///
/// An object without the delete call has no IsDeleted.
pub const SYSTEM_FIELDS: &[FieldDefinition; 7] = &[
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

/// A system field that names the user who did something.
const fn user(
    name: &'static str,
    label: &'static str,
    relationship: &'static str,
) -> FieldDefinition {
    FieldDefinition::new(name, FieldType::Reference)
        .label(label)
        .references(&["User"])
        .relationship(relationship)
        .defaulted_on_create()
        .filter()
        .group()
        .sort()
}
