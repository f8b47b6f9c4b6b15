//! Names of people and companies, in Korean and as they sign in English.

use crate::rng::Rng;

const SURNAMES: [(&str, &str, u64); 20] = [
    ("김", "Kim", 215),
    ("이", "Lee", 147),
    ("박", "Park", 84),
    ("최", "Choi", 47),
    ("정", "Jung", 43),
    ("강", "Kang", 24),
    ("조", "Cho", 21),
    ("윤", "Yoon", 21),
    ("장", "Jang", 20),
    ("임", "Lim", 17),
    ("한", "Han", 15),
    ("오", "Oh", 15),
    ("서", "Seo", 15),
    ("신", "Shin", 15),
    ("권", "Kwon", 14),
    ("황", "Hwang", 14),
    ("안", "Ahn", 14),
    ("송", "Song", 14),
    ("남궁", "Namgoong", 3),
    ("제갈", "Jegal", 2),
];

const GIVEN: [(&str, &str); 44] = [
    ("민준", "Min-jun"),
    ("서연", "Seo-yeon"),
    ("도윤", "Do-yun"),
    ("지우", "Ji-woo"),
    ("예준", "Ye-jun"),
    ("서윤", "Seo-yun"),
    ("시우", "Si-woo"),
    ("하은", "Ha-eun"),
    ("주원", "Ju-won"),
    ("지민", "Ji-min"),
    ("하준", "Ha-jun"),
    ("수아", "Su-a"),
    ("지호", "Ji-ho"),
    ("다은", "Da-eun"),
    ("준서", "Jun-seo"),
    ("채원", "Chae-won"),
    ("현우", "Hyun-woo"),
    ("지원", "Ji-won"),
    ("건우", "Geon-woo"),
    ("윤서", "Yun-seo"),
    ("우진", "Woo-jin"),
    ("소율", "So-yul"),
    ("선우", "Seon-woo"),
    ("유진", "Yu-jin"),
    ("연우", "Yeon-woo"),
    ("은서", "Eun-seo"),
    ("정우", "Jung-woo"),
    ("예은", "Ye-eun"),
    ("승현", "Seung-hyun"),
    ("가은", "Ga-eun"),
    ("성민", "Sung-min"),
    ("나연", "Na-yeon"),
    ("재윤", "Jae-yun"),
    ("혜진", "Hye-jin"),
    ("동현", "Dong-hyun"),
    ("미경", "Mi-kyung"),
    ("상훈", "Sang-hoon"),
    ("영숙", "Young-sook"),
    ("태양", "Tae-yang"),
    ("슬기", "Seul-gi"),
    ("빛나", "Bit-na"),
    ("한별", "Han-byul"),
    ("준", "Jun"),
    ("솔", "Sol"),
];

const HOUSES: [(&str, &str); 28] = [
    ("한빛", "Hanbit"),
    ("대성", "Daesung"),
    ("미래", "Mirae"),
    ("동양", "Dongyang"),
    ("새한", "Saehan"),
    ("삼일", "Samil"),
    ("푸른", "Pureun"),
    ("하늘", "Haneul"),
    ("청우", "Chungwoo"),
    ("태평", "Taepyung"),
    ("신흥", "Shinheung"),
    ("해오름", "Haeoreum"),
    ("다온", "Daon"),
    ("누리", "Nuri"),
    ("가람", "Garam"),
    ("늘봄", "Neulbom"),
    ("온누리", "Onnuri"),
    ("백두", "Baekdu"),
    ("금강", "Geumgang"),
    ("솔내음", "Solnaeum"),
    ("도담", "Dodam"),
    ("한라", "Halla"),
    ("초록", "Chorok"),
    ("은하", "Eunha"),
    ("두레", "Dure"),
    ("아람", "Aram"),
    ("진양", "Jinyang"),
    ("마루", "Maru"),
];

const TRADES: [(&str, &str); 16] = [
    ("상사", "Trading"),
    ("유통", "Distribution"),
    ("식품", "Foods"),
    ("물산", "Corporation"),
    ("카페", "Café"),
    ("마트", "Mart"),
    ("산업", "Industries"),
    ("문구", "Stationery"),
    ("호텔", "Hotel"),
    ("병원", "Hospital"),
    ("학원", "Academy"),
    ("건설", "Construction"),
    ("정밀", "Precision"),
    ("약국", "Pharmacy"),
    ("미용실", "Hair Salon"),
    ("법무법인", "Law Office"),
];

/// A person's name, Korean and English.
pub(crate) fn person(rng: &mut Rng) -> (String, String) {
    let weights = SURNAMES.map(|(_, _, weight)| weight);
    let (surname, surname_en, _) = SURNAMES[rng.weighted(&weights)];
    let (given, given_en) = rng.pick(&GIVEN);
    (
        format!("{surname}{given}"),
        format!("{given_en} {surname_en}"),
    )
}

/// A company's name, Korean and English.
pub(crate) fn company(rng: &mut Rng) -> (String, String) {
    let (house, house_en) = rng.pick(&HOUSES);
    let (trade, trade_en) = rng.pick(&TRADES);
    match rng.below(5) {
        0 | 1 => (
            format!("(주){house}{trade}"),
            format!("{house_en} {trade_en} Co., Ltd."),
        ),
        2 => {
            let number = rng.between(2, 9);
            (
                format!("{house}{trade} {number}호점"),
                format!("{house_en} {trade_en} No. {number}"),
            )
        }
        _ => (format!("{house}{trade}"), format!("{house_en} {trade_en}")),
    }
}
