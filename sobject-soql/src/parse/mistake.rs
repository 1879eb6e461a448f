//! The errors of the parser: their texts, and the words that were probably meant.
//!
//! The texts are those that the platform gives since API version 61. Each begins with what stands in
//! the way; what could have stood there is not told, but for a near word.

use super::cursor::Cursor;
use crate::{
    error::{Error, ErrorKind, Near},
    keyword::Keyword,
    lex::{Token, TokenKind},
    near::nearest,
    span::Span,
};

/// How many characters of the text an error quotes at most.
const QUOTED: usize = 80;

impl Cursor<'_> {
    /// An error with its place.
    pub(super) fn error(&self, kind: ErrorKind, span: Span, text: String) -> Error {
        Error::new(kind, self.language, self.text, span, text)
    }

    /// The next token cannot stand here.
    pub(super) fn unexpected(&self) -> Error {
        self.unexpected_since(self.token)
    }

    /// The next token cannot stand here, one of these words could.
    pub(super) fn expected(&self, keywords: &[Keyword]) -> Error {
        self.unexpected().meant(self.near(keywords))
    }

    /// The next token cannot stand behind what begins with that one.
    pub(super) fn unexpected_since(&self, first: Token) -> Error {
        let token = self.token;
        let span = token.span();
        match token.kind {
            // The platform shows no place where the text ends.
            TokenKind::End => {
                let text = "unexpected token: '<EOF>'".to_owned();
                Error::alone(ErrorKind::UnexpectedEnd, self.language, span, text)
            }
            TokenKind::Stray => {
                let text = shown(self.text_of(token));
                let text = format!("{} unexpected token: '{text}'", self.line(token.start));
                self.error(ErrorKind::UnexpectedCharacter, span, text)
            }
            _ => {
                let quoted = self.text.get(first.start..token.end).unwrap_or_default();
                let text = format!("unexpected token: '{}'", shorten(quoted));
                self.error(ErrorKind::UnexpectedToken, span, text)
            }
        }
    }

    /// Something is missing in front of the next token, one of these words perhaps.
    pub(super) fn missing(&self, keywords: &[Keyword]) -> Error {
        if matches!(self.token.kind, TokenKind::End | TokenKind::Stray) {
            return self.expected(keywords);
        }
        let text = format!("missing value at '{}'", shorten(self.text_of(self.token)));
        self.error(ErrorKind::Missing, self.token.span(), text).meant(self.near(keywords))
    }

    /// A bind variable in a dialect that has none.
    pub(super) fn no_bind(&self, span: Span) -> Error {
        let text = "Bind variables only allowed in Apex code".to_owned();
        self.error(ErrorKind::NotInDialect, span, text)
    }

    /// The row and column as the platform's lexer counts them: the column from 0.
    pub(super) fn line(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or_default();
        let row = 1 + before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        format!("line {row}:{column}")
    }

    /// The word of these that was meant by the next token, or by the alias in front of it.
    pub(super) fn near(&self, keywords: &[Keyword]) -> Option<Near> {
        let alias = self.last_alias.filter(|alias| {
            let between = self.text.get(alias.end..self.token.start).unwrap_or("-");
            between.trim_ascii().is_empty()
        });
        // An alias was not needed where it stood, so it is the likelier mistake.
        [alias, Some(self.token)].into_iter().flatten().find_map(|token| {
            if !matches!(token.kind, TokenKind::Word(_)) {
                return None;
            }
            let written = self.text_of(token);
            let meant = nearest(written, keywords.iter().map(|keyword| keyword.as_str()))?;
            Some(Near { written: written.into(), meant })
        })
    }
}

/// A character as a person can see it: what has no shape of its own is escaped.
pub(super) fn shown(character: &str) -> String {
    let mut shown = String::new();
    for character in character.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

/// The beginning of a text that is too long to quote.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}
