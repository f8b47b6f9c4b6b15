//! What the shop sells: forty products, each with its season and its life.

/// A group of products.
pub(crate) struct Category {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// Demand per month, January first, in percent of the average.
    pub season: [u64; 12],
    /// How much of a customer's demand falls on it, for persons and for businesses.
    pub demand: (u64, u64),
    /// Refunds, in percent of the average.
    pub returns: u64,
}

/// One product.
pub(crate) struct Product {
    pub category: usize,
    pub name: &'static str,
    pub name_en: Option<&'static str>,
    /// Won, today.
    pub price: i64,
    /// Percent of the price that the product costs us.
    pub cost: i64,
    /// Popularity within the category.
    pub weight: u64,
    pub life: Life,
}

/// When a product is on sale, in months after the beginning of the data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Sold throughout.
    Steady,
    /// Launched in this month; needs half a year to find its customers.
    From(usize),
    /// Fades from this month and leaves the catalogue six months later.
    Until(usize),
    /// A craze: launched, at three times its weight for five months, then a third.
    Hit(usize),
}

impl Life {
    /// Percent of its weight that the product reaches in `month`.
    pub(crate) fn strength(self, month: usize) -> u64 {
        match self {
            Life::Steady => 100,
            Life::From(start) if month < start => 0,
            Life::From(start) => (25 + 15 * (month - start) as u64).min(115),
            Life::Until(end) if month >= end + 6 => 0,
            Life::Until(end) if month >= end => 85 - 14 * (month - end) as u64,
            Life::Until(_) => 100,
            Life::Hit(start) if month < start => 0,
            Life::Hit(start) if month < start + 5 => 300,
            Life::Hit(start) => 120_u64
                .saturating_sub(20 * (month - start - 5) as u64)
                .max(35),
        }
    }
}

const EVEN: [u64; 12] = [100; 12];

pub(crate) const GIFTS: usize = 2;

// One line per category: a table is easier to compare.
#[rustfmt::skip]
pub(crate) const CATEGORIES: [Category; 8] = [
    category("coffee", "커피·차", "Coffee and tea", [104, 100, 98, 96, 98, 104, 110, 108, 96, 96, 102, 106], (150, 230), 60),
    category("snack", "간식", "Snacks", [96, 104, 106, 98, 100, 94, 90, 92, 98, 106, 112, 116], (170, 160), 50),
    category("gift", "선물세트", "Gift sets", [80, 60, 45, 50, 115, 55, 50, 60, 95, 60, 75, 120], (90, 130), 90),
    category("health", "건강식품", "Health food", [112, 104, 102, 98, 124, 92, 88, 88, 100, 98, 104, 100], (120, 60), 95),
    category("kitchen", "주방용품", "Kitchen", [92, 92, 104, 106, 104, 96, 92, 92, 100, 104, 112, 118], (150, 70), 110),
    category("living", "생활용품", "Living", EVEN, (160, 90), 80),
    category("office", "사무용품", "Office", [124, 116, 132, 96, 92, 90, 88, 94, 106, 92, 94, 104], (50, 220), 70),
    category("appliance", "소형가전", "Small appliances", [92, 84, 80, 86, 106, 134, 142, 110, 84, 90, 122, 130], (110, 60), 190),
];

const fn category(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    season: [u64; 12],
    demand: (u64, u64),
    returns: u64,
) -> Category {
    Category {
        code,
        name,
        name_en,
        season,
        demand,
        returns,
    }
}

const fn product(
    category: usize,
    name: &'static str,
    name_en: &'static str,
    price: i64,
    cost: i64,
    weight: u64,
    life: Life,
) -> Product {
    Product {
        category,
        name,
        name_en: if name_en.is_empty() {
            None
        } else {
            Some(name_en)
        },
        price,
        cost,
        weight,
        life,
    }
}

use Life::{From, Hit, Steady, Until};

