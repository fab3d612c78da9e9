//! A job in parts, and the parts put together.

use std::process::Command;

use crate::command_line::run::Run;

const SWARM: &str = "simulate --swarm 7 --logons 50 --format json";

/// The parts of a swarm, in a folder of their own.
fn in_parts(run: &Run, of: u32) {
    std::fs::create_dir_all(run.path("parts")).expect("writable");
    for part in 1..=of {
        let text = run.ends_with(0, &format!("{SWARM} --partition {part}/{of}"));
        // In an order that is not that of the parts.
        run.file(&format!("parts/{}.json", of - part), text);
    }
}

#[test]
fn the_parts_of_a_swarm_are_the_whole_whatever_their_order() {
    let run = Run::new();
    in_parts(&run, 3);
    let whole = run.ends_with(0, SWARM);
    assert_eq!(run.ends_with(0, "merge parts --format json"), whole);
    let text = run.ends_with(0, "merge parts");
    assert!(
        text.contains("fixed in 7 configurations drawn by seeds from 1 to 7, 50 clients in each"),
        "{text}"
    );
}

#[test]
fn gaps_doubles_and_contradictions_are_refused() {
    let run = Run::new();
    in_parts(&run, 3);
    let refused = |says: &[&str]| run.is_refused(64, "merge parts", says);
    let path = |nth: u32| run.path(&format!("parts/{nth}.json"));
    let (first, last) = (path(2), path(0));
    let text = std::fs::read_to_string(&last).expect("it was written");
    std::fs::remove_file(&last).expect("it is there");
    refused(&["3/3 is missing"]);
    std::fs::copy(&first, path(7)).expect("writable");
    refused(&["both part 1/3"]);
    std::fs::remove_file(path(7)).expect("it is there");
    let mut changed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    changed["lines"][0]["digest"] = "0123456789abcdef".into();
    run.file("parts/0.json", changed.to_string());
    refused(&["says that its digest is"]);
    let mut other: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    other["logons"] = 51.into();
    run.file("parts/0.json", other.to_string());
    refused(&["expected parts of one job"]);
    let mut short: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    short["lines"].as_array_mut().expect("lines").clear();
    short["digest"] = "0000000000000000".into();
    run.file("parts/0.json", short.to_string());
    refused(&["seeds are missing, the first of them 3"]);
    run.file("parts/0.json", "{}");
    refused(&["parts/0.json is no part of a job"]);
    let run = Run::new();
    run.is_refused(64, "merge nowhere", &["nowhere"]);
    std::fs::create_dir_all(run.path("empty")).expect("writable");
    run.is_refused(64, "merge empty", &["ends in .json"]);
}

#[test]
fn a_part_that_cannot_be_is_refused() {
    let run = Run::new();
    in_parts(&run, 2);
    let file = run.path("parts/0.json");
    let text = std::fs::read_to_string(&file).expect("it was written");
    for (part, of) in [(1, 0), (0, 2), (3, 2), (1, u32::MAX)] {
        let mut wrong: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        wrong["partition"] = serde_json::json!({ "part": part, "of": of });
        run.file("parts/0.json", wrong.to_string());
        let says = format!("there is no part {part} of {of}");
        run.is_refused(64, "merge parts", &["parts/0.json", &says]);
    }
}

#[test]
fn the_seeds_may_go_beyond_the_largest_number() {
    let run = Run::new();
    std::fs::create_dir_all(run.path("parts")).expect("writable");
    let swarm = "simulate --swarm 6 --logons 50 --seed 4294967293 --format json";
    for part in 1..=2 {
        let text = run.ends_with(0, &format!("{swarm} --partition {part}/2"));
        run.file(&format!("parts/{part}.json"), text);
    }
    assert_eq!(
        run.ends_with(0, "merge parts --format json"),
        run.ends_with(0, swarm)
    );
}

