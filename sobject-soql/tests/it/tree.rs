//! What the tree says of a text, and how it is built without one.

use sobject_soql::{
    CompareOp, Comparison, Date, DateLiteral, DateTime, DateUnit, Dialect, Expr, FieldExpr,
    FieldSet, Function, FunctionCall, GroupBy, GroupKind, Literal, Name, Nulls, Number, Operand,
    OrderItem, Path, Pattern, PatternPart, Query, Select, SelectItem, Selected, SemiJoin, Set,
    Span, Test, Time, TypeOf, TypeOfBranch, UtcOffset,
};

fn parse(text: &str) -> Query {
    Query::parse(text, Dialect::Rust).unwrap()
}

fn comparison(text: &str) -> Comparison {
    match parse(&format!("SELECT Id FROM A WHERE {text}")).filter {
        Some(Expr::Comparison(comparison)) => *comparison,
        other => panic!("{other:?}"),
    }
}

fn literal(text: &str) -> Literal {
    match comparison(&format!("a = {text}")).test.value {
        Test::Compare(_, operand) => operand.literal().unwrap().clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_part_knows_where_it_stands() {
    let text = "SELECT Id, Agent.Name, SUM(Time_In_Chats__c) s, (SELECT Id FROM Items) FROM Session t \
                WHERE t.Owner.Name LIKE 'A%' AND d IN (TODAY, :day) AND e IN (SELECT f FROM G) \
                ORDER BY FORMAT(x) LIMIT -5 OFFSET :n FOR VIEW UPDATE TRACKING";
    let query = parse(text);
    let at = |span: Span| span.of(text).unwrap();

    let items = query.select.items();
    assert_eq!(
        at(query.select.span),
        "Id, Agent.Name, SUM(Time_In_Chats__c) s, (SELECT Id FROM Items)"
    );
    let Selected::Field(FieldExpr::Path(path)) = &items[1].selected else { panic!() };
    assert_eq!(at(path.span()), "Agent.Name");
    assert_eq!(path.names().map(|name| at(name.span())).collect::<Vec<_>>(), ["Agent", "Name"]);
    let Selected::Field(sum) = &items[2].selected else { panic!() };
    assert_eq!(
        (at(sum.span()), at(sum.path().span())),
        ("SUM(Time_In_Chats__c)", "Time_In_Chats__c")
    );
    assert_eq!(at(items[2].alias.as_ref().unwrap().span()), "s");
    let Selected::Children(children) = &items[3].selected else { panic!() };
    assert_eq!(at(children.span), "SELECT Id FROM Items");
    assert_eq!(at(children.from.span()), "Items");
    assert_eq!(at(query.from.span()), "Session");

    let Some(Expr::And(all)) = &query.filter else { panic!() };
    let [Expr::Comparison(like), Expr::Comparison(day), Expr::Comparison(semi)] = &all[..] else {
        panic!()
    };
    assert_eq!((at(like.field.span()), at(like.test.span)), ("t.Owner.Name", "LIKE 'A%'"));
    let Test::In(Set::List(days)) = &day.test.value else { panic!() };
    assert_eq!(days.iter().map(|day| at(day.span)).collect::<Vec<_>>(), ["TODAY", ":day"]);
    let Test::In(Set::SemiJoin(inner)) = &semi.test.value else { panic!() };
    assert_eq!(at(inner.span), "(SELECT f FROM G)");

    assert_eq!(at(query.order_by[0].field.span()), "FORMAT(x)");
    assert_eq!(at(query.limit.as_ref().unwrap().span), "-5");
    assert_eq!(at(query.offset.as_ref().unwrap().span), ":n");
    assert_eq!(at(query.tracking.unwrap().span), "FOR VIEW");
    assert_eq!(at(query.update[0].span()), "TRACKING");
}

#[test]
fn a_query_built_in_rust_is_the_one_read_from_text() {
    let sessions = Query {
        filter: Some(Expr::compare("IsDeleted", CompareOp::Equal, false)),
        ..Query::new(["Id"], "Sessions__r")
    };
    let type_of = TypeOf {
        path: "Owner".into(),
        branches: vec![TypeOfBranch { object: "Group".into(), fields: vec!["Email".into()] }],
        otherwise: vec!["Name".into()],
    };
    let call = FunctionCall {
        function: Function::CalendarYear.into(),
        inner: Some(Function::ConvertTimezone.into()),
        path: "LoginTime".into(),
    };
    let built = Query {
        filter: Some(
            (Expr::compare("Agent.Name", CompareOp::NotEqual, "O'Neill")
                .or(Expr::like("Name", Pattern::starts_with("50%")))
                .or(Expr::is_null("Time__c")))
            .and(!Expr::is_in("Number__c", [1, -2]))
            .and(Expr::test(
                "Id",
                Test::NotIn(Set::SemiJoin(Box::new(SemiJoin::new("Session__c", "Note__c").into()))),
            )),
        ),
        group_by: Some(GroupBy {
            kind: GroupKind::Plain,
            fields: vec![call.clone().into()],
            having: Some(Expr::compare(
                FieldExpr::function(Function::Count, "Id"),
                CompareOp::Greater,
                Number::new("1.50").unwrap(),
            )),
        }),
        order_by: vec![OrderItem::desc("Name").nulls(Nulls::Last), OrderItem::asc(call.clone())],
        limit: Some(10.into()),
        ..Query::new(
            [
                SelectItem::from("Name"),
                SelectItem::from(FieldExpr::function(Function::Max, "LoginTime")).alias("latest"),
                SelectItem::from(sessions),
                SelectItem::from(type_of),
                SelectItem::from(FieldSet::All),
            ],
            "Session__c",
        )
    };
    let text = "SELECT Name, MAX(LoginTime) latest, (SELECT Id FROM Sessions__r WHERE IsDeleted = FALSE), \
                TYPEOF Owner WHEN Group THEN Email ELSE Name END, FIELDS(ALL) FROM Session__c \
                WHERE (Agent.Name != 'O\\'Neill' OR Name LIKE '50\\%%' OR Time__c = NULL) AND \
                (NOT Number__c IN (1, -2)) AND Id NOT IN (SELECT Session__c FROM Note__c) \
                GROUP BY CALENDAR_YEAR(convertTimezone(LoginTime)) HAVING COUNT(Id) > 1.50 \
                ORDER BY Name DESC NULLS LAST, CALENDAR_YEAR(convertTimezone(LoginTime)) ASC LIMIT 10";
    assert_eq!(built.to_string(), text);
    assert_eq!(built, parse(text));
    assert_eq!(Query::count("A").select.value, Select::Count);
}

#[test]
fn conditions_of_one_kind_are_one_chain() {
    let is = |field: &'static str| Expr::compare(field, CompareOp::Equal, 1);
    let chain = is("a").and(is("b")).and(is("c").and(is("d")));
    assert_eq!(chain.to_string(), "a = 1 AND b = 1 AND c = 1 AND d = 1");
    let mixed = is("a").and(is("b").or(is("c")).or(is("d"))).or(is("e"));
    assert_eq!(mixed.to_string(), "(a = 1 AND (b = 1 OR c = 1 OR d = 1)) OR e = 1");
    assert_eq!(!!is("a"), is("a"));
    assert_eq!((!is("a")).and(is("b")).to_string(), "(NOT a = 1) AND b = 1");
}

#[test]
fn names_are_equal_in_any_case() {
    assert_eq!(
        parse("select NAME, sum(x) from account WHERE today = Today"),
        parse("SELECT Name, SUM(X) FROM Account where TODAY = TODAY")
    );
    assert_eq!(parse("SELECT f__x(a) FROM A"), parse("SELECT F__X(a) FROM a"));
    assert_ne!(parse("SELECT Name FROM A"), parse("SELECT Names FROM A"));
    assert_ne!(parse("SELECT a FROM A WHERE b = 'x'"), parse("SELECT a FROM A WHERE b = 'X'"));
    assert_eq!(Name::from("Id"), "ID");
}

#[test]
fn a_name_from_outside_is_checked() {
    for name in ["Id", "a", "My_Object__c", "ns__Field__r", "Group", "order", "End", "a1_"] {
        assert_eq!(Name::new(name).unwrap().as_str(), name);
    }
    for name in ["", "1a", "_a", "a b", "a.b", "Ä", "aé", "from", "LIMIT", "a;", "a'", "*", "Null"]
    {
        let error = Name::new(name).unwrap_err();
        assert_eq!(error.text(), name);
        assert!(error.to_string().contains("cannot be a name"), "{error}");
    }
    assert_eq!(Path::new("Owner.Manager.Name").unwrap(), Path::from("Owner.Manager.Name"));
    for path in ["", ".", "a.", ".a", "a..b", "a.b c", "a.from"] {
        assert!(Path::new(path).is_err(), "{path}");
    }
}

#[test]
fn escapes_are_resolved() {
    for (text, expected) in [
        ("''", ""),
        ("'it\\'s'", "it's"),
        ("'\\\"\\\\'", "\"\\"),
        ("'\\n\\N\\r\\R\\t\\T\\b\\B\\f\\F'", "\n\n\r\r\t\t\u{8}\u{8}\u{c}\u{c}"),
        ("'\\u00e9\\U00E9'", "éé"),
        ("'\\uD83D\\uDE00 \u{1F600}'", "\u{1F600} \u{1F600}"),
        ("'100%_'", "100%_"),
        ("'\"'", "\""),
        ("'\t-- /* no comment */'", "\t-- /* no comment */"),
    ] {
        assert_eq!(literal(text), Literal::Text(expected.into()), "{text}");
    }
}

#[test]
fn a_pattern_tells_wildcards_from_escaped_ones() {
    use PatternPart::{AnyOne, AnyRun, Text};
    let text = |text: &str| Text(text.into());
    for (source, parts) in [
        ("''", vec![]),
        ("'x'", vec![text("x")]),
        ("'%a_'", vec![AnyRun, text("a"), AnyOne]),
        ("'50\\%\\_%'", vec![text("50%_"), AnyRun]),
        // A backslash of its own does not take the meaning of what follows.
        ("'a\\\\%'", vec![text("a\\"), AnyRun]),
        ("'\\u0025%'", vec![text("%"), AnyRun]),
    ] {
        let Test::Like(operand) = comparison(&format!("a LIKE {source}")).test.value else {
            panic!()
        };
        let pattern: Pattern = parts.into_iter().collect();
        assert_eq!(*operand, Operand::from(pattern.clone()), "{source}");
        assert_eq!(Pattern::new(&pattern.to_string()), pattern, "{source}");
    }
    assert_eq!(Pattern::new("a\\%b\\c\\").parts(), [text("a%b\\c\\")]);
    assert_eq!(Pattern::exactly("50%").to_string(), "50\\%");
    assert_eq!(Pattern::contains("_").to_string(), "%\\_%");
    assert_eq!(Pattern::ends_with("x").to_string(), "%x");
    assert_eq!(Pattern::exactly("").parts(), []);
}

#[test]
fn numbers_keep_their_digits() {
    for (text, printed, integer) in [
        ("5", "5", Some(5)),
        ("+5", "+5", Some(5)),
        ("- 5", "-5", Some(-5)),
        ("-.50", "-.50", None),
        ("007", "007", Some(7)),
        (
            "12345678901234567890.123456789012345678",
            "12345678901234567890.123456789012345678",
            None,
        ),
        ("9223372036854775807", "9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", "9223372036854775808", None),
    ] {
        let Literal::Number(number) = literal(text) else { panic!("{text}") };
        assert_eq!((number.as_str(), number.as_i64()), (printed, integer), "{text}");
        assert_eq!(number.is_integer(), !text.contains('.'));
        assert_eq!(number.as_f64().to_bits(), printed.parse::<f64>().unwrap().to_bits());
    }
    for text in ["", "+", "5.", ".", "1e5", "1,000", "--5", " 5", "0x5", "5.5.5", "٣"] {
        assert_eq!(Number::new(text), None, "{text}");
    }
    assert_eq!(Number::from_f64(-0.125).unwrap().as_str(), "-0.125");
    assert_eq!(Number::from_f64(1e21).unwrap().as_str(), "1000000000000000000000");
    assert_eq!(Number::from_f64(f64::NAN), None);
    assert_eq!(Number::from_f64(f64::INFINITY), None);
}

#[test]
fn currencies_are_told_from_names() {
    for (text, code, amount) in [
        ("USD5000", b"USD", "5000"),
        ("eur5000.50", b"eur", "5000.50"),
        ("USD-500", b"USD", "-500"),
        ("USD-5.25", b"USD", "-5.25"),
    ] {
        let expected = Literal::Currency { code: *code, amount: Number::new(amount).unwrap() };
        assert_eq!(literal(text), expected, "{text}");
    }
    for text in [
        "USD", "USD 5", "USD+500", "USDX5", "US5", "USD5x", "USD5.5.5", "USD5.", "USD.5", "USD-.5",
        "USD5é", "-USD5",
    ] {
        let query = format!("SELECT Id FROM A WHERE a = {text}");
        assert!(Query::parse(&query, Dialect::Rest).is_err(), "{text}");
    }
}

#[test]
fn dates_and_times_say_whether_they_exist_and_when() {
    let date = |year, month, day| Date { year, month, day };
    for (day, number) in [
        (date(1970, 1, 1), Some(0)),
        (date(1969, 12, 31), Some(-1)),
        (date(2000, 2, 29), Some(11_016)),
        (date(2024, 2, 29), Some(19_782)),
        (date(1700, 1, 1), Some(-98_615)),
        (date(4000, 12, 31), Some(741_807)),
        (date(2023, 2, 29), None),
        (date(1900, 2, 29), None),
        (date(2024, 4, 31), None),
        (date(2024, 13, 1), None),
        (date(2024, 0, 1), None),
        (date(2024, 1, 0), None),
        (date(1699, 12, 31), None),
        (date(4001, 1, 1), None),
    ] {
        assert_eq!(day.days_from_epoch(), number, "{day}");
        assert_eq!(day.is_valid(), number.is_some(), "{day}");
        assert_eq!(literal(&day.to_string()), Literal::Date(day));
    }
    for (text, milliseconds) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2024-02-29T08:00:00z", Some(1_709_193_600_000)),
        ("2024-02-29T08:00:00.1239Z", Some(1_709_193_600_123)),
        ("2024-02-29t08:00:00+01:30", Some(1_709_188_200_000)),
        ("2024-02-29T08:00:00-0800", Some(1_709_222_400_000)),
        ("1969-12-31T23:59:59.999Z", Some(-1)),
        ("2024-02-30T08:00:00Z", None),
        ("2024-02-29T24:00:00Z", None),
        ("2024-02-29T08:60:00Z", None),
        ("2024-02-29T08:00:60Z", None),
        ("2024-02-29T08:00:00+24:00", None),
        ("2024-02-29T08:00:00+01:60", None),
    ] {
        let Literal::DateTime(moment) = literal(text) else { panic!("{text}") };
        assert_eq!(moment.unix_milliseconds(), milliseconds, "{text}");
        assert_eq!(moment.is_valid(), milliseconds.is_some(), "{text}");
        assert_eq!(literal(&moment.to_string()), Literal::DateTime(moment), "{text}");
    }
    let eight = Time { hour: 8, minute: 0, second: 0, nanosecond: 250_000_000 };
    assert_eq!(literal("08:00:00.25Z"), Literal::Time(eight));
    assert_eq!(
        (eight.milliseconds(), eight.to_string().as_str()),
        (Some(28_800_250), "08:00:00.25Z")
    );
    let moment = DateTime {
        date: date(2024, 2, 29),
        time: eight,
        offset: UtcOffset { behind: true, hours: 8, minutes: 0 },
    };
    assert_eq!(moment.to_string(), "2024-02-29T08:00:00.25-08:00");
}

#[test]
fn every_date_literal_is_read_in_any_case() {
    let mut n = 0;
    for known in DateLiteral::all() {
        for text in [known.word().to_owned(), known.word().to_lowercase()] {
            assert_eq!(literal(&text), Literal::DateLiteral(known), "{text}");
        }
        let numbered = format!("{} : 30", known.word());
        let query = format!("SELECT Id FROM A WHERE a = {numbered}");
        assert_eq!(Query::parse(&query, Dialect::Rest).is_ok(), known.takes_number(), "{numbered}");
        if known.takes_number() {
            assert_eq!(literal(&numbered), Literal::DateLiteral(known.with_number(30)));
        }
        n += 1;
    }
    assert_eq!(n, 44);
    assert_eq!(DateLiteral::from_word("TODAY"), Some(DateLiteral::This(DateUnit::Day)));
    for word in ["LAST_DAY", "THIS_DAY", "LAST_120_DAYS", "LAST_N_DAY", "N_DAYS", "DAYS_AGO", "NOW"]
    {
        assert_eq!(DateLiteral::from_word(word), None, "{word}");
    }
}

#[test]
fn words_of_the_language_are_names_where_a_name_may_stand() {
    for text in [
        "SELECT Group, Order, End, Count, TypeOf, Fields, Distance FROM Group",
        "SELECT TypeOf When FROM A",
        "SELECT TYPEOF When WHEN When THEN When ELSE End END FROM A",
        "SELECT Count c FROM Order Offset OFFSET 5",
        "SELECT Id FROM A Group GROUP BY Group ORDER BY Order",
        "SELECT Id FROM A Order WHERE Order.Select = 1",
        "SELECT Id FROM A WITH Data",
        "SELECT From.Where FROM A.From",
        "SELECT Id FROM A All",
    ] {
        let query = Query::parse(text, Dialect::Rest).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(query.to_string(), text);
    }
}

#[test]
fn trees_and_errors_go_anywhere() {
    fn is_free<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}
    is_free::<Query>();
    is_free::<sobject_soql::Search>();
    is_free::<sobject_soql::Error>();
}

