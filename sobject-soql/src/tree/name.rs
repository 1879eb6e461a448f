//! [`Name`], one identifier, and [`Path`], identifiers joined by dots.
//!
//! **Invariant:** names are equal in any case, as they are to the platform.

use std::{borrow::Cow, error, fmt};

use crate::{keyword, span::Span};

/// An identifier: the name of a field, an object, a relationship, an alias, a bind variable.
///
/// Two names are equal if they differ in nothing but the case of letters.
#[derive(Clone)]
pub struct Name {
    text: Cow<'static, str>,
    span: Span,
}

impl Name {
    /// A name that stands there in a text.
    pub(crate) fn at(text: &str, span: Span) -> Self {
        Self { text: Cow::Owned(text.to_owned()), span }
    }

    /// A name given by the program at run time.
    ///
    /// # Errors
    ///
    /// If the text cannot be written as a name: a name has an ASCII letter first, then ASCII
    /// letters, digits and underscores, and is none of the words that SOQL keeps for itself, such as
    /// `FROM`.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Self, NotAName> {
        let text = text.into();
        if keyword::is_name(&text) {
            return Ok(Self { text, span: Span::NONE });
        }
        Err(NotAName { text: text.into_owned() })
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// For a name that stands in the program's own text. It is taken as it is: a name that comes from
/// outside goes through [`Name::new`].
impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), span: Span::NONE }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.span == Span::NONE { Ok(()) } else { write!(f, " @{:?}", self.span) }
    }
}

/// A text that cannot be a [`Name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAName {
    text: String,
}

impl NotAName {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be a name in SOQL", self.text)
    }
}

impl error::Error for NotAName {}

/// Names joined by dots: relationships, or the name or alias of the root, and the field that they
/// lead to. In `FROM` the last name is an object or a relationship.
#[derive(Clone, PartialEq, Eq)]
pub struct Path {
    /// The names in front of the last dot, in their order.
    pub parents: Vec<Name>,
    /// The name behind the last dot, or the only one.
    pub name: Name,
}

impl Path {
    /// A path from its names.
    ///
    /// # Errors
    ///
    /// If a part between dots cannot be a name.
    pub fn new(text: &str) -> Result<Self, NotAName> {
        let mut names = Vec::new();
        for name in text.split('.') {
            names.push(Name::new(name.to_owned())?);
        }
        // Splitting a text gives at least one part.
        let name = names.pop().ok_or_else(|| NotAName { text: text.to_owned() })?;
        Ok(Self { parents: names, name })
    }

    /// A path that stands there in a text, from that byte on.
    pub(crate) fn at(text: &str, start: usize) -> Self {
        let name_at = |from: usize, name: &str| {
            let start = start + from;
            Name::at(name, Span::new(start, start + name.len()))
        };
        let mut path = Self { parents: Vec::new(), name: name_at(0, "") };
        let mut from = 0;
        let mut rest = text;
        while let Some((name, behind)) = rest.split_once('.') {
            path.parents.push(name_at(from, name));
            from += name.len() + 1;
            rest = behind;
        }
        path.name = name_at(from, rest);
        path
    }

    /// All names, in their order.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &Name> + Clone {
        self.parents.iter().chain([&self.name])
    }

    /// The first name.
    pub fn first(&self) -> &Name {
        self.parents.first().unwrap_or(&self.name)
    }

    /// Where it stands, from the first name to the last.
    pub fn span(&self) -> Span {
        self.first().span().to(self.name.span())
    }
}

/// For a path that stands in the program's own text, with dots between its names.
impl From<&'static str> for Path {
    fn from(text: &'static str) -> Self {
        match text.rsplit_once('.') {
            None => Name::from(text).into(),
            Some((parents, name)) => {
                Self { parents: parents.split('.').map(Name::from).collect(), name: name.into() }
            }
        }
    }
}

impl From<Name> for Path {
    fn from(name: Name) -> Self {
        Self { parents: Vec::new(), name }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for parent in &self.parents {
            write!(f, "{}.", parent.as_str())?;
        }
        f.write_str(self.name.as_str())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let span = self.span();
        if span == Span::NONE { Ok(()) } else { write!(f, " @{span:?}") }
    }
}
