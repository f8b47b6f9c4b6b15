//! The page "Now" as the server renders it.

use app::Page;
use app::view::{NowAction, NowDone, NowView};
use lang::Lang;

use super::fake::now_view;
use super::html::Html;
use super::{expect_references, visit};

fn page(lang: Lang, now: NowView, done: Option<NowDone>) -> String {
    let page = Page::Now { view: now, done };
    visit(lang, true).render("/admin/now", page)
}

#[test]
fn it_is_complete_in_both_languages_and_without_the_browser_client() {
    for (lang, title) in [(Lang::Ko, "운영 현황"), (Lang::En, "Now")] {
        let html = page(lang, now_view(), None);
        assert!(!html.contains(".wasm"), "no browser client");
        let html = Html::parse(&html);
        assert_eq!(html.one("html").get("lang"), lang.as_str());
        assert_eq!(html.one("head title").text, format!("{title} · Digger"));
        assert_eq!(html.one("h1").text, title);
        assert_eq!(html.all("script[src=/pkg/live.js][type=module]").len(), 1);
        assert_eq!(html.one("nav a[aria-current=page]").text, title);
        expect_references(&html, "Now");
        assert_eq!(html.all("table").len(), 5);
        assert_eq!(html.all("table caption").len(), 5);
        let heads = html.all("th");
        assert!(
            heads.iter().all(|head| head.has("scope")),
            "every header says what it heads"
        );
    }
}

#[test]
fn it_shows_what_runs_with_its_progress_and_place() {
    let html = page(Lang::Ko, now_view(), None);
    for expected in [
        "데이터 가져오기 · 184,000행 (46%)",
        "보통 42초 ~ 1분 35초",
        "평소보다 오래 걸리고 있습니다",
        "2번째 시도",
        "shop, erp",
        "reports-2-812-1a2b3c",
        "취소하는 중",
        "한 번에 2건씩 실행됩니다.",
        "차례를 기다립니다.",
        "약 6분 뒤 시작해서 09:25쯤 끝납니다.",
        "이준호, 최은영",
        "3건 중 앞의 2건입니다.",
        "2건 중 2건",
        "일시 중지",
        "14분 전",
        "2.1 GB / 8.6 GB",
        "마무리 중",
        "응답 없음",
        "Asia/Seoul",
        "worker-one · process 4711",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    assert!(html.contains("&lt;b&gt;재고&lt;/b&gt;"), "titles stay text");
}

#[test]
fn every_button_posts_natively_and_names_its_object() {
    let html = page(Lang::En, now_view(), None);
    let html = Html::parse(&html);
    let forms = html.all("#now form");
    let posted = |action: &str, of: &str, label: &str| {
        let named = |form: &&&super::html::Element, name: &str, value: &str| {
            let field = format!("input[name={name}][value={value}]");
            html.inside(form, &field).len() == 1
        };
        let form = forms
            .iter()
            .find(|form| named(form, "action", action) && named(form, "of", of))
            .unwrap_or_else(|| panic!("no button for {action} of {of}"));
        assert_eq!(form.get("method"), "post");
        assert_eq!(form.get("action"), "/admin/now");
        let button = &html.inside(form, "button")[0].text;
        assert!(button.starts_with(label), "{button}");
        assert!(button.ends_with(&format!("– {}", name_of(of))), "{button}");
    };
    posted("cancel_run", "running", "Cancel");
    posted("cancel_run", "queued", "Cancel");
    posted("pause_source", "shop", "Pause");
    posted("resume_source", "erp", "Let go on");
    posted("drain_worker", "reports-1-4711-9f86d0", "Drain");
    posted("resume_worker", "reports-2-812-1a2b3c", "Let work again");
    // The run that stops already and the worker that vanished have none.
    assert_eq!(forms.len(), 7);
}

/// What is read after the label of a button.
fn name_of(of: &str) -> &str {
    match of {
        "running" => "월별 지역 매출",
        "queued" => "일별 매출",
        other => other,
    }
}

#[test]
fn an_idle_installation_says_so_five_times() {
    let html = page(Lang::En, NowView::default(), None);
    for sentence in [
        "Nothing runs now.",
        "Nothing waits.",
        "No source is configured.",
        "No process executes runs.",
        "No schedule fires within the next 24 hours.",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
    assert!(!html.contains("<table"));
}

#[test]
fn what_was_done_is_said_only_about_what_there_is() {
    let done = |action: NowAction, of: &str| {
        Some(NowDone {
            action,
            of: of.to_owned(),
        })
    };
    let html = page(Lang::En, now_view(), done(NowAction::PauseSource, "erp"));
    assert!(html.contains("The source erp is paused."));
    let forged = "call 555-0100 at once";
    let html = page(Lang::En, now_view(), done(NowAction::DrainWorker, forged));
    assert!(!html.contains(forged));
}

#[test]
fn updates_can_be_stopped_and_actions_are_said_politely() {
    let html = page(Lang::En, now_view(), None);
    let html = Html::parse(&html);
    assert_eq!(html.one("#live-said").get("role"), "status");
    let switch = html.one("button#live-switch");
    assert!(switch.get("type") == "button" && switch.has("hidden"));
    assert_eq!(switch.text, "Stop updating");
    // Outside of the part that is replaced, so that they keep the focus.
    assert_eq!(html.all("[data-live] #live-switch").len(), 0);
    assert_eq!(html.all("[data-live] #live-said").len(), 0);
}
