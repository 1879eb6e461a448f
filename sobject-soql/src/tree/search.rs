//! [`Search`]: a SOSL search, and the clauses that are its own.

use super::{DataCategory, Expr, Name, Operand, OrderItem, Pattern, SelectItem};
use crate::span::Spanned;

/// A search as it was written: `FIND {acme*} IN NAME FIELDS RETURNING Account(Id, Name), Contact`.
///
/// ```
/// use sobject_soql::{Find, Returning, Search, SearchExpr, SearchGroup};
///
/// let search = Search {
///     group: Some(SearchGroup::Name),
///     returning: vec![Returning::new(["Id", "Name"], "Account"), Returning::object("Contact")],
///     limit: Some(20.into()),
///     ..Search::new(SearchExpr::text("Acme (East)").and(SearchExpr::starts_with("ada")))
/// };
/// assert_eq!(
///     search.to_string(),
///     r#"FIND {"Acme \(East\)" ada*} IN NAME FIELDS RETURNING Account(Id, Name), Contact LIMIT 20"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is searched for.
    pub find: Spanned<Find>,
    /// `IN .. FIELDS`: in which fields; in all if there is none.
    pub group: Option<SearchGroup>,
    /// `RETURNING`: which objects; every one that can be searched if it is empty.
    pub returning: Vec<Returning>,
    /// `WITH`, each of them.
    pub with: Vec<Spanned<SearchWith>>,
    /// `LIMIT`: how many records of all objects together.
    pub limit: Option<Spanned<Operand<i64>>>,
    /// `UPDATE TRACKING, VIEWSTAT`; empty if there is none.
    pub update: Vec<Name>,
}

impl Search {
    /// A search that has no other clause.
    pub fn new(expr: SearchExpr) -> Self {
        Self {
            find: Find::Expr(expr).into(),
            group: None,
            returning: Vec::new(),
            with: Vec::new(),
            limit: None,
            update: Vec::new(),
        }
    }
}

/// What stands behind `FIND`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// Words and phrases.
    Expr(SearchExpr),
    /// A text of more than 10,000 characters, with which the platform finds nothing.
    TooLong,
    /// A text that the program gives under this name, which [`Find::parse`] reads: in the Rust dialect
    /// only.
    Bind(Name),
}

impl Find {
    /// The longest text, in characters, that finds anything.
    pub const LONGEST: usize = 10_000;
}

/// Words and phrases, and how they are joined.
///
/// `AND` and `AND NOT` bind closer than `OR`, and are read from right to left: `a AND NOT b AND c`
/// finds what has `a`, but not `b` and `c` together. Words side by side are joined by `AND`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchExpr {
    /// A word, in which `*` stands for any characters and `?` for one.
    Word(Pattern),
    /// Words in double quotes, which must follow each other.
    Phrase(Pattern),
    /// All of these. There are at least two, in a tree that was read from text.
    And(Vec<Self>),
    /// One of these. There are at least two, in a tree that was read from text.
    Or(Vec<Self>),
    /// The first, and not the second.
    AndNot(Box<Self>, Box<Self>),
}

impl SearchExpr {
    /// The characters that a search takes for its own, unless a backslash stands in front of them.
    pub const RESERVED: &'static str = "?&|!{}[]()^~*:\\\"'+-";

