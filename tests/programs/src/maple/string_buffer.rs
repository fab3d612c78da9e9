//! A buffer whose length is asked for, and whose characters are copied afterwards.
//!
//! The `StringBuffer` of JDK 1.4: C. Flanagan, S. Qadeer: A type and effect system for atomicity. PLDI 2003. In SCTBench:
//! `stringbuffer-jdk1.4`.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// One that appends the buffer to another, and one that erases it; each of its methods is synchronized.
pub(crate) struct StringBuffer;

impl<P: Primitives> Portable<P> for StringBuffer {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let length = shared::<P, _>("buffer", 3_u32);
        let erased = Arc::clone(&length);
        actors.spawn("appender", "appender", move || {
            let asked = length.enter("how long?", |length| *length);
            let fits = length.enter("copy the characters", move |length| asked <= *length);
            assert!(fits, "the index is out of range");
        });
        actors.spawn("eraser", "eraser", move || {
            erased.enter("erase", |length| *length = 0);
        });
        Judge::everybody_ends()
    }
}
