//! Errors as an org prints them: as the whole answer, and in the results of a call.

use serde_json::{Value as Json, json};
use sobject_core::{Error, Id, SaveResult};

use crate::desk::{Desk, Part, PartCreate, PartUpdate, map};

fn answer(error: &Error) -> Json {
    serde_json::to_value([error]).unwrap()
}

#[test]
fn an_error_is_the_body_of_an_orgs_answer() {
    let desk = Desk::new();
    let sessions = desk.object("LiveAgentSession");
    let error = sessions.create(&map(&json!({}))).unwrap_err();
    assert_eq!(
        serde_json::to_string(&[&error]).unwrap(),
        "[{\"message\":\"Required fields are missing: [AgentId, LoginTime, LogoutTime]\",\
         \"errorCode\":\"REQUIRED_FIELD_MISSING\",\
         \"fields\":[\"AgentId\",\"LoginTime\",\"LogoutTime\"]}]"
    );
    let deleted = desk.db.create(PartCreate::new("p")).unwrap();
    desk.db.delete(deleted).unwrap();
    assert_eq!(
        answer(&desk.db.get(deleted).unwrap_err()),
        json!([{ "message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED", "fields": [] }]),
        "an error of a record lists fields, be it none"
    );
    let no_field = sessions.create(&map(&json!({ "Nmae": 1 }))).unwrap_err();
    assert_eq!(no_field.fields(), ["Nmae"]);
    assert_eq!(answer(&no_field)[0]["fields"], json!([]), "an org does not list what it lacks");
    let unknown = desk.db.object("Nothing__c").unwrap_err();
    assert_eq!(
        answer(&unknown),
        json!([{ "message": "sObject type 'Nothing__c' is not supported.",
                 "errorCode": "INVALID_TYPE" }]),
        "and one of a resource lists none"
    );
    let parts = desk.object("Part");
    let part = parts.create(&map(&json!({ "Name": "p" }))).unwrap();
    let id_in_body = parts.update(part, &map(&json!({ "Id": part, "Name": "q" }))).unwrap_err();
    assert_eq!(id_in_body.fields(), ["Id"]);
    assert_eq!(
        answer(&id_in_body),
        json!([{ "message": "The Id field should not be specified in the sobject data.",
                 "errorCode": "INVALID_FIELD" }]),
        "and nor does one of the body as a whole"
    );
    let by_text = desk.object("Sample").find("Origin", "x").unwrap_err();
    assert_eq!(
        (by_text.fields(), by_text.listed_fields()),
        (vec!["Origin".to_owned()], Vec::new())
    );
    assert_eq!(answer(&by_text)[0].get("fields"), None);
    let not_plain = sessions.create(&map(&json!({ "ChatReqAssigned": {} }))).unwrap_err();
    assert_eq!(answer(&not_plain)[0].get("fields"), None);
    assert_eq!(answer(&not_plain)[0]["errorCode"], "JSON_PARSER_ERROR");
}

#[test]
fn the_results_of_a_call_are_those_of_an_org() {
    let desk = Desk::new();
    let parts = [PartCreate::new("a"), PartCreate::new("x".repeat(300))];
    let created = desk.db.create_many(&parts).unwrap();
    let printed: Vec<_> = created.iter().map(SaveResult::created).collect();
    let id = *created[0].as_ref().unwrap();
    let message = created[1].as_ref().unwrap_err().message();
    assert_eq!(
        serde_json::to_string(&printed).unwrap(),
        format!(
            "[{{\"id\":\"{id}\",\"success\":true,\"errors\":[]}},{{\"success\":false,\"errors\":\
             [{{\"statusCode\":\"STRING_TOO_LONG\",\"message\":\"{message}\",\
             \"fields\":[\"Name\"]}}]}}]"
        )
    );

    let gone: Id<Part> = "a0Pxx0000000999".parse().unwrap();
    let update = PartUpdate { name: "b".to_owned().into(), ..PartUpdate::default() };
    let ids = [id, gone];
    let updates = ids.map(|id| (id, update.clone()));
    let answers = desk.db.update_many(&updates).unwrap();
    let printed: Vec<_> =
        ids.iter().zip(&answers).map(|(id, result)| SaveResult::changed(*id, result)).collect();
    assert_eq!(
        serde_json::to_value(&printed).unwrap(),
        json!([
            { "id": id.to_string(), "success": true, "errors": [] },
            { "id": gone.to_string(), "success": false, "errors": [{
                "statusCode": "INVALID_CROSS_REFERENCE_KEY",
                "message": "invalid cross reference id",
                "fields": [],
            }] },
        ])
    );
}
