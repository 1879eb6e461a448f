//! [`Template`]: a query that was bound, and is bound again with other values of its conditions.
//!
//! Whoever asks the same again and again asks for other values: those of variables, or texts in quotes
//! that a program has written into the query. All but these values is bound once. What cannot be kept
//! has no template: days that depend on when it is asked, child queries and semi-joins, and ids that
//! the store may meet later.
//!
//! **Invariant:** a template gives the level that binding the query anew would give, or refuses as that
//! would, though not at the same place of the text.

use std::{borrow::Cow, slice};

use sobject_soql::{
    Comparison, Expr as Written, Literal, Operand as WrittenOperand, Query, Set, Spanned,
    Test as WrittenTest,
};

use super::{Binder, Scope, filter::Subject};
use crate::{
    definition::FieldIdx,
    id::RecordId,
    language::{
        bound::{Cond, Constant, Expr, Fields, Level, Operand, Shape, Test},
        refusal::Bound,
    },
};

/// A query that was bound, without the values of some of its conditions.
#[derive(Debug)]
pub(crate) struct Template {
    /// The level without its filter.
    level: Level,
    conds: Vec<Part>,
    /// Is the filter one condition, and not several that must all hold?
    is_one: bool,
    /// Is that condition one on the id of the record, which alone says what rows there are?
    is_by_id: bool,
}

/// One of the conditions that must all hold.
#[derive(Debug)]
enum Part {
    /// It is the same whatever the values are.
    Fixed(Cond),
    /// It depends on values that are given.
    Open(Subject, Comparison),
}

impl Template {
    /// The template of a query that was bound to a level just now, if it can have one. If there are
    /// texts in quotes whose values are given as well, `n_texts` says how many.
    pub(crate) fn new(
        binder: &Binder<'_>,
        query: &Query,
        level: &Level,
        n_texts: Option<usize>,
    ) -> Bound<Option<Self>> {
        let from = &query.from;
        if binder.asks_for_days.get()
            || level.n_children() > 0
            || !from.using.is_empty()
            || !query.also_from.is_empty()
            // It is refused where nothing is noted, and else not.
            || query.tracking.is_some()
        {
            return Ok(None);
        }
        let (written, conds) = match (&query.filter, &level.filter) {
            (None, None) => (&[][..], &[][..]),
            (Some(Written::And(written)), Some(Cond::All(conds)))
                if written.len() == conds.len() =>
            {
                (written.as_slice(), conds.as_slice())
            }
            (Some(written), Some(cond)) => (slice::from_ref(written), slice::from_ref(cond)),
            _ => return Ok(None),
        };
        let mut scope = Scope::new(binder.object(&from.path)?, from.alias.as_ref());
        let (mut n_open_binds, mut n_open_texts) = (0, 0);
        let mut parts = Vec::with_capacity(conds.len());
        for (written, cond) in written.iter().zip(conds) {
            let open = match written {
                Written::Comparison(comparison) => Some(&**comparison),
                _ => None,
            };
            let n_values = open.map_or((0, 0), |open| values_of(&open.test.value));
            let n_values = if n_texts.is_some() { n_values } else { (n_values.0, 0) };
            if let (Some(comparison), Some(left), true) = (open, left_of(cond), n_values != (0, 0))
            {
                let subject = binder.subject(&mut scope, &comparison.field)?;
                // In this scope, parents may have other places than in that of the level.
                let subject = Subject { operand: left.clone(), ..subject };
                parts.push(Part::Open(subject, without_texts(comparison, n_texts.is_some())));
                n_open_binds += n_values.0;
                n_open_texts += n_values.1;
            } else if is_fixed(cond) {
                parts.push(Part::Fixed(cond.clone()));
            } else {
                return Ok(None);
            }
        }
        // Values elsewhere have no place that they could be given at.
        if n_open_binds != query.binds().len() || n_texts.is_some_and(|n| n != n_open_texts) {
            return Ok(None);
        }
        let is_one = !matches!(query.filter, Some(Written::And(_)));
        let level = Level { filter: None, ..level.clone() };
        let is_by_id = match parts.as_slice() {
            [Part::Open(Subject { operand: Operand::Row(expr), .. }, _)] => {
                let is_id =
                    matches!(expr, Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), .. });
                let is_cut = level.limit == Some(0) || level.offset > 0;
                let has_rows = matches!(level.shape, Shape::Records(_));
                is_one && is_id && has_rows && !is_cut && !level.all_rows
            }
            _ => false,
        };
        Ok(Some(Self { level, conds: parts, is_one, is_by_id }))
    }

    /// The level without its condition.
    pub(crate) fn unfiltered(&self) -> &Level {
        &self.level
    }

    /// The id of the record that is the only one which may be a row, with the values that the binder has
    /// for variables; `None` if that is not how the query asks.
    pub(crate) fn one_id(&self, binder: &Binder<'_>) -> Bound<Option<RecordId>> {
        let ([Part::Open(subject, comparison)], true) = (self.conds.as_slice(), self.is_by_id)
        else {
            return Ok(None);
        };
        Ok(match binder.test(subject, comparison)? {
            Cond::Test { test: Test::Equal(Constant::Id(id)), .. } => Some(id),
            _ => None,
        })
    }

    /// The level with these texts, and the values that the binder has for variables.
    pub(crate) fn level(&self, binder: &Binder<'_>, texts: &[&str]) -> Bound<Level> {
        let mut texts = texts.iter().copied();
        let mut cond = |part: &Part| match part {
            Part::Fixed(cond) => Ok(cond.clone()),
            Part::Open(subject, comparison) => {
                binder.test(subject, &with_texts(comparison, &mut texts))
            }
        };
        let filter = match self.conds.as_slice() {
            [] => None,
            [one] if self.is_one => Some(cond(one)?),
            several => Some(Cond::All(several.iter().map(cond).collect::<Bound<_>>()?)),
        };
        Ok(Level { filter, ..self.level.clone() })
    }
}

