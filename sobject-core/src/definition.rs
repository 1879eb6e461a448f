//! [`Definition`]: what an object is, as the `const` that `#[derive(SObject)]` writes.
//!
//! A [`Definition`] lists the fields that the struct declares. The seven system fields (Id,
//! IsDeleted, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp) are not
//! among them. [`SYSTEM_FIELDS`] defines these; an object has all of them, unless its definition
//! lists those that it has. Definitions are built by chains of `const` methods, so that one written
//! by hand reads like the attributes.
//!
//! **Invariant:** a definition holds only what was declared. Defaults that follow from other
//! properties are worked out when a store is opened, which also finds contradictions.

mod flags;
mod on_delete;
mod system;
mod target;

use crate::value::FieldType;

pub(crate) use self::system::SYSTEM_FIELDS;
pub use self::{
    flags::{Calls, Flags, System},
    on_delete::OnDelete,
    system::FieldIdx,
    target::Target,
};

/// The definition of an object: what `#[derive(SObject)]` writes as `X::OBJECT`.
///
/// One written by hand is a chain of `const` methods that reads like the attributes:
///
/// ```
/// use sobject_core::{Calls, Definition, FieldDefinition, FieldType};
///
/// const NOTE: &Definition = &Definition::new("Note__c")
///     .label("Note", "Notes")
///     .key_prefix("a00")
///     .fields(&[FieldDefinition::new("Body__c", FieldType::String)
///         .label("Body")
///         .length(80)
///         .create()
///         .update()
///         .nillable()]);
/// assert!(NOTE.calls.contains(Calls::NONE.undelete()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Definition {
    /// API name, such as `LiveAgentSession`.
    pub name: &'static str,
    /// Label of one record, such as `Chat Session`.
    pub label: &'static str,
    /// Label of several records.
    pub plural: &'static str,
    /// The three characters that the ids of this object start with; empty if none were given, which
    /// a store refuses.
    pub key_prefix: &'static str,
    /// Do ids of other objects of the store start so as well? Each of them must say so.
    pub shared_prefix: bool,
    /// First API version that has the object; 0 if it was not given.
    pub since: u16,
    /// The calls that the object supports.
    pub calls: Calls,
    /// The system fields that the object has beside Id; `None` for all of them, but without
    /// IsDeleted if the object does not have the delete call.
    pub system: Option<System>,
    /// May a create give the audit fields, in audit-field mode
    /// ([`Caller::with_audit_fields`](crate::Caller::with_audit_fields))?
    pub audit_fields: bool,
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
            shared_prefix: false,
            since: 0,
            calls: Calls::ALL,
            system: None,
            audit_fields: false,
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

    /// Says that other objects have the same key prefix, as a few of the platform's have: `00a` is
    /// that of `CaseComment` and of `IdeaComment`. Without this, two objects with one key prefix are
    /// taken for a slip, and the store does not open.
    #[must_use]
    pub const fn shared_prefix(mut self) -> Self {
        self.shared_prefix = true;
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

    /// Sets the system fields that the object has beside Id.
    #[must_use]
    pub const fn system(mut self, system: System) -> Self {
        self.system = Some(system);
        self
    }

    /// Lets a create give the audit fields, in audit-field mode.
    #[must_use]
    pub const fn audit_fields(mut self) -> Self {
        self.audit_fields = true;
        self
    }

    /// The field of this number.
    pub(crate) fn field(&self, idx: FieldIdx) -> Option<&'static FieldDefinition> {
        let declared = || idx.get().checked_sub(SYSTEM_FIELDS.len());
        SYSTEM_FIELDS.get(idx.get()).or_else(|| self.fields.get(declared()?))
    }

    /// The system fields that the object has.
    pub(crate) fn system_fields(&self) -> System {
        System::of(self.system, self.calls)
    }

    /// The fields that the object has, with their numbers.
    pub(crate) fn numbered(
        &self,
    ) -> impl Iterator<Item = (FieldIdx, &'static FieldDefinition)> + use<> {
        let system = self.system_fields();
        let all = (0..).map(FieldIdx).zip(SYSTEM_FIELDS.iter().chain(self.fields));
        all.filter(move |(idx, _)| !idx.is_system() || system.has(idx.get()))
    }

    /// Sets the declared fields.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [FieldDefinition]) -> Self {
        self.fields = fields;
        self
    }

    /// All fields: the system fields that the object has, and then the declared ones.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, standard::Group};
    ///
    /// let names: Vec<_> = Group::OBJECT.all_fields().map(|field| field.name).collect();
    /// assert_eq!(names[..2], ["Id", "CreatedDate"]); // a group is never deleted
    /// assert_eq!(names[6..], ["Name", "DeveloperName"]);
    /// # }
    /// ```
    pub fn all_fields(&self) -> impl Iterator<Item = &'static FieldDefinition> + use<> {
        self.numbered().map(|(_, field)| field)
    }

    /// The field of this API name, in any case: a declared one, or a system field that the object has.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, standard::User};
    ///
    /// let name = User::OBJECT.find_field("name").expect("a user has a name");
    /// assert!(name.flags.is_name_field() && name.length == 121);
    /// # }
    /// ```
    pub fn find_field(&self, name: &str) -> Option<&'static FieldDefinition> {
        self.all_fields().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// The definition of a field.
