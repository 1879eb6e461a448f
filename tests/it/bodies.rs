//! The bodies that the example `request_bodies` prints are accepted by a store.

use serde_json::{Value as Json, json};
use sobject_core::{Id, JsonRecord};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate, at, map,
};

use self::example::Views;

#[path = "../../examples/request_bodies/bodies.rs"]
mod example;

/// The bodies of the requests about a session of the desk's agent, as text.
fn bodies(desk: &Desk, id: Id<LiveAgentSession>) -> (Views, Vec<Json>) {
    let (login, logout) = (at("2026-03-01T08:00:00Z"), at("2026-03-01T16:30:00.999Z"));
    let views = Views::of(desk.agent, login, logout);
    let requests = views.requests(id).unwrap();
    for request in &requests {
        let path = request.line.split_once(' ').unwrap().1;
        assert!(path.starts_with("/services/data/v65.0/"), "{}: {path}", request.what);
    }
    let texts = requests.iter().map(|request| request.body.to_string());
    (views, texts.map(|text| serde_json::from_str(&text).unwrap()).collect())
}

#[test]
fn a_body_has_what_is_set_under_api_names_in_the_form_of_an_org() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let (_, bodies) = bodies(&desk, id);
    let least = json!({
        "AgentId": desk.agent.to_string(),
        "LoginTime": "2026-03-01T08:00:00.000+0000",
        "LogoutTime": "2026-03-01T16:30:00.999+0000",
    });
    let mut create = map(&least);
    create.extend(map(&json!({ "ChatReqAssigned": 3, "TimeIdle": 0 })));
    assert_eq!(bodies[0], Json::from(create.clone()));
    assert_eq!(bodies[1], json!({ "ChatReqEngaged": 3, "TimeIdle": null }));
    let with_attributes = |record: &JsonRecord| {
        let mut record = record.clone();
        record.insert("attributes".to_owned(), json!({ "type": "LiveAgentSession" }));
        record
    };
    let records = [with_attributes(&create), with_attributes(&map(&least))];
    assert_eq!(bodies[2], json!({ "allOrNone": false, "records": records }));
}

#[test]
fn a_body_that_is_read_back_does_what_its_view_does() {
    let desk = Desk::new();
    let sessions = desk.object("LiveAgentSession");
    let typed = desk.db.create(desk.session()).unwrap();
    let (views, bodies) = bodies(&desk, typed);

    let same = |a: Id<LiveAgentSession>, b: Id<LiveAgentSession>| {
        let [mut a, b] = [a, b].map(|id| desk.get(id).fields);
        a.name.clone_from(&b.name);
        assert_eq!(a, b);
    };
    let from_view = desk.db.create(&views.create).unwrap();
    let from_body = Id::new(sessions.create(&map(&bodies[0])).unwrap());
    same(from_view, from_body);

    desk.db.update(from_view, &views.update).unwrap();
    sessions.update(from_body.into(), &map(&bodies[1])).unwrap();
    same(from_view, from_body);
    let updated = desk.get(from_body);
    assert_eq!((updated.chat_req_engaged, updated.time_idle), (Some(3), None));
    assert_eq!(updated.chat_req_assigned, Some(3), "what a body lacks stays as it is");

    let collection: Vec<_> = bodies[2]["records"].as_array().unwrap().iter().map(map).collect();
    let from_bodies = sessions.create_many(&collection).unwrap();
    let from_views = desk.db.create_many(&[&views.create, &views.least]).unwrap();
    for (view, body) in from_views.into_iter().zip(from_bodies) {
        same(view.unwrap(), Id::new(body.unwrap()));
    }
    desk.verify();
}

#[test]
fn an_update_that_sets_nothing_has_an_empty_body() {
    let body = serde_json::to_value(LiveAgentSessionUpdate::default()).unwrap();
    assert_eq!(body, json!({}));
}
