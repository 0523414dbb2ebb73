//! Mistakes in configuration files: where, what stands there, and what would be right.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};

/// One mistake, as `file:line: what; want`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    pub file: PathBuf,
    /// From 1; none where the file as a whole is meant.
    pub line: Option<usize>,
    pub what: String,
    /// What would be right.
    pub want: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}; should be {}", self.what, self.want)
    }
}

/// All mistakes found so far, in whichever file.
#[derive(Debug, Default)]
pub(super) struct Mistakes(RefCell<Vec<Mistake>>);

impl Mistakes {
    pub(super) fn add(&self, file: &Path, line: Option<usize>, what: impl Into<String>, want: impl Into<String>) {
        self.0.borrow_mut().push(Mistake {
            file: file.to_owned(),
            line,
            what: what.into(),
            want: want.into(),
        });
    }

    /// All of them, each once, by file and line.
    pub(super) fn into_sorted(self) -> Vec<Mistake> {
        let mut all = self.0.into_inner();
        all.sort();
        all.dedup();
        all
    }
}
