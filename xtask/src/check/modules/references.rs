//! The imports and paths in the items of a module.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use super::source::{attributes, is_for_tests};

/// A path of at least one name, as it is written, without generic arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// The imports and paths of the items of a module.
#[derive(Default)]
pub(super) struct Found {
    pub(super) imports: Vec<(String, Vec<String>)>,
    pub(super) globs: Vec<(Vec<String>, usize)>,
    pub(super) references: Vec<Reference>,
}

/// Collects from all items but modules and tests. Imports inside of functions count as those of the module.
pub(super) fn collect(items: &[Item]) -> Found {
    let mut collector = Collector(Found::default());
    for item in items {
        collector.visit_item(item);
    }
    collector.0
}

struct Collector(Found);

impl Collector {
    fn refer(&mut self, path: Vec<String>, line: usize) {
        self.0.references.push(Reference { path, line });
    }

    fn import(&mut self, tree: &UseTree, prefix: &[String], line: usize) {
        let join = |name: &syn::Ident| {
            let mut path = prefix.to_vec();
            // `use a::{self}` imports `a`.
            if name != "self" || path.is_empty() {
                path.push(name.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(tree) => {
                let mut path = prefix.to_vec();
                path.push(tree.ident.to_string());
                self.import(&tree.tree, &path, line);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix, tree.span().start().line);
                }
            }
            UseTree::Name(tree) => {
                let path = join(&tree.ident);
                let name = path.last().cloned().unwrap_or_default();
                self.0.imports.push((name, path.clone()));
                self.refer(path, line);
            }
            UseTree::Rename(tree) => {
                let path = join(&tree.ident);
                self.0.imports.push((tree.rename.to_string(), path.clone()));
                self.refer(path, line);
            }
            UseTree::Glob(_) => self.0.globs.push((prefix.to_vec(), line)),
        }
    }

    /// Paths in the tokens of a macro's call or definition.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path, line);
                    }
                    if path.is_empty() {
                        line = name.span().start().line;
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end(&mut path, line);
                    colons = 0;
                    self.tokens(group.stream());
                }
                _ => {
                    self.end(&mut path, line);
                    colons = 0;
                }
            }
        }
        self.end(&mut path, line);
    }

    fn end(&mut self, path: &mut Vec<String>, line: usize) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.refer(path, line);
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if !matches!(item, Item::Mod(_)) && !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.import(&item.tree, &[], item.span().start().line);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let names = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            self.refer(names.collect(), path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        self.tokens(item.tokens.clone());
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}
