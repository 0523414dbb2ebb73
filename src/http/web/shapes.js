// The API's shapes, as CONTRACT.md draws them: one line a member, held against the service's own description by a test.

/**
 * @typedef {object} Vessel
 * @property {number} mmsi
 * @property {string} class
 * @property {string} kind
 * @property {string | null} ais_class
 * @property {string | null} name
 * @property {string | null} name_zh
 * @property {string | null} call_sign
 * @property {number | null} imo
 * @property {string | null} flag
 * @property {number | null} ship_type
 * @property {number | null} length_m
 * @property {number | null} beam_m
 * @property {number[] | null} dims_m
 * @property {[number, number] | null} position
 * @property {number | null} sog_kn
 * @property {number | null} cog_deg
 * @property {number | null} heading_deg
 * @property {number | null} rot_deg_min
 * @property {number | null} nav_status
 * @property {number | null} draught_m
 * @property {string | null} destination
 * @property {Arrival | null} eta
 * @property {string[]} zones
 * @property {string} state
 * @property {string | null} position_time
 * @property {string | null} static_time
 * @property {string} first_heard
 * @property {string} feed
 * @property {string | null} source
 * @property {string[]} alerts
 * @property {boolean} simulated
 */

/**
 * @typedef {object} Arrival
 * @property {number | null} month
 * @property {number | null} day
 * @property {number | null} hour
 * @property {number | null} minute
 */

/**
 * @typedef {object} Alert
 * @property {string} alert
 * @property {string} rule
 * @property {number} rule_version
 * @property {string} kind
 * @property {string} priority
 * @property {string} state
 * @property {string | null} desk
 * @property {number | null} mmsi
 * @property {number | null} other_mmsi
 * @property {string | null} zone
 * @property {string | null} reason
 * @property {[number, number] | null} position
 * @property {number | null} value
 * @property {number | null} limit
 * @property {string | null} unit
 * @property {Message} message
 * @property {string} raised
 * @property {string | null} rectified
 * @property {string | null} closed
 * @property {Seen | null} acknowledged
 * @property {string | null} verdict
 * @property {string | null} shelved_until
 * @property {boolean} shadow
 * @property {boolean} indicative
 * @property {boolean} simulated
 */

/**
 * @typedef {object} Message
 * @property {string} zh
 * @property {string} en
 */

/**
 * @typedef {object} Seen
 * @property {string} time
 * @property {string | null} by
 * @property {string | null} comment
 */

/**
 * @typedef {object} Feed
 * @property {string} name
 * @property {string} kind
 * @property {string} state
 * @property {string} since
 * @property {string | null} last_sentence
 * @property {number} sentences_per_s
 * @property {Record<string, number>} outcomes
 * @property {number} vessels
 * @property {number} reconnects
 * @property {number} dropped
 * @property {number} datagrams_lost
 * @property {number | null} clock_offset_s
 * @property {string | null} error
 */

/**
 * @typedef {object} Shelf
 * @property {number} id
 * @property {number | null} mmsi
 * @property {string | null} rule
 * @property {string} until
 * @property {string} reason
 * @property {string | null} by
 * @property {string} since
 */

/**
 * @typedef {object} Explanation
 * @property {string} rule
 * @property {string} kind
 * @property {string | null} zone
 * @property {number | null} other_mmsi
 * @property {boolean} holds
 * @property {number | null} value
 * @property {number | null} limit
 * @property {string | null} unit
 * @property {string | null} reason
 * @property {string[]} missing
 * @property {string[]} unmet
 * @property {string | null} since
 * @property {string | null} suppressed_by
 * @property {number | null} margin
 * @property {boolean} near_miss
 * @property {string | null} alert
 * @property {Message} message
 */

/**
 * What a vessel's own page adds.
 * @typedef {object} Detail
 * @property {Record<string, Datum>} data
 * @property {Hearer[]} heard_by
 * @property {Former[]} identities
 * @property {Declaration | null} declaration
 */

/**
 * @typedef {object} Datum
 * @property {any} value
 * @property {string | null} time
 * @property {number | null} age_s
 * @property {string} feed
 * @property {string | null} source
 * @property {string} [since]
 */

/**
 * @typedef {object} Hearer
 * @property {string} feed
 * @property {string | null} source
 * @property {number} reports
 * @property {string} last
 */

/**
 * @typedef {object} Former
 * @property {string} field
 * @property {string | number} value
 * @property {string} first
 * @property {string} last
 */

/**
 * @typedef {object} Declaration
 * @property {string} id
 * @property {string | null} port_zone
 * @property {string | null} berth_zone
 * @property {string} window_start
 * @property {string} window_end
 * @property {number | null} max_draught_m
 * @property {number | null} cargo_t
 * @property {boolean} night
 * @property {boolean} inspection
 * @property {string} status
 * @property {boolean} covers
 */

/**
 * Ten minutes of the past.
 * @typedef {object} Block
 * @property {string} start
 * @property {string} end
 * @property {boolean} closed
 * @property {number} step_s
 * @property {Vessel[]} vessels
 * @property {Alert[]} alerts
 * @property {Track[]} tracks
 * @property {Changed[]} changed
 * @property {Removed[]} removed
 * @property {Told[]} transitions
 * @property {Gap[]} unrecorded
 */

/**
 * @typedef {object} Changed
 * @property {string} time
 * @property {Vessel} vessel
 */

/**
 * @typedef {object} Removed
 * @property {string} time
 * @property {number} mmsi
 */

/**
 * @typedef {object} Told
 * @property {Step} transition
 * @property {Alert} alert
 */

/**
 * @typedef {object} Step
 * @property {number} seq
 * @property {string} time
 * @property {string} alert
 * @property {string} transition
 * @property {string} rule
 * @property {string} kind
 * @property {string} priority
 * @property {string} state
 * @property {number | null} mmsi
 * @property {number | null} other_mmsi
 * @property {string | null} zone
 * @property {string | null} reason
 * @property {[number, number] | null} position
 * @property {number | null} value
 * @property {number | null} limit
 * @property {string | null} unit
 */

/**
 * @typedef {object} Gap
 * @property {string} from
 * @property {string} to
 */

/**
 * @typedef {object} Track
 * @property {number} mmsi
 * @property {string | null} from
 * @property {string | null} to
 * @property {number} gap_s
 * @property {TrackPoint[]} points
 * @property {Gap[]} gaps
 * @property {boolean} truncated
 */

/**
 * @typedef {object} TrackPoint
 * @property {string} time
 * @property {[number, number]} position
 * @property {number | null} sog_kn
 * @property {number | null} cog_deg
 * @property {number | null} heading_deg
 * @property {number | null} nav_status
 * @property {string} feed
 */

/**
 * @typedef {object} Site
 * @property {Message | null} name
 * @property {string} timezone
 * @property {[number, number, number, number]} bbox
 * @property {string[]} desks
 * @property {boolean} simulated
 * @property {string} version
 * @property {string} commit
 */

/**
 * @typedef {{id: string, kind: string, priority: string, mode?: string, escalate_s?: number, message: Message, mmsi?: number[]}} Rule
 */

export {};
