//! Terms: the words and phrases of a search, and which texts have them.
//!
//! A term is cut into pieces as texts are ([`crate::bytes`]), so `ada@example.com` is a phrase of three
//! words. A text has a term if pieces of it that follow each other match those of the term. Signs of
//! scripts without spaces must also stand side by side, and so are found inside of a longer text.
//!
//! **Invariant:** [`Term::look_ups`] leads to every text that has the term; where it may lead to others,
//! [`Term::is_in`] tells.

use sobject_soql::{Pattern, PatternPart, SearchExpr, Span};

use super::not_supported;
use crate::{
    bytes::{MAX_WORD, Piece, each_piece, normalised, shortened},
    language::{
        refusal::{Bound, Refusal},
        text::Like,
    },
};

/// Expressions inside expressions at most. Text has fewer levels, but a program may build any tree.
const MAX_DEPTH: usize = 200;

/// What a record must have.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Term(Term),
    All(Vec<Wanted>),
    /// One of these; with none of them, what no record has.
    Any(Vec<Wanted>),
    /// The first and not the second.
    Without(Box<Wanted>, Box<Wanted>),
}

impl Wanted {
    /// What no record has.
    pub(super) const NOTHING: Self = Self::Any(Vec::new());

    /// What an expression asks for, which stands at `span`.
    pub(super) fn of(expr: &SearchExpr, span: Span) -> Bound<Self> {
        let wanted = Self::read(expr, span, 0)?;
        match wanted {
            Some(wanted) if wanted.has_long_term() => Ok(wanted),
            // The first term is told; where punctuation is all there is, that is it.
            _ => Err(Refusal::short_term(&first_term(expr))),
        }
    }

    /// What an expression asks for; `None` if it has nothing but punctuation, which says nothing.
    fn read(expr: &SearchExpr, span: Span, depth: usize) -> Bound<Option<Self>> {
        if depth > MAX_DEPTH {
            let text = format!("a search may be nested {MAX_DEPTH} levels deep at most");
            return Err(Refusal::malformed(span, text));
        }
        let several = |of: &[SearchExpr]| -> Bound<Vec<Self>> {
            let read = |of| Self::read(of, span, depth + 1).transpose();
            of.iter().filter_map(read).collect()
        };
        let joined = |mut of: Vec<Self>, join: fn(Vec<Self>) -> Self| match of.pop() {
            Some(one) if of.is_empty() => Some(one),
            Some(last) => {
                of.push(last);
                Some(join(of))
            }
            None => None,
        };
        Ok(match expr {
            SearchExpr::Word(pattern) | SearchExpr::Phrase(pattern) => {
                Term::of(pattern, span)?.map(Self::Term)
            }
            SearchExpr::And(of) => joined(several(of)?, Self::All),
            SearchExpr::Or(of) => joined(several(of)?, Self::Any),
            SearchExpr::AndNot(first, second) => {
                let second = Self::read(second, span, depth + 1)?;
                match (Self::read(first, span, depth + 1)?, second) {
                    (Some(first), Some(second)) => {
                        Some(Self::Without(Box::new(first), Box::new(second)))
                    }
                    (first, _) => first,
                }
            }
        })
    }

    /// Is one of the terms long enough to be searched for?
    fn has_long_term(&self) -> bool {
        match self {
            Self::Term(term) => !term.is_short(),
            Self::All(of) | Self::Any(of) => of.iter().any(Self::has_long_term),
            Self::Without(first, second) => first.has_long_term() || second.has_long_term(),
        }
    }
}

/// The first term of an expression, as it is written.
fn first_term(expr: &SearchExpr) -> String {
    let mut expr = expr;
    loop {
        expr = match expr {
            SearchExpr::Word(_) | SearchExpr::Phrase(_) => return expr.to_string(),
            SearchExpr::And(of) | SearchExpr::Or(of) => match of.first() {
                Some(first) => first,
                None => return String::new(),
            },
            SearchExpr::AndNot(first, _) => first,
        };
    }
}

