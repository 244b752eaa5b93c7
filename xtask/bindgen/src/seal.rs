//! Seals a generated trait, so that methods can be added to it in a minor release.

/// The supertrait, which the crate of the typed expectations defines by hand.
const SEALED: &str = "crate::sealed::Sealed";

/// Makes the trait of this name require the supertrait. Returns `false` if there is no such trait.
pub(crate) fn seal(file: &mut syn::File, name: &str) -> bool {
    let found = file.items.iter_mut().find_map(|item| match item {
        syn::Item::Trait(item) if item.ident == name => Some(item),
        _ => None,
    });
    let Some(item) = found else {
        return false;
    };
    let bound = syn::parse_str(SEALED).expect("this is a bound");
    item.colon_token = Some(syn::token::Colon::default());
    item.supertraits.push(bound);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_the_supertrait_to_the_named_trait_only() {
        let mut file = syn::parse_file("pub trait One {} pub trait Two { fn two(); }").unwrap();
        assert!(seal(&mut file, "Two"));
        assert!(!seal(&mut file, "Three"));
        let expected =
            syn::parse_file("pub trait One {} pub trait Two: crate::sealed::Sealed { fn two(); }")
                .unwrap();
        assert_eq!(
            prettyplease::unparse(&file),
            prettyplease::unparse(&expected)
        );
    }
}
