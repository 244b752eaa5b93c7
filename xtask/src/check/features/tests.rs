use super::*;

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn few_features_are_tested_in_all_combinations() {
    assert_eq!(combinations(&[]), [""]);
    assert_eq!(
        combinations(&named(&["a", "b", "c"])),
        ["", "a", "b", "a,b", "c", "a,c", "b,c", "a,b,c"]
    );
}

#[test]
fn many_features_are_tested_in_pairs_and_all_together() {
    let all = combinations(&named(&["a", "b", "c", "d", "e"]));
    assert_eq!(all.len(), 1 + 5 + 10 + 1);
    assert!(all.contains(&"a,e".to_owned()) && all.contains(&"a,b,c,d,e".to_owned()));
    assert!(!all.contains(&"a,b,c".to_owned()));
}
