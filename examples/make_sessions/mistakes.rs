//! The wrong rows: mistakes for every reason by which a row can be refused, scattered over the
//! file.

use chrono::{DateTime, Utc};

use crate::{
    random::Random,
    row::{Column, Row},
};

/// Makes one row wrong.
type Mistake = fn(&mut Row);

/// Each mistake with the number of rows that have it, under the status code that refuses it.
const MISTAKES: &[(usize, Mistake)] = &[
    // INVALID_FIELD_FOR_INSERT_UPDATE: the store numbers the sessions itself.
    (5, |row| row[Column::Name] = "00001234".into()),
    // REQUIRED_FIELD_MISSING: agents who were still logged in when the file was made, or cells that
    // were lost.
    (4, |row| row[Column::Logout].clear()),
    (2, |row| row[Column::Login].clear()),
    (2, |row| row[Column::Agent].clear()),
    (1, |row| {
        row[Column::Login].clear();
        row[Column::Logout].clear();
    }),
    // NUMBER_OUTSIDE_VALID_RANGE: microseconds in place of seconds, and a counter that overflowed.
    (3, |row| row[Column::Online].push_str("000000")),
    (1, |row| row[Column::Idle] = i32::MIN.to_string()),
    // JSON_PARSER_ERROR: what spreadsheets make of numbers and times, and a day that no month has.
    (3, |row| row[Column::Assigned] = "n/a".into()),
    (2, |row| row[Column::InChats].push_str(".5")),
    (1, |row| row[Column::Away] = as_clock(&row[Column::Away])),
    (3, |row| row[Column::Login] = as_spreadsheet_time(&row[Column::Login])),
    (1, |row| row[Column::Logout].replace_range(5..10, "02-30")),
    // MALFORMED_ID: ids that were cut, and ids of 18 characters in which the case of a letter was
    // lost, which their last three characters show.
    (2, |row| row[Column::Owner] = "005xx000001Sv".into()),
    (2, |row| row[Column::Owner] = "005xx000001svgHAAS".into()),
    // FIELD_INTEGRITY_EXCEPTION: an account cannot own a session.
    (2, |row| row[Column::Owner] = "001M000000qfPySIAU".into()),
    // INVALID_CROSS_REFERENCE_KEY: a user of another org.
    (2, |row| row[Column::Owner] = "005xx000001SvgHAAS".into()),
    // INVALID_FIELD: nobody has this username.
    (3, |row| row[Column::Agent] = "temp.agent7@desk.example".into()),
    // Two mistakes in one row: a wrong type is reported before a read-only field,
    (1, |row| {
        row[Column::Name] = "00004711".into();
        row[Column::Engaged] = "twelve".into();
    }),
    // and a read-only field before a missing one.
    (1, |row| {
        row[Column::Name] = "00004712".into();
        row[Column::Logout].clear();
    }),
];

/// Seconds as `h:mm:ss`.
fn as_clock(seconds: &str) -> String {
    let seconds: i64 = seconds.parse().unwrap_or_default();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A time as a spreadsheet in central Europe saves it.
fn as_spreadsheet_time(time: &str) -> String {
    time.parse::<DateTime<Utc>>()
        .map_or_else(|_| time.to_owned(), |at| at.format("%d.%m.%Y %H:%M").to_string())
}

/// Makes some of the rows wrong, and returns how many.
pub(crate) fn scatter(rows: &mut [Row], random: &mut Random) -> usize {
    let mut free: Vec<&mut Row> = rows.iter_mut().collect();
    let mut n_wrong = 0;
    for &(n_rows, make_wrong) in MISTAKES {
        for _ in 0..n_rows.min(free.len()) {
            let last = i64::try_from(free.len()).unwrap_or(i64::MAX) - 1;
            let place = usize::try_from(random.within(0..=last)).unwrap_or_default();
            // The row is taken out of the list, so that it gets no second mistake.
            make_wrong(free.swap_remove(place));
            n_wrong += 1;
        }
    }
    n_wrong
}
