//! Customers whose names and memos a careless tool breaks on.
//!
//! Each stands for something a spreadsheet, a CSV reader or a web page has been seen to get wrong.

use super::Customer;

/// What a careless tool makes of it, kept with the name so that nobody tidies it up.
const NAMES: [(&str, Option<&str>); 34] = [
    // Taken for formulas.
    ("=1+1", Some("=1+1")),
    ("-5", Some("-5")),
    ("@home", Some("@home")),
    ("+82 10-0000-0000", None),
    (
        "=HYPERLINK(\"https://example.com\",\"클릭\")",
        Some("=HYPERLINK(\"https://example.com\")"),
    ),
    ("=cmd|' /C calc'!A0", None),
    // Taken for numbers, dates, truth and nothing.
    ("00123", Some("00123")),
    ("12345678901234567890", Some("12345678901234567890")),
    ("1E5", Some("1E5")),
    ("3-1", Some("3-1")),
    ("2026-01-01", None),
    ("TRUE", Some("TRUE")),
    ("NULL", Some("NULL")),
    ("NaN", Some("NaN")),
    ("₩1,000", None),
    ("1/2", Some("1/2")),
    // Break quoting and fields.
    (
        "O'Brien \"The Best\" Coffee",
        Some("O'Brien \"The Best\" Coffee"),
    ),
    ("김, 이 & 박", Some("Kim, Lee & Park")),
    ("두 줄\n상호", Some("Two\nLines")),
    ("탭\t상사", Some("Tab\tTrading")),
    (
        "'; DROP TABLE orders; --",
        Some("Robert'); DROP TABLE orders; --"),
    ),
    ("C:\\매장\\1호점", Some("C:\\store\\1")),
    ("100% 만족_상회", Some("100% Satisfied_Shop")),
    // Break pages.
    (
        "<b>굵은</b> <script>alert(1)</script>",
        Some("<script>alert(1)</script>"),
    ),
    ("A&amp;B 유통", Some("A&amp;B Distribution")),
    // Break widths, encodings and comparisons.
    ("🍓 딸기네 👩‍👩‍👧 가족농장", Some("🍓 Strawberry 👩‍👩‍👧 Farm")),
    ("뷁뛟 상점", Some("Bwelk Shop")),
    ("ㄱㅏㄴㅏㄷㅏ", None),
    // The same two syllables as 한빛, but in pieces, as macOS writes them.
    (
        "\u{1112}\u{1161}\u{11ab}\u{1107}\u{1175}\u{11be} 자모",
        Some("Hanbit in pieces"),
    ),
    ("  앞뒤 공백  ", Some("  Spaces Around  ")),
    ("مطعم سيول", Some("Seoul Restaurant")),
    ("東京商店（株）", Some("Tōkyō Shōten K.K.")),
    ("Ünïcödé Straße", Some("Ünïcödé Straße")),
    ("_x0041_ 상사", Some("_x0041_ Trading")),
];

/// Gives some customers, spread over the list, the names and memos of this module.
///
/// Expects at least 300 customers.
pub(super) fn disguise(customers: &mut [Customer]) {
    let long_name = "세상에서 가장 긴 이름을 가진 ".repeat(14) + "주식회사";
    let names = NAMES
        .iter()
        .map(|(name, name_en)| ((*name).to_owned(), name_en.map(str::to_owned)))
        .chain([(long_name, Some("A Name Longer Than Any Column ".repeat(9)))]);
    for (index, (name, name_en)) in names.enumerate() {
        let customer = &mut customers[3 + 5 * index];
        customer.row.name = name;
        customer.row.name_en = name_en;
        // They buy, so that they turn up in every list.
        customer.never_buys = false;
        customer.weight = customer.weight.max(60);
    }
    let memos = [
        "=SUM(A1:A9)".to_owned(),
        "전화 먼저 주세요.\n\"부재 시 경비실\"\r\n감사합니다, 꼭!".to_owned(),
        // A control character that XML cannot hold.
        "벨\u{7}소리와 \u{1b}[31m빨간색\u{1b}[0m".to_owned(),
        "-----".to_owned(),
        "0".to_owned(),
        // Longer than the 32,767 characters of an Excel cell.
        "긴 메모입니다. ".repeat(4_500),
    ];
    for (index, memo) in memos.into_iter().enumerate() {
        customers[6 + 5 * index].row.memo = Some(memo);
    }
}