/// Five per category. `=1+1`, `-5` and `@home` are real enough: a two-for-one offer, a tumbler, a brand.
#[rustfmt::skip]
pub(crate) const PRODUCTS: [Product; 40] = [
    product(0, "한빛 블렌드 원두 1kg", "Hanbit Blend Beans 1 kg", 24_900, 58, 130, Steady),
    product(0, "콜드브루 파우치 30입", "Cold Brew Pouches 30", 21_900, 52, 90, From(4)),
    product(0, "제주 녹차 티백 100입", "Jeju Green Tea 100", 13_500, 48, 70, Steady),
    product(0, "디카페인 드립백 20입", "Decaf Drip Bags 20", 15_800, 50, 60, From(15)),
    product(0, "믹스커피 180입", "Instant Mix 180", 22_500, 66, 95, Until(20)),
    product(1, "약과 선물 한 판", "Yakgwa Tray", 18_900, 55, 70, Hit(11)),
    product(1, "구운 아몬드 1kg", "Roasted Almonds 1 kg", 16_900, 62, 100, Steady),
    product(1, "=1+1", "=1+1", 9_900, 60, 80, Steady),
    product(1, "무설탕 초콜릿", "Sugar-free Chocolate", 7_900, 54, 65, From(9)),
    product(1, "두쫀쿠 12입 🍪", "Dubai Chewy Cookies 12 🍪", 29_900, 47, 60, Hit(24)),
    product(2, "한우 정성 세트", "Hanwoo Beef Set", 189_000, 71, 60, Steady),
    product(2, "사과·배 혼합 세트", "Apple and Pear Box", 59_000, 68, 110, Steady),
    product(2, "홍삼정 선물세트", "Red Ginseng Gift Set", 128_000, 57, 70, Steady),
    product(2, "수제 청 3종 세트", "Handmade Syrup Trio", 36_000, 49, 60, From(13)),
    product(2, "참치·햄 종합 세트", "Tuna and Ham Set", 32_900, 70, 120, Until(27)),
    product(3, "멀티비타민 90정", "Multivitamin 90", 27_900, 44, 100, Steady),
    product(3, "오메가3 180캡슐", "Omega-3 180", 31_500, 46, 90, Steady),
    product(3, "프로바이오틱스 60포", "Probiotics 60", 33_900, 42, 85, From(2)),
    product(3, "콜라겐 젤리 30포", "Collagen Jelly 30", 25_900, 41, 70, Hit(19)),
    product(3, "홍삼 스틱 30포", "Red Ginseng Sticks 30", 45_000, 52, 75, Until(12)),
    product(4, "-5", "-5", 19_900, 53, 60, Steady),
    product(4, "스테인리스 냄비 24cm", "Steel Pot 24 cm", 47_900, 60, 80, Steady),
    product(4, "실리콘 조리도구 6종", "Silicone Utensils 6", 22_900, 51, 90, From(6)),
    product(4, "유리 밀폐용기 10P", "Glass Containers 10", 34_900, 57, 100, Steady),
    product(4, "코팅 프라이팬 28cm \"프로\"", "Frying Pan 28 cm \"Pro\"", 39_900, 58, 95, Steady),
    product(5, "@home", "@home", 17_900, 45, 70, From(10)),
    product(5, "3겹 화장지 30롤", "Toilet Paper 30", 24_500, 74, 140, Steady),
    product(5, "캡슐 세제 50입", "Laundry Capsules 50", 19_800, 61, 110, Steady),
    product(5, "물티슈 100매×10", "Wet Wipes 100×10", 12_900, 69, 120, Steady),
    product(5, "호텔 수건, 40수 10장", "Hotel Towels, 10", 42_900, 56, 70, Steady),
    product(6, "A4 복사용지 2,500매", "A4 Paper 2,500", 23_900, 79, 160, Steady),
    product(6, "젤펜 12색 세트", "Gel Pens 12", 11_900, 47, 90, Steady),
    product(6, "데스크 오거나이저", "Desk Organiser", 28_900, 50, 60, From(7)),
    product(6, "토너 카트리지 T-0123", "Toner Cartridge T-0123", 89_000, 73, 70, Until(25)),
    product(6, "화이트보드 900×600", "Whiteboard 900×600", 54_900, 62, 40, Steady),
    product(7, "USB 무선 선풍기", "USB Fan", 32_900, 58, 90, Steady),
    product(7, "전기 주전자 1.7L", "Electric Kettle 1.7 l", 45_900, 63, 90, Steady),
    product(7, "미니 가습기", "Mini Humidifier", 38_900, 55, 70, Until(16)),
    product(7, "무선 청소기 V5", "Cordless Vacuum V5", 189_000, 69, 60, From(21)),
    product(7, "캠핑용 커피 그라인더", "", 67_000, 54, 45, From(28)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_five_products() {
        for (index, category) in CATEGORIES.iter().enumerate() {
            let count = PRODUCTS.iter().filter(|p| p.category == index).count();
            assert_eq!(count, 5, "{}", category.code);
        }
    }

    #[test]
    fn a_fading_product_ends_and_a_new_one_starts_small() {
        assert_eq!(Until(20).strength(19), 100);
        assert_eq!(Until(20).strength(25), 15);
        assert_eq!(Until(20).strength(26), 0);
        assert_eq!(From(4).strength(3), 0);
        assert_eq!(From(4).strength(4), 25);
        assert_eq!(From(4).strength(30), 115);
    }
}
