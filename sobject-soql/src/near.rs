//! Finds the name that was meant where another one stands.
//!
//! The comparison is a `const fn`, so that a query that is checked while a program is compiled gets the
//! same answer as one that is checked while it runs.

/// Bytes of a name at most for which a near one is looked for. No name of a field or object is longer.
const MAX: usize = 80;

/// The name among these that is written nearly like this one, in any case: the nearest, and of several
/// the first. None if none is like enough, or if the name is one of them already.
///
/// ```
/// use sobject_soql::nearest;
///
/// assert_eq!(nearest("Nmae", ["Id", "Name", "Phone"]), Some("Name"));
/// assert_eq!(nearest("Fax", ["Id", "Name", "Phone"]), None);
/// ```
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let mut best: Option<(usize, &'n str)> = None;
    for name in names {
        match letters_apart(written, name) {
            Some(0) => return None,
            Some(apart) if best.is_none_or(|(least, _)| apart < least) => {
                best = Some((apart, name));
            }
            _ => {}
        }
    }
    best.map(|(_, name)| name)
}

/// How many letters must be put, taken, changed or swapped with the next to make one name of the other,
/// in any case. None if that is more than a third of the shorter one's letters, since names that differ
/// by more are not misspellings of each other.
pub const fn letters_apart(a: &str, b: &str) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let shorter = if a.len() < b.len() { a.len() } else { b.len() };
    let limit = shorter / 3;
    if a.len() > MAX || b.len() > MAX || a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let apart = distance(a, b);
    if apart <= limit { Some(apart) } else { None }
}

/// The distance of two names of at most [`MAX`] bytes, row by row of the table that compares each
/// beginning of the one with each beginning of the other.
const fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut last_but_one = [0; MAX + 1];
    let mut last = [0; MAX + 1];
    let mut j = 0;
    while j <= b.len() {
        last[j] = j;
        j += 1;
    }
    let mut i = 0;
    while i < a.len() {
        let mut row = [0; MAX + 1];
        row[0] = i + 1;
        let mut j = 0;
        while j < b.len() {
            let is_same = a[i].eq_ignore_ascii_case(&b[j]);
            let mut fewest = last[j] + if is_same { 0 } else { 1 };
            fewest = lesser(fewest, lesser(last[j + 1], row[j]) + 1);
            let is_swapped = i > 0
                && j > 0
                && a[i - 1].eq_ignore_ascii_case(&b[j])
                && a[i].eq_ignore_ascii_case(&b[j - 1]);
            if is_swapped {
                fewest = lesser(fewest, last_but_one[j - 1] + 1);
            }
            row[j + 1] = fewest;
            j += 1;
        }
        last_but_one = last;
        last = row;
        i += 1;
    }
    last[b.len()]
}

const fn lesser(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{distance, letters_apart, nearest};

    #[test]
    fn letters_put_taken_changed_and_swapped_are_counted_in_any_case() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "AB", 2),
            ("FROM", "from", 0),
            ("FORM", "FROM", 1),
            ("form", "FROM", 1),
            ("LIMT", "LIMIT", 1),
            ("LIMIIT", "LIMIT", 1),
            ("WERE", "WHERE", 1),
            ("GRUOP", "GROUP", 1),
            ("ORDRE", "ORDER", 1),
            ("SLEECT", "SELECT", 1),
            ("ABC", "XYZ", 3),
            ("TimeInChat", "TimeInChats", 1),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }

    #[test]
    fn names_that_differ_by_more_than_a_third_are_not_near() {
        for (a, b, expected) in [
            ("Nmae", "Name", Some(1)),
            ("Id", "Ix", None),
            ("IsDeletd", "IsDeleted", Some(1)),
            ("Industy", "Country", None),
            ("Id", "LongerByFar", None),
        ] {
            assert_eq!(letters_apart(a, b), expected, "{a} {b}");
        }
        let long = "x".repeat(100);
        assert_eq!(letters_apart(&long, &long), None);
    }

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
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
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
