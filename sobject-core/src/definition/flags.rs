//! The yes/no properties of objects and fields, as sets of bits.
//!
//! **Invariant:** a bit keeps its meaning for ever, since files hold these sets.

use serde::{Deserialize, Serialize};

/// Writes a type for a set of yes/no properties, each of which is one bit. A line gives the number
/// of the bit, the `const` method that turns it on, the one that asks for it, and its meaning.
macro_rules! bit_set {
    (
        $(#[$doc:meta])* $name:ident($int:ident);
        $($bit:literal $set:ident $is:ident $what:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
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

            /// The properties that one of the two sets has, or both.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Does it have all properties of `other`?
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
    /// The system fields that an object has beside Id, which every object has.
    System(u8);
    1 is_deleted has_is_deleted "`IsDeleted`",
    2 created_date has_created_date "`CreatedDate`",
    3 created_by_id has_created_by_id "`CreatedById`",
    4 last_modified_date has_last_modified_date "`LastModifiedDate`",
    5 last_modified_by_id has_last_modified_by_id "`LastModifiedById`",
    6 system_modstamp has_system_modstamp "`SystemModstamp`",
}

impl System {
    /// All of them.
    pub const ALL: Self = Self(0b111_1110);

    /// All but IsDeleted.
    const NEVER_DELETED: Self = Self(0b111_1100);

    /// Those of an object that lists these, or that lists none and has these calls.
    pub(crate) const fn of(listed: Option<Self>, calls: Calls) -> Self {
        match listed {
            Some(listed) => listed,
            None if calls.is_delete() => Self::ALL,
            None => Self::NEVER_DELETED,
        }
    }

    /// Is the system field of this place among them? Id always is.
    pub(crate) const fn has(self, place: usize) -> bool {
        place == 0 || self.0 & 1 << place != 0
    }
}

bit_set! {
    /// The yes/no properties of a field.
    Flags(u32);
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
    10 unique is_unique "unique: no two live records have the same value",
    11 case_sensitive is_case_sensitive
        "case sensitive: values that differ in case are two, where the field is unique",
    12 external_id is_external_id "external id: the field names records of another system",
    13 restricted is_restricted "restricted: a picklist takes its own values only",
    15 describe_only is_describe_only
        "describe only: the field is described, but the store holds no value of it",
    14 index is_index "index: records can be found by the field",
    16 closed is_closed
        "closed: the field is read into an enum that has the values of the picklist only",
    20 rich_text is_rich_text
        "rich text: the text is HTML, whose blanks stay and whose `&` counts as its entity",
    21 length_in_bytes is_length_in_bytes
        "length in bytes: the length limits the bytes of the text in UTF-8",
}
