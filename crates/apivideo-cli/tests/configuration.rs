//! Settings: where they come from, which of them wins, and keys.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Outcome, Simulator, command, finish, golden, json_lines, run};
use tempfile::TempDir;

/// A folder with a configuration file.
fn configured(text: &str) -> (TempDir, PathBuf) {
    common::file("apivideo.toml", text)
}

fn asked(line: &str, config: &Path) -> Command {
    let mut asked = command(&line.split_whitespace().collect::<Vec<_>>());
    asked.arg("--config").arg(config);
    asked
}

/// A key file that only its owner can read.
fn key_file(folder: &Path, name: &str, key: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, key).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    path
}

/// A setting and its origin, as `config show --origin` has them.
#[track_caller]
fn shown(mut command: Command, setting: &str) -> (String, String) {
    command.args(["--origin"]);
    let rows = json_lines(&finish(command).ok().stdout);
    let row = rows.iter().find(|row| row["setting"] == setting).unwrap();
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("value"), text("origin"))
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_profile_over_the_file() {
    let (_folder, file) = configured(
        "page_size = 11\nretries = 1\nauth = \"basic\"\n[profiles.big]\npage_size = 12\n",
    );
    let path = file.display().to_string();
    let page_size = |line: &str, variable: Option<&str>| {
        let mut command = asked(line, &file);
        if let Some(value) = variable {
            command.env("APIVIDEO_PAGE_SIZE", value);
        }
        shown(command, "page_size")
    };
    let of = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let profile = "config show --profile big";
    assert_eq!(page_size("config show", None), of("11", &path));
    assert_eq!(
        page_size(profile, None),
        of("12", &format!("{path} [profiles.big]"))
    );
    assert_eq!(
        page_size(profile, Some("13")),
        of("13", "APIVIDEO_PAGE_SIZE")
    );
    assert_eq!(
        page_size(&format!("{profile} --page-size 14"), Some("13")),
        of("14", "--page-size")
    );
    let none = command(&["config", "show"]);
    assert_eq!(shown(none, "page_size"), of("100", "default"));
    // What the profile does not say, the top says.
    assert_eq!(shown(asked(profile, &file), "retries"), of("1", &path));
    let mut by_variable = asked("config show", &file);
    by_variable.env("APIVIDEO_PROFILE", "big");
    assert_eq!(shown(by_variable, "profile"), of("big", "APIVIDEO_PROFILE"));
}

#[test]
fn what_is_set_holds() {
    let simulator = Simulator::start(&["--videos", "3"]);
    let folder = tempfile::tempdir().unwrap();
    key_file(folder.path(), "my.key", "any\n");
    let file = folder.path().join("apivideo.toml");
    let text = format!(
        "base_url = \"{}\"\napi_key_file = \"my.key\"\noutput = \"csv\"\npage_size = 2\nauth = \"basic\"\n",
        simulator.url
    );
    fs::write(&file, text).unwrap();
    let outcome = finish(asked("videos --debug", &file)).ok();
    assert!(
        outcome.stdout.starts_with("videoId,title,"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stderr.contains("pageSize=2"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("POST"), "{}", outcome.stderr);
    let table = finish(asked("videos --output table", &file)).ok();
    assert!(table.stdout.starts_with("videoId  "), "{}", table.stdout);
    fs::write(
        &file,
        "quiet = true\ncolor = \"always\"\noutput = \"table\"\n",
    )
    .unwrap();
    let quiet = finish(asked("videos --simulate", &file)).ok();
    assert_eq!(quiet.stderr, "");
    assert!(
        quiet.stdout.starts_with("\u{1b}[1mvideoId"),
        "{}",
        quiet.stdout
    );
}

/// In the platform's folder for configuration.
#[cfg(target_os = "linux")]
#[test]
fn the_usual_file_is_found() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".config")).unwrap();
    let file = home.path().join(".config/apivideo.toml");
    fs::write(&file, "page_size = 7\n").unwrap();
    let mut show = command(&["config", "show"]);
    show.env("HOME", home.path());
    let path = file.display().to_string();
    assert_eq!(shown(show, "page_size"), ("7".to_owned(), path.clone()));
    let mut show = command(&["config", "show"]);
    show.env("HOME", home.path());
    assert_eq!(shown(show, "config"), (path, "default".to_owned()));
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("apivideo.toml"), "page_size = 8\n").unwrap();
    let mut show = command(&["config", "show"]);
    show.env("HOME", home.path())
        .env("XDG_CONFIG_HOME", other.path());
    assert_eq!(shown(show, "page_size").0, "8");
}

