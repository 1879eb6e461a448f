//! Batch mode: lines in, lines out.

use serde_json::{Value as Json, json};

use super::{org, serve};

#[test]
fn every_line_is_answered_in_its_order_and_its_id_comes_back() {
    let org = org();
    let lines = r#"{"id": {"a": [1, null]}, "q": "SELECT COUNT() FROM Person__c"}
{"q": "SELECT Name FROM Person__c WHERE Name = 'Grace'", "id": "two"}
{"id": 12345678901234567890123, "q": "SELECT Nam FROM Person__c"}"#;
    let answers = serve(&org, lines.as_bytes());
    assert_eq!(answers.len(), 3);
    assert_eq!(
        answers[0],
        json!({
            "id": { "a": [1, null] }, "status": 200,
            "body": { "totalSize": 3, "done": true, "records": [] },
        })
    );
    assert_eq!(answers[1]["id"], "two");
    let record = &answers[1]["body"]["records"][0];
    let url = "/services/data/v65.0/sobjects/Person__c/a12xx0000000001AAA";
    assert_eq!(
        *record,
        json!({ "attributes": { "type": "Person__c", "url": url }, "Name": "Grace" })
    );
    assert_eq!(answers[2]["status"], 400);
    assert_eq!(answers[2]["body"][0]["errorCode"], "INVALID_FIELD");
    org.store.verify().expect("the store is consistent");
}

