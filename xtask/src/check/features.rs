//! The step that compiles the facade with all combinations of its features.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::process::{cargo, run as run_program};
use super::{Context, Outcome, Step};

pub(super) const STEP: Step = Step {
    name: "features",
    about: "a combination of the facade's features does not compile",
    run,
};

/// Up to this number of features, all combinations are compiled; above it, none, each, each pair and all.
const ALL_COMBINATIONS: usize = 4;

fn run(context: &Context) -> Outcome {
    let next = "fix the errors of the command; features must be additive";
    let combinations = match features(context) {
        Ok(features) => combinations(&features),
        Err(why) => return Outcome::failed(why, next),
    };
    let mut findings = Vec::new();
    let mut without_openssl = 0;
    for combination in &combinations {
        let arguments = [
            "check",
            "--quiet",
            "--package",
            "apivideo",
            "--no-default-features",
            "--features",
            combination,
        ];
        match run_program(context, &cargo(), &arguments) {
            Ok(completed) if completed.success => {}
            Ok(completed)
                if completed
                    .err
                    .contains("Could not find directory of OpenSSL installation") =>
            {
                without_openssl += 1;
            }
            Ok(completed) => findings.push(format!(
                "`cargo {}`:\n{}",
                arguments.join(" "),
                completed.tail()
            )),
            Err(why) => findings.push(why),
        }
    }
    let mut passed = format!("{} combinations", combinations.len());
    if without_openssl > 0 {
        passed = format!(
            "{passed}, except {without_openssl} with native-tls: the headers of OpenSSL are missing; install \
             libssl-dev"
        );
    }
    Outcome::of(findings, passed, next)
}

fn features(context: &Context) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        features: BTreeMap<String, Vec<String>>,
    }
    let completed = run_program(
        context,
        &cargo(),
        &["metadata", "--format-version=1", "--no-deps"],
    )?;
    let metadata: Metadata = serde_json::from_str(&completed.out)
        .map_err(|error| format!("`cargo metadata` failed: {error}\n{}", completed.tail()))?;
    metadata
        .packages
        .into_iter()
        .find(|package| package.name == "apivideo")
        .map(|package| {
            package
                .features
                .into_keys()
                .filter(|name| name != "default")
                .collect()
        })
        .ok_or_else(|| "there is no package apivideo".to_owned())
}

/// Returns lists of features, separated by commas.
fn combinations(features: &[String]) -> Vec<String> {
    let count = u32::try_from(features.len()).unwrap_or(u32::MAX).min(31);
    let all = (1_u32 << count) - 1;
    let is_tried =
        |set: &u32| features.len() <= ALL_COMBINATIONS || set.count_ones() <= 2 || *set == all;
    (0..=all)
        .filter(is_tried)
        .map(|set| {
            let named: Vec<&str> = features
                .iter()
                .enumerate()
                .filter(|(index, _)| set & (1 << index) != 0)
                .map(|(_, name)| name.as_str())
                .collect();
            named.join(",")
        })
        .collect()
}

#[cfg(test)]
mod tests;
