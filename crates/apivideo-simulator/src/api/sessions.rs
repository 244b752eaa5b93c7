use std::ops::Range;
use std::sync::Arc;

use crate::http::problem::Problem;
use crate::http::query::Written;
use crate::http::service::{Call, Service};
use crate::json::{self, Object};
use crate::period;
use crate::settings::{Invalid, PeriodSelects, RunningSession, Vintage};
use crate::time::{self, DAY, Form};
use crate::world::changes::Span;
use crate::world::viewer::{City, Viewer};
use crate::world::{AssetKind, LOOK_BACK_DAYS, Place, World};

use super::filters;
use super::paging::{self, Page};

pub(crate) fn of_video(service: &Service, id: &str, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let asset = find(&service.world, AssetKind::Video, id, "videoId")?;
    list(service, asset, call)
}

pub(crate) fn of_live_stream(
    service: &Service,
    id: &str,
    call: Call<'_>,
) -> Result<Vec<u8>, Problem> {
    let asset = find(&service.world, AssetKind::LiveStream, id, "liveStreamId")?;
    let metadata = call.query.object("metadata").next();
    if let Some((key, _)) = metadata
        && !service.behaviour.live_stream_metadata
    {
        return Err(Problem::unexpected(format!("metadata[{key}]")));
    }
    list(service, asset, call)
}

fn find(world: &World, kind: AssetKind, id: &str, name: &'static str) -> Result<usize, Problem> {
    world
        .asset(id)
        .filter(|&asset| world.assets()[asset].kind == kind)
        .ok_or_else(|| Problem::not_found(name))
}

fn list(service: &Service, asset: usize, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let selection = select(service, asset, call)?;
    let page = Page::of(call, &service.behaviour, selection.len())?;
    Ok(paging::render(&page, 640, |out, item| {
        write(
            out,
            service,
            selection.get(&service.world, asset, item),
            call.now_ms,
        );
    }))
}

/// The sessions of a list by their numbers: a run of them, or picked ones; or by their places.
enum Selection {
    Run(Range<u32>),
    Picked(Arc<Vec<u32>>),
    /// Those of a list in which sessions came or went.
    Changed(Vec<Place>),
}

impl Selection {
    fn len(&self) -> u64 {
        match self {
            Self::Run(run) => u64::from(run.end - run.start),
            Self::Picked(picked) => picked.len() as u64,
            Self::Changed(places) => places.len() as u64,
        }
    }

    fn get(&self, world: &World, asset: usize, item: u64) -> Place {
        match self {
            Self::Run(run) => world.place(asset, run.start + item as u32),
            Self::Picked(picked) => world.place(asset, picked[item as usize]),
            Self::Changed(places) => places[item as usize],
        }
    }
}

fn select(service: &Service, asset: usize, call: Call<'_>) -> Result<Selection, Problem> {
    let world = &service.world;
    let text = call.query.get("period").filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Problem::attribute("period"))?;
    let Some(days) = period::parse(text) else {
        return match service.behaviour.invalid_period {
            Invalid::Tolerate => Ok(Selection::Run(0..0)),
            Invalid::Refuse => Err(Problem::query(
                "period",
                "This value must be a day, an ISO week, a month, a year or a range of days.",
            )),
        };
    };
    filters::check(&service.behaviour, call, "metadata", Written::Pairs)?;
    let (first, last) = days.into_inner();
    let by_end = service.behaviour.period_selects == PeriodSelects::EndedAt;
    let look_back = if by_end { LOOK_BACK_DAYS } else { 0 };
    let from = first.saturating_sub(look_back);
    let filters: Vec<(&str, &str)> = call.query.object("metadata").collect();
    let bounds = i64::from(first) * DAY..(i64::from(last) + 1) * DAY;
    let fits = |place: Place| {
        let has = |&(key, value): &(&str, &str)| {
            world
                .metadata(place)
                .any(|found| found == (key, Some(value)))
        };
        filters.iter().all(has)
            && (!by_end || bounds.contains(&world.timeline(place, call.now_ms).ended_ms))
    };
    if service.changes.count() > 0 {
        let days = from..=last;
        let mut places = service
            .changes
            .list(world, &Span { asset, days }, call.now_ms);
        places.retain(|place| fits(*place));
        return Ok(Selection::Changed(places));
    }

    let run = world.ordinals_of_days(asset, from, last);
    let run = run.start..until_now(world, asset, run, call.now_ms);
    if filters.is_empty() && !by_end {
        return Ok(Selection::Run(run));
    }

    let over = call.now_ms >= world.end_ms();
    let key = format!("{asset} {first} {last} {filters:?}");
    if let Some(picked) = over.then(|| service.filtered.get(&key)).flatten() {
        return Ok(Selection::Picked(picked));
    }
    let picked = run.filter(|&ordinal| fits(world.place(asset, ordinal)));
    let picked = Arc::new(picked.collect::<Vec<u32>>());
    if over {
        service
            .filtered
            .put(key, Arc::clone(&picked), picked.len() + 16);
    }
    Ok(Selection::Picked(picked))
}

