//! Lines of batch mode: one JSON object a line in, one a line out, in the same order.

use std::{
    fmt,
    io::{self, BufRead},
};

use serde::{
    Deserializer, Serialize,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A request: the keys of a line with their values, which are not read yet.
#[derive(Debug, Default)]
pub(crate) struct Line {
    keys: Vec<(String, Box<RawValue>)>,
}

/// Why a line is no request.
#[derive(Debug)]
pub(crate) struct BadLine(pub(crate) String);

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Line {
    /// Reads a line. What was read before a mistake is there even if there is one.
    pub(crate) fn read(line: &[u8]) -> (Self, Result<(), BadLine>) {
        let mut keys = Vec::new();
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = json.deserialize_map(Keys(&mut keys)).and_then(|()| json.end());
        (Self { keys }, read.map_err(|error| BadLine(error.to_string())))
    }

    /// The `id`, as it stands in the line.
    pub(crate) fn id(&self) -> Option<&RawValue> {
        self.raw("id")
    }

    /// The value of a key; `None` if it is null or not there.
    ///
    /// # Errors
    /// The value is of another type.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, BadLine> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        serde_json::from_str(raw.get()).map_err(|error| {
            // The place in the value says nothing to one who sees the line.
            let error = error.to_string();
            let what = error.split(" at line ").next().unwrap_or_default();
            BadLine(format!("{key}: {what}"))
        })
    }

    /// Refuses every key that is none of these.
    ///
    /// # Errors
    /// It names the first of them.
    pub(crate) fn has_only(&self, known: &[&str]) -> Result<(), BadLine> {
        match self.keys.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            Some((key, _)) => Err(BadLine(format!("Unrecognized field {key:?}"))),
            None => Ok(()),
        }
    }

    fn raw(&self, key: &str) -> Option<&RawValue> {
        self.keys.iter().rev().find(|(name, _)| name == key).map(|(_, value)| &**value)
    }
}

/// Collects the keys of a map as they come.
struct Keys<'k>(&'k mut Vec<(String, Box<RawValue>)>);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(entry) = map.next_entry()? {
            self.0.push(entry);
        }
        Ok(())
    }
}

/// The lines of an input, without their ends.
pub(crate) fn lines(mut input: impl BufRead) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => {
                line.pop_if(|end| *end == b'\n');
                line.pop_if(|end| *end == b'\r');
                Some(Ok(line))
            }
            Err(error) => Some(Err(error)),
        }
    })
}

/// The line of an answer.
///
/// # Errors
/// The body has no form in JSON, which cannot be.
pub(crate) fn answer(
    id: Option<&RawValue>,
    status: u16,
    body: &impl Serialize,
) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Answer<'a, B> {
        id: Option<&'a RawValue>,
        status: u16,
        body: &'a B,
    }
    serde_json::to_string(&Answer { id, status, body })
}
