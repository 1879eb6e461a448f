//! Definitions that contradict themselves or each other: each problem has a sentence of its own,
//! and all problems of an object are reported together.

use sobject_core::{
    Calls, DefaultValue, Definition, Error, FieldDefinition, FieldType, PicklistValue, Store,
    Target,
};

use crate::types::{Archive, open, required};

/// An object that is in order, to which the tests add wrong fields.
const FORM: Definition = Definition::new("Form__c").key_prefix("a0F");

/// The first object that has problems, and its problems.
fn problems_of(objects: &[&Definition]) -> (String, Vec<String>) {
    match Store::in_memory(objects) {
        Err(Error::BadDefinition { object, problems }) => (object, problems),
        opened => panic!("{objects:?} are wrong, and not {opened:?}"),
    }
}

/// Asserts that an object with one of these fields has this one problem, for each of them.
fn assert_problems(cases: &[(FieldDefinition, &str)]) {
    for (field, problem) in cases {
        let form = FORM.fields(vec![*field].leak());
        let expected = format!("field {}: {problem}", field.name);
        assert_eq!(problems_of(&[&form]), ("Form__c".to_owned(), vec![expected]), "{field:?}");
    }
}

const fn text() -> FieldDefinition {
    open("Text__c", FieldType::String)
}

const fn int() -> FieldDefinition {
    open("Int__c", FieldType::Int)
}

const fn double() -> FieldDefinition {
    open("Double__c", FieldType::Double)
}

/// What a reference to forms may name.
const FORMS: &[Target] = &[Target::new("Form__c", "a0F")];

const fn reference() -> FieldDefinition {
    open("Ref__c", FieldType::Reference).references(FORMS)
}

fn picklist(values: &[PicklistValue]) -> FieldDefinition {
    open("Pick__c", FieldType::Picklist).picklist(values.to_vec().leak())
}

const fn number() -> FieldDefinition {
    FieldDefinition::new("Name", FieldType::String)
}

const fn seen() -> FieldDefinition {
    FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller()
}

#[test]
fn objects_with_wrong_names_prefixes_and_calls_are_refused() {
    let text = |name| FORM.fields(vec![open(name, FieldType::String)].leak());
    let cases: Vec<(Definition, &str)> = vec![
        (Definition::new("1st").key_prefix("a0F"), "`1st` is not an API name"),
        (Definition::new("A__y").key_prefix("a0F"), "`A__y` is not an API name"),
        (Definition::new("Fö").key_prefix("a0F"), "`Fö` is not an API name"),
        (
            Definition::new("user").key_prefix("005"),
            "users cannot be deleted, since stamps name them",
        ),
        (FORM.key_prefix(""), "the key prefix `` is not three of 0-9, A-Z and a-z"),
        (FORM.key_prefix("a0"), "the key prefix `a0` is not three of 0-9, A-Z and a-z"),
        (FORM.key_prefix("a0é"), "the key prefix `a0é` is not three of 0-9, A-Z and a-z"),
        (FORM.key_prefix("a0FF"), "the key prefix `a0FF` is not three of 0-9, A-Z and a-z"),
        (text("Te xt"), "`Te xt` is not an API name"),
        (text("Text_"), "`Text_` is not an API name"),
        (text("createdDATE"), "field createdDATE is there twice, or is a system field"),
    ];
    for (definition, problem) in cases {
        let expected = (definition.name.to_owned(), vec![problem.to_owned()]);
        assert_eq!(problems_of(&[&definition]), expected);
    }
    let user = Definition::new("user").key_prefix("005").calls(Calls::NONE.create());
    Store::in_memory(&[&user]).unwrap();
}

#[test]
fn objects_with_the_same_name_or_prefix_are_refused() {
    let shared = "another object has the key prefix a0F: Form__c; if both have it on the platform, \
                  both say so by `shared_prefix`";
    for (other, problem) in [
        (FORM.key_prefix("a0G"), "another object has the same name"),
        (Definition::new("FORM__c").key_prefix("a0G"), "another object has the same name"),
        (Definition::new("Page__c").key_prefix("a0F"), shared),
        (Definition::new("Page__c").key_prefix("a0F").shared_prefix(), shared),
    ] {
        let expected = (other.name.to_owned(), vec![problem.to_owned()]);
        assert_eq!(problems_of(&[&FORM, &other]), expected);
    }
    // Key prefixes that differ in case are different, as ids are.
    Store::in_memory(&[&FORM, &Definition::new("Page__c").key_prefix("A0f")]).unwrap();
}

