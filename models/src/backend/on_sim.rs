//! The deterministic runtime as a backend.

use logon_sim::Sim;

use super::Backend;

impl Backend for Sim {
    const NAME: &'static str = "sim";
}
