//! [`Span`], the place of a part of a query in its text, and [`Spanned`], a value with its span.
//!
//! **Invariant:** spans never take part in equality. Two trees are equal if they say the same,
//! wherever it stood in a text, and whether there was a text at all.

use std::{
    fmt,
    ops::{Deref, DerefMut, Range},
};

/// Where a part of a query stands in its text, in bytes from the start of the text.
///
/// A query that was built in Rust has no text; its parts have [`Span::NONE`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of what stands in no text.
    pub const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    /// The span from one byte of a text up to, and without, another.
    ///
    /// A place beyond the 4,294,967,294th byte of a text has no span: [`Span::NONE`].
    pub fn new(start: usize, end: usize) -> Self {
        match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) if end < u32::MAX => Self { start, end: end.max(start) },
            _ => Self::NONE,
        }
    }

    /// The bytes of the text, unless this is [`Span::NONE`].
    pub fn range(self) -> Option<Range<usize>> {
        (self != Self::NONE).then_some(self.start as usize..self.end as usize)
    }

    /// The first byte, unless this is [`Span::NONE`].
    pub fn start(self) -> Option<usize> {
        self.range().map(|range| range.start)
    }

    /// The part of the text that stands here; nothing for [`Span::NONE`], and nothing for a text
    /// that has no such part.
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.range()?)
    }

    /// The span from the start of this one to the end of the other. With [`Span::NONE`], the span of
    /// the two that is one.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self == Self::NONE {
            return other;
        }
        if other == Self::NONE {
            return self;
        }
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl Default for Span {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.range() {
            None => f.write_str("nowhere"),
            Some(range) => write!(f, "{}..{}", range.start, range.end),
        }
    }
}

/// A value with the span of the text that it was read from.
///
/// It is read as the value itself is, and `value.into()` makes one without a span. Two are equal if
/// their values are.
#[derive(Clone, Copy, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value that stands there.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> From<T> for Spanned<T> {
    fn from(value: T) -> Self {
        Self { value, span: Span::NONE }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Spanned<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: fmt::Debug> fmt::Debug for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        if self.span == Span::NONE { Ok(()) } else { write!(f, " @{:?}", self.span) }
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
