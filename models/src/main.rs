//! The program `logon-check`: see [`logon_models`].

fn main() -> std::process::ExitCode {
    logon_models::cli::main()
}
