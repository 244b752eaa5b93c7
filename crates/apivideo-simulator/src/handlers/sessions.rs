use std::ops::Range;
use std::sync::Arc;

use crate::behaviour::{InvalidInput, PeriodSelects, ResponseFormat, RunningSession};
use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::http::query::FilterSyntax;
use crate::json::{self, Object};
use crate::period;
use crate::state::{ApiRequest, State};
use crate::time::{self, DAY, TimeFormat};
use crate::world::changes::ListRange;
use crate::world::session_key::SessionKey;
use crate::world::viewer::{City, Viewer};
use crate::world::{AssetKind, LOOK_BACK_DAYS, World};

use super::filters;
use super::pagination::{self, Page};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/analytics/videos/{videoId}", Handler::Cached(of_video)),
    Endpoint::get(
        "/analytics/live-streams/{liveStreamId}",
        Handler::Cached(of_live_stream),
    ),
];

fn of_video(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let asset = find(&state.world, AssetKind::Video, id, "videoId")?;
    list(state, asset, request)
}

fn of_live_stream(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let asset = find(&state.world, AssetKind::LiveStream, id, "liveStreamId")?;
    let metadata = request.query.object("metadata").next();
    if let Some((key, _)) = metadata
        && !state.behaviour.live_stream_metadata
    {
        return Err(Problem::unexpected(format!("metadata[{key}]")));
    }
    list(state, asset, request)
}

fn find(world: &World, kind: AssetKind, id: &str, name: &'static str) -> Result<usize, Problem> {
    world
        .asset(id)
        .filter(|&asset| world.assets()[asset].kind == kind)
        .ok_or_else(|| Problem::not_found(name))
}

fn list(state: &State, asset: usize, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let selection = select(state, asset, request)?;
    let page = Page::new(request, &state.behaviour, selection.len())?;
    Ok(pagination::render(&page, 640, |out, item| {
        write(
            out,
            state,
            selection.get(&state.world, asset, item),
            request.now_ms,
        );
    }))
}

/// The sessions of a list.
enum Selection {
    /// Consecutive ordinals.
    Range(Range<u32>),
    /// The ordinals that match a filter.
    Filtered(Arc<Vec<u32>>),
    /// The sessions of a list in which sessions were inserted or deleted.
    Changed(Vec<SessionKey>),
}

impl Selection {
    fn len(&self) -> u64 {
        match self {
            Self::Range(ordinals) => u64::from(ordinals.end - ordinals.start),
            Self::Filtered(ordinals) => ordinals.len() as u64,
            Self::Changed(keys) => keys.len() as u64,
        }
    }

    fn get(&self, world: &World, asset: usize, item: u64) -> SessionKey {
        match self {
            Self::Range(ordinals) => world.session_key(asset, ordinals.start + item as u32),
            Self::Filtered(ordinals) => world.session_key(asset, ordinals[item as usize]),
            Self::Changed(keys) => keys[item as usize],
        }
    }
}

fn select(state: &State, asset: usize, request: ApiRequest<'_>) -> Result<Selection, Problem> {
    let world = &state.world;
    let text = request.query.get("period").filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Problem::attribute("period"))?;
    let Some(days) = period::parse(text) else {
        return match state.behaviour.invalid_period {
            InvalidInput::Tolerate => Ok(Selection::Range(0..0)),
            InvalidInput::Reject => Err(Problem::query(
                "period",
                "This value must be a day, an ISO week, a month, a year or a range of days.",
            )),
        };
    };
    filters::check(&state.behaviour, request, "metadata", FilterSyntax::Object)?;
    let (first, last) = days.into_inner();
    let by_end = state.behaviour.period_selects == PeriodSelects::EndedAt;
    let look_back = if by_end { LOOK_BACK_DAYS } else { 0 };
    let from = first.saturating_sub(look_back);
    let filters: Vec<(&str, &str)> = request.query.object("metadata").collect();
    let bounds = i64::from(first) * DAY..(i64::from(last) + 1) * DAY;
    let matches = |key: SessionKey| {
        let has_metadata = |&(name, value): &(&str, &str)| {
            world
                .metadata(key)
                .any(|found| found == (name, Some(value)))
        };
        filters.iter().all(has_metadata)
            && (!by_end || bounds.contains(&world.timeline(key, request.now_ms).ended_ms))
    };
    if state.changes.count() > 0 {
        let days = from..=last;
        let mut keys = state
            .changes
            .list(world, &ListRange { asset, days }, request.now_ms);
        keys.retain(|key| matches(*key));
        return Ok(Selection::Changed(keys));
    }

    let ordinals = world.ordinals_of_days(asset, from, last);
    let ordinals = ordinals.start..end_now(world, asset, ordinals, request.now_ms);
    if filters.is_empty() && !by_end {
        return Ok(Selection::Range(ordinals));
    }

    let has_ended = request.now_ms >= world.end_ms();
    let key = format!("{asset} {first} {last} {filters:?}");
    if let Some(filtered) = has_ended.then(|| state.filtered.get(&key)).flatten() {
        return Ok(Selection::Filtered(filtered));
    }
    let filtered = ordinals.filter(|&ordinal| matches(world.session_key(asset, ordinal)));
    let filtered = Arc::new(filtered.collect::<Vec<u32>>());
    if has_ended {
        state
            .filtered
            .put(key, Arc::clone(&filtered), filtered.len() + 16);
    }
    Ok(Selection::Filtered(filtered))
}

