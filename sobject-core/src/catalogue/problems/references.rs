//! What contradicts itself in references: rules of deletes, and names of child relationships.

use std::collections::HashMap;

use crate::{
    catalogue::declared::{DeclaredField, DeclaredObject, ObjectHead},
    definition::OnDelete,
    name::is_relationship_name,
    value::FieldType,
};

/// Reports rules of deletes that cannot hold, and words that only a reference has.
pub(super) fn push_wrong_rules(
    head: &ObjectHead,
    fields: &[DeclaredField],
    problems: &mut Vec<String>,
) {
    for field in fields {
        let mut problem = |wrong: bool, what: &str| {
            if wrong {
                problems.push(format!("field {}: {what}", field.name));
            }
        };
        let is_reference = field.field_type == FieldType::Reference;
        problem(
            field.on_delete.is_some() && !is_reference,
            "only a reference says what becomes of it on delete",
        );
        problem(
            field.child_relationship.is_some() && !is_reference,
            "only a reference has a child relationship",
        );
        problem(
            field.child_relationship.as_ref().is_some_and(|name| !is_relationship_name(name)),
            "the name of the child relationship is none that a relationship can have",
        );
        problem(
            field.on_delete == Some(OnDelete::SetNull) && !field.flags.is_nillable(),
            "on delete it is set to null, but it is not nillable; its rule is `restrict` or `cascade`",
        );
        let is_strict = matches!(field.on_delete, Some(OnDelete::Cascade | OnDelete::Restrict));
        problem(
            is_strict && field.references.iter().any(|it| it.eq_ignore_ascii_case(&head.name)),
            "a reference to records of its own object can only be set to null on delete",
        );
        problem(
            field.on_delete == Some(OnDelete::Cascade) && head.name.eq_ignore_ascii_case("User"),
            "users cannot be deleted, so no other record's delete takes them along",
        );
    }
}

/// The names by which queries find the records that refer to one, by the object that is referred to:
/// two fields cannot have the same.
#[derive(Default)]
pub(super) struct ChildNames<'o>(HashMap<(String, String), (&'o str, &'o str)>);

impl<'o> ChildNames<'o> {
    /// Notes the names of an object's references, and reports those that another field has.
    pub(super) fn push_problems(&mut self, object: &'o DeclaredObject, problems: &mut Vec<String>) {
        for field in &object.fields {
            let Some(name) = &field.child_relationship else { continue };
            for target in &field.references {
                let key = (target.to_ascii_lowercase(), name.to_ascii_lowercase());
                let own = (object.head.name.as_str(), field.name.as_str());
                if let Some((other, other_field)) = self.0.insert(key, own).filter(|it| *it != own)
                {
                    problems.push(format!(
                        "field {}: {target} has the child relationship {name} by \
                         {other}.{other_field} already",
                        field.name
                    ));
                }
            }
        }
    }
}
