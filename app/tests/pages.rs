//! Pages as the server renders them, with a fake backend, in both languages.

#[path = "pages/fake.rs"]
mod fake;
#[path = "pages/html.rs"]
mod html;
#[path = "pages/now.rs"]
mod now;
#[path = "pages/site.rs"]
mod site;

use app::view::{FieldMessage, OfferView, PostedForm, Preferences, Theme};
use lang::Lang;

use fake::viewer;
use html::Html;
use site::Visit;

fn visit(lang: Lang, is_admin: bool) -> Visit {
    let preferences = Preferences {
        lang,
        theme: Theme::System,
    };
    Visit {
        viewer: Some(viewer(lang, is_admin)),
        preferences,
        ..Visit::default()
    }
}

fn nobody(lang: Lang) -> Visit {
    Visit {
        preferences: Preferences {
            lang,
            theme: Theme::Dark,
        },
        ..Visit::default()
    }
}

/// Checks that every label and every description points to one element of the page.
fn expect_references(html: &Html, page: &str) {
    for attribute in ["for", "aria-describedby", "aria-labelledby"] {
        for element in html.all(&format!("[{attribute}]")) {
            for id in element.get(attribute).split_whitespace() {
                assert_eq!(html.all(&format!("#{id}")).len(), 1, "{page}: #{id}");
            }
        }
    }
}

#[tokio::test]
async fn every_page_is_complete_in_both_languages() {
    let paths = [
        "/",
        "/reports/sales/monthly_sales",
        "/runs",
        "/runs/running",
        "/runs/queued",
        "/runs/ready",
        "/runs/broken",
        "/runs/stopped",
        "/admin/reports",
        "/signin",
        "/welcome/good",
    ];
    for lang in [Lang::Ko, Lang::En] {
        for path in paths {
            let (status, html) = visit(lang, true).page(path).await;
            assert_eq!(status, 200, "{path}");
            let html = Html::parse(&html);
            assert_eq!(html.one("html").get("lang"), lang.as_str(), "{path}");
            assert_ne!(html.one("h1").text, "", "{path} has one heading");
            assert!(html.one("head title").text.ends_with("Digger"), "{path}");
            expect_references(&html, path);
        }
    }
}

#[tokio::test]
async fn every_control_of_the_form_has_a_label() {
    let (_, html) = visit(Lang::Ko, false)
        .page("/reports/sales/monthly_sales")
        .await;
    let html = Html::parse(&html);
    let controls = [
        html.all("form.RunForm input"),
        html.all("form.RunForm select"),
    ]
    .concat();
    let mut counted = 0;
    for control in controls {
        if control.get("type") == "hidden" || control.has("aria-label") {
            continue;
        }
        counted += 1;
        let id = control.get("id");
        let is_labelled = !id.is_empty() && html.all(&format!("label[for={id}]")).len() == 1;
        // Radio buttons and check boxes stand inside their label.
        let is_inside = html.all("label").iter().any(|label| {
            html.inside(label, "input")
                .iter()
                .any(|inner| std::ptr::eq(*inner, control))
        });
        assert!(is_labelled || is_inside, "{}", control.get("name"));
    }
    assert!(counted > 20, "{counted}");
}

#[tokio::test]
async fn the_form_posts_every_kind_of_field_natively() {
    let (_, html) = visit(Lang::Ko, false)
        .page("/reports/sales/monthly_sales")
        .await;
    let page = Html::parse(&html);
    let form = page.one("form.RunForm");
    assert_eq!(form.get("method"), "post");
    assert_eq!(form.get("action"), "/reports/sales/monthly_sales");
    for name in [
        "period",
        "period.from",
        "period.last_day",
        "area",
        "regions",
        "warehouse",
        "top",
        "least",
        "customer",
        "as_of",
        "until",
        "with_refunds",
    ] {
        let controls = page.inside(form, &format!("[name=params[{name}]]"));
        assert!(!controls.is_empty(), "{name}");
    }
    let period = html.find("params[period]").expect("there is a period");
    let area = html.find("params[area]").expect("there is an area");
    assert!(period < area, "the period comes first");
    assert!(
        html.contains("2026-08-01 ~ 2026-08-31"),
        "presets show their days"
    );
}

