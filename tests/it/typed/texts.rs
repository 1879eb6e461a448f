//! Texts as structs that are not counted in UTF-16 units: rich text, and text limited in bytes.

use sobject_core::{Error, Problem, SObject, Store};

use crate::desk::verify;

/// An article of a help centre.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0T")]
struct Article {
    /// HTML.
    #[field(create, update, type = textarea, length = 20, rich_text)]
    body: String,
    #[field(create, update, nillable, type = textarea, length = 10, length_in_bytes)]
    comment: Option<String>,
}

#[test]
fn structs_have_rich_text_and_texts_that_are_limited_in_bytes() {
    let store = Store::in_memory(&[Article::OBJECT]).unwrap();
    let db = store.system();
    let create = |body: &str, comment: &str| {
        db.create(ArticleCreate { comment: Some(comment.into()), ..ArticleCreate::new(body) })
    };
    let id = create(" <b>&&</b>\n", " \u{e9}\u{e9}\u{e9}\u{e9}\u{e9} ").unwrap();
    let article = db.get(id).unwrap().fields;
    assert_eq!(article.body, " <b>&&</b>\n");
    assert_eq!(article.comment.as_deref(), Some("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"));
    for (body, comment, field, max) in
        [("&&&&x", "", "Body", 20), ("x", "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", "Comment", 10)]
    {
        let Err(Error::BadValue(bad)) = create(body, comment) else { panic!("{field}") };
        assert_eq!((&*bad.field, bad.problem), (field, Problem::TooLong { max }));
    }
    let describe = db.describe::<Article>().unwrap();
    let field = |name: &str| describe.fields.iter().find(|it| it.name == name).unwrap();
    let (body, comment) = (field("Body"), field("Comment"));
    assert_eq!(
        (body.html_formatted, body.extra_type_info.as_deref()),
        (true, Some("richtextarea"))
    );
    assert_eq!((comment.length, comment.byte_length), (10, 10));
    verify(&store);
}