#[test]
fn settings_are_shown_and_keys_are_not() {
    let (folder, file) = configured(
        "environment = \"sandbox\"\napi_key_file = \"my.key\"\n[profiles.other]\nbase_url = \"http://127.0.0.1:1\"\n",
    );
    let path = folder.path().display().to_string();
    for (name, line) in [
        ("config_show", "config show --output table"),
        ("config_show_origin", "config show --origin --output csv"),
        (
            "config_show_profile",
            "config show --origin --profile other --output csv",
        ),
    ] {
        let mut show = asked(line, &file);
        show.env("APIVIDEO_API_KEY", "the-secret-key")
            .env("COLUMNS", "200");
        let outcome = finish(show).ok();
        assert!(!outcome.stdout.contains("secret"), "{}", outcome.stdout);
        // The folder has another name each time.
        let text = outcome.stdout.replace(&path, "FOLDER").replace('\\', "/");
        golden(&format!("{name}.txt"), &text);
    }
}

#[test]
fn a_password_in_a_base_url_is_not_shown() {
    for (url, shown_as) in [
        (
            "https://me:hunter2@example.com/a@b",
            "https://***@example.com/a@b",
        ),
        ("me:hunter2@example.com", "***@example.com"),
        ("http://127.0.0.1:1/a@b", "http://127.0.0.1:1/a@b"),
    ] {
        let mut show = command(&["config", "show"]);
        show.env("APIVIDEO_BASE_URL", url);
        assert_eq!(shown(show, "base_url").0, shown_as);
    }
}

#[test]
fn a_file_that_can_not_be_followed_is_told_with_its_place() {
    for (text, why) in [
        ("page_size = ", "apivideo.toml:1 is no TOML\ncaused by: "),
        ("\n\nx = [", "apivideo.toml:3 is no TOML\ncaused by: "),
        (
            "page_sizes = 3",
            "`page_sizes` is no setting; there are api_key_file, auth",
        ),
        ("page_size = 0", "`page_size` in "),
        (
            "page_size = [1]",
            "`page_size` is neither a text nor a number",
        ),
        ("retries = -1", "`retries` in "),
        ("output = \"xml\"", "can't be \"xml\": invalid variant: xml"),
        (
            "environment = \"staging\"",
            "\"production\" and \"sandbox\"",
        ),
        ("quiet = \"yes\"", "it is neither true nor false"),
        (
            "api_key = \"hush\"",
            "`api_key` does not belong here; put the key into a file of its own",
        ),
        (
            "[profiles.a]\napi_key = \"hush\"",
            "`profiles.a.api_key` does not belong here",
        ),
        ("profiles = 3", "`profiles`"),
        ("[profiles]\na = 3", "`profiles.a` is no table"),
    ] {
        let (_folder, file) = configured(text);
        let outcome = finish(asked("videos", &file)).fails(2);
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains(why), "{text}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("hush"), "{}", outcome.stderr);
    }
    let outcome = run("videos --config /nowhere/apivideo.toml").fails(2);
    assert!(
        outcome
            .stderr
            .contains("there is no configuration file /nowhere")
    );
    let mut odd = command(&["videos", "--simulate"]);
    odd.env("APIVIDEO_PAGE_SIZE", "many");
    let told = finish(odd).fails(2).stderr;
    assert!(
        told.starts_with("error: APIVIDEO_PAGE_SIZE can't be \"many\": "),
        "{told}"
    );
}

