//! The public functions of the shell, as its sources have them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The folder of the shell.
fn shell() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sobject-core/src/shell")
}

/// The source files in a folder and in the folders in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// The public functions: `Type::function` for those of a type, the bare name for others.
pub(super) fn public_functions() -> BTreeSet<String> {
    let texts = files(&shell()).into_iter().map(|path| fs::read_to_string(path).expect("a source"));
    texts.flat_map(|text| functions_in(&text)).collect()
}

/// Is this what only generated code can name, since it is public in core's hidden module alone?
pub(super) fn is_private(name: &str) -> bool {
    let text = fs::read_to_string(shell().join("../lib.rs")).expect("the source of the crate");
    let (public, private) = text.split_once("pub mod __private").expect("the hidden module");
    let has =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|it| it == name);
    has(private) && !has(public)
}

/// The public functions in a source, which is laid out as the formatter does: what stands in an `impl`
/// is indented, and its last line is a brace.
fn functions_in(text: &str) -> Vec<String> {
    let mut functions = Vec::new();
    let mut of = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("impl") {
            let mut head = line.to_owned();
            while !head.contains(['{', ';']) {
                head.push(' ');
                head.push_str(lines.next().unwrap_or("{").trim());
            }
            of = Some(type_of(&head)).filter(|_| !head.ends_with("{}"));
        } else if line == "}" {
            of = None;
        }
        let item = line.trim_start();
        let names = ["pub fn ", "pub const fn ", "pub unsafe fn ", "pub async fn "];
        if let Some(item) = names.iter().find_map(|it| item.strip_prefix(it)) {
            // A macro names its functions where it is called.
            if ident(item).is_empty() {
                continue;
            }
            functions.push(match &of {
                Some(of) => format!("{of}::{}", ident(item)),
                None => ident(item).to_owned(),
            });
        }
    }
    functions
}

/// The type that an `impl` is for.
fn type_of(head: &str) -> String {
    let mut rest = head.strip_prefix("impl").unwrap_or(head);
    if rest.starts_with('<') {
        let mut depth = 0;
        let end = rest.char_indices().find(|(at, c)| {
            let is_arrow = rest[..*at].ends_with('-');
            depth += match c {
                '<' => 1,
                '>' if !is_arrow => -1,
                _ => 0,
            };
            depth == 0
        });
        rest = end.map_or("", |(at, _)| &rest[at + 1..]);
    }
    let of = rest.split_once(" for ").map_or(rest, |(_, of)| of);
    ident(of.trim().trim_start_matches('&')).to_owned()
}

/// The identifier at the start of a text.
fn ident(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

#[test]
fn functions_are_found_with_their_types() {
    let text = "
impl<'t, F: Fn() -> (A, B)> One<'t, F>
where
    F: Copy,
{
    /// Text.
    pub fn first(&self) {}
    pub(crate) fn inner() {}
    pub const fn second<T>(self) {}
}

impl Two {}

pub fn free<T>() {
}

impl fmt::Debug for Three {
    fn fmt() {}
}

impl One<'_, ()> {
    pub fn third() {}
}
";
    assert_eq!(functions_in(text), ["One::first", "One::second", "free", "One::third"]);
}
