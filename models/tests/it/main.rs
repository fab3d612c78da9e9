//! Scenario files, backends and the command line, from outside and in one program.

mod backend_primitives;
mod check_output;
mod ci;
mod command_line;
mod debugger;
mod forged_traces;
mod hostile_files;
mod output_folder;
mod portable;
mod samplers;
mod scenario_errors;
mod scenario_files;
mod scenario_overrides;
mod scenario_page;
mod scenario_presets;
mod scenario_reaches;
mod simulate;
mod timed;
mod timed_actors;
mod visiting_states;
