//! Words: how texts are cut into what a search looks for. Only this file does.
//!
//! A text is *normalised* first: compatible forms become one (full width `Ａ` is `A`, and `e` with an
//! accent behind it is `é`), what is invisible goes, and all is in upper case, as `bytes::order` folds it.
//! Accents stay.
//! It is then cut into *pieces*:
//!
//! - A *word* is letters, digits and their marks, between spaces and punctuation, as in an org: of
//!   `ada@example.com` there are three. The library follows annex 29 of Unicode, which keeps some
//!   words together that an org cuts, so they are cut at punctuation afterwards.
//! - A *sign* is one character with its marks in a script that puts no spaces between words (Chinese,
//!   Japanese, Thai and their neighbours), and in Korean, which hangs endings on words. To tell words
//!   apart there takes a dictionary of some megabytes, and one that errs hides records. So a search
//!   finds any signs that stand side by side, wherever they do.
//!
//! Under which keys an index has a text is [`each_key`]: words are keys, cut to [`MAX_WORD`]
//! characters, and so is each sign with the sign behind it, the last one alone. So one sign is the
//! beginning of keys, two are a key, and more are several keys that one text must all have.
//!
//! **Invariants:** no key has a zero byte. The pieces of a text depend on the text and on [`rules`] alone.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::fold;

/// Characters of a word that are kept in a key. What a longer word ends with is found in the text.
pub(crate) const MAX_WORD: usize = 64;

/// Counts how texts are cut: another number has every index of words built anew.
const EDITION: u32 = 1;

/// A part of a text that a search can look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'t> {
    /// Normalised, and never empty.
    pub(crate) text: &'t str,
    /// Is it a sign, and no word?
    pub(crate) is_sign: bool,
    /// Does nothing stand between it and the piece in front of it?
    pub(crate) is_joined: bool,
}

/// What the words of an index depend on, beside the texts: this file, and the tables of the libraries.
pub(crate) fn rules() -> String {
    let (forms, bounds) =
        (unicode_normalization::UNICODE_VERSION, unicode_segmentation::UNICODE_VERSION);
    format!("{EDITION} {forms:?} {bounds:?}")
}

/// A text as its pieces have it: in one form, and in upper case.
pub(crate) fn normalised(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return fold(text);
    }
    let compatible: String = text.nfkc().filter(|it| !is_invisible(*it)).collect();
    // Upper case may take a letter apart that normalising has put together.
    Cow::Owned(fold(&compatible).nfc().collect())
}

/// Calls `f` with the pieces of a text that is normalised, and with where each ends in it.
pub(crate) fn each_piece<'t>(normalised: &'t str, f: &mut dyn FnMut(Piece<'t>, usize)) {
    let mut cutter = Cutter { text: normalised, open: None, end: None, f };
    if normalised.is_ascii() {
        // Annex 29 breaks no ASCII letters and digits apart, so there is nothing to ask it.
        for (at, byte) in normalised.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() { cutter.letter(at) } else { cutter.close(at) }
        }
        cutter.close(normalised.len());
        return;
    }
    for (start, segment) in normalised.unicode_word_indices() {
        cutter.segment(start, segment);
    }
}

/// Calls `f` with each key under which an index has a text that is normalised: where it begins and ends
/// there. The same key may come more than once.
pub(crate) fn each_key(normalised: &str, f: &mut dyn FnMut(usize, usize)) {
    // Where a sign stands that the next piece may make a pair with.
    let mut sign: Option<(usize, usize)> = None;
    each_piece(normalised, &mut |piece, end| {
        let start = end - piece.text.len();
        if let Some((first, last)) = sign.take() {
            f(first, if piece.is_sign && piece.is_joined { end } else { last });
        }
        if piece.is_sign {
            sign = Some((start, end));
        } else {
            f(start, start + shortened(piece.text).len());
        }
    });
    if let Some((start, end)) = sign {
        f(start, end);
    }
}

/// A word as keys have it.
pub(crate) fn shortened(word: &str) -> &str {
    // So many bytes have no more characters.
    if word.len() <= MAX_WORD {
        return word;
    }
    let end = word.char_indices().nth(MAX_WORD).map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or(word)
}

/// Cuts a text into its pieces.
struct Cutter<'t, 'f> {
    text: &'t str,
    /// Where the piece begins that has no end so far, and whether it is a sign.
    open: Option<(usize, bool)>,
    /// Where the last piece ended.
    end: Option<usize>,
    f: &'f mut dyn FnMut(Piece<'t>, usize),
}

impl<'t> Cutter<'t, '_> {
    /// A part of the text that the library keeps together.
    fn segment(&mut self, start: usize, segment: &'t str) {
        for (at, character) in segment.char_indices() {
            let at = start + at;
            if is_combining_mark(character) {
                // It belongs to what stands in front of it.
            } else if is_unspaced(character) && character.is_alphanumeric() {
                self.close(at);
                self.open = Some((at, true));
            } else if character.is_alphanumeric() {
                if matches!(self.open, Some((_, true))) {
                    self.close(at);
                }
                self.letter(at);
            } else {
                self.close(at);
            }
        }
        self.close(start + segment.len());
    }

    /// A letter or digit of a word stands here.
    fn letter(&mut self, at: usize) {
        if self.open.is_none() {
            self.open = Some((at, false));
        }
    }

    /// The piece ends here, if there is one.
    fn close(&mut self, at: usize) {
        let Some((start, is_sign)) = self.open.take() else { return };
        let Some(text) = self.text.get(start..at) else { return };
        let is_joined = self.end == Some(start);
        (self.f)(Piece { text, is_sign, is_joined }, at);
        self.end = Some(at);
    }
}

