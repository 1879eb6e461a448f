//! Probes: objects whose decode times what a decode is made of.
//!
//! A row in memory is reached from outside only in [`SObject::decode`]. So a probe claims to be
//! `LiveAgentSession`, does the thing many times over there, and is itself the time that it took.

use std::{
    convert::Infallible,
    hint::black_box,
    marker::PhantomData,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use sobject_core::{
    Connection, CreateView, DecodeError, Definition, FieldIdx, FieldValue, RowReader, SObject,
    UpdateView, Value, View,
};

use crate::{Outcome, object::LiveAgentSession};

/// How often the thing is done with each row.
pub(crate) const TIMES: u32 = 200;
/// Rows that it is done with in a round.
pub(crate) const ROWS: u32 = 200;
/// The place of `TimeIdle` among the declared fields.
const TIME_IDLE: u16 = 15;

/// Something done with a row in memory.
pub(crate) trait Work: 'static {
    /// Does it once.
    fn work(row: &RowReader<'_>) -> Result<(), DecodeError>;
}

/// Reads the declared fields.
pub(crate) enum Fields {}

impl Work for Fields {
    fn work(row: &RowReader<'_>) -> Result<(), DecodeError> {
        black_box(LiveAgentSession::decode(black_box(row))?);
        Ok(())
    }
}

/// Reads `TimeIdle`.
pub(crate) enum OneField {}

impl Work for OneField {
    fn work(row: &RowReader<'_>) -> Result<(), DecodeError> {
        black_box(Option::<i32>::read(black_box(row).field(TIME_IDLE))?);
        Ok(())
    }
}

/// The seconds that the work takes once.
pub(crate) fn seconds<W: Work>(db: &Connection) -> Outcome<f64> {
    assert_eq!(LiveAgentSession::OBJECT.fields[usize::from(TIME_IDLE)].name, "TimeIdle");
    let mut time = Duration::ZERO;
    let mut left = ROWS;
    db.scan::<Probe<W>>(|probe| {
        time += probe.time;
        left -= 1;
        if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(time.as_secs_f64() / f64::from(ROWS) / f64::from(TIMES))
}

/// What the work took, with one row.
struct Probe<W> {
    time: Duration,
    work: PhantomData<W>,
}

impl<W: Work> SObject for Probe<W> {
    const NAME: &'static str = LiveAgentSession::NAME;
    const KEY_PREFIX: &'static str = LiveAgentSession::KEY_PREFIX;
    const OBJECT: &'static Definition = LiveAgentSession::OBJECT;
    type Create = NoView<W>;
    type Update = NoView<W>;

    fn decode(row: &RowReader<'_>) -> Result<Self, DecodeError> {
        let start = Instant::now();
        for _ in 0..TIMES {
            W::work(row)?;
        }
        Ok(Self { time: start.elapsed(), work: PhantomData })
    }

    fn each<'a>(&'a self, _: &mut dyn FnMut(FieldIdx, Value<'a>)) {}
}

/// Probes are not written.
struct NoView<W>(Infallible, PhantomData<W>);

impl<W: Work> View for NoView<W> {
    type Object = Probe<W>;

    fn each<'a>(&'a self, _: &mut dyn FnMut(FieldIdx, Value<'a>)) {
        match self.0 {}
    }
}

impl<W: Work> CreateView for NoView<W> {}
impl<W: Work> UpdateView for NoView<W> {}
