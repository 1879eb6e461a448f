//! Groups: the aggregates of the rows that have the same keys.
//!
//! A row belongs to one group of each set of keys: of plain groups there is one set, and subtotals
//! have more. Texts that differ in case only are in one group; the first row's spelling is shown.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use serde_json::{Map, Value as Json};

use super::{Run, Val, value::for_people};
use crate::{
    definition::FieldIdx,
    error::Result,
    language::{
        bound::{Aggregate, Expr, Fields, GroupItem, Grouping, How, Kind, Level, Operand},
        plan::{OrderPath, Path, Plan},
    },
    value::Storage,
};

/// A group, while its rows come.
struct Group {
    /// The values of the keys, of the first row; null for those that it is not grouped by.
    keys: Vec<Val<'static>>,
    /// Which set of keys it is grouped by.
    set: usize,
    totals: Vec<Total>,
}

/// An aggregate, while its rows come.
#[derive(Clone, Debug, Default)]
struct Total {
    n: u64,
    sum: f64,
    /// The least or greatest value so far, with the bytes that it is ordered by.
    best: Option<(Vec<u8>, Val<'static>)>,
    different: HashSet<Vec<u8>>,
}

impl Run<'_> {
    /// The rows of the groups of a level, in order.
    pub(super) fn groups(
        &self,
        level: &Level,
        plan: &Plan,
        grouping: &Grouping,
    ) -> Result<Vec<Map<String, Json>>> {
        if let Some(group) = self.counted(level, grouping)? {
            return self.finish(level, grouping, &[group]);
        }
        if let Path::Ends(ends) = &plan.path {
            let group = self.ends(level, grouping, ends)?;
            return self.finish(level, grouping, &[group]);
        }
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
        // Over no rows, there is one row without groups, and a grand total.
        if grouping.keys.is_empty() {
            groups.push(Group::new(grouping, 0, Vec::new()));
            places.insert(0_u32.to_be_bytes().to_vec(), 0);
        }
        let keys = grouping.keys.iter().map(|(expr, _)| expr);
        let uses: Vec<_> = keys.chain(grouping.aggregates.iter().map(|it| &it.of)).collect();
        let mut walk = self.walk(level, plan, true)?;
        // Bytes that are written anew for each row, and kept for the first row of a group.
        let (mut same, mut key) = (Vec::new(), Vec::new());
        self.each_row(level, &mut walk, &uses, &mut |row| {
            for (set, wanted) in (0_u32..).zip(&grouping.sets) {
                same.clear();
                same.extend_from_slice(&set.to_be_bytes());
                for ((expr, kind), is_wanted) in grouping.keys.iter().zip(wanted) {
                    if *is_wanted {
                        self.push_same(&mut same, kind, &self.eval(expr, row)?)?;
                    }
                }
                let place = if let Some(place) = places.get(same.as_slice()) {
                    *place
                } else {
                    let mut shown = Vec::with_capacity(grouping.keys.len());
                    for ((expr, kind), is_wanted) in grouping.keys.iter().zip(wanted) {
                        let value = if *is_wanted { self.eval(expr, row)? } else { Val::Null };
                        shown.push(match value {
                            // An org takes no value for false.
                            Val::Null if *is_wanted && *kind == Kind::Fixed(Storage::Bool) => {
                                Val::Fixed(Storage::Bool, 0)
                            }
                            value => value.into_owned(),
                        });
                    }
                    let set = usize::try_from(set).unwrap_or_default();
                    groups.push(Group::new(grouping, set, shown));
                    places.insert(same.clone(), groups.len() - 1);
                    groups.len() - 1
                };
                let Some(group) = groups.get_mut(place) else { continue };
                for (total, aggregate) in group.totals.iter_mut().zip(&grouping.aggregates) {
                    let value = self.eval(&aggregate.of, row)?;
                    self.add(total, aggregate, &value, &mut key)?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        self.finish(level, grouping, &groups)
    }

    /// The one group of all records, if nothing is asked of it but how many they are.
    fn counted(&self, level: &Level, grouping: &Grouping) -> Result<Option<Group>> {
        let is_count = |it: &Aggregate| {
            let is_id =
                matches!(it.of, Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), .. });
            it.how == How::Count && is_id
        };
        if !grouping.keys.is_empty() || !grouping.aggregates.iter().all(is_count) {
            return Ok(None);
        }
        let Some(n) = self.count_of_all(level)? else { return Ok(None) };
        let mut group = Group::new(grouping, 0, Vec::new());
        for total in &mut group.totals {
            total.n = u64::try_from(n).unwrap_or(u64::MAX);
        }
        Ok(Some(group))
    }

    /// The one group of all records, whose least and greatest values stand at the ends of indexes.
    fn ends(&self, level: &Level, grouping: &Grouping, ends: &[OrderPath]) -> Result<Group> {
        let mut group = Group::new(grouping, 0, Vec::new());
        let mut key = Vec::new();
        let totals = group.totals.iter_mut().zip(&grouping.aggregates);
        for ((total, aggregate), end) in totals.zip(ends) {
            let mut walk = self.walk_from(level, end)?;
            while total.n == 0
                && self.step(&mut walk, &mut |record| {
                    let value = self.eval(&aggregate.of, &[Some(record)])?;
                    self.add(total, aggregate, &value, &mut key)?;
                    Ok(ControlFlow::Break(()))
                })?
            {}
        }
        Ok(group)
    }

    /// Adds a value to an aggregate. `key` is memory to write bytes in.
    fn add(
        &self,
        total: &mut Total,
        aggregate: &Aggregate,
        value: &Val<'_>,
        key: &mut Vec<u8>,
    ) -> Result<()> {
        if value.is_null() {
            return Ok(());
        }
        total.n += 1;
        key.clear();
        match aggregate.how {
            How::Count => (),
            How::CountDistinct => {
                self.push_same(key, &aggregate.kind, value)?;
                if !total.different.contains(key.as_slice()) {
                    total.different.insert(key.clone());
                }
            }
            How::Avg | How::Sum => total.sum += value.as_f64().unwrap_or_default(),
            How::Any if total.best.is_some() => (),
            How::Any => total.best = Some((Vec::new(), value.clone().into_owned())),
            How::Min | How::Max => {
                self.push_key(key, &aggregate.kind, value)?;
                let is_better = total.best.as_ref().is_none_or(|(best, _)| {
                    if aggregate.how == How::Min { *key < *best } else { *key > *best }
                });
                if is_better {
                    total.best = Some((key.clone(), value.clone().into_owned()));
                }
            }
        }
        Ok(())
    }

    /// The groups that `HAVING` leaves, in order, within the limit, written out.
    fn finish(
        &self,
        level: &Level,
        grouping: &Grouping,
        groups: &[Group],
    ) -> Result<Vec<Map<String, Json>>> {
        let mut kept = Vec::new();
        for group in groups {
            let is_kept = match &grouping.having {
                None => true,
                Some(having) => self.holds_of(having, &mut |operand| {
                    Ok(match operand {
                        Operand::Group(item, _) => group.value(grouping, *item),
                        Operand::Row(_) => Val::Null,
                    })
                })?,
            };
            if !is_kept {
                continue;
            }
            let mut key = Vec::new();
            for order in &level.order {
                if let Operand::Group(item, kind) = &order.by {
                    self.push_ordered(&mut key, order, kind, &group.value(grouping, *item))?;
                }
            }
            // Groups that nobody orders come by their keys, so that two runs agree.
            for (value, (_, kind)) in group.keys.iter().zip(&grouping.keys) {
                self.push_key(&mut key, kind, value)?;
            }
            kept.push((key, group.set, group));
        }
        kept.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let limit = level.limit.unwrap_or(usize::MAX);
        let rows = kept.iter().skip(level.offset).take(limit);
        rows.map(|(_, _, group)| {
            let mut row = Map::with_capacity(grouping.columns.len() + 1);
            row.insert("attributes".to_owned(), serde_json::json!({ "type": "AggregateResult" }));
            for (name, item) in &grouping.columns {
                let value = group.value(grouping, *item);
                let value = match item {
                    GroupItem::Formatted { field_type, scale, .. } => {
                        let text = for_people(self, &value, *field_type, *scale)?;
                        text.map_or(Val::Null, |text| Val::Text(text.into()))
                    }
                    _ => value,
                };
                row.insert(name.clone(), self.json(&value)?);
            }
            Ok(row)
        })
        .collect()
    }
}

impl Group {
    fn new(grouping: &Grouping, set: usize, keys: Vec<Val<'static>>) -> Self {
        Self { keys, set, totals: vec![Total::default(); grouping.aggregates.len()] }
    }

    fn value(&self, grouping: &Grouping, item: GroupItem) -> Val<'static> {
        let is_grouped_by = |key: usize| {
            let set = grouping.sets.get(self.set);
            set.and_then(|set| set.get(key)).copied().unwrap_or(false)
        };
        match item {
            GroupItem::Key(key) => self.keys.get(key).cloned().unwrap_or(Val::Null),
            GroupItem::IsSubtotal(key) => Val::integer((!is_grouped_by(key)).into()),
            GroupItem::OfKey { key, .. } if !is_grouped_by(key) => Val::Null,
            GroupItem::Aggregate(place)
            | GroupItem::OfKey { aggregate: place, .. }
            | GroupItem::Formatted { aggregate: place, .. } => {
                match (self.totals.get(place), grouping.aggregates.get(place)) {
                    (Some(total), Some(aggregate)) => total.value(aggregate),
                    _ => Val::Null,
                }
            }
        }
    }
}

impl Total {
    fn value(&self, aggregate: &Aggregate) -> Val<'static> {
        let count = |n: usize| Val::integer(i64::try_from(n).unwrap_or(i64::MAX));
        match aggregate.how {
            How::Count => count(usize::try_from(self.n).unwrap_or(usize::MAX)),
            How::CountDistinct => count(self.different.len()),
            How::Avg | How::Sum if self.n == 0 => Val::Null,
            How::Sum => Val::double(self.sum),
            #[expect(clippy::cast_precision_loss, reason = "no store has 2^53 records")]
            How::Avg => Val::double(self.sum / self.n as f64),
            How::Min | How::Max | How::Any => {
                self.best.as_ref().map_or(Val::Null, |(_, value)| value.clone())
            }
        }
    }
}
