//! `permissions.json`: what users may not do.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use sobject_core::{FieldRight, ObjectDescribe, ObjectRight, Permissions};

use super::Outcome;

/// The rights of the users that are named, by Username.
#[derive(Clone, Debug, Default)]
pub(super) struct Rights(BTreeMap<String, Permissions>);

/// The rights of a user that are not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Narrowed {
    objects: BTreeMap<String, BTreeMap<String, bool>>,
    fields: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Rights {
    pub(super) fn read(path: &Path, objects: &[ObjectDescribe]) -> Outcome<Self> {
        let users: BTreeMap<String, Narrowed> = super::read(path)?.unwrap_or_default();
        let mut rights = BTreeMap::new();
        for (user, narrowed) in users {
            let permissions = narrowed
                .permissions(objects)
                .map_err(|problem| format!("{}: {user}: {problem}", path.display()))?;
            rights.insert(user.to_lowercase(), permissions);
        }
        Ok(Self(rights))
    }

    /// What a user may do; everything, if nothing is said of the user.
    pub(super) fn of(&self, username: &str) -> Permissions {
        self.0.get(&username.to_lowercase()).cloned().unwrap_or_else(Permissions::all)
    }
}

impl Narrowed {
    fn permissions(&self, objects: &[ObjectDescribe]) -> Result<Permissions, String> {
        let find = |name: &str| {
            let found = objects.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            found.ok_or_else(|| format!("there is no object {name}"))
        };
        let mut permissions = Permissions::all();
        for (object, rights) in &self.objects {
            let name = &find(object)?.name;
            for (right, given) in rights {
                let right = match right.as_str() {
                    "read" => ObjectRight::Read,
                    "create" => ObjectRight::Create,
                    "edit" => ObjectRight::Edit,
                    "delete" => ObjectRight::Delete,
                    other => return Err(format!("{object}: there is no right {other}")),
                };
                if !given {
                    permissions = permissions.mute(name, [right]);
                }
            }
        }
        for (path, rights) in &self.fields {
            let (object, field) =
                path.split_once('.').ok_or_else(|| format!("{path} is not OBJECT.FIELD"))?;
            let object = find(object)?;
            let field = object.fields.iter().find(|it| it.name.eq_ignore_ascii_case(field));
            let field = field.ok_or_else(|| format!("there is no field {path}"))?;
            for (right, given) in rights {
                let right = match right.as_str() {
                    "read" => FieldRight::Read,
                    "edit" => FieldRight::Edit,
                    other => return Err(format!("{path}: there is no right {other}")),
                };
                if !given {
                    let names = (object.name.as_str(), field.name.as_str());
                    permissions = permissions.mute_field(names, right);
                }
            }
        }
        Ok(permissions)
    }
}