/// A word or a phrase.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// At least one.
    steps: Vec<Step>,
}

/// What a piece of a text must be.
#[derive(Clone, Debug)]
struct Step {
    /// Normalised; without wildcards the whole piece.
    text: String,
    /// What the piece must be where there are wildcards.
    like: Option<Like>,
    is_sign: bool,
    /// Must it stand side by side with the piece before it?
    is_joined: bool,
}

/// Which entries of an index of words may lead to a term.
#[derive(Clone, Debug)]
pub(super) enum LookUp<'t> {
    /// Those of this word.
    Word(&'t str),
    /// Those of these two signs, of which one stands behind the other.
    Pair(String),
    /// Those of the words that begin so, and are like this.
    Prefix(&'t str, Option<&'t Like>),
}

/// A step that is being read: what it says so far.
struct Draft {
    parts: Vec<PatternPart>,
    is_sign: bool,
    is_joined: bool,
}

impl Term {
    /// The term of a pattern; `None` if it has nothing but punctuation.
    fn of(pattern: &Pattern, span: Span) -> Bound<Option<Self>> {
        let mut drafts: Vec<Draft> = Vec::new();
        // Does what follows stand right behind the last piece? And is there a wildcard between them?
        let (mut is_open, mut is_wild) = (false, false);
        for part in pattern.parts() {
            let PatternPart::Text(text) = part else {
                match drafts.last_mut().filter(|_| is_open) {
                    None => return not_supported(span, "a wildcard at the beginning of a term"),
                    // Anything may stand behind a sign as it is.
                    Some(last) if last.is_sign && *part == PatternPart::AnyRun => is_wild = true,
                    Some(last) if last.is_sign => return Self::wildcard_between_signs(span),
                    Some(last) => last.parts.push(part.clone()),
                }
                continue;
            };
            let text = normalised(text);
            let mut end = 0;
            let mut is_between = false;
            each_piece(&text, &mut |piece, at| {
                let goes_on = is_open && at == piece.text.len();
                is_between |= goes_on && is_wild;
                let text = PatternPart::Text(piece.text.to_owned());
                let of_word = |it: &&mut Draft| goes_on && !it.is_sign && !piece.is_sign;
                match drafts.last_mut().filter(of_word) {
                    Some(last) => last.parts.push(text),
                    None => drafts.push(Draft {
                        parts: vec![text],
                        is_sign: piece.is_sign,
                        is_joined: piece.is_sign && (piece.is_joined || goes_on),
                    }),
                }
                end = at;
            });
            if is_between {
                return Self::wildcard_between_signs(span);
            }
            (is_open, is_wild) = (end > 0 && end == text.len(), false);
        }
        // A sign that stands behind a word need not stand side by side with it.
        let mut was_sign = false;
        let step = |draft: Draft| {
            let is_joined = draft.is_joined && was_sign;
            was_sign = draft.is_sign;
            Step::new(draft, is_joined)
        };
        let steps: Vec<_> = drafts.into_iter().map(step).collect();
        Ok((!steps.is_empty()).then_some(Self { steps }))
    }

    fn wildcard_between_signs<T>(span: Span) -> Bound<T> {
        not_supported(span, "a wildcard inside a text without spaces")
    }

    /// Is the term too short to be searched for on its own?
    fn is_short(&self) -> bool {
        let n_letters = |step: &Step| match &step.like {
            None => step.text.chars().count(),
            Some(like) => like.n_letters(),
        };
        self.steps.iter().map(n_letters).sum::<usize>() < 2
            && !self.steps.iter().any(|step| step.is_sign)
    }

