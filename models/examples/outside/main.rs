//! Every command of `logon-check` for allocators of one's own, beside the built-in variants.

#[path = "../../../core/examples/outside_allocator/allocator.rs"]
mod allocator;
mod sharded;

use allocator::OutsideAllocator;
use logon_models::stage::{Subject, Subjects};
use logon_models::{cli, subject};
use sharded::{ForgetfulPool, HastyPool, ShardedPool};

fn main() -> std::process::ExitCode {
    let subjects = Subjects::variants()
        .and(subject!(OutsideAllocator).described("Permits are counted in a word."))
        .and(subject!(ShardedPool).described("A data structure of its own: a word and two shards."))
        .and(subject!(ForgetfulPool).wrong_on_purpose(
            "A session is put into its shard, and nobody looks whether somebody has come to wait for it.",
        ))
        .and(subject!(HastyPool).wrong_on_purpose(
            "A newcomer is refused while a permit is on its way back.",
        ));
    cli::main_with(&subjects)
}
