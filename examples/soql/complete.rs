//! Completion of a query that is being typed: keywords, objects, fields and relationships, from the
//! describes of what the caller may see.

use std::collections::BTreeSet;

use sobject_core::{Connection, Error, ObjectDescribe};

/// The fields that a parent of one of several objects has.
const NAME: [&str; 12] = [
    "Alias",
    "Email",
    "FirstName",
    "Id",
    "IsActive",
    "LastName",
    "Name",
    "Phone",
    "Title",
    "Type",
    "UserRoleId",
    "Username",
];

/// Words of the language.
const KEYWORDS: [&str; 72] = [
    "SELECT",
    "FROM",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "INCLUDES",
    "EXCLUDES",
    "GROUP BY",
    "ROLLUP",
    "CUBE",
    "HAVING",
    "ORDER BY",
    "ASC",
    "DESC",
    "NULLS FIRST",
    "NULLS LAST",
    "LIMIT",
    "OFFSET",
    "TYPEOF",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "USING SCOPE",
    "FOR VIEW",
    "FOR REFERENCE",
    "TRUE",
    "FALSE",
    "NULL",
    "FIELDS(ALL)",
    "FIELDS(STANDARD)",
    "FIELDS(CUSTOM)",
    "COUNT(",
    "COUNT_DISTINCT(",
    "SUM(",
    "AVG(",
    "MIN(",
    "MAX(",
    "GROUPING(",
    "FORMAT(",
    "toLabel(",
    "convertTimezone(",
    "CALENDAR_YEAR(",
    "CALENDAR_QUARTER(",
    "CALENDAR_MONTH(",
    "DAY_IN_MONTH(",
    "DAY_IN_WEEK(",
    "DAY_IN_YEAR(",
    "DAY_ONLY(",
    "FISCAL_YEAR(",
    "FISCAL_QUARTER(",
    "FISCAL_MONTH(",
    "HOUR_IN_DAY(",
    "WEEK_IN_MONTH(",
    "WEEK_IN_YEAR(",
    "TODAY",
    "YESTERDAY",
    "TOMORROW",
    "THIS_WEEK",
    "LAST_WEEK",
    "THIS_MONTH",
    "LAST_MONTH",
    "THIS_QUARTER",
    "LAST_QUARTER",
    "THIS_YEAR",
    "LAST_YEAR",
    "LAST_N_DAYS:",
    "NEXT_N_DAYS:",
    "THIS_FISCAL_YEAR",
];

/// What can be completed.
#[derive(Debug)]
pub(crate) struct Names {
    objects: Vec<ObjectDescribe>,
}

/// A word or a parenthesis of a line.
#[derive(Clone, Copy, Debug)]
struct Token<'l> {
    start: usize,
    text: &'l str,
    /// How many parentheses are open before it.
    depth: usize,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

/// A query or a child query of a line.
#[derive(Clone, Copy, Debug)]
struct Level<'l> {
    /// What stands behind its FROM, and the alias of that.
    from: Option<(&'l str, Option<&'l str>)>,
    /// Does it stand in the select list of the level above?
    is_child: bool,
}

impl Names {
    /// The names that the caller may see.
    ///
    /// # Errors
    /// Those of [`Connection::describe_sobject`].
    pub(crate) fn of(db: &Connection) -> Result<Self, Error> {
        let objects = db.describe_global().sobjects.into_iter();
        let objects = objects.map(|it| db.describe_sobject(&it.name)).collect::<Result<_, _>>()?;
        Ok(Self { objects })
    }

    /// The words that may stand for the one that ends at `pos`, and where that begins.
    pub(crate) fn complete(&self, line: &str, pos: usize) -> (usize, Vec<String>) {
        let Some(before) = line.get(..pos) else { return (pos, Vec::new()) };
        if is_in_text(before) {
            return (pos, Vec::new());
        }
        let word = before.rfind(|it| !is_of_word(it));
        let word = word.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let (path, last) = match before[word..].rsplit_once('.') {
            Some((path, last)) => (Some(path), last),
            None => (None, &before[word..]),
        };
        let tokens = tokens(line);
        let levels = levels(&tokens, word);
        let previous = tokens.iter().rfind(|it| it.start < word);
        let mut found = BTreeSet::new();
        if previous.is_some_and(|it| it.is("FROM")) && path.is_none() {
            self.add_sources(&levels, &mut found);
        } else {
            self.add_fields(&levels, path, &mut found);
            if path.is_none() && !last.is_empty() {
                found.extend(KEYWORDS.map(str::to_owned));
            }
        }
        let start = pos - last.len();
        let fits = |name: &String| {
            name.get(..last.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(last))
        };
        (start, found.into_iter().filter(fits).collect())
    }

