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

impl DateUnit {
    /// All units.
    pub const ALL: [Self; 7] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::FiscalQuarter,
        Self::FiscalYear,
    ];

    /// The word in a literal, of one of them.
    fn word(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
            Self::Quarter => "QUARTER",
            Self::Year => "YEAR",
            Self::FiscalQuarter => "FISCAL_QUARTER",
            Self::FiscalYear => "FISCAL_YEAR",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word().eq_ignore_ascii_case(word))
    }

    /// The unit of a word in the plural.
    fn from_plural(words: &str) -> Option<Self> {
        Self::from_word(strip_suffix(words, "S")?)
    }
}

impl DateLiteral {
    /// The literal that a word begins or is, in any case. One that takes a number comes without it.
    pub fn from_word(word: &str) -> Option<Self> {
        let one = |word| DateUnit::from_word(word).filter(|&unit| unit != DateUnit::Day);
        if let Some(rest) = strip_prefix(word, "LAST_") {
            if rest.eq_ignore_ascii_case("90_DAYS") {
                return Some(Self::Last90Days);
            }
            return match strip_prefix(rest, "N_") {
                Some(units) => Some(Self::LastN(DateUnit::from_plural(units)?, None)),
                None => one(rest).map(Self::Last),
            };
        }
        if let Some(rest) = strip_prefix(word, "NEXT_") {
            if rest.eq_ignore_ascii_case("90_DAYS") {
                return Some(Self::Next90Days);
            }
            return match strip_prefix(rest, "N_") {
                Some(units) => Some(Self::NextN(DateUnit::from_plural(units)?, None)),
                None => one(rest).map(Self::Next),
            };
        }
        if let Some(rest) = strip_prefix(word, "THIS_") {
            return one(rest).map(Self::This);
        }
        if let Some(rest) = strip_prefix(word, "N_") {
            let units = strip_suffix(rest, "_AGO")?;
            return Some(Self::NAgo(DateUnit::from_plural(units)?, None));
        }
        let day = [
            ("TODAY", Self::This(DateUnit::Day)),
            ("YESTERDAY", Self::Last(DateUnit::Day)),
            ("TOMORROW", Self::Next(DateUnit::Day)),
        ];
        day.into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, literal)| literal)
    }

    /// Does it take a number behind a colon?
    pub fn takes_number(self) -> bool {
        matches!(self, Self::LastN(..) | Self::NextN(..) | Self::NAgo(..))
    }

    /// The literal with this number, if it takes one; else itself.
    #[must_use]
    pub fn with_number(self, n: u32) -> Self {
        match self {
            Self::LastN(unit, _) => Self::LastN(unit, Some(n)),
            Self::NextN(unit, _) => Self::NextN(unit, Some(n)),
            Self::NAgo(unit, _) => Self::NAgo(unit, Some(n)),
            without => without,
        }
    }

    /// All literals; those that take a number come without it.
    pub fn all() -> impl Iterator<Item = Self> {
        let numbered =
            |unit| [Self::LastN(unit, None), Self::NextN(unit, None), Self::NAgo(unit, None)];
        let plain = |unit| [Self::Last(unit), Self::This(unit), Self::Next(unit)];
        (DateUnit::ALL.into_iter().flat_map(plain))
            .chain([Self::Last90Days, Self::Next90Days])
            .chain(DateUnit::ALL.into_iter().flat_map(numbered))
    }
}

impl fmt::Display for DateLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = match *self {
            Self::Last(DateUnit::Day) => return f.write_str("YESTERDAY"),
            Self::This(DateUnit::Day) => return f.write_str("TODAY"),
            Self::Next(DateUnit::Day) => return f.write_str("TOMORROW"),
            Self::Last(unit) => return write!(f, "LAST_{}", unit.word()),
            Self::This(unit) => return write!(f, "THIS_{}", unit.word()),
            Self::Next(unit) => return write!(f, "NEXT_{}", unit.word()),
            Self::Last90Days => return f.write_str("LAST_90_DAYS"),
            Self::Next90Days => return f.write_str("NEXT_90_DAYS"),
            Self::LastN(unit, n) => {
                write!(f, "LAST_N_{}S", unit.word())?;
                n
            }
            Self::NextN(unit, n) => {
                write!(f, "NEXT_N_{}S", unit.word())?;
                n
            }
            Self::NAgo(unit, n) => {
                write!(f, "N_{}S_AGO", unit.word())?;
                n
            }
        };
        n.map_or(Ok(()), |n| write!(f, ":{n}"))
    }
}

/// What stands behind an ASCII prefix that is there in any case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..)).flatten()
}

/// What stands in front of an ASCII suffix that is there in any case.
fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    text.get(at..)?.eq_ignore_ascii_case(suffix).then(|| text.get(..at)).flatten()
}
