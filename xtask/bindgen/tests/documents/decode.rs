//! A crate with the generated operations, which decodes and encodes examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

pub(crate) fn write(place: &Path, text: &str) {
    if fs::read_to_string(place).is_ok_and(|there| there == text) {
        return;
    }
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

/// Adds the modules to the scratch crate at `place`, with a program that decodes and encodes the examples, and runs it. An example
/// is the name of a module and the text of a response.
pub(crate) fn decode(
    place: &Path,
    modules: &BTreeMap<String, String>,
    examples: &[(String, String)],
) -> Vec<Result<Value, String>> {
    let manifest = fs::read_to_string(place.join("Cargo.toml")).unwrap();
    let manifest = manifest + "\n[profile.dev]\ndebug = false\n";
    fs::write(place.join("Cargo.toml"), manifest).unwrap();
    // In a program, only the code that decodes is translated; all of it is checked.
    let library = fs::read_to_string(place.join("src/lib.rs")).unwrap();
    fs::remove_file(place.join("src/lib.rs")).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    fs::copy(lock, place.join("Cargo.lock")).unwrap();
    let (mut parts, mut arms) = (String::new(), String::new());
    for (code, name) in modules {
        write(&place.join(format!("src/parts/{name}.rs")), code);
        parts.push_str(&format!("pub mod {name};\n"));
        arms.push_str(&format!("{name:?} => run::<{name}::Response>(text),\n"));
    }
    write(&place.join("src/parts.rs"), &parts);
    let main = format!(
        "{library}
        mod parts;
        use parts::*;
        fn run<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, String> {{
            let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
            serde_json::to_string(&value).map_err(|error| error.to_string())
        }}
        fn main() {{
            let examples: Vec<(String, String)> = serde_json::from_reader(std::io::stdin()).unwrap();
            let results = examples.iter().map(|(module, text)| match module.as_str() {{
                {arms}
                _ => Err(\"there is no such module\".to_owned()),
            }});
            println!(\"{{}}\", serde_json::to_string(&results.collect::<Vec<_>>()).unwrap());
        }}\n"
    );
    write(&place.join("src/main.rs"), &main);
    let input = place.join("examples.json");
    fs::write(&input, json!(examples).to_string()).unwrap();
    let done = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(place)
        .env("CARGO_TARGET_DIR", place.join("target"))
        .env("RUSTFLAGS", "--allow=warnings")
        .stdin(fs::File::open(input).unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(done.status.success(), "the generated code does not compile");
    let results: Vec<Result<String, String>> = serde_json::from_slice(&done.stdout).unwrap();
    let results = results.into_iter();
    results
        .map(|result| result.map(|text| serde_json::from_str(&text).unwrap()))
        .collect()
}
