//! Values, names and ids in errors as they were given: long ones are cut, so that a message stays one
//! that can be read and kept.

/// Values of so many characters are kept whole: what a record of an org mostly holds.
const WHOLE: usize = 1_000;
/// How many characters are kept of a longer value.
const KEPT: usize = 255;

/// A value for an error: whole, or its beginning and how many characters it had.
pub(crate) fn shorten(value: String) -> String {
    if value.len() <= WHOLE {
        return value;
    }
    let n_characters = value.chars().count();
    if n_characters <= WHOLE {
        return value;
    }
    let kept: String = value.chars().take(KEPT).collect();
    format!("{kept}... ({n_characters} characters)")
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn a_value_is_cut_by_characters_if_it_has_more_than_a_thousand() {
        for character in ["x", "\u{e9}", "\u{1F600}"] {
            let whole = character.repeat(1_000);
            assert_eq!(shorten(whole.clone()), whole);
            let cut = format!("{}... (1001 characters)", character.repeat(255));
            assert_eq!(shorten(character.repeat(1_001)), cut);
        }
    }
}
