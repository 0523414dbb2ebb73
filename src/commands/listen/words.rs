//! The words of `listen`, in Chinese and English.

use clap::ValueEnum;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Lang {
    Zh,
    En,
}

/// The words in one language.
#[derive(Debug)]
pub(super) struct Words {
    pub quit: &'static str,
    pub waiting: &'static str,
    pub receiving: &'static str,
    pub ended: &'static str,
    pub down: &'static str,
    pub per_s: &'static str,
    pub lines: &'static str,
    pub dropped: &'static str,
    pub vessels: &'static str,
    pub farthest: &'static str,
    pub types: &'static str,
    pub station: &'static str,
    pub clock: &'static str,
    pub alarms: &'static str,
    pub last: &'static str,
    /// By the outcomes' order in CONTRACT.md.
    pub outcomes: [&'static str; 10],
    /// By message type from 1.
    pub messages: [&'static str; 28],
}

impl Lang {
    /// That of the environment; English unless it is Chinese.
    pub(super) fn of_environment() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        match set {
            Some(lang) if lang.starts_with("zh") => Self::Zh,
            _ => Self::En,
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

static EN: Words = Words {
    quit: "q quits · times are UTC",
    waiting: "waiting",
    receiving: "receiving",
    ended: "ended",
    down: "down",
    per_s: "sentences/s",
    lines: "lines",
    dropped: "dropped",
    vessels: "vessels",
    farthest: "farthest",
    types: "types",
    station: "station",
    clock: "clock",
    alarms: "alarms",
    last: "last",
    outcomes: [
        "ok",
        "part",
        "duplicate",
        "bad checksum",
        "no checksum",
        "malformed",
        "too long",
        "unsupported",
        "orphan",
        "filtered",
    ],
    messages: [
        "position A",
        "position A",
        "position A",
        "base station",
        "static A",
        "addressed binary",
        "acknowledge",
        "binary",
        "SAR aircraft",
        "UTC inquiry",
        "UTC response",
        "addressed safety",
        "safety ack",
        "safety",
        "interrogation",
        "assignment",
        "DGNSS",
        "position B",
        "extended B",
        "link management",
        "aid to navigation",
        "channel management",
        "group assignment",
        "static B",
        "short binary",
        "long binary",
        "long range",
        "type 28",
    ],
};

static ZH: Words = Words {
    quit: "按 q 離開 · 時間為 UTC",
    waiting: "等待中",
    receiving: "接收中",
    ended: "已結束",
    down: "中斷",
    per_s: "句/秒",
    lines: "行",
    dropped: "遺漏",
    vessels: "艘船",
    farthest: "最遠",
    types: "類型",
    station: "本站",
    clock: "時鐘",
    alarms: "警報",
    last: "最近訊息",
    outcomes: [
        "正確",
        "分段",
        "重複",
        "檢查碼錯誤",
        "無檢查碼",
        "格式錯誤",
        "過長",
        "不支援",
        "孤段",
        "已過濾",
    ],
    messages: [
        "A 級船位",
        "A 級船位",
        "A 級船位",
        "基地臺",
        "A 級靜態",
        "定址二進位",
        "確認",
        "二進位廣播",
        "搜救航空器",
        "UTC 詢問",
        "UTC 回應",
        "定址安全訊息",
        "安全確認",
        "安全廣播",
        "詢問",
        "指配",
        "DGNSS",
        "B 級船位",
        "B 級擴充",
        "鏈路管理",
        "助航設施",
        "頻道管理",
        "群組指配",
        "B 級靜態",
        "單時槽二進位",
        "多時槽二進位",
        "遠距船位",
        "類型 28",
    ],
};
