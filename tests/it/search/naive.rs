//! A searcher that reads every text: it cuts it into words by its own means and tries each place.
//!
//! It knows the alphabets that the tests use and no others: ASCII, Latin letters with accents, and the
//! signs of Han and Thai without marks.

/// A word, or a sign; and whether it stands right behind what is before it.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    text: String,
    is_sign: bool,
    is_joined: bool,
}

fn is_sign(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{E01}'..='\u{E2E}')
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut was_word = false;
    let mut is_behind = false;
    for c in text.chars() {
        if is_sign(c) {
            pieces.push(Piece { text: c.to_string(), is_sign: true, is_joined: is_behind });
            (was_word, is_behind) = (false, true);
        } else if c.is_alphanumeric() {
            let upper: String = c.to_uppercase().collect();
            match pieces.last_mut().filter(|_| was_word) {
                Some(word) => word.text.push_str(&upper),
                None => pieces.push(Piece { text: upper, is_sign: false, is_joined: is_behind }),
            }
            (was_word, is_behind) = (true, true);
        } else {
            (was_word, is_behind) = (false, false);
        }
    }
    pieces
}

/// Does a pattern with `*` and `?` match the whole of a text? By trying everything.
fn is_like(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => (0..=text.len()).any(|n| is_like(rest, &text[n..])),
        (['?', rest @ ..], [_, text @ ..]) => is_like(rest, text),
        ([first, rest @ ..], [c, text @ ..]) => first == c && is_like(rest, text),
        _ => false,
    }
}

/// What is searched for.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    /// Words with wildcards that stand side by side, as they are written.
    Term(Vec<String>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    AndNot(Box<Expr>, Box<Expr>),
}

impl Expr {
    /// As it stands between braces.
    pub(super) fn text(&self) -> String {
        let joined = |of: &[Self], by: &str| {
            of.iter().map(|of| format!("({})", of.text())).collect::<Vec<_>>().join(by)
        };
        match self {
            Self::Term(words) if words.len() == 1 => words[0].clone(),
            Self::Term(words) => format!("\"{}\"", words.join(" ")),
            Self::And(of) => joined(of, " AND "),
            Self::Or(of) => joined(of, " OR "),
            Self::AndNot(first, second) => {
                format!("({}) AND NOT ({})", first.text(), second.text())
            }
        }
    }

    /// Have these texts it?
    pub(super) fn is_in(&self, texts: &[&str]) -> bool {
        match self {
            Self::Term(words) => texts.iter().any(|text| has_term(words, text)),
            Self::And(of) => of.iter().all(|of| of.is_in(texts)),
            Self::Or(of) => of.iter().any(|of| of.is_in(texts)),
            Self::AndNot(first, second) => first.is_in(texts) && !second.is_in(texts),
        }
    }
}

/// Has a text these words one behind another? A word of signs is its signs side by side.
fn has_term(words: &[String], text: &str) -> bool {
    let mut wanted: Vec<(Vec<char>, bool, bool)> = Vec::new();
    for word in words {
        let upper: String = word.to_uppercase();
        if word.chars().all(is_sign) {
            let signs = upper.chars().enumerate().map(|(n, c)| (vec![c], true, n > 0));
            wanted.extend(signs);
        } else {
            wanted.push((upper.chars().collect(), false, false));
        }
    }
    let pieces = pieces(text);
    (0..pieces.len()).any(|at| {
        wanted.iter().enumerate().all(|(n, (pattern, is_sign, is_joined))| {
            pieces.get(at + n).is_some_and(|piece| {
                let text: Vec<_> = piece.text.chars().collect();
                piece.is_sign == *is_sign
                    && (!is_joined || piece.is_joined)
                    && is_like(pattern, &text)
            })
        })
    })
}
