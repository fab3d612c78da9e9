//! Where documents come from: a text, a file, the name of a preset.

use std::fs::File;
use std::io::{ErrorKind as IoKind, Read};
use std::path::Path;

use super::Scenario;
use super::error::{ErrorKind, ScenarioError, listed, quoted, suggestion};
use super::presets::{Preset, presets};
use super::repair;
use super::source::Source;

/// How large a document may be, in bytes.
const LARGEST: usize = 64 * 1024;

impl Scenario {
    /// Reads a document. The origin is what errors call it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, if it is TOML; otherwise what the reader of TOML finds.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ScenarioError> {
        if text.len() > LARGEST {
            return Err(too_large(origin));
        }
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(unreadable(
                origin,
                "the document is empty; expected name = \"…\"",
            ));
        }
        let source = Source::written(origin, text);
        repair::read(&source, text)?.resolve(&source)
    }

    /// Reads the document in a file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ScenarioError> {
        let path = path.as_ref();
        let origin = path.display().to_string();
        let bytes = bytes(path).map_err(|error| match error.kind() {
            IoKind::NotFound => unreadable(
                &origin,
                "there is no such file; expected the path of a scenario document or the name of a \
                 preset",
            ),
            IoKind::IsADirectory => unreadable(
                &origin,
                "this is a folder; expected the path of a scenario document in it",
            ),
            _ => unreadable(
                &origin,
                &format!("the file cannot be read ({error}); expected a readable file"),
            ),
        })?;
        if bytes.len() > LARGEST {
            return Err(too_large(&origin));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            unreadable(
                &origin,
                &format!(
                    "byte {} is not UTF-8; expected a text file in UTF-8",
                    place + 1
                ),
            )
        })?;
        Self::parse(&text, &origin)
    }

    /// The built-in scenario of that name.
    pub fn preset(name: &str) -> Result<Self, ScenarioError> {
        let known = presets().iter().map(Preset::name);
        match presets().iter().find(|preset| preset.name() == name) {
            Some(preset) => Ok(preset.scenario()),
            None => Err(ScenarioError::new(
                ErrorKind::UnknownName,
                name,
                format!(
                    "there is no preset {}; expected one of {}{}",
                    quoted(name),
                    listed(known.clone()),
                    suggestion(name, known)
                ),
            )),
        }
    }

    /// What a user means by an argument: a preset of that name, otherwise a file. An argument
    /// that is neither, and does not look like a path, is taken for a misspelled preset.
    pub fn open(argument: &str) -> Result<Self, ScenarioError> {
        let looks_like_path = argument.contains(['/', '\\', '.']) || Path::new(argument).exists();
        match Self::preset(argument) {
            Err(_) if looks_like_path => Self::load(argument),
            preset => preset,
        }
    }
}

/// At most one byte more than a document may have, so that an endless file ends.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.is_dir() {
        return Err(IoKind::IsADirectory.into());
    }
    if crate::files::is_idle_pipe(path) {
        let what = "a pipe, from which nothing may ever come";
        return Err(std::io::Error::new(IoKind::InvalidInput, what));
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large(origin: &str) -> ScenarioError {
    unreadable(
        origin,
        "the document is larger than 64 KiB; expected a smaller one",
    )
}

fn unreadable(origin: &str, message: &str) -> ScenarioError {
    ScenarioError::new(ErrorKind::Unreadable, origin, message.to_owned())
}