#[test]
fn a_number_of_any_size_comes_back_digit_by_digit_as_an_id() {
    let mut out = Vec::new();
    let line = br#"{"id": 123456789012345678901234567890.50, "q": "SELECT COUNT() FROM Group"}"#;
    super::batch::serve(&org(), super::Defaults::default(), &line[..], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with(r#"{"id":123456789012345678901234567890.50,"status":200,"#), "{text}");
}

#[test]
fn a_line_that_is_no_request_is_refused_with_its_id_where_that_can_be_read() {
    let org = org();
    let lines: &[(&[u8], Json)] = &[
        (b"", Json::Null),
        (b"[1, 2]", Json::Null),
        (b"\"SELECT Id FROM User\"", Json::Null),
        (b"{\"id\": 1, \"q\": \"SELECT ", json!(1)),
        (b"{\"id\": 2, \"q\": 7}", json!(2)),
        (b"{\"q\": 7, \"id\": 3}", json!(3)),
        (b"{\"id\": 4, \"query\": \"SELECT Id FROM User\"}", json!(4)),
        (b"{\"id\": 5, \"call\": \"search\", \"q\": \"FIND {x}\"}", json!(5)),
        (b"{\"id\": 6, \"q\": \"SELECT Id FROM User\", \"now\": \"yesterday\"}", json!(6)),
        (b"{\"id\": 7, \"q\": \"SELECT Id FROM User\", \"batchSize\": -1}", json!(7)),
        (b"{\"id\": 8, \"q\": \"SELECT Id FROM User\", \"user\": \"no@shop.example\"}", json!(8)),
        (b"{\"id\": 9, \"q\": \"SELECT Id FROM User\"} {}", json!(9)),
        (b"{\"id\": 10, \"q\": \"\xff\"}", json!(10)),
    ];
    let text: Vec<u8> = lines.iter().flat_map(|(line, _)| [line, &b"\n"[..]].concat()).collect();
    let answers = serve(&org, &text);
    assert_eq!(answers.len(), lines.len());
    for (answer, (line, id)) in answers.iter().zip(lines) {
        let line = String::from_utf8_lossy(line);
        assert_eq!(answer["id"], *id, "{line}");
        assert_eq!(answer["status"], 400, "{line}");
        assert_eq!(answer["body"][0]["errorCode"], "JSON_PARSER_ERROR", "{line}");
        assert_ne!(answer["body"][0]["message"], "", "{line}");
    }
}

#[test]
fn a_request_that_lacks_its_query_or_has_a_wrong_locator_is_told_so() {
    let answers = serve(
        &org(),
        br#"{"id": 1}
{"id": 2, "call": "queryMore"}
{"id": 3, "call": "queryMore", "next": "/services/data/v65.0/query/01g000000000000AAA-2000"}"#,
    );
    let codes: Vec<_> = answers.iter().map(|it| &it["body"][0]["errorCode"]).collect();
    assert_eq!(codes, ["MALFORMED_QUERY", "INVALID_QUERY_LOCATOR", "INVALID_QUERY_LOCATOR"]);
}

#[test]
fn user_and_clock_hold_for_their_line_only() {
    let org = org();
    let query = "SELECT COUNT() FROM Visit__c WHERE At__c = TODAY";
    let line = |more: Json| {
        let mut line = json!({ "q": query });
        line.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        line.to_string()
    };
    // At noon of the 8th in Los Angeles, where Ada is, it is the 9th in Auckland, where Hana is.
    let lines = [
        line(json!({})),
        line(json!({ "user": "HANA@shop.example" })),
        line(json!({ "now": "2025-12-31T12:00:00-08:00" })),
        line(json!({})),
    ];
    let answers = serve(&org, lines.join("\n").as_bytes());
    let counts: Vec<_> = answers.iter().map(|it| it["body"]["totalSize"].clone()).collect();
    assert_eq!(counts, [json!(2), json!(0), json!(1), json!(2)]);
    let of_bo = json!({ "q": "SELECT Revenue__c FROM Shop__c", "user": "bo@shop.example" });
    let by_id = json!({ "q": "SELECT Id FROM Person__c", "user": "005xx0000000003" });
    let lines = format!("{of_bo}\n{by_id}\n");
    let answers = serve(&org, lines.as_bytes());
    assert_eq!(answers[0]["body"][0]["errorCode"], "INVALID_FIELD");
    assert_eq!(answers[1]["body"][0]["errorCode"], "INVALID_TYPE");
}

#[test]
fn the_size_of_a_batch_holds_for_its_line() {
    let org = org();
    let person = |n: usize| {
        let record = json!({ "Name": format!("Guest {n:04}") });
        record.as_object().cloned().unwrap()
    };
    let people = org.store.system().object("Person__c").unwrap();
    for from in [0, 200, 400] {
        let records: Vec<_> = (from..from + 200).map(person).collect();
        assert!(people.create_many(&records).unwrap().iter().all(Result::is_ok));
    }
    let ask = |line: Json| serve(&org, line.to_string().as_bytes()).remove(0)["body"].clone();
    let query = "SELECT Name FROM Person__c WHERE Name LIKE 'Guest%' ORDER BY Name";
    let first = ask(json!({ "q": query, "batchSize": 250 }));
    // Less than 200 is raised to that.
    let second = ask(json!({
        "call": "queryMore", "next": first["nextRecordsUrl"], "batchSize": 10,
    }));
    let next = second["nextRecordsUrl"].as_str().expect("there is more");
    // The part behind the last slash is enough, and the query's own size holds again.
    let third = ask(json!({ "call": "queryMore", "next": next.rsplit('/').next() }));
    let batches = [first, second, third];
    let sizes: Vec<_> = batches.iter().map(|it| it["records"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [250, 200, 150]);
    let names: Vec<_> = batches
        .iter()
        .flat_map(|it| it["records"].as_array().unwrap())
        .map(|it| it["Name"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.is_sorted() && names.len() == 600);
    for (batch, is_done) in batches.iter().zip([false, false, true]) {
        assert_eq!((&batch["totalSize"], &batch["done"]), (&json!(600), &json!(is_done)));
        assert_eq!(batch.get("nextRecordsUrl").is_none(), is_done);
    }
    org.store.verify().expect("the store is consistent");
}

#[test]
fn deleted_rows_are_found_by_query_all_alone() {
    let answers = serve(
        &org(),
        br#"{"q": "SELECT Name FROM Shop__c WHERE Name = 'Old Mill'"}
{"call": "queryAll", "q": "SELECT Name, IsDeleted FROM Shop__c WHERE Name = 'Old Mill'"}"#,
    );
    assert_eq!(answers[0]["body"]["totalSize"], 0);
    assert_eq!(answers[1]["body"]["records"][0]["IsDeleted"], true);
}

#[test]
fn a_plan_has_the_keys_of_the_rest_api() {
    let answers = serve(
        &org(),
        br#"{"call": "explain", "q": "SELECT Id FROM Shop__c WHERE Code__c = 'S1'"}"#,
    );
    let plan = answers[0]["body"]["plans"][0].as_object().expect("a plan");
    let keys: Vec<_> = plan.keys().collect();
    assert_eq!(
        keys,
        [
            "cardinality",
            "fields",
            "leadingOperationType",
            "notes",
            "relativeCost",
            "sobjectCardinality",
            "sobjectType"
        ]
    );
    assert_eq!(plan["leadingOperationType"], "Index");
}

#[test]
fn numbers_are_printed_as_an_org_prints_them() {
    let mut out = Vec::new();
    let line =
        br#"{"q": "SELECT Revenue__c FROM Shop__c WHERE Code__c IN ('S1', 'S3') ORDER BY Code__c"}
{"q": "SELECT SUM(ChatReqAssigned) s, MAX(ChatReqAssigned) m, COUNT(Id) n FROM LiveAgentSession"}"#;
    super::batch::serve(&org(), super::Defaults::default(), &line[..], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].contains(r#""Revenue__c":1234567.0}"#), "{}", lines[0]);
    assert!(lines[0].contains(r#""Revenue__c":1.2345678E7}"#), "{}", lines[0]);
    assert!(lines[1].contains(r#""s":19.0,"m":12,"n":3}"#), "{}", lines[1]);
}
