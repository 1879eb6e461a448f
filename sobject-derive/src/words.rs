//! The words of the attributes: one table for objects and one for fields.
//!
//! The parser, its messages and the tests of the manual are made from these tables, so that a new
//! word is one entry here and one use where it takes effect.
//! **Invariant:** a word is asked for by its constant, never by its text.

use std::{fmt, ops::RangeInclusive};

/// A word that an attribute may hold.
#[derive(Debug)]
pub(crate) struct Word {
    /// How it is written.
    pub(crate) name: &'static str,
    /// What follows it.
    pub(crate) form: Form,
}

/// What follows a word.
#[derive(Debug)]
pub(crate) enum Form {
    /// Nothing: the word alone says it.
    Flag,
    /// `= ".."`, with this as the example that messages show.
    Text(&'static str),
    /// `= n`, a number in this range, with this as the example.
    Number(RangeInclusive<u32>, u32),
    /// `(..)` with some of these names.
    Names(&'static [&'static str]),
    /// `= path`.
    Path,
}

/// Declares the words of one kind of attribute: a constant for each, and the table of all.
macro_rules! words {
    ($(#[$doc:meta])* $table:ident { $($(#[$word_doc:meta])* $word:ident $name:literal $form:expr;)+ }) => {
        $($(#[$word_doc])* pub(crate) const $word: Word = Word { name: $name, form: $form };)+

        $(#[$doc])*
        pub(crate) const $table: &[Word] = &[$($word),+];
    };
}

/// The words of `#[sobject(..)]`.
pub(crate) mod object {
    use super::{CALLS, Form, Word};

    words! {
        /// Every word, in the order in which messages list them.
        ALL {
            /// API name.
            NAME "name" Form::Text("Invoice__c");
            /// Label of one record.
            LABEL "label" Form::Text("Invoice");
            /// Label of several records.
            PLURAL "plural" Form::Text("Invoices");
            /// First three characters of the ids.
            KEY_PREFIX "key_prefix" Form::Text("a0B");
            /// First API version that has the object.
            SINCE "since" Form::Number(1..=999, 28);
            /// The supported calls.
            CALLS_WORD "calls" Form::Names(CALLS);
            /// Path of `sobject_core`, for a crate that knows it by another name.
            CRATE "crate" Form::Path;
        }
    }
}

/// The words of `#[field(..)]`.
pub(crate) mod field {
    use super::{Form, Word};

    words! {
        /// Every word, in the order in which messages list them.
        ALL {
            /// A value may be given in create.
            CREATE "create" Form::Flag;
            /// A value may be set in update.
            UPDATE "update" Form::Flag;
            /// The field may stand in a filter.
            FILTER "filter" Form::Flag;
            /// The field may be grouped by.
            GROUP "group" Form::Flag;
            /// The field may be sorted by.
            SORT "sort" Form::Flag;
            /// The field may be null.
            NILLABLE "nillable" Form::Flag;
            /// The store supplies a value if create gives none.
            DEFAULTED_ON_CREATE "defaulted_on_create" Form::Flag;
            /// The field may name a record in upsert.
            ID_LOOKUP "id_lookup" Form::Flag;
            /// The store numbers the records in this format.
            AUTONUMBER "autonumber" Form::Text("INV-{0000}");
            /// The field holds the record's name.
            NAME_FIELD "name_field" Form::Flag;
            /// Each caller has a value of its own.
            PER_CALLER "per_caller" Form::Flag;
            /// API name.
            NAME "name" Form::Text("Amount__c");
            /// Label.
            LABEL "label" Form::Text("Amount");
            /// Greatest length in characters: up to that of the longest text area.
            LENGTH "length" Form::Number(1..=131_072, 80);
            /// Most digits of an int: an org has no int of more than nine.
            DIGITS "digits" Form::Number(1..=9, 9);
            /// Name by which queries follow the reference.
            RELATIONSHIP "relationship" Form::Text("Agent");
        }
    }

    /// The words that are yes/no properties of the definition, by which its builder turns them on.
    pub(crate) const FLAGS: &[Word] = &[
        CREATE,
        UPDATE,
        FILTER,
        GROUP,
        SORT,
        NILLABLE,
        DEFAULTED_ON_CREATE,
        ID_LOOKUP,
        NAME_FIELD,
        PER_CALLER,
    ];
}

/// The calls that `calls(..)` may list.
pub(crate) const CALLS: &[&str] = &[
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
];

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("nothing"),
            Self::Text(_) => f.write_str("a text in quotes"),
            Self::Number(range, _) => {
                write!(f, "a number from {} to {}", range.start(), range.end())
            }
            Self::Names(_) => f.write_str("a list in parentheses"),
            Self::Path => f.write_str("a path without quotes"),
        }
    }
}

impl Word {
    /// How the word is written in full, for messages.
    pub(crate) fn usage(&self) -> String {
        let name = self.name;
        match &self.form {
            Form::Flag => name.to_owned(),
            Form::Text(example) => format!("{name} = \"{example}\""),
            Form::Number(_, example) => format!("{name} = {example}"),
            Form::Names(_) => format!("{name}(create, query, update)"),
            Form::Path => format!("{name} = path::to::sobject_core"),
        }
    }
}

/// The name that `written` was most likely meant to be, if there is one near enough.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    // Underscores and case are what tells our words from the spellings of an object page.
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let written = plain(written);
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &plain(name)), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// The names as a sentence lists them.
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
