//! The promise that the code goes one way: a module imports only from modules above it in [`ORDER`].
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate from the foundation up, those of later releases included.
const ORDER: [&str; 22] = [
    "error",
    "id",
    "text",
    "value",
    "schema",
    "technique",
    "record",
    "fact",
    "ingest",
    "normalize",
    "block",
    "compare",
    "model",
    "resolve",
    "survive",
    "profile",
    "segment",
    "identity",
    "export",
    "pipeline",
    "evaluate",
    "explain",
];

/// Imports that the order alone would allow.
const SEPARATE: [(&str, &str); 3] =
    [("normalize", "ingest"), ("evaluate", "pipeline"), ("explain", "pipeline")];

/// Lines of a file that are not tests.
const LONGEST: usize = 500;

/// A word or a sign of Rust code, and the line on which it stands.
type Token = (String, usize);

/// The tokens of a source without comments, literals and items for tests, and the lines of those items.
fn tokens(source: &str) -> (Vec<Token>, usize) {
    without_tests(&lex(source))
}

fn lex(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |position: usize| chars.get(position).copied().unwrap_or('\0');
    let (mut tokens, mut position, mut line) = (Vec::new(), 0, 1);
    while position < chars.len() {
        let start = position;
        match at(position) {
            '/' if at(position + 1) == '/' => {
                while position < chars.len() && at(position) != '\n' {
                    position += 1;
                }
            }
            '/' if at(position + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(position), at(position + 1)) {
                        ('/', '*') => depth += 1,
                        ('*', '/') => depth -= 1,
                        _ => {
                            position += 1;
                            continue;
                        }
                    }
                    position += 2;
                    if depth == 0 || position >= chars.len() {
                        break;
                    }
                }
            }
            '"' => position = after_text(&chars, position),
            'r' if at(position + 1) == '"'
                || (at(position + 1) == '#' && matches!(at(position + 2), '"' | '#')) =>
            {
                position = after_raw_text(&chars, position);
            }
            '\'' if at(position + 1) == '\\' => {
                position += 3;
                while position < chars.len() && at(position) != '\'' {
                    position += 1;
                }
                position += 1;
            }
            '\'' if at(position + 2) == '\'' => position += 3,
            c if c.is_alphanumeric() || c == '_' => {
                while at(position).is_alphanumeric() || at(position) == '_' {
                    position += 1;
                }
                tokens.push((chars[start..position].iter().collect(), line));
            }
            ':' if at(position + 1) == ':' => {
                position += 2;
                tokens.push(("::".to_owned(), line));
            }
            c => {
                position += 1;
                if !c.is_whitespace() {
                    tokens.push((c.to_string(), line));
                }
            }
        }
        position = position.min(chars.len());
        line += chars[start..position].iter().filter(|&&c| c == '\n').count();
    }
    tokens
}

fn after_text(chars: &[char], start: usize) -> usize {
    let mut position = start + 1;
    while position < chars.len() && chars[position] != '"' {
        position += if chars[position] == '\\' { 2 } else { 1 };
    }
    position + 1
}

fn after_raw_text(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let mut position = start + 2 + hashes;
    while position < chars.len() {
        let closes = chars[position] == '"'
            && chars[position + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
        position += 1;
        if closes {
            return position + hashes;
        }
    }
    position
}

fn without_tests(tokens: &[Token]) -> (Vec<Token>, usize) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut lines, mut position) = (Vec::new(), 0, 0);
    while position < tokens.len() {
        let mark = tokens[position..].iter().map(|(word, _)| word.as_str()).take(MARK.len());
        if !mark.eq(MARK) {
            kept.push(tokens[position].clone());
            position += 1;
            continue;
        }
        let first = tokens[position].1;
        let mut depth = 0;
        loop {
            let (word, line) = &tokens[position];
            match word.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            position += 1;
            let ends = depth == 0 && (word == ";" || word == "}");
            if ends || position == tokens.len() {
                lines += line - first + 1;
                break;
            }
        }
    }
    (kept, lines)
}

