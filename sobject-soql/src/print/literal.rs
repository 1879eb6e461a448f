//! Prints operands and literals.

use std::fmt::{self, Display, Formatter, Write as _};

use crate::tree::{Literal, Operand, Pattern, PatternPart};

impl<T: Display> Display for Operand<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => literal.fmt(f),
            Self::Bind(name) => write!(f, ":{name}"),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Boolean(true) => f.write_str("TRUE"),
            Self::Boolean(false) => f.write_str("FALSE"),
            Self::Text(text) => quoted(f, text),
            Self::Pattern(pattern) => quoted_pattern(f, pattern),
            Self::Number(number) => number.fmt(f),
            Self::Currency { code, amount } => {
                for &letter in code {
                    f.write_char(char::from(letter))?;
                }
                amount.fmt(f)
            }
            Self::Date(date) => date.fmt(f),
            Self::DateTime(date_time) => date_time.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::DateLiteral(literal) => literal.fmt(f),
        }
    }
}

/// Prints a text in quotes, so that it comes back as it is.
pub(super) fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for character in text.chars() {
        escaped(f, character)?;
    }
    f.write_char('\'')
}

/// Prints the text of a `LIKE`.
fn quoted_pattern(f: &mut Formatter<'_>, pattern: &Pattern) -> fmt::Result {
    f.write_char('\'')?;
    for part in pattern.parts() {
        match part {
            PatternPart::AnyRun => f.write_char('%')?,
            PatternPart::AnyOne => f.write_char('_')?,
            PatternPart::Text(text) => {
                for character in text.chars() {
                    if matches!(character, '%' | '_') {
                        f.write_char('\\')?;
                    }
                    escaped(f, character)?;
                }
            }
        }
    }
    f.write_char('\'')
}

/// Prints a character of a text in quotes.
fn escaped(f: &mut Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        '\u{8}' => f.write_str("\\b"),
        '\u{c}' => f.write_str("\\f"),
        '\'' => f.write_str("\\'"),
        '\\' => f.write_str("\\\\"),
        other => f.write_char(other),
    }
}