/// Is the character shown as nothing, and only says how those beside it are written?
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

/// Is the character of a script that puts no spaces between words, or of Korean?
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E00}'..='\u{EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}' // Myanmar
        | '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}' // Korean
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{1950}'..='\u{19DF}' | '\u{1A20}'..='\u{1AAF}' | '\u{AA80}'..='\u{AADF}' // Tai
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{3038}'..='\u{303C}'
        | '\u{3040}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' // Kana, Bopomofo
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{1AFF0}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFF}' // Han
    )
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::any, prop_assert, prop_assert_eq, proptest};

    use super::{MAX_WORD, each_key, each_piece, normalised};

    /// The pieces of a text: signs in brackets, those that stand side by side joined by `+`.
    fn pieces(text: &str) -> String {
        let text = normalised(text);
        let mut all = String::new();
        each_piece(&text, &mut |piece, _| {
            let between = if piece.is_joined { "+" } else { " " };
            let text = piece.text;
            let shown = if piece.is_sign { format!("[{text}]") } else { text.to_owned() };
            all = if all.is_empty() { shown } else { format!("{all}{between}{shown}") };
        });
        all
    }

    fn keys(text: &str) -> Vec<String> {
        let text = normalised(text);
        let mut keys = Vec::new();
        each_key(&text, &mut |start, end| keys.push(text[start..end].to_owned()));
        keys
    }

    #[test]
    fn texts_are_cut_at_spaces_and_punctuation() {
        for (text, expected) in [
            ("", ""),
            ("  -- ... ", ""),
            ("Acme Trading, Inc.", "ACME TRADING INC"),
            ("ada@example.com", "ADA EXAMPLE COM"),
            ("ada@exämple.com", "ADA EXÄMPLE COM"),
            ("+1 (415) 555-1212", "1 415 555 1212"),
            ("O'Neill’s naïve_plan 3.14 1,000", "O NEILL S NAÏVE PLAN 3 14 1 000"),
            ("O'Neill and snake_case", "O NEILL AND SNAKE CASE"),
            ("A1B2 don’t", "A1B2 DON T"),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_of_a_letter_are_one() {
        for texts in [
            ["é", "e\u{301}", "É"],
            ["straße", "STRASSE", "Strasse"],
            ["ＡＢＣ", "abc", "ⓐⓑⓒ"],
            ["i\u{307}", "\u{130}", "İ"],
            ["soft\u{AD}ware é", "soft\u{AD}ware e\u{301}", "SOFT\u{AD}WARE É"],
            ["ﾊﾝｶｸ", "ハンカク", "ﾊﾝｶｸ"],
            ["각", "\u{1100}\u{1161}\u{11A8}", "각"],
        ] {
            let [first, rest @ ..] = texts.map(pieces);
            assert!(rest.iter().all(|it| *it == first) && !first.is_empty(), "{texts:?}");
        }
        assert_ne!(pieces("resume"), pieces("résumé"), "accents are not taken away");
    }

    #[test]
    fn signs_stand_alone_and_are_kept_in_pairs() {
        assert_eq!(pieces("東京 タワー"), "[東]+[京] [タ]+[ワ]+[ー]");
        assert_eq!(pieces("iPhoneを買う"), "IPHONE+[を]+[買]+[う]");
        assert_eq!(pieces("2024年"), "2024+[年]");
        // A vowel and a tone above a letter are its marks.
        assert_eq!(pieces("น้ำ"), "[น\u{E49}\u{E4D}]+[\u{E32}]");
        assert_eq!(keys("東京 タワー"), ["東京", "京", "タワ", "ワー", "ー"]);
        assert_eq!(keys("サ"), ["サ"]);
        assert_eq!(keys("서울시 a"), ["서울", "울시", "시", "A"]);
        assert_eq!(keys("日a本"), ["日", "A", "本"]);
    }

    #[test]
    fn a_long_word_is_cut_where_a_character_ends() {
        let [ascii, other] = ["x", "é"].map(|letter| keys(&letter.repeat(200)));
        assert_eq!(ascii, ["X".repeat(MAX_WORD)]);
        assert_eq!(other, ["É".repeat(MAX_WORD)]);
    }

    proptest! {
        #[test]
        fn pieces_are_the_same_however_the_text_goes_on(text in any::<String>()) {
            // The way for ASCII and the way of the library agree.
            let alone = pieces(&text);
            let beside = pieces(&format!("{text} é"));
            let expected = format!("{alone} É");
            prop_assert_eq!(expected.trim_start(), beside.trim_start());
        }

        #[test]
        fn normalising_is_done_once(text in any::<String>()) {
            let once = normalised(&text).into_owned();
            for key in keys(&text) {
                prop_assert!(!key.is_empty() && !key.contains('\0'));
                prop_assert!(key.chars().count() <= MAX_WORD * 2);
            }
            prop_assert_eq!(pieces(&once), pieces(&text));
        }
    }
}