    /// A text that stands for itself: a word, or a phrase if it is several.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_word = is_word(&text);
        let pattern = Pattern::exactly(text);
        if is_word { Self::Word(pattern) } else { Self::Phrase(pattern) }
    }

    /// All words that begin with this text, which stands for itself.
    pub fn starts_with(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_word = is_word(&text);
        let pattern = Pattern::starts_with(text);
        if is_word { Self::Word(pattern) } else { Self::Phrase(pattern) }
    }

    /// Both are found. A chain of `and` is one `And`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = match self {
            Self::And(all) => all,
            one => vec![one],
        };
        match other {
            Self::And(more) => all.extend(more),
            one => all.push(one),
        }
        Self::And(all)
    }

    /// One of the two is found. A chain of `or` is one `Or`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut any = match self {
            Self::Or(any) => any,
            one => vec![one],
        };
        match other {
            Self::Or(more) => any.extend(more),
            one => any.push(one),
        }
        Self::Or(any)
    }

    /// This is found, and the other is not.
    #[must_use]
    pub fn and_not(self, other: Self) -> Self {
        Self::AndNot(Box::new(self), Box::new(other))
    }

    /// The words and phrases, from left to right.
    pub fn terms(&self) -> Vec<&Pattern> {
        let mut terms = Vec::new();
        self.collect_terms(&mut terms);
        terms
    }

    fn collect_terms<'e>(&'e self, terms: &mut Vec<&'e Pattern>) {
        match self {
            Self::Word(pattern) | Self::Phrase(pattern) => terms.push(pattern),
            Self::And(all) | Self::Or(all) => {
                for expr in all {
                    expr.collect_terms(terms);
                }
            }
            Self::AndNot(first, second) => {
                first.collect_terms(terms);
                second.collect_terms(terms);
            }
        }
    }
}

/// Is the text one word, and none that joins others?
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(char::is_whitespace)
        && !["AND", "OR", "NOT"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The fields that are searched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchGroup {
    /// `ALL FIELDS`
    All,
    /// `NAME FIELDS`
    Name,
    /// `EMAIL FIELDS`
    Email,
    /// `PHONE FIELDS`
    Phone,
    /// `SIDEBAR FIELDS`
    Sidebar,
}

impl SearchGroup {
    /// All groups.
    pub const ALL: [Self; 5] = [Self::All, Self::Name, Self::Email, Self::Phone, Self::Sidebar];

    /// The word in front of `FIELDS`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Name => "NAME",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Sidebar => "SIDEBAR",
        }
    }
}

/// An object of `RETURNING`, with what is wanted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returning {
    /// The object.
    pub object: Name,
    /// The fields; the id alone if it is empty, and then there is no other clause either.
    pub fields: Vec<SelectItem>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `USING ListView = name`
    pub list_view: Option<Name>,
    /// `ORDER BY`; empty if there is none.
    pub order_by: Vec<OrderItem>,
    /// `LIMIT`: how many records of this object.
    pub limit: Option<Spanned<Operand<i64>>>,
    /// `OFFSET`
    pub offset: Option<Spanned<Operand<i64>>>,
}

impl Returning {
    /// These fields of an object's records.
    pub fn new<T: Into<SelectItem>>(
        fields: impl IntoIterator<Item = T>,
        object: impl Into<Name>,
    ) -> Self {
        let fields = fields.into_iter().map(Into::into).collect();
        Self { fields, ..Self::object(object) }
    }

    /// The ids of an object's records.
    pub fn object(object: impl Into<Name>) -> Self {
        Self {
            object: object.into(),
            fields: Vec::new(),
            filter: None,
            list_view: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
        }
    }
}

/// What a `WITH` of a search says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchWith {
    /// `WITH DATA CATEGORY Geography__c AT usa__c AND ..`
    DataCategory(Vec<DataCategory>),
    /// `WITH DIVISION = 'name'`
    Division(Spanned<Operand>),
    /// `WITH HIGHLIGHT`
    Highlight,
    /// `WITH METADATA = 'LABELS'`
    Metadata(Spanned<Operand>),
    /// `WITH NETWORK = 'id'`, `WITH NETWORK IN ('id', 'id')`
    Network(Vec<Spanned<Operand>>),
    /// `WITH PricebookId = 'id'`
    PricebookId(Spanned<Operand>),
    /// `WITH SNIPPET`, `WITH SNIPPET (target_length = 120)`
    Snippet(Option<Spanned<Operand<i64>>>),
    /// `WITH SPELL_CORRECTION = false`
    SpellCorrection(bool),
    /// `WITH SYSTEM_MODE`: of Apex and of the Rust dialect. All dialects parse it.
    SystemMode,
    /// `WITH USER_MODE`, as [`SearchWith::SystemMode`].
    UserMode,
}
