//! Flags: the country that an MMSI's country digits (MID) stand for, as ISO 3166-1 alpha-2.

use crate::ais::Mmsi;

/// Allocated MIDs in ascending order (ITU, table of maritime identification digits), each with its country's code.
/// Parts of a country with a code of their own have that; 306, shared by three islands, has that of Curaçao, 501
/// (Adélie Land), 607, 618 and 635 that of the French Southern Territories.
const MIDS: &str = "\
    201AL 202AD 203AT 204PT 205BE 206BY 207BG 208VA 209CY 210CY 211DE 212CY 213GE 214MD 215MT 216AM 218DE 219DK \
    220DK 224ES 225ES 226FR 227FR 228FR 229MT 230FI 231FO 232GB 233GB 234GB 235GB 236GI 237GR 238HR 239GR 240GR \
    241GR 242MA 243HU 244NL 245NL 246NL 247IT 248MT 249MT 250IE 251IS 252LI 253LU 254MC 255PT 256MT 257NO 258NO \
    259NO 261PL 262ME 263PT 264RO 265SE 266SE 267SK 268SM 269CH 270CZ 271TR 272UA 273RU 274MK 275LV 276EE 277LT \
    278SI 279RS 301AI 303US 304AG 305AG 306CW 307AW 308BS 309BS 310BM 311BS 312BZ 314BB 316CA 319KY 321CR 323CU \
    325DM 327DO 329GP 330GD 331GL 332GT 334HN 336HT 338US 339JM 341KN 343LC 345MX 347MQ 348MS 350NI 351PA 352PA \
    353PA 354PA 355PA 356PA 357PA 358PR 359SV 361PM 362TT 364TC 366US 367US 368US 369US 370PA 371PA 372PA 373PA \
    374PA 375VC 376VC 377VC 378VG 379VI 401AF 403SA 405BD 408BH 410BT 412CN 413CN 414CN 416TW 417LK 419IN 422IR \
    423AZ 425IQ 428IL 431JP 432JP 434TM 436KZ 437UZ 438JO 440KR 441KR 443PS 445KP 447KW 450LB 451KG 453MO 455MV \
    457MN 459NP 461OM 463PK 466QA 468SY 470AE 471AE 472TJ 473YE 475YE 477HK 478BA 501TF 503AU 506MM 508BN 510FM \
    511PW 512NZ 514KH 515KH 516CX 518CK 520FJ 523CC 525ID 529KI 531LA 533MY 536MP 538MH 540NC 542NU 544NR 546PF \
    548PH 550TL 553PG 555PN 557SB 559AS 561WS 563SG 564SG 565SG 566SG 567TH 570TO 572TV 574VN 576VU 577VU 578WF \
    601ZA 603AO 605DZ 607TF 608SH 609BI 610BJ 611BW 612CF 613CM 615CG 616KM 617CV 618TF 619CI 620KM 621DJ 622EG \
    624ET 625ER 626GA 627GH 629GM 630GW 631GQ 632GN 633BF 634KE 635TF 636LR 637LR 638SS 642LY 644LS 645MU 647MG \
    649ML 650MZ 654MR 655MW 656NE 657NG 659NA 660RE 661RW 662SD 663SN 664SC 665SH 666SO 667SL 668ST 669SZ 670TD \
    671TG 672TN 674TZ 675UG 676CD 677TZ 678ZM 679ZW 701AR 710BR 720BO 725CL 730CO 735EC 740FK 745GF 750GY 755PY \
    760PE 765SR 770UY 775VE";

/// A row's length: three digits, two letters, a space.
const ROW: usize = 6;

/// The flag of an identity whose form carries country digits.
pub fn flag(mmsi: Mmsi) -> Option<&'static str> {
    let (_, mid) = mmsi.form()?;
    let mid = mid?.to_string();
    let rows = MIDS.len().div_ceil(ROW);
    let row = |n: usize| &MIDS[n * ROW..];
    let mut range = 0..rows;
    while !range.is_empty() {
        let middle = range.start.midpoint(range.end);
        match row(middle)[..3].cmp(&mid) {
            std::cmp::Ordering::Equal => return Some(&row(middle)[3..5]),
            std::cmp::Ordering::Less => range.start = middle + 1,
            std::cmp::Ordering::Greater => range.end = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_flag() {
        for (mmsi, wanted) in [
            (416_001_234, Some("TW")),
            (412_000_001, Some("CN")),
            (201_000_000, Some("AL")),
            (775_000_000, Some("VE")),
            (994_160_001, Some("TW")),
            (4_160_001, Some("TW")),
            (217_000_001, None),
            (970_123_456, None),
            (123, None),
        ] {
            assert_eq!(flag(Mmsi(mmsi)), wanted, "{mmsi}");
        }
        assert!(MIDS.split(' ').is_sorted() && MIDS.split(' ').all(|row| row.len() == ROW - 1));
    }
}