///
/// It starts with every property off. The methods have the names of the attribute's words, and set
/// what the word sets.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Greatest length of a text, in UTF-16 units, or in bytes with `length_in_bytes`; 0 means the
    /// default of the type.
    pub length: u32,
    /// Most digits of an int; 0 means the default of the type.
    pub digits: u8,
    /// The objects that a reference may name.
    pub references: &'static [Target],
    /// Name by which queries follow the reference, such as `Agent`.
    pub relationship: Option<&'static str>,
    /// What becomes of a record whose reference leads to one that is deleted; `None` means
    /// [`OnDelete::SetNull`] where the field may be null and [`OnDelete::Restrict`] elsewhere.
    pub on_delete: Option<OnDelete>,
    /// Name by which queries find the records that refer to one, such as `Contacts`.
    pub child_relationship: Option<&'static str>,
    /// Display format of an auto-number, such as `{00000000}`.
    pub autonumber: Option<&'static str>,
    /// The first number of an auto-number; 1 unless it is set.
    pub start: u64,
    /// Most digits of a decimal number in all; 0 means the default of the type.
    pub precision: u8,
    /// How many of those digits are right of the point as pages show the number, which leaves the
    /// others left of it; `None` means the default of the type. Values keep all their digits.
    pub scale: Option<u8>,
    /// The values of a picklist, in their order.
    pub picklist: &'static [PicklistValue],
    /// The value that the field gets if a create leaves it out.
    pub default: Option<DefaultValue>,
    /// The names that the field had in files written before.
    pub was: &'static [&'static str],
    /// What people read beside the field: describe's `inlineHelpText`.
    pub help: Option<&'static str>,
}

/// A value of a picklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PicklistValue {
    /// The value, as records hold it.
    pub value: &'static str,
    /// The label, as people see it.
    pub label: &'static str,
    /// May a write set it? A value that is no longer in use is made inactive, so that the records
    /// that have it can still be read.
    pub active: bool,
    /// Is it the value that the field gets if a create leaves it out?
    pub default: bool,
}

impl PicklistValue {
    /// An active value whose label is the value itself.
    pub const fn new(value: &'static str) -> Self {
        Self { value, label: value, active: true, default: false }
    }

    /// Sets the label.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Makes the value inactive.
    #[must_use]
    pub const fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Makes it the value that the field gets if a create leaves it out.
    #[must_use]
    pub const fn default(mut self) -> Self {
        self.default = true;
        self
    }
}

/// The value that a field gets if a create leaves it out.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DefaultValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number.
    Double(f64),
    /// Text; dates, times and ids are given as their JSON text.
    Text(&'static str),
}

impl FieldDefinition {
    /// A field with every property off, whose label is its name.
    pub const fn new(name: &'static str, field_type: FieldType) -> Self {
        Self {
            name,
            label: name,
            field_type,
            flags: Flags::NONE,
            length: 0,
            digits: 0,
            references: &[],
            relationship: None,
            on_delete: None,
            child_relationship: None,
            autonumber: None,
            start: 1,
            precision: 0,
            scale: None,
            picklist: &[],
            default: None,
            was: &[],
            help: None,
        }
    }

