//! [`DateLiteral`], the words that stand for a range of days: `TODAY`, `LAST_N_DAYS:30`.

use std::fmt;

/// A span of days that is counted from today.
///
/// What days these are is the reader's affair: it depends on the caller's time zone, on the day that
/// weeks begin with, and on the month that fiscal years begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateLiteral {
    /// `YESTERDAY`, `LAST_WEEK`, `LAST_FISCAL_YEAR`: the whole unit before the present one.
    Last(DateUnit),
    /// `TODAY`, `THIS_WEEK`, `THIS_FISCAL_YEAR`: the present unit.
    This(DateUnit),
    /// `TOMORROW`, `NEXT_WEEK`, `NEXT_FISCAL_YEAR`: the whole unit after the present one.
    Next(DateUnit),
    /// `LAST_90_DAYS`
    Last90Days,
    /// `NEXT_90_DAYS`
    Next90Days,
    /// `LAST_N_DAYS:n` and so on. Without `:n` the text parses and means nothing.
    LastN(DateUnit, Option<u32>),
    /// `NEXT_N_DAYS:n` and so on.
    NextN(DateUnit, Option<u32>),
    /// `N_DAYS_AGO:n` and so on.
    NAgo(DateUnit, Option<u32>),
}

/// The unit of a [`DateLiteral`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateUnit {
    /// A day.
    Day,
    /// A week, from the day that weeks begin with.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// A quarter of a fiscal year.
    FiscalQuarter,
    /// A fiscal year.
    FiscalYear,
}

/// All literals with their words, as the reference writes them. Those that take a number come without
/// it.
const WORDS: [(&str, DateLiteral); 44] = [
    ("YESTERDAY", DateLiteral::Last(DateUnit::Day)),
    ("TODAY", DateLiteral::This(DateUnit::Day)),
    ("TOMORROW", DateLiteral::Next(DateUnit::Day)),
    ("LAST_WEEK", DateLiteral::Last(DateUnit::Week)),
    ("THIS_WEEK", DateLiteral::This(DateUnit::Week)),
    ("NEXT_WEEK", DateLiteral::Next(DateUnit::Week)),
    ("LAST_MONTH", DateLiteral::Last(DateUnit::Month)),
    ("THIS_MONTH", DateLiteral::This(DateUnit::Month)),
    ("NEXT_MONTH", DateLiteral::Next(DateUnit::Month)),
    ("LAST_QUARTER", DateLiteral::Last(DateUnit::Quarter)),
    ("THIS_QUARTER", DateLiteral::This(DateUnit::Quarter)),
    ("NEXT_QUARTER", DateLiteral::Next(DateUnit::Quarter)),
    ("LAST_YEAR", DateLiteral::Last(DateUnit::Year)),
    ("THIS_YEAR", DateLiteral::This(DateUnit::Year)),
    ("NEXT_YEAR", DateLiteral::Next(DateUnit::Year)),
    ("LAST_FISCAL_QUARTER", DateLiteral::Last(DateUnit::FiscalQuarter)),
    ("THIS_FISCAL_QUARTER", DateLiteral::This(DateUnit::FiscalQuarter)),
    ("NEXT_FISCAL_QUARTER", DateLiteral::Next(DateUnit::FiscalQuarter)),
    ("LAST_FISCAL_YEAR", DateLiteral::Last(DateUnit::FiscalYear)),
    ("THIS_FISCAL_YEAR", DateLiteral::This(DateUnit::FiscalYear)),
    ("NEXT_FISCAL_YEAR", DateLiteral::Next(DateUnit::FiscalYear)),
    ("LAST_90_DAYS", DateLiteral::Last90Days),
    ("NEXT_90_DAYS", DateLiteral::Next90Days),
    ("LAST_N_DAYS", DateLiteral::LastN(DateUnit::Day, None)),
    ("NEXT_N_DAYS", DateLiteral::NextN(DateUnit::Day, None)),
    ("N_DAYS_AGO", DateLiteral::NAgo(DateUnit::Day, None)),
    ("LAST_N_WEEKS", DateLiteral::LastN(DateUnit::Week, None)),
    ("NEXT_N_WEEKS", DateLiteral::NextN(DateUnit::Week, None)),
    ("N_WEEKS_AGO", DateLiteral::NAgo(DateUnit::Week, None)),
    ("LAST_N_MONTHS", DateLiteral::LastN(DateUnit::Month, None)),
    ("NEXT_N_MONTHS", DateLiteral::NextN(DateUnit::Month, None)),
    ("N_MONTHS_AGO", DateLiteral::NAgo(DateUnit::Month, None)),
    ("LAST_N_QUARTERS", DateLiteral::LastN(DateUnit::Quarter, None)),
    ("NEXT_N_QUARTERS", DateLiteral::NextN(DateUnit::Quarter, None)),
    ("N_QUARTERS_AGO", DateLiteral::NAgo(DateUnit::Quarter, None)),
    ("LAST_N_YEARS", DateLiteral::LastN(DateUnit::Year, None)),
    ("NEXT_N_YEARS", DateLiteral::NextN(DateUnit::Year, None)),
    ("N_YEARS_AGO", DateLiteral::NAgo(DateUnit::Year, None)),
    ("LAST_N_FISCAL_QUARTERS", DateLiteral::LastN(DateUnit::FiscalQuarter, None)),
    ("NEXT_N_FISCAL_QUARTERS", DateLiteral::NextN(DateUnit::FiscalQuarter, None)),
    ("N_FISCAL_QUARTERS_AGO", DateLiteral::NAgo(DateUnit::FiscalQuarter, None)),
    ("LAST_N_FISCAL_YEARS", DateLiteral::LastN(DateUnit::FiscalYear, None)),
    ("NEXT_N_FISCAL_YEARS", DateLiteral::NextN(DateUnit::FiscalYear, None)),
    ("N_FISCAL_YEARS_AGO", DateLiteral::NAgo(DateUnit::FiscalYear, None)),
];

impl DateLiteral {
    /// The literal that a word begins or is, in any case. One that takes a number comes without it.
    pub fn from_word(word: &str) -> Option<Self> {
        let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map(|(_, literal)| *literal)
    }

    /// The word, without the number.
    pub fn word(self) -> &'static str {
        let without = self.with(None);
        WORDS.iter().find(|(_, literal)| *literal == without).map_or("", |(word, _)| word)
    }

    /// Does it take a number behind a colon?
    pub fn takes_number(self) -> bool {
        matches!(self, Self::LastN(..) | Self::NextN(..) | Self::NAgo(..))
    }

    /// The number, if it takes one and has one.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::LastN(_, n) | Self::NextN(_, n) | Self::NAgo(_, n) => n,
            _ => None,
        }
    }

    /// The literal with this number, if it takes one; else itself.
    #[must_use]
    pub fn with_number(self, n: u32) -> Self {
        self.with(Some(n))
    }

    fn with(self, n: Option<u32>) -> Self {
        match self {
            Self::LastN(unit, _) => Self::LastN(unit, n),
            Self::NextN(unit, _) => Self::NextN(unit, n),
            Self::NAgo(unit, _) => Self::NAgo(unit, n),
            without => without,
        }
    }

    /// All literals; those that take a number come without it.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(_, literal)| *literal)
    }
}

impl fmt::Display for DateLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        self.number().map_or(Ok(()), |n| write!(f, ":{n}"))
    }
}
