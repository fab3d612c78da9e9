//! What is published of the workspace is whole: each crate has the files that it includes, the licenses and the readme,
//! and finds the others by their versions.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The crates that are published, and what of them must not be missing.
const PUBLISHED: [(&str, &[&str]); 3] = [
    (
        "logon-core",
        &[
            "examples/loopback_server/main.rs",
            "examples/loopback_server/terminal.rs",
        ],
    ),
    ("logon-sim", &["examples/bounded_buffer.rs"]),
    (
        "logon-models",
        &[
            "catalogue.toml",
            "src/render/html/page.css",
            "src/render/html/page.js",
            "src/main.rs",
        ],
    ),
];

/// The files in the package of a crate.
fn packaged(name: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "package",
        "--list",
        "--allow-dirty",
        "--offline",
        "--quiet",
        "--package",
        name,
    ]);
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let output = command.output().expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{name}: {errors}");
    assert_eq!(errors, "", "{name}");
    let list = String::from_utf8(output.stdout).expect("UTF-8");
    list.lines().map(str::to_owned).collect()
}

/// The text of the manifest of a folder.
fn manifest(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder)
        .join("Cargo.toml");
    std::fs::read_to_string(path).expect("it is there")
}

#[test]
fn each_published_crate_has_all_its_files() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/scenarios");
    for (name, files) in PUBLISHED {
        let packaged = packaged(name);
        let always = [
            "Cargo.toml",
            "README.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "src/lib.rs",
        ];
        for file in files.iter().chain(&always) {
            assert!(packaged.contains(*file), "{name} without {file}");
        }
        if name == "logon-models" {
            for scenario in std::fs::read_dir(scenarios).expect("a folder").flatten() {
                let file = format!("scenarios/{}", scenario.file_name().to_string_lossy());
                assert!(packaged.contains(&file), "{name} without {file}");
            }
        }
    }
}

#[test]
fn a_crate_that_is_published_names_the_versions_of_the_others_and_the_rest_is_not() {
    let workspace = manifest(".");
    let version = workspace
        .lines()
        .find(|line| line.starts_with("version = "))
        .expect("a version");
    for (name, _) in PUBLISHED {
        let folder = name.trim_start_matches("logon-");
        let line = format!("{name} = {{ path = \"{folder}\", {version} }}");
        assert!(workspace.contains(&line), "no {line}");
        assert!(!manifest(folder).contains("publish"), "{name}");
    }
    let members = workspace
        .lines()
        .find(|line| line.starts_with("members"))
        .expect("members");
    let members = members.split('"').skip(1).step_by(2);
    let unpublished = members.filter(|folder| {
        PUBLISHED
            .iter()
            .all(|(name, _)| name.trim_start_matches("logon-") != *folder)
    });
    for folder in unpublished {
        assert!(manifest(folder).contains("publish = false"), "{folder}");
    }
}