#[test]
fn a_merged_swarm_says_what_fell_and_which_seed_to_look_at() {
    let run = Run::new();
    std::fs::create_dir_all(run.path("parts")).expect("writable");
    let swarm = "simulate --swarm 8 --logons 100 --variant empty-pool-refuses --format json";
    for part in 1..=2 {
        let text = run.ends_with(2, &format!("{swarm} --partition {part}/2"));
        run.file(&format!("parts/{part}.json"), text);
    }
    let text = run.ends_with(2, "merge parts");
    for part in [
        "FAIL something fell in ",
        "look at it: ",
        "--variant empty-pool-refuses",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    // What a line says is a part of the digest, so no finding can be left out by hand.
    let name = "parts/1.json";
    let text = std::fs::read_to_string(run.path(name)).expect("it was written");
    let mut changed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    changed["lines"][0]["fell"] = serde_json::Value::Null;
    run.file(name, changed.to_string());
    run.is_refused(64, "merge parts", &["says that its digest is"]);
    changed["version"] = 0.into();
    run.file(name, changed.to_string());
    run.is_refused(64, "merge parts", &["version 0"]);
}

#[test]
fn a_part_without_a_configuration_is_no_pass() {
    let run = Run::new();
    let text = run.ends_with(0, "simulate --swarm 3 --logons 50 --partition 5/8");
    assert!(text.contains("NONE there is no configuration"), "{text}");
    assert!(!text.contains("PASS"), "{text}");
}

#[test]
fn one_seed_with_two_digests_is_refused() {
    let run = Run::new();
    in_parts(&run, 2);
    let file = run.path("parts/0.json");
    let text = std::fs::read_to_string(&file).expect("it was written");
    let mut twice: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut line = twice["lines"][0].clone();
    line["digest"] = "0123456789abcdef".into();
    twice["lines"].as_array_mut().expect("lines").push(line);
    run.file("parts/0.json", twice.to_string());
    run.is_refused(64, "merge parts", &["with digest", "not deterministic"]);
}

#[test]
fn the_parts_of_a_matrix_are_the_whole() {
    let run = Run::new();
    std::fs::create_dir_all(run.path("parts")).expect("writable");
    let matrix = "matrix --variant fixed --variant two-claimants --scenario q245221 --format json";
    let whole: serde_json::Value = serde_json::from_str(&run.ends_with(0, matrix)).expect("JSON");
    for part in 1..=3 {
        let text = run.ends_with(0, &format!("{matrix} --partition {part}/3"));
        run.file(&format!("parts/{part}.json"), text);
    }
    let merged = run.ends_with(0, "merge parts --format json");
    let merged: serde_json::Value = serde_json::from_str(&merged).expect("JSON");
    let verdicts = |matrix: &serde_json::Value| {
        let cells = matrix["cells"].as_array().expect("cells").iter();
        cells
            .map(|cell| {
                format!(
                    "{} {} {} {}",
                    cell["variant"], cell["scenario"], cell["checker"], cell["verdict"]
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&merged), verdicts(&whole));
    assert_eq!(merged["as_expected"], whole["as_expected"]);
    assert_eq!(merged["proved"], whole["proved"]);
    let third = std::fs::read_to_string(run.path("parts/3.json")).expect("it was written");
    let mut older: serde_json::Value = serde_json::from_str(&third).expect("JSON");
    older["version"] = 6.into();
    run.file("parts/3.json", older.to_string());
    let output = run.of("merge parts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{errors}");
    assert!(
        errors.contains("is of version 6; expected version 7"),
        "{errors}"
    );
    run.file("parts/3.json", third);
    std::fs::remove_file(run.path("parts/2.json")).expect("it is there");
    let output = run.of("merge parts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{errors}");
    assert!(errors.contains("2/3 is missing"), "{errors}");
}

#[test]
fn whoever_schedules_says_in_variables_which_part_it_is() {
    let run = Run::new();
    std::fs::create_dir_all(run.path("parts")).expect("writable");
    let part = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
        for name in [
            "SLURM_ARRAY_TASK_ID",
            "JOB_COMPLETION_INDEX",
            "LOGON_CHECK_PARTITION",
        ] {
            command.env_remove(name);
        }
        let arguments = SWARM.split_whitespace().chain(["--partition", "env"]);
        command.args(arguments).envs(variables.iter().copied());
        let output = command.current_dir(run.folder.path()).output();
        output.expect("the program starts")
    };
    for task in ["5", "6", "7"] {
        let output = part(&[
            ("SLURM_ARRAY_TASK_ID", task),
            ("SLURM_ARRAY_TASK_MIN", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "3"),
        ]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        run.file(&format!("parts/{task}.json"), output.stdout);
    }
    let whole = run.ends_with(0, SWARM);
    assert_eq!(run.ends_with(0, "merge parts --format json"), whole);
    for (nth, index) in ["0", "1", "2"].into_iter().enumerate() {
        let output = part(&[("JOB_COMPLETION_INDEX", index), ("JOB_COMPLETIONS", "3")]);
        run.file(&format!("parts/{}.json", nth + 5), output.stdout);
    }
    assert_eq!(run.ends_with(0, "merge parts --format json"), whole);
    let output = part(&[]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{errors}");
    assert!(errors.contains("SLURM_ARRAY_TASK_ID"), "{errors}");
}
