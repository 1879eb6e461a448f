//! Auto-numbers: display formats such as `A-{0000}` or `{YYYY}{MM}-{000}`.
//!
//! A format is text with one number token of one to ten zeros and any of the date tokens. The
//! zeros are the fewest digits: longer numbers print in full. Dates are those of the creation, in
//! UTC. Source: the platform's help on auto-number fields; that other braces are refused is a
//! choice of ours.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Utc};

/// A display format, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoNumber {
    /// As written.
    pub(crate) format: String,
    parts: Vec<Part>,
}

/// A piece of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The number, with at least so many digits.
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

/// Characters that a format may have in all.
const MAX_FORMAT: usize = 30;
/// Zeros that the number token may have.
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

    /// The name of the record that is number `number`, created at `at`.
    pub(crate) fn print(&self, number: u64, at: DateTime<Utc>) -> String {
        let mut name = String::with_capacity(self.format.len() + 8);
        for part in &self.parts {
            // Writing to a String does not fail.
            let _ = match part {
                Part::Text(text) => name.write_str(text),
                Part::Number(digits) => write!(name, "{number:0digits$}"),
                Part::Year2 => write!(name, "{:02}", at.year().rem_euclid(100)),
                Part::Year4 => write!(name, "{:04}", at.year()),
                Part::Month => write!(name, "{:02}", at.month()),
                Part::Day => write!(name, "{:02}", at.day()),
            };
        }
        name
    }
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
            assert_eq!(AutoNumber::parse(format).unwrap().print(number, at), name);
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