/// The names right below the root that the tokens of a module use, with their lines.
///
/// `depth` is how many `super` lead from the module to the root.
fn used_names(tokens: &[Token], depth: usize) -> Vec<(String, usize)> {
    let word = |position: usize| tokens.get(position).map_or("", |(word, _)| word.as_str());
    let mut names = Vec::new();
    for position in 0..tokens.len() {
        let start = match word(position) {
            "crate" => position + 1,
            "super" if word(position.wrapping_sub(1)) != "::" => {
                let mut climbed = 1;
                while word(position + 2 * climbed - 1) == "::" && word(position + 2 * climbed) == "super" {
                    climbed += 1;
                }
                if climbed < depth {
                    continue;
                }
                position + 2 * climbed - 1
            }
            _ => continue,
        };
        match (word(start), word(start + 1)) {
            ("::", "{") => names.extend(group(tokens, start + 2)),
            ("::", name) => names.push((name.to_owned(), tokens[start + 1].1)),
            // The root under another name would hide what is used of it.
            ("as", _) => names.push(("crate as".to_owned(), tokens[start].1)),
            _ => {}
        }
    }
    names
}

/// The first name of each member of a group `{a, b::c, d::{…}}` whose first token is at `position`.
fn group(tokens: &[Token], mut position: usize) -> Vec<(String, usize)> {
    let (mut names, mut depth, mut fresh) = (Vec::new(), 1, true);
    while depth > 0 && position < tokens.len() {
        let (word, line) = &tokens[position];
        match word.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => fresh = true,
            name if depth == 1 && fresh => {
                names.push((name.to_owned(), *line));
                fresh = false;
            }
            _ => {}
        }
        position += 1;
    }
    names
}

/// The names that the root re-exports, with the module that defines each.
fn re_exports(root: &[Token]) -> BTreeMap<String, String> {
    let word = |position: usize| root.get(position).map_or("", |(word, _)| word.as_str());
    let mut exports = BTreeMap::new();
    for position in 0..root.len() {
        if (word(position), word(position + 2)) != ("use", "::") {
            continue;
        }
        let module = word(position + 1);
        let names = match word(position + 3) {
            "{" => group(root, position + 4),
            name => vec![(name.to_owned(), 0)],
        };
        exports.extend(names.into_iter().map(|(name, _)| (name, module.to_owned())));
    }
    exports
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|&known| known == module)
}

/// What is wrong with the imports of one file, a line for each.
fn violations(path: &[&str], source: &str, exports: &BTreeMap<String, String>) -> Vec<String> {
    let module = path[0];
    let depth = path.len();
    let mut found = Vec::new();
    for (name, line) in used_names(&tokens(source).0, depth) {
        let target = exports.get(&name).unwrap_or(&name);
        let allowed = match (rank(module), rank(target)) {
            _ if target == module => true,
            (Some(module_rank), Some(target_rank)) => {
                target_rank < module_rank && !SEPARATE.contains(&(module, target))
            }
            _ => false,
        };
        if !allowed {
            found.push(format!("{}:{line}: {module} uses {target}", path.join("::")));
        }
    }
    found
}

fn source_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files below `src` but the root, each with its module path and text.
fn files() -> Vec<(Vec<String>, String)> {
    let mut files = Vec::new();
    let mut directories = vec![source_directory()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let module = path.strip_prefix(source_directory()).unwrap().with_extension("");
                let mut module: Vec<String> =
                    module.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                if module.len() > 1 && module.last().is_some_and(|name| name == "mod") {
                    module.pop();
                }
                if module != ["lib"] {
                    files.push((module, fs::read_to_string(path).unwrap()));
                }
            }
        }
    }
    files.sort();
    files
}

fn root() -> Vec<Token> {
    tokens(&fs::read_to_string(source_directory().join("lib.rs")).unwrap()).0
}

