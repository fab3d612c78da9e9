//! The stopping of a Bluetooth driver. A request checks that the driver does not stop, and only then counts itself.
//!
//! S. Qadeer, D. Wu: KISS: keep it simple and sequential. PLDI 2004.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// One that stops the driver and one that uses it. Whoever counts itself first, and then checks, is right: the order that
/// the paper gives as the correction.
pub(crate) struct Bluetooth {
    pub(crate) counts_first: bool,
}

struct Device<P: Primitives> {
    pending: Integer<P>,
    stopping: Integer<P>,
    event: Integer<P>,
    stopped: Integer<P>,
}

impl<P: Primitives> Clone for Device<P> {
    fn clone(&self) -> Self {
        Device {
            pending: self.pending.clone(),
            stopping: self.stopping.clone(),
            event: self.event.clone(),
            stopped: self.stopped.clone(),
        }
    }
}

impl<P: Primitives> Device<P> {
    fn decrement(&self) {
        if self.pending.subtract("decrement", 1) == 1 {
            self.event.store("set the event", 1);
        }
    }

    fn use_it(&self) {
        assert_eq!(
            self.stopped.load("is it stopped?"),
            0,
            "used after its stop"
        );
    }
}

impl<P: Primitives> Portable<P> for Bluetooth {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let device: Device<P> = Device {
            pending: Integer::new("pending", 1),
            stopping: Integer::new("stopping", 0),
            event: Integer::new("event", 0),
            stopped: Integer::new("stopped", 0),
        };
        let (stopped, counts_first) = (device.clone(), self.counts_first);
        actors.spawn("stopper", "stopper", move || {
            stopped.stopping.store("stop", 1);
            stopped.decrement();
            if stopped.event.load("is the event set?") == 1 {
                stopped.stopped.store("is stopped", 1);
            }
        });
        actors.spawn("adder", "adder", move || {
            if counts_first {
                device.pending.add("increment", 1);
                if device.stopping.load("does it stop?") == 0 {
                    device.use_it();
                }
            } else if device.stopping.load("does it stop?") == 0 {
                device.pending.add("increment", 1);
                device.use_it();
            }
            // In either case, as in the original.
            device.decrement();
        });
        Judge::everybody_ends()
    }
}
