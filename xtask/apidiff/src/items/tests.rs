use super::*;
use xtask_bindgen::document::Document;

/// The items of our own bindings, one to a line.
fn repository() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let document = Document::read(&root.join(xtask_bindgen::generated_crates::DOCUMENT)).unwrap();
    let (_, file) = xtask_bindgen::generated_crates::library(&document).unwrap();
    list(&file)
        .into_iter()
        .map(|(path, item)| {
            let required = if item.required { ", required" } else { "" };
            format!("{path} | {} | {}{required}", item.shape, item.wire)
        })
        .collect()
}

#[test]
fn lists_items_with_types_and_wire_names() {
    let items = repository();
    for line in [
        "Client::list_videos() |  | GET /videos",
        "Client::get_video() |  | GET /videos/{}",
        "Client::get_video().video_id() | String | path 0, required",
        "Client::list_videos().tags() | Vec<String> | query tags[]",
        "Client::list_videos().title() | String | query title",
        "Client::list_video_sessions().metadata() | wire::MetadataFilter | query metadata",
        "Client::list_video_sessions().period() | String | query period, required",
        "Client::list_buckets().filter_by_country() | Vec<String> | query filterBy[country][]",
        "Client::create_access_token().body() | types::ApiKeyCredentials | json",
        "Client::list_videos().send() | Result<ResponseValue<wire::Object<types::VideoPage>>, Error<()>> | \
         application/json 200",
        "types::Location: Default |  | ",
        "types::SortOrder::Asc |  | asc",
        "types::SortOrder: FromStr |  | ",
        "types::SortOrder: TryFrom<&str> |  | ",
        "types::Video |  struct | ",
    ] {
        let line = line.replace("|  struct", "| struct");
        assert!(
            items.contains(&line),
            "{line} is not in\n{}",
            items.join("\n")
        );
    }
}
