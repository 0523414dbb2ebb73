//! What sort of vessel it is: the closed list that filters, colours and metrics share.

use serde::{Deserialize, Serialize};

use crate::ais::Kind;

/// Class of a vessel (RULES.md, "Vessels"), by the register, else the identity's form, else the ship type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Fishing,
    Tug,
    Dredger,
    Military,
    Sailing,
    Pleasure,
    HighSpeed,
    Pilot,
    Sar,
    LawEnforcement,
    Passenger,
    Cargo,
    Tanker,
    Other,
    #[default]
    Unknown,
    Sart,
    Mob,
    Epirb,
    Aton,
    BaseStation,
    SarAircraft,
    Craft,
    SandCarrier,
    Ferry,
    Patrol,
    State,
    AgentCraft,
}

impl Class {
    /// Every class, in the order of this list.
    pub const ALL: [Self; 27] = [
        Self::Fishing,
        Self::Tug,
        Self::Dredger,
        Self::Military,
        Self::Sailing,
        Self::Pleasure,
        Self::HighSpeed,
        Self::Pilot,
        Self::Sar,
        Self::LawEnforcement,
        Self::Passenger,
        Self::Cargo,
        Self::Tanker,
        Self::Other,
        Self::Unknown,
        Self::Sart,
        Self::Mob,
        Self::Epirb,
        Self::Aton,
        Self::BaseStation,
        Self::SarAircraft,
        Self::Craft,
        Self::SandCarrier,
        Self::Ferry,
        Self::Patrol,
        Self::State,
        Self::AgentCraft,
    ];

    /// The class that an identity's form tells; ships are told by their type.
    pub fn of_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Ship => None,
            Kind::BaseStation => Some(Self::BaseStation),
            Kind::Aton => Some(Self::Aton),
            Kind::SarAircraft => Some(Self::SarAircraft),
            Kind::Craft => Some(Self::Craft),
            Kind::Sart => Some(Self::Sart),
            Kind::Mob => Some(Self::Mob),
            Kind::Epirb => Some(Self::Epirb),
        }
    }

    /// The class that a ship type tells (ITU-R M.1371-5 table 53); none heard is `Unknown`.
    pub fn of_ship_type(ship_type: Option<u8>) -> Self {
        match ship_type {
            None => Self::Unknown,
            Some(30) => Self::Fishing,
            Some(31 | 32 | 52) => Self::Tug,
            Some(33) => Self::Dredger,
            Some(35) => Self::Military,
            Some(36) => Self::Sailing,
            Some(37) => Self::Pleasure,
            Some(40..=49) => Self::HighSpeed,
            Some(50) => Self::Pilot,
            Some(51) => Self::Sar,
            Some(55) => Self::LawEnforcement,
            Some(60..=69) => Self::Passenger,
            Some(70..=79) => Self::Cargo,
            Some(80..=89) => Self::Tanker,
            Some(_) => Self::Other,
        }
    }

    /// The name used in configuration, registers, the API and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fishing => "fishing",
            Self::Tug => "tug",
            Self::Dredger => "dredger",
            Self::Military => "military",
            Self::Sailing => "sailing",
            Self::Pleasure => "pleasure",
            Self::HighSpeed => "high_speed",
            Self::Pilot => "pilot",
            Self::Sar => "sar",
            Self::LawEnforcement => "law_enforcement",
            Self::Passenger => "passenger",
            Self::Cargo => "cargo",
            Self::Tanker => "tanker",
            Self::Other => "other",
            Self::Unknown => "unknown",
            Self::Sart => "sart",
            Self::Mob => "mob",
            Self::Epirb => "epirb",
            Self::Aton => "aton",
            Self::BaseStation => "base_station",
            Self::SarAircraft => "sar_aircraft",
            Self::Craft => "craft",
            Self::SandCarrier => "sand_carrier",
            Self::Ferry => "ferry",
            Self::Patrol => "patrol",
            Self::State => "state",
            Self::AgentCraft => "agent_craft",
        }
    }
}
