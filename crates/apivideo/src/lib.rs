//! api.video's viewing statistics as streams of typed items.
