//! How much a search does before it gives up: counted, so that the same finding is explained in the same words on every
//! machine.

/// What a search may still do.
#[derive(Clone, Debug)]
pub(super) struct Work {
    most: u64,
    left: u64,
}

/// The work was not enough to find out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct GivenUp {
    /// How much was done.
    pub(super) after: u64,
}

impl Work {
    pub(super) fn of(most: u64) -> Work {
        Work { most, left: most }
    }

    /// Does one piece of it.
    pub(super) fn one(&mut self) -> Result<(), GivenUp> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(GivenUp { after: self.most }),
        }
    }

    /// How much there was to begin with.
    pub(super) fn most(&self) -> u64 {
        self.most
    }
}
