//! What only the author of a program knows of it.

/// What only the author of a program knows of it, for the renderings of its traces. A trace may come from anywhere as a
/// file, so it is asked by name: whatever the author does not know is left out. `()` knows nothing.
pub trait Vocabulary {
    /// What made the executions that are listed, in one sentence.
    fn about(&self) -> String {
        "logon-sim runs a concurrent program one step at a time, in one order of steps after the other, and keeps \
         executions that break a property."
            .to_owned()
    }

    /// What is wrong with the code of this name, in one sentence, if that is known because somebody put it in.
    fn defect(&self, code: &str) -> Option<String> {
        let _ = code;
        None
    }

    /// What the property of this name asks for, in one sentence.
    fn property(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// The size of an input, from its document, in a few words.
    fn size(&self, document: &str) -> Option<String> {
        let _ = document;
        None
    }

    /// The part of the shared state that says what time it is, from the document of the input, where steps have times: then
    /// each step is shown with its own.
    fn clock(&self, document: &str) -> Option<String> {
        let _ = document;
        None
    }

    /// The command that, followed by the name of a file, runs the trace in it again; `None` if there is none for the code
    /// of this name.
    fn replay(&self, code: &str) -> Option<String> {
        let _ = code;
        None
    }

    /// Why a trace that this checker has found cannot be run again, if it cannot.
    fn is_not_replayed(&self, checker: &str) -> Option<String> {
        let _ = checker;
        None
    }

    /// How a trace is run again for which there is no command.
    fn elsewhere(&self) -> String {
        "a program that has this code replays this trace with logon_sim::replay".to_owned()
    }
}

impl Vocabulary for () {}
