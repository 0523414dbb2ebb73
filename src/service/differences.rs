//! Differences: where what a journal is played to tell now is not what was told at the time.

use std::path::Path;

use super::start::this_build;
use crate::engine::Difference;

/// Those found in one journal.
#[derive(Debug, Default)]
pub struct Differences {
    /// Under this build: a fault.
    own: u64,
    /// The first of them, with its file.
    first: Option<String>,
    /// Under others, which may well have judged otherwise.
    others: u64,
}

impl Differences {
    /// Takes note of one, told of a journal's file under a build.
    pub fn note(&mut self, difference: &Difference, build: &str, file: Option<&Path>) {
        if build != this_build() {
            self.others += 1;
            return;
        }
        self.own += 1;
        self.first.get_or_insert_with(|| {
            let file = file.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
            format!("{file}: {difference}")
        });
    }

    /// Says what people must be told.
    pub fn tell(&self, faults: &mut Vec<String>) {
        if let Some(first) = &self.first {
            let Self { own, .. } = self;
            faults.push(format!(
                "this build tells other transitions than it did at the time, at {own} ticks; those recorded stand. {first}"
            ));
        }
        if self.others > 0 {
            let Self { others, .. } = self;
            tracing::warn!(others, "another build told other transitions; those recorded stand");
        }
    }
}