/// Returns the end of the ordinals in a range whose sessions are loaded by now.
fn end_now(world: &World, asset: usize, ordinals: Range<u32>, now_ms: i64) -> u32 {
    if now_ms >= world.end_ms() {
        return ordinals.end;
    }
    let (mut low, mut high) = (ordinals.start, ordinals.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if world.loaded_ms(world.session_key(asset, middle)) <= now_ms {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn write(out: &mut Vec<u8>, state: &State, key: SessionKey, now_ms: i64) {
    let world = &state.world;
    let timeline = world.timeline(key, now_ms.saturating_add(1));
    let (loaded_form, ended_form, metadata_name) = match state.response_format {
        ResponseFormat::Y2018 => (TimeFormat::Space, TimeFormat::Microseconds, "metadatas"),
        ResponseFormat::Y2020 => (TimeFormat::ShortOffset, TimeFormat::ShortOffset, "metadata"),
        ResponseFormat::Y2023 => (TimeFormat::Atom, TimeFormat::Atom, "metadata"),
    };
    let mut item = Object::begin(out);

    let mut session = Object::begin(item.key("session"));
    session.string("sessionId", &world.session_id(key));
    time::push_quoted(session.key("loadedAt"), world.loaded_ms(key), loaded_form);
    if !timeline.continues || state.behaviour.running_session == RunningSession::LastHeartbeat {
        time::push_quoted(session.key("endedAt"), timeline.ended_ms, ended_form);
    }
    let asset = &world.assets()[key.asset];
    let has_metadata = asset.kind == AssetKind::Video || state.behaviour.live_stream_metadata;
    if has_metadata && !asset.metadata.is_empty() {
        json::array(
            session.key(metadata_name),
            world.metadata(key),
            |out, (key, value)| {
                let mut pair = Object::begin(out);
                pair.string("key", key);
                pair.string_or_null("value", value);
                pair.end();
            },
        );
    } else if state.response_format == ResponseFormat::Y2018 {
        session.key(metadata_name).extend_from_slice(b"[]");
    }
    session.end();

    let viewer = world.viewer(key);
    if !viewer.times_only {
        write_viewer(&mut item, &viewer, state.response_format);
    }
    item.end();
}

fn write_viewer(item: &mut Object<'_>, viewer: &Viewer, response_format: ResponseFormat) {
    if let Some(country) = viewer.country {
        let mut location = Object::begin(item.key("location"));
        location.string("country", country.name);
        match viewer.city {
            City::Named(city) => location.string("city", city),
            City::Null => location.string_or_null("city", None),
            City::Missing => {}
        }
        location.end();
    }

    let known = |value: Option<&'static str>| value.unwrap_or("unknown");
    let from = viewer.referrer;
    let mut referrer = Object::begin(item.key("referrer"));
    match response_format {
        ResponseFormat::Y2018 | ResponseFormat::Y2020 => referrer.string("url", known(from.url)),
        ResponseFormat::Y2023 => referrer.string_or_null("url", from.url),
    }
    referrer.string("medium", known(from.medium));
    referrer.string("source", known(from.source));
    referrer.string("searchTerm", known(from.search_term));
    referrer.end();

    let found = viewer.device;
    let mut device = Object::begin(item.key("device"));
    device.string("type", found.kind);
    device.string("vendor", found.vendor);
    device.string("model", found.model);
    device.end();

    if viewer.sends_os {
        let [name, short, version] = found.os;
        let mut os = Object::begin(item.key("os"));
        os.string("name", name);
        os.string("shortname", short);
        os.string("version", version);
        os.end();
    }

    let [kind, name, version] = found.client;
    let mut client = Object::begin(item.key("client"));
    client.string("type", kind);
    client.string("name", name);
    client.string("version", version);
    client.end();
}