    /// What may stand behind FROM.
    fn add_sources(&self, levels: &[Level<'_>], found: &mut BTreeSet<String>) {
        match levels.split_last() {
            Some((level, above)) if level.is_child => {
                let parent = self.object_of(above);
                let children = parent.into_iter().flat_map(|it| &it.child_relationships);
                found.extend(children.filter_map(|it| it.relationship_name.clone()));
            }
            _ => found.extend(self.objects.iter().map(|it| it.name.clone())),
        }
    }

    /// What may stand where a field does, behind the relationships of a path.
    fn add_fields(&self, levels: &[Level<'_>], path: Option<&str>, found: &mut BTreeSet<String>) {
        let Some(object) = self.object_of(levels) else {
            // Nobody has said yet which object it is.
            if path.is_none() && levels.last().is_none_or(|it| it.from.is_none()) {
                self.objects.iter().for_each(|it| add_fields_of(it, found));
            }
            return;
        };
        let from = levels.last().and_then(|it| it.from);
        let mut object = object;
        for (n, step) in path.into_iter().flat_map(|it| it.split('.')).enumerate() {
            let is_own = |name: &str| n == 0 && name.eq_ignore_ascii_case(step);
            let field = object.fields.iter().find(|it| {
                it.relationship_name.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(step))
            });
            match field.map(|it| it.reference_to.as_slice()) {
                Some([target]) => match self.find(target) {
                    Some(target) => object = target,
                    None => return,
                },
                Some(_) => return found.extend(NAME.map(str::to_owned)),
                None if from
                    .is_some_and(|(name, alias)| is_own(name) || alias.is_some_and(is_own)) => {}
                None => return,
            }
        }
        add_fields_of(object, found);
    }

    /// The object of the innermost of these levels.
    fn object_of(&self, levels: &[Level<'_>]) -> Option<&ObjectDescribe> {
        let (level, above) = levels.split_last()?;
        let (name, _) = level.from?;
        if !level.is_child {
            return self.find(name);
        }
        let children = &self.object_of(above)?.child_relationships;
        let child = children.iter().find(|it| {
            it.relationship_name.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name))
        });
        self.find(&child?.child_sobject)
    }

    fn find(&self, name: &str) -> Option<&ObjectDescribe> {
        self.objects.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }
}

fn add_fields_of(object: &ObjectDescribe, found: &mut BTreeSet<String>) {
    for field in &object.fields {
        found.insert(field.name.clone());
        found.extend(field.relationship_name.as_ref().map(|name| format!("{name}.")));
    }
}

fn is_of_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || it == '.'
}

/// Does a literal text begin before the end of this one, and not end?
fn is_in_text(line: &str) -> bool {
    let mut is_in = false;
    let mut chars = line.chars();
    while let Some(it) = chars.next() {
        match it {
            '\\' if is_in => drop(chars.next()),
            '\'' => is_in = !is_in,
            _ => {}
        }
    }
    is_in
}

/// The words and parentheses of a line that stand in no literal text.
fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut chars = line.char_indices().peekable();
    while let Some((start, it)) = chars.next() {
        match it {
            '\'' => {
                while let Some((_, it)) = chars.next() {
                    match it {
                        '\\' => drop(chars.next()),
                        '\'' => break,
                        _ => {}
                    }
                }
            }
            '(' => {
                tokens.push(Token { start, text: "(", depth });
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                tokens.push(Token { start, text: ")", depth });
            }
            it if is_of_word(it) => {
                let mut end = start + it.len_utf8();
                while let Some((at, it)) = chars.next_if(|(_, it)| is_of_word(*it)) {
                    end = at + it.len_utf8();
                }
                tokens.push(Token { start, text: &line[start..end], depth });
            }
            _ => {}
        }
    }
    tokens
}

/// The queries around a place of a line, the outermost first.
fn levels<'l>(tokens: &[Token<'l>], at: usize) -> Vec<Level<'l>> {
    let before = tokens.iter().take_while(|it| it.start < at).count();
    // Parentheses that are open there, and begin a query.
    let mut starts: Vec<(usize, usize)> = vec![(0, 0)];
    for n in 0..before {
        let depth = tokens[n].depth;
        starts.retain(|(_, of_start)| *of_start <= depth);
        if tokens[n].is("(") && tokens.get(n + 1).is_some_and(|it| it.is("SELECT")) {
            starts.push((n + 1, depth + 1));
        }
        if tokens[n].is(")") {
            starts.retain(|(_, of_start)| *of_start <= depth);
        }
    }
    let level = |n: usize| {
        let (start, depth) = starts[n];
        let own = tokens[start..].iter().take_while(|it| it.depth >= depth);
        let own: Vec<_> = own.filter(|it| it.depth == depth).collect();
        let from = own.iter().position(|it| it.is("FROM"));
        let word = |behind: usize| {
            let token = own.get(from? + behind)?;
            let is_plain = token.start != at && !token.is("(") && !token.is(")");
            is_plain.then_some(token.text)
        };
        let is_alias = |it: &&str| {
            !KEYWORDS.iter().any(|word| {
                word.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(it))
            })
        };
        let from = word(1).map(|name| (name, word(2).filter(is_alias)));
        // In the select list are the queries in front of FROM.
        let is_child = n > 0 && {
            let (start_above, depth_above) = starts[n - 1];
            let above = tokens[start_above..start].iter();
            !above.clone().any(|it| it.depth == depth_above && it.is("FROM"))
        };
        Level { from, is_child }
    };
    (0..starts.len()).map(level).collect()
}