#[tokio::test]
async fn a_refused_post_keeps_what_was_typed_and_says_why_beside_the_field() {
    let message = |field: &str, message: &str| FieldMessage {
        field: field.to_owned(),
        code: String::from("run::invalid_value"),
        message: message.to_owned(),
    };
    let typed = [
        ("top", "열 개"),
        ("customer", "<b>김</b>"),
        ("regions", "4-27"),
        ("period", "custom"),
    ];
    let posted = PostedForm {
        input: typed
            .into_iter()
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .collect(),
        errors: vec![message("top", "1부터 100 사이의 숫자를 입력하세요.")],
        ..PostedForm::default()
    };
    let (_, html) = Visit {
        posted: Some(posted),
        ..visit(Lang::Ko, false)
    }
    .page("/reports/sales/monthly_sales")
    .await;
    let html = Html::parse(&html);
    let top = html.one("#field-top");
    assert_eq!(top.get("value"), "열 개", "a number that is none is shown");
    assert_eq!(top.get("type"), "text", "as text");
    assert_eq!(top.get("aria-invalid"), "true");
    assert!(top.get("aria-describedby").contains("error-top"));
    let message = "1부터 100 사이의 숫자를 입력하세요.";
    assert_eq!(html.one("#error-top").text, message);
    let summary = html.one(".ErrorSummary a[href=#field-top]");
    assert!(
        summary.text.ends_with(message),
        "the summary links to the field"
    );
    assert_eq!(html.one("#field-customer").get("value"), "<b>김</b>");
    let chosen = html.all("[name=params[regions]][checked]");
    let chosen: Vec<&str> = chosen.iter().map(|region| region.get("value")).collect();
    assert_eq!(
        chosen,
        ["4-27"],
        "choices are kept, the default does not come back"
    );
}

