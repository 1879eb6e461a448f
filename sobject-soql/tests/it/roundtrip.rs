//! What is printed parses back to the same query.

use proptest::{collection::vec, prelude::ProptestConfig, prop_assert_eq, proptest};
use sobject_soql::{Dialect, Query};

use crate::generate::Draw;

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn a_query_of_rest_prints_what_parses_back_to_it(bytes in vec(0..=u8::MAX, 0..500)) {
        let query = Draw::new(&bytes, false).query();
        let text = query.to_string();
        for dialect in [Dialect::Rest, Dialect::Rust] {
            let again = Query::parse(&text, dialect).map_err(|error| error.to_string());
            prop_assert_eq!(again.as_ref(), Ok(&query), "{}", text);
        }
    }

    #[test]
    fn a_query_of_a_program_prints_what_parses_back_to_it(bytes in vec(0..=u8::MAX, 0..500)) {
        let query = Draw::new(&bytes, true).query();
        let text = query.to_string();
        let again = Query::parse(&text, Dialect::Rust).map_err(|error| error.to_string());
        prop_assert_eq!(again.as_ref(), Ok(&query), "{}", text);
        // Names are equal in any case; printed, they keep it.
        prop_assert_eq!(again.map(|query| query.to_string()), Ok(text));
    }
}

#[test]
fn a_query_is_printed_as_it_would_be_written() {
    for text in [
        "SELECT COUNT() FROM Account",
        "SELECT Id, Name n, Owner.Name FROM Account a, a.Contacts c WHERE a.Name = 'x'",
        "SELECT FIELDS(ALL) FROM Account LIMIT 200",
        "SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Lead THEN Email ELSE Id END FROM Event",
        "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC NULLS LAST LIMIT 5 OFFSET 1) \
         FROM Account",
        "SELECT StageName, SUM(Amount) s FROM Opportunity WHERE CALENDAR_YEAR(convertTimezone(CreatedDate)) \
         = 2024 GROUP BY ROLLUP(StageName, LeadSource) HAVING SUM(Amount) > 100.50 OR COUNT(Id) >= 3",
        "SELECT Id FROM Account WHERE (a = 1 OR b != NULL) AND (NOT c LIKE 'x\\%_\\\\%') AND d NOT IN \
         (SELECT AccountId FROM Contact WHERE e < TODAY) AND f IN ('x', TRUE, LAST_N_DAYS:3)",
        "SELECT Id FROM Account WHERE tags INCLUDES ('a;b', 'c') OR tags EXCLUDES ('d')",
        "SELECT Id FROM A WHERE b > 2024-02-29T08:00:00.5+01:00 AND c = 08:00:00Z AND d = USD-5.25",
        "SELECT Id FROM A USING SCOPE mine WITH DATA CATEGORY g AT (a, b) AND h BELOW c FOR VIEW UPDATE \
         TRACKING, VIEWSTAT",
        "SELECT DISTANCE(l, GEOLOCATION(37.7, -122.4), 'mi') d FROM A ORDER BY DISTANCE(l, m, 'km') ASC",
    ] {
        assert_eq!(Query::parse(text, Dialect::Rest).unwrap().to_string(), text);
    }
    for text in [
        "SELECT Id FROM A WHERE b IN :list AND c LIKE :limit WITH USER_MODE LIMIT :n OFFSET 5 FOR UPDATE",
        "SELECT Id FROM A ALL ROWS",
    ] {
        assert_eq!(Query::parse(text, Dialect::Rust).unwrap().to_string(), text);
    }
    let loose =
        "select\tid,name from\naccount where(((a<>'\\u00e9\\N')))and not_b= +5 order by a asc";
    assert_eq!(
        loose.parse::<Query>().unwrap().to_string(),
        "SELECT id, name FROM account WHERE a != 'é\\n' AND not_b = +5 ORDER BY a ASC"
    );
}
