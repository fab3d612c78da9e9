//! `page PATH` runs every program on every tool and writes the page of all; `explain NAME [FOLDER]` prints the counterexample
//! of one and writes its page below the folder, `out` if none is named.

use std::error::Error;
use std::path::Path;

use logon_programs::catalogue::entries;
use logon_programs::page::page;

const USAGE: &str = "expected `page PATH`, or `explain NAME [FOLDER]`";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["page", path] => {
            let text = page(&entries(), |entry| eprintln!("{}", entry.name))?;
            std::fs::write(path, text)?;
            Ok(())
        }
        ["explain", name] => explain(name, Path::new("out")),
        ["explain", name, folder] => explain(name, Path::new(folder)),
        _ => Err(USAGE.into()),
    }
}

fn explain(name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let entries = entries();
    let entry = entries.iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| format!("there is no program `{name}`"))?;
    let report = entry.named().check().run()?;
    println!("{report}");
    if let Some(page) = report.write(folder).and_then(|written| written.page) {
        println!("page    {}", page.display());
    }
    Ok(())
}
