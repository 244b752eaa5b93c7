//! Settings: their sources and precedence, and API keys.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Outcome, Simulator, command, finish, golden, json_lines, run};
use tempfile::TempDir;

/// Writes a configuration file to a temporary folder.
fn configured(text: &str) -> (TempDir, PathBuf) {
    common::file("apivideo.toml", text)
}

fn command_with_config(line: &str, config: &Path) -> Command {
    let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
    command.arg("--config").arg(config);
    command
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

/// Returns a setting and its origin, as `config show --origin` prints them.
#[track_caller]
fn shown(mut command: Command, setting: &str) -> (String, String) {
    command.args(["--origin"]);
    let rows = json_lines(&finish(command).ok().stdout);
    let row = rows.iter().find(|row| row["setting"] == setting).unwrap();
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("value"), text("origin"))
}

#[test]
fn settings_are_overridden_in_order_of_precedence() {
    let (_folder, file) = configured(
        "page_size = 11\nretries = 1\nauth = \"basic\"\n[profiles.big]\npage_size = 12\n",
    );
    let path = file.display().to_string();
    let page_size = |line: &str, variable: Option<&str>| {
        let mut command = command_with_config(line, &file);
        if let Some(value) = variable {
            command.env("APIVIDEO_PAGE_SIZE", value);
        }
        shown(command, "page_size")
    };
    let setting = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let profile = "config show --profile big";
    assert_eq!(page_size("config show", None), setting("11", &path));
    assert_eq!(
        page_size(profile, None),
        setting("12", &format!("{path} [profiles.big]"))
    );
    assert_eq!(
        page_size(profile, Some("13")),
        setting("13", "APIVIDEO_PAGE_SIZE")
    );
    assert_eq!(
        page_size(&format!("{profile} --page-size 14"), Some("13")),
        setting("14", "--page-size")
    );
    let none = command(&["config", "show"]);
    assert_eq!(shown(none, "page_size"), setting("100", "default"));
    // The top level applies where the profile has no value.
    assert_eq!(
        shown(command_with_config(profile, &file), "retries"),
        setting("1", &path)
    );
    let mut by_variable = command_with_config("config show", &file);
    by_variable.env("APIVIDEO_PROFILE", "big");
    assert_eq!(
        shown(by_variable, "profile"),
        setting("big", "APIVIDEO_PROFILE")
    );
}

