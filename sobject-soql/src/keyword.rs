//! The words of SOQL, and what can be a name.
//!
//! SOQL keeps few words for itself: most, such as `GROUP`, `END` or `COUNT`, are names wherever a
//! name may stand, and are told from clauses by what follows.

macro_rules! keywords {
    ($($word:literal $name:ident $reserved:literal,)*) => {
        /// A word that means something in SOQL, at some place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Keyword { $($name,)* }

        /// All words in the order of the alphabet.
        const WORDS: &[(&str, Keyword)] = &[$(($word, Keyword::$name),)*];

        impl Keyword {
            /// The word in upper case.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Can the word never be a name?
            pub(crate) fn is_reserved(self) -> bool {
                match self { $(Self::$name => $reserved,)* }
            }
        }
    };
}

impl Keyword {
    /// The keyword that the word is, in any case.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let letter = word.bytes().next()?.to_ascii_uppercase();
        let place = usize::from(letter.checked_sub(b'A')?);
        let words = WORDS.get(*STARTS.get(place)?..*STARTS.get(place + 1)?)?;
        let found = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        found.map(|(_, keyword)| *keyword)
    }
}

/// Where the words of each letter start among all, and behind the last letter where they end.
const STARTS: [usize; 27] = {
    let mut starts = [0; 27];
    let mut letter = 0;
    while letter < 26 {
        let mut end = starts[letter];
        while end < WORDS.len() && WORDS[end].0.as_bytes()[0] as usize == letter + b'A' as usize {
            end += 1;
        }
        letter += 1;
        starts[letter] = end;
    }
    // The words stand in the order of the alphabet, or some were not found.
    assert!(starts[26] == WORDS.len());
    starts
};

keywords! {
    "ABOVE" Above false,
    "ABOVE_OR_BELOW" AboveOrBelow false,
    "ALL" All false,
    "AND" And true,
    "AS" As true,
    "ASC" Asc true,
    "AT" At false,
    "BELOW" Below false,
    "BIND" Bind true,
    "BY" By true,
    "CASE" Case false,
    "CATEGORY" Category false,
    "COUNT" Count false,
    "CUBE" Cube true,
    "DATA" Data false,
    "DESC" Desc true,
    "DISTANCE" Distance false,
    "ELSE" Else true,
    "END" End false,
    "EXCLUDES" Excludes true,
    "FALSE" False true,
    "FIELDS" Fields false,
    "FIRST" First true,
    "FLAT" Flat false,
    "FOR" For true,
    "FROM" From true,
    "GEOLOCATION" Geolocation false,
    "GROUP" Group false,
    "HAVING" Having true,
    "HIERARCHICAL" Hierarchical true,
    "IN" In true,
    "INCLUDES" Includes true,
    "LAST" Last true,
    "LIKE" Like true,
    "LIMIT" Limit true,
    "LOOKUP" Lookup true,
    "NOT" Not true,
    "NULL" Null true,
    "NULLS" Nulls true,
    "OFFSET" Offset false,
    "OR" Or true,
    "ORDER" Order false,
    "REFERENCE" Reference false,
    "ROLLUP" Rollup true,
    "ROWS" Rows false,
    "SCOPE" Scope false,
    "SELECT" Select true,
    "THEN" Then false,
    "TRUE" True true,
    "TYPEOF" TypeOf false,
    "UPDATE" Update true,
    "USING" Using true,
    "VIEW" View false,
    "WHEN" When false,
    "WHERE" Where true,
    "WITH" With true,
}

/// Can the text be a name? It has an ASCII letter first, then ASCII letters, digits and underscores,
/// and is not reserved.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !Keyword::of(text).is_some_and(Keyword::is_reserved)
}
