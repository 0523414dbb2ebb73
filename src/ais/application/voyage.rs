//! What a ship tells of herself beyond type 5: persons on board, and extended static and voyage data.

use arrayvec::ArrayString;

use super::content::{Count, Tenths, Whether, content};
use crate::ais::fields::Text;

/// Operational 1, not operational 2; 0 and 3 say nothing.
type Works = Whether<2, 2, 1>;
/// No 1, yes 2.
type OnBoard = Whether<2, 1, 2>;

content! {
    /// Number of persons on board, DAC 1, FI 16 (IMO SN.1/Circ.236 and SN.1/Circ.289).
    ///
    /// Circular 289 has it addressed; circular 236 had it in type 8 as well, as long as a target could not be.
    Persons {
        /// With the crew; 8191 means so many or more.
        persons: Option<u16> = Count<13, 1, 8191, 0>;
    }

    /// Extended ship static and voyage-related data, DAC 1, FI 24 (IMO SN.1/Circ.289; 360 bits in all).
    ///
    /// The circular has the air draught in steps of 0.1 m, in more bits than its greatest, 81.9 m, takes; so it is read.
    ExtendedStatic {
        /// By which a text description refers to it.
        linkage: Option<u16> = Count<10, 1, 1023, 0>;
        /// Waterline to the highest point.
        air_draught_m: Option<Tenths> = Count<13, 1, 8191, 0>;
        /// UN/LOCODE.
        last_port: Option<ArrayString<5>> = Text<5>;
        next_port: Option<ArrayString<5>> = Text<5>;
        second_port: Option<ArrayString<5>> = Text<5>;
        ais_class_a: Option<bool> = Works;
        automatic_tracking_aid: Option<bool> = Works;
        /// Bridge navigational watch alarm.
        bnwas: Option<bool> = Works;
        ecdis_backup: Option<bool> = Works;
        /// ECDIS or paper chart.
        chart: Option<bool> = Works;
        echo_sounder: Option<bool> = Works;
        electronic_plotting_aid: Option<bool> = Works;
        emergency_steering: Option<bool> = Works;
        gnss: Option<bool> = Works;
        gyro_compass: Option<bool> = Works;
        lrit: Option<bool> = Works;
        magnetic_compass: Option<bool> = Works;
        navtex: Option<bool> = Works;
        radar_arpa: Option<bool> = Works;
        radar_s_band: Option<bool> = Works;
        radar_x_band: Option<bool> = Works;
        radio_hf: Option<bool> = Works;
        radio_inmarsat: Option<bool> = Works;
        radio_mf: Option<bool> = Works;
        radio_vhf: Option<bool> = Works;
        log_over_ground: Option<bool> = Works;
        log_through_water: Option<bool> = Works;
        transmitting_heading_device: Option<bool> = Works;
        track_control: Option<bool> = Works;
        voyage_recorder: Option<bool> = Works, spare 2;
        /// None 0, polar classes 1 to 7, Baltic and Russian classes 8 to 10.
        ice_class: Option<u8> = Count<4, 0, 10, 15>;
        /// 262 142 means so much or more.
        shaft_power_hp: Option<u32> = Count<18, 0, 262_142, 262_143>;
        /// ITU-R M.1084 channel she works on.
        vhf_channel: Option<u16> = Count<12, 1, 4095, 0>;
        /// STATCODE 5.
        lloyds_ship_type: Option<ArrayString<7>> = Text<7>;
        /// 262 142 means so much or more.
        gross_tonnage: Option<u32> = Count<18, 0, 262_142, 262_143>;
        /// Or in ballast.
        laden: Option<bool> = Whether<2, 2, 1>;
        heavy_fuel_oil: Option<bool> = OnBoard;
        light_fuel_oil: Option<bool> = OnBoard;
        diesel_oil: Option<bool> = OnBoard;
        /// 16 382 means so much or more.
        bunker_oil_t: Option<u16> = Count<14, 0, 16_382, 16_383>;
        /// With the crew; 8191 means so many or more.
        persons: Option<u16> = Count<13, 1, 8191, 0>, spare 10;
    }
}