#[test]
fn settings_of_the_file_are_applied() {
    let simulator = Simulator::start(&["--videos", "3"]);
    let folder = tempfile::tempdir().unwrap();
    key_file(folder.path(), "my.key", "any\n");
    let file = folder.path().join("apivideo.toml");
    let text = format!(
        "base_url = \"{}\"\napi_key_file = \"my.key\"\noutput = \"csv\"\npage_size = 2\nauth = \"basic\"\n",
        simulator.url
    );
    fs::write(&file, text).unwrap();
    let outcome = finish(command_with_config("videos --debug", &file)).ok();
    assert!(
        outcome.stdout.starts_with("videoId,title,"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stderr.contains("pageSize=2"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("POST"), "{}", outcome.stderr);
    let table = finish(command_with_config("videos --output table", &file)).ok();
    assert!(table.stdout.starts_with("videoId  "), "{}", table.stdout);
    fs::write(
        &file,
        "quiet = true\ncolor = \"always\"\noutput = \"table\"\n",
    )
    .unwrap();
    let quiet = finish(command_with_config("videos --simulate", &file)).ok();
    assert_eq!(quiet.stderr, "");
    assert!(
        quiet.stdout.starts_with("\u{1b}[1mvideoId"),
        "{}",
        quiet.stdout
    );
}

#[cfg(target_os = "linux")]
#[test]
fn reads_the_file_in_the_default_folder() {
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
fn shows_settings_without_keys() {
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
        let mut show = command_with_config(line, &file);
        show.env("APIVIDEO_API_KEY", "the-secret-key")
            .env("COLUMNS", "200");
        let outcome = finish(show).ok();
        assert!(!outcome.stdout.contains("secret"), "{}", outcome.stdout);
        // The name of the folder is random.
        let text = outcome.stdout.replace(&path, "FOLDER").replace('\\', "/");
        golden(&format!("{name}.txt"), &text);
    }
}

#[test]
fn masks_a_password_in_a_base_url() {
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
fn reports_an_invalid_configuration_file_with_its_path() {
    for (text, why) in [
        ("page_size = ", "apivideo.toml:1: invalid TOML\ncaused by: "),
        ("\n\nx = [", "apivideo.toml:3: invalid TOML\ncaused by: "),
        (
            "page_sizes = 3",
            "`page_sizes` is not a setting\nhint: the settings are api_key_file, auth",
        ),
        ("page_size = 0", "`page_size` in "),
        (
            "page_size = [1]",
            "`page_size` must be a string, a number, true or false",
        ),
        ("retries = -1", "`retries` in "),
        ("output = \"xml\"", "invalid value \"xml\" of `output` in "),
        (
            "environment = \"staging\"",
            "use \"production\" or \"sandbox\"",
        ),
        ("quiet = \"yes\"", "expected true or false"),
        (
            "api_key = \"hush\"",
            "`api_key` is not a setting\nhint: write the key to a file",
        ),
        (
            "[profiles.a]\napi_key = \"hush\"",
            "`profiles.a.api_key` is not a setting",
        ),
        ("profiles = 3", "`profiles`"),
        ("[profiles]\na = 3", "`profiles.a` must be a table"),
    ] {
        let (_folder, file) = configured(text);
        let outcome = finish(command_with_config("videos", &file)).fails(2);
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains(why), "{text}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("hush"), "{}", outcome.stderr);
    }
    let outcome = run("videos --config /nowhere/apivideo.toml").fails(2);
    assert!(outcome.stderr.contains("the configuration file /nowhere"));
    let mut odd = command(&["videos", "--simulate"]);
    odd.env("APIVIDEO_PAGE_SIZE", "many");
    let message = finish(odd).fails(2).stderr;
    assert!(
        message.starts_with("error: invalid value \"many\" of APIVIDEO_PAGE_SIZE: "),
        "{message}"
    );
}

#[test]
fn reports_a_missing_profile_with_the_existing_ones() {
    let (_folder, file) = configured("[profiles.a]\n[profiles.b]\n");
    let outcome = finish(command_with_config("videos --profile c", &file)).fails(2);
    let message = "there is no profile \"c\"\nhint: the file has the profiles a, b\n";
    assert!(outcome.stderr.ends_with(message), "{}", outcome.stderr);
    let outcome = run("videos --profile c").fails(2);
    assert!(
        outcome.stderr.contains("there is no configuration file"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn environment_and_base_url_of_the_same_origin_conflict() {
    let (_folder, file) =
        configured("environment = \"sandbox\"\nbase_url = \"http://127.0.0.1:1\"");
    let message = finish(command_with_config("config show", &file))
        .fails(2)
        .stderr;
    assert!(message.contains("the environment sandbox"), "{message}");
    let mut both = command(&["config", "show"]);
    both.env("APIVIDEO_ENVIRONMENT", "sandbox")
        .env("APIVIDEO_BASE_URL", "http://127.0.0.1:1");
    let message = finish(both).fails(2).stderr;
    assert!(
        message.contains(
            "(APIVIDEO_ENVIRONMENT) conflicts with the base URL http://127.0.0.1:1 (APIVIDEO_BASE_URL)"
        ),
        "{message}"
    );
    let (_folder, file) =
        configured("base_url = \"http://127.0.0.1:1\"\n[profiles.s]\nenvironment = \"sandbox\"");
    let closer = command_with_config("config show --profile s", &file);
    assert_eq!(shown(closer, "environment").0, "sandbox");
    let mut closer = command_with_config("config show", &file);
    closer.env("APIVIDEO_ENVIRONMENT", "sandbox");
    assert_eq!(shown(closer, "environment").1, "APIVIDEO_ENVIRONMENT");
}

#[test]
fn reports_two_different_keys_with_their_sources() {
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
    let list_videos = |flag: Option<&Path>, variables: &[(&str, &str)]| -> Outcome {
        let mut command = command_with_config("videos", &file);
        if let Some(flag) = flag {
            command.arg("--api-key-file").arg(flag);
        }
        command.envs(variables.iter().copied());
        finish(command)
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
        let message = list_videos(flag.map(PathBuf::as_path), variables)
            .fails(2)
            .stderr;
        let expected = format!(
            "error: two different API keys are set, by {first} and by {second}\nhint: remove one of them\n"
        );
        assert_eq!(message, expected);
    }
    // The same key from two sources is not a conflict.
    assert_eq!(
        list_videos(Some(&two), &[("APIVIDEO_API_KEY", " hush-two ")])
            .ok()
            .lines()
            .len(),
        1
    );
    assert_eq!(list_videos(None, &[]).ok().lines().len(), 1);
}

#[test]
fn reads_a_key_from_stdin() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let by_stdin = |key: &str| {
        let (_folder, file) = common::file("key", key);
        let mut command = command(&[
            "videos",
            "--api-key-file",
            "-",
            "--quiet",
            "--base-url",
            &simulator.url,
        ]);
        command.stdin(fs::File::open(file).unwrap());
        finish(command)
    };
    let outcome = by_stdin("any\n").ok();
    assert_eq!((outcome.lines().len(), outcome.stderr.as_str()), (2, ""));
    for (key, why) in [
        ("", "stdin is empty"),
        (
            "hush hush\n",
            "stdin contains whitespace inside the API key",
        ),
        (
            "hu\0sh",
            "stdin contains an invisible character, NUL (U+0000), at position 3\n",
        ),
    ] {
        let message = by_stdin(key).fails(2).stderr;
        assert!(
            message.contains(why) && !message.contains("hush"),
            "{message}"
        );
    }
}

#[cfg(unix)]
#[test]
fn warns_of_a_key_file_that_other_users_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let simulator = Simulator::start(&["--videos", "1"]);
    let folder = tempfile::tempdir().unwrap();
    let key = key_file(folder.path(), "key", "any");
    let list_videos = || {
        let mut command = command(&["videos", "--base-url", &simulator.url, "--quiet"]);
        command.arg("--api-key-file").arg(&key);
        finish(command).ok()
    };
    assert_eq!(list_videos().stderr, "");
    for mode in [0o620, 0o604, 0o644] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let path = key.display();
        let expected =
            format!("warning: other users can read the API key in {path}; run: chmod 600 {path}\n");
        assert_eq!(list_videos().stderr, expected, "{mode:o}");
    }
}

#[test]
fn auth_check_shows_authentication_and_rate_limit() {
    let simulator = Simulator::start(&["--rate-limit", "500"]);
    for auth in ["bearer", "basic"] {
        let line = format!("auth check --auth {auth} --output json");
        let outcome = common::run_against(&simulator, &line).ok();
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
                "environment": "custom", "baseUrl": simulator.url, "auth": auth,
                "keyOrigin": "APIVIDEO_API_KEY",
                "rateLimit": {"limit": 500, "remaining": null, "resetsIn": null},
            })
        );
    }
    let inside =
        run("auth check --simulate --output csv --fields environment,auth,rateLimit.limit").ok();
    assert_eq!(
        inside.lines(),
        ["environment,auth,rateLimit.limit", "simulator,bearer,"]
    );
    run("auth check").fails(2);
}

