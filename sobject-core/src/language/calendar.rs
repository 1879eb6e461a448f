//! [`Calendar`]: which days and moments the date literals and date functions of SOQL mean.
//!
//! Days begin at midnight in the time zone of the caller. A date literal is a range of whole days,
//! whatever it is compared with. Sources: the platform's pages on date literals and date functions;
//! that `LAST_N_YEARS:n` means n years, and that the last day of `LAST_N_DAYS:n` is a whole one, are
//! choices of ours.
//!
//! **Invariant:** every range has its first day in it and its end behind its last, and days out of
//! the range of dates are the first or last that there are, so that nothing here can fail.

use std::ops::Range;

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone,
    Timelike, Utc, Weekday,
};
use chrono_tz::Tz;
use sobject_soql::{DateLiteral, DateUnit, Function};

/// How the people of an org count time, where they differ from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Customs {
    /// The zone of callers whose user has none.
    pub(crate) zone: Tz,
    /// The day that weeks begin with.
    pub(crate) week_start: Weekday,
    /// The month that fiscal years begin with, from 1.
    pub(crate) fiscal_start: u32,
    /// Has a fiscal year the number of the calendar year that it begins in? Else of the one that it
    /// ends in.
    pub(crate) named_by_start: bool,
}

impl Default for Customs {
    fn default() -> Self {
        Self { zone: Tz::UTC, week_start: Weekday::Sun, fiscal_start: 1, named_by_start: true }
    }
}

/// The calendar of one caller at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    customs: Customs,
    zone: Tz,
    today: NaiveDate,
}

impl Calendar {
    /// The calendar at a moment of a caller in this zone.
    pub(crate) fn new(customs: Customs, zone: Tz, now: DateTime<Utc>) -> Self {
        Self { customs, zone, today: now.with_timezone(&zone).date_naive() }
    }

    /// The days of a literal; `None` for one that lacks its number.
    pub(crate) fn days(&self, literal: DateLiteral) -> Option<Range<NaiveDate>> {
        let units = |unit, from: i64, to: i64| {
            let start = self.start(unit, self.today);
            self.add(unit, start, from)..self.add(unit, start, to)
        };
        let (day, count) = (DateUnit::Day, |n: Option<u32>| n.map(i64::from));
        Some(match literal {
            DateLiteral::Last(unit) => units(unit, -1, 0),
            DateLiteral::This(unit) => units(unit, 0, 1),
            DateLiteral::Next(unit) => units(unit, 1, 2),
            DateLiteral::Last90Days => units(day, -90, 1),
            DateLiteral::Next90Days => units(day, 1, 91),
            // Today belongs to the last n days, but the present unit to no other count of units.
            DateLiteral::LastN(DateUnit::Day, n) => units(day, -count(n)?, 1),
            DateLiteral::LastN(unit, n) => units(unit, -count(n)?, 0),
            DateLiteral::NextN(unit, n) => units(unit, 1, 1 + count(n)?),
            DateLiteral::NAgo(unit, n) => units(unit, -count(n)?, 1 - count(n)?),
        })
    }

    /// The first day of the unit that a day is in.
    fn start(&self, unit: DateUnit, day: NaiveDate) -> NaiveDate {
        let Customs { week_start, fiscal_start, .. } = self.customs;
        let back = |n_months| {
            let first = day.with_day(1).unwrap_or(day);
            first.checked_sub_months(Months::new(n_months)).unwrap_or(NaiveDate::MIN)
        };
        let month = day.month0();
        let fiscal_month = (month + 12 - (fiscal_start - 1)) % 12;
        match unit {
            DateUnit::Day => day,
            DateUnit::Week => {
                let behind = day.weekday().days_since(week_start);
                day.checked_sub_days(Days::new(behind.into())).unwrap_or(NaiveDate::MIN)
            }
            DateUnit::Month => back(0),
            DateUnit::Quarter => back(month % 3),
            DateUnit::Year => back(month),
            DateUnit::FiscalQuarter => back(fiscal_month % 3),
            DateUnit::FiscalYear => back(fiscal_month),
        }
    }