    /// Sets the API name. Generated code starts from the definition that belongs to the field's
    /// Rust type, which has no name yet.
    #[doc(hidden)]
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Sets the describe type, in place of the one that belongs to the Rust type.
    #[doc(hidden)]
    #[must_use]
    pub const fn field_type(mut self, field_type: FieldType) -> Self {
        self.field_type = field_type;
        self
    }

    /// Sets the label.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Sets the help text that people read beside the field.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// Sets the greatest length, in UTF-16 units, or in bytes with `length_in_bytes`.
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
    pub const fn references(mut self, objects: &'static [Target]) -> Self {
        self.references = objects;
        self
    }

    /// Sets the name by which queries follow the reference.
    #[must_use]
    pub const fn relationship(mut self, name: &'static str) -> Self {
        self.relationship = Some(name);
        self
    }

    /// Sets what becomes of a record whose reference leads to one that is deleted. The reference of
    /// a record to one of its own object is always emptied, and only a field that may be null can be.
    #[must_use]
    pub const fn on_delete(mut self, rule: OnDelete) -> Self {
        self.on_delete = Some(rule);
        self
    }

    /// Sets the name by which queries find the records that refer to one, as in
    /// `(SELECT Id FROM Contacts)`.
    #[must_use]
    pub const fn child_relationship(mut self, name: &'static str) -> Self {
        self.child_relationship = Some(name);
        self
    }

    /// Sets the name by which queries follow the reference, if the field is a reference and has no
    /// such name yet.
    #[must_use]
    pub const fn default_relationship(mut self, name: &'static str) -> Self {
        if !self.references.is_empty() && self.relationship.is_none() {
            self.relationship = Some(name);
        }
        self
    }

    /// Makes the field an auto-number with this display format: text with one token for the number,
    /// of one to ten zeros in braces, and any of `{YY}`, `{YYYY}`, `{MM}` and `{DD}`, such as
    /// `INV-{YYYY}-{0000}`. The field is then defaulted on create as well.
    #[must_use]
    pub const fn autonumber(mut self, format: &'static str) -> Self {
        self.autonumber = Some(format);
        self.flags = self.flags.defaulted_on_create();
        self
    }

    /// Sets the first number of an auto-number.
    #[must_use]
    pub const fn start(mut self, start: u64) -> Self {
        self.start = start;
        self
    }

    /// Sets how many digits a decimal number has at most in all, and how many of them are right of
    /// the point as pages show it. So a value has at most `precision - scale` digits left of the
    /// point; it keeps all digits right of it.
    #[must_use]
    pub const fn precision(mut self, precision: u8, scale: u8) -> Self {
        self.precision = precision;
        self.scale = Some(scale);
        self
    }

    /// Sets the values of a picklist.
    #[must_use]
    pub const fn picklist(mut self, values: &'static [PicklistValue]) -> Self {
        self.picklist = values;
        self
    }

    /// Sets the value that the field gets if a create leaves it out. The field is then defaulted on
    /// create as well.
    #[must_use]
    pub const fn default(mut self, value: DefaultValue) -> Self {
        self.default = Some(value);
        self.flags = self.flags.defaulted_on_create();
        self
    }

    /// Sets the names that the field had in files written before, of whatever version: the values
    /// that a file has under one of them are the field's.
    ///
    /// A file that has the field by its present name already is not searched for the others. One that
    /// has neither the present name nor any of these is refused, since a mistyped name would leave
    /// the field without its values.
    #[must_use]
    pub const fn was(mut self, names: &'static [&'static str]) -> Self {
        self.was = names;
        self
    }

    /// Makes the field unique: no two live records have the same value. Values that differ in case
    /// only are the same, unless the field is case sensitive. Records can be found by the field.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.flags = self.flags.unique();
        self
    }
}

/// Writes a method for each property, of the same name, that turns it on.
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

flag_methods!(
    create update filter group sort nillable defaulted_on_create id_lookup name_field per_caller
    case_sensitive external_id restricted index closed rich_text length_in_bytes
);
