//! Reading a trace: from a text, or from a file that may be anything.

use std::io::{self, Read};
use std::path::Path;

use super::scan::Scan;
use super::{Explanation, Trace, contradiction};
use crate::files;
use crate::render;

/// The most bytes that the file of a trace may have: 32 MiB.
pub const LARGEST: u64 = 32 * 1024 * 1024;

/// The most bytes that the scenario of a trace may have: 64 KiB.
const LARGEST_SCENARIO: usize = 64 * 1024;

/// Why a file is not a trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceError(String);

impl std::fmt::Display for TraceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TraceError {}

impl TraceError {
    fn new(origin: &str, what: &str) -> Self {
        // A file may have a name of any length at fault.
        TraceError(format!("{origin}: {}", render::brief(what)))
    }
}

impl Trace {
    /// Reads the trace in a file. A file that is not one is refused as soon as that can be seen, and no more of it is
    /// read; a trace takes at most ten times as much memory as its file.
    ///
    /// # Errors
    ///
    /// As [`Trace::parse`]; besides that the file is missing, a folder, larger than [`LARGEST`], or not UTF-8.
    pub fn load(path: &Path) -> Result<Trace, TraceError> {
        let origin = path.display().to_string();
        let mut scan = Scan::default();
        let text = files::read_checked(path, LARGEST, &mut |bytes| scan.feed(bytes));
        let text = text.map_err(|error| TraceError(error.to_string()))?;
        scan.end().map_err(|what| TraceError::new(&origin, &what))?;
        Trace::of_json(&text, &origin)
    }

    /// Reads a trace.
    ///
    /// # Errors
    ///
    /// A sentence that names `origin` and says what is wrong: not JSON, another format, another version,
    /// something missing or unknown, more of something than a trace may have, or something that its own steps
    /// contradict.
    pub fn parse(text: &str, origin: &str) -> Result<Trace, TraceError> {
        let mut scan = Scan::default();
        let seen = scan
            .feed(text.trim_start().as_bytes())
            .and_then(|()| scan.end());
        seen.map_err(|what| TraceError::new(origin, &what))?;
        Trace::of_json(text, origin)
    }

    /// Reads a trace that was looked at.
    fn of_json(text: &str, origin: &str) -> Result<Trace, TraceError> {
        let fail = |what: String| TraceError::new(origin, &what);
        let trace: Trace = serde_json::from_str(text).map_err(|error| {
            fail(match error.is_data() {
                true => format!("not a trace: {error}"),
                false => format!("not a whole JSON document: {error}; write the trace again"),
            })
        })?;
        if trace.scenario.toml.len() > LARGEST_SCENARIO {
            return Err(fail(format!(
                "its scenario has {} bytes; expected at most {LARGEST_SCENARIO}",
                trace.scenario.toml.len()
            )));
        }
        for (index, step) in trace.steps.iter().enumerate() {
            if step.operation_kind().is_none() {
                let number = index + 1;
                return Err(fail(format!(
                    "step {number}: there is no operation {:?}",
                    step.kind
                )));
            }
        }
        let most = trace.steps.len();
        let explained = trace.explanation.iter();
        let mut named = explained.flat_map(Explanation::named_steps);
        match named.find(|number| !(1..=most).contains(number)) {
            Some(number) => Err(fail(format!(
                "its explanation speaks of step {number}, and there are {most} steps"
            ))),
            None => match contradiction::contradiction(&trace) {
                Some(what) => Err(fail(format!(
                    "{what}; record it again with `logon-check check`"
                ))),
                None => Ok(trace),
            },
        }
    }
}

/// A file that is looked at while it is read by somebody else.
pub(super) struct Scanned<R> {
    inner: R,
    scan: Scan,
}

impl<R: Read> Scanned<R> {
    pub(super) fn new(inner: R) -> Self {
        Scanned {
            inner,
            scan: Scan::default(),
        }
    }
}

impl<R: Read> Read for Scanned<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let seen = match read {
            0 => self.scan.end(),
            _ => self.scan.feed(&buffer[..read]),
        };
        seen.map(|()| read).map_err(io::Error::other)
    }
}