/// The left side of a condition that is one test.
fn left_of(cond: &Cond) -> Option<&Operand> {
    match cond {
        Cond::Test { left, .. } => Some(left),
        Cond::Not(of) => left_of(of),
        Cond::All(_) | Cond::Any(_) => None,
    }
}

/// How many variables and texts in quotes a test compares with.
fn values_of(test: &WrittenTest) -> (usize, usize) {
    let of = |operand: &Spanned<WrittenOperand>| match &operand.value {
        WrittenOperand::Bind(_) => (1, 0),
        WrittenOperand::Literal(Literal::Text(_)) => (0, 1),
        WrittenOperand::Literal(_) => (0, 0),
    };
    let of_list = |list: &[Spanned<WrittenOperand>]| {
        let all = list.iter().map(of);
        all.fold((0, 0), |(binds, texts), (bind, text)| (binds + bind, texts + text))
    };
    match test {
        WrittenTest::Compare(_, operand) => of(operand),
        WrittenTest::Like(operand) => (of(operand).0, 0),
        WrittenTest::In(Set::Bind(_)) | WrittenTest::NotIn(Set::Bind(_)) => (1, 0),
        WrittenTest::In(Set::List(list)) | WrittenTest::NotIn(Set::List(list)) => of_list(list),
        WrittenTest::In(Set::SemiJoin(_)) | WrittenTest::NotIn(Set::SemiJoin(_)) => (0, 0),
        WrittenTest::Includes(list) | WrittenTest::Excludes(list) => (of_list(list).0, 0),
    }
}

/// Calls `f` with each text in quotes that [`values_of`] counts.
fn each_text(test: &mut WrittenTest, f: &mut dyn FnMut(&mut String)) {
    let mut of = |operand: &mut Spanned<WrittenOperand>| {
        if let WrittenOperand::Literal(Literal::Text(text)) = &mut operand.value {
            f(text);
        }
    };
    match test {
        WrittenTest::Compare(_, operand) => of(operand),
        WrittenTest::In(Set::List(list)) | WrittenTest::NotIn(Set::List(list)) => {
            list.iter_mut().for_each(of);
        }
        _ => (),
    }
}

/// A comparison whose texts are given each time.
fn without_texts(comparison: &Comparison, are_given: bool) -> Comparison {
    let mut comparison = comparison.clone();
    if are_given {
        each_text(&mut comparison.test.value, &mut String::clear);
    }
    comparison
}

/// A comparison with the next of these texts in the places of its own.
fn with_texts<'c>(
    comparison: &'c Comparison,
    texts: &mut dyn ExactSizeIterator<Item = &str>,
) -> Cow<'c, Comparison> {
    if texts.len() == 0 {
        return Cow::Borrowed(comparison);
    }
    let mut comparison = comparison.clone();
    each_text(&mut comparison.test.value, &mut |text| {
        if let Some(given) = texts.next() {
            given.clone_into(text);
        }
    });
    Cow::Owned(comparison)
}

/// Is a condition the same for every state of the store?
fn is_fixed(cond: &Cond) -> bool {
    let is_id = |constant: &Constant| matches!(constant, Constant::Id(_) | Constant::Packed(_));
    match cond {
        Cond::All(of) | Cond::Any(of) => of.iter().all(is_fixed),
        Cond::Not(of) => is_fixed(of),
        Cond::Test { test, .. } => match test {
            Test::Equal(constant) => !is_id(constant),
            Test::Less { than, .. } | Test::Greater { than, .. } => !is_id(than),
            Test::In { values, .. } => !values.iter().any(is_id),
            Test::SemiJoin(_) | Test::Among(_) => false,
            Test::Null | Test::Within(_) | Test::Like(_) | Test::Includes(_) => true,
        },
    }
}