    /// Where an index has what may be the term: each of these must lead to the text.
    pub(super) fn look_ups(&self) -> Vec<LookUp<'_>> {
        let mut look_ups = Vec::with_capacity(self.steps.len());
        for (n, step) in self.steps.iter().enumerate() {
            let next = self.steps.get(n + 1).filter(|next| next.is_joined);
            match (next, &step.like) {
                (Some(next), _) => {
                    look_ups.push(LookUp::Pair([&*step.text, &*next.text].concat()));
                }
                // The sign before it led here.
                (None, _) if step.is_joined => (),
                (None, None) if step.is_sign => look_ups.push(LookUp::Prefix(&step.text, None)),
                (None, None) => look_ups.push(LookUp::Word(shortened(&step.text))),
                (None, Some(like)) => {
                    look_ups.push(LookUp::Prefix(shortened(&step.text), Some(like)));
                }
            }
        }
        look_ups
    }

    /// May look-ups lead to texts that do not have the term?
    pub(super) fn may_mislead(&self) -> bool {
        match self.steps.as_slice() {
            [word] => word.is_sign || word.text.chars().nth(MAX_WORD - 1).is_some(),
            [_, second] => !second.is_joined,
            _ => true,
        }
    }

    /// Is it one word, of which the index has every character?
    pub(super) fn is_one_word(&self) -> bool {
        self.steps.len() == 1
            && !self.may_mislead()
            && self.steps.iter().all(|it| it.like.is_none())
    }

    /// Is it this one word, of which the index has every character?
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is_one_word() && self.steps.iter().all(|it| it.text == word)
    }

    /// Has a text the term?
    pub(super) fn is_in(&self, text: &str) -> bool {
        let text = normalised(text);
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        each_piece(&text, &mut |piece, _| pieces.push(piece));
        pieces.windows(self.steps.len()).any(|some| {
            let mut pairs = some.iter().zip(&self.steps);
            pairs.all(|(piece, step)| step.is(piece))
        })
    }
}

impl Step {
    fn new(draft: Draft, is_joined: bool) -> Self {
        let Draft { parts, is_sign, .. } = draft;
        let texts = parts.iter().map_while(|part| match part {
            PatternPart::Text(text) => Some(text.as_str()),
            PatternPart::AnyRun | PatternPart::AnyOne => None,
        });
        let text = texts.collect();
        let has_wildcards = parts.iter().any(|part| !matches!(part, PatternPart::Text(_)));
        let like = has_wildcards.then(|| Like::new(&parts.into_iter().collect()));
        Self { text, like, is_sign, is_joined }
    }

    /// Is the piece what is wanted here?
    fn is(&self, piece: &Piece<'_>) -> bool {
        let is_text = match &self.like {
            None => self.text == piece.text,
            Some(like) => like.matches(piece.text),
        };
        is_text && self.is_sign == piece.is_sign && (!self.is_joined || piece.is_joined)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::any, prop_assert, proptest};
    use sobject_soql::{SearchExpr, Span};

    use super::{LookUp, Term, Wanted};
    use crate::{
        bytes::{each_key, normalised},
        language::refusal::Refusal,
    };

    fn wanted(text: &str) -> Result<Wanted, Box<Refusal>> {
        Wanted::of(&SearchExpr::parse(text).unwrap(), Span::NONE)
    }

