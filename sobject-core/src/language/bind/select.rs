//! The select list of records: fields, parents, children, `TYPEOF` and `FIELDS()`.
//!
//! **Invariant:** the answer has the order of the list and the spelling of the schema.

use sobject_soql::{
    CompareOp, Expr as Written, FieldExpr, FieldSet, Literal, Name, Operand as WrittenOperand,
    Path, Query, SelectItem, Selected, Set, Span, Spanned, Test, TypeOf,
};

use super::{Binder, Scope, path::kind_of};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    language::{
        bound::{Column, Expr, Fields, What},
        refusal::{Bound, Refusal},
    },
    name::is_custom,
};

/// Rows that `FIELDS(ALL)` and `FIELDS(CUSTOM)` may be asked for at most.
const MAX_FIELDS_ROWS: i64 = 200;

impl<'a> Binder<'a> {
    /// The members of each record.
    pub(super) fn columns(
        &self,
        scope: &mut Scope<'a>,
        items: &[SelectItem],
        query: &Query,
        depth: usize,
    ) -> Bound<Vec<Column>> {
        check_type_of(items)?;
        let mut columns = Vec::new();
        for item in items {
            match &item.selected {
                Selected::Field(field) => self.add_field(scope, &mut columns, field, item)?,
                Selected::Fields(set) => self.add_fields(scope, &mut columns, set, query)?,
                Selected::Children(children) => {
                    let column = self.children(scope, children, query, depth)?;
                    add(&mut columns, column, children.value.from.span())?;
                }
                Selected::TypeOf(of) => {
                    let column = self.type_of(scope, of)?;
                    add(&mut columns, column, of.value.path.span())?;
                }
            }
        }
        Ok(columns)
    }

    fn add_field(
        &self,
        scope: &mut Scope<'a>,
        columns: &mut Vec<Column>,
        written: &FieldExpr,
        item: &SelectItem,
    ) -> Bound<()> {
        match written {
            FieldExpr::Path(path) => {
                if let Some(alias) = &item.alias {
                    let text = "only aggregate expressions use field aliasing";
                    return Err(Refusal::malformed(alias.span(), text));
                }
                let found = self.find(scope, path)?;
                let leaf = Column { key: found.name, what: What::Value(found.expr) };
                add_under(scope, columns, &found.parents, leaf, path.span())
            }
            FieldExpr::Function(call) => {
                let (expr, name, _) = self.function(scope, call)?;
                if matches!(expr, Expr::DatePart { .. }) {
                    let text = format!("Field must be grouped or aggregated: {name}");
                    return Err(Refusal::malformed(call.span, text));
                }
                let parents = match &item.alias {
                    Some(_) => Vec::new(),
                    None => self.find(scope, &call.path)?.parents,
                };
                let key = item.alias.as_ref().map_or(name, |alias| alias.as_str().to_owned());
                let leaf = Column { key, what: What::Value(expr) };
                add_under(scope, columns, &parents, leaf, call.span)
            }
            FieldExpr::Distance(distance) => Err(Refusal::not_supported(distance.span, "DISTANCE")),
        }
    }

    /// The fields that `FIELDS()` stands for, without those that the caller may not read.
    fn add_fields(
        &self,
        scope: &Scope<'a>,
        columns: &mut Vec<Column>,
        set: &Spanned<FieldSet>,
        query: &Query,
    ) -> Bound<()> {
        if set.value != FieldSet::Standard && !self.is_narrow(query)? {
            let text =
                format!("The SOQL FIELDS function must have a LIMIT of at most {MAX_FIELDS_ROWS}");
            return Err(Refusal::malformed(set.span, text));
        }
        let object = scope.object;
        let readable = object.fields().filter(|(idx, _)| self.access.reads(object, *idx));
        let wanted = readable.filter(|(_, field)| match set.value {
            FieldSet::All => true,
            FieldSet::Standard => !is_custom(&field.name),
            FieldSet::Custom => is_custom(&field.name),
        });
        let mut n = 0;
        for (idx, field) in wanted {
            let expr = Expr::Field { source: 0, field: Fields::One(idx), kind: kind_of(field) };
            let column = Column { key: field.name.clone(), what: What::Value(expr) };
            add(columns, column, set.span)?;
            n += 1;
        }
        // Beside other fields, none of this kind is no error.
        if n > 0 || query.select.value.items().len() > 1 {
            return Ok(());
        }
        let text =
            "'FIELDS(...)' expansion function must result in at least one field being selected.";
        Err(Refusal::malformed(set.span, text))
    }

