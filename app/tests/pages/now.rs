//! The page "Now" as the server renders it.

use app::Page;
use app::view::{NowAction, NowDone, NowView};
use lang::Lang;

use super::fake::now_view;
use super::{ids_pointed_to, visit};

fn page(lang: Lang, now: NowView, done: Option<NowDone>) -> String {
    let page = Page::Now { view: now, done };
    visit(lang, true).render("/admin/now", page)
}

#[test]
fn it_is_complete_in_both_languages_and_without_the_browser_client() {
    for (lang, title) in [(Lang::Ko, "운영 현황"), (Lang::En, "Now")] {
        let html = page(lang, now_view(), None);
        assert!(html.contains(&format!("<html lang=\"{}\"", lang.as_str())));
        assert!(html.contains(&format!("<title>{title} · Digger</title>")));
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(!html.contains(".wasm"), "no browser client");
        assert!(html.contains("<script type=\"module\" src=\"/pkg/live.js\"></script>"));
        assert!(html.contains("aria-current=\"page\""));
        for id in ids_pointed_to(&html) {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "#{id}");
        }
        let tables = html.matches("<table").count();
        assert_eq!(tables, 5);
        assert_eq!(html.matches("<caption").count(), tables);
        assert!(!html.contains("<th>"), "every header says what it heads");
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
    let now = html.split("id=\"now\"").nth(1).expect("there is a list");
    let forms: Vec<&str> = now.split("<form").skip(1).collect();
    let posted = |action: &str, of: &str, label: &str| {
        let form = forms.iter().find(|form| {
            form.contains(&format!("name=\"action\" value=\"{action}\""))
                && form.contains(&format!("name=\"of\" value=\"{of}\""))
        });
        let form = form.unwrap_or_else(|| panic!("no button for {action} of {of}"));
        assert!(
            form.contains("method=\"post\" action=\"/admin/now\""),
            "{form}"
        );
        assert!(
            form.contains(label)
                && form.contains(&format!(" – {label_of}", label_of = name_of(of))),
            "{form}"
        );
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
    assert!(html.contains("id=\"live-said\"") && html.contains("role=\"status\""));
    let switch = html
        .split("<button")
        .find(|button| button.contains("id=\"live-switch\""))
        .expect("there is a switch");
    assert!(switch.contains("type=\"button\"") && switch.contains(" hidden"));
    assert!(switch.contains("Stop updating"));
    // Before the part that is replaced, so that they keep the focus.
    assert!(html.find("live-switch") < html.find("data-live="));
}
