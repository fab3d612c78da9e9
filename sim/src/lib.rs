//! A deterministic runtime for programs written against the primitives of `logon-core`.

mod context;
mod coroutine;
mod engine;
mod execution;
mod object;
mod panic;
mod primitives;
mod program;
mod schedule;
pub mod scheduler;
mod simulation;
mod step;
mod value;

pub use execution::{Blocked, End, EndKind, Execution, Fault, FaultKind, Rest, Site};
pub use object::ObjectId;
pub use primitives::{Sim, SimMonitor, SimWord};
pub use program::{Actors, AtRest, Program, Watch};
pub use schedule::{Divergence, DivergenceReason, Schedule, ScheduledStep};
pub use scheduler::{
    BoundedPreemptions, Choice, Ending, ObjectState, Point, RandomWalk, Replay, Scheduler,
};
pub use simulation::{Config, Exploration, Limits, Simulation, Stop, Verdict};
pub use step::{
    ActorId, ActorInfo, Effect, Offer, Operation, OperationKind, Step, Values, WordAccess,
};
pub use value::Value;
