//! [`Place`], the row and column of an error with the line that shows it, as the platform prints it.

use std::fmt;

use crate::span::Span;

/// How many characters in front of the place are shown at most.
const IN_FRONT: usize = 45;
/// How many characters from the place on are shown at most.
const BEHIND: usize = 43;
/// What stands between words.
const BOUNDARY: [char; 3] = [' ', ',', '\t'];

/// Where something stands in a text, for people: row, column, and what stands around it.
///
/// `Display` prints the block that the platform puts in front of the text of an error:
///
/// ```
/// use sobject_soql::{Place, Span};
///
/// let query = "SELECT Id, Nmae FROM Account";
/// let place = Place::of(query, Span::new(11, 15)).unwrap();
/// assert_eq!(
///     place.to_string(),
///     "\nSELECT Id, Nmae FROM Account\n           ^\nERROR at Row:1:Column:12\n"
/// );
/// ```
///
/// Of a long line it shows a window. How wide is not documented: the platform's own messages show
/// 30 to 45 characters in front of the place and 33 to 43 behind it, cut where a word begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    row: usize,
    column: usize,
    shown: String,
    indent: usize,
}

impl Place {
    /// The place of a span in its text: where it starts. None for [`Span::NONE`], and for a span
    /// that does not belong to the text.
    pub fn of(text: &str, span: Span) -> Option<Self> {
        let at = span.start()?;
        let (before, after) = (text.get(..at)?, text.get(at..)?);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let in_front = text.get(line_start..at)?;
        let behind = after.split('\n').next().unwrap_or_default();
        let behind = behind.strip_suffix('\r').unwrap_or(behind);
        let row = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
        let column = 1 + in_front.chars().count();

        let in_front = cut_front(in_front);
        let shown = format!("{in_front}{}", cut_behind(behind));
        Some(Self { row, column, indent: in_front.chars().count(), shown })
    }

    /// The row, counted from 1.
    pub fn row(&self) -> usize {
        self.row
    }

    /// The column in that row, in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The part of the row that is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// How many characters of [`shown`](Self::shown) stand in front of the place.
    pub fn indent(&self) -> usize {
        self.indent
    }
}

/// The end of what stands in front of the place: from the first word that begins near enough.
fn cut_front(text: &str) -> &str {
    let Some(from) = text.char_indices().rev().nth(IN_FRONT).map(|(at, _)| at) else {
        return text;
    };
    // The character at `from` is the first that is too far; a word may begin right behind it.
    let window = text.get(from..).unwrap_or_default();
    if let Some(boundary) = window.find(BOUNDARY) {
        return window.get(boundary..).unwrap_or_default().trim_start_matches(BOUNDARY);
    }
    // A single word that is longer than the window is cut where the window begins.
    let mut characters = window.chars();
    characters.next();
    characters.as_str()
}

/// The beginning of what stands from the place on: up to the last word that ends near enough.
fn cut_behind(text: &str) -> &str {
    let Some(end) = text.char_indices().nth(BEHIND).map(|(at, _)| at) else {
        return text;
    };
    let window = text.get(..end).unwrap_or_default();
    // A single word that is longer than the window is cut where the window ends.
    let cut = window.rfind(BOUNDARY).filter(|&boundary| boundary > 0);
    cut.and_then(|boundary| window.get(..boundary)).unwrap_or(window)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column, shown, indent } = self;
        write!(f, "\n{shown}\n{:indent$}^\nERROR at Row:{row}:Column:{column}\n", "")
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::span::Span;

    fn place(text: &str, word: &str) -> Place {
        let at = text.find(word).unwrap();
        Place::of(text, Span::new(at, at + word.len())).unwrap()
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let query = "SELECT Id, Name, AccountNumber FROM AccountOpps WHERE Name like 'okToDelete%'";
        let place = place(query, "AccountOpps");
        assert_eq!((place.row(), place.column(), place.indent()), (1, 37, 36));
        assert_eq!(place.shown(), query);
    }

    #[test]
    fn a_long_line_is_cut_where_words_begin_and_end() {
        let query = "SELECT Id, ShippingStreet, BillingStreetAndNumber, BillingPostalCode FROM \
                     Account WHERE Id = '53' AND ShippingPostalCode = '12345' AND Name = 'x'";
        let place = place(query, "Id = ");
        assert_eq!(
            place.shown(),
            "BillingPostalCode FROM Account WHERE Id = '53' AND ShippingPostalCode = '12345'"
        );
        assert_eq!(place.indent(), 37);
        assert_eq!(place.column(), query.find("Id = ").unwrap() + 1);
    }

    #[test]
    fn only_the_row_of_the_place_is_shown() {
        let place = place("SELECT Id\r\nFROM Account\r\nWHERE Foo = 1\r\nLIMIT 1", "Foo");
        assert_eq!((place.row(), place.column()), (3, 7));
        assert_eq!(place.to_string(), "\nWHERE Foo = 1\n      ^\nERROR at Row:3:Column:7\n");
    }

    #[test]
    fn columns_are_characters_and_a_long_word_is_cut_anywhere() {
        let text = format!("{}x{}", "é".repeat(300), "ü".repeat(300));
        let place = place(&text, "x");
        assert_eq!((place.column(), place.indent()), (301, 45));
        assert_eq!(place.shown(), format!("{}x{}", "é".repeat(45), "ü".repeat(42)));
    }

    #[test]
    fn the_end_of_a_text_is_a_place_and_nowhere_is_none() {
        assert_eq!(Place::of("ab", Span::new(2, 2)).unwrap().column(), 3);
        assert_eq!(Place::of("ab", Span::new(3, 3)), None);
        assert_eq!(Place::of("é", Span::new(1, 2)), None);
        assert_eq!(Place::of("ab", Span::NONE), None);
    }
}