    fn term(text: &str) -> Term {
        match wanted(text) {
            Ok(Wanted::Term(term)) => term,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn texts_have_words_and_phrases() {
        for (written, text, is_in) in [
            ("acme", "The ACME, Inc.", true),
            ("acme", "Acmeville", false),
            ("acme*", "Acmeville", true),
            ("ac*e", "Acme", true),
            ("ac*e", "Acmes", false),
            ("ac*e", "ac me", false),
            ("acm?", "Acme", true),
            ("acm?", "Acm", false),
            ("ac?e*", "acmeville", true),
            (r#""acme inc""#, "The ACME, Inc.", true),
            (r#""acme inc""#, "ACME & sons, Inc.", false),
            (r#""acme in*""#, "The ACME, Inc.", true),
            ("ada@example.com", "Mail <ada@example.com>", true),
            ("ada@example.com", "ada example org", false),
            (r"O\'Neill", "o'neill’s", true),
            (r"415\-555*", "(415) 555-1212", true),
            ("straße", "STRASSE 5", true),
            ("résumé", "re\u{301}sume\u{301}", true),
            ("resume", "résumé", false),
            ("東京", "東京都庁", true),
            ("京都", "東京都庁", true),
            ("東都", "東京都庁", false),
            ("東京", "東 京", false),
            ("東京*", "東京都庁", true),
            ("京", "東京都庁", true),
            ("東京 タワー", "東京タワー", true),
            ("iPhone買う", "iPhone買う", true),
            ("กาแฟ", "ร้านกาแฟสด", true),
            ("서울", "서울시청에서", true),
            ("2024年", "在2024年", true),
        ] {
            let is_found = match wanted(written).unwrap() {
                Wanted::Term(term) => term.is_in(text),
                Wanted::All(all) => all.iter().all(|it| match it {
                    Wanted::Term(term) => term.is_in(text),
                    other => panic!("{other:?}"),
                }),
                other => panic!("{other:?}"),
            };
            assert_eq!(is_found, is_in, "{written} in {text}");
        }
    }

    #[test]
    fn what_cannot_be_searched_for_is_refused() {
        for (written, text) in [
            ("*acme", "a wildcard at the beginning of a term is not supported"),
            ("?cme", "a wildcard at the beginning of a term is not supported"),
            (r"acme\-*", "a wildcard at the beginning of a term is not supported"),
            ("acme *", "a wildcard at the beginning of a term is not supported"),
            ("東*都", "a wildcard inside a text without spaces is not supported"),
            ("東?", "a wildcard inside a text without spaces is not supported"),
            ("a", "search term must be longer than one character: a"),
            ("a*", "search term must be longer than one character: a*"),
            ("a OR b", "search term must be longer than one character: a"),
            (r"\&", r"search term must be longer than one character: \&"),
        ] {
            assert_eq!(wanted(written).unwrap_err().text, text, "{written}");
        }
        for written in ["京", "a acme", "a?c", r#""a b""#, r"AT \& T", r"acme AND NOT \&"] {
            assert!(wanted(written).is_ok(), "{written}");
        }
    }

    #[test]
    fn a_tree_that_a_program_builds_is_refused_if_it_is_too_deep() {
        let deep =
            |n| (0..n).fold(SearchExpr::text("acme"), |it, _| SearchExpr::text("acme").and_not(it));
        assert!(Wanted::of(&deep(200), Span::NONE).is_ok());
        assert!(Wanted::of(&deep(201), Span::NONE).is_err());
        assert!(Wanted::of(&SearchExpr::And(Vec::new()), Span::NONE).is_err());
    }

    proptest! {
        #[test]
        fn look_ups_lead_to_every_text_that_has_the_term(text in any::<String>(), around in any::<String>()) {
            let Ok(Some(term)) = Term::of(&sobject_soql::Pattern::exactly(text.clone()), Span::NONE) else {
                return Ok(());
            };
            let full = format!("{around} {text} {around}");
            prop_assert!(term.is_in(&full));
            let full = normalised(&full);
            let mut keys = Vec::new();
            each_key(&full, &mut |start, end| keys.push(full[start..end].to_owned()));
            for look_up in term.look_ups() {
                prop_assert!(keys.iter().any(|key| match &look_up {
                    LookUp::Word(word) => key == word,
                    LookUp::Pair(pair) => key == pair,
                    LookUp::Prefix(prefix, like) =>
                        key.starts_with(prefix) && like.is_none_or(|like| like.matches(key)),
                }), "{:?} in {:?}", look_up, keys);
            }
        }
    }

    #[test]
    fn a_term_knows_whether_its_words_are_enough() {
        for (written, may_mislead) in [
            ("acme", false),
            ("acme*", false),
            ("東京", false),
            ("京", true),
            ("東京都", true),
            ("\"acme inc\"", true),
        ] {
            assert_eq!(term(written).may_mislead(), may_mislead, "{written}");
        }
        assert!(term(&"x".repeat(100)).may_mislead());
    }
}
