//! One fixed cast at every door: the owner, a colleague in the group, an outsider, an
//! administrator, and nobody signed in.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::digger::Place;
use super::visitor::{JANUARY, Visitor};

struct Cast {
    owner: Visitor,
    colleague: Visitor,
    outsider: Visitor,
    administrator: Visitor,
    nobody: Visitor,
}

impl Cast {
    async fn new(base: &str) -> Self {
        Self {
            owner: Visitor::signed_in(base, "kim").await,
            colleague: Visitor::signed_in(base, "park").await,
            outsider: Visitor::signed_in(base, "choi").await,
            administrator: Visitor::signed_in(base, "admin").await,
            nobody: Visitor::new(base),
        }
    }

    /// Statuses in the order of the fields.
    async fn get(&self, path: &str) -> [u16; 5] {
        let mut statuses = [0; 5];
        for (status, visitor) in statuses.iter_mut().zip(self.all()) {
            *status = visitor.get(path).await.status().as_u16();
        }
        statuses
    }

    async fn post(&self, path: &str) -> [u16; 5] {
        let mut statuses = [0; 5];
        for (status, visitor) in statuses.iter_mut().zip(self.all()) {
            *status = visitor.post(path, &[]).await.status().as_u16();
        }
        statuses
    }

    async fn call(&self, endpoint: &str, arguments: Value) -> [u16; 5] {
        let mut statuses = [0; 5];
        for (status, visitor) in statuses.iter_mut().zip(self.all()) {
            *status = visitor
                .call(endpoint, arguments.clone())
                .await
                .status()
                .as_u16();
        }
        statuses
    }

    fn all(&self) -> [&Visitor; 5] {
        [
            &self.owner,
            &self.colleague,
            &self.outsider,
            &self.administrator,
            &self.nobody,
        ]
    }
}

const TO_SIGN_IN: u16 = 302;

