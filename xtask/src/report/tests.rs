use super::*;
use xtask_bindgen::fixups::Need;
use xtask_bindgen::lowering::Applied;

#[test]
fn reports_operations_fixups_and_omissions() {
    let refused = |what: &str| Refused {
        what: what.to_owned(),
        reason: "no way".to_owned(),
    };
    let generated = Generated {
        files: std::collections::BTreeMap::new(),
        folders: Vec::new(),
        operations: vec!["listThings (GET /things)".to_owned()],
        applied: vec![Applied {
            name: "prune",
            reason: "weight",
            need: Need::OwnDocument,
            places: vec!["/a".to_owned(); 3],
        }],
        newly_accepted: vec!["the fixup prune:\n    + /a".to_owned()],
        left_out: vec![
            refused("upload (POST /things)"),
            refused("replace (PUT /things)"),
        ],
        left_out_of_expectations: Some(Vec::new()),
    };
    let text = "1 operations:
  listThings (GET /things)
fixups (places changed):
  prune                     3  weight
not generated:
  no way:
    upload (POST /things)
    replace (PUT /things)
not in the typed expectations: nothing
accepted:
  the fixup prune:
    + /a
";
    assert_eq!(report(&generated), text);
}