    /// Does the query ask for few rows: by its limit, or by listing ids?
    fn is_narrow(&self, query: &Query) -> Bound<bool> {
        if let Some(limit) = &query.limit
            && self.count(limit)? <= MAX_FIELDS_ROWS
        {
            return Ok(true);
        }
        Ok(query.filter.as_ref().is_some_and(|filter| {
            n_ids(filter).is_some_and(|n| i64::try_from(n).is_ok_and(|n| n <= MAX_FIELDS_ROWS))
        }))
    }

    fn children(
        &self,
        scope: &Scope<'a>,
        query: &Spanned<Query>,
        parent: &Query,
        depth: usize,
    ) -> Bound<Column> {
        let from = &query.value.from;
        if let Some(using) = parent.from.using.first() {
            let text = "USING SCOPE may not be used in a query with a child query";
            return Err(Refusal::malformed(using.name.span(), text));
        }
        let (key, object, field) = if self.by_handles {
            self.children_by_handle(scope, &from.path)?
        } else {
            self.children_by_name(scope, &from.path)?
        };
        Self::check_query_call(object, from.span())?;
        let mut inner = Scope::new(object, from.alias.as_ref());
        let level = self.level(&query.value, &mut inner, depth + 1)?;
        if level.offset > 0 && !self.is_one_row(parent)? {
            let text = "OFFSET in a child query needs LIMIT 1 in the query around it";
            return Err(Refusal::malformed(query.span, text));
        }
        let what = What::Children { field, level: Box::new(level) };
        Ok(Column { key, what })
    }