#[tokio::test]
async fn every_page_and_endpoint_answers_each_of_the_cast_as_it_should() {
    let place = Place::new().await;
    let digger = place.serve();
    let cast = Cast::new(&digger.address).await;
    let run = cast.owner.start("sales/by_region", &JANUARY).await;
    let state = cast.owner.finished(&run).await;
    assert_eq!(
        state["state"],
        "succeeded",
        "{:#}",
        cast.owner.run(&run).await
    );
    let file = cast.owner.run(&run).await["result"]["files"][0]["href"]
        .as_str()
        .unwrap()
        .to_owned();

    // Pages: everybody's own, one report's group, one person's run, administrators'.
    assert_eq!(cast.get("/").await, [200, 200, 200, 200, TO_SIGN_IN]);
    assert_eq!(cast.get("/runs").await, [200, 200, 200, 200, TO_SIGN_IN]);
    assert_eq!(
        cast.get("/reports/sales/long").await,
        [200, 200, 403, 200, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get("/reports/sales/by_region").await,
        [200, 200, 200, 200, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get("/reports/finance/closed").await,
        [403, 403, 200, 200, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get("/reports/no/such").await,
        [404, 404, 404, 404, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get(&format!("/runs/{run}")).await,
        [200, 404, 404, 200, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get("/admin/reports").await,
        [403, 403, 403, 200, TO_SIGN_IN]
    );
    assert_eq!(
        cast.get("/no/such/page").await,
        [404, 404, 404, 404, TO_SIGN_IN]
    );
    assert_eq!(cast.get("/signin").await[4], 200);

    // Files and live events.
    assert_eq!(cast.get(&file).await, [200, 404, 404, 200, TO_SIGN_IN]);
    assert_eq!(
        cast.get(&format!("/events/runs/{run}")).await,
        [200, 404, 404, 200, 401]
    );

    // What programs and islands ask.
    assert_eq!(
        cast.call("home", json!({})).await,
        [200, 200, 200, 200, 401]
    );
    assert_eq!(
        cast.call("form", json!({ "report": "sales/long", "prefill": {} }))
            .await,
        [200, 200, 403, 200, 401]
    );
    assert_eq!(
        cast.call(
            "form/choices",
            json!({ "report": "sales/by_region", "param": "regions", "input": {} })
        )
        .await,
        [200, 200, 200, 200, 401]
    );
    assert_eq!(
        cast.call(
            "form/staged",
            json!({ "report": "sales/long", "input": {} })
        )
        .await,
        [200, 200, 403, 200, 401]
    );
    assert_eq!(
        cast.call("run", json!({ "id": run })).await,
        [200, 404, 404, 200, 401]
    );
    assert_eq!(
        cast.call("run/live", json!({ "id": run })).await,
        [200, 404, 404, 200, 401]
    );
    assert_eq!(
        cast.call("runs", json!({ "filter": {} })).await,
        [200, 200, 200, 200, 401]
    );
    assert_eq!(
        cast.call("admin/reports", json!({})).await,
        [403, 403, 403, 200, 401]
    );

    // Posts. Seeing a report does not mean running it: finance sees `by_region` only.
    assert_eq!(cast.post("/reports/sales/by_region").await[2], 403);
    assert_eq!(cast.post("/reports/finance/closed").await[..2], [403, 403]);
    assert_eq!(cast.post("/reports/sales/long").await[4], TO_SIGN_IN);
    assert_eq!(
        cast.post(&format!("/runs/{run}/again")).await,
        [303, 404, 404, 303, TO_SIGN_IN]
    );
    assert_eq!(
        cast.post(&format!("/runs/{run}/cancel")).await,
        [303, 404, 404, 303, TO_SIGN_IN]
    );
}

#[tokio::test]
async fn lists_hold_only_what_belongs_to_the_reader() {
    let place = Place::new().await;
    let digger = place.serve();
    let cast = Cast::new(&digger.address).await;
    let run = cast.owner.start("sales/by_region", &JANUARY).await;
    let holds_run = async |visitor: &Visitor, everyone: bool| {
        let answer = visitor
            .call("runs", json!({ "filter": { "everyone": everyone } }))
            .await;
        answer.text().await.unwrap().contains(&run)
    };
    assert!(holds_run(&cast.owner, false).await);
    assert!(
        !holds_run(&cast.colleague, true).await,
        "`everyone` is for administrators"
    );
    assert!(!holds_run(&cast.administrator, false).await);
    assert!(holds_run(&cast.administrator, true).await);
    let home = cast
        .owner
        .call("home", json!({}))
        .await
        .text()
        .await
        .unwrap();
    assert!(
        home.contains("sales/by_region") && !home.contains("finance/closed"),
        "{home}"
    );
    let home = cast
        .outsider
        .call("home", json!({}))
        .await
        .text()
        .await
        .unwrap();
    assert!(
        home.contains("finance/closed") && !home.contains("sales/long"),
        "{home}"
    );
}

#[tokio::test]
async fn nobody_is_answered_under_api() {
    let place = Place::new().await;
    let digger = place.serve();
    let nobody = Visitor::new(&digger.address);
    for endpoint in [
        "home",
        "form",
        "form/choices",
        "form/staged",
        "run",
        "run/live",
        "runs",
        "admin/reports",
        "no/such/question",
    ] {
        let answer = nobody.call(endpoint, json!({})).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{endpoint}");
        assert_eq!(answer.text().await.unwrap(), "\"signed_out\"", "{endpoint}");
    }
}

#[tokio::test]
async fn only_administrators_see_the_chain_below_an_error() {
    let place = Place::new().await;
    let digger = place.serve();
    let cast = Cast::new(&digger.address).await;
    let run = cast.owner.start("sales/refused", &[]).await;
    assert_eq!(cast.owner.finished(&run).await["state"], "failed");
    let seen = cast.owner.run(&run).await;
    assert_eq!(seen["error"]["class"], "user_sql");
    assert!(seen["error"]["chain"].is_null());
    let page = cast
        .owner
        .get(&format!("/runs/{run}"))
        .await
        .text()
        .await
        .unwrap();
    assert!(
        !page.contains("no_such_table"),
        "SQL stays with administrators"
    );
    let seen = cast.administrator.run(&run).await;
    assert!(
        seen["error"]["chain"]
            .as_str()
            .unwrap()
            .contains("no_such_table"),
        "{seen:#}"
    );
}
