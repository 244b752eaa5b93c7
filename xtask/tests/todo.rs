//! `cargo xtask todo` on small changes, in a repository with a copy of what it reads.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = "openapi/apivideo.yaml";
const MAP: &str = "openapi/facade.yaml";
const LISTING: &str = "crates/apivideo/public-api.txt";
const CHANGELOG: &str = "CHANGELOG.md";
const COLUMNS: &str = "crates/apivideo-lake/src/columns.rs";

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A repository with one commit.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        for place in [
            "openapi",
            "docs/coverage.md",
            CHANGELOG,
            "crates/apivideo/src",
            "crates/apivideo/tests/operations/mod.rs",
            LISTING,
            "crates/apivideo-core/Cargo.toml",
            "crates/apivideo-core/src/generated",
            "crates/apivideo-httpmock/src/generated",
            "crates/apivideo-simulator/src",
            COLUMNS,
            "crates/apivideo-cli/src",
            "crates/apivideo-cli/tests/golden/help",
            "crates/apivideo-cli/tests/golden/fields",
        ] {
            copy(&workspace().join(place), &repository.0.path().join(place));
        }
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "first"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        let command = command.arg("-C").arg(self.0.path());
        let author = [
            "-c",
            "user.name=Author",
            "-c",
            "user.email=author@example.org",
        ];
        let output = command.args(author).args(arguments).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{message}");
    }

    /// Replaces the first occurrence of a string.
    fn edit(&self, file: &str, before: &str, after: &str) -> &Self {
        let path = self.0.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(before), "{file} has {before:?}");
        fs::write(path, text.replacen(before, after, 1)).unwrap();
        self
    }

    /// Status, stdout and stderr.
    fn xtask(&self, arguments: &[&str]) -> (u8, String, String) {
        let root = self.0.path().display().to_string();
        let all = ["xtask", arguments[0], "--root", &root].into_iter();
        let all = all.chain(arguments[1..].iter().copied()).map(Into::into);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = xtask::run(all, &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status, text(out), text(err))
    }

    /// Generates what is generated, and describes the change.
    fn finish(&self) -> &Self {
        assert_eq!(self.xtask(&["generate", "--accept-fixups"]).0, 0);
        assert_eq!(self.xtask(&["coverage"]).0, 0);
        self.edit(
            CHANGELOG,
            "## Unreleased\n",
            "## Unreleased\n\n- A new part.\n",
        )
    }

    #[track_caller]
    fn remain(&self, status: u8, expected: &[&str]) {
        let (found, out, err) = self.xtask(&["todo"]);
        let out = out.replace('\\', "/");
        assert_eq!((found, err.as_str()), (status, ""), "{out}");
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), expected.len() + 1, "{out}");
        for (line, expected) in lines.iter().zip(expected) {
            let words: Vec<&str> = expected.split(" … ").collect();
            let is_right = line.starts_with(words[0])
                && words.iter().all(|word| line.contains(word))
                && line.ends_with(words[words.len() - 1]);
            assert!(is_right, "expected {expected}\n{out}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

const GENERATED: &str = "generated  … generated files are stale; run `cargo xtask generate`";
const CHANGELOG_LINE: &str = "changelog  no line describes the change for users; open CHANGELOG.md; run `cargo xtask diff --git … `";

#[test]
fn a_new_field_remains_until_it_is_complete() {
    let repository = Repository::new();
    repository.remain(0, &[]);
    let place = "    Location:\n      description: Where the viewer was\n      type: object\n      properties:\n";
    let new = "        region:\n          description: The region\n          type: string\n          nullable: true\n";
    repository.edit(DOCUMENT, place, &format!("{place}{new}"));
    repository.remain(
        4,
        &[
            "example    optional: no example of a response has the property `region` of Location; open openapi/apivideo.yaml",
            GENERATED,
            "facade     the property `region` of Location is not covered: add `Location::region` … ; open \
             crates/apivideo/src/model/session_groups.rs, openapi/facade.yaml",
            CHANGELOG_LINE,
        ],
    );

    let city = "pub apivideo::model::Location::city:";
    repository
        .edit(
            LISTING,
            city,
            &format!("pub apivideo::model::Location::region: u8\n{city}"),
        )
        .edit(
            DOCUMENT,
            "{ country: France, city: Paris }",
            "{ country: France, region: Île-de-France, city: Paris }",
        )
        .finish()
        .remain(
            0,
            &[
                "lake       optional: the property `region` of Location has no column … ; open \
               crates/apivideo-lake/src/columns.rs; run `cargo test -p apivideo-lake`",
            ],
        );

    let column = "    Column::string(\"location_city\"";
    let new = "    Column::string(\"location_region\", \"location.region\", |s| str(&s.location.region)),\n";
    repository.edit(COLUMNS, column, &format!("{new}{column}"));
    repository.remain(
        4,
        &["cli        the lists of fields lack `location.region`; run `UPDATE_GOLDEN=1 cargo test -p apivideo-cli --test \
           fields`"],
    );
    let fields = "crates/apivideo-cli/tests/golden/fields/sessions";
    repository.edit(
        fields,
        "location.city\n",
        "location.city\nlocation.region\n",
    );
    repository.remain(0, &[]);
}

#[test]
fn a_new_parameter_remains_until_it_is_complete() {
    let repository = Repository::new();
    let place = "        - name: liveStreamId\n          in: query\n";
    let new = "        - name: playerId\n          in: query\n          description: Videos with this player\n          \
               schema: { type: string }\n";
    repository.edit(DOCUMENT, place, &format!("{new}{place}"));
    repository.remain(
        4,
        &[
            GENERATED,
            "facade     the parameter `playerId` of listVideos is not covered: add `List<Videos>::player_id` … ; open \
             crates/apivideo/src/resources/videos.rs, openapi/facade.yaml",
            CHANGELOG_LINE,
        ],
    );
    let tag = "pub fn apivideo::List<apivideo::query::Videos>::tag(";
    let new = "pub fn apivideo::List<apivideo::query::Videos>::player_id(self, u8) -> Self\n";
    repository
        .edit(LISTING, tag, &format!("{new}{tag}"))
        .finish();
    repository.remain(
        4,
        &[
            "tests      no test sends the parameter `playerId` of listVideos; open crates/apivideo/tests/operations/mod.rs; run `cargo \
             test -p apivideo --test contract`",
            "simulator  the parameter `playerId` of listVideos is ignored; open crates/apivideo-simulator/src/handlers; run \
             `cargo test -p apivideo-simulator`",
            "cli        optional: no option sets the parameter `playerId` of listVideos; open crates/apivideo-cli/src/args; run \
             `UPDATE_GOLDEN=1 cargo test -p apivideo-cli --test help`",
        ],
    );
    repository
        .edit(
            "crates/apivideo/tests/operations/mod.rs",
            "        .title(",
            "        .player_id(\"pl1\")\n        .title(",
        )
        .edit(
            "crates/apivideo-simulator/src/handlers/videos.rs",
            ".get(\"title\")",
            ".get(\"playerId\")",
        )
        .edit(
            "crates/apivideo-cli/tests/golden/help/videos.long",
            "      --tag ",
            "      --player-id <ID>\n      --tag ",
        )
        .remain(0, &[]);
}

#[test]
fn a_new_operation_remains_until_it_is_complete() {
    let repository = Repository::new();
    let new = "  /videos/{videoId}/captions:\n    get:\n      operationId: getCaptions\n      tags: [Videos]\n      summary: \
               Look up captions\n      description: The captions of a video.\n      parameters:\n        - $ref: \
               \"#/components/parameters/videoId\"\n      responses:\n        \"200\":\n          description: The \
               captions\n          content:\n            application/json:\n              schema:\n                $ref: \
               \"#/components/schemas/Chapters\"\n\n";
    repository.edit(
        DOCUMENT,
        "  /live-streams:\n",
        &format!("{new}  /live-streams:\n"),
    );
    repository.remain(
        4,
        &[
            "example    optional: the operation getCaptions has no example of its response; open openapi/apivideo.yaml",
            "generated  … fixups change other places: review them; run `cargo xtask generate`",
            "facade     the operation `getCaptions` is not covered: add the line … ; open openapi/facade.yaml",
            CHANGELOG_LINE,
        ],
    );
    let get = "pub async fn apivideo::client::VideoHandle::get(";
    let new = "pub async fn apivideo::client::VideoHandle::captions(&self) -> u8\n";
    let example = "                $ref: \"#/components/schemas/Chapters\"\n\n";
    let value = "              example: { language: fr }\n\n";
    repository
        .edit(LISTING, get, &format!("{new}{get}"))
        .edit(MAP, "  getVideo:\n", "  getCaptions:\n    items: [VideoHandle::captions]\n  getVideo:\n")
        .edit(DOCUMENT, example, &format!("{}{value}", example.trim_end_matches('\n').to_owned() + "\n"))
        .finish()
        .remain(
            4,
            &[
                "tests      no test sends the operation getCaptions; open crates/apivideo/tests/operations/mod.rs; run `cargo test -p \
                 apivideo --test contract`",
                "simulator  the operation getCaptions has no handler for /videos/{videoId}/captions; open \
                 crates/apivideo-simulator/src/handlers; run `cargo test -p apivideo-simulator`",
                "cli        optional: no command sends the operation getCaptions; open crates/apivideo-cli/src/commands; run \
                 `UPDATE_GOLDEN=1 cargo test -p apivideo-cli --test help`",
            ],
        );
    let endpoint = "    Endpoint::get(\"/videos/{videoId}/chapters\"";
    let new = "    Endpoint::get(\"/videos/{videoId}/captions\", Handler::Json(captions)),\n";
    repository
        .edit(
            "crates/apivideo/tests/operations/mod.rs",
            ".chapters()",
            ".captions().chapters()",
        )
        .edit(
            "crates/apivideo-simulator/src/handlers/chapters.rs",
            endpoint,
            &format!("{new}{endpoint}"),
        )
        .edit(
            "crates/apivideo-cli/src/commands/videos.rs",
            "use ",
            "// .captions()\nuse ",
        )
        .remain(0, &[]);
}

#[test]
fn a_new_value_remains_until_it_is_complete() {
    let repository = Repository::new();
    let values = "enum: [media-id, media-type,";
    repository.edit(DOCUMENT, values, "enum: [media-id, player-id, media-type,");
    repository.remain(
        4,
        &[
            GENERATED,
            "facade     the value `player-id` of Breakdown is not covered: add `Breakdown::PlayerId` … ; open \
             crates/apivideo/src/resources/params.rs, openapi/facade.yaml",
            CHANGELOG_LINE,
        ],
    );
    let browser = "pub apivideo::aggregates::Breakdown::Browser";
    let new = "pub apivideo::aggregates::Breakdown::PlayerId\n";
    repository
        .edit(LISTING, browser, &format!("{new}{browser}"))
        .finish()
        .remain(
            0,
            &[
                "simulator  optional: the value `player-id` of Breakdown is not simulated; open \
               crates/apivideo-simulator/src; run `cargo test -p apivideo-simulator`",
            ],
        );
}

#[test]
fn stale_files_and_removed_parts_remain() {
    let repository = Repository::new();
    // Prose of the document only: the generated code contains it, and users notice nothing.
    repository.edit(
        DOCUMENT,
        "The English name of the country",
        "The English name of a country",
    );
    repository.remain(4, &[GENERATED]);
    assert_eq!(repository.xtask(&["generate"]).0, 0);
    repository.remain(0, &[]);
    repository.edit("docs/coverage.md", "# Coverage", "# Covered");
    repository.remain(
        4,
        &["docs       docs/coverage.md is stale; run `cargo xtask coverage`"],
    );
    assert_eq!(repository.xtask(&["coverage"]).0, 0);
    let secret = "        streamKey:\n          description: The stream key. It allows broadcasting to the stream and is a \
                  secret\n          type: string\n          format: password\n";
    repository.edit(DOCUMENT, secret, "");
    repository.remain(
        4,
        &[
            GENERATED,
            "facade     the document has no part for the line `streamKey:` under `fields: LiveStream:`: remove the line; open \
             openapi/facade.yaml",
            CHANGELOG_LINE,
        ],
    );
}

#[test]
fn a_revision_without_the_document_is_rejected() {
    let repository = Repository::new();
    repository.git(&["rm", "--quiet", "--cached", DOCUMENT]);
    repository.git(&["commit", "--quiet", "--message", "second"]);
    let (status, out, err) = repository.xtask(&["todo"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(
        err.contains("it does not contain the document; use a revision that does"),
        "{err}"
    );
    let (status, _, err) = repository.xtask(&["todo", "--base", "nowhere"]);
    assert_eq!(status, 1);
    assert!(
        err.contains("`nowhere`: unknown revision `nowhere`; name one by --base"),
        "{err}"
    );
    assert_eq!(repository.xtask(&["todo", "--base", "HEAD~1"]).0, 0);
    assert_eq!(repository.xtask(&["todo", "--bases"]).0, 2);
}
