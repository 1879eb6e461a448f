//! [`Text`]: the text of a query, with where its parts stand in the program.

use proc_macro2::Span;
use sobject_soql::Place;

/// The text of a query, put together of literals.
pub(super) struct Text {
    whole: String,
    /// Where each literal begins in the text, and where it stands in the program.
    pieces: Vec<(usize, Span)>,
}

impl Text {
    pub(super) fn new() -> Self {
        Self { whole: String::new(), pieces: Vec::new() }
    }

    /// Adds a literal, on a line of its own.
    pub(super) fn push(&mut self, piece: &str, at: Span) {
        if !self.pieces.is_empty() {
            self.whole.push('\n');
        }
        self.pieces.push((self.whole.len(), at));
        self.whole.push_str(piece);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.whole
    }

    /// Where a part of the text stands in the program: the literal that it begins in.
    pub(super) fn at(&self, part: sobject_soql::Span) -> Span {
        let start = part.start().unwrap_or_default();
        let before = self.pieces.iter().rev().find(|(from, _)| *from <= start);
        before.or(self.pieces.first()).map_or_else(Span::call_site, |(_, at)| *at)
    }

    /// The line of a part of the text, with carets below the part.
    pub(super) fn block(&self, part: sobject_soql::Span) -> String {
        let Some(place) = Place::of(&self.whole, part) else { return String::new() };
        let n = part.of(&self.whole).map_or(1, |part| part.chars().count());
        let behind = place.shown().chars().count().saturating_sub(place.indent());
        let carets = "^".repeat(n.min(behind).max(1));
        format!("\n\n    {}\n    {:indent$}{carets}\n", place.shown(), "", indent = place.indent())
    }
}
