use hyper::Method;

/// An operation of the service, with the parameters of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    Exchange,
    Refresh,
    VideoSessions(&'a str),
    LiveStreamSessions(&'a str),
    SessionEvents(&'a str),
    Videos,
    Video(&'a str),
    VideoChapters(&'a str),
    /// The file of the chapters in one language. The service has it on another host, without authentication.
    ChaptersFile {
        video: &'a str,
        file: &'a str,
    },
    LiveStreams,
    LiveStream(&'a str),
    Metric {
        metric: &'a str,
        aggregation: &'a str,
    },
    Buckets {
        metric: &'a str,
        breakdown: &'a str,
    },
    TimeSeries {
        metric: &'a str,
    },
}

impl<'a> Route<'a> {
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        let mut segments = [""; 5];
        let mut count = 0;
        for segment in path.strip_prefix('/')?.split('/') {
            *segments.get_mut(count)? = segment;
            count += 1;
        }
        let segments = &segments[..count];
        if segments.contains(&"") {
            return None;
        }
        Some(match *segments {
            ["auth", "api-key"] => Self::Exchange,
            ["auth", "refresh"] => Self::Refresh,
            ["analytics", "videos", id] => Self::VideoSessions(id),
            ["analytics", "live-streams", id] => Self::LiveStreamSessions(id),
            ["analytics", "sessions", id, "events"] => Self::SessionEvents(id),
            ["videos"] => Self::Videos,
            ["videos", id] => Self::Video(id),
            ["videos", id, "chapters"] => Self::VideoChapters(id),
            ["vod", video, "chapters", file] => Self::ChaptersFile { video, file },
            ["live-streams"] => Self::LiveStreams,
            ["live-streams", id] => Self::LiveStream(id),
            ["data", "metrics", metric, aggregation] => Self::Metric {
                metric,
                aggregation,
            },
            ["data", "buckets", metric, breakdown] => Self::Buckets { metric, breakdown },
            ["data", "timeseries", metric] => Self::TimeSeries { metric },
            _ => return None,
        })
    }

    /// Whether it is served by the host of files, which neither requires a token nor counts requests.
    pub(crate) fn is_file(self) -> bool {
        matches!(self, Self::ChaptersFile { .. })
    }

    pub(crate) fn method(self) -> Method {
        match self {
            Self::Exchange | Self::Refresh => Method::POST,
            _ => Method::GET,
        }
    }
}

/// Whether a path matches a pattern, in which a segment `*` matches any segment.
pub(crate) fn path_matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|found| expected == "*" || expected == found)
    }) && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_to_operations() {
        assert_eq!(Route::of("/videos"), Some(Route::Videos));
        assert_eq!(
            Route::of("/analytics/videos/vi1"),
            Some(Route::VideoSessions("vi1"))
        );
        assert_eq!(
            Route::of("/analytics/sessions/ps1/events"),
            Some(Route::SessionEvents("ps1"))
        );
        assert_eq!(
            Route::of("/videos/vi1/chapters"),
            Some(Route::VideoChapters("vi1"))
        );
        let file = Route::of("/vod/vi1/chapters/en.vtt");
        assert_eq!(
            file,
            Some(Route::ChaptersFile {
                video: "vi1",
                file: "en.vtt"
            })
        );
        assert!(file.is_some_and(Route::is_file));
        for path in [
            "",
            "/",
            "videos",
            "/videos/",
            "/analytics/videos/",
            "/a/b/c/d/e/f",
            "/analytics/sessions/ps1",
        ] {
            assert_eq!(Route::of(path), None, "{path}");
        }
    }

    #[test]
    fn a_star_matches_one_segment() {
        assert!(path_matches("/a/*/c", "/a/b/c"));
        for path in ["/a/b", "/a/b/c/d", "/x/b/c", ""] {
            assert!(!path_matches("/a/*/c", path), "{path}");
        }
    }
}