#[test]
fn imports_go_upwards_in_the_order_only() {
    let exports = re_exports(&root());
    assert_eq!(exports.get("FieldKind").map(String::as_str), Some("schema"));
    let mut found = Vec::new();
    let mut edges = BTreeSet::new();
    for (module, source) in files() {
        let path: Vec<&str> = module.iter().map(String::as_str).collect();
        found.extend(violations(&path, &source, &exports));
        edges.extend(
            used_names(&tokens(&source).0, path.len()).into_iter().map(|(name, _)| (module[0].clone(), name)),
        );
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    // That nothing is found means something only if the imports are seen at all.
    assert!(edges.contains(&("pipeline".to_owned(), "resolve".to_owned())));
    assert!(edges.contains(&("compare".to_owned(), "text".to_owned())));
}

#[test]
fn the_root_declares_the_modules_in_the_order() {
    let root = root();
    let declared: Vec<&str> =
        root.windows(2).filter(|pair| pair[0].0 == "mod").map(|pair| pair[1].0.as_str()).collect();
    let expected: Vec<&str> = ORDER.into_iter().filter(|module| declared.contains(module)).collect();
    assert_eq!(declared, expected);
    let exist: BTreeSet<String> = files().into_iter().map(|(module, _)| module[0].clone()).collect();
    assert_eq!(exist, declared.into_iter().map(str::to_owned).collect());
}

#[test]
fn no_file_is_long() {
    let long: Vec<String> = files()
        .into_iter()
        .map(|(module, source)| (module.join("::"), source.lines().count() - tokens(&source).1))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(module, lines)| format!("{module}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn planted_imports_are_found() {
    let exports = re_exports(&tokens("pub use pipeline::{Pipeline, Unified};\npub use schema::FieldKind;").0);
    let cases: &[(&[&str], &str, &[&str])] = &[
        (&["text"], "use crate::block::Plan;", &["text:1: text uses block"]),
        (
            &["text", "fold"],
            "\nuse crate::{\n    value,\n    error::{Error, Result},\n};",
            &["text::fold:3: text uses value"],
        ),
        (&["model"], "fn f() { crate::resolve::resolve() }", &["model:1: model uses resolve"]),
        (&["schema"], "use crate::Unified;", &["schema:1: schema uses pipeline"]),
        (&["schema", "kind"], "use super::super::record::Records;", &["schema::kind:1: schema uses record"]),
        (&["schema"], "use super::record::Records;", &["schema:1: schema uses record"]),
        (&["normalize"], "use crate::ingest::Source;", &["normalize:1: normalize uses ingest"]),
        (&["ingest"], "use crate::normalize::normalize;", &["ingest:1: ingest uses normalize"]),
        (&["evaluate"], "use crate::Pipeline;", &["evaluate:1: evaluate uses pipeline"]),
        (&["pipeline"], "use crate::helpers;", &["pipeline:1: pipeline uses helpers"]),
        (&["pipeline"], "use crate::*;", &["pipeline:1: pipeline uses *"]),
        (&["pipeline"], "use crate as root;", &["pipeline:1: pipeline uses crate as"]),
        (&["text"], "let a = '\"'; use crate::value;", &["text:1: text uses value"]),
        (&["text"], "#[cfg(test)]\nmod cases;\nuse crate::value;", &["text:3: text uses value"]),
        // And these are no imports, or allowed.
        (&["text"], "/// [x](crate::block)\n// crate::block\n/* crate::block */", &[]),
        (
            &["text"],
            "const A: &str = \"crate::block\\\" crate::block\"; const B: &str = r#\"\"crate::block\"#;",
            &[],
        ),
        (&["text"], "#[cfg(test)]\nmod tests {\n    use crate::block::Plan;\n}", &[]),
        (&["text", "fold"], "pub(crate) fn f() {} use super::entity; use crate::error::Result;", &[]),
        (&["pipeline", "run"], "use crate::FieldKind; use crate::pipeline::Pipeline;", &[]),
    ];
    for (path, source, expected) in cases {
        assert_eq!(violations(path, source, &exports), *expected, "{source}");
    }
}

#[test]
fn lines_for_tests_are_not_counted() {
    let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { '{'; }\n}\nfn c() {}\n";
    assert_eq!(tokens(source).1, 4);
}
