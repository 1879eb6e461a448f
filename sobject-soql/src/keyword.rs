//! The words of SOQL, and what can be a name.
//!
//! SOQL keeps few words for itself: most, such as `GROUP`, `END` or `COUNT`, are names wherever a
//! name may stand, and are told from clauses by what follows.

/// The longest word of the language.
const LONGEST: usize = 14;

macro_rules! keywords {
    ($($word:literal $name:ident $reserved:literal,)*) => {
        /// A word that means something in SOQL, at some place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Keyword { $($name,)* }

        impl Keyword {
            /// The keyword that the word is, in any case.
            pub(crate) fn of(word: &[u8]) -> Option<Self> {
                let mut upper = [0; LONGEST];
                let upper = upper.get_mut(..word.len())?;
                upper.copy_from_slice(word);
                upper.make_ascii_uppercase();
                match &*upper {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The word in upper case.
            pub(crate) fn as_str(self) -> &'static str {
                // The words are ASCII, so none is lost here.
                match self { $(Self::$name => str::from_utf8($word).unwrap_or_default(),)* }
            }

            /// Can the word never be a name?
            pub(crate) fn is_reserved(self) -> bool {
                match self { $(Self::$name => $reserved,)* }
            }
        }
    };
}

keywords! {
    b"ABOVE" Above false,
    b"ABOVE_OR_BELOW" AboveOrBelow false,
    b"ALL" All false,
    b"AND" And true,
    b"AS" As true,
    b"ASC" Asc true,
    b"AT" At false,
    b"BELOW" Below false,
    b"BIND" Bind true,
    b"BY" By true,
    b"CATEGORY" Category false,
    b"COUNT" Count false,
    b"CUBE" Cube true,
    b"DATA" Data false,
    b"DESC" Desc true,
    b"DISTANCE" Distance false,
    b"ELSE" Else true,
    b"END" End false,
    b"EXCLUDES" Excludes true,
    b"FALSE" False true,
    b"FIELDS" Fields false,
    b"FIRST" First true,
    b"FOR" For true,
    b"FROM" From true,
    b"GEOLOCATION" Geolocation false,
    b"GROUP" Group false,
    b"HAVING" Having true,
    b"HIERARCHICAL" Hierarchical true,
    b"IN" In true,
    b"INCLUDES" Includes true,
    b"LAST" Last true,
    b"LIKE" Like true,
    b"LIMIT" Limit true,
    b"LOOKUP" Lookup true,
    b"NOT" Not true,
    b"NULL" Null true,
    b"NULLS" Nulls true,
    b"OFFSET" Offset false,
    b"OR" Or true,
    b"ORDER" Order false,
    b"REFERENCE" Reference false,
    b"ROLLUP" Rollup true,
    b"ROWS" Rows false,
    b"SCOPE" Scope false,
    b"SELECT" Select true,
    b"THEN" Then false,
    b"TRUE" True true,
    b"TYPEOF" TypeOf false,
    b"UPDATE" Update true,
    b"USING" Using true,
    b"VIEW" View false,
    b"WHEN" When false,
    b"WHERE" Where true,
    b"WITH" With true,
}

/// Can the text be a name? It has an ASCII letter first, then ASCII letters, digits and underscores,
/// and is not reserved.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !Keyword::of(text.as_bytes()).is_some_and(Keyword::is_reserved)
}
