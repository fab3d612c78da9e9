//! Which program is running: how it is called, and whose executions it replays.
//!
//! The command line says so once, before anything else, and nobody changes it. What is printed and written names the
//! command by which this very program runs an execution again. Where there is no command line, as in a test, it is that
//! of `logon-check`, which knows the variants.

use std::sync::OnceLock;

use logon_core::Variant;

use crate::stage::Subjects;

/// The program of this crate.
const OURS: &str = "logon-check";

struct Program {
    name: String,
    command: String,
    /// Where it is, if `command` does not say so.
    #[cfg(feature = "cli")]
    place: Option<String>,
    subjects: Subjects,
}

static PROGRAM: OnceLock<Program> = OnceLock::new();

/// The program was called as `called`, the first word of its command line, and knows `subjects`.
#[cfg(feature = "cli")]
pub(crate) fn begin(called: Option<std::ffi::OsString>, subjects: &Subjects) {
    use crate::render::{clean_line, shell_word};

    let called = called.unwrap_or_else(|| OURS.into());
    let name = std::path::Path::new(&called).file_stem().unwrap_or(&called);
    let name = clean_line(&name.to_string_lossy());
    let called = clean_line(&called.to_string_lossy());
    let (command, place) = match name == OURS {
        // The documentation says what this stands for.
        true => (
            OURS.to_owned(),
            (called != OURS).then(|| shell_word(&called)),
        ),
        false => (shell_word(&called), None),
    };
    let program = Program {
        name,
        command,
        place,
        subjects: subjects.clone(),
    };
    drop(PROGRAM.set(program));
}

/// Its name, for what it says.
pub(crate) fn name() -> &'static str {
    PROGRAM.get().map_or(OURS, |program| &program.name)
}

/// The word by which a shell calls it.
pub(crate) fn command() -> &'static str {
    PROGRAM.get().map_or(OURS, |program| &program.command)
}

/// Where it is, if [`command`] does not say so and a shell may not find it.
#[cfg(feature = "cli")]
pub(crate) fn place() -> Option<&'static str> {
    PROGRAM.get()?.place.as_deref()
}

/// Whether it knows the subject of this name.
pub(crate) fn knows(subject: &str) -> bool {
    match PROGRAM.get() {
        Some(program) => program.subjects.named(subject).is_some(),
        None => Variant::named(subject).is_some(),
    }
}

/// What it says of the subject of this name, in one sentence, if that is wrong on purpose.
pub(crate) fn defect(subject: &str) -> Option<String> {
    match PROGRAM.get() {
        Some(program) => {
            let subject = program.subjects.named(subject)?;
            let is_defect = subject.is_defect();
            is_defect.then(|| subject.sentence().to_owned())
        }
        None => {
            let defect = Variant::named(subject).filter(|variant| variant.is_defect())?;
            Some(defect.sentence().to_owned())
        }
    }
}
