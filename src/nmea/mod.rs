//! NMEA 0183 lines: tag blocks, checksums, fragments joined.
