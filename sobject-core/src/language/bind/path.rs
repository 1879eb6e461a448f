//! Paths: from an object over relationships to a field.
//!
//! **Invariants:** a parent is a source of the level once, however many paths lead to it. What the
//! caller may not read is answered as what is not there.

use sobject_soql::{FromItem, Name, Path, Query, Span};

use super::Binder;
use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    language::{
        bound::Constant,
        bound::{Cond, Expr, Fields, Kind, Operand, Source, Test},
        refusal::{Bound, Refusal},
    },
    permissions::ObjectRight,
    value::{FieldType, Storage},
};

/// Relationships to parents in a query at most.
pub(super) const MAX_PARENTS: usize = 55;
/// Relationships that one path follows at most.
const MAX_DEPTH: usize = 5;

/// The fields of `Name`, the object that a parent is read as which may be of several objects.
const NAME_FIELDS: [&str; 11] = [
    "Id",
    "Name",
    "Type",
    "FirstName",
    "LastName",
    "Email",
    "Alias",
    "Username",
    "IsActive",
    "Phone",
    "Title",
];

/// What the paths of one level begin at, and where they have led so far.
pub(super) struct Scope<'a> {
    pub(super) object: &'a Object,
    pub(super) alias: Option<Name>,
    /// Further items of `FROM`: their aliases, and the sources that they are.
    pub(super) also: Vec<(Name, usize)>,
    pub(super) sources: Vec<Source>,
    /// The objects that the record of each source may be of.
    pub(super) objects: Vec<Vec<&'a Object>>,
}

/// A field that a path leads to.
pub(super) struct Found<'a> {
    /// The names of the relationships, as the schema spells them, with their sources.
    pub(super) parents: Vec<(&'a str, usize)>,
    /// The field's name as the schema spells it.
    pub(super) name: String,
    /// The field; `None` for what only the object `Name` has.
    pub(super) field: Option<(&'a Object, FieldIdx, &'a Field)>,
    pub(super) expr: Expr,
}

impl<'a> Scope<'a> {
    /// Is the source read as the object `Name`?
    pub(super) fn is_named(&self, source: usize) -> bool {
        self.objects.get(source).is_some_and(|objects| objects.len() != 1)
    }

    /// The one object that a source's record is of.
    fn object_of(&self, source: usize) -> Option<&'a Object> {
        match self.objects.get(source).map(Vec::as_slice) {
            Some([object]) => Some(object),
            _ => None,
        }
    }
}

impl<'a> Binder<'a> {
    /// May the caller read the object?
    pub(in crate::language) fn may_read(&self, object: &Object) -> bool {
        self.access.may(object, ObjectRight::Read)
    }