    /// The first day so many units behind a first day.
    fn add(&self, unit: DateUnit, start: NaiveDate, n: i64) -> NaiveDate {
        let moved = match unit {
            DateUnit::Day => add_days(start, n),
            DateUnit::Week => add_days(start, n.saturating_mul(7)),
            DateUnit::Month => add_months(start, n),
            DateUnit::Quarter | DateUnit::FiscalQuarter => add_months(start, n.saturating_mul(3)),
            DateUnit::Year | DateUnit::FiscalYear => add_months(start, n.saturating_mul(12)),
        };
        moved.unwrap_or(if n < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }

    /// The milliseconds since 1970 at which a day begins where the caller is.
    pub(crate) fn begin(&self, day: NaiveDate) -> i64 {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        // Where clocks are put forward at midnight, the day begins with the first moment that there
        // is. No zone leaves out more than a day.
        let hours = (0..=24).filter_map(|n| midnight.checked_add_signed(TimeDelta::hours(n)));
        let first = hours.map(|at| self.zone.from_local_datetime(&at)).find_map(earliest);
        let exact = first.map(|at| back_to_gap(self.zone, at, midnight));
        exact.map_or_else(|| midnight.and_utc().timestamp_millis(), |at| at.timestamp_millis())
    }

    /// What a date function makes of a moment, in UTC or where the caller is.
    pub(crate) fn part_of_moment(
        &self,
        function: &Function,
        moment: DateTime<Utc>,
        in_zone: bool,
    ) -> Part {
        let local = if in_zone { self.local(moment) } else { moment.naive_utc() };
        match function {
            Function::HourInDay => Part::Number(local.hour().into()),
            _ => self.part_of_day(function, local.date()),
        }
    }

    /// What clocks show where the caller is.
    pub(crate) fn local(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        moment.with_timezone(&self.zone).naive_local()
    }

    /// What a date function makes of a day.
    pub(crate) fn part_of_day(&self, function: &Function, day: NaiveDate) -> Part {
        let Customs { fiscal_start, named_by_start, .. } = self.customs;
        let fiscal_month = (day.month0() + 12 - (fiscal_start - 1)) % 12;
        Part::Number(match function {
            Function::CalendarYear => day.year().into(),
            Function::CalendarQuarter => (day.month0() / 3 + 1).into(),
            Function::CalendarMonth => day.month().into(),
            Function::FiscalYear => {
                let begun = i64::from(day.year()) - i64::from(day.month() < fiscal_start);
                begun + i64::from(!named_by_start && fiscal_start > 1)
            }
            Function::FiscalQuarter => (fiscal_month / 3 + 1).into(),
            Function::FiscalMonth => (fiscal_month + 1).into(),
            Function::DayInYear => day.ordinal().into(),
            Function::DayInMonth => day.day().into(),
            Function::DayInWeek => day.weekday().number_from_sunday().into(),
            Function::WeekInYear => (day.ordinal0() / 7 + 1).into(),
            Function::WeekInMonth => (day.day0() / 7 + 1).into(),
            // What else there is makes no number of a day.
            _ => return Part::Day(day),
        })
    }
}

/// What a date function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Number(i64),
    Day(NaiveDate),
}

fn add_days(day: NaiveDate, n: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::try_days(n)?)
}

fn add_months(day: NaiveDate, n: i64) -> Option<NaiveDate> {
    let months = Months::new(u32::try_from(n.unsigned_abs()).ok()?);
    if n < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
}

fn earliest(local: LocalResult<DateTime<Tz>>) -> Option<DateTime<Tz>> {
    local.earliest()
}

/// The first moment of the day that begins with this midnight, from one in it that is at most an
/// hour behind it by the clock: the midnight itself, or where there is none, the moment at which
/// clocks were put forward.
fn back_to_gap(zone: Tz, at: DateTime<Tz>, midnight: NaiveDateTime) -> DateTime<Tz> {
    if at.naive_local() == midnight {
        return at;
    }
    // The gap is less than an hour of clock time behind: it is found by halves, to the second.
    let is_in_day = |moment: DateTime<Utc>| moment.with_timezone(&zone).naive_local() >= midnight;
    let (mut before, mut within) = (at.to_utc() - TimeDelta::hours(25), at.to_utc());
    while within - before > TimeDelta::seconds(1) {
        let middle = before + (within - before) / 2;
        if is_in_day(middle) { within = middle } else { before = middle }
    }
    let second = within.with_nanosecond(0).unwrap_or(within);
    if is_in_day(second) { second.with_timezone(&zone) } else { within.with_timezone(&zone) }
}
