//! The sections of `logon-core`, each with its mutants, and the prover of `logon-models` compiled against them.
//!
//! A mutant does one thing wrong. The prover looks at code as it is compiled, so it is tried on code that is compiled
//! otherwise: the build script puts all mutants beside what they replace, and [`mutant`] says which of them is under
//! way. With none, this is the core as it is.
//!
//! The table of mutants is in `table`, one file for each file of the core, and says of each what notices it, or why
//! nothing has to.

// The prover names the core by its name.
extern crate self as logon_core;

include!(concat!(env!("OUT_DIR"), "/lib.rs"));

pub mod mutant;
#[path = "../../../models/src/proof/mod.rs"]
pub mod proof;
#[path = "../table/mod.rs"]
pub mod table;