#[test]
fn a_profile_that_is_not_there_is_told_with_those_that_are() {
    let (_folder, file) = configured("[profiles.a]\n[profiles.b]\n");
    let outcome = finish(asked("videos --profile c", &file)).fails(2);
    let told = "there is no profile \"c\": it has a, b\n";
    assert!(outcome.stderr.ends_with(told), "{}", outcome.stderr);
    let outcome = run("videos --profile c").fails(2);
    assert!(
        outcome.stderr.contains("is in no configuration file"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn two_places_at_once_are_an_error_and_the_closer_one_wins() {
    let (_folder, file) =
        configured("environment = \"sandbox\"\nbase_url = \"http://127.0.0.1:1\"");
    let told = finish(asked("config show", &file)).fails(2).stderr;
    assert!(
        told.contains("two places are to be asked: the environment sandbox"),
        "{told}"
    );
    let mut both = command(&["config", "show"]);
    both.env("APIVIDEO_ENVIRONMENT", "sandbox")
        .env("APIVIDEO_BASE_URL", "http://127.0.0.1:1");
    let told = finish(both).fails(2).stderr;
    assert!(
        told.contains(
            "(APIVIDEO_ENVIRONMENT) and the base URL http://127.0.0.1:1 (APIVIDEO_BASE_URL)"
        ),
        "{told}"
    );
    let (_folder, file) =
        configured("base_url = \"http://127.0.0.1:1\"\n[profiles.s]\nenvironment = \"sandbox\"");
    let closer = asked("config show --profile s", &file);
    assert_eq!(shown(closer, "environment").0, "sandbox");
    let mut closer = asked("config show", &file);
    closer.env("APIVIDEO_ENVIRONMENT", "sandbox");
    assert_eq!(shown(closer, "environment").1, "APIVIDEO_ENVIRONMENT");
}

#[test]
fn two_different_keys_are_an_error_that_names_both() {
    let simulator = Simulator::start(&["--videos", "1"]);
    let folder = tempfile::tempdir().unwrap();
    let one = key_file(folder.path(), "one", "hush-one");
    let two = key_file(folder.path(), "two", "hush-two");
    let file = folder.path().join("apivideo.toml");
    fs::write(
        &file,
        format!("base_url = \"{}\"\napi_key_file = \"two\"\n", simulator.url),
    )
    .unwrap();
    let ask = |flag: Option<&Path>, variables: &[(&str, &str)]| -> Outcome {
        let mut asked = asked("videos", &file);
        if let Some(flag) = flag {
            asked.arg("--api-key-file").arg(flag);
        }
        asked.envs(variables.iter().copied());
        finish(asked)
    };
    let in_file = file.display().to_string();
    for (flag, variables, first, second) in [
        (Some(&one), &[][..], "--api-key-file", in_file.as_str()),
        (
            None,
            &[("APIVIDEO_API_KEY", "hush-one")][..],
            "APIVIDEO_API_KEY",
            in_file.as_str(),
        ),
        (
            Some(&two),
            &[("APIVIDEO_API_KEY", "hush-one")][..],
            "--api-key-file",
            "APIVIDEO_API_KEY",
        ),
        (
            None,
            &[("APIVIDEO_API_KEY_FILE", one.to_str().unwrap())][..],
            "APIVIDEO_API_KEY_FILE",
            in_file.as_str(),
        ),
    ] {
        let told = ask(flag.map(PathBuf::as_path), variables).fails(2).stderr;
        let expected = format!(
            "error: there are two different API keys, from {first} and from {second}; leave one of them out\n"
        );
        assert_eq!(told, expected);
    }
    // The same key twice is no conflict.
    assert_eq!(
        ask(Some(&two), &[("APIVIDEO_API_KEY", " hush-two ")])
            .ok()
            .lines()
            .len(),
        1
    );
    assert_eq!(ask(None, &[]).ok().lines().len(), 1);
}

#[test]
fn a_key_comes_by_stdin() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let by_stdin = |key: &str| {
        let (_folder, file) = common::file("key", key);
        let mut asked = command(&[
            "videos",
            "--api-key-file",
            "-",
            "--quiet",
            "--base-url",
            &simulator.url,
        ]);
        asked.stdin(fs::File::open(file).unwrap());
        finish(asked)
    };
    let outcome = by_stdin("any\n").ok();
    assert_eq!((outcome.lines().len(), outcome.stderr.as_str()), (2, ""));
    for (key, why) in [
        ("", "stdin is empty"),
        ("hush hush\n", "stdin contains more than a key"),
        (
            "hu\0sh",
            "stdin contains an invisible character, NUL (U+0000), at position 3;",
        ),
    ] {
        let told = by_stdin(key).fails(2).stderr;
        assert!(told.contains(why) && !told.contains("hush"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let simulator = Simulator::start(&["--videos", "1"]);
    let folder = tempfile::tempdir().unwrap();
    let key = key_file(folder.path(), "key", "any");
    let ask = || {
        let mut asked = command(&["videos", "--base-url", &simulator.url, "--quiet"]);
        asked.arg("--api-key-file").arg(&key);
        finish(asked).ok()
    };
    assert_eq!(ask().stderr, "");
    for mode in [0o640, 0o604, 0o644] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let path = key.display();
        let expected = format!(
            "warning: others can read the API key in {path}; keep it to yourself by: chmod 600 {path}\n"
        );
        assert_eq!(ask().stderr, expected, "{mode:o}");
    }
}

#[test]
fn auth_check_tells_how_it_is_let_in() {
    let simulator = Simulator::start(&["--rate-limit", "500"]);
    for auth in ["bearer", "basic"] {
        let line = format!("auth check --auth {auth} --output json");
        let outcome = common::ask(&simulator, &line).ok();
        let found: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let mut found = found[0].clone();
        let resets_in = found["rateLimit"]["resetsIn"].take();
        assert!(
            (1..=61).contains(&resets_in.as_u64().unwrap()),
            "{resets_in}"
        );
        let left = found["rateLimit"]["remaining"].take().as_u64().unwrap();
        assert!((490..500).contains(&left), "{left}");
        assert_eq!(
            found,
            serde_json::json!({
                "environment": "custom", "baseUrl": simulator.url, "authorization": auth,
                "keyFrom": "APIVIDEO_API_KEY",
                "rateLimit": {"limit": 500, "remaining": null, "resetsIn": null},
            })
        );
    }
    let inside = run(
        "auth check --simulate --output csv --fields environment,authorization,rateLimit.limit",
    )
    .ok();
    assert_eq!(
        inside.lines(),
        [
            "environment,authorization,rateLimit.limit",
            "simulator,bearer,"
        ]
    );
    run("auth check").fails(2);
}

#[test]
fn the_time_of_an_attempt_and_of_a_wait_are_settings() {
    let (_folder, file) = configured("timeout = 20\nmax_retry_after = 30\n");
    let path = file.display().to_string();
    let of = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    for (setting, flag, variable, usual, in_file) in [
        ("timeout", "--timeout", "APIVIDEO_TIMEOUT", "60", "20"),
        (
            "max_retry_after",
            "--max-retry-after",
            "APIVIDEO_MAX_RETRY_AFTER",
            "120",
            "30",
        ),
    ] {
        let show = command(&["config", "show"]);
        assert_eq!(shown(show, setting), of(usual, "default"));
        assert_eq!(
            shown(asked("config show", &file), setting),
            of(in_file, &path)
        );
        let mut show = asked("config show", &file);
        show.env(variable, "40");
        assert_eq!(shown(show, setting), of("40", variable));
        let mut show = asked(&format!("config show {flag} 50"), &file);
        show.env(variable, "40");
        assert_eq!(shown(show, setting), of("50", flag));
        for wrong in ["0", "-1", "1.5", "86401", "soon"] {
            let line = format!("videos --simulate {flag}={wrong}");
            let outcome = run(&line).fails(2);
            let why = "expected whole seconds from 1 to 86400";
            assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_and_not_passed_over() {
    for value in [
        "ftp://user:hidden@127.0.0.1:1",
        "http://user:hidden@not a host",
    ] {
        let mut asked = command(&["videos"]);
        asked.env("APIVIDEO_API_KEY", "key").env("ALL_PROXY", value);
        let outcome = finish(asked);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        let why = "the proxy in the environment variable ALL_PROXY can't be used";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hidden"), "{}", outcome.stderr);
    }
}
