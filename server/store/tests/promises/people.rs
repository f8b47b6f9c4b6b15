use std::collections::{BTreeMap, BTreeSet};

use store::{NewPerson, PersonId, Purpose, StoreError};

use crate::place::{Db, MINUTE, NOW, Place, ms};

crate::place::on_both!(
    [a_person_is_found_however_their_login_is_typed,
     a_login_belongs_to_one_person,
     names_of_many_come_at_once,
     only_the_first_is_the_first,
     demo_people_come_back_as_they_were,
     a_one_time_link_opens_once_and_in_time,
     of_two_links_of_a_person_one_opens,
     an_installation_is_for_what_it_was_made_for,
     racing_attempts_are_all_counted,
     sessions_are_kept_until_their_end,
     the_last_good_text_is_the_one_loaded_last,
     what_people_do_is_written_down],
    four_threads: []
);

fn kim() -> NewPerson {
    NewPerson {
        login: "Kim@Example.com".to_owned(),
        name: "김민수".to_owned(),
        password_hash: Some("hash".to_owned()),
        groups: vec!["sales".to_owned(), "finance".to_owned()],
        attributes: BTreeMap::from([("areas".to_owned(), vec!["capital".to_owned()])]),
        lang: Some("ko".to_owned()),
        now: NOW,
        ..NewPerson::default()
    }
}

async fn a_person_is_found_however_their_login_is_typed(db: Db) {
    let place = Place::new(db).await;
    let id = place.store.create_person(kim()).await.unwrap();
    let person = place
        .store
        .person_by_login("KIM@example.COM")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(person.id, id);
    assert_eq!(person.login, "kim@example.com");
    assert_eq!(person.groups, ["finance", "sales"]);
    assert_eq!(person.attributes["areas"], ["capital"]);
    assert_eq!(place.store.person(&id).await.unwrap(), Some(person));
    assert_eq!(place.store.person(&"nobody".into()).await.unwrap(), None);
    assert_eq!(place.store.people_count().await.unwrap(), 1);
}

async fn a_login_belongs_to_one_person(db: Db) {
    let place = Place::new(db).await;
    place.store.create_person(kim()).await.unwrap();
    let error = place.store.create_person(kim()).await.unwrap_err();
    assert!(matches!(error, StoreError::Taken { .. }));
    assert_eq!(
        error.to_string(),
        "the login `kim@example.com` is taken; choose another"
    );
    assert_eq!(place.store.people_count().await.unwrap(), 1);
}

/// More people than one statement asks about, one of whom is there twice and one of whom is gone.
async fn names_of_many_come_at_once(db: Db) {
    let place = Place::new(db).await;
    let store = &place.store;
    let mut ids = Vec::new();
    for (login, name) in [("kim", "김"), ("lee", "이")] {
        let person = NewPerson {
            login: login.to_owned(),
            name: name.to_owned(),
            ..NewPerson::default()
        };
        ids.push(store.create_person(person).await.unwrap());
    }
    let gone: Vec<PersonId> = (0..1_000).map(|n| format!("gone {n}").into()).collect();
    let asked = ids.iter().chain(&gone).chain(&ids).collect();
    let names = store.names_of(&asked).await.unwrap();
    assert_eq!(names.len(), 2);
    assert_eq!(
        (names[&ids[0]].as_str(), names[&ids[1]].as_str()),
        ("김", "이")
    );
    assert!(store.names_of(&BTreeSet::new()).await.unwrap().is_empty());
}

async fn only_the_first_is_the_first(db: Db) {
    let place = Place::new(db).await;
    let racers = (0..8).map(|racer| {
        let store = place.store.clone();
        let person = NewPerson {
            login: format!("p{racer}"),
            ..kim()
        };
        tokio::spawn(async move { store.create_first_person(person).await.unwrap() })
    });
    let mut created = 0;
    for racer in racers.collect::<Vec<_>>() {
        created += usize::from(racer.await.unwrap().is_some());
    }
    assert_eq!(created, 1);
    assert_eq!(place.store.people_count().await.unwrap(), 1);
}

