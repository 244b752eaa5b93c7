use std::path::Path;

use super::*;

fn passes(_: &Context) -> Outcome {
    Outcome::Passed("3 things".to_owned())
}

fn fails(_: &Context) -> Outcome {
    Outcome::Failed {
        findings: vec!["one\ntwo".to_owned(), "three".to_owned()],
        next: "fix it".to_owned(),
    }
}

fn step(name: &'static str, run: fn(&Context) -> Outcome) -> Step {
    Step {
        name,
        about: "it is broken",
        run,
    }
}

/// The output, without the times.
fn listed(steps: &[Step]) -> (bool, String) {
    let mut out = Vec::new();
    let success =
        run(&Context::at(Path::new("."), |_| Ok(())), steps, &mut out).expect("memory takes all");
    let text = String::from_utf8(out).expect("text");
    let words = |line: &str| -> String {
        let is_time = |word: &&str| *word != "s" && word.parse::<f64>().is_err();
        line.split_whitespace()
            .filter(is_time)
            .collect::<Vec<_>>()
            .join(" ")
    };
    (
        success,
        text.lines().map(words).collect::<Vec<_>>().join("\n"),
    )
}

#[test]
fn all_steps_run_and_the_summary_names_those_that_failed() {
    let steps = [step("a", fails), step("b", passes), step("d", fails)];
    let (success, text) = listed(&steps);
    assert!(!success);
    let of_failure = "it is broken\none\ntwo\nthree\nnext: fix it";
    assert_eq!(
        text,
        format!(
            "a FAILED {of_failure}\nb passed things\nd FAILED {of_failure}\n\
             passed, failed (a, d) in"
        )
    );
}

#[test]
fn step_names_are_unique_words() {
    for (index, step) in STEPS.iter().enumerate() {
        assert!(
            step.name.chars().all(|c| c.is_ascii_lowercase()),
            "{}",
            step.name
        );
        assert!(
            STEPS[..index].iter().all(|other| other.name != step.name),
            "{}",
            step.name
        );
    }
}
