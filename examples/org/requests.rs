//! Requests and their answers: what is asked, for whom and when, and how a refusal is answered.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json, value::RawValue};
use sobject_core::{Connection, Error, StatusCode};

use super::{BadLine, Line, Org, Outcome, answer, instant, lines};

/// The keys that every request may have.
pub(crate) const KEYS: [&str; 4] = ["id", "call", "user", "now"];

/// The body of an answer, as its text.
pub(crate) type Body = Box<RawValue>;

/// What holds for a line that does not say otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Defaults<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) batch_size: Option<usize>,
}

/// Why a request is not answered with what it asks for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The line is no request.
    Line(BadLine),
    /// The store has refused it.
    Store(Error),
    /// It names an object that is not there, where the REST API has it in the path.
    NoSuchResource,
    /// The request lacks what its call needs.
    Lacking { code: &'static str, message: String },
}

impl From<BadLine> for Refusal {
    fn from(bad: BadLine) -> Self {
        Self::Line(bad)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    /// The refusal of a request without this key.
    pub(crate) fn lacking(key: &str) -> Self {
        Self::Lacking { code: "MISSING_ARGUMENT", message: format!("{key} not specified") }
    }

    /// The refusal of a request for a call that is not there.
    pub(crate) fn no_call(call: &str) -> Self {
        BadLine(format!("call: there is no call {call:?}")).into()
    }

    /// The status by which the REST API answers.
    fn status(&self) -> u16 {
        match self {
            Self::Line(_) | Self::Lacking { .. } => 400,
            Self::NoSuchResource => 404,
            Self::Store(error) => match error {
                Error::NotFound { .. } | Error::Deleted { .. } => 404,
                Error::NoAccess { .. } => 403,
                _ if error.status_code() == StatusCode::UnknownException => 500,
                _ => 400,
            },
        }
    }

    /// The body by which the REST API answers.
    fn body(&self) -> Json {
        let (code, message) = match self {
            Self::Line(bad) => ("JSON_PARSER_ERROR", bad.0.clone()),
            Self::Store(error) => (error.status_code().as_str(), error.message()),
            Self::NoSuchResource => {
                ("NOT_FOUND", "The requested resource does not exist".to_owned())
            }
            Self::Lacking { code, message } => (*code, message.clone()),
        };
        json!([{ "message": message, "errorCode": code }])
    }
}

/// The line that answers a request, and whether it was refused. `ask` makes the body.
///
/// # Errors
/// The body has no form in JSON, which cannot be.
pub(crate) fn answer_line(
    line: &[u8],
    ask: impl FnOnce(&Line) -> Result<Body, Refusal>,
) -> Result<(String, bool), serde_json::Error> {
    let (line, read) = Line::read(line);
    let answered = match read {
        Ok(()) => ask(&line),
        Err(bad) => Err(bad.into()),
    };
    Ok(match &answered {
        Ok(body) => (answer(line.id(), 200, body)?, false),
        Err(refusal) => (answer(line.id(), refusal.status(), &refusal.body())?, true),
    })
}

/// Answers requests, a line each, until the input ends.
///
/// # Errors
/// Those of reading and writing.
pub(crate) fn serve(
    input: impl BufRead,
    out: &mut impl Write,
    mut ask: impl FnMut(&Line) -> Result<Body, Refusal>,
) -> Outcome<()> {
    for line in lines(input) {
        let (answer, _) = answer_line(&line?, &mut ask)?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

impl Org {
    /// Answers a request for the user and at the time that it names.
    ///
    /// # Errors
    /// Those of `ask`; there is no such user, or what is given as the time is none.
    pub(crate) fn ask(
        &self,
        line: &Line,
        defaults: Defaults<'_>,
        ask: impl FnOnce(&Connection) -> Result<Body, Refusal>,
    ) -> Result<Body, Refusal> {
        let now = line.instant("now")?;
        let user: Option<String> = line.get("user")?;
        self.clock.during(now, || {
            let db = self.connect(user.as_deref().or(defaults.user));
            let db = db.map_err(|problem| BadLine(format!("user: {problem}")))?;
            ask(&db)
        })
    }
}

impl Line {
    /// The instant under a key.
    ///
    /// # Errors
    /// The value is none.
    pub(crate) fn instant(&self, key: &str) -> Result<Option<DateTime<Utc>>, BadLine> {
        let text: Option<String> = self.get(key)?;
        let at = text.as_deref().map(instant).transpose();
        at.map_err(|problem| BadLine(format!("{key}: {problem}")))
    }

    /// The value of a key that the call needs.
    ///
    /// # Errors
    /// It is not there, or of another type.
    pub(crate) fn needed<T: DeserializeOwned>(&self, key: &str) -> Result<T, Refusal> {
        self.get(key)?.ok_or_else(|| Refusal::lacking(key))
    }
}

/// The body that a result is.
///
/// # Errors
/// It has no form in JSON, which cannot be.
pub(crate) fn body(result: &impl Serialize) -> Result<Body, Refusal> {
    serde_json::value::to_raw_value(result).map_err(|error| BadLine(error.to_string()).into())
}
