//! What the program prints for people, and comma-separated values.

use sobject_core::Error;

use super::{
    mistake::{self, Look},
    org,
    shown::{self, Asked, Form},
};

fn shown(query: &str, form: Form) -> Result<String, Error> {
    let asked = Asked { all_rows: false, batch_size: Some(200), form };
    shown::answer(&org().connect(None).unwrap(), query, &asked)
}

#[test]
fn a_table_has_parents_as_dotted_columns_and_children_on_lines_of_their_own() {
    let query = "SELECT Name, Owner.Name, Parent__r.Name, Seats__c, \
                        (SELECT Guest__r.Name, Spent__c FROM Visits__r ORDER BY At__c) \
                 FROM Shop__c WHERE Code__c IN ('S1', 'S2', 'S4') ORDER BY Name";
    let expected = "\
Name            Owner.Name    Parent__r.Name  Seats__c  Visits__r (Guest__r.Name, Spent__c)
─────────────────────────────────────────────────────────────────────────────────────────────
Corner Café     Ada Lovelace                        40  ,
                                                        Grace, 12.5
                                                        Edsger, 7
Harbour Kiosk   Hana Ngata    Corner Café            0  Grace, 3.2
O'Neill's 100%  Berg          corner bakery         12

3 rows
";
    assert_eq!(shown(query, Form::Table).unwrap(), expected);
}

#[test]
fn a_count_is_a_number_and_no_rows_are_said_to_be_none() {
    for (query, expected) in [
        ("SELECT COUNT() FROM Visit__c", "7\n"),
        ("SELECT COUNT() FROM Visit__c WHERE Stars__c = 17", "0\n"),
        ("SELECT Id FROM Visit__c WHERE Stars__c = 17", "0 rows\n"),
        ("SELECT COUNT(Id) n FROM Visit__c", "n\n───\n7\n\n1 row\n"),
    ] {
        assert_eq!(shown(query, Form::Table).unwrap(), expected, "{query}");
    }
}

#[test]
fn comma_separated_values_are_quoted_where_they_must_be_and_children_are_numbered() {
    for (query, expected) in [
        (
            "SELECT Name, Parent__r.Owner.Name, Revenue__c FROM Shop__c WHERE Seats__c > 5 ORDER BY Name",
            "Name,Parent__r.Owner.Name,Revenue__c\n\
             corner bakery,Ada Lovelace,1.2345678E7\n\
             Corner Café,,1234567.0\n\
             O'Neill's 100%,Openings,\n",
        ),
        (
            "SELECT Code__c, (SELECT Stars__c FROM Visits__r ORDER BY At__c) FROM Shop__c \
             WHERE Code__c IN ('S2', 'S4') ORDER BY Code__c",
            "Code__c,Visits__r.totalSize,Visits__r.records.0.Stars__c\nS2,1,5.0\nS4,,\n",
        ),
        ("SELECT COUNT() FROM Group", "COUNT()\n1\n"),
        (
            "SELECT Phone__c, Name FROM Person__c WHERE Phone__c != null",
            "Phone__c,Name\n+31 20 555,Edsger\n",
        ),
    ] {
        assert_eq!(shown(query, Form::Csv).unwrap(), expected, "{query}");
    }
}

#[test]
fn json_is_the_first_batch_as_the_rest_api_prints_it() {
    let query = "SELECT Revenue__c FROM Shop__c WHERE Code__c = 'S3'";
    let expected = "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Shop__c\",\
                    \"url\":\"/services/data/v65.0/sobjects/Shop__c/a10xx0000000003AAA\"},\
                    \"Revenue__c\":1.2345678E7}]}\n";
    assert_eq!(shown(query, Form::Json).unwrap(), expected);
}

#[test]
fn a_plan_says_which_path_was_taken() {
    let plan = shown("SELECT Id FROM Shop__c WHERE Code__c = 'S3'", Form::Plan).unwrap();
    assert!(plan.contains("Code__c") && plan.contains("read"), "{plan}");
}

#[test]
fn on_a_terminal_a_mistake_has_a_caret_under_its_place() {
    let query = "SELECT Name\nFROM Shop__c WHERE Revenu__c > 5 AND Name != 'a text that goes on and on and on'";
    let error = shown(query, Form::Table).unwrap_err();
    let text = |is_coloured| mistake::text(&error, query, Look::Terminal { is_coloured });
    let plain = text(false);
    let lines: Vec<_> = plain.lines().collect();
    assert!(lines[0].starts_with("INVALID_FIELD: "), "{plain}");
    assert_eq!(
        lines[1],
        "  FROM Shop__c WHERE Revenu__c > 5 AND Name != 'a text that goes on and…"
    );
    assert_eq!(lines[2], "                     ^");
    assert_eq!(lines[3], "did you mean Revenue__c?");
    assert!(!plain.contains('\u{1b}'));
    assert!(text(true).contains("\u{1b}[1;31m^\u{1b}[0m"));
    let for_programs = mistake::text(&error, query, Look::Plain);
    assert_eq!(for_programs, format!("INVALID_FIELD: {}", error.message()));
}
