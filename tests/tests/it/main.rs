//! What checks the checkers, in one program: linking the checkers into many takes longer than compiling the tests.

mod admission_told_late;
mod exhaustive_presets;
mod explanations;
mod generated_lawful;
mod generated_scenarios;
mod judge;
mod kept_counterexamples;
mod laws;
mod liars;
mod livelocks;
mod matrix;
mod mutants;
mod ordered_ids;
mod outside;
mod packages;
mod random_programs;
mod reduced_scenarios;
mod render_traces;
mod replay_changed;
mod replay_everywhere;
mod sequential_spec;
mod shrinking;
mod shuttle_exhaustive;
mod smallest_scenarios;
mod spurious_wakes;
mod tidy;