#[test]
fn timeout_and_max_retry_after_are_settings() {
    let (_folder, file) = configured("timeout = 20\nmax_retry_after = 30\n");
    let path = file.display().to_string();
    let setting = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    for (name, flag, variable, default, in_file) in [
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
        assert_eq!(shown(show, name), setting(default, "default"));
        assert_eq!(
            shown(command_with_config("config show", &file), name),
            setting(in_file, &path)
        );
        let mut show = command_with_config("config show", &file);
        show.env(variable, "40");
        assert_eq!(shown(show, name), setting("40", variable));
        let mut show = command_with_config(&format!("config show {flag} 50"), &file);
        show.env(variable, "40");
        assert_eq!(shown(show, name), setting("50", flag));
        for wrong in ["0", "-1", "1.5", "86401", "soon"] {
            let line = format!("videos --simulate {flag}={wrong}");
            let outcome = run(&line).fails(2);
            let why = "expected whole seconds from 1 to 86400";
            assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        }
    }
}

#[test]
fn an_invalid_proxy_is_an_error() {
    for value in [
        "ftp://user:hidden@127.0.0.1:1",
        "http://user:hidden@not a host",
    ] {
        let mut command = command(&["videos"]);
        command
            .env("APIVIDEO_API_KEY", "key")
            .env("ALL_PROXY", value);
        let outcome = finish(command);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        let why = "invalid proxy in the environment variable ALL_PROXY";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hidden"), "{}", outcome.stderr);
    }
}
