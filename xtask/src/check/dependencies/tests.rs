use super::manifests::Edge;
use super::rules::{FORBIDDEN, added_by_measures, found, misplaced};

fn edge(from: &str, to: &str) -> Edge {
    Edge {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

#[test]
fn reserved_packages_are_limited_to_their_owners() {
    assert!(misplaced(&[edge("apivideo", "reqwest"), edge("apivideo-cli", "clap")]).is_empty());
    let found = misplaced(&[
        edge("apivideo-cli", "reqwest"),
        edge("apivideo-cli", "apivideo-core"),
        edge("apivideo", "apivideo-simulator"),
        edge("apivideo", "progenitor"),
    ]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.contains(
        &"apivideo-cli depends on reqwest: all requests to the service pass through the facade; benchmarks compare it with direct requests"
            .to_owned()
    ));
}

#[test]
fn measures_add_their_own_crate_only() {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let before = names(&["apivideo", "jiff"]);
    let allowed = names(&["apivideo", "apivideo-insights", "jiff"]);
    assert!(added_by_measures(&before, &allowed).is_empty());
    let added = added_by_measures(&before, &names(&["apivideo", "jiff", "rand"]));
    assert_eq!(
        added,
        [
            "apivideo is compiled with rand with the feature insights: measures add no third-party package"
        ]
    );
}

#[test]
fn every_feature_set_has_forbidden_packages() {
    let packages = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let names = |packages: &[String], index: usize| {
        let (options, forbidden) = FORBIDDEN[index];
        found(packages, options, forbidden)
    };
    let usual = packages(&["apivideo", "openssl-probe", "reqwest", "rustls"]);
    assert!(names(&usual, 0).is_empty());
    assert_eq!(
        names(&packages(&["arrow-array", "parquet"]), 0),
        [
            "apivideo is compiled with arrow-array by default: columnar files are optional",
            "apivideo is compiled with parquet by default: columnar files are optional"
        ]
    );
    assert_eq!(names(&usual, 1).len(), 1, "no TLS without a feature for it");
    assert_eq!(
        names(&usual, 2).len(),
        1,
        "one TLS library if one was requested"
    );
}