async fn demo_people_come_back_as_they_were(db: Db) {
    let place = Place::new(db).await;
    let id = place.store.upsert_demo_person(kim()).await.unwrap();
    place.store.set_password(&id, "changed").await.unwrap();
    place.store.set_name(&id, "Other").await.unwrap();
    place.store.set_lang(&id, "en").await.unwrap();
    let again = NewPerson {
        groups: vec!["sales".to_owned()],
        ..kim()
    };
    assert_eq!(place.store.upsert_demo_person(again).await.unwrap(), id);
    let person = place.store.person(&id).await.unwrap().unwrap();
    assert_eq!(person.password_hash.as_deref(), Some("hash"));
    assert_eq!(
        (person.name.as_str(), person.groups),
        ("김민수", vec!["sales".to_owned()])
    );
    // The language is theirs to choose.
    assert_eq!(person.lang.as_deref(), Some("en"));
    assert!(matches!(
        place.store.set_lang(&"nobody".into(), "ko").await,
        Err(StoreError::Missing { what: "person", .. })
    ));
}

async fn a_one_time_link_opens_once_and_in_time(db: Db) {
    let place = Place::new(db).await;
    let id = place.store.create_person(kim()).await.unwrap();
    let store = &place.store;
    store.create_invite("old", &id, NOW + ms(10)).await.unwrap();
    store.create_invite("new", &id, NOW + ms(10)).await.unwrap();
    store.create_invite("late", &id, NOW).await.unwrap();
    assert_eq!(store.take_invite("late", NOW).await.unwrap(), None);
    assert_eq!(store.invited("new", NOW).await.unwrap(), Some(id.clone()));
    assert_eq!(store.take_invite("new", NOW + ms(10)).await.unwrap(), None);
    let takers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.take_invite("new", NOW).await.unwrap() })
    });
    let mut taken = Vec::new();
    for taker in takers.collect::<Vec<_>>() {
        taken.extend(taker.await.unwrap());
    }
    assert_eq!(taken, [id]);
    // Every other link of the person is gone with it.
    for token in ["new", "old"] {
        assert_eq!(store.invited(token, NOW).await.unwrap(), None, "{token}");
        assert_eq!(
            store.take_invite(token, NOW).await.unwrap(),
            None,
            "{token}"
        );
    }
}

async fn of_two_links_of_a_person_one_opens(db: Db) {
    let place = Place::new(db).await;
    let id = place.store.create_person(kim()).await.unwrap();
    for round in 0..5 {
        let tokens = [format!("one{round}"), format!("other{round}")];
        for token in &tokens {
            place
                .store
                .create_invite(token, &id, NOW + ms(10))
                .await
                .unwrap();
        }
        let takers = tokens.map(|token| {
            let store = place.store.clone();
            tokio::spawn(async move { store.take_invite(&token, NOW).await.unwrap() })
        });
        let mut taken = 0;
        for taker in takers {
            taken += usize::from(taker.await.unwrap().is_some());
        }
        assert_eq!(taken, 1);
    }
}

async fn an_installation_is_for_what_it_was_made_for(db: Db) {
    let place = Place::new(db).await;
    let claims = (0..8).map(|number| {
        let store = place.store.clone();
        let wanted = if number % 2 == 0 {
            Purpose::Demo
        } else {
            Purpose::Work
        };
        tokio::spawn(async move { store.claim_purpose(wanted).await.unwrap() })
    });
    let mut purposes = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        purposes.push(claim.await.unwrap());
    }
    purposes.dedup();
    assert_eq!(purposes.len(), 1, "{purposes:?}");

    let place = Place::new(db).await;
    place.store.create_person(kim()).await.unwrap();
    for wanted in [Purpose::Demo, Purpose::Work] {
        let purpose = place.store.claim_purpose(wanted).await.unwrap();
        assert_eq!(purpose, Purpose::Work, "there are people already");
    }
}

