//! The words of the attributes: a table for objects, one for fields, and two for picklists.
//!
//! Attributes are read by these tables, messages are made from them, and so are the tables in the
//! manuals. A new word needs one entry here and the code for what it does.
//! **Invariant:** code names a word by its constant, never by its text.

mod spelling;

use std::{fmt, ops::RangeInclusive};

#[cfg(test)]
pub(crate) use self::spelling::{ADVICE, IMPLIED, SYNONYMS};
pub(crate) use self::spelling::{advice, list, meant_by_synonym, nearest, why_implied};

/// A word that an attribute may hold.
#[derive(Debug)]
pub(crate) struct Word {
    /// The word as users write it.
    pub(crate) name: &'static str,
    /// What follows it.
    pub(crate) form: Form,
    /// What object pages and setup print for it; empty if they have no word for it.
    pub(crate) page: &'static str,
    /// The key of describe that it sets; empty if there is none.
    pub(crate) describe: &'static str,
    /// What it means, for the tables in the manuals, which the tests compare with this.
    #[cfg(test)]
    pub(crate) says: &'static str,
}

/// What follows a word in an attribute.
#[derive(Debug)]
pub(crate) enum Form {
    /// Nothing: the word stands alone.
    Flag,
    /// `= ".."`, a text. Messages show this example.
    Text(&'static str),
    /// `= ".."`, or `(..)` with several, with this as the example of one.
    Texts(&'static str),
    /// `= n`, a number in this range, with this as the example.
    Number(RangeInclusive<u64>, u64),
    /// `= true`, `= 7`, `= 2.5` or `= ".."`.
    Literal,
    /// `= name`, one of these names.
    OneOf(&'static [&'static str]),
    /// `(..)` with some of the names in this list.
    Names(&'static NameList),
    /// `(derive(..))`.
    Derives,
    /// `= path`.
    Path,
}

/// The names that a list in parentheses may hold.
#[derive(Debug)]
pub(crate) struct NameList {
    /// What messages call one of the names, such as "call".
    pub(crate) noun: &'static str,
    pub(crate) all: &'static [&'static str],
    /// The list that messages show as an example.
    pub(crate) example: &'static str,
    /// What to do instead of an empty list; `None` if an empty list has a meaning.
    pub(crate) instead_of_none: Option<&'static str>,
}

/// Declares the words of one kind of attribute: a constant for each, and a table of all.
macro_rules! words {
    ($(#[$doc:meta])* $table:ident {
        $($word:ident $name:literal $form:expr, $page:literal $describe:literal, $says:literal;)+
    }) => {
        $(
            #[doc = $says]
            pub(crate) const $word: Word = Word {
                name: $name,
                form: $form,
                page: $page,
                describe: $describe,
                #[cfg(test)]
                says: $says,
            };
        )+

        $(#[$doc])*
        pub(crate) const $table: &[Word] = &[$($word),+];
    };
}

/// The words of `#[sobject(..)]`.
pub(crate) mod object {
    use super::{CALLS, Form, SYSTEM_FIELDS, Word};

    words! {
        /// Every word, in the order of messages and manual.
        ALL {
            KEY_PREFIX "key_prefix" Form::Text("a0B"), "" "keyPrefix",
                "the three characters of `0-9A-Za-z` that ids start with; required";
            SHARED_PREFIX "shared_prefix" Form::Flag, "" "",
                "other objects have the same key prefix, as a few of the platform's have; each of \
                 them says so";
            NAME "name" Form::Text("Invoice__c"), "" "name",
                "API name; by default the name of the struct";
            CUSTOM "custom" Form::Flag, "" "custom",
                "the object is a custom one: its API name ends with `__c`, which is appended if it \
                 is not there";
            LABEL "label" Form::Text("Invoice"), "" "label",
                "label of one record; by default the words of the API name";
            PLURAL "plural" Form::Text("Invoices"), "" "labelPlural",
                "label of several records; by default the label with an `s`";
            SINCE "since" Form::Number(1..=999, 28), "" "",
                "first API version that has the object";
            CALLS_WORD "calls" Form::Names(&CALLS), "Supported Calls" "",
                "the calls that the object supports; by default all but `merge`. Without `create`, \
                 `XCreate` cannot be used, without `update`, `XUpdate` cannot, and without `upsert` \
                 neither can be upserted";
            SYSTEM "system" Form::Names(&SYSTEM_FIELDS), "" "",
                "the system fields that the object has beside `Id`; by default all, but \
                 `is_deleted` only with the `delete` call";
            AUDIT_FIELDS "audit_fields" Form::Flag, "" "",
                "a create may give `CreatedDate`, `CreatedById`, `LastModifiedDate` and \
                 `LastModifiedById`, if the caller has the right to";
            CREATE "create" Form::Derives, "" "",
                "further derives for `XCreate`";
            UPDATE "update" Form::Derives, "" "",
                "further derives for `XUpdate`";
            OWN_SERDE "own_serde" Form::Flag, "" "",
                "the struct has a `Serialize` and a `Deserialize` of its own, or none; `Record<X>` \
                 and the views have theirs all the same";
            CRATE "crate" Form::Path, "" "",
                "path of `sobject_core`, if it has another name or is re-exported";
        }
    }
}

/// The words of `#[field(..)]`.
pub(crate) mod field {
    use super::{DELETE_RULES, Form, TYPES, Word};

    words! {
        /// Every word, in the order of messages and manual.
        ALL {
            CREATE "create" Form::Flag, "Create" "createable",
                "a create may set the field";
            UPDATE "update" Form::Flag, "Update" "updateable",
                "an update may set the field";
            FILTER "filter" Form::Flag, "Filter" "filterable",
                "the field may stand in a filter; not for base64";
            GROUP "group" Form::Flag, "Group" "groupable",
                "the field may be grouped by; not for a date-time, a decimal number, base64, a \
                 combobox, an auto-number or a multi-select picklist";
            SORT "sort" Form::Flag, "Sort" "sortable",
                "the field may be sorted by; not for base64 or a multi-select picklist";
            NILLABLE "nillable" Form::Flag, "Nillable" "nillable",
                "the field may be null; its type is an `Option`";
            DEFAULTED_ON_CREATE "defaulted_on_create" Form::Flag,
                "Defaulted on create" "defaultedOnCreate",
                "the store supplies a value if a create gives none";
            DEFAULT "default" Form::Literal, "" "defaultValue",
                "the value that the store supplies if a create gives none; dates, times and \
                 picklist values are text in quotes. The field is then `defaulted_on_create`";
            ID_LOOKUP "id_lookup" Form::Flag, "idLookup" "idLookup",
                "the field may name a record in upsert";
            EXTERNAL_ID "external_id" Form::Flag, "External ID" "externalId",
                "the field holds ids of another system: text or a number. It is then `id_lookup`";
            UNIQUE "unique" Form::Flag, "Unique" "unique",
                "no two live records have the same value; values that differ in case only are the \
                 same";
            CASE_SENSITIVE "case_sensitive" Form::Flag, "Case Sensitive" "caseSensitive",
                "values of a `unique` text that differ in case only are different";
            INDEX "index" Form::Flag, "" "",
                "the store keeps an index, by which records are found quickly; references, name \
                 fields, lookups, external ids and unique fields have one anyway";
            RESTRICTED "restricted" Form::Flag, "Restricted picklist" "restrictedPicklist",
                "the picklist takes its own values only; its enum has no arm for others";
            AUTONUMBER "autonumber" Form::Text("INV-{0000}"), "Autonumber" "autoNumber",
                "the store numbers the records, in this format; the field is a `String`, and \
                 neither a create nor an update sets it";
            START "start" Form::Number(0..=9_999_999_999, 1000), "" "",
                "first number of an auto-number; by default 1";
            NAME_FIELD "name_field" Form::Flag, "" "nameField",
                "the field is the record's name; one field at most";
            PER_CALLER "per_caller" Form::Flag, "" "",
                "each caller has a value of its own; only for `LastViewedDate` and \
                 `LastReferencedDate`";
            NAME "name" Form::Text("Amount__c"), "Field Name" "name",
                "API name; by default made from the field's name, `AgentId` from `agent_id`";
            CUSTOM "custom" Form::Flag, "" "custom",
                "the field is a custom one: its API name ends with `__c`, and its `relationship` and \
                 `child_relationship` with `__r`, which are appended if they are not there";
            LABEL "label" Form::Text("Amount"), "Label" "label",
                "label; by default the words of the API name, with `ID` for `Id`";
            HELP "help" Form::Text("Without tax"), "" "inlineHelpText",
                "help text that people read beside the field";
            TYPE "type" Form::OneOf(TYPES), "Type" "type",
                "describe type, where the Rust type has several: a `String` is a string, or \
                 `textarea`, `email`, `phone`, `url` or `combobox`; an `f64` is a double, or \
                 `currency` or `percent`";
            LENGTH "length" Form::Number(1..=131_072, 80), "Length" "length",
                "greatest length of a text, in UTF-16 units, of which an emoji has two; by default \
                 255 (email 80, phone 40, auto-number 30). Text longer than 255 has no `filter`, \
                 `group` or `sort`";
            LENGTH_IN_BYTES "length_in_bytes" Form::Flag, "" "",
                "`length` limits the bytes of the text in UTF-8, as for the few fields whose \
                 describe has a `byteLength` equal to their `length`";
            RICH_TEXT "rich_text" Form::Flag, "" "htmlFormatted",
                "the text of a `textarea` is HTML: its blanks stay, and each `&` counts as its \
                 entity. Rich text has no `filter`, `group` or `sort`";
            DIGITS "digits" Form::Number(1..=9, 9), "" "digits",
                "most digits of an `i32`; by default 9";
            PRECISION "precision" Form::Number(1..=18, 16), "" "precision",
                "most digits of an `f64` in all; by default 18. It needs a `scale`";
            SCALE "scale" Form::Number(0..=15, 2), "" "scale",
                "how many of the digits of an `f64` stand right of the point where people see it; \
                 by default 2 for currency and percent. `precision - scale` digits fit left of the \
                 point; right of it a value keeps all that it is given";
            RELATIONSHIP "relationship" Form::Text("Agent"), "Relationship Name" "relationshipName",
                "name by which queries follow the reference; else the API name without `Id`, or \
                 with `__r` for `__c`";
            ON_DELETE "on_delete" Form::OneOf(DELETE_RULES), "" "",
                "what becomes of a record when the one that its reference leads to is deleted: \
                 `cascade` deletes it along, as the detail of a master, `restrict` refuses the \
                 delete, and `set_null` empties the reference. By default, a `nillable` reference is \
                 emptied and any other refuses; one to the object itself can only be emptied";
            CHILD_RELATIONSHIP "child_relationship" Form::Text("Contacts"),
                "Child Relationship Name" "",
                "name by which queries find the records that refer to one, as in `(SELECT Id FROM \
                 Contacts)`; without it they do not find them so";
            WAS "was" Form::Texts("Total__c"), "" "",
                "API name that the field had in files written before, or several names, as in \
                 `was(\"Total__c\", \"Sum__c\")`: its values stay";
        }
    }

    /// The words that tell whether the field may be null, and whether it gets a value if a create
    /// gives none.
    pub(crate) const OF_NULL: [Word; 6] =
        [CREATE, NILLABLE, DEFAULTED_ON_CREATE, DEFAULT, AUTONUMBER, PER_CALLER];

    /// The words that are yes/no properties of a definition. A method of the same name turns each
    /// on.
    pub(crate) const FLAGS: &[Word] = &[
        CREATE,
        UPDATE,
        FILTER,
        GROUP,
        SORT,
        NILLABLE,
        DEFAULTED_ON_CREATE,
        ID_LOOKUP,
        EXTERNAL_ID,
        UNIQUE,
        CASE_SENSITIVE,
        INDEX,
        RESTRICTED,
        NAME_FIELD,
        PER_CALLER,
        LENGTH_IN_BYTES,
        RICH_TEXT,
    ];
}

/// The words of `#[picklist(..)]`, on the enum and on its variants.
pub(crate) mod picklist {
    use super::{Form, Word};

    words! {
        /// The words of the enum.
        ALL {
            OWN_SERDE "own_serde" Form::Flag, "" "",
                "the enum has a `Serialize` and a `Deserialize` of its own, or none";
            OWN_DISPLAY "own_display" Form::Flag, "" "",
                "the enum has a `Display` of its own, or none";
            OWN_FROM_STR "own_from_str" Form::Flag, "" "",
                "the enum has a `FromStr` of its own, or none";
            CRATE "crate" Form::Path, "" "",
                "path of `sobject_core`, if it has another name or is re-exported";
        }
    }

    /// The words of a variant.
    pub(crate) mod variant {
        use super::{Form, Word};

        words! {
            /// Every word, in the order of messages and manual.
            ALL {
                VALUE "value" Form::Text("In Progress"), "API Name" "value",
                    "value as records hold it; by default the name of the variant";
                LABEL "label" Form::Text("Being worked on"), "Label" "label",
                    "label; by default the value if it is given, else the words of the variant's \
                     name";
                DEFAULT "default" Form::Flag, "Default" "defaultValue",
                    "the value that the field gets if a create leaves it out; the field is then \
                     `defaulted_on_create`";
                INACTIVE "inactive" Form::Flag, "Inactive" "",
                    "no write sets the value any more; records that have it keep it";
            }
        }
    }
}

/// The calls that `calls(..)` may list.
pub(crate) static CALLS: NameList = NameList {
    noun: "call",
    all: &[
        "create",
        "delete",
        "describe_layout",
        "describe_sobjects",
        "get_deleted",
        "get_updated",
        "merge",
        "query",
        "retrieve",
        "search",
        "undelete",
        "update",
        "upsert",
    ],
    example: "create, query, update",
    instead_of_none: Some("leave it out for an object with every call but merge"),
};

/// The system fields that `system(..)` may list.
pub(crate) static SYSTEM_FIELDS: NameList = NameList {
    noun: "system field",
    all: &[
        "is_deleted",
        "created_date",
        "created_by_id",
        "last_modified_date",
        "last_modified_by_id",
        "system_modstamp",
    ],
    example: "created_date, created_by_id",
    instead_of_none: None,
};

/// The describe types that `type = ..` may name.
pub(crate) const TYPES: &[&str] =
    &["textarea", "email", "phone", "url", "combobox", "currency", "percent"];

/// The rules that `on_delete = ..` may name.
pub(crate) const DELETE_RULES: &[&str] = &["cascade", "restrict", "set_null"];

/// The describe types that follow from the Rust type.
pub(crate) const TYPES_OF_RUST: &[&str] = &[
    "string",
    "boolean",
    "int",
    "long",
    "double",
    "date",
    "datetime",
    "time",
    "id",
    "reference",
    "picklist",
    "multipicklist",
    "base64",
];

impl Form {
    /// May it be `= value`?
    pub(crate) fn is_value(&self) -> bool {
        matches!(
            self,
            Self::Text(_)
                | Self::Texts(_)
                | Self::Number(..)
                | Self::Literal
                | Self::OneOf(_)
                | Self::Path
        )
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("nothing"),
            Self::Text(_) => f.write_str("a text in quotes"),
            Self::Texts(_) => f.write_str("a text in quotes, or several in parentheses"),
            Self::Number(range, _) => {
                write!(f, "a number from {} to {}", range.start(), range.end())
            }
            Self::Literal => f.write_str("`true`, `false`, a number or a text in quotes"),
            Self::OneOf(all) => write!(f, "one of {}", list(all.iter().copied())),
            Self::Names(_) => f.write_str("a list in parentheses"),
            Self::Derives => f.write_str("`derive(..)` in parentheses"),
            Self::Path => f.write_str("a path without quotes"),
        }
    }
}

impl Word {
    /// How the word is written in full, for messages and the manual.
    pub(crate) fn usage(&self) -> String {
        let name = self.name;
        match &self.form {
            Form::Flag => name.to_owned(),
            Form::Text(example) | Form::Texts(example) => format!("{name} = \"{example}\""),
            Form::Number(_, example) => format!("{name} = {example}"),
            Form::Literal => format!("{name} = 7"),
            Form::OneOf(all) => format!("{name} = {}", all.first().copied().unwrap_or_default()),
            Form::Names(names) => format!("{name}({})", names.example),
            Form::Derives => format!("{name}(derive(Hash))"),
            Form::Path => format!("{name} = path::to::sobject_core"),
        }
    }

    /// Is this how an object page or a describe spells the word?
    pub(crate) fn is_spelt_elsewhere_as(&self, written: &str) -> bool {
        // Object pages differ in the case of phrases. For a single word, the case tells whether an
        // object page or a describe spells it so.
        let is_phrase = self.page.contains(' ');
        !written.is_empty()
            && (self.page == written
                || self.describe == written
                || (is_phrase && self.page.eq_ignore_ascii_case(written)))
    }
}