#[test]
fn bind_variables_are_found_wherever_they_may_stand() {
    let text = "SELECT DISTANCE(p, GEOLOCATION(:b0, :b1), 'mi'), (SELECT a FROM B WHERE c = :b2 LIMIT :b3) \
                FROM A WHERE (NOT a LIKE :b4) AND (b IN :b5 OR c NOT IN (:b6, 'x', :b7)) AND d IN \
                (SELECT e FROM F WHERE g < :b8 WITH h = :b9) AND i INCLUDES (:b10) AND j EXCLUDES (:b11) \
                WITH k = :b12 GROUP BY l HAVING COUNT(m) > :b13 ORDER BY DISTANCE(p, \
                GEOLOCATION(:b14, 2), 'km') LIMIT :b15 OFFSET :b16";
    let query = parse(text);
    let names: Vec<_> = query.binds().iter().map(|name| name.span().of(text).unwrap()).collect();
    assert_eq!(names, (0..17).map(|i| format!("b{i}")).collect::<Vec<_>>());

    let text = "FIND :b0 RETURNING A(b WHERE c = :b1 ORDER BY DISTANCE(p, GEOLOCATION(1, :b2), 'km') \
                LIMIT :b3 OFFSET :b4) WITH DIVISION = :b5 WITH NETWORK IN (:b6, :b7) WITH METADATA = :b8 \
                WITH SNIPPET (target_length = :b9) WITH PricebookId = :b10 LIMIT :b11";
    let search = sobject_soql::Search::parse(text, Dialect::Rust).unwrap();
    let names: Vec<_> = search.binds().iter().map(|name| name.as_str()).collect();
    assert_eq!(names, (0..12).map(|i| format!("b{i}")).collect::<Vec<_>>());

    // Whatever has a colon in front of it, and nothing else.
    let none = parse("SELECT Id FROM A WHERE a = ':x' AND b = LAST_N_DAYS:3 AND c = 08:00:00Z");
    assert_eq!(none.binds(), Vec::<&Name>::new());
}
