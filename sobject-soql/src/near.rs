//! Finds the word that was meant where another one stands.

/// The word among these that is written nearly like this one, in any case; the nearest, and of
/// several the first. None if it is one of them already.
pub(crate) fn near(
    word: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    // A longer word is none of the language's.
    if word.len() > 24 || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_uppercase();
    let mut best: Option<(usize, &'static str)> = None;
    for candidate in known {
        // Of a short word, one wrong letter leaves too little.
        let allowed = match candidate.len().min(word.len()) {
            0..=2 => continue,
            3..=4 => 1,
            _ => 2,
        };
        let distance = distance(word.as_bytes(), candidate.to_ascii_uppercase().as_bytes());
        if distance == 0 {
            return None;
        }
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters must be put, taken, changed or swapped with the next to make one word of the
/// other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut last_but_one: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &letter) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        let mut beside = i + 1;
        row.push(beside);
        for (j, (&other, corner)) in b.iter().zip(last.windows(2)).enumerate() {
            let [diagonal, up] = *corner else { continue };
            let mut cost = (diagonal + usize::from(letter != other)).min(up + 1).min(beside + 1);
            let swapped =
                i > 0 && j > 0 && a.get(i - 1) == Some(&other) && b.get(j - 1) == Some(&letter);
            if swapped && let Some(&corner) = last_but_one.get(j - 1) {
                cost = cost.min(corner + 1);
            }
            row.push(cost);
            beside = cost;
        }
        last_but_one = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, near};

    #[test]
    fn letters_put_taken_changed_and_swapped_are_counted() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "AB", 2),
            ("FROM", "FROM", 0),
            ("FORM", "FROM", 1),
            ("LIMT", "LIMIT", 1),
            ("LIMIIT", "LIMIT", 1),
            ("WERE", "WHERE", 1),
            ("GRUOP", "GROUP", 1),
            ("ORDRE", "ORDER", 1),
            ("SLEECT", "SELECT", 1),
            ("ABC", "XYZ", 3),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        let known = ["SELECT", "FROM", "WHERE", "OR", "TODAY"];
        for (word, expected) in [
            ("selct", Some("SELECT")),
            ("Form", Some("FROM")),
            ("TODDAY", Some("TODAY")),
            ("from", None),
            ("Account", None),
            ("X", None),
            ("fröm", None),
        ] {
            assert_eq!(near(word, known), expected, "{word}");
        }
    }
}
