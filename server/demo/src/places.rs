//! Where the shop sells, through which channels, and why goods come back.

/// A sales area: what one or more teams look after.
pub(crate) struct Area {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
}

/// A province or metropolitan city (시/도).
pub(crate) struct Region {
    /// The administrative code of the Ministry of the Interior, kept as text.
    pub code: &'static str,
    pub area: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// Share of the customers, in thousandths.
    pub weight: u64,
    /// Telephone area code, with the leading zero that careless tools drop.
    pub dialling: &'static str,
}

/// A way customers buy.
pub(crate) struct Channel {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// Share of the orders in the first and in the last month, in thousandths.
    pub share: (i64, i64),
    /// Share of a working day's orders that come on a Saturday or Sunday, in percent.
    pub weekend: i64,
    /// Months after the beginning in which the channel opens.
    pub opens: usize,
}

/// Why a customer sent something back.
pub(crate) struct Reason {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    pub weight: u64,
}

const fn area(code: &'static str, name: &'static str, name_en: &'static str) -> Area {
    Area {
        code,
        name,
        name_en,
    }
}

pub(crate) const AREAS: [Area; 5] = [
    area("capital", "수도권", "Capital area"),
    area("chungcheong", "충청", "Chungcheong"),
    area("honam", "호남", "Honam"),
    area("yeongnam", "영남", "Yeongnam"),
    area("gangwon_jeju", "강원·제주", "Gangwon and Jeju"),
];

const fn region(
    code: &'static str,
    area: &'static str,
    name: &'static str,
    name_en: &'static str,
    weight: u64,
    dialling: &'static str,
) -> Region {
    Region {
        code,
        area,
        name,
        name_en,
        weight,
        dialling,
    }
}

pub(crate) const REGIONS: [Region; 17] = [
    region("11", "capital", "서울", "Seoul", 232, "02"),
    region("28", "capital", "인천", "Incheon", 56, "032"),
    region("41", "capital", "경기", "Gyeonggi", 248, "031"),
    region("30", "chungcheong", "대전", "Daejeon", 32, "042"),
    region("36", "chungcheong", "세종", "Sejong", 12, "044"),
    region("43", "chungcheong", "충북", "Chungbuk", 28, "043"),
    region("44", "chungcheong", "충남", "Chungnam", 38, "041"),
    region("29", "honam", "광주", "Gwangju", 30, "062"),
    region("52", "honam", "전북", "Jeonbuk", 32, "063"),
    region("46", "honam", "전남", "Jeonnam", 30, "061"),
    region("26", "yeongnam", "부산", "Busan", 68, "051"),
    region("27", "yeongnam", "대구", "Daegu", 48, "053"),
    region("31", "yeongnam", "울산", "Ulsan", 24, "052"),
    region("47", "yeongnam", "경북", "Gyeongbuk", 42, "054"),
    region("48", "yeongnam", "경남", "Gyeongnam", 50, "055"),
    region("51", "gangwon_jeju", "강원", "Gangwon", 20, "033"),
    region("50", "gangwon_jeju", "제주", "Jeju", 10, "064"),
];

pub(crate) const ONLINE: usize = 0;
pub(crate) const STORE: usize = 1;
pub(crate) const PARTNER: usize = 2;
pub(crate) const PHONE: usize = 3;

pub(crate) const CHANNELS: [Channel; 5] = [
    Channel {
        code: "online",
        name: "온라인몰",
        name_en: "Online shop",
        share: (330, 520),
        weekend: 105,
        opens: 0,
    },
    Channel {
        code: "store",
        name: "매장",
        name_en: "Store",
        share: (330, 195),
        weekend: 125,
        opens: 0,
    },
    Channel {
        code: "partner",
        name: "제휴·대리점",
        name_en: "Partner",
        share: (200, 145),
        weekend: 25,
        opens: 0,
    },
    Channel {
        code: "phone",
        name: "전화 주문",
        name_en: "Phone",
        share: (140, 70),
        weekend: 30,
        opens: 0,
    },
    Channel {
        code: "live",
        name: "라이브 커머스",
        name_en: "Live commerce",
        share: (0, 70),
        weekend: 150,
        opens: 18,
    },
];

/// Late deliveries: the reason that explains the bad month.
pub(crate) const LATE: usize = 3;

pub(crate) const REASONS: [Reason; 6] = [
    reason("01", "단순 변심", "Changed their mind", 38),
    reason("02", "상품 파손", "Damaged", 18),
    reason("03", "오배송", "Wrong item", 11),
    reason("04", "배송 지연", "Late delivery", 9),
    reason("05", "품질 불만", "Poor quality", 17),
    reason("09", "기타", "Other", 7),
];

const fn reason(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    weight: u64,
) -> Reason {
    Reason {
        code,
        name,
        name_en,
        weight,
    }
}

/// The index of the region with this code.
pub(crate) fn area_of(region: usize) -> &'static str {
    REGIONS[region].area
}
