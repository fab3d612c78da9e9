//! A reason where what was chosen decides, and no order of steps does.

use super::Reason;
use super::scene::Scene;

/// A step that chooses. The nearest passing execution chooses otherwise there, and moves no step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decides {
    /// The number of the step.
    pub step: usize,
    /// What it chooses in the passing execution, in words.
    pub instead: Option<String>,
}

/// The choice that decides.
#[must_use]
pub fn decides(scene: &Scene<'_>) -> Option<Reason> {
    let Decides { step, instead } = scene.decides()?;
    let chooses = scene.at(*step).choice()?;
    let instead = instead.as_deref().unwrap_or("chooses otherwise");
    Some(Reason {
        words: format!(
            "{} {chooses}: if it {instead} in the same place, the execution passes",
            scene.deed(*step)
        ),
        steps: vec![*step],
        pairs: Vec::new(),
    })
}
