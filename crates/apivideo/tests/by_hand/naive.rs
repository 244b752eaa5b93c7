/// The positions at which sessions paused or ended, added up.
fn sum_of_positions(sessions: &[Session]) -> f64 {
    let events = sessions.iter().flat_map(Session::events);
    let stops = events.filter(|event| matches!(event.kind, EventKind::Pause | EventKind::End));
    stops.filter_map(|event| event.at).sum()
}

/// The furthest position of each session.
fn furthest_positions(sessions: &[Session]) -> f64 {
    let furthest = |session: &Session| {
        let positions = session
            .events()
            .iter()
            .filter_map(|event| event.at.or(event.to));
        positions.fold(0.0, f64::max)
    };
    sessions.iter().map(furthest).sum()
}

/// From the position of each play or resume to the position of the next pause or end.
fn play_to_pause(sessions: &[Session]) -> f64 {
    let mut seconds = 0.0;
    for session in sessions {
        let mut start = None;
        for event in session.events() {
            match (&event.kind, event.at, start) {
                (EventKind::Play | EventKind::Resume, at, _) => start = at,
                (EventKind::Pause | EventKind::End, Some(at), Some(from)) => {
                    seconds += at - from;
                    start = None;
                }
                _ => {}
            }
        }
    }
    seconds
}

/// The time from the start to the end of each session.
fn session_durations(sessions: &[Session]) -> f64 {
    let duration = |session: &Session| Some(session.ended_at? - session.loaded_at?);
    let durations = sessions.iter().filter_map(duration);
    durations.map(|duration| duration.as_secs_f64()).sum()
}
