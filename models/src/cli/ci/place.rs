//! Where in a repository a step is.

use std::path::{Path, PathBuf};

use super::Exhibit;

/// A file, from the root of the repository where that can be told, and a line of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u32,
}

impl Place {
    /// The place of a step of a trace, which names it by `file:line`.
    pub(super) fn of(location: &str) -> Option<Self> {
        let (file, line) = location.rsplit_once(':')?;
        let line = line.parse().ok().filter(|line| *line > 0)?;
        (!file.is_empty()).then(|| Place {
            file: from_root(file),
            line,
        })
    }

    /// The place of the step that is at fault.
    pub(super) fn of_failing_step(exhibit: &Exhibit<'_>) -> Option<Self> {
        let step = exhibit.failing_step()?;
        Self::of(&exhibit.trace.steps.get(step - 1)?.location)
    }
}

/// The root of the repository, as the service that runs this names it.
fn root() -> Option<PathBuf> {
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];
    let mut named = named.iter().filter_map(std::env::var_os);
    named.find(|path| !path.is_empty()).map(PathBuf::from)
}

/// A path from the folder in which this runs, from the root of the repository: the two differ where a workspace is not at
/// that root. A file that is not there is left as it is named.
fn from_root(file: &str) -> String {
    let here = std::env::current_dir().ok();
    match (root(), here) {
        (Some(root), Some(here)) => between(&root, &here, file),
        _ => file.to_owned(),
    }
}

fn between(root: &Path, here: &Path, file: &str) -> String {
    let below = here.strip_prefix(root).ok();
    let path = below.map(|below| below.join(file));
    match path.filter(|_| here.join(file).is_file()) {
        Some(path) => path.display().to_string().replace('\\', "/"),
        None => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_named_from_the_root_of_the_repository() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let here = folder.path().join("rust");
        std::fs::create_dir_all(here.join("src")).expect("writable");
        std::fs::write(here.join("src/main.rs"), "").expect("writable");
        let named = |here: &Path, file| between(folder.path(), here, file);
        assert_eq!(named(&here, "src/main.rs"), "rust/src/main.rs");
        assert_eq!(named(&here, "src/other.rs"), "src/other.rs");
        assert_eq!(named(Path::new("/elsewhere"), "src/main.rs"), "src/main.rs");
    }

    #[test]
    fn what_is_no_place_of_a_source_is_none() {
        for location in ["", ":", "x", "x:", "x:0", "x:y", ":7", "x:-1"] {
            assert_eq!(Place::of(location), None, "{location}");
        }
        let place = Place::of("c:/x.rs:7").expect("a place");
        assert_eq!((place.file.as_str(), place.line), ("c:/x.rs", 7));
    }
}
