//! Views as the bodies of another client's requests.
//!
//! ```text
//! cargo run --example request_bodies
//! ```
//!
//! A program that calls an org through any REST client can build the bodies of its requests with
//! the views of `#[derive(SObject)]`. A read-only field cannot be written, a required one cannot be
//! forgotten, and setting a field to null is not the same as leaving it out. This needs no store.

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