#[tokio::test]
async fn values_in_the_address_fill_the_form() {
    let (_, html) = visit(Lang::Ko, false)
        .page("/reports/sales/monthly_sales?params%5Btop%5D=25&from=ready")
        .await;
    assert!(html.contains(r#"value="25""#));
    assert!(html.contains("2026-09-03 (목) 07:12에 실행한 값으로 채웠습니다."));
}

#[tokio::test]
async fn the_form_says_what_is_here_already_before_it_is_posted() {
    let (_, html) = visit(Lang::Ko, false)
        .page("/reports/sales/monthly_sales")
        .await;
    assert!(html.contains("36개월 중 33개월은 이미 있습니다 · 읽을 행은 약 40,000개"));
    let (_, html) = visit(Lang::En, false)
        .page("/reports/sales/monthly_sales")
        .await;
    assert!(html.contains("33 of 36 months are already here; about 40,000 rows to read"));
}

#[tokio::test]
async fn a_cancelled_run_says_what_the_database_confirmed() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/stopped").await;
    assert!(html.contains("데이터베이스에서도 조회가 멈춘 것을 확인했습니다."));
}

/// The usual time is that of the work; waiting is none.
#[tokio::test]
async fn only_a_run_that_works_fills_its_bar() {
    for (run, is_empty) in [("queued", true), ("running", false)] {
        let (_, html) = visit(Lang::Ko, false).page(&format!("/runs/{run}")).await;
        let html = Html::parse(&html);
        let bar = html.one(".Pace-fill").get("style");
        assert_eq!(bar.contains("width:0.0%"), is_empty, "{run}: {bar}");
    }
}

#[tokio::test]
async fn a_running_run_shows_its_steps_and_can_be_cancelled() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/running").await;
    assert!(html.contains(r#"action="/runs/running/cancel""#));
    assert!(
        html.contains("184,000행 · 41 MB"),
        "rows and bytes of the active step"
    );
    assert!(html.contains("보통 42초 ~ 1분 35초"));
    assert!(
        html.contains("새로 고침"),
        "without JavaScript there is a link"
    );
    assert!(
        html.contains("<title>실행 중 184,000행 · 월별 지역 매출 · Digger</title>"),
        "{}",
        &html[..2_000]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_running_run_can_be_rendered_on_any_thread() {
    let pages = (0..60).map(|_| tokio::spawn(visit(Lang::En, false).page("/runs/running")));
    for page in pages.collect::<Vec<_>>() {
        let (status, html) = page.await.expect("rendering does not panic");
        assert_eq!(status, 200);
        assert!(html.contains("<title>Running 184,000 rows · 월별 지역 매출 · Digger</title>"));
    }
}

/// Whoever reads a page without islands does not download the browser client.
#[tokio::test]
async fn only_pages_with_islands_load_the_client() {
    for (path, is_alive) in [
        ("/", true),
        ("/reports/sales/monthly_sales", true),
        ("/runs/running", true),
        ("/runs/queued", true),
        ("/runs/ready", false),
        ("/runs/broken", false),
        ("/runs", false),
        ("/admin/now", false),
        ("/admin/reports", false),
        ("/signin", false),
        ("/no/such/page", false),
    ] {
        let (_, html) = visit(Lang::En, true).page(path).await;
        for part in [
            "<leptos-island",
            "/pkg/islands.js",
            "digger_bg.wasm",
            "/pkg/digger.js",
        ] {
            assert_eq!(html.contains(part), is_alive, "{path}: {part}");
        }
    }
}

/// What an island shows comes with it: both languages never go to the browser.
#[tokio::test]
async fn islands_bring_their_words_in_the_language_of_the_page() {
    for (lang, words) in [
        (Lang::Ko, ["목록에서 찾기", "다시 연결하는 중"]),
        (Lang::En, ["Filter", "Reconnecting"]),
    ] {
        let mut props = String::new();
        for path in ["/", "/reports/sales/monthly_sales", "/runs/running"] {
            let (_, html) = visit(lang, false).page(path).await;
            let html = Html::parse(&html);
            let islands = html.all("leptos-island");
            props.extend(islands.iter().map(|island| island.get("data-props")));
        }
        for word in words {
            assert!(props.contains(word), "{lang:?}: {word}");
        }
    }
}

#[tokio::test]
async fn a_run_says_who_executed_it_and_a_queued_one_does_not() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/ready").await;
    assert!(html.contains("실행한 곳") && html.contains("reports-1-4711-9f86d0"));
    let (_, html) = visit(Lang::Ko, false).page("/runs/queued").await;
    assert!(!html.contains("실행한 곳"));
}

#[tokio::test]
async fn only_administrators_find_the_way_to_now() {
    let (_, html) = visit(Lang::En, true).page("/").await;
    let html = Html::parse(&html);
    assert_eq!(html.one("nav a[href=/admin/now]").text, "Now");
    let (_, html) = visit(Lang::En, false).page("/").await;
    assert!(!html.contains("/admin/now"));
}

#[tokio::test]
async fn a_queued_run_says_where_it_stands_and_why() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/queued").await;
    let line = "데이터베이스 shop에서 3번째, 약 6분 뒤 시작해서 07:20쯤 끝납니다.";
    assert!(html.contains(&format!("{line} 쇼핑몰 DB는 한 번에 2건씩 실행됩니다.")));
    let (_, html) = visit(Lang::Ko, false).page("/").await;
    let line = format!("<p class=\"RunTile-step\">{line}");
    assert!(html.contains(&line), "the home page says it too");
}

#[tokio::test]
async fn a_shared_run_says_with_whom_and_is_left_instead_of_cancelled() {
    for (lang, leave, cancel) in [
        (Lang::Ko, "나만 그만 보기", "실행 취소"),
        (Lang::En, "Stop following", "Cancel run"),
    ] {
        let (_, html) = visit(lang, false).page("/runs/shared").await;
        let note = |text: &str| format!("<p class=\"LiveRun-queue\">{text}");
        let shared = "Kim started the same report at 07:12; you share the run.";
        assert!(html.contains(&note(shared)));
        assert!(html.contains(leave) && !html.contains(cancel));
        assert!(html.contains(r#"action="/runs/shared/cancel""#));
        let (_, html) = visit(lang, false).page("/runs/running").await;
        assert!(html.contains(cancel) && !html.contains(leave));
        // Nothing is left to leave for whoever has left.
        let (_, html) = visit(lang, false).page("/runs/left").await;
        let left = "You no longer follow this run; it goes on for Kim.";
        assert!(html.contains(&note(left)));
        assert!(!html.contains("/runs/left/cancel"));
    }
    let (_, html) = visit(Lang::En, false).page("/runs/ready").await;
    assert_eq!(html.matches("<p>Shared with Lee.").count(), 1);
}

/// The form with an offer, as it answers a post.
async fn offered(lang: Lang, is_visible: bool) -> String {
    let offer = OfferView {
        run_id: String::from("ready"),
        message: String::from("The same values were run at 10:02 (Kim)."),
        is_visible,
    };
    let posted = PostedForm {
        input: [(String::from("top"), vec![String::from("25")])].into(),
        offer: Some(offer),
        ..PostedForm::default()
    };
    let visit = Visit {
        posted: Some(posted),
        ..visit(lang, false)
    };
    visit.page("/reports/sales/monthly_sales").await.1
}

#[tokio::test]
async fn a_result_of_today_is_offered_with_both_ways_on() {
    for (lang, using, anew) in [
        (Lang::Ko, "그 결과 쓰기", "새로 실행"),
        (Lang::En, "Use that result", "Run anew"),
    ] {
        let html = offered(lang, false).await;
        assert!(html.contains("<p>The same values were run at 10:02 (Kim)."));
        assert!(html.contains(r#"value="25""#), "what was typed is kept");
        let page = Html::parse(&html);
        assert_eq!(page.one("form.RunForm").get("id"), "run-form");
        for (text, name, value) in [(using, "use", "ready"), (anew, "again", "1")] {
            let button = page.one(&format!("button[name={name}][value={value}]"));
            assert_eq!(button.text, text);
            assert_eq!(button.get("type"), "submit");
            assert_eq!(button.get("form"), "run-form");
        }
        // Whoever may open the page already follows a link.
        let html = offered(lang, true).await;
        let page = Html::parse(&html);
        assert_eq!(page.one("a.Button[href=/runs/ready]").text, using);
        assert_eq!(page.all("[name=use]").len(), 0);
        assert_eq!(page.one("button[name=again]").text, anew);
    }
    let (_, html) = visit(Lang::En, false)
        .page("/reports/sales/monthly_sales")
        .await;
    assert!(!html.contains("Run anew"));
}

#[tokio::test]
async fn a_finished_run_shows_totals_charts_and_a_real_table() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/ready").await;
    for expected in [
        "₩1,284,512,300",
        "+3.2%",
        "<svg class=\"ChartSvg\"",
        "<tbody>",
        "412행 중 처음 200행",
        "이 기간에는 환불이 없습니다.",
        "Excel 내려받기 (1.8 MB)",
        "이전 기간 (2026-07-01 ~ 2026-07-31)",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    assert_eq!(html.matches("name=\"shift\"").count(), 3);
}

#[tokio::test]
async fn a_failed_run_has_four_parts_and_hides_the_chain_from_runners() {
    let (_, html) = visit(Lang::Ko, false).page("/runs/broken").await;
    for part in [
        "연결이 끊겼습니다.",
        "데이터 영향",
        "이렇게 해 보세요",
        "문의 번호",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("08006"));
    let (_, html) = visit(Lang::Ko, true).page("/runs/broken").await;
    assert!(html.contains("08006"));
}

#[tokio::test]
async fn home_shows_what_runs_what_ran_and_every_report() {
    let (_, html) = visit(Lang::En, false).page("/").await;
    for expected in [
        "Running now",
        "Recent runs",
        "Monthly sales by area",
        r#"action="/runs/ready/again""#,
        "href=\"/reports/sales/daily_sales\"",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    assert!(
        !html.contains("Show report files"),
        "only administrators hear of broken files"
    );
    let (_, html) = visit(Lang::En, true).page("/").await;
    assert!(html.contains("2 report files are broken"));
}

#[tokio::test]
async fn a_search_in_the_address_works_without_javascript() {
    let (_, html) = visit(Lang::Ko, false).page("/?q=%E3%85%8E%E3%85%82").await;
    let html = Html::parse(&html);
    assert_eq!(html.one("[role=search] input").get("value"), "ㅎㅂ");
    let hidden = html.all("ul.ReportTiles li[hidden]").len();
    assert!(hidden >= 5, "{hidden}");
    assert!(
        html.one("#home-runs").has("hidden"),
        "a search shows reports only"
    );
}

#[tokio::test]
async fn history_filters_are_addresses() {
    let (_, html) = visit(Lang::Ko, false).page("/runs?state=failed").await;
    assert!(html.contains("판매 데이터베이스가 응답하지 않았습니다."));
    assert!(!html.contains("href=\"/runs/ready\""));
    assert!(html.contains("before=older"));
    assert!(!html.contains("name=\"everyone\""));
}

#[tokio::test]
async fn an_address_without_a_page_is_404() {
    let (status, html) = visit(Lang::Ko, false).page("/no/such/page").await;
    assert_eq!(status, 404);
    assert!(html.contains("이 주소에는 페이지가 없습니다."));
}

#[tokio::test]
async fn missing_things_are_404_and_forbidden_ones_name_whom_to_ask() {
    let (status, html) = visit(Lang::Ko, false).page("/runs/unknown").await;
    assert_eq!(status, 404);
    assert!(html.contains("이런 실행이 없거나 볼 권한이 없습니다."));
    let (status, html) = visit(Lang::En, false).page("/reports/sales/secret").await;
    assert_eq!(status, 403);
    assert!(html.contains("Ask sales-ops@example.com for access."));
    let (status, _) = visit(Lang::Ko, false).page("/admin/reports").await;
    assert_eq!(status, 403);
    let (status, _) = nobody(Lang::Ko).page("/welcome/used").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn nobody_signed_in_sees_no_data() {
    for path in [
        "/",
        "/runs",
        "/runs/ready",
        "/reports/sales/monthly_sales",
        "/admin/reports",
    ] {
        let (status, html) = nobody(Lang::Ko).page(path).await;
        assert_eq!(status, 401, "{path}");
        assert!(html.contains("다시 로그인하세요"), "{path}");
        assert!(!html.contains("월별 지역 매출"), "{path}");
    }
}

#[tokio::test]
async fn signing_in_offers_the_demo_people_and_keeps_the_way_back() {
    let (status, html) = nobody(Lang::Ko).page("/signin?next=%2Fruns%2Fready").await;
    assert_eq!(status, 200);
    assert!(html.contains("김민지") && html.contains("value=\"/runs/ready\""));
    assert!(html.contains("data-theme=\"dark\""));
}
