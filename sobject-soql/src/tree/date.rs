//! Days, times and moments as SOQL writes them: [`Date`], [`Time`] and [`DateTime`].
//!
//! Text may name days that do not exist, such as `2024-02-30`: they parse, and are refused when the
//! query is bound. So each type says of itself whether it exists.

mod literal;

use std::fmt;

pub use self::literal::{DateLiteral, DateUnit};

/// A day: `2024-02-29`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year, at most 9999.
    pub year: u16,
    /// The month, from 1; at most 99.
    pub month: u8,
    /// The day of the month, from 1; at most 99.
    pub day: u8,
}

impl Date {
    /// Is there such a day? SOQL knows those from 1700-01-01 to 4000-12-31.
    pub fn is_valid(self) -> bool {
        let divides = |n: u16| self.year.is_multiple_of(n);
        let leap = divides(4) && (!divides(100) || divides(400));
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => 0,
        };
        (1700..=4000).contains(&self.year) && (1..=days).contains(&self.day)
    }

    /// The day's number, counted from 1970-01-01, if there is such a day.
    pub fn days_from_epoch(self) -> Option<i32> {
        if !self.is_valid() {
            return None;
        }
        // The year begins in March here, so that the leap day is its last.
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month <= 2);
        let era = year / 400;
        let year_of_era = year % 400;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(era * 146_097 + day_of_era - 719_468)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A time of day. As a literal it is one in UTC: `08:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The hour, at most 99.
    pub hour: u8,
    /// The minute, at most 99.
    pub minute: u8,
    /// The second, at most 99.
    pub second: u8,
    /// The part of a second, below 1,000,000,000. Text may have more digits; they are cut off.
    pub nanosecond: u32,
}

impl Time {
    /// Is there such a time? A leap second is none.
    pub fn is_valid(self) -> bool {
        self.hour < 24 && self.minute < 60 && self.second < 60 && self.nanosecond < 1_000_000_000
    }

    /// The milliseconds since midnight, if there is such a time.
    pub fn milliseconds(self) -> Option<u32> {
        let seconds =
            u32::from(self.hour) * 3600 + u32::from(self.minute) * 60 + u32::from(self.second);
        self.is_valid().then(|| seconds * 1000 + self.nanosecond / 1_000_000)
    }

    /// The time without the `Z` of a literal.
    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.nanosecond == 0 {
            return Ok(());
        }
        let digits = format!("{:09}", self.nanosecond);
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)?;
        f.write_str("Z")
    }
}

/// A moment: `2024-02-29T08:00:00Z`, `2024-02-29T08:00:00.500+01:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The day, as clocks at [`offset`](Self::offset) show it.
    pub date: Date,
    /// The time, as clocks at [`offset`](Self::offset) show it.
    pub time: Time,
    /// How far those clocks are ahead of UTC.
    pub offset: UtcOffset,
}

impl DateTime {
    /// Is there such a moment?
    pub fn is_valid(self) -> bool {
        self.date.is_valid() && self.time.is_valid() && self.offset.is_valid()
    }

    /// The milliseconds since 1970-01-01T00:00:00Z, if there is such a moment. Parts of a
    /// millisecond are cut off.
    pub fn unix_milliseconds(self) -> Option<i64> {
        let days = i64::from(self.date.days_from_epoch()?);
        let time = i64::from(self.time.milliseconds()?);
        let offset = i64::from(self.offset.seconds()?);
        Some(days * 86_400_000 + time - offset * 1000)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T", self.date)?;
        self.time.write(f)?;
        write!(f, "{}", self.offset)
    }
}

/// How far a clock is ahead of UTC: `Z`, `+01:00`, `-0800`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcOffset {
    /// Is it behind instead?
    pub behind: bool,
    /// The hours, at most 99.
    pub hours: u8,
    /// The minutes, at most 99.
    pub minutes: u8,
}

impl UtcOffset {
    /// `Z`
    pub const UTC: Self = Self { behind: false, hours: 0, minutes: 0 };

    /// Is there such a clock?
    pub fn is_valid(self) -> bool {
        self.hours < 24 && self.minutes < 60
    }

    /// The seconds that it is ahead, if there is such a clock.
    pub fn seconds(self) -> Option<i32> {
        let ahead = i32::from(self.hours) * 3600 + i32::from(self.minutes) * 60;
        self.is_valid().then_some(if self.behind { -ahead } else { ahead })
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hours == 0 && self.minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if self.behind { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", self.hours, self.minutes)
    }
}