#[test]
fn the_prefix_of_users_is_theirs_alone() {
    // Stamps and owners name users even in a store that does not have the object.
    let (object, _) = problems_of(&[&Definition::new("Agent__c").key_prefix("005")]);
    assert_eq!(object, "Agent__c");
}

#[test]
fn fields_with_the_same_name_are_refused() {
    let form = FORM.fields(const { &[text(), open("tEXT__c", FieldType::Int)] });
    let problem = "field tEXT__c is there twice, or is a system field";
    assert_eq!(problems_of(&[&form]).1, [problem]);
}

#[test]
fn a_former_name_that_is_another_fields_is_refused() {
    let two = "was` names Old__c, which is another field's name";
    let cases: [(&'static [FieldDefinition], String); 3] = [
        (
            const { &[text().was(&["Int__c"]), int()] },
            "field Text__c: `was` names Int__c, which is another field's name".to_owned(),
        ),
        (
            const { &[text().was(&["ID"])] },
            "field Text__c: `was` names ID, which is another field's name".to_owned(),
        ),
        (
            const { &[text().was(&["Old__c"]), int().was(&["Old__c"])] },
            format!("field Int__c: `{two}"),
        ),
    ];
    for (fields, problem) in cases {
        assert_eq!(problems_of(&[&FORM.fields(fields)]).1, [problem]);
    }
}

#[test]
fn two_name_fields_are_refused() {
    let form = FORM.fields(const { &[text().name_field(), int().name_field()] });
    assert_eq!(problems_of(&[&form]).1, ["more than one field is the name field"]);
}

#[test]
fn types_that_are_not_stored_are_refused() {
    for field_type in [
        FieldType::Location,
        FieldType::Address,
        FieldType::EncryptedString,
        FieldType::AnyType,
        FieldType::ComplexValue,
        FieldType::DataCategoryGroupReference,
        FieldType::JunctionIdList,
        FieldType::MasterRecord,
        FieldType::Json,
    ] {
        let problem = format!("the type {} is not supported", field_type.name());
        assert_problems(&[(open("Odd__c", field_type), &problem)]);
    }
    let no_system_field = open("Key__c", FieldType::Id);
    assert_problems(&[(no_system_field, "only the system field Id has the type id")]);
}

#[test]
fn words_that_belong_to_references_are_refused_elsewhere() {
    const ANY_AND_ONE: &[Target] = &[Target::ANY, Target::new("Form__c", "a0F")];
    const LEADS: &str = "a reference, and nothing else, names the objects that it leads to";
    assert_problems(&[
        (open("Ref__c", FieldType::Reference), LEADS),
        (text().references(FORMS), LEADS),
        (text().relationship("Text__r"), "only a reference has a relationship"),
        (reference().default(DefaultValue::Text("a0Fxx0000000001")), "a reference has no default"),
        (reference().references(ANY_AND_ONE), "a reference to any object names no other beside"),
    ]);
}

#[test]
fn long_texts_and_base64_have_no_index() {
    const NO_INDEX: &str = "text of more than 255 characters and base64 have no index, and are \
                            neither name, lookup, external id nor unique";
    let blob = open("Blob__c", FieldType::Base64);
    assert_problems(&[
        (text().length(256).index(), NO_INDEX),
        (text().length(256).unique(), NO_INDEX),
        (text().length(256).name_field(), NO_INDEX),
        (text().length(256).id_lookup(), NO_INDEX),
        (text().length(256).external_id(), NO_INDEX),
        (blob.index(), NO_INDEX),
        (blob.unique(), NO_INDEX),
    ]);
    let form = FORM.fields(const { &[text().length(255).unique().index().external_id()] });
    Store::in_memory(&[&form]).unwrap();
}

#[test]
fn a_boolean_is_not_unique() {
    const PROBLEM: &str = "a boolean is not unique: it has two values and so room for two records";
    assert_problems(&[(open("Flag__c", FieldType::Boolean).unique(), PROBLEM)]);
}

#[test]
fn only_a_unique_text_is_case_sensitive() {
    const PROBLEM: &str = "only a unique text is case sensitive";
    assert_problems(&[
        (text().case_sensitive(), PROBLEM),
        (int().unique().case_sensitive(), PROBLEM),
    ]);
}

#[test]
fn lengths_digits_and_scales_out_of_their_range_are_refused() {
    let flag = open("Flag__c", FieldType::Boolean);
    assert_problems(&[
        (text().length(131_073), "the length is more than 131072 characters"),
        (int().digits(10), "an int has at most 9 digits"),
        (int().length(10), "only text has a length"),
        (reference().length(18), "only text has a length"),
        (text().digits(3), "only an int has digits"),
        (open("Long__c", FieldType::Long).digits(3), "only an int has digits"),
        (int().precision(5, 2), "only a decimal number has a precision and a scale"),
        (flag.precision(1, 0), "only a decimal number has a precision and a scale"),
        (double().precision(19, 2), "the precision is more than 18 digits"),
        (double().precision(18, 16), "the scale is more than 15 digits"),
        (double().precision(3, 4), "the scale is more than the precision"),
    ]);
    let edge = open("Edge__c", FieldType::Percent).precision(15, 15);
    let form = FORM.fields(vec![edge, text().length(131_072), int().digits(9)].leak());
    Store::in_memory(&[&form]).unwrap();
}

#[test]
fn picklists_that_contradict_themselves_are_refused() {
    const A: PicklistValue = PicklistValue::new("A");
    const BLANK: &str = "a value of the picklist is empty, or begins or ends with a blank";
    const DEFAULTS: &str = "the picklist has more than one default";
    let combobox = open("Box__c", FieldType::Combobox);
    let multi = open("Multi__c", FieldType::MultiPicklist);
    assert_problems(&[
        (text().picklist(&[A]), "only a picklist has values"),
        (text().restricted(), "only a picklist is restricted"),
        (combobox.picklist(&[A]).restricted(), "only a picklist is restricted"),
        (picklist(&[A]).closed(), "only a restricted picklist is closed"),
        (
            picklist(&[A, PicklistValue::new("a").inactive()]),
            "a value of the picklist is there twice",
        ),
        (
            picklist(&[PicklistValue::new("Ä"), PicklistValue::new("ä")]),
            "a value of the picklist is there twice",
        ),
        (picklist(&[PicklistValue::new("")]), BLANK),
        (picklist(&[PicklistValue::new(" A")]), BLANK),
        (
            multi.picklist(const { &[PicklistValue::new("A;B")] }),
            "a value of a multi-select picklist has a semicolon",
        ),
        (
            picklist(&[A.default(), PicklistValue::new("B").default()]).defaulted_on_create(),
            DEFAULTS,
        ),
        (picklist(&[A.default()]).default(DefaultValue::Text("A")), DEFAULTS),
        (
            picklist(&[A.default().inactive()]).defaulted_on_create(),
            "the default of the picklist is inactive",
        ),
    ]);
}

#[test]
fn auto_numbers_that_contradict_themselves_are_refused() {
    const GIVEN: &str = "an auto-number is given by the store, so it has neither create nor update";
    let auto = || number().autonumber("A-{0}");
    assert_problems(&[
        (
            FieldDefinition::new("Name", FieldType::Int).autonumber("{0}"),
            "an auto-number is a string",
        ),
        (auto().create(), GIVEN),
        (auto().update(), GIVEN),
        (auto().default(DefaultValue::Text("A-0")), "an auto-number has no other default"),
        (auto().nillable(), "an auto-number is never null"),
        (number().autonumber("A-"), "the auto-number format lacks its number, such as `{0000}`"),
        (number().autonumber("{0}{0}"), "the auto-number format has more than one number"),
        (number().autonumber("{0"), "the auto-number format has a brace without its partner"),
        (number().autonumber("{Y}{0}"), "`{Y}` is not a token of an auto-number format"),
        (
            number().autonumber("twenty-eight characters long{0}"),
            "the auto-number format has more than 30 characters",
        ),
    ]);
}

#[test]
fn per_caller_fields_that_contradict_themselves_are_refused() {
    const ONLY: &str = "only the date-times LastViewedDate and LastReferencedDate are per caller";
    const NILLABLE: &str = "a per-caller field is nillable, and has neither create nor update";
    let date = FieldDefinition::new("LastViewedDate", FieldType::Date);
    let other = FieldDefinition::new("Seen__c", FieldType::DateTime);
    assert_problems(&[
        (date.nillable().per_caller(), ONLY),
        (other.nillable().per_caller(), ONLY),
        (seen().create(), NILLABLE),
        (seen().update(), NILLABLE),
        (seen().index(), "a per-caller field has no index"),
    ]);
    let form = FORM.calls(Calls::NONE.query());
    let never_null = FieldDefinition::new("LastViewedDate", FieldType::DateTime).per_caller();
    let problems = problems_of(&[&form.fields(vec![never_null].leak())]).1;
    assert_eq!(problems, [format!("field LastViewedDate: {NILLABLE}")]);
}

#[test]
fn a_field_that_is_defaulted_without_a_default_is_refused() {
    const PROBLEM: &str = "it is defaulted on create, but has no default; the store has its own for booleans \
         (false), auto-numbers, picklists with a default value and OwnerId (the caller) only";
    let owner = open("OwnerId", FieldType::Reference);
    let of_forms = owner.references(FORMS);
    assert_problems(&[
        (text().defaulted_on_create(), PROBLEM),
        (int().defaulted_on_create(), PROBLEM),
        (picklist(&[PicklistValue::new("A")]).defaulted_on_create(), PROBLEM),
        (reference().defaulted_on_create(), PROBLEM),
        (of_forms.defaulted_on_create(), PROBLEM),
    ]);
}

#[test]
fn a_required_field_that_no_create_can_give_is_refused() {
    let sealed = FieldDefinition::new("Sealed__c", FieldType::String).update();
    assert_problems(&[(
        sealed,
        "no record could be created: the field is required, but cannot be given on create",
    )]);
    let form = FORM.calls(Calls::NONE.update()).fields(vec![sealed].leak());
    Store::in_memory(&[&form]).unwrap();
    // One that nobody may set is the platform's to fill.
    let filled = FieldDefinition::new("Filled__c", FieldType::String).filter();
    Store::in_memory(&[&FORM.fields(vec![filled].leak())]).unwrap();
}

/// The texts of a list in a source file.
fn list_in(source: &str, list: &str) -> Vec<String> {
    let (_, rest) = source.split_once(list).unwrap_or_else(|| panic!("no {list}"));
    let (rest, _) = rest.split_once("];").unwrap();
    let (_, items) = rest.split_once("= [").unwrap();
    items.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_derive_and_the_store_know_the_same_suffixes_of_names() {
    let core = include_str!("../../sobject-core/src/name.rs");
    let derive = include_str!("../../sobject-derive/src/name.rs");
    for list in ["const SUFFIXES:", "const PARTS:"] {
        let known = list_in(core, list);
        assert!(known.len() >= 8, "{known:?}");
        assert_eq!(list_in(derive, list), known, "{list}");
    }
}

#[test]
fn objects_and_fields_have_names_with_every_suffix() {
    for suffix in list_in(include_str!("../../sobject-core/src/name.rs"), "const SUFFIXES:") {
        for name in [format!("Form__{suffix}"), format!("acme__Form__{suffix}")] {
            let fields = vec![open(name.clone().leak(), FieldType::String)].leak();
            let form = Definition::new(name.clone().leak()).key_prefix("a0F").fields(fields);
            let store = Store::in_memory(&[&form]).unwrap();
            let described = store.system().describe_sobject(&name.to_uppercase()).unwrap();
            assert!(described.custom && described.name == name, "{name}");
            assert!(described.fields.iter().any(|it| it.custom && it.name == name), "{name}");
        }
    }
    let parts = const {
        &[
            open("Spot__Latitude__s", FieldType::Double).precision(18, 15),
            open("acme__Spot__Longitude__s", FieldType::Double).precision(18, 15),
        ]
    };
    Store::in_memory(&[&FORM.fields(parts)]).unwrap();
}

/// Fields whose default they cannot hold, with the problem of each.
fn wrong_defaults() -> Vec<(FieldDefinition, &'static str)> {
    let restricted = picklist(&[PicklistValue::new("A")]).restricted();
    vec![
        (
            text().length(3).default(DefaultValue::Text("four")),
            "Text__c: data value too large: four (max length=3)",
        ),
        (text().default(DefaultValue::Int(4)), "`4` is no value of the type string"),
        (
            int().digits(2).default(DefaultValue::Int(100)),
            "Int__c: value outside of valid range on numeric field: 100",
        ),
        (int().default(DefaultValue::Double(1.5)), "`1.5` is no value of the type int"),
        (
            restricted.default(DefaultValue::Text("B")),
            "Pick__c: bad value for restricted picklist field: B",
        ),
        (
            open("Mail__c", FieldType::Email).default(DefaultValue::Text("nobody")),
            "Mail__c: invalid email address: nobody",
        ),
        (
            open("Day__c", FieldType::Date).default(DefaultValue::Text("tomorrow")),
            "`tomorrow` is no value of the type date",
        ),
        (
            open("Flag__c", FieldType::Boolean).default(DefaultValue::Text("maybe")),
            "`maybe` is no value of the type boolean",
        ),
    ]
}

#[test]
fn a_default_that_is_no_value_of_its_field_is_refused() {
    for (field, wrong) in wrong_defaults() {
        assert_problems(&[(field, &format!("the default is wrong: {wrong}"))]);
    }
}

#[test]
fn wrong_definitions_leave_no_file_behind() {
    let wrong = wrong_defaults().into_iter().map(|(field, _)| field);
    for field in wrong.chain([text().length(131_073), required("1st", FieldType::String)]) {
        let archive = Archive::new();
        let form = FORM.fields(vec![field].leak());
        let error = archive.try_open(&[&form]).err();
        assert!(matches!(error, Some(Error::BadDefinition { .. })), "{field:?}: {error:?}");
        assert!(!archive.path().exists(), "{field:?}");
    }
}

#[test]
fn all_problems_of_the_first_wrong_object_are_told_at_once() {
    let form = FORM.key_prefix("?").fields(
        const {
            &[
                text().digits(3).restricted(),
                int().length(5),
                text(),
                required("Sealed__c", FieldType::Double).precision(2, 3),
            ]
        },
    );
    let other = Definition::new("Page__c").key_prefix("!");
    let (object, problems) = problems_of(&[&form, &other]);
    let expected = [
        "the key prefix `?` is not three of 0-9, A-Z and a-z",
        "field Text__c: only an int has digits",
        "field Text__c: only a picklist is restricted",
        "field Int__c: only text has a length",
        "field Text__c is there twice, or is a system field",
        "field Sealed__c: the scale is more than the precision",
    ];
    assert_eq!((object.as_str(), problems), ("Form__c", expected.map(str::to_owned).to_vec()));
}

#[test]
fn fields_are_not_used_for_what_their_type_is_never_used_for() {
    use FieldType::{
        Base64, Boolean, Combobox, Currency, Date, DateTime, Double, Email, Int, Long,
        MultiPicklist, Percent, Phone, Picklist, Reference, String, TextArea, Time, Url,
    };
    let field = |of| {
        let field = open("Field__c", of);
        if of == Reference { field.references(FORMS) } else { field }
    };
    let store = |field: FieldDefinition| {
        let form = FORM.fields(vec![field].leak());
        Store::in_memory(&[&form]).map(drop).err().map(|error| match error {
            Error::BadDefinition { problems, .. } => problems.join("; "),
            error => panic!("{error}"),
        })
    };
    // The same types are refused here as the manual of the derive lists for the words `filter`,
    // `group` and `sort`.
    let all = [
        Boolean,
        Int,
        Long,
        Double,
        Currency,
        Percent,
        String,
        TextArea,
        Email,
        Phone,
        Url,
        Picklist,
        MultiPicklist,
        Combobox,
        Date,
        DateTime,
        Time,
        Base64,
        Reference,
    ];
    let ungrouped = [DateTime, Double, Currency, Percent, Base64, Combobox, MultiPicklist];
    for of in all {
        for (what, used, is_never) in [
            ("filtered", field(of).filter(), of == Base64),
            ("grouped", field(of).group(), ungrouped.contains(&of)),
            ("sorted", field(of).sort(), [Base64, MultiPicklist].contains(&of)),
        ] {
            let expected = format!("field Field__c: no {} can be {what} by", of.name());
            assert_eq!(store(used), is_never.then_some(expected), "{}", of.name());
        }
    }
    let long = || field(TextArea).length(256);
    for (what, used) in
        [("filtered", long().filter()), ("grouped", long().group()), ("sorted", long().sort())]
    {
        let expected =
            format!("field Field__c: no textarea of more than 255 characters can be {what} by");
        assert_eq!(store(used), Some(expected));
    }
    let expected = "field Name: no auto-number can be grouped by".to_owned();
    assert_eq!(store(number().autonumber("{0}").filter().sort().group()), Some(expected));
    assert_eq!(store(field(MultiPicklist).length(4099).filter()), None);
}
