//! A Rust file as the rules see it: a flat list of tokens with lines, and every path it names with `use` lists spelled
//! out. Comments are gone, macro bodies are not.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One token. A literal's text is its source; `::`, `->` and `=>` are one token each.
pub struct Token {
    pub text: String,
    pub ident: bool,
    pub literal: bool,
    pub line: usize,
    /// Inside an item under `#[cfg(test)]` or `#[test]`, or in a file of tests.
    pub test: bool,
    /// How many inline modules stand around it.
    pub modules: usize,
}

/// A path as written, from its first segment; `{a, b::c}` gives one path each, `*` is a segment.
pub struct Path {
    pub segments: Vec<String>,
    pub line: usize,
    pub test: bool,
    pub modules: usize,
    pub next: String,
}

pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
    pub paths: Vec<Path>,
}

/// What a rule has to say about a line.
#[derive(Debug)]
pub struct Fault {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Result<Self, Fault> {
        let stream: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| Fault {
            path: path.to_owned(),
            line: error.span().start().line,
            what: "is not Rust".to_owned(),
        })?;
        let mut tokens = Vec::new();
        let test = path.starts_with("tests/") || path.starts_with("benches/") || path.ends_with("/tests.rs");
        flatten(stream, test, 0, &mut tokens);
        let mut paths = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            at = if tokens[at].ident {
                read_path(&tokens, at, &[], &mut paths)
            } else {
                at + 1
            };
        }
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
            paths,
        })
    }

    /// The folder or file directly under `src/`: `src/geo/units.rs` and `src/geo.rs` are in `geo`.
    pub fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(
            inside
                .split_once('/')
                .map_or_else(|| inside.trim_end_matches(".rs"), |(room, _)| room),
        )
    }

    /// How many modules deep the file is: `src/geo.rs` and `src/geo/mod.rs` 1, `src/geo/units.rs` 2.
    pub fn depth(&self) -> usize {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split('/').count() - usize::from(inside.ends_with("/mod.rs"))
    }

    pub fn fault(&self, line: usize, what: impl Into<String>) -> Fault {
        Fault {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }

    /// The texts of the tokens from `at` on, as many as asked for.
    pub fn texts(&self, at: usize, count: usize) -> Vec<&str> {
        self.tokens
            .iter()
            .skip(at)
            .take(count)
            .map(|token| token.text.as_str())
            .collect()
    }
}

fn flatten(stream: TokenStream, test: bool, modules: usize, out: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    let mut test_until = 0;
    while at < trees.len() {
        if marks_test(&trees, at) {
            test_until = test_until.max(end_of_item(&trees, at));
        }
        let test = test || at < test_until;
        let line = trees[at].span().start().line;
        let mut push = |text: String, ident, literal| {
            out.push(Token {
                text,
                ident,
                literal,
                line,
                test,
                modules,
            })
        };
        match &trees[at] {
            TokenTree::Ident(ident) => push(ident.to_string(), true, false),
            TokenTree::Literal(literal) => push(literal.to_string(), false, true),
            TokenTree::Punct(punct) => {
                let pair = match (punct.spacing(), trees.get(at + 1)) {
                    (Spacing::Joint, Some(TokenTree::Punct(second))) => format!("{}{}", punct, second),
                    _ => String::new(),
                };
                if matches!(pair.as_str(), "::" | "->" | "=>") {
                    push(pair, false, false);
                    at += 1;
                } else {
                    push(punct.to_string(), false, false);
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                push(open.to_owned(), false, false);
                let module =
                    open == "{" && at >= 2 && matches!(&trees[at - 2], TokenTree::Ident(word) if word == "mod");
                flatten(group.stream(), test, modules + usize::from(module), out);
                let line = group.span_close().start().line;
                out.push(Token {
                    text: close.to_owned(),
                    ident: false,
                    literal: false,
                    line,
                    test,
                    modules,
                });
            }
        }
        at += 1;
    }
}

/// Whether `#[cfg(test)]`, `#[test]` or an attribute ending in `::test` begins here.
fn marks_test(trees: &[TokenTree], at: usize) -> bool {
    let (TokenTree::Punct(hash), Some(TokenTree::Group(group))) = (&trees[at], trees.get(at + 1)) else {
        return false;
    };
    let attribute = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#'
        && (attribute == "cfg(test)"
            || attribute.starts_with("cfg(all(test,")
            || attribute == "test"
            || attribute.split('(').next().is_some_and(|name| name.ends_with("::test")))
}

/// The index after the item that begins here: behind its first braces or semicolon.
fn end_of_item(trees: &[TokenTree], at: usize) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    trees
        .iter()
        .skip(at)
        .position(ends)
        .map_or(trees.len(), |length| at + length + 1)
}

/// Reads the path that begins at an identifier, below `prefix`; gives the index after it.
fn read_path(tokens: &[Token], start: usize, prefix: &[String], out: &mut Vec<Path>) -> usize {
    let first = &tokens[start];
    let mut segments = prefix.to_vec();
    if prefix.is_empty() || first.text != "self" {
        segments.push(first.text.clone());
    }
    let mut at = start + 1;
    while tokens.get(at).is_some_and(|token| token.text == "::") {
        match tokens.get(at + 1) {
            Some(token) if token.ident || token.text == "*" => {
                segments.push(token.text.clone());
                at += 2;
            }
            Some(token) if token.text == "{" => return read_list(tokens, at + 2, &segments, out),
            _ => break,
        }
    }
    let next = tokens.get(at).map_or_else(String::new, |token| token.text.clone());
    out.push(Path {
        segments,
        line: first.line,
        test: first.test,
        modules: first.modules,
        next,
    });
    at
}

/// Reads what stands between the braces of a `use`, from behind the opening one; gives the index after the closing one.
fn read_list(tokens: &[Token], start: usize, prefix: &[String], out: &mut Vec<Path>) -> usize {
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        at = match token.text.as_str() {
            "}" => return at + 1,
            "*" => {
                let segments = [prefix, &["*".to_owned()]].concat();
                let (line, test, modules) = (token.line, token.test, token.modules);
                out.push(Path {
                    segments,
                    line,
                    test,
                    modules,
                    next: String::new(),
                });
                at + 1
            }
            "as" => at + 2,
            _ if token.ident => read_path(tokens, at, prefix, out),
            _ => at + 1,
        };
    }
    at
}
