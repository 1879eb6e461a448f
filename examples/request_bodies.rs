//! Views as the bodies of another client's requests.
//!
//! ```text
//! cargo run --example request_bodies
//! ```
//!
//! A program that talks to an org through a REST client of its choice can build its requests with
//! the views of `#[derive(SObject)]`: what is read-only cannot be written, what is required cannot
//! be forgotten, and null and absent are two things. No store is needed for that.

#[path = "request_bodies/bodies.rs"]
mod bodies;
#[path = "live_agent_session/object.rs"]
mod object;

use std::error::Error;

use object::{LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate};

use crate::bodies::Views;

fn main() -> Result<(), Box<dyn Error>> {
    let agent = "005xx000001SvgH".parse()?;
    let session = "0HKxx0000004C92".parse()?;
    let (login, logout) = ("2026-03-01T08:00:00Z".parse()?, "2026-03-01T17:30:00+01:00".parse()?);
    for request in Views::of(agent, login, logout).requests(session)? {
        println!("# {}\n{}", request.what, request.line);
        println!("{}\n", serde_json::to_string_pretty(&request.body)?);
    }
    Ok(())
}
