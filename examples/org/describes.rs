//! Describes of a folder. One that an org sends has every key of API v65; one that was written by
//! hand may leave keys out, which have their usual defaults then.

use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};
use sobject_core::ObjectDescribe;

use super::{Outcome, files};

type Keys = Map<String, Json>;

/// Reads every describe of a folder, in the order of the files' names.
pub(super) fn read(dir: &std::path::Path) -> Outcome<Vec<ObjectDescribe>> {
    let mut read: Vec<(PathBuf, Keys)> = Vec::new();
    for path in files(dir)? {
        let mut object: Keys = super::read(&path)?.unwrap_or_default();
        complete_object(&mut object).map_err(|problem| format!("{}: {problem}", path.display()))?;
        let name = &object["name"];
        if let Some((other, _)) = read.iter().find(|(_, it)| same_name(&it["name"], name)) {
            let (path, other) = (path.display(), other.display());
            return Err(format!("{path}: {other} describes {} as well", text(name)).into());
        }
        read.push((path, object));
    }
    let describe = |(path, object): (PathBuf, Keys)| {
        let name = text(&object["name"]).to_owned();
        serde_json::from_value(Json::Object(object))
            .map_err(|error| format!("{}: {name}: {error}", path.display()).into())
    };
    read.into_iter().map(describe).collect()
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn same_name(a: &Json, b: &Json) -> bool {
    text(a).eq_ignore_ascii_case(text(b))
}

fn is_set(keys: &Keys, key: &str) -> bool {
    keys.get(key).and_then(Json::as_bool).unwrap_or_default()
}

/// Puts keys that are not there.
fn put(keys: &mut Keys, defaults: Json) {
    let Json::Object(defaults) = defaults else { return };
    for (key, value) in defaults {
        keys.entry(key).or_insert(value);
    }
}

fn complete_object(object: &mut Keys) -> Result<(), String> {
    let Some(name) = object.get("name").and_then(Json::as_str).map(str::to_owned) else {
        return Err("this is no describe, since it has no name".to_owned());
    };
    let is_custom = name.ends_with("__c");
    let label = object.get("label").and_then(Json::as_str).unwrap_or(&name).to_owned();
    put(
        object,
        json!({
            "actionOverrides": [], "activateable": false, "childRelationships": [],
            "compactLayoutable": true, "createable": true, "custom": is_custom,
            "customSetting": false, "deepCloneable": false, "defaultImplementation": null,
            "deletable": true, "deprecatedAndHidden": false, "extendedBy": null,
            "extendsInterfaces": null, "feedEnabled": false, "fields": [], "hasSubtypes": false,
            "implementedBy": null, "implementsInterfaces": null, "isInterface": false,
            "isSubtype": false, "keyPrefix": null, "label": label, "labelPlural": format!("{label}s"),
            "layoutable": true, "listviewable": null, "lookupLayoutable": null, "mergeable": false,
            "mruEnabled": true, "namedLayoutInfos": [], "networkScopeFieldName": null,
            "queryable": true, "recordTypeInfos": [], "replicateable": true, "retrieveable": true,
            "searchLayoutable": true, "searchable": true, "supportedScopes": [], "triggerable": true,
            "undeletable": true, "updateable": true, "urls": {},
        }),
    );
    let each = |object: &mut Keys, key: &str, complete: fn(&mut Keys) -> Result<(), String>| {
        let list = object.get_mut(key).and_then(Json::as_array_mut);
        let list = list.ok_or_else(|| format!("{name}: {key} is no list"))?;
        for entry in list {
            let entry = entry.as_object_mut();
            let entry = entry.ok_or_else(|| format!("{name}: an entry of {key} is no object"))?;
            complete(entry).map_err(|problem| format!("{name}: {problem}"))?;
        }
        Ok::<_, String>(())
    };
    each(object, "fields", complete_field)?;
    each(object, "childRelationships", |relationship| {
        put(
            relationship,
            json!({
                "cascadeDelete": false, "deprecatedAndHidden": false, "junctionIdListNames": [],
                "junctionReferenceTo": [], "relationshipName": null, "restrictedDelete": false,
            }),
        );
        Ok(())
    })?;
    each(object, "recordTypeInfos", |info| {
        let name = info.get("name").cloned().unwrap_or_default();
        put(
            info,
            json!({
                "active": true, "available": true, "defaultRecordTypeMapping": false,
                "developerName": name, "master": false, "urls": {},
            }),
        );
        Ok(())
    })
}

/// What is not the same for fields of every type.
#[expect(clippy::struct_excessive_bools, reason = "they are flags of describe")]
struct Type {
    soap: &'static str,
    /// A length of text, or the digits of an int.
    size: u32,
    is_filterable: bool,
    is_groupable: bool,
    is_sortable: bool,
    is_aggregatable: bool,
}

impl Type {
    fn of(name: &str, length: Option<u64>) -> Self {
        let text = |size, soap| Self {
            soap,
            size,
            is_filterable: true,
            is_groupable: true,
            is_sortable: true,
            is_aggregatable: true,
        };
        let number = |soap, is_groupable| Self { is_groupable, ..text(0, soap) };
        match name {
            "id" | "reference" => text(18, "tns:ID"),
            "boolean" => Self { is_aggregatable: false, ..text(0, "xsd:boolean") },
            "int" => text(8, "xsd:int"),
            "long" => number("xsd:long", false),
            "double" | "currency" | "percent" => number("xsd:double", false),
            "date" => text(0, "xsd:date"),
            "datetime" => number("xsd:dateTime", false),
            "time" => Self { is_aggregatable: false, ..number("xsd:time", false) },
            "email" => text(80, "xsd:string"),
            "phone" => text(40, "xsd:string"),
            "textarea" if length.is_none_or(|length| length <= 255) => {
                Self { is_groupable: false, ..text(255, "xsd:string") }
            }
            "multipicklist" => Self {
                is_groupable: false,
                is_sortable: false,
                is_aggregatable: false,
                ..text(4_099, "xsd:string")
            },
            "textarea" | "base64" | "address" | "location" | "complexvalue" | "anyType"
            | "encryptedstring" => Self {
                soap: match name {
                    "base64" => "xsd:base64Binary",
                    "address" => "urn:address",
                    "location" => "urn:location",
                    "anyType" => "xsd:anyType",
                    _ => "xsd:string",
                },
                is_filterable: false,
                is_groupable: false,
                is_sortable: false,
                is_aggregatable: false,
                size: 0,
            },
            _ => text(255, "xsd:string"),
        }
    }
}

/// The fields that the platform sets on its own.
const SYSTEM: [&str; 7] = [
    "Id",
    "IsDeleted",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
];

fn complete_field(field: &mut Keys) -> Result<(), String> {
    let Some(name) = field.get("name").and_then(Json::as_str).map(str::to_owned) else {
        return Err("a field has no name".to_owned());
    };
    let is_system = SYSTEM.contains(&&*name);
    let field_type = match field.get("type") {
        Some(given) => given.as_str().ok_or_else(|| format!("the type of {name} is no text"))?,
        None => match &*name {
            "Id" => "id",
            "IsDeleted" => "boolean",
            "CreatedById" | "LastModifiedById" => "reference",
            "CreatedDate" | "LastModifiedDate" | "SystemModstamp" => "datetime",
            _ => "string",
        },
    }
    .to_owned();
    let length = field.get("length").and_then(Json::as_u64);
    let of_type = Type::of(&field_type, length);
    let is_int = field_type == "int";
    let is_decimal = of_type.soap == "xsd:double";
    let is_written = !is_system && !is_set(field, "autoNumber") && !is_set(field, "calculated");
    let is_boolean = field_type == "boolean";
    let is_unset = !is_system && !is_boolean && field_type != "id";
    let label = field.get("label").cloned().unwrap_or_else(|| name.clone().into());
    let targets = if is_system && field_type == "reference" { json!(["User"]) } else { json!([]) };
    let n_targets = field.get("referenceTo").unwrap_or(&targets).as_array().map_or(0, Vec::len);
    let relationship = match &*name {
        "CreatedById" => json!("CreatedBy"),
        "LastModifiedById" => json!("LastModifiedBy"),
        _ => Json::Null,
    };
    let length = length.unwrap_or(if is_int { 0 } else { u64::from(of_type.size) });
    put(
        field,
        json!({
            "aggregatable": of_type.is_aggregatable, "aiPredictionField": false, "autoNumber": false,
            "byteLength": length * if of_type.soap == "xsd:string" { 3 } else { 1 },
            "calculated": false, "calculatedFormula": null, "cascadeDelete": false,
            "caseSensitive": false, "compoundFieldName": null, "controllerName": null,
            "createable": is_written, "custom": name.ends_with("__c"),
            "defaultValue": if is_boolean { json!(false) } else { Json::Null },
            "defaultValueFormula": null,
            "defaultedOnCreate": is_system || is_boolean || is_set(field, "autoNumber"),
            "dependentPicklist": false, "deprecatedAndHidden": false,
            "digits": if is_int { of_type.size } else { 0 }, "displayLocationInDecimal": false,
            "encrypted": false, "externalId": false, "extraTypeInfo": null,
        }),
    );
    put(
        field,
        json!({
            "filterable": of_type.is_filterable, "filteredLookupInfo": null,
            "formulaTreatNullNumberAsZero": false, "groupable": of_type.is_groupable,
            "highScaleNumber": false, "htmlFormatted": false,
            "idLookup": name == "Id" || is_set(field, "externalId"), "inlineHelpText": null,
            "label": label, "length": length, "mask": null, "maskType": null, "nameField": false,
            "namePointing": n_targets > 1, "nillable": is_unset,
        }),
    );
    put(
        field,
        json!({
            "permissionable": name.ends_with("__c"), "picklistValues": [],
            "polymorphicForeignKey": n_targets > 1, "precision": if is_decimal { 18 } else { 0 },
            "queryByDistance": false, "referenceTargetField": null, "referenceTo": targets,
            "relationshipName": relationship, "relationshipOrder": null, "restrictedDelete": false,
            "restrictedPicklist": false, "scale": 0, "searchPrefilterable": false,
            "soapType": of_type.soap, "sortable": of_type.is_sortable, "type": field_type,
            "unique": false, "updateable": is_written, "writeRequiresMasterRead": false,
        }),
    );
    let values = field.get_mut("picklistValues").and_then(Json::as_array_mut);
    for value in values.into_iter().flatten() {
        if let Json::String(text) = value {
            *value = json!({ "value": text });
        }
        let entry = value.as_object_mut();
        let entry = entry.ok_or_else(|| format!("a picklist value of {name} is no object"))?;
        let label = entry.get("value").cloned().unwrap_or_default();
        put(
            entry,
            json!({
                "active": true, "defaultValue": false, "label": label, "validFor": null,
            }),
        );
    }
    Ok(())
}
