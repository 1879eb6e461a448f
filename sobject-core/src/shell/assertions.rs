//! What generated code asserts in constants: mistakes in values, which the types of
//! [`claims`](super::claims) cannot tell.
//!
//! **Invariant:** a panic here is a compile error at the word that is wrong, and its text says what
//! to write. What a constant cannot tell is left to the store, which checks it when it opens.

use crate::{
    definition::{PicklistValue, Target},
    value::{FieldType, SEPARATOR},
};

/// Refuses a `defaulted_on_create` `OwnerId` that cannot name the caller, because no user is among
/// the objects that it may name.
///
/// # Panics
/// If it cannot; the panic is a compile error where generated code calls this in a constant.
#[track_caller]
pub const fn assert_owner(references: &[Target]) {
    let mut n = 0;
    while n < references.len() {
        if matches!(references[n].name.as_bytes(), b"User") {
            return;
        }
        n += 1;
    }
    panic!(
        "the default of `OwnerId` is the caller, who is a `User`; write `Id<User>` or \
         `Ref<(Group, User)>`, or take `defaulted_on_create` away"
    );
}

/// Refuses a rule of deletes, other than to empty it, of a reference that may lead to records of its own
/// object.
///
/// # Panics
/// If it may; the panic is a compile error where generated code calls this in a constant.
#[track_caller]
pub const fn assert_of_others(references: &[Target], own: &str) {
    let mut n = 0;
    while n < references.len() {
        assert!(
            !references[n].name.as_bytes().eq_ignore_ascii_case(own.as_bytes()),
            "a reference to records of its own object can only be emptied; write \
             `on_delete = set_null`, or take `on_delete` away"
        );
        n += 1;
    }
}

/// Refuses a default that is not among the values of a `restricted` picklist, in any case. A
/// default with letters beyond ASCII is left to the store: a constant cannot tell their upper and
/// lower case.
///
/// # Panics
/// If it is not among them; the panic is a compile error where generated code calls this in a
/// constant.
#[track_caller]
pub const fn assert_listed(values: &[PicklistValue], default: &str) {
    // That the type is no picklist is reported by another claim.
    if values.is_empty() || !default.is_ascii() || is_listed(values, default.as_bytes()) {
        return;
    }
    // The default of a multi-select picklist may be several values.
    let mut rest = default.as_bytes();
    while let Some((one, after)) = split_first_value(rest) {
        assert!(
            one.is_empty() || is_listed(values, one),
            "the default is none of the values of the picklist"
        );
        rest = after;
    }
}

/// Is a text one of the values, in any case?
const fn is_listed(values: &[PicklistValue], text: &[u8]) -> bool {
    let mut n = 0;
    while n < values.len() {
        if values[n].value.as_bytes().eq_ignore_ascii_case(text) {
            return true;
        }
        n += 1;
    }
    false
}

/// The text before the first separator, without blanks around it, and the text behind the
/// separator; `None` if the text is empty.
const fn split_first_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let mut n = 0;
    while n < text.len() && text[n] != SEPARATOR as u8 {
        n += 1;
    }
    let (one, rest) = text.split_at(n);
    let after = match rest {
        [_, after @ ..] => after,
        [] => rest,
    };
    Some((one.trim_ascii(), after))
}

/// Refuses a default of an int field with more than nine digits. Fields of other types may have it.
///
/// # Panics
/// If it has more; the panic is a compile error where generated code calls this in a constant.
#[track_caller]
pub const fn assert_int(field_type: FieldType, default: i64) {
    if matches!(field_type, FieldType::Int) {
        assert!(
            default.unsigned_abs() <= 999_999_999,
            "an int has nine digits at most; make the type an `i64`, or the default smaller"
        );
    }
}

/// Refuses a default of a date, date-time or time field that is no day or no time of day. Fields of
/// other types may have it.
///
/// Zones and fractions of a second are left to the store.
///
/// # Panics
/// If it is none; the panic is a compile error where generated code calls this in a constant.
#[track_caller]
pub const fn assert_when(field_type: FieldType, default: &str) {
    let text = default.as_bytes();
    match field_type {
        FieldType::Date => assert!(
            text.len() == DAY && is_day(text),
            "the default is no day that there is; write one in the form `2026-03-01`"
        ),
        FieldType::DateTime => assert!(
            is_day(text)
                && matches!(text, [_, _, _, _, _, _, _, _, _, _, b'T', clock @ ..] if is_time(clock)),
            "the default is no date and time that there are; write them in the form \
             `2026-03-01T08:00:00Z`"
        ),
        FieldType::Time => assert!(
            is_time(text),
            "the default is no time of day that there is; write one in the form `08:00:00`"
        ),
        _ => {}
    }
}

/// The length of a day, `YYYY-MM-DD`.
const DAY: usize = 10;

/// Does the text begin with a day, in the form `YYYY-MM-DD`?
const fn is_day(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..] = text else { return false };
    let (Some(century), Some(of_century)) = (number(*y1, *y2), number(*y3, *y4)) else {
        return false;
    };
    let (Some(month), Some(day)) = (number(*m1, *m2), number(*d1, *d2)) else { return false };
    let is_leap = of_century.is_multiple_of(4) && (of_century != 0 || century.is_multiple_of(4));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    day >= 1 && day <= last
}

/// Does the text begin with a time of day, in the form `hh:mm:ss`?
const fn is_time(text: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, b':', s1, s2, ..] = text else { return false };
    let (Some(hour), Some(minute), Some(second)) =
        (number(*h1, *h2), number(*m1, *m2), number(*s1, *s2))
    else {
        return false;
    };
    hour < 24 && minute < 60 && second < 60
}

/// The number that two digits make.
const fn number(tens: u8, ones: u8) -> Option<u8> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Some((tens - b'0') * 10 + (ones - b'0'))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{is_day, is_time};

    #[test]
    fn the_days_are_those_of_the_calendar() {
        for year in [1900, 2000, 2023, 2024, 2100] {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let text = format!("{year:04}-{month:02}-{day:02}");
                let is_there = NaiveDate::from_ymd_opt(year, month, day).is_some();
                assert_eq!(is_day(text.as_bytes()), is_there, "{text}");
            }
        }
        for text in ["", "2026-3-01", "2026/03/01", "26-03-01", "2026-03", "2O26-03-01"] {
            assert!(!is_day(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn times_have_two_digits_each_and_no_leap_second() {
        for text in ["00:00:00", "23:59:59", "08:15:00.000Z"] {
            assert!(is_time(text.as_bytes()), "{text}");
        }
        for text in ["", "8:15:00", "24:00:00", "08:60:00", "08:15:60", "08:15", "08-15-00"] {
            assert!(!is_time(text.as_bytes()), "{text}");
        }
    }
}
