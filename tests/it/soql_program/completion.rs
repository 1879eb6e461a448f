//! Completion at the prompt.

use super::{complete::Names, org};

#[test]
fn names_are_completed_where_they_may_stand() {
    let names = Names::of(&org().connect(None).unwrap()).unwrap();
    // The place is marked with a bar.
    for (line, expected) in [
        ("SEL|", &["SELECT"][..]),
        ("SELECT Id FROM Sh|", &["Shop__c"]),
        (
            "SELECT Id FROM |",
            &["Group", "LiveAgentSession", "Person__c", "Shop__c", "User", "Visit__c"],
        ),
        ("SELECT Rev| FROM Shop__c", &["Revenue__c"]),
        ("SELECT Id, Par| FROM Shop__c", &["Parent__c", "Parent__r."]),
        ("select id from shop__c where parent__r.par|", &["Parent__c", "Parent__r."]),
        ("SELECT Parent__r.Parent__r.Rev| FROM Shop__c", &["Revenue__c"]),
        ("SELECT Owner.Use| FROM Shop__c", &["UserRoleId", "Username"]),
        ("SELECT Guest__r.Owner.Ty| FROM Visit__c", &["Type"]),
        ("SELECT s.Rev| FROM Shop__c s", &["Revenue__c"]),
        ("SELECT Shop__c.Rev| FROM Shop__c", &["Revenue__c"]),
        ("SELECT SUM(Sp| FROM Visit__c", &["Spent__c"]),
        ("SELECT (SELECT Id FROM |) FROM Shop__c", &["Branches__r", "Visits__r"]),
        ("SELECT (SELECT Gue| FROM Visits__r) FROM Shop__c", &["Guest__c", "Guest__r."]),
        ("SELECT Id FROM Shop__c WHERE Id IN (SELECT Sh| FROM Visit__c)", &["Shop__c", "Shop__r."]),
        ("SELECT Id FROM Shop__c WHERE Id IN (SELECT Shop__c FROM Vi|", &["Visit__c"]),
        ("SELECT Birth|", &["Birthday__c"]),
        ("SELECT Id FROM Visit__c WHERE At__c = LAST_N|", &["LAST_N_DAYS:"]),
        ("SELECT Id FROM Shop__c WHERE Name = 'Rev|", &[]),
        ("SELECT Nowhere__r.Na| FROM Shop__c", &[]),
    ] {
        let pos = line.find('|').unwrap();
        let (start, found) = names.complete(&line.replace('|', ""), pos);
        assert_eq!(found, expected, "{line}");
        let typed = &line[start..pos];
        assert!(
            found.iter().all(|it| it.to_lowercase().starts_with(&typed.to_lowercase())),
            "{line}"
        );
    }
}

#[test]
fn what_the_caller_may_not_see_is_not_offered() {
    let org = org();
    let names = Names::of(&org.connect(Some("bo@shop.example")).unwrap()).unwrap();
    assert!(names.complete("SELECT Id FROM Per", 18).1.is_empty());
    assert!(names.complete("SELECT Rev FROM Shop__c", 10).1.is_empty());
}
