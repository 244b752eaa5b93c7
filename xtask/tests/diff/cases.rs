//! Edits of the document: the reported change of each, and a program that is affected.

use super::common::edited;
use xtask_apidiff::Class::{self, Addition, Breaking, Deprecation, DocsOnly, MayFail};

/// One change.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// What is replaced by what, the first time that it stands there.
    pub(crate) edits: &'static [(&'static str, &'static str)],
    /// Operations whose bindings the programs need; the others are not compiled.
    pub(crate) operations: &'static [&'static str],
    pub(crate) class: Class,
    /// All reported changes, by descending severity.
    pub(crate) codes: &'static [&'static str],
    pub(crate) felt: Felt,
}

/// How a program feels a change. Programs see `bindings`, its `types`, and `wire`; `client` is a client.
pub(crate) enum Felt {
    /// This compiles before the change and not after it.
    Breaks(&'static str),
    /// The first compiles after the change and not before it, the second with both.
    Adds(&'static str, &'static str),
    /// This compiles with both, and does one thing before the change and another one after it.
    Behaves(&'static str, &'static str, &'static str),
    /// The bindings are the same but for documentation.
    NotAtAll,
}
use Felt::{Adds, Behaves, Breaks, NotAtAll};

impl Case {
    pub(crate) fn new_document(&self) -> String {
        edited(self.edits)
    }
}

const SESSIONS: &[&str] = &["listVideoSessions"];
const VIDEOS: &[&str] = &["listVideos"];
const VIDEO: &[&str] = &["getVideo"];

const CITY: &str = "        city:
          description: The city
          type: string
          nullable: true
";
const TITLE: &str = "        - name: title
          in: query
";
const COUNTRY: &str = "        country:
          description: Two-letter country codes of ISO 3166-1
          type: array
          items: { type: string }
";
const TIMESERIES_METRIC: &str = "        - name: metric
          in: path
          required: true
          description: The metric
          schema:
            $ref: \"#/components/schemas/TimeseriesMetric\"
";
const NOT_FOUND: &str = "        \"404\":
          $ref: \"#/components/responses/NotFound\"
        \"429\":
          $ref: \"#/components/responses/TooManyRequests\"
        \"500\":
          $ref: \"#/components/responses/ServerError\"

  /live-streams:
";

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a response field is removed",
        edits: &[(CITY, "")],
        operations: SESSIONS,
        class: Breaking,
        codes: &["field-removed"],
        felt: Breaks("fn f(location: types::Location) -> impl Sized { location.city }"),
    },
    Case {
        name: "a filter field is removed",
        edits: &[(COUNTRY, "")],
        operations: &["listBuckets"],
        class: Breaking,
        codes: &["field-removed"],
        felt: Breaks(
            "fn f(client: &Client) { drop(client.list_buckets().filter_by_country(vec![\"FR\".to_owned()])); }",
        ),
    },
    Case {
        name: "an operation is removed",
        edits: &[(
            "  /videos/{videoId}:\n    get:\n",
            "  /videos/{videoId}:\n    x-get:\n",
        )],
        operations: &["listVideos", "getVideo"],
        class: Breaking,
        codes: &["operation-removed", "docs-changed"],
        felt: Breaks("fn f(client: &Client) { drop(client.get_video()); }"),
    },
    Case {
        name: "an operation is renamed",
        edits: &[("operationId: getVideo", "operationId: lookUpVideo")],
        operations: &["getVideo", "lookUpVideo"],
        class: Breaking,
        codes: &["operation-renamed"],
        felt: Breaks("fn f(client: &Client) { drop(client.get_video()); }"),
    },
    Case {
        name: "a parameter is removed",
        edits: &[(
            "        - name: description
          in: query
          description: Videos whose description contains this text
          schema: { type: string }
",
            "",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["parameter-removed"],
        felt: Breaks("fn f(client: &Client) { drop(client.list_videos().description(\"a\")); }"),
    },
    Case {
        name: "a parameter is renamed",
        edits: &[(
            "- name: liveStreamId\n          in: query",
            "- name: recordedFrom\n          in: query",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["parameter-removed", "parameter-added"],
        felt: Breaks(
            "fn f(client: &Client) { drop(client.list_videos().live_stream_id(\"li\")); }",
        ),
    },
    Case {
        name: "a path parameter is renamed",
        edits: &[
            (
                "  /data/timeseries/{metric}:",
                "  /data/timeseries/{measure}:",
            ),
            (
                TIMESERIES_METRIC,
                "        - name: measure
          in: path
          required: true
          description: The metric
          schema:
            $ref: \"#/components/schemas/TimeseriesMetric\"
",
            ),
        ],
        operations: &["listTimeseries"],
        class: Breaking,
        codes: &["parameter-renamed"],
        felt: Breaks(
            "fn f(client: &Client) { drop(client.list_timeseries().metric(types::TimeseriesMetric::Play)); }",
        ),
    },
    Case {
        name: "the type of a parameter changes",
        edits: &[(
            "schema: { type: boolean, default: false }",
            "schema: { type: string }",
        )],
        operations: &["getMetric"],
        class: Breaking,
        codes: &["type-changed"],
        felt: Breaks("fn f(client: &Client) { drop(client.get_metric().unique(true)); }"),
    },
    Case {
        name: "the type of a field changes",
        edits: &[(
            "          description: Whether it is a panoramic video\n          type: boolean",
            "          description: Whether it is a panoramic video\n          type: string",
        )],
        operations: VIDEO,
        class: Breaking,
        codes: &["type-changed"],
        felt: Breaks("fn f(video: types::Video) -> Option<bool> { video.panoramic }"),
    },
    Case {
        name: "a time becomes a plain string",
        edits: &[(
            "          description: When the player was loaded\n          type: string\n          format: date-time",
            "          description: When the player was loaded\n          type: string",
        )],
        operations: SESSIONS,
        class: Breaking,
        codes: &["format-widened"],
        felt: Breaks(
            "fn f(session: types::SessionInfo) -> Option<wire::DateTime> { session.loaded_at }",
        ),
    },
    Case {
        name: "a field becomes required",
        edits: &[("required: [videoId]", "required: [videoId, title]")],
        operations: VIDEO,
        class: Breaking,
        codes: &["field-required"],
        felt: Breaks("fn f(video: types::Video) -> Option<wire::Text> { video.title }"),
    },
    Case {
        name: "a field becomes optional",
        edits: &[("      required: [videoId]\n", "")],
        operations: VIDEO,
        class: Breaking,
        codes: &["field-optional"],
        felt: Breaks("fn f(video: types::Video) -> wire::Text { video.video_id }"),
    },
    Case {
        name: "an object can no longer be empty",
        edits: &[(
            "    Location:\n      description: Where the viewer was\n      type: object\n",
            "    Location:\n      description: Where the viewer was\n      type: object\n      required: [country]\n",
        )],
        operations: SESSIONS,
        class: Breaking,
        codes: &["field-required"],
        felt: Breaks("fn f() -> types::Location { types::Location::default() }"),
    },
    Case {
        name: "a required field becomes nullable",
        edits: &[(
            "          description: The id of the session\n          type: string\n",
            "          description: The id of the session\n          type: string\n          nullable: true\n",
        )],
        operations: SESSIONS,
        class: Breaking,
        codes: &["now-nullable"],
        felt: Breaks("fn f(session: types::SessionInfo) -> wire::Text { session.session_id }"),
    },
    Case {
        name: "a request value is removed",
        edits: &[("enum: [asc, desc]", "enum: [asc]")],
        operations: VIDEOS,
        class: Breaking,
        codes: &["value-removed"],
        felt: Breaks("fn f() -> types::SortOrder { types::SortOrder::Desc }"),
    },
    Case {
        name: "any value is accepted",
        edits: &[(
            "      type: string\n      enum: [asc, desc]",
            "      type: string",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["values-opened"],
        felt: Breaks("fn f() -> types::SortOrder { types::SortOrder::Asc }"),
    },
    Case {
        name: "the accepted values are listed",
        edits: &[(
            "          description: Live streams whose name contains this text\n          schema: { type: string }",
            "          description: Live streams whose name contains this text\n          schema: { type: string, enum: [a, b] }",
        )],
        operations: &["listLiveStreams"],
        class: Breaking,
        codes: &["values-listed"],
        felt: Breaks("fn f(client: &Client) { drop(client.list_live_streams().name('a')); }"),
    },
    Case {
        name: "a schema is renamed",
        edits: &[
            (
                "#/components/schemas/Location\"",
                "#/components/schemas/Place\"",
            ),
            ("    Location:\n", "    Place:\n"),
        ],
        operations: SESSIONS,
        class: Breaking,
        codes: &["schema-renamed"],
        felt: Breaks("fn f(location: types::Location) { drop(location); }"),
    },
    Case {
        name: "a number may be 0",
        edits: &[(
            "schema: { type: integer, minimum: 1, maximum: 100, default: 25 }",
            "schema: { type: integer, minimum: 0, maximum: 100, default: 25 }",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["limit-loosened"],
        felt: Breaks(
            "fn f(client: &Client) { drop(client.list_videos().page_size(std::num::NonZeroU32::MIN)); }",
        ),
    },
    Case {
        name: "the type of a response changes",
        edits: &[(
            "                $ref: \"#/components/schemas/Video\"\n",
            "                $ref: \"#/components/schemas/LiveStream\"\n",
        )],
        operations: VIDEO,
        class: Breaking,
        codes: &["type-changed"],
        felt: Breaks(
            "async fn f(client: &Client) -> wire::Text { client.get_video().send().await.unwrap().video_id.clone() }",
        ),
    },
    Case {
        name: "the item type of a list changes",
        edits: &[(
            "          description: Labels for lists and filters\n          type: array\n          items: { type: string }",
            "          description: Labels for lists and filters\n          type: array\n          items: { type: integer }",
        )],
        operations: VIDEO,
        class: Breaking,
        codes: &["type-changed"],
        felt: Breaks("fn f(video: types::Video) -> Option<Vec<wire::Text>> { video.tags }"),
    },
    Case {
        name: "a response field is added",
        edits: &[(
            CITY,
            "        city:
          description: The city
          type: string
          nullable: true
        region:
          type: string
",
        )],
        operations: SESSIONS,
        class: Addition,
        codes: &["field-added"],
        felt: Adds(
            "fn f(location: types::Location) -> impl Sized { location.region }",
            "fn f(location: types::Location) -> impl Sized { location.city }",
        ),
    },
    Case {
        name: "a required response field is added",
        edits: &[
            ("required: [videoId]", "required: [videoId, duration]"),
            (
                "        playerId:\n",
                "        duration:\n          type: number\n        playerId:\n",
            ),
        ],
        operations: VIDEO,
        class: Addition,
        codes: &["required-field-added"],
        felt: Adds(
            "fn f(video: types::Video) -> f64 { video.duration }",
            "fn f(video: types::Video) -> wire::Text { video.video_id }",
        ),
    },
    Case {
        name: "a response object is added",
        edits: &[
            (
                "        os:\n          $ref: \"#/components/schemas/OperatingSystem\"\n",
                "        os:\n          $ref: \"#/components/schemas/OperatingSystem\"\n        network:\n          $ref: \
                 \"#/components/schemas/Network\"\n",
            ),
            (
                "    Location:\n",
                "    Network:\n      type: object\n      properties:\n        speed: { type: integer }\n    Location:\n",
            ),
        ],
        operations: SESSIONS,
        class: Addition,
        codes: &["schema-added", "field-added"],
        felt: Adds(
            "fn f(network: types::Network) -> Option<i64> { network.speed }",
            "fn f(session: types::Session) -> impl Sized { session.os }",
        ),
    },
    Case {
        name: "a parameter is added",
        edits: &[(
            TITLE,
            "        - name: mood
          in: query
          schema: { type: string }
        - name: title
          in: query
",
        )],
        operations: VIDEOS,
        class: Addition,
        codes: &["parameter-added"],
        felt: Adds(
            "fn f(client: &Client) { drop(client.list_videos().mood(\"glad\")); }",
            "fn f(client: &Client) { drop(client.list_videos().title(\"a\")); }",
        ),
    },
    Case {
        name: "a filter field is added",
        edits: &[(
            "        tag:\n          description: A tag of the video, case-sensitive",
            "        region:\n          type: string\n        tag:\n          description: A tag of the video, case-sensitive",
        )],
        operations: &["listBuckets"],
        class: Addition,
        codes: &["field-added"],
        felt: Adds(
            "fn f(client: &Client) { drop(client.list_buckets().filter_by_region(\"a\")); }",
            "fn f(client: &Client) { drop(client.list_buckets().filter_by_tag(\"a\")); }",
        ),
    },
    Case {
        name: "an operation is added",
        edits: &[(
            "  /live-streams:\n",
            "  /players/{playerId}:
    get:
      operationId: getPlayer
      parameters:
        - { name: playerId, in: path, required: true, schema: { type: string } }
      responses:
        \"200\":
          $ref: \"#/components/responses/Tokens\"

  /live-streams:
",
        )],
        operations: &["getPlayer", "getVideo"],
        class: Addition,
        codes: &["operation-added"],
        felt: Adds(
            "fn f(client: &Client) { drop(client.get_player().player_id(\"pl\")); }",
            "fn f(client: &Client) { drop(client.get_video().video_id(\"vi\")); }",
        ),
    },
    Case {
        name: "a request value is added",
        edits: &[("enum: [asc, desc]", "enum: [asc, desc, random]")],
        operations: VIDEOS,
        class: Addition,
        codes: &["value-added"],
        felt: Adds(
            "fn f() -> types::SortOrder { types::SortOrder::Random }",
            "fn f() -> types::SortOrder { types::SortOrder::Asc }",
        ),
    },
    Case {
        name: "a parameter becomes optional",
        edits: &[(
            "      name: period\n      in: query\n      required: true",
            "      name: period\n      in: query",
        )],
        operations: SESSIONS,
        class: Addition,
        codes: &["parameter-optional"],
        felt: Behaves(
            "client.list_video_sessions().video_id(\"vi\").send().await.map(drop)",
            "failed: Invalid Request: period was not initialized",
            "sent: GET /analytics/videos/vi",
        ),
    },
    Case {
        name: "a required parameter is added",
        edits: &[(
            TITLE,
            "        - name: mood
          in: query
          required: true
          schema: { type: string }
        - name: title
          in: query
",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["required-parameter-added"],
        felt: Behaves(
            "client.list_videos().send().await.map(drop)",
            "sent: GET /videos",
            "failed: Invalid Request: mood was not initialized",
        ),
    },
    Case {
        name: "a parameter becomes required",
        edits: &[(
            TITLE,
            "        - name: title
          in: query
          required: true
",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["parameter-required"],
        felt: Behaves(
            "client.list_videos().send().await.map(drop)",
            "sent: GET /videos",
            "failed: Invalid Request: title was not initialized",
        ),
    },
    Case {
        name: "only the wire name of a parameter changes",
        edits: &[("- name: tags[]", "- name: tags")],
        operations: VIDEOS,
        class: Breaking,
        codes: &["parameter-renamed"],
        felt: Behaves(
            "client.list_videos().tags(vec![\"a\".to_owned()]).send().await.map(drop)",
            "sent: GET /videos?tags%5B%5D=a",
            "sent: GET /videos?tags=a",
        ),
    },
    Case {
        name: "a parameter moves to a header",
        edits: &[(
            TITLE,
            "        - name: title
          in: header
",
        )],
        operations: VIDEOS,
        class: Breaking,
        codes: &["parameter-moved"],
        felt: Behaves(
            "client.list_videos().title(\"a\").send().await.map(drop)",
            "sent: GET /videos?title=a",
            "sent: GET /videos",
        ),
    },
    Case {
        name: "the spelling of a value changes",
        edits: &[("enum: [asc, desc]", "enum: [ASC, desc]")],
        operations: VIDEOS,
        class: Breaking,
        codes: &["value-removed", "value-added"],
        felt: Behaves(
            "client.list_videos().sort_order(types::SortOrder::Asc).send().await.map(drop)",
            "sent: GET /videos?sortOrder=asc",
            "sent: GET /videos?sortOrder=ASC",
        ),
    },
    Case {
        name: "the path of an operation changes",
        edits: &[("  /videos:\n", "  /v2/videos:\n")],
        operations: VIDEOS,
        class: Breaking,
        codes: &["operation-moved"],
        felt: Behaves(
            "client.list_videos().send().await.map(drop)",
            "sent: GET /videos",
            "sent: GET /v2/videos",
        ),
    },
    Case {
        name: "the method of an operation changes",
        edits: &[(
            "  /auth/refresh:\n    post:\n",
            "  /auth/refresh:\n    put:\n",
        )],
        operations: &["refreshAccessToken"],
        class: Breaking,
        codes: &["operation-moved"],
        felt: Behaves(
            "client.refresh_access_token().body_map(|body| body.refresh_token(\"a\".to_owned())).send().await.map(drop)",
            "sent: POST /auth/refresh",
            "sent: PUT /auth/refresh",
        ),
    },
    Case {
        name: "a required body field is added",
        edits: &[
            ("required: [apiKey]", "required: [apiKey, project]"),
            (
                "        apiKey:\n          description",
                "        project:\n          type: string\n        apiKey:\n          description",
            ),
        ],
        operations: &["createAccessToken"],
        class: Breaking,
        codes: &["required-field-added"],
        felt: Behaves(
            "client.create_access_token().body_map(|body| body.api_key(\"a\".to_owned())).send().await.map(drop)",
            "sent: POST /auth/api-key",
            "failed: Invalid Request: no value supplied for project",
        ),
    },
    Case {
        name: "only the wire name of a field changes",
        edits: &[
            ("required: [sessionId]", "required: [session_id]"),
            (
                "        sessionId:\n          description",
                "        session_id:\n          description",
            ),
        ],
        operations: SESSIONS,
        class: Breaking,
        codes: &["field-renamed"],
        felt: Behaves(
            "serde_json::from_str::<types::SessionInfo>(r#\"{\"sessionId\":\"ps\"}\"#).map(drop)",
            "said nothing",
            "failed: missing field `session_id` at line 1 column 18",
        ),
    },
    Case {
        name: "the success status changes",
        edits: &[(
            "        \"200\":\n          description: The video\n",
            "        \"201\":\n          description: The video\n",
        )],
        operations: VIDEO,
        class: Breaking,
        codes: &["response-removed", "response-added"],
        felt: Behaves(
            "client.get_video().video_id(\"vi\").send().await.map_err(|error| match error { \
             bindings::Error::UnexpectedResponse(_) => \"an unexpected response\", _ => \"a response without an id\" }).map(drop)",
            "sent: GET /videos/vi, failed: a response without an id",
            "sent: GET /videos/vi, failed: an unexpected response",
        ),
    },
    Case {
        name: "the service requires authorization",
        edits: &[("      security: []\n", "")],
        operations: &["createAccessToken"],
        class: Breaking,
        codes: &["security-changed"],
        felt: NotAtAll,
    },
    Case {
        name: "the server changes",
        edits: &[(
            "  - url: https://ws.api.video\n",
            "  - url: https://ws.api.video/v2\n",
        )],
        operations: VIDEO,
        class: Breaking,
        codes: &["servers-changed"],
        felt: NotAtAll,
    },
    Case {
        name: "a security scheme is added",
        edits: &[("  - basic: []\n", "  - basic: []\n  - {}\n")],
        operations: VIDEO,
        class: DocsOnly,
        codes: &["security-widened"],
        felt: NotAtAll,
    },
    Case {
        name: "a server is added",
        edits: &[("security:\n", "  - url: https://eu.api.video\nsecurity:\n")],
        operations: VIDEO,
        class: DocsOnly,
        codes: &["servers-added"],
        felt: NotAtAll,
    },
    Case {
        name: "the documentation changes",
        edits: &[
            ("summary: Look up one video", "summary: Find one video"),
            ("description: The city\n", "description: The town\n"),
            ("example: My Video", "example: A video"),
        ],
        operations: &["getVideo", "listVideos", "listVideoSessions"],
        class: DocsOnly,
        codes: &["docs-changed"],
        felt: NotAtAll,
    },
    Case {
        name: "a response value is added",
        edits: &[(
            "enum: [self, first, previous, next, last]",
            "enum: [self, first, previous, next, last, up]",
        )],
        operations: VIDEOS,
        class: DocsOnly,
        codes: &["value-added"],
        felt: NotAtAll,
    },
    Case {
        name: "an error response is removed",
        edits: &[(
            NOT_FOUND,
            "        \"429\":
          $ref: \"#/components/responses/TooManyRequests\"
        \"500\":
          $ref: \"#/components/responses/ServerError\"

  /live-streams:
",
        )],
        operations: VIDEO,
        class: DocsOnly,
        codes: &["response-removed"],
        felt: NotAtAll,
    },
    Case {
        name: "an error response has fewer fields",
        edits: &[(
            "        detail:
          description: The reason why it is invalid
          type: string
          nullable: true
",
            "",
        )],
        operations: VIDEO,
        class: DocsOnly,
        codes: &["field-removed"],
        felt: NotAtAll,
    },
    Case {
        name: "a default changes",
        edits: &[("maximum: 100, default: 25", "maximum: 100, default: 50")],
        operations: VIDEOS,
        class: MayFail,
        codes: &["default-changed"],
        felt: NotAtAll,
    },
    Case {
        name: "the limit of a string is tightened",
        edits: &[(
            "items: { type: string, maxLength: 2048 }",
            "items: { type: string, maxLength: 1024 }",
        )],
        operations: &["listBuckets"],
        class: MayFail,
        codes: &["limit-tightened"],
        felt: NotAtAll,
    },
    Case {
        name: "a pattern is added to a parameter",
        edits: &[(
            "          description: Live streams whose name contains this text\n          schema: { type: string }",
            "          description: Live streams whose name contains this text\n          schema: { type: string, pattern: '^[a-z]+$' }",
        )],
        operations: &["listLiveStreams"],
        class: MayFail,
        codes: &["limit-tightened"],
        felt: NotAtAll,
    },
    Case {
        name: "a parameter has a format",
        edits: &[(
            "          description: Live streams whose name contains this text\n          schema: { type: string }",
            "          description: Live streams whose name contains this text\n          schema: { type: string, format: hostname }",
        )],
        operations: &["listLiveStreams"],
        class: MayFail,
        codes: &["format-narrowed"],
        felt: NotAtAll,
    },
    Case {
        name: "a limit is loosened",
        edits: &[(
            "items: { type: string, maxLength: 2048 }",
            "items: { type: string, maxLength: 4096 }",
        )],
        operations: &["listBuckets"],
        class: DocsOnly,
        codes: &["limit-loosened"],
        felt: NotAtAll,
    },
    Case {
        name: "a body no longer accepts additional fields",
        edits: &[(
            "      required: [apiKey]\n",
            "      required: [apiKey]\n      additionalProperties: false\n",
        )],
        operations: &["createAccessToken"],
        class: MayFail,
        codes: &["fields-closed"],
        felt: NotAtAll,
    },
    Case {
        name: "an operation is deprecated",
        edits: &[(
            "operationId: getVideo",
            "operationId: getVideo\n      deprecated: true",
        )],
        operations: VIDEO,
        class: Deprecation,
        codes: &["deprecated"],
        felt: Breaks("#[deny(deprecated)] fn f(client: &Client) { drop(client.get_video()); }"),
    },
    Case {
        name: "a parameter is deprecated",
        edits: &[(
            TITLE,
            "        - name: title
          in: query
          deprecated: true
",
        )],
        operations: VIDEOS,
        class: Deprecation,
        codes: &["deprecated"],
        felt: Breaks(
            "#[deny(deprecated)] fn f(client: &Client) { drop(client.list_videos().title(\"a\")); }",
        ),
    },
    Case {
        name: "a field is deprecated",
        edits: &[(
            "description: The city",
            "description: The city\n          deprecated: true",
        )],
        operations: SESSIONS,
        class: Deprecation,
        codes: &["deprecated"],
        felt: Breaks(
            "#[deny(deprecated)] fn f(location: types::Location) -> impl Sized { location.city }",
        ),
    },
    Case {
        name: "a default style is written out",
        edits: &[(
            TITLE,
            "        - name: title
          in: query
          style: form
          explode: false
",
        )],
        operations: VIDEOS,
        class: DocsOnly,
        codes: &["docs-changed"],
        felt: NotAtAll,
    },
    Case {
        name: "an optional field is no longer nullable",
        edits: &[(
            CITY,
            "        city:
          description: The city
          type: string
",
        )],
        operations: SESSIONS,
        class: DocsOnly,
        codes: &["no-longer-nullable"],
        felt: NotAtAll,
    },
    Case {
        name: "the type of a response header changes",
        edits: &[(
            "      description: The maximum number of requests per minute\n      schema: { type: integer, minimum: 0 }",
            "      description: The maximum number of requests per minute\n      schema: { type: number }",
        )],
        operations: VIDEOS,
        class: DocsOnly,
        codes: &["header-changed"],
        felt: NotAtAll,
    },
];