/// The end of the sessions in `run` that were loaded by now.
fn until_now(world: &World, asset: usize, run: Range<u32>, now_ms: i64) -> u32 {
    if now_ms >= world.end_ms() {
        return run.end;
    }
    let (mut low, mut high) = (run.start, run.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if world.loaded_ms(world.place(asset, middle)) <= now_ms {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn write(out: &mut Vec<u8>, service: &Service, place: Place, now_ms: i64) {
    let world = &service.world;
    let timeline = world.timeline(place, now_ms.saturating_add(1));
    let (loaded_form, ended_form, metadata_name) = match service.vintage {
        Vintage::Y2018 => (Form::Space, Form::Microseconds, "metadatas"),
        Vintage::Y2020 => (Form::ShortOffset, Form::ShortOffset, "metadata"),
        Vintage::Y2023 => (Form::Atom, Form::Atom, "metadata"),
    };
    let mut item = Object::begin(out);

    let mut session = Object::begin(item.key("session"));
    session.text("sessionId", &world.session_id(place));
    time::push_quoted(session.key("loadedAt"), world.loaded_ms(place), loaded_form);
    if !timeline.cut || service.behaviour.running_session == RunningSession::LastHeartbeat {
        time::push_quoted(session.key("endedAt"), timeline.ended_ms, ended_form);
    }
    let of = &world.assets()[place.asset];
    let can_have = of.kind == AssetKind::Video || service.behaviour.live_stream_metadata;
    if can_have && !of.metadata.is_empty() {
        json::array(
            session.key(metadata_name),
            world.metadata(place),
            |out, (key, value)| {
                let mut pair = Object::begin(out);
                pair.text("key", key);
                pair.text_or_null("value", value);
                pair.end();
            },
        );
    } else if service.vintage == Vintage::Y2018 {
        session.key(metadata_name).extend_from_slice(b"[]");
    }
    session.end();

    let viewer = world.viewer(place);
    if !viewer.bare {
        write_viewer(&mut item, &viewer, service.vintage);
    }
    item.end();
}

fn write_viewer(item: &mut Object<'_>, viewer: &Viewer, vintage: Vintage) {
    if let Some(country) = viewer.country {
        let mut location = Object::begin(item.key("location"));
        location.text("country", country.name);
        match viewer.city {
            City::Named(city) => location.text("city", city),
            City::Null => location.text_or_null("city", None),
            City::Missing => {}
        }
        location.end();
    }

    let known = |value: Option<&'static str>| value.unwrap_or("unknown");
    let from = viewer.referrer;
    let mut referrer = Object::begin(item.key("referrer"));
    match vintage {
        Vintage::Y2018 | Vintage::Y2020 => referrer.text("url", known(from.url)),
        Vintage::Y2023 => referrer.text_or_null("url", from.url),
    }
    referrer.text("medium", known(from.medium));
    referrer.text("source", known(from.source));
    referrer.text("searchTerm", known(from.search_term));
    referrer.end();

    let with = viewer.device;
    let mut device = Object::begin(item.key("device"));
    device.text("type", with.kind);
    device.text("vendor", with.vendor);
    device.text("model", with.model);
    device.end();

    if viewer.os_sent {
        let [name, short, version] = with.os;
        let mut os = Object::begin(item.key("os"));
        os.text("name", name);
        os.text("shortname", short);
        os.text("version", version);
        os.end();
    }

    let [kind, name, version] = with.client;
    let mut client = Object::begin(item.key("client"));
    client.text("type", kind);
    client.text("name", name);
    client.text("version", version);
    client.end();
}
