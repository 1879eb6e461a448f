//! [`AutoNumber`]: the display format of an auto-number, such as `A-{0000}` or `{YYYY}{MM}-{000}`.
//!
//! A format is text with one token for the number, which has one to ten zeros, and any of the date
//! tokens. The number has at least as many digits as there are zeros, and more if it needs them.
//! The date is the day of the creation, in UTC. Source: the platform's help on auto-number fields.
//! That other braces are refused is a choice of ours.

use chrono::{DateTime, Datelike, Utc};

/// A display format, split into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoNumber {
    /// The format as it was written.
    pub(crate) format: String,
    parts: Vec<Part>,
}

/// A piece of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The number, with at least this many digits.
    Number(usize),
    /// `{YY}`
    Year2,
    /// `{YYYY}`
    Year4,
    /// `{MM}`
    Month,
    /// `{DD}`
    Day,
}

/// Most characters of a format.
const MAX_FORMAT: usize = 30;
/// Most zeros of the token for the number.
const MAX_ZEROS: usize = 10;

impl AutoNumber {
    /// Reads a display format; the error is a sentence.
    pub(crate) fn parse(format: &str) -> Result<Self, String> {
        if format.chars().count() > MAX_FORMAT {
            return Err(format!("the auto-number format has more than {MAX_FORMAT} characters"));
        }
        let mut parts = Vec::new();
        let mut rest = format;
        while let Some(open) = rest.find(['{', '}']) {
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            let token = rest[open..].strip_prefix('{').and_then(|it| it.split_once('}'));
            let Some((token, after)) = token else {
                return Err("the auto-number format has a brace without its partner".to_owned());
            };
            parts.push(match token {
                "YY" => Part::Year2,
                "YYYY" => Part::Year4,
                "MM" => Part::Month,
                "DD" => Part::Day,
                zeros
                    if (1..=MAX_ZEROS).contains(&zeros.len())
                        && zeros.bytes().all(|b| b == b'0') =>
                {
                    Part::Number(zeros.len())
                }
                _ => return Err(format!("`{{{token}}}` is not a token of an auto-number format")),
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        match parts.iter().filter(|part| matches!(part, Part::Number(_))).count() {
            1 => Ok(Self { format: format.to_owned(), parts }),
            0 => Err("the auto-number format lacks its number, such as `{0000}`".to_owned()),
            _ => Err("the auto-number format has more than one number".to_owned()),
        }
    }

    /// The number in a name that this format could have made; `None` for any other name.
    pub(crate) fn number_of(&self, name: &str) -> Option<u64> {
        let mut rest = name;
        let mut number = None;
        for (place, part) in self.parts.iter().enumerate() {
            let digits = match part {
                Part::Text(text) => {
                    rest = rest.strip_prefix(text.as_str())?;
                    continue;
                }
                Part::Year4 => 4,
                Part::Year2 | Part::Month | Part::Day => 2,
                // The number has all the digits at this place, except those of dates right behind
                // it.
                Part::Number(least) => {
                    let behind: usize = self.parts[place + 1..]
                        .iter()
                        .map_while(|part| match part {
                            Part::Year4 => Some(4),
                            Part::Year2 | Part::Month | Part::Day => Some(2),
                            Part::Text(_) | Part::Number(_) => None,
                        })
                        .sum();
                    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let n_number = n_digits.checked_sub(behind).filter(|n| n >= least)?;
                    number = rest.get(..n_number)?.parse().ok();
                    n_number
                }
            };
            let (token, after) = rest.split_at_checked(digits)?;
            if !token.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            rest = after;
        }
        number.filter(|_| rest.is_empty())
    }

    /// The name of a record with this number that was created at the moment that `at` gives, which is
    /// asked only where the format has a part of a date.
    pub(crate) fn print(&self, number: u64, at: impl Fn() -> DateTime<Utc>) -> String {
        let year = || at().year().unsigned_abs();
        let mut name = String::with_capacity(self.format.len() + 8);
        for part in &self.parts {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Number(digits) => push_number(&mut name, number, *digits),
                Part::Year2 => push_number(&mut name, u64::from(year() % 100), 2),
                Part::Year4 => push_number(&mut name, u64::from(year()), 4),
                Part::Month => push_number(&mut name, at().month().into(), 2),
                Part::Day => push_number(&mut name, at().day().into(), 2),
            }
        }
        name
    }
}

/// Adds a number with zeros before it up to so many digits. `write!` takes three times as long,
/// which is felt where every record has a name of this kind.
fn push_number(text: &mut String, mut number: u64, digits: usize) {
    let mut reversed = [0; 20];
    let mut n = 0;
    while let Some(place) = reversed.get_mut(n).filter(|_| number > 0 || n == 0) {
        // A digit is below ten.
        *place = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        n += 1;
    }
    text.extend(std::iter::repeat_n('0', digits.saturating_sub(n)));
    text.extend(reversed.iter().take(n).rev().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn formats_print_their_number_and_dates() {
        let at = Utc.with_ymd_and_hms(2026, 3, 1, 23, 59, 59).unwrap();
        for (format, number, name) in [
            ("{00000000}", 7, "00000007"),
            ("{0}", 12, "12"),
            ("A-{0000}", 12_345, "A-12345"),
            ("{YYYY}{MM}{DD}/{000}-x", 5, "20260301/005-x"),
            ("{YY}é{0000000000}", 1, "26é0000000001"),
        ] {
            assert_eq!(AutoNumber::parse(format).unwrap().print(number, || at), name);
        }
    }

    #[test]
    fn the_number_comes_back_from_its_name_and_from_no_other() {
        let at = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap();
        for format in ["{00000000}", "{0}", "A-{0000}", "{YYYY}{MM}{DD}/{000}-x", "{000}{YY}é{DD}"]
        {
            let format = AutoNumber::parse(format).unwrap();
            for number in [0, 7, 999, 123_456_789_012] {
                assert_eq!(format.number_of(&format.print(number, || at)), Some(number));
            }
            for name in ["", "A-", "A-12", "é", "x", "20260301/05-x", "A-0001 "] {
                let again = format.number_of(name).map(|number| format.print(number, || at));
                assert!(again.is_none() || again.as_deref() == Some(name), "{format:?} {name}");
            }
        }
    }

    #[test]
    fn wrong_formats_say_what_is_wrong() {
        for (format, reason) in [
            ("", "lacks its number"),
            ("A-", "lacks its number"),
            ("{YYYY}", "lacks its number"),
            ("{0}{00}", "more than one number"),
            ("{00000000000}", "not a token"),
            ("{}{0}", "not a token"),
            ("{yy}{0}", "not a token"),
            ("{0", "without its partner"),
            ("0}{0}", "without its partner"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{0}", "more than 30 characters"),
        ] {
            let error = AutoNumber::parse(format).unwrap_err();
            assert!(error.contains(reason), "{format}: {error}");
        }
    }
}
