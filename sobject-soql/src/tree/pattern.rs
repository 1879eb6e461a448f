//! [`Pattern`], the right side of `LIKE`.

use std::fmt;

/// The text of a `LIKE`: texts, and places where any characters may stand.
///
/// **Invariant:** no two texts stand side by side, and none is empty, so that equal patterns have
/// equal parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<PatternPart>,
}

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternPart {
    /// These characters, in any case.
    Text(String),
    /// `%`: any characters, or none.
    AnyRun,
    /// `_`: exactly one character, whichever.
    AnyOne,
}

impl Pattern {
    /// The pattern that a text says: `%` and `_` stand for any characters, unless a backslash
    /// stands in front. A backslash in front of another backslash is one backslash; in front of
    /// anything else it is itself.
    pub fn new(text: &str) -> Self {
        let mut pattern = Self::default();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '%' => pattern.parts.push(PatternPart::AnyRun),
                '_' => pattern.parts.push(PatternPart::AnyOne),
                '\\' => match characters.next_if(|next| matches!(next, '%' | '_' | '\\')) {
                    Some(escaped) => pattern.push_char(escaped),
                    None => pattern.push_char('\\'),
                },
                other => pattern.push_char(other),
            }
        }
        pattern
    }

    /// The pattern of all texts that are exactly this one, in any case.
    pub fn exactly(text: impl Into<String>) -> Self {
        [PatternPart::Text(text.into())].into_iter().collect()
    }

    /// The pattern of all texts that begin with this one.
    pub fn starts_with(text: impl Into<String>) -> Self {
        [PatternPart::Text(text.into()), PatternPart::AnyRun].into_iter().collect()
    }

    /// The pattern of all texts that end with this one.
    pub fn ends_with(text: impl Into<String>) -> Self {
        [PatternPart::AnyRun, PatternPart::Text(text.into())].into_iter().collect()
    }

    /// The pattern of all texts that contain this one.
    pub fn contains(text: impl Into<String>) -> Self {
        [PatternPart::AnyRun, PatternPart::Text(text.into()), PatternPart::AnyRun]
            .into_iter()
            .collect()
    }

    /// The parts, in their order. No two texts stand side by side, and none is empty.
    pub fn parts(&self) -> &[PatternPart] {
        &self.parts
    }

    /// Adds a character that stands for itself.
    pub(crate) fn push_char(&mut self, character: char) {
        if let Some(PatternPart::Text(text)) = self.parts.last_mut() {
            text.push(character);
        } else {
            self.parts.push(PatternPart::Text(character.into()));
        }
    }

    /// Adds a part.
    pub(crate) fn push(&mut self, part: PatternPart) {
        match (self.parts.last_mut(), part) {
            (_, PatternPart::Text(more)) if more.is_empty() => {}
            (Some(PatternPart::Text(text)), PatternPart::Text(more)) => text.push_str(&more),
            (_, part) => self.parts.push(part),
        }
    }
}

impl FromIterator<PatternPart> for Pattern {
    fn from_iter<I: IntoIterator<Item = PatternPart>>(parts: I) -> Self {
        let mut pattern = Self::default();
        for part in parts {
            pattern.push(part);
        }
        pattern
    }
}

/// The text that [`Pattern::new`] reads as this pattern.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                PatternPart::AnyRun => f.write_str("%")?,
                PatternPart::AnyOne => f.write_str("_")?,
                PatternPart::Text(text) => {
                    for character in text.chars() {
                        if matches!(character, '%' | '_' | '\\') {
                            f.write_str("\\")?;
                        }
                        write!(f, "{character}")?;
                    }
                }
            }
        }
        Ok(())
    }
}
