use super::*;

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn few_features_are_combined_in_every_way() {
    assert_eq!(combinations(&[]), [""]);
    assert_eq!(
        combinations(&named(&["a", "b", "c"])),
        ["", "a", "b", "a,b", "c", "a,c", "b,c", "a,b,c"]
    );
}

#[test]
fn of_many_features_each_pair_and_all_are_tried() {
    let all = combinations(&named(&["a", "b", "c", "d", "e"]));
    assert_eq!(all.len(), 1 + 5 + 10 + 1);
    assert!(all.contains(&"a,e".to_owned()) && all.contains(&"a,b,c,d,e".to_owned()));
    assert!(!all.contains(&"a,b,c".to_owned()));
}