async fn racing_attempts_are_all_counted(db: Db) {
    let place = Place::new(db).await;
    let hits = (0..50).map(|_| {
        let store = place.store.clone();
        tokio::spawn(async move { store.hit("signin:kim", MINUTE, NOW).await.unwrap() })
    });
    let mut counts = Vec::new();
    for hit in hits.collect::<Vec<_>>() {
        counts.push(hit.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
    assert_eq!(
        place
            .store
            .hit("signin:kim", MINUTE, NOW + ms(59_999))
            .await
            .unwrap(),
        51
    );
    assert_eq!(
        place
            .store
            .hit("signin:kim", MINUTE, NOW + ms(60_000))
            .await
            .unwrap(),
        1
    );
    assert_eq!(place.store.hit("signin:lee", MINUTE, NOW).await.unwrap(), 1);
    place.store.clear("signin:kim").await.unwrap();
    assert_eq!(place.store.hit("signin:kim", MINUTE, NOW).await.unwrap(), 1);
    let hits = async |now| place.store.hits("signin:kim", MINUTE, now).await.unwrap();
    assert_eq!(hits(NOW + ms(59_999)).await, 1);
    assert_eq!(hits(NOW + ms(60_000)).await, 0, "the window is over");
    place.store.hit("signin:kim", MINUTE, NOW).await.unwrap();
    for left in [1, 0, 0] {
        place.store.take_back("signin:kim").await.unwrap();
        assert_eq!(hits(NOW).await, left);
    }
    assert_eq!(place.store.hit("signin:kim", MINUTE, NOW).await.unwrap(), 1);
    assert_eq!(
        place.store.clear_old_counters(NOW + ms(1)).await.unwrap(),
        2
    );
}

async fn sessions_are_kept_until_their_end(db: Db) {
    let place = Place::new(db).await;
    let store = &place.store;
    assert!(store.create_session("s", "{}", NOW + ms(10)).await.unwrap());
    assert!(
        !store
            .create_session("s", "{\"other\":1}", NOW + ms(10))
            .await
            .unwrap()
    );
    assert_eq!(
        store.load_session("s").await.unwrap(),
        Some(("{}".to_owned(), NOW + ms(10)))
    );
    store
        .save_session("s", "{\"a\":1}", NOW + ms(20))
        .await
        .unwrap();
    store.save_session("t", "{}", NOW + ms(5)).await.unwrap();
    assert_eq!(store.delete_expired_sessions(NOW + ms(5)).await.unwrap(), 1);
    assert_eq!(store.load_session("t").await.unwrap(), None);
    assert_eq!(
        store.load_session("s").await.unwrap(),
        Some(("{\"a\":1}".to_owned(), NOW + ms(20)))
    );
    store.delete_session("s").await.unwrap();
    assert_eq!(store.load_session("s").await.unwrap(), None);
}

async fn the_last_good_text_is_the_one_loaded_last(db: Db) {
    let place = Place::new(db).await;
    let store = &place.store;
    assert_eq!(store.last_good("sales/daily").await.unwrap(), None);
    store
        .keep_revision("sales/daily", "h1", "SELECT 1", NOW)
        .await
        .unwrap();
    store
        .keep_revision("sales/daily", "h2", "SELECT 2", NOW + ms(1))
        .await
        .unwrap();
    assert_eq!(
        store.last_good("sales/daily").await.unwrap().unwrap().hash,
        "h2"
    );
    // Put back as it was.
    store
        .keep_revision("sales/daily", "h1", "SELECT 1", NOW + ms(2))
        .await
        .unwrap();
    let last = store.last_good("sales/daily").await.unwrap().unwrap();
    assert_eq!(
        (last.hash.as_str(), last.first_seen_at, last.last_seen_at),
        ("h1", NOW, NOW + ms(2))
    );
    assert_eq!(
        store.revision("h2").await.unwrap().unwrap().text,
        "SELECT 2"
    );
    assert_eq!(store.revision("h3").await.unwrap(), None);
}

async fn what_people_do_is_written_down(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .audit("kim", "cancel", "run a", "{}", NOW)
        .await
        .unwrap();
    assert_eq!(
        place
            .count("SELECT COUNT(*) FROM audit WHERE actor = 'kim'")
            .await,
        1
    );
}
