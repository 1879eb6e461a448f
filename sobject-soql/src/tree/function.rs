//! [`Function`], the functions of SOQL that take one field.

use std::fmt;

/// A function that is applied to a field, or to another function of one.
///
/// [`Function::Other`] is any further name: text may call it, and what it means is refused when the
/// query is bound.
#[derive(Clone, Debug)]
pub enum Function {
    /// `COUNT(field)`: how many rows have a value. `COUNT()` is [`Select::Count`](super::Select).
    Count,
    /// `COUNT_DISTINCT(field)`: how many different values there are.
    CountDistinct,
    /// `AVG(field)`
    Avg,
    /// `SUM(field)`
    Sum,
    /// `MIN(field)`
    Min,
    /// `MAX(field)`
    Max,
    /// `GROUPING(field)`: 1 on a subtotal row of that field, else 0.
    Grouping,
    /// `toLabel(field)`: the label of a picklist's value.
    ToLabel,
    /// `FORMAT(field)`: the value as a text for people.
    Format,
    /// `convertCurrency(field)`
    ConvertCurrency,
    /// `convertTimezone(field)`: the moment in the caller's time zone, inside a date function.
    ConvertTimezone,
    /// `CALENDAR_YEAR(field)`
    CalendarYear,
    /// `CALENDAR_QUARTER(field)`
    CalendarQuarter,
    /// `CALENDAR_MONTH(field)`
    CalendarMonth,
    /// `FISCAL_YEAR(field)`
    FiscalYear,
    /// `FISCAL_QUARTER(field)`
    FiscalQuarter,
    /// `FISCAL_MONTH(field)`
    FiscalMonth,
    /// `DAY_IN_YEAR(field)`
    DayInYear,
    /// `DAY_IN_MONTH(field)`
    DayInMonth,
    /// `DAY_IN_WEEK(field)`
    DayInWeek,
    /// `DAY_ONLY(field)`
    DayOnly,
    /// `HOUR_IN_DAY(field)`
    HourInDay,
    /// `WEEK_IN_YEAR(field)`
    WeekInYear,
    /// `WEEK_IN_MONTH(field)`
    WeekInMonth,
    /// A name that is none of these, as it was written.
    Other(Box<str>),
}

/// All functions with their names, as the reference writes them.
const NAMES: [(&str, Function); 24] = [
    ("COUNT", Function::Count),
    ("COUNT_DISTINCT", Function::CountDistinct),
    ("AVG", Function::Avg),
    ("SUM", Function::Sum),
    ("MIN", Function::Min),
    ("MAX", Function::Max),
    ("GROUPING", Function::Grouping),
    ("toLabel", Function::ToLabel),
    ("FORMAT", Function::Format),
    ("convertCurrency", Function::ConvertCurrency),
    ("convertTimezone", Function::ConvertTimezone),
    ("CALENDAR_YEAR", Function::CalendarYear),
    ("CALENDAR_QUARTER", Function::CalendarQuarter),
    ("CALENDAR_MONTH", Function::CalendarMonth),
    ("FISCAL_YEAR", Function::FiscalYear),
    ("FISCAL_QUARTER", Function::FiscalQuarter),
    ("FISCAL_MONTH", Function::FiscalMonth),
    ("DAY_IN_YEAR", Function::DayInYear),
    ("DAY_IN_MONTH", Function::DayInMonth),
    ("DAY_IN_WEEK", Function::DayInWeek),
    ("DAY_ONLY", Function::DayOnly),
    ("HOUR_IN_DAY", Function::HourInDay),
    ("WEEK_IN_YEAR", Function::WeekInYear),
    ("WEEK_IN_MONTH", Function::WeekInMonth),
];

impl Function {
    /// The function of this name, in any case.
    pub fn from_name(name: &str) -> Self {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or_else(|| Self::Other(name.into()), |(_, function)| function.clone())
    }

    /// The name, as the reference writes it.
    pub fn name(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        NAMES.iter().find(|(_, function)| function == self).map_or("", |(name, _)| name)
    }

    /// Does it make one value out of a group of rows? `GROUPING` does not: it tells rows apart.
    pub fn is_aggregate(&self) -> bool {
        matches!(
            self,
            Self::Count | Self::CountDistinct | Self::Avg | Self::Sum | Self::Min | Self::Max
        )
    }

    /// Does it take a part of a date or a date-time?
    pub fn is_date_function(&self) -> bool {
        matches!(
            self,
            Self::CalendarYear
                | Self::CalendarQuarter
                | Self::CalendarMonth
                | Self::FiscalYear
                | Self::FiscalQuarter
                | Self::FiscalMonth
                | Self::DayInYear
                | Self::DayInMonth
                | Self::DayInWeek
                | Self::DayOnly
                | Self::HourInDay
                | Self::WeekInYear
                | Self::WeekInMonth
        )
    }

    /// The names of all functions, as the reference writes them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

/// Names of functions are equal in any case, like all names.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Other(name), Self::Other(other)) => name.eq_ignore_ascii_case(other),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Eq for Function {}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
