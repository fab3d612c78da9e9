//! `docs/ci.md`: its workflows are YAML, with what each service wants, and their commands run.

use std::path::Path;

use saphyr::{LoadableYamlNode, Yaml};

use crate::command_line::run::Run;

/// The blocks of YAML on the page.
fn workflows() -> Vec<Yaml<'static>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ci.md");
    let text = std::fs::read_to_string(page).expect("the page is there");
    let blocks = text.split("```yaml\n").skip(1);
    let blocks = blocks.map(|rest| rest.split_once("\n```").expect("it ends").0.to_owned());
    let parse = |block: String| {
        let block: &'static str = block.leak();
        let mut documents = Yaml::load_from_str(block).expect("YAML");
        assert_eq!(documents.len(), 1, "one document: {block}");
        documents.remove(0)
    };
    blocks.map(parse).collect()
}

/// What a key holds.
fn at<'a>(yaml: &'a Yaml<'static>, key: &str) -> Option<&'a Yaml<'static>> {
    yaml.as_mapping_get(key)
}

/// The texts that the service hands to a shell, in order.
fn scripts(yaml: &Yaml<'static>) -> Vec<String> {
    let texts = |yaml: &Yaml<'static>| -> Vec<String> {
        match yaml.as_sequence() {
            Some(items) => items
                .iter()
                .map(|item| item.as_str().expect("a command").to_owned())
                .collect(),
            None => vec![yaml.as_str().expect("a command").to_owned()],
        }
    };
    let mut found = Vec::new();
    if let Some(mapping) = yaml.as_mapping() {
        for (key, value) in mapping {
            match key.as_str() {
                Some("run" | "script") => found.extend(texts(value)),
                _ => found.extend(scripts(value)),
            }
        }
    }
    for item in yaml.as_sequence().into_iter().flatten() {
        found.extend(scripts(item));
    }
    found
}

/// The commands of this program among them, without what the shell makes of their status.
fn commands(yaml: &Yaml<'static>) -> Vec<String> {
    let scripts = scripts(yaml).join("\n").replace("\\\n", " ");
    let lines = scripts.lines().map(str::trim);
    let ours = lines.filter_map(|line| line.strip_prefix("logon-check "));
    ours.map(|line| line.split("||").next().unwrap_or(line).trim().to_owned())
        .collect()
}

#[test]
fn there_is_a_whole_workflow_for_each_of_the_two_services() {
    let [github, gitlab] = &workflows()[..] else {
        panic!("two workflows");
    };
    for key in ["name", "on", "permissions", "jobs"] {
        assert!(at(github, key).is_some(), "{key}");
    }
    let job = at(github, "jobs")
        .and_then(|jobs| at(jobs, "check"))
        .expect("a job");
    let steps = at(job, "steps").and_then(Yaml::as_sequence).expect("steps");
    for step in steps {
        let does = ["uses", "run"].map(|key| at(step, key).is_some());
        assert!(does[0] != does[1], "one of the two: {step:?}");
    }
    let used: Vec<&str> = steps
        .iter()
        .filter_map(|step| at(step, "uses")?.as_str())
        .collect();
    for action in [
        "actions/checkout@",
        "actions/cache@",
        "actions/upload-artifact@",
        "github/codeql-action/upload-sarif@",
    ] {
        assert!(
            used.iter().any(|used| used.starts_with(action)),
            "{action} in {used:?}"
        );
    }
    let job = at(gitlab, "logon-check").expect("a job");
    for key in ["image", "cache", "script", "artifacts"] {
        assert!(at(job, key).is_some(), "{key}");
    }
    let artifacts = at(job, "artifacts").expect("artifacts");
    let reports = at(artifacts, "reports").expect("reports");
    assert_eq!(
        at(reports, "junit").and_then(Yaml::as_str),
        Some("out/*.xml")
    );
}

#[test]
fn every_command_of_theirs_runs_and_writes_what_the_service_reads() {
    for workflow in workflows() {
        let scripts = scripts(&workflow).join("\n");
        for needed in ["cargo test", "cargo install --locked --path models"] {
            assert!(scripts.contains(needed), "{needed}: {scripts}");
        }
        let commands = commands(&workflow);
        let names: Vec<&str> = commands
            .iter()
            .filter_map(|command| command.split(' ').next())
            .collect();
        assert_eq!(names, ["check", "matrix"]);
        for command in commands {
            let run = Run::new();
            // The whole matrix takes longer than a test may.
            let less = match command.starts_with("matrix") {
                true => " --scenario q245221 --variant fixed --variant lost-wakeup",
                false => "",
            };
            run.ends_with(0, &format!("{command}{less}"));
            for option in ["--junit ", "--sarif "] {
                let file = command.split_once(option).expect(option).1;
                let file = file.split(' ').next().expect("a file");
                assert!(run.path(file).is_file(), "{command}: {file}");
            }
        }
    }
}