    /// The field that a path leads to.
    pub(super) fn find(&self, scope: &mut Scope<'a>, path: &Path) -> Bound<Found<'a>> {
        let (mut source, mut parents) = (0, &*path.parents);
        // The root may be named first. A relationship of that name comes before the object's name.
        if let Some((first, rest)) = parents.split_first() {
            let also = scope.also.iter().find(|(alias, _)| alias == first);
            if let Some((_, of)) = also {
                (source, parents) = (*of, rest);
            } else if scope.alias.as_ref() == Some(first)
                || (*first == *scope.object.name.as_str()
                    && self.relationship(scope.object, first).is_none())
            {
                parents = rest;
            }
        }
        if parents.len() > MAX_DEPTH {
            let text = format!("a path may follow {MAX_DEPTH} relationships at most");
            return Err(Refusal::malformed(path.span(), text));
        }
        let mut named = Vec::new();
        for parent in parents {
            let (name, next) = self.parent(scope, source, parent)?;
            named.push((name, next));
            source = next;
        }
        if scope.is_named(source) {
            return self.find_named(scope, source, named, path);
        }
        let object = scope.object_of(source).unwrap_or(scope.object);
        let (idx, field) = self.field(object, &path.name, path.span())?;
        let kind = kind_of(field);
        let expr = Expr::Field { source, field: Fields::One(idx), kind };
        let name = field.name.clone();
        Ok(Found { parents: named, name, field: Some((object, idx, field)), expr })
    }

    /// The field of this name, which a path ends with that stands at `span`.
    pub(super) fn field(
        &self,
        object: &'a Object,
        name: &Name,
        span: Span,
    ) -> Bound<(FieldIdx, &'a Field)> {
        let idx = self.access.find(object, name.as_str());
        idx.and_then(|idx| Some((idx, object.field(idx)?))).ok_or_else(|| {
            let readable = object.fields().filter(|(idx, _)| self.access.reads(object, *idx));
            Refusal::no_field(span, name.as_str(), &object.name)
                .with_near(name.as_str(), readable.map(|(_, field)| field.name.as_str()))
        })
    }

    /// A field of the object `Name`: of each object that the source may be of, the field of that
    /// name, if it has one that the caller may read. If none of those that have one may be read, there
    /// is no such field; if none has one, its value is null.
    fn find_named(
        &self,
        scope: &Scope<'a>,
        source: usize,
        parents: Vec<(&'a str, usize)>,
        path: &Path,
    ) -> Bound<Found<'a>> {
        let name = &path.name;
        let unknown = || {
            Refusal::no_field(path.span(), name.as_str(), "Name")
                .with_near(name.as_str(), NAME_FIELDS.into_iter().filter(|known| *name != **known))
        };
        let known = NAME_FIELDS.into_iter().find(|known| *name == *known).ok_or_else(unknown)?;
        let expr = if known == "Type" {
            let mut objects = scope.objects.get(source).into_iter().flatten();
            let group = objects.find(|object| object.name == "Group");
            let of_group = group.and_then(|group| {
                let idx = group.find("Type").filter(|idx| self.access.reads(group, *idx))?;
                Some((group.number, idx))
            });
            Expr::TypeName { source, of_group }
        } else {
            let objects = scope.objects.get(source).into_iter().flatten();
            let there: Vec<_> = objects
                .filter_map(|object| {
                    let idx = match known {
                        "Name" => object.name_field,
                        _ => object.find(known),
                    };
                    Some((*object, idx?))
                })
                .collect();
            let readable = there.iter().filter(|(object, idx)| self.access.reads(object, *idx));
            let fields: Vec<_> = readable.map(|(object, idx)| (object.number, *idx)).collect();
            if fields.is_empty() && !there.is_empty() {
                return Err(unknown());
            }
            let kind = match known {
                "Id" => Kind::Id,
                "IsActive" => Kind::Fixed(Storage::Bool),
                _ => Kind::Text { exact: false },
            };
            Expr::Field { source, field: Fields::ByObject(fields), kind }
        };
        Ok(Found { parents, name: known.to_owned(), field: None, expr })
    }

    /// The reference field behind a relationship, if the caller may read it.
    fn relationship(&self, object: &'a Object, name: &Name) -> Option<(FieldIdx, &'a Field)> {
        object.fields().find(|(idx, field)| {
            field.relationship.as_deref().is_some_and(|it| *name == *it)
                && self.access.reads(object, *idx)
        })
    }

    /// The source of the parent that a relationship of a source leads to, with the relationship's
    /// name as the schema spells it.
    pub(super) fn parent(
        &self,
        scope: &mut Scope<'a>,
        of: usize,
        name: &Name,
    ) -> Bound<(&'a str, usize)> {
        let unknown = || Refusal::no_parent(name.span(), name.as_str());
        // A parent that may be of several objects has no parents of its own.
        let object = scope.object_of(of).ok_or_else(unknown)?;
        let near = || {
            let fields = object.fields().filter(|(idx, _)| self.access.reads(object, *idx));
            let names = fields.filter_map(|(_, field)| field.relationship.as_deref());
            unknown().with_near(name.as_str(), names)
        };
        let (idx, field) = self.relationship(object, name).ok_or_else(near)?;
        let catalogue = &self.schema.catalogue;
        let targets = field.references.iter().filter_map(|name| catalogue.find(name));
        let targets: Vec<_> = targets.filter(|object| self.may_read(object)).collect();
        if targets.is_empty() {
            return Err(unknown());
        }
        // What may be of several objects is read as `Name`, even if the caller may read but one.
        let is_named = field.names_any || field.references.len() > 1;
        let relationship = field.relationship.as_deref().unwrap_or_default();
        let objects = targets.iter().map(|object| object.number).collect();
        let source = Source::Parent { of, field: idx, objects };
        if let Some(known) = scope.sources.iter().position(|it| *it == source) {
            return Ok((relationship, known));
        }
        scope.sources.push(source);
        // Two objects stand for "several" where the caller may read one of them only.
        let padding = (is_named && targets.len() == 1).then(|| targets.first().copied()).flatten();
        scope.objects.push(targets.into_iter().chain(padding).collect());
        Ok((relationship, scope.sources.len() - 1))
    }

    /// Adds a further item of `FROM`, which is a relationship: `Contact c, c.Account a`.
    pub(super) fn add_from(&self, scope: &mut Scope<'a>, item: &FromItem) -> Bound<()> {
        let mut source = 0;
        let names: Vec<_> = item.path.names().collect();
        let names = match names.split_first() {
            Some((first, rest)) if !rest.is_empty() => {
                let also = scope.also.iter().find(|(alias, _)| alias == *first);
                if let Some((_, of)) = also {
                    source = *of;
                    rest
                } else if scope.alias.as_ref() == Some(*first)
                    || **first == *scope.object.name.as_str()
                {
                    rest
                } else {
                    &names
                }
            }
            _ => return Err(Refusal::no_children(item.span(), &item.path.to_string())),
        };
        for name in names {
            source = self.parent(scope, source, name)?.1;
        }
        let alias = item.alias.clone().unwrap_or_else(|| item.path.name.clone());
        scope.also.push((alias, source));
        Ok(())
    }

    /// Refuses a `USING` that is not known, or that the object cannot have.
    pub(super) fn check_scope(scope: &Scope<'a>, query: &Query) -> Bound<()> {
        let using = query.from.using.iter().chain(query.also_from.iter().flat_map(|it| &it.using));
        for item in using {
            let known = ["everything", "mine"].into_iter().any(|it| item.name == it);
            if !known {
                let what = format!("USING SCOPE {}", item.name.as_str());
                return Err(Refusal::not_supported(item.name.span(), &what));
            }
            if item.name == "mine" && scope.object.find("OwnerId").is_none() {
                let what =
                    format!("USING SCOPE mine of {}, which has no owner,", scope.object.name);
                return Err(Refusal::not_supported(item.name.span(), &what));
            }
        }
        Ok(())
    }

    /// The condition with that of `USING SCOPE mine`: the caller is the owner.
    pub(super) fn with_scope(
        &self,
        scope: &Scope<'a>,
        query: &Query,
        filter: Option<Cond>,
    ) -> Option<Cond> {
        let mine = query.from.using.iter().any(|item| item.name == "mine");
        let owner = scope.object.find("OwnerId").filter(|_| mine);
        let Some(owner) = owner else { return filter };
        let user = self.access.user.unwrap_or(self.schema.system_user);
        let field = Expr::Field { source: 0, field: Fields::One(owner), kind: Kind::Id };
        let left = Operand::Row(field);
        let is_mine = Cond::Test { left, test: Test::Equal(Constant::Id(user)) };
        Some(match filter {
            Some(filter) => Cond::All(vec![filter, is_mine]),
            None => is_mine,
        })
    }
}

/// How the values of a field are compared.
pub(super) fn kind_of(field: &Field) -> Kind {
    match (field.field_type, field.field_type.storage()) {
        (FieldType::Id | FieldType::Reference, _) => Kind::Id,
        (FieldType::Picklist, _) => {
            Kind::Picklist(field.picklist.iter().map(|it| it.value.clone()).collect())
        }
        (FieldType::MultiPicklist, _) => Kind::MultiPicklist,
        (_, Some(Storage::Text)) => {
            Kind::Text { exact: field.flags.is_unique() && field.flags.is_case_sensitive() }
        }
        (_, None | Some(Storage::Bytes)) => Kind::Opaque,
        (_, Some(storage)) => Kind::Fixed(storage),
    }
}