    /// The children that a relationship of this name leads to: what they are called in the answer,
    /// their object, and their field that names the parent.
    fn children_by_name(
        &self,
        scope: &Scope<'a>,
        path: &Path,
    ) -> Bound<(String, &'a Object, FieldIdx)> {
        // The root may be named first, as in `FROM Account.Contacts`.
        let is_root = |name: &Name| {
            scope.alias.as_ref() == Some(name) || *name == *scope.object.name.as_str()
        };
        let name = &path.name;
        let unknown = || Refusal::no_children(path.span(), &path.to_string());
        match &*path.parents {
            [] => (),
            [root] if is_root(root) => (),
            _ => return Err(unknown()),
        }
        let catalogue = &self.schema.catalogue;
        let named = self.schema.relations.children_named(scope.object);
        let readable: Vec<_> = named
            .filter_map(|(name, child)| Some((name, catalogue.get(child.object)?, child.field)))
            .filter(|(_, object, field)| self.may_read(object) && self.access.reads(object, *field))
            .collect();
        let near = || unknown().with_near(name.as_str(), readable.iter().map(|(name, ..)| *name));
        let found = readable.iter().find(|(known, ..)| *name == **known);
        let (key, object, field): &(&str, &'a Object, FieldIdx) = found.ok_or_else(near)?;
        Ok(((*key).to_owned(), object, *field))
    }

    /// The same by the object of the children and the reference field, which stand behind each other
    /// in the path.
    fn children_by_handle(
        &self,
        scope: &Scope<'a>,
        path: &Path,
    ) -> Bound<(String, &'a Object, FieldIdx)> {
        let unknown = || Refusal::no_children(path.span(), &path.to_string());
        let [object] = &*path.parents else { return Err(unknown()) };
        let object = self.object(&Path::from(object.clone()))?;
        let (idx, field) = self.field(object, &path.name, path.span())?;
        let parent = &scope.object.name;
        let may_name = |name: &String| name.eq_ignore_ascii_case(parent);
        if !field.names_any && !field.references.iter().any(may_name) {
            return Err(unknown());
        }
        Ok((format!("{}.{}", object.name, field.name), object, idx))
    }

    fn is_one_row(&self, query: &Query) -> Bound<bool> {
        let limit = query.limit.as_ref().map(|limit| self.count(limit)).transpose()?;
        Ok(limit == Some(1))
    }

    fn type_of(&self, scope: &mut Scope<'a>, of: &Spanned<TypeOf>) -> Bound<Column> {
        let TypeOf { path, branches, otherwise } = &of.value;
        let mut source = 0;
        let names: Vec<_> = path.names().collect();
        let names = match names.split_first() {
            Some((first, rest)) if !rest.is_empty() && scope.alias.as_ref() == Some(*first) => rest,
            _ => &names,
        };
        let mut key = "";
        for name in names {
            (key, source) = self.parent(scope, source, name)?;
        }
        if names.len() != 1 || !scope.is_named(source) {
            let text = format!("TYPEOF cannot be used with {path}, which leads to one object");
            return Err(Refusal::malformed(path.span(), text));
        }
        let targets = scope.objects.get(source).cloned().unwrap_or_default();
        let mut bound = Vec::new();
        for branch in branches {
            let target = targets.iter().find(|object| branch.object == *object.name.as_str());
            let object = target
                .ok_or_else(|| Refusal::no_object(branch.object.span(), branch.object.as_str()))?;
            // Fields of a branch are read of records of its object alone.
            let mut columns = Vec::new();
            for path in &branch.fields {
                self.add_branch_field(source, object, &mut columns, path)?;
            }
            bound.push((object.number, columns));
        }
        let mut rest = Vec::new();
        for path in otherwise {
            let full = Path {
                parents: [of.value.path.names().cloned().collect(), path.parents.clone()].concat(),
                name: path.name.clone(),
            };
            let found = self.find(scope, &full)?;
            add(&mut rest, Column { key: found.name, what: What::Value(found.expr) }, path.span())?;
        }
        let otherwise = (!otherwise.is_empty()).then_some(rest);
        Ok(Column {
            key: key.to_owned(),
            what: What::TypeOf { source, branches: bound, otherwise },
        })
    }

    fn add_branch_field(
        &self,
        source: usize,
        object: &'a Object,
        columns: &mut Vec<Column>,
        path: &Path,
    ) -> Bound<()> {
        if !path.parents.is_empty() {
            return Err(Refusal::not_supported(path.span(), "a relationship inside TYPEOF"));
        }
        let (idx, field) = self.field(object, &path.name, path.span())?;
        let field_of = Fields::ByObject(vec![(object.number, idx)]);
        let expr = Expr::Field { source, field: field_of, kind: kind_of(field) };
        add(columns, Column { key: field.name.clone(), what: What::Value(expr) }, path.span())
    }
}

/// Refuses functions beside a `TYPEOF`.
fn check_type_of(items: &[SelectItem]) -> Bound<()> {
    if !items.iter().any(|item| matches!(item.selected, Selected::TypeOf(_))) {
        return Ok(());
    }
    let call = items.iter().find_map(|item| match &item.selected {
        Selected::Field(FieldExpr::Function(call)) => Some(call),
        _ => None,
    });
    call.map_or(Ok(()), |call| {
        Err(Refusal::malformed(call.span, "functions cannot be used with TYPEOF"))
    })
}

/// Adds a member under the parents that lead to it.
fn add_under(
    scope: &Scope<'_>,
    columns: &mut Vec<Column>,
    parents: &[(&str, usize)],
    leaf: Column,
    span: Span,
) -> Bound<()> {
    let Some(((name, source), rest)) = parents.split_first() else {
        return add(columns, leaf, span);
    };
    let place = columns.iter().position(|column| column.key == *name).unwrap_or_else(|| {
        let is_named = scope.is_named(*source);
        let what = What::Parent { source: *source, is_named, columns: Vec::new() };
        columns.push(Column { key: (*name).to_owned(), what });
        columns.len() - 1
    });
    match columns.get_mut(place).map(|column| &mut column.what) {
        Some(What::Parent { columns, .. }) => add_under(scope, columns, rest, leaf, span),
        _ => Err(duplicate(name, span)),
    }
}

/// Adds a member, unless there is one of its name.
fn add(columns: &mut Vec<Column>, column: Column, span: Span) -> Bound<()> {
    if columns.iter().any(|it| it.key.eq_ignore_ascii_case(&column.key)) {
        return Err(duplicate(&column.key, span));
    }
    columns.push(column);
    Ok(())
}

fn duplicate(key: &str, span: Span) -> Box<Refusal> {
    Refusal::field(span, format!("duplicate field selected: {key}"))
}

/// How many ids a condition lists, if every record that it finds has one of them.
fn n_ids(filter: &Written) -> Option<usize> {
    match filter {
        Written::And(of) => of.iter().filter_map(n_ids).min(),
        Written::Or(of) => of.iter().map(n_ids).sum(),
        Written::Not(_) => None,
        Written::Comparison(comparison) => {
            let FieldExpr::Path(path) = &comparison.field else { return None };
            if !path.parents.is_empty() || path.name != "Id" {
                return None;
            }
            match &comparison.test.value {
                Test::Compare(CompareOp::Equal, operand) => {
                    let is_null = operand.value == WrittenOperand::Literal(Literal::Null);
                    (!is_null).then_some(1)
                }
                Test::In(Set::List(list)) => Some(list.len()),
                _ => None,
            }
        }
    }
}
