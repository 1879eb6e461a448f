//! [`Cursor`]: where the parser stands, and the steps that all clauses are made of.

use super::Dialect;
use crate::{
    error::{Error, ErrorKind, Language},
    keyword::Keyword,
    lex::{Lexer, Token, TokenKind},
    span::Span,
    tree::{Name, Path},
};

/// A part of a query, or the mistake in it.
pub(super) type Parsed<T> = Result<T, Error>;

/// The longest text, in characters.
const MAX_CHARACTERS: usize = 100_000;

/// How deep conditions may be nested in parentheses. These two bound the stack that this parser and
/// all readers of the tree use.
const MAX_CONDITIONS: usize = 100;

/// How deep queries may be nested in one another. The platform runs five levels; further ones parse,
/// so that the error can say so.
const MAX_QUERIES: usize = 20;

/// What may be nested.
#[derive(Clone, Copy)]
pub(super) enum Nest {
    Condition,
    Query,
}

/// The parser's place in the text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) dialect: Dialect,
    pub(super) language: Language,
    /// The token that is read next.
    pub(super) token: Token,
    /// What comes behind it.
    lexer: Lexer<'t>,
    /// Where the token ends that was read last.
    last_end: usize,
    /// The last word that was taken for an alias: perhaps it was meant as a word of the language.
    pub(super) last_alias: Option<Token>,
    n_conditions: usize,
    n_queries: usize,
}

impl<'t> Cursor<'t> {
    /// At the start of a text, unless that is too long.
    pub(super) fn new(text: &'t str, dialect: Dialect, language: Language) -> Parsed<Self> {
        if text.len() > MAX_CHARACTERS
            && let Some((at, _)) = text.char_indices().nth(MAX_CHARACTERS)
        {
            let name = match language {
                Language::Soql => "SOQL",
                Language::Sosl => "SOSL",
            };
            let span = Span::new(at, text.len());
            let text = format!("{name} statements cannot be longer than 100000 characters");
            return Err(Error::alone(ErrorKind::TooLong, language, span, text));
        }
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Ok(Self {
            text,
            dialect,
            language,
            token,
            lexer,
            last_end: 0,
            last_alias: None,
            n_conditions: 0,
            n_queries: 0,
        })
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// The span from a byte to the end of what was read last.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.last_end)
    }

    /// Reads the token.
    pub(super) fn advance(&mut self) -> Token {
        let token = self.token;
        self.last_end = token.end;
        self.token = self.lexer.next();
        token
    }

