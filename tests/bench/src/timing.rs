//! Timing: what one of many took. The inputs are made before the clock runs.

use std::time::{Duration, Instant};

use crate::Outcome;

/// The mean, of what is too short to be timed alone.
pub(crate) fn mean<I>(inputs: Vec<I>, mut act: impl FnMut(I) -> Outcome<()>) -> Outcome<f64> {
    let n = f64::from(u32::try_from(inputs.len())?);
    let start = Instant::now();
    for input in inputs {
        act(input)?;
    }
    Ok(start.elapsed().as_secs_f64() / n)
}

/// The mean, of what times itself because not all that it does counts. The first only warms up:
/// what the side before left of the allocator is no part of this one.
pub(crate) fn mean_told<I>(
    inputs: Vec<I>,
    mut act: impl FnMut(I) -> Outcome<Duration>,
) -> Outcome<f64> {
    let mut times = Vec::with_capacity(inputs.len());
    for input in inputs {
        times.push(act(input)?);
    }
    let counted = times.get(1..).unwrap_or_default();
    let n = f64::from(u32::try_from(counted.len())?);
    Ok(counted.iter().sum::<Duration>().as_secs_f64() / n)
}

/// The median, of what waits for the disk.
pub(crate) fn median<I>(inputs: Vec<I>, mut act: impl FnMut(I) -> Outcome<()>) -> Outcome<f64> {
    let mut times = Vec::with_capacity(inputs.len());
    for input in inputs {
        let start = Instant::now();
        act(input)?;
        times.push(start.elapsed());
    }
    times.sort();
    let median = times.get(times.len() / 2).ok_or("nothing was timed")?;
    Ok(median.as_secs_f64())
}
