//! Days, moments and times of day as an org writes them, digit by digit: records as JSON are full of
//! them, and a formatter that reads a pattern takes many times as long. And decimal numbers as an
//! org's messages show them.
//!
//! **Invariant:** days and times are printed here as chrono prints them by the patterns in `tests`;
//! what is not of the years 0 to 9999 is left to it.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};

/// A text of a known length.
pub(super) struct Printed<const N: usize>([u8; N]);

impl<const N: usize> Printed<N> {
    pub(super) fn as_str(&self) -> &str {
        // Every byte is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Writes a number at a place, in so many digits.
    fn put(&mut self, at: usize, n_digits: usize, number: u32) {
        let mut rest = number;
        for digit in self.0[at..at + n_digits].iter_mut().rev() {
            // What is left of a division by ten is one digit.
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
    }

    fn put_date(&mut self, date: NaiveDate, year: u32) {
        self.put(0, 4, year);
        self.put(5, 2, date.month());
        self.put(8, 2, date.day());
    }

    /// Writes `hh:mm:ss.mmm` at a place.
    fn put_time(&mut self, at: usize, time: NaiveTime) {
        // chrono counts a leap second as the nanoseconds beyond those of the second before.
        let (over, nanos) = (time.nanosecond() / 1_000_000_000, time.nanosecond() % 1_000_000_000);
        self.put(at, 2, time.hour());
        self.put(at + 3, 2, time.minute());
        self.put(at + 6, 2, time.second() + over);
        self.put(at + 9, 3, nanos / 1_000_000);
    }
}

/// The year, if it has four digits.
fn year_of(date: NaiveDate) -> Option<u32> {
    u32::try_from(date.year()).ok().filter(|year| *year < 10_000)
}

/// A day: `2026-03-01`.
pub(super) fn date(date: NaiveDate) -> Option<Printed<10>> {
    let mut text = Printed(*b"0000-00-00");
    text.put_date(date, year_of(date)?);
    Some(text)
}

/// A moment: `2026-03-01T08:00:00.000+0000`.
pub(super) fn date_time(at: DateTime<Utc>) -> Option<Printed<28>> {
    let (date, time) = (at.date_naive(), at.time());
    let mut text = Printed(*b"0000-00-00T00:00:00.000+0000");
    text.put_date(date, year_of(date)?);
    text.put_time(11, time);
    Some(text)
}

/// A time of day: `08:00:00.000Z`.
pub(super) fn time(time: NaiveTime) -> Printed<13> {
    let mut text = Printed(*b"00:00:00.000Z");
    text.put_time(0, time);
    text
}

/// A decimal number: with a point and a digit behind it, and where it is very great or very small as
/// a number below ten with an exponent, so `100.0` and `1.0E8`.
pub(super) fn double(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{value:?}");
    }
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() };
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Value;
    use super::*;

    /// The moments that chrono knows, leap seconds included.
    fn moments() -> impl Strategy<Value = DateTime<Utc>> {
        let seconds = prop_oneof![
            DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp(),
            -62_167_305_600_i64..=253_402_387_199,
            Just(-62_167_219_200),
            Just(-62_167_219_201),
            Just(253_402_300_799),
            Just(253_402_300_800),
        ];
        (seconds, 0_u32..2_000_000_000).prop_filter_map("a moment", |(seconds, nanos)| {
            // Only the last second of a minute can have a leap second behind it.
            DateTime::from_timestamp(seconds, nanos)
                .or_else(|| DateTime::from_timestamp(seconds - seconds.rem_euclid(60) + 59, nanos))
        })
    }

    #[test]
    fn decimal_numbers_print_with_a_point_and_far_ones_with_an_exponent() {
        for (value, text) in [
            (0.0, "0.0"),
            (100.0, "100.0"),
            (-2.5, "-2.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.001, "0.001"),
            (0.000_999, "9.99E-4"),
            (9_999_999.0, "9999999.0"),
            (10_000_000.0, "1.0E7"),
            (12_345_678.0, "1.2345678E7"),
            (-1e300, "-1.0E300"),
            (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(double(value), text);
            assert_eq!(Value::Double(value).to_string(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn values_of_time_print_as_by_the_patterns_of_an_org(at in moments()) {
            let (date, time) = (at.date_naive(), at.time());
            for (value, expected) in [
                (Value::DateTime(at), at.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()),
                (Value::Date(date), date.to_string()),
                (Value::Time(time), time.format("%H:%M:%S%.3fZ").to_string()),
            ] {
                prop_assert_eq!(value.to_string(), expected.as_str());
                prop_assert_eq!(value.to_json(), expected.as_str());
                prop_assert_eq!(serde_json::to_value(value).expect("a text"), expected.as_str());
            }
        }
    }
}