    /// Reads the token, for its text.
    pub(super) fn advance_text(&mut self) -> &'t str {
        let token = self.advance();
        self.text_of(token)
    }

    /// Goes on behind that byte.
    pub(super) fn jump(&mut self, end: usize) {
        self.lexer = self.lexer.from(end);
        self.last_end = end;
        self.token = self.lexer.next();
    }

    /// The tokens behind the next one.
    pub(super) fn ahead(&self) -> Lexer<'t> {
        self.lexer
    }

    /// Is the word the next token?
    pub(super) fn at(&self, keyword: Keyword) -> bool {
        self.token.kind == TokenKind::Word(Some(keyword))
    }

    /// Is the next token this word, which is a name elsewhere?
    pub(super) fn at_word(&self, word: &str) -> bool {
        matches!(self.token.kind, TokenKind::Word(_))
            && self.text_of(self.token).eq_ignore_ascii_case(word)
    }

    /// Are the word, and behind it the other, the next tokens?
    pub(super) fn at_both(&self, keyword: Keyword, next: Keyword) -> bool {
        self.at(keyword) && self.ahead().next().kind == TokenKind::Word(Some(next))
    }

    /// Reads the word if it is next.
    pub(super) fn eat(&mut self, keyword: Keyword) -> bool {
        let is_next = self.at(keyword);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Reads the sign if it is next.
    pub(super) fn eat_sign(&mut self, kind: TokenKind) -> bool {
        let is_next = self.token.kind == kind;
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Reads the word, which must be next.
    pub(super) fn expect(&mut self, keyword: Keyword) -> Parsed<Token> {
        if self.at(keyword) { Ok(self.advance()) } else { Err(self.expected(&[keyword])) }
    }

    /// Reads the sign, which must be next.
    pub(super) fn expect_sign(&mut self, kind: TokenKind) -> Parsed<Token> {
        if self.token.kind == kind { Ok(self.advance()) } else { Err(self.unexpected()) }
    }

    /// Reads a name, which must be next.
    pub(super) fn name(&mut self) -> Parsed<Name> {
        if !self.token.is_name() {
            return Err(self.unexpected());
        }
        Ok(self.any_word())
    }

    /// Reads a name that means nothing in the language anywhere, which must be next.
    pub(super) fn plain_name(&mut self) -> Parsed<Name> {
        match self.token.kind {
            // These two are words of the Rust dialect alone.
            TokenKind::Word(None | Some(Keyword::All | Keyword::Rows)) => Ok(self.any_word()),
            _ => Err(self.unexpected()),
        }
    }

    /// Reads the next token as a name, whatever it is.
    pub(super) fn any_word(&mut self) -> Name {
        let token = self.advance();
        self.name_of(token)
    }

    /// Reads one thing or several with a comma between each two.
    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut list = Vec::new();
        loop {
            list.push(read(self)?);
            if !self.eat_sign(TokenKind::Comma) {
                return Ok(list);
            }
        }
    }

    /// Reads a name, or several with dots between them, which must be next.
    pub(super) fn path(&mut self) -> Parsed<Path> {
        if self.token.kind != TokenKind::Path {
            return Ok(self.name()?.into());
        }
        let token = self.advance();
        Ok(Path::at(self.text_of(token), token.start))
    }

    /// The name that a token is.
    pub(super) fn name_of(&self, token: Token) -> Name {
        Name::at(self.text_of(token), token.span())
    }

    /// Reads a name of its own for something, if one is next.
    pub(super) fn alias(&mut self) -> Option<Name> {
        if !self.token.is_name() {
            return None;
        }
        self.last_alias = Some(self.token);
        Some(self.any_word())
    }

    /// Reads something in parentheses that may have more of its kind inside it.
    pub(super) fn nested<T>(
        &mut self,
        nest: Nest,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        self.check_depth(nest, self.depth(nest) + 1, self.token.span())?;
        *self.depth_mut(nest) += 1;
        let read = read(self)?;
        *self.depth_mut(nest) -= 1;
        Ok(read)
    }

    fn depth(&self, nest: Nest) -> usize {
        match nest {
            Nest::Condition => self.n_conditions,
            Nest::Query => self.n_queries,
        }
    }

    fn depth_mut(&mut self, nest: Nest) -> &mut usize {
        match nest {
            Nest::Condition => &mut self.n_conditions,
            Nest::Query => &mut self.n_queries,
        }
    }

    /// Refuses what is nested so deep, unless that is not too deep.
    pub(super) fn check_depth(&self, nest: Nest, depth: usize, span: Span) -> Parsed<()> {
        let (max, what) = match nest {
            Nest::Condition => (MAX_CONDITIONS, "conditions"),
            Nest::Query => (MAX_QUERIES, "queries"),
        };
        if depth <= max {
            return Ok(());
        }
        let text = format!("nesting of {what} deeper than {max} levels is not supported");
        Err(self.error(ErrorKind::TooDeep, span, text))
    }

    /// The end of the text, which must be next.
    pub(super) fn end(&self) -> Parsed<()> {
        if self.token.kind == TokenKind::End {
            return Ok(());
        }
        Err(self.expected(&[
            Keyword::Where,
            Keyword::With,
            Keyword::Group,
            Keyword::Order,
            Keyword::Limit,
            Keyword::Offset,
            Keyword::For,
            Keyword::Update,
            Keyword::Using,
            Keyword::And,
            Keyword::Or,
            Keyword::Having,
        ]))
    }
}

impl Token {
    /// Can the token be a name?
    pub(super) fn is_name(self) -> bool {
        match self.kind {
            TokenKind::Word(keyword) => !keyword.is_some_and(Keyword::is_reserved),
            _ => false,
        }
    }
}
