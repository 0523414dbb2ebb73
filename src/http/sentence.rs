//! The sentences of alerts: their rule's as it stood when they were raised, else their kind's.

use std::collections::BTreeMap;

use super::shape::Message;
use crate::alerts::Alert;
use crate::rules::{KINDS, Words};
use crate::watch::Editions;

/// The sentences that rules have of their own, by version and rule.
#[derive(Clone, Debug, Default)]
pub struct Sentences(BTreeMap<u32, BTreeMap<String, Words<String>>>);

impl Sentences {
    /// Those of the versions that are known.
    pub fn of(editions: &Editions) -> Self {
        let sentences = editions.iter().map(|edition| (edition.version, edition.messages()));
        Self(sentences.collect())
    }

    /// The alert's sentence; `standing`: of its rule today, for a version that is no longer known.
    pub(super) fn of_alert<'a>(
        &'a self,
        alert: &'a Alert,
        standing: impl FnOnce() -> Option<&'a Words<String>>,
    ) -> Message<'a> {
        let own = match self.0.get(&alert.rule_version) {
            Some(rules) => rules.get(&*alert.rule),
            None => standing(),
        };
        own.map(Message::from).unwrap_or_else(|| of_kind(&alert.kind))
    }
}

/// Whether the service says this of itself.
pub(super) fn is_own(kind: &str) -> bool {
    OWN.iter().any(|(own, ..)| *own == kind)
}

/// What a kind says of itself; one of another build, its name.
fn of_kind(kind: &str) -> Message<'_> {
    let own = OWN.iter().copied().find(|(own, ..)| *own == kind);
    let rules = KINDS.iter().find(|rules| rules.name == kind);
    let of_rules = rules.map(|rules| (rules.name, rules.message.zh, rules.message.en));
    let (_, zh, en) = own.or(of_rules).unwrap_or((kind, kind, kind));
    Message { zh, en }
}

/// What the service says of itself, by kind.
const OWN: [(&str, &str, &str); 7] = [
    (
        "system_journal",
        "日誌無法寫入:現況照常顯示,但決定無法保存",
        "The journal cannot be written: the live picture goes on, but nothing is kept",
    ),
    (
        "system_clock",
        "系統時鐘被調整：此處時間不倒退，請檢查時鐘同步",
        "The system's clock was set: time here never runs back; see that the clock is kept right",
    ),
    (
        "system_disk_slow",
        "磁碟寫入太慢：決定要等較久才能保存",
        "The disk is slow: decisions take longer to be kept",
    ),
    ("system_disk", "磁碟空間即將用盡", "The disk is nearly full"),
    (
        "system_recovery",
        "啟動時發現保存的記錄受損，或與當時不符",
        "At the start, what was kept was found damaged, or not as it was recorded",
    ),
    (
        "system_retention",
        "一次到期的記錄過多，未予刪除：請檢查時鐘；若時鐘無誤，請停止服務後以 harborwatch journal cut 刪除",
        "Too much is past its retention at once and was not deleted: see that the clock is right; if it is, stop the service and use harborwatch journal cut",
    ),
    (
        "system_review",
        "有規則已逾檢討期限",
        "Limits of rules are overdue for review",
    ),
];
