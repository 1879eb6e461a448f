//! Rounds: every measure on both sides in turn, again and again, so that whatever else the machine
//! does meets both; then medians.
//!
//! A ratio is taken within a round, between two sides that ran within milliseconds, and the median
//! is over these ratios. The quartiles beside it tell how far to trust it.

use std::fmt;

use crate::Outcome;

/// One thing, measured on both sides.
pub(crate) struct Measure<'a> {
    pub(crate) name: &'static str,
    pub(crate) shown: Shown,
    pub(crate) aim: Option<f64>,
    pub(crate) by_hand: Side<'a>,
    pub(crate) sobject: Side<'a>,
    /// Of each round: seconds by hand and with sobject.
    pub(crate) seen: Vec<(f64, f64)>,
}

/// Does the thing, and gives the seconds that one took.
pub(crate) type Side<'a> = Box<dyn FnMut() -> Outcome<f64> + 'a>;

/// How a measure is shown, and what its ratio says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The time that one took. The ratio is at most the aim.
    Time,
    /// How many were done in a second. The ratio is at least the aim.
    Rate,
}

/// Runs the rounds, after one that does not count.
pub(crate) fn run(measures: &mut [Measure<'_>], rounds: u32) -> Outcome<()> {
    for round in 0..=rounds {
        for measure in &mut *measures {
            // Who is first finds the caches as the other side of the measure before left them.
            let seen = if round % 2 == 0 {
                let by_hand = (measure.by_hand)()?;
                (by_hand, (measure.sobject)()?)
            } else {
                let sobject = (measure.sobject)()?;
                ((measure.by_hand)()?, sobject)
            };
            if round > 0 {
                measure.seen.push(seen);
            }
        }
    }
    Ok(())
}

impl Measure<'_> {
    /// A second's worth, or a second, as it is shown.
    fn shown(&self, seconds: f64) -> f64 {
        match self.shown {
            Shown::Time => seconds,
            Shown::Rate => 1.0 / seconds,
        }
    }

    fn quartiles(&self, of: impl Fn(f64, f64) -> f64) -> [f64; 3] {
        let mut values: Vec<_> = self.seen.iter().map(|(hand, ours)| of(*hand, *ours)).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().saturating_sub(1);
        [last / 4, last / 2, last - last / 4].map(|n| values.get(n).copied().unwrap_or(f64::NAN))
    }

    fn median(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        self.quartiles(of)[1]
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_hand = self.quantity(self.median(|hand, _| self.shown(hand)));
        let sobject = self.quantity(self.median(|_, ours| self.shown(ours)));
        let [low, ratio, high] = self.quartiles(|hand, ours| self.shown(ours) / self.shown(hand));
        write!(f, "{:<30}{by_hand:>10}{sobject:>10}{ratio:>7.2}", self.name)?;
        write!(f, "{:>12}", format!("{low:.2}-{high:.2}"))?;
        let Some(aim) = self.aim else { return Ok(()) };
        let (sign, met) = match self.shown {
            Shown::Time => ("<=", ratio <= aim),
            Shown::Rate => (">=", ratio >= aim),
        };
        write!(f, "{:>7}{}", format!("{sign}{aim}"), if met { " ok" } else { " no" })
    }

    /// A number with its unit, in three or four digits.
    fn quantity(&self, value: f64) -> String {
        let (value, unit) = match self.shown {
            Shown::Time if value < 1e-6 => (value * 1e9, "ns"),
            Shown::Time if value < 1e-3 => (value * 1e6, "us"),
            Shown::Time => (value * 1e3, "ms"),
            Shown::Rate if value >= 1e6 => (value / 1e6, "M/s"),
            Shown::Rate => (value / 1e3, "k/s"),
        };
        let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
        format!("{value:.decimals$} {unit}")
    }
}

/// What was seen, as a table of at most 80 columns.
pub(crate) struct Table<'m, 'a>(pub(crate) &'m [Measure<'a>]);

impl fmt::Display for Table<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ratio, quartiles) = ("ratio", "quartiles");
        writeln!(f)?;
        writeln!(
            f,
            "{:<30}{:>10}{:>10}{ratio:>7}{quartiles:>12}{:>7}",
            "", "by hand", "sobject", "aim"
        )?;
        for measure in self.0 {
            measure.write_row(f)?;
            writeln!(f)?;
        }
        write!(f, "\nratio: sobject to by hand; of times less is better, of rates more")
    }
}
