//! The same checks on SQLite and on PostgreSQL, and after them: every query was run on both.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use casework::applicant::Applicant;
use casework::command::Command;
use casework::consistency::stances;
use casework::event::*;
use casework::holding::{Held, Holding};
use casework::procedure::State;
use casework::role::{Actor, Role};
use common::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::backup::NotRestored;
use store::changes::{Altered, Change};
use store::db::{Param, Query};
use store::desk::{Account, PrivateLink, Session};
use store::doors::{ApiKey, Handover, Webhook};
use store::export::verify_export;
use store::locked::BackupKey;
use store::mail::MailState;
use store::work::Shift;
use store::{
    Act, Alike, Chosen, Db, Engine, Fault, Intake, Numbering, QueueFilter, Stopped, Store, Summary,
    queries,
};

type Check = for<'w> fn(&'w World, Home) -> Pin<Box<dyn Future<Output = ()> + 'w>>;

macro_rules! checks {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), |world, home| Box::pin($name(world, home)))),*]
    };
}

const CHECKS: &[(&str, Check)] = checks![
    what_is_taken_in_is_there_again_after_reopening,
    a_message_sent_twice_is_taken_in_once,
    a_reference_belongs_to_one_case,
    a_refused_step_leaves_nothing_behind,
    two_who_change_a_case_at_once_one_is_told,
    what_a_search_found_opens_with_its_key_and_is_in_no_event,
    names_are_shown_for_a_reason_and_the_look_is_recorded,
    queues_page_by_due_date,
    lists_rebuilt_are_the_lists,
    alike_cases_are_counted_as_they_are_listed,
    an_index_can_follow_without_missing_a_change,
    routine_work_is_done_once_by_two_nodes,
    work_of_a_node_that_died_is_taken_over,
    what_could_not_be_delivered_is_tried_again,
    destruction_leaves_a_trace_that_verifies,
    events_cannot_be_changed_through_sql,
    verify_finds_what_was_changed_in_the_database,
    exports_verify_and_proofs_cover_them,
    checkpoints_go_on_from_the_last,
    backups_restore_to_the_same_dump,
    changes_to_the_set_up_stay,
    a_backup_taken_while_others_write_restores,
    authorities_in_one_database_are_apart,
    a_newer_schema_is_not_touched,
    attachments_that_are_missing_are_refused,
    references_are_given_without_gap_or_repeat,
    accounts_lock_and_sessions_end,
    codes_and_handovers_work_once,
    keys_and_subscriptions_of_programs,
    mail_is_planned_with_its_event_and_taken_by_one,
    links_work_until_their_last_day_and_counts_add_up,
    the_log_follows_the_events,
    a_locked_backup_opens_with_its_key_alone,
    the_register_of_topics_follows_the_events,
];

fn run(engine: Engine) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::new();
        for (name, check) in CHECKS {
            println!("{name}");
            let schema: String = name.chars().take(50).collect();
            check(&world, Home::new(engine, &schema).await).await;
        }
    });
    let never: Vec<&str> = queries::ALL
        .iter()
        .filter(|(_, query)| query.runs(engine) == 0)
        .map(|(name, _)| *name)
        .collect();
    assert!(never.is_empty(), "never run on {engine:?}: {never:?}");
}

#[test]
fn everything_holds_on_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn everything_holds_on_postgresql() {
    if postgres_url().is_some() {
        run(Engine::Postgres);
    }
}

/// The same story gives the same dump on both engines, byte for byte.
#[test]
fn the_same_story_gives_the_same_dump_on_both() {
    if postgres_url().is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::new();
        let mut dumps = Vec::new();
        let mut lists = Vec::new();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let home = Home::new(engine, "same_story").await;
            let store = home.store().await;
            for number in 0..40 {
                live(&store, &world, number).await;
                if number % 10 == 9 {
                    store.make_checkpoint(TODAY).await.unwrap().unwrap();
                }
            }
            let folder = home.path().join("backup");
            store.backup(&folder, None).await.unwrap();
            dumps.push(std::fs::read_to_string(folder.join("dump.jsonl")).unwrap());
            let mut list = store
                .queue(&QueueFilter::All, true, None, 1000)
                .await
                .unwrap();
            list.extend(
                store
                    .queue(&QueueFilter::All, false, None, 1000)
                    .await
                    .unwrap(),
            );
            lists.push(list);
        }
        assert!(dumps[0].lines().count() > 500);
        assert!(dumps[0] == dumps[1], "the dumps differ");
        assert_eq!(lists[0], lists[1]);
    });
}

fn officer() -> Actor {
    Actor {
        id: "amina".to_owned(),
        role: Role::InformationOfficer,
    }
}

fn command(name: &str, with: serde_json::Value) -> Command {
    serde_json::from_value(json!({ "command": name, "with": with })).unwrap()
}

fn act<'a>(
    by: &'a Actor,
    command: &'a Command,
    setting: &'a casework::command::Setting<'a>,
    seen: Option<u64>,
) -> Act<'a> {
    Act {
        by,
        command,
        setting,
        at: noon(setting.today),
        seen,
        found: None,
    }
}

fn hold() -> Command {
    command(
        "hold_retention",
        json!({"reason": "A complaint is expected."}),
    )
}

async fn count(store: &Store, query: &'static Query) -> usize {
    store
        .db()
        .rows(
            query,
            vec!["harrowmere".into(), 0_u64.into(), 100_000_u64.into()],
        )
        .await
        .unwrap()
        .len()
}

async fn what_is_taken_in_is_there_again_after_reopening(world: &World, home: Home) {
    let store = home.store().await;
    let mut histories = Vec::new();
    for number in 0..12 {
        let seq = live(&store, world, number).await;
        let history = store.history(&case_id(number)).await.unwrap();
        assert_eq!(history.seq(), seq);
        histories.push(history);
    }
    store.db().close().await;
    let again = home.store().await;
    for (number, history) in (0..).zip(histories) {
        assert_eq!(again.history(&case_id(number)).await.unwrap(), history);
        let row = again.find(&case_id(number).0).await.unwrap().unwrap();
        assert_eq!(again.find(&row.reference).await.unwrap(), Some(row.clone()));
        assert_eq!(row.state, history.state().spelling());
    }
    assert_eq!(again.find("HM-1999-000001").await.unwrap(), None);
}

async fn a_message_sent_twice_is_taken_in_once(world: &World, home: Home) {
    let store = home.store().await;
    let first = receive(&store, world, 1, &life(1)).await.unwrap();
    let second = receive(&store, world, 1, &life(1)).await.unwrap();
    assert_eq!(
        (first.case.clone(), first.seq, false),
        (second.case, second.seq, first.before)
    );
    assert!(second.before);
    assert_eq!(count(&store, &queries::EVENTS_AFTER).await, 2);
}

async fn a_reference_belongs_to_one_case(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let life = life(1);
    let setting = world.setting(life.steps[0].on);
    let receipt = act(&life.steps[0].by, &life.steps[0].command, &setting, None);
    let again = store
        .receive(Intake {
            case: case_id(2),
            applicant: Some(&life.applicant),
            once: None,
            numbering: None,
            acts: &[receipt],
        })
        .await;
    assert!(
        matches!(again, Err(Stopped::Refused(problems)) if problems[0].code == "receipt.reference_exists")
    );
    let stranger = Applicant {
        name: "Somebody Else".into(),
        ..life.applicant.clone()
    };
    let other = store
        .receive(Intake {
            case: case_id(2),
            applicant: Some(&stranger),
            once: None,
            numbering: None,
            acts: &[receipt],
        })
        .await;
    assert!(
        matches!(other, Err(Stopped::Refused(problems)) if problems[0].code == "receipt.other_applicant")
    );
    // The same id under another message is a conflict, and the message isn't remembered.
    let clash = store
        .receive(Intake {
            case: case_id(1),
            applicant: Some(&life.applicant),
            once: Some("other"),
            numbering: None,
            acts: &[receipt],
        })
        .await;
    assert!(matches!(clash, Err(Stopped::Conflict)));
    assert_eq!(count(&store, &queries::EVENTS_AFTER).await, 2);
}

async fn a_refused_step_leaves_nothing_behind(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let setting = world.setting(TODAY);
    let before = store.history(&case_id(1)).await.unwrap();
    for (by, name, with) in [
        (
            officer(),
            "close",
            json!({"closed_on": "2026-11-23", "reason": "answered"}),
        ),
        (
            Actor {
                id: "una".into(),
                role: Role::Auditor,
            },
            "hold_retention",
            json!({"reason": "r"}),
        ),
        (
            officer(),
            "finish_search",
            json!({"question": "q1", "area": "ict"}),
        ),
    ] {
        let command = command(name, with);
        let refused = store
            .act(&case_id(1), act(&by, &command, &setting, None))
            .await;
        assert!(
            matches!(refused, Err(Stopped::Refused(_))),
            "{command:?} {refused:?}"
        );
    }
    let missing = store
        .act(&case_id(9), act(&officer(), &hold(), &setting, None))
        .await;
    assert!(matches!(missing, Err(Stopped::NotFound(id)) if id == "case-000009"));
    // Of several things none is done where one is refused; where all are allowed each sees what those before it did.
    let (holds, checked) = (hold(), command("check_validity", json!({"missing": []})));
    let release = command("release_retention", json!({"reason": "It is over."}));
    let by = officer();
    let one = |command| act(&by, command, &setting, Some(before.seq()));
    let refused = store
        .act_all(&case_id(1), &[one(&holds), one(&checked), one(&checked)])
        .await;
    assert!(
        matches!(&refused, Err(Stopped::Refused(problems)) if problems[0].code == "case.not_allowed"),
        "{refused:?}"
    );
    assert_eq!(store.history(&case_id(1)).await.unwrap(), before);
    assert_eq!(count(&store, &queries::EVENTS_AFTER).await, 2);
    let done = store
        .act_all(&case_id(1), &[one(&holds), one(&checked), one(&release)])
        .await
        .unwrap();
    assert_eq!(done.seq, before.seq() + 3);
    let key = store.secrets().signing.public();
    assert_eq!(store.verify(&key).await.unwrap().findings, []);
}

/// A case that grows too long makes each round slower, and no real one does.
const ROUNDS_A_CASE: u64 = 100;

#[allow(
    clippy::disallowed_methods,
    reason = "how often to write comes from outside"
)]
fn writes() -> u64 {
    std::env::var("CANDOUR_WRITES").map_or(120, |text| text.parse().unwrap())
}

async fn two_who_change_a_case_at_once_one_is_told(world: &World, home: Home) {
    let store = Arc::new(home.store().await);
    let other = Arc::new(home.store().await);
    receive(&store, world, 1, &life(1)).await.unwrap();
    // Somebody who hasn't seen the last event is told.
    let setting = world.setting(TODAY);
    store
        .act(&case_id(1), act(&officer(), &hold(), &setting, Some(2)))
        .await
        .unwrap();
    let late = store
        .act(&case_id(1), act(&officer(), &hold(), &setting, Some(2)))
        .await;
    assert!(matches!(late, Err(Stopped::Conflict)));
    // Two nodes, the same case, each time from what was seen: nothing is lost, nothing is there twice.
    let wins = Arc::new(AtomicU64::new(0));
    let clashes = Arc::new(AtomicU64::new(0));
    // By itself sixty times each; `CANDOUR_WRITES=10000` makes it ten thousand between them.
    let rounds = writes() / 2;
    let cases = rounds.div_ceil(ROUNDS_A_CASE);
    for number in 2..1 + cases {
        receive(&store, world, number, &life(number)).await.unwrap();
    }
    let mut tasks = Vec::new();
    for node in [store.clone(), other] {
        let (wins, clashes) = (wins.clone(), clashes.clone());
        tasks.push(tokio::spawn(async move {
            let world = World::new();
            let setting = world.setting(TODAY);
            for round in 0..rounds {
                let case = case_id(1 + round / ROUNDS_A_CASE);
                let seen = node.history(&case).await.unwrap().seq();
                match node
                    .act(&case, act(&officer(), &hold(), &setting, Some(seen)))
                    .await
                {
                    Ok(done) => {
                        assert_eq!(done.seq, seen + 1);
                        wins.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(Stopped::Conflict) => {
                        clashes.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let (wins, clashes) = (
        wins.load(Ordering::Relaxed),
        clashes.load(Ordering::Relaxed),
    );
    assert_eq!(wins + clashes, 2 * rounds);
    let mut added = 0;
    for number in 1..=cases {
        added += store.history(&case_id(number)).await.unwrap().seq() - 2;
    }
    assert_eq!(added, 1 + wins);
    println!("{wins} changes, {clashes} conflicts");
    let report = store
        .verify(&store.secrets().signing.public())
        .await
        .unwrap();
    assert_eq!(report.findings, []);
}

async fn what_a_search_found_opens_with_its_key_and_is_in_no_event(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let day = life(1).steps[0].on;
    let setting = world.setting(day);
    let by = officer();
    let confirm = life(1)
        .steps
        .into_iter()
        .find(|step| matches!(step.command, Command::ConfirmQuestions(_)))
        .unwrap();
    let valid = command("check_validity", json!({"missing": []}));
    store
        .act(&case_id(1), act(&by, &valid, &setting, None))
        .await
        .unwrap();
    store
        .act(&case_id(1), act(&by, &confirm.command, &setting, None))
        .await
        .unwrap();
    let search = command("finish_search", json!({"question": "q1", "area": "ict"}));
    let found = Holding {
        held: Held::Held,
        found: "HOLDING-CANARY".to_owned(),
    };
    let with_found = Act {
        found: Some(&found),
        ..act(&by, &search, &setting, None)
    };
    store.act(&case_id(1), with_found).await.unwrap();
    let opening = Opening {
        question: QuestionId("q1".into()),
        key: KeyKind::DutyApplies,
        reason: "to answer".into(),
    };
    let any = hold();
    let shut = store
        .open_holding(&case_id(1), act(&by, &any, &setting, None), &opening)
        .await;
    assert!(
        matches!(shut, Err(Stopped::Refused(problems)) if problems[0].code == "holding.no_key")
    );
    let duty = command(
        "decide_confirm_or_deny",
        json!({"question": "q1", "wish": "duty_applies",
        "reason_although_excessive": null, "basis": casework::invented::basis()}),
    );
    let before = store
        .act(&case_id(1), act(&by, &duty, &setting, None))
        .await
        .unwrap();
    let opened = store
        .open_holding(&case_id(1), act(&by, &any, &setting, None), &opening)
        .await
        .unwrap();
    assert_eq!(opened.len(), 1);
    assert!(opened[0].holding.held == Held::Held && opened[0].holding.found == "HOLDING-CANARY");
    assert_eq!(opened[0].area, "ict");
    // The opening is on record, and the finding is nowhere else: not in events, lists, exports or backups.
    let events = store.events(&case_id(1)).await.unwrap();
    assert_eq!(events.len() as u64, before.seq + 1);
    assert_eq!(events.last().unwrap().kind, "holding_opened");
    let export = store.export(Some(&case_id(1))).await.unwrap();
    let folder = home.path().join("backup");
    store.backup(&folder, None).await.unwrap();
    let dump = std::fs::read_to_string(folder.join("dump.jsonl")).unwrap();
    for text in [
        export,
        dump,
        format!("{:?}", store.find("case-000001").await.unwrap()),
    ] {
        assert!(!text.contains("CANARY"));
    }
    let file = home.path().join("cases.sqlite");
    if home.engine == Engine::Sqlite {
        store.db().close().await;
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"));
    }
}

async fn names_are_shown_for_a_reason_and_the_look_is_recorded(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let setting = world.setting(TODAY);
    let any = hold();
    let look = |reason| ApplicantLook { reason };
    let shown = store
        .show_applicant(
            &case_id(1),
            act(&officer(), &any, &setting, None),
            &look(LookReason::ToSend),
        )
        .await
        .unwrap();
    assert!(shown == life(1).applicant);
    let una = Actor {
        id: "una".into(),
        role: Role::Auditor,
    };
    let refused = store
        .show_applicant(
            &case_id(1),
            act(&una, &any, &setting, None),
            &look(LookReason::ToSend),
        )
        .await;
    assert!(refused.is_err());
    let events = store.events(&case_id(1)).await.unwrap();
    assert_eq!(
        events
            .iter()
            .filter(|event| event.kind == "applicant_shown")
            .count(),
        1
    );
    let text = serde_json::to_string(&events).unwrap();
    assert!(!text.contains(&life(1).applicant.name) && !text.contains(&life(1).applicant.contact));
}

async fn queues_page_by_due_date(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..60 {
        receive(&store, world, number, &life(number)).await.unwrap();
    }
    for filter in [QueueFilter::All, QueueFilter::WaitingFor("officer".into())] {
        let mut all: Vec<Summary> = Vec::new();
        loop {
            // As it comes back from an address.
            let cursor = all
                .last()
                .map(|row| row.cursor().to_string().parse().unwrap());
            let page = store
                .queue(&filter, true, cursor.as_ref(), 7)
                .await
                .unwrap();
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        assert_eq!(all.len(), 60);
        assert!(all.is_sorted_by_key(|row| (row.due_on.clone(), row.case_id.clone())));
    }
    let setting = world.setting(TODAY);
    let own = command("assign_owner", json!({"officer": "ben"}));
    store
        .act(&case_id(7), act(&officer(), &own, &setting, None))
        .await
        .unwrap();
    let of_ben = store
        .queue(&QueueFilter::Owner("ben".into()), true, None, 10)
        .await
        .unwrap();
    assert_eq!(
        of_ben
            .iter()
            .map(|row| row.case_id.as_str())
            .collect::<Vec<_>>(),
        ["case-000007"]
    );
    let waiting = QueueFilter::OwnerWaitingFor("ben".into(), "officer".into());
    let waiting = store.queue(&waiting, true, None, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].case_id, "case-000007");
    let elsewhere = QueueFilter::OwnerWaitingFor("ben".into(), "applicant".into());
    assert!(
        store
            .queue(&elsewhere, true, None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let new = store
        .queue(&QueueFilter::New, true, None, 100)
        .await
        .unwrap();
    assert_eq!(new.len(), 60, "none has its questions confirmed");
    let soon = TODAY.tomorrow().unwrap();
    let all = store.count_due_before(soon).await.unwrap();
    let any = Chosen::default();
    let up_to = |from, before, at_most| store.count_due_between(&any, from, before, at_most);
    assert_eq!(up_to(None, soon, 1_000).await.unwrap(), all);
    let late = up_to(None, TODAY, 1_000).await.unwrap();
    let due_today = up_to(Some(TODAY), soon, 1_000).await.unwrap();
    assert_eq!(late + due_today, all);
    assert_eq!(up_to(None, soon, 3).await.unwrap(), all.min(3));
    let due = store.count_due_before(TODAY).await.unwrap();
    let listed = store
        .queue(&QueueFilter::All, true, None, 100)
        .await
        .unwrap();
    assert_eq!(
        due,
        listed
            .iter()
            .filter(|row| row.due_on.as_deref() < Some("2026-11-23"))
            .count() as u64
    );
    let bens = Chosen {
        owner: "ben".into(),
        waiting_for: "officer".into(),
        state: "received".into(),
        ..Chosen::default()
    };
    let chosen = QueueFilter::Chosen(bens.clone());
    let chosen = store.queue(&chosen, true, None, 10).await.unwrap();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0].case_id, "case-000007");
    let his = chosen[0].due_on.as_deref() < Some("2026-11-24");
    let counted = store.count_due_between(&bens, None, soon, 9).await.unwrap();
    assert_eq!(counted, u64::from(his));
    let of_row = QueueFilter::Chosen(Chosen {
        category: "cyber".into(),
        ..Chosen::default()
    });
    let of_row = store.queue(&of_row, true, None, 100).await.unwrap();
    let expected = listed
        .iter()
        .filter(|row| row.categories.split(' ').any(|id| id == "cyber"))
        .count();
    assert!(expected > 0 && of_row.len() == expected);
    for nobodys in [
        Chosen {
            area: "ict".into(),
            ..Chosen::default()
        },
        Chosen {
            state: "closed".into(),
            ..Chosen::default()
        },
    ] {
        let filter = QueueFilter::Chosen(nobodys);
        let none = store.queue(&filter, true, None, 9).await.unwrap();
        assert!(none.is_empty());
    }
    assert!(store.ended(&any, false, None, 9).await.unwrap().is_empty());
    assert!(store.sent_back_to("ben", 9).await.unwrap().is_empty());
    let with_event = store.open_with_event("owner_assigned", 9).await.unwrap();
    assert_eq!(with_event.len(), 1);
    let received = store
        .received_between(received_on(0), received_on(9), None, 4)
        .await
        .unwrap();
    assert_eq!(received.len(), 4);
    let cursor = received.last().map(Summary::cursor_by_receipt);
    let rest = store
        .received_between(received_on(0), received_on(9), cursor.as_ref(), 100)
        .await
        .unwrap();
    assert_eq!(rest.len(), 6);
}

async fn lists_rebuilt_are_the_lists(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..30 {
        live(&store, world, number).await;
    }
    let lists = |store: Store| async move {
        let mut list = store
            .queue(&QueueFilter::All, true, None, 100)
            .await
            .unwrap();
        list.extend(
            store
                .queue(&QueueFilter::All, false, None, 100)
                .await
                .unwrap(),
        );
        let mut plans = Vec::new();
        for number in 0..30 {
            plans.push(
                store
                    .planned(&case_id(number))
                    .await
                    .unwrap()
                    .map(|plan| plan.0),
            );
        }
        (list, plans)
    };
    let before = lists(home.store().await).await;
    assert_eq!(store.rebuild(&world.setting(TODAY)).await.unwrap(), 30);
    assert_eq!(lists(home.store().await).await, before);
}

async fn alike_cases_are_counted_as_they_are_listed(world: &World, home: Home) {
    let store = home.store().await;
    for number in (0..320).step_by(8) {
        live(&store, world, number).await;
    }
    // No invented answer is late: some become so, and of those some had more time.
    let db = home.db().await;
    let mut transaction = db.begin().await.unwrap();
    let late = "UPDATE case_summary SET first_due_on = received_on WHERE questions > 1;
        UPDATE case_summary SET extended = 1 WHERE questions > 2;";
    Db::script(&mut transaction, late).await.unwrap();
    transaction.commit().await.unwrap();
    for (first, last, told) in [
        (0, 319, &[None, Some(true), Some(false)][..]),
        (40, 80, &[Some(true)]),
    ] {
        let (first, last) = (received_on(first), received_on(last));
        let mut expected: Vec<Alike> = Vec::new();
        for row in store
            .received_between(first, last, None, 1000)
            .await
            .unwrap()
        {
            let one = Alike {
                received_in: row.received_on[..7].to_owned(),
                answered_on_time: row
                    .answered_on
                    .map(|answered_on| row.extended || answered_on <= row.first_due_on),
                outcome: row.outcome,
                provisions: row.provisions,
                cases: 0,
            };
            let known = expected.iter_mut().find(|alike| {
                Alike {
                    cases: 0,
                    ..(*alike).clone()
                } == one
            });
            match known {
                Some(alike) => alike.cases += 1,
                None => expected.push(Alike { cases: 1, ..one }),
            }
        }
        for told in told {
            let is_told = |alike: &Alike| alike.answered_on_time == *told;
            assert!(expected.iter().any(is_told), "{told:?} in {expected:?}");
        }
        let mut found = store.received_alike(first, last).await.unwrap();
        let key = |alike: &Alike| {
            (
                alike.received_in.clone(),
                alike.answered_on_time,
                alike.outcome.clone(),
                alike.provisions.clone(),
            )
        };
        expected.sort_by_key(key);
        found.sort_by_key(key);
        assert_eq!(found, expected);
    }
}

async fn an_index_can_follow_without_missing_a_change(world: &World, home: Home) {
    let store = Arc::new(home.store().await);
    let writer = Arc::new(home.store().await);
    let writing = tokio::spawn({
        let writer = writer.clone();
        async move {
            let world = World::new();
            for number in 0..40 {
                live(&writer, &world, number).await;
            }
        }
    });
    let second = tokio::spawn(async move {
        let world = World::new();
        for number in 100..140 {
            live(&writer, &world, number).await;
        }
    });
    let mut seen: std::collections::BTreeMap<CaseId, u64> = std::collections::BTreeMap::new();
    let mut at = 0;
    loop {
        let finished = writing.is_finished() && second.is_finished();
        let (changed, up_to) = store.changed_after(at, 50, &[]).await.unwrap();
        for case in changed {
            seen.insert(case.clone(), store.history(&case).await.unwrap().seq());
        }
        if up_to == at && finished {
            break;
        }
        at = up_to;
        tokio::task::yield_now().await;
    }
    writing.await.unwrap();
    second.await.unwrap();
    assert_eq!(seen.len(), 80);
    for (case, seq) in seen {
        assert_eq!(store.history(&case).await.unwrap().seq(), seq);
    }
    let _ = world;
}

fn shift<'a>(
    node: &'a str,
    setting: &'a casework::command::Setting<'a>,
    deliver: &'a (dyn Fn(&casework::case::Case, &Command) -> Result<(), String> + Sync),
) -> Shift<'a> {
    Shift {
        node,
        at: noon(setting.today),
        lease: SignedDuration::from_mins(5),
        at_most: 5,
        setting,
        deliver,
    }
}

async fn routine_work_is_done_once_by_two_nodes(world: &World, home: Home) {
    let store = Arc::new(home.store().await);
    for number in 0..20 {
        let life = life(number);
        receive(&store, world, number, &life).await.unwrap();
    }
    let other = Arc::new(home.store().await);
    let mut tasks = Vec::new();
    for (name, node) in [("a", store.clone()), ("b", other)] {
        tasks.push(tokio::spawn(async move {
            let world = World::new();
            let setting = world.setting(TODAY);
            let mut done = 0;
            loop {
                let worked = node
                    .work(shift(name, &setting, &|_, _| Ok(())))
                    .await
                    .unwrap();
                assert_eq!(worked.failed, []);
                if worked.cases == 0 {
                    return done;
                }
                done += worked.done.len();
            }
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    assert!(done >= 20, "{done}");
    for number in 0..20 {
        let events = store.events(&case_id(number)).await.unwrap();
        assert_eq!(
            events
                .iter()
                .filter(|event| event.kind == "acknowledged")
                .count(),
            1
        );
        let history = store.history(&case_id(number)).await.unwrap();
        let late = history.case().unwrap().is_overdue(TODAY);
        assert_eq!(
            events
                .iter()
                .filter(|event| event.kind == "became_overdue")
                .count(),
            usize::from(late)
        );
        let (run_on, failure) = store
            .planned(&case_id(number))
            .await
            .unwrap()
            .unwrap_or(("9999-12-31".into(), None));
        assert!(run_on.as_str() > "2026-11-23" && failure.is_none());
    }
}

async fn work_of_a_node_that_died_is_taken_over(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let setting = world.setting(TODAY);
    // A node claims and dies: here the claim alone, through the same query.
    let mut transaction = store.db().begin().await.unwrap();
    let params: Vec<Param> = vec![
        "harrowmere".into(),
        "2026-11-23".into(),
        "dead".into(),
        "2026-11-23T12:05:00.000Z".into(),
        "2026-11-23T12:00:00.000Z".into(),
        5_u64.into(),
    ];
    assert_eq!(
        transaction
            .rows(&queries::JOB_CLAIM, params)
            .await
            .unwrap()
            .len(),
        1
    );
    transaction.commit().await.unwrap();
    let alive = shift("alive", &setting, &|_, _| Ok(()));
    assert_eq!(store.work(alive).await.unwrap().cases, 0);
    let later = Shift {
        at: noon(TODAY)
            .checked_add(SignedDuration::from_mins(6))
            .unwrap(),
        ..alive
    };
    let worked = store.work(later).await.unwrap();
    assert_eq!(worked.cases, 1);
    assert!(worked.done.iter().any(|(_, what)| what == "acknowledge"));
}

async fn what_could_not_be_delivered_is_tried_again(world: &World, home: Home) {
    let store = home.store().await;
    receive(&store, world, 1, &life(1)).await.unwrap();
    let setting = world.setting(TODAY);
    let broken = |_: &casework::case::Case, _: &Command| Err("the post is closed".to_owned());
    let worked = store.work(shift("a", &setting, &broken)).await.unwrap();
    assert_eq!(worked.failed.len(), 1);
    let (_, failure) = store.planned(&case_id(1)).await.unwrap().unwrap();
    assert!(failure.unwrap().contains("the post is closed"));
    assert_eq!(store.events(&case_id(1)).await.unwrap().len(), 2);
    assert!(
        store
            .work(shift("a", &setting, &|_, _| Ok(())))
            .await
            .unwrap()
            .failed
            .is_empty()
    );
}

async fn destruction_leaves_a_trace_that_verifies(world: &World, home: Home) {
    let store = home.store().await;
    let closed = number_ending_in(State::Closed, 0);
    live(&store, world, closed).await;
    live(&store, world, closed + 1).await;
    store.make_checkpoint(TODAY).await.unwrap().unwrap();
    let events = store.events(&case_id(closed)).await.unwrap();
    let kept = store.attachments().list().await.unwrap().len();
    let ivor = Actor {
        id: "ivor".into(),
        role: Role::Administrator,
    };
    let destroy = command(
        "destroy",
        json!({"destroyed_on": "2026-11-23", "rule": "FOI-3"}),
    );
    let setting = world.setting(TODAY);
    let mut references = Vec::new();
    for number in [closed, closed + 1] {
        let row = store.find(&case_id(number).0).await.unwrap().unwrap();
        references.push(row.reference);
    }
    let written = |references: &[String]| {
        let draft = [("mechanism".to_owned(), "begun".to_owned())];
        let places = references.iter().map(|one| format!("{one} 1 content"));
        let drafts: store::desk::Drafts = places.map(|place| (place, draft.to_vec())).collect();
        serde_json::to_string(&drafts).unwrap()
    };
    let name = format!("{}lena", store::desk::DRAFTS);
    store
        .keep_setting(&name, &written(&references))
        .await
        .unwrap();
    store
        .act(&case_id(closed), act(&ivor, &destroy, &setting, None))
        .await
        .unwrap();
    let after = store.events(&case_id(closed)).await.unwrap();
    assert_eq!(after.len(), events.len() + 1);
    assert!(
        after
            .iter()
            .rev()
            .skip(1)
            .all(|event| event.contents.is_none() && event.salt.is_none())
    );
    let history = store.history(&case_id(closed)).await.unwrap();
    assert_eq!(history.state(), State::Destroyed);
    assert!(store.attachments().list().await.unwrap().len() < kept || kept == 0);
    let row = store.find(&case_id(closed).0).await.unwrap().unwrap();
    assert_eq!(
        (row.state.as_str(), row.subject.as_str()),
        ("destroyed", "")
    );
    assert_eq!(store.planned(&case_id(closed)).await.unwrap(), None);
    // What somebody had begun to write about it is gone, and nothing else.
    let left = store.setting(&name).await.unwrap();
    assert_eq!(left, Some(written(&references[1..])));
    store.make_checkpoint(TODAY).await.unwrap().unwrap();
    let key = store.secrets().signing.public();
    assert_eq!(store.verify(&key).await.unwrap().findings, []);
    verify_export(store.export(None).await.unwrap().as_bytes(), &key).unwrap();
    verify_export(
        store
            .export(Some(&case_id(closed)))
            .await
            .unwrap()
            .as_bytes(),
        &key,
    )
    .unwrap();
    let gone = act(&ivor, &destroy, &setting, None);
    assert!(matches!(
        store.act(&case_id(closed), gone).await,
        Err(Stopped::Refused(_))
    ));
    assert_eq!(store.rebuild(&setting).await.unwrap(), 2);
    assert_eq!(store.find(&case_id(closed).0).await.unwrap(), Some(row));
}

async fn script(store: &Store, sql: String) -> Result<(), Fault> {
    let mut transaction = store.db().begin().await?;
    Db::script(&mut transaction, sql.leak()).await?;
    transaction.commit().await
}

async fn events_cannot_be_changed_through_sql(world: &World, home: Home) {
    let store = home.store().await;
    live(&store, world, 1).await;
    for sql in [
        "DELETE FROM case_event",
        "UPDATE case_event SET actor = 'mallory'",
        "UPDATE case_event SET contents = '{}'",
        "UPDATE case_event SET contents = NULL, salt = NULL, hash = before",
    ] {
        let refused = script(&store, sql.to_owned()).await.unwrap_err();
        assert!(
            refused.to_string().contains("events are never"),
            "{sql}: {refused}"
        );
    }
}

/// Somebody with the database and no scruples takes the triggers away and changes one thing.
async fn verify_finds_what_was_changed_in_the_database(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..4 {
        live(&store, world, number).await;
    }
    store.make_checkpoint(TODAY).await.unwrap().unwrap();
    let key = store.secrets().signing.public();
    assert_eq!(store.verify(&key).await.unwrap().findings, []);
    let without_triggers = match home.engine {
        Engine::Sqlite => "DROP TRIGGER case_event_stays; DROP TRIGGER case_event_as_written;",
        Engine::Postgres => "DROP TRIGGER case_event_as_written ON case_event;",
    };
    script(&store, without_triggers.to_owned()).await.unwrap();
    let folder = home.path().join("backup");
    store.backup(&folder, None).await.unwrap();
    let first = "WHERE case_id = 'case-000001' AND seq = 3";
    let rows = [
        (
            format!("UPDATE case_event SET actor = 'mallory' {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET role = 'auditor' {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET at = '2026-01-01T00:00:00.000Z' {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET kind = 'withdrawn' {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET version = 2 {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET contents = replace(contents, '2', '3') {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET contents = NULL, salt = NULL {first}"),
            "verify.contents_missing",
        ),
        (
            format!("UPDATE case_event SET salt = contents_hash {first}"),
            "verify.altered",
        ),
        (
            format!("UPDATE case_event SET before = hash {first}"),
            "verify.altered",
        ),
        (format!("DELETE FROM case_event {first}"), "verify.missing"),
        (
            "DELETE FROM case_event WHERE case_id = 'case-000003'".to_owned(),
            "verify.missing",
        ),
        (
            "DELETE FROM case_event WHERE case_id = 'case-000001'".to_owned(),
            "verify.missing",
        ),
        (
            "UPDATE checkpoint SET made_on = '2026-11-22'".to_owned(),
            "verify.bad_signature",
        ),
        (
            "UPDATE checkpoint SET size = size - 1".to_owned(),
            "verify.bad_signature",
        ),
        (
            "UPDATE checkpoint SET key_id = 'other'".to_owned(),
            "verify.other_key",
        ),
        (
            "UPDATE case_summary SET due_on = '2027-01-01' WHERE case_id = 'case-000002'"
                .to_owned(),
            "verify.list_differs",
        ),
        (
            "DELETE FROM case_summary WHERE case_id = 'case-000002'".to_owned(),
            "verify.list_differs",
        ),
        (
            "UPDATE applicant SET name = 'Mallory' WHERE case_id = 'case-000002'".to_owned(),
            "verify.applicant",
        ),
        (
            "DELETE FROM applicant WHERE case_id = 'case-000002'".to_owned(),
            "verify.applicant",
        ),
    ];
    for (sql, code) in rows {
        script(&store, sql.clone()).await.unwrap();
        let report = store.verify(&key).await.unwrap();
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes.first(), Some(&code), "{sql}: {:?}", report.findings);
        store
            .restore(&folder, None, true, &world.setting(TODAY))
            .await
            .unwrap();
        script(&store, without_triggers.to_owned()).await.unwrap();
        assert_eq!(store.verify(&key).await.unwrap().findings, []);
    }
    // An attachment that was changed, then one that is gone.
    let stored = store.attachments().list().await.unwrap();
    let path = home
        .path()
        .join("attachments")
        .join(&stored[0][..2])
        .join(&stored[0]);
    std::fs::write(&path, "other").unwrap();
    assert_eq!(
        store.verify(&key).await.unwrap().findings[0].code,
        "verify.attachment"
    );
    std::fs::remove_file(&path).unwrap();
    assert_eq!(
        store.verify(&key).await.unwrap().findings[0].code,
        "verify.attachment"
    );
}

async fn exports_verify_and_proofs_cover_them(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..6 {
        live(&store, world, number).await;
    }
    let key = store.secrets().signing.public();
    let before = verify_export(
        store.export(Some(&case_id(3))).await.unwrap().as_bytes(),
        &key,
    )
    .unwrap();
    assert_eq!(before.covered, 0);
    store.make_checkpoint(TODAY).await.unwrap().unwrap();
    let one = verify_export(
        store.export(Some(&case_id(3))).await.unwrap().as_bytes(),
        &key,
    )
    .unwrap();
    assert_eq!(
        (one.covered, one.events, one.cases),
        (before.events, before.events, 1)
    );
    live(&store, world, 7).await;
    let all = verify_export(store.export(None).await.unwrap().as_bytes(), &key).unwrap();
    assert_eq!(all.cases, 7);
    assert!(all.covered < all.events);
    assert_eq!(all.authority, "harrowmere");
    let other = store::checkpoint::SigningSecret::new(&[9; 32]).public();
    let refused = verify_export(store.export(None).await.unwrap().as_bytes(), &other).unwrap_err();
    assert_eq!(refused.code, "verify.other_key");
}

async fn checkpoints_go_on_from_the_last(world: &World, home: Home) {
    let store = home.store().await;
    assert_eq!(store.make_checkpoint(TODAY).await.unwrap(), None);
    for number in 0..5 {
        live(&store, world, number).await;
        let made = store.make_checkpoint(TODAY).await.unwrap().unwrap();
        assert_eq!(store.make_checkpoint(TODAY).await.unwrap(), None);
        let leaves: Vec<_> = store
            .events_after(0, 10_000)
            .await
            .unwrap()
            .iter()
            .map(|event| store::merkle::leaf(&event.hash))
            .collect();
        assert_eq!(
            (made.size, made.root),
            (leaves.len() as u64, store::merkle::root(&leaves))
        );
    }
    assert_eq!(store.checkpoints().await.unwrap().len(), 5);
}

async fn backups_restore_to_the_same_dump(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..15 {
        live(&store, world, number).await;
    }
    store.make_checkpoint(TODAY).await.unwrap().unwrap();
    store.keep_account(&account("ben")).await.unwrap();
    store.keep_setting("branding", "one").await.unwrap();
    alter(&store, Altered::Key(&api_key())).await;
    alter(&store, Altered::Webhook(&webhook("w1", 3))).await;
    store
        .keep_link(&PrivateLink {
            token_hash: "hash".to_owned(),
            purpose: "follow".to_owned(),
            case: case_id(1),
            details: "{}".to_owned(),
            ends_on: TODAY,
        })
        .await
        .unwrap();
    let first = home.path().join("first");
    store.backup(&first, None).await.unwrap();
    assert!(matches!(
        store.backup(&first, None).await,
        Err(Fault::File { .. })
    ));
    let setting = world.setting(TODAY);
    assert!(matches!(
        store.restore(&first, None, false, &setting).await,
        Err(NotRestored::NotEmpty)
    ));
    live(&store, world, 20).await;
    store.restore(&first, None, true, &setting).await.unwrap();
    let second = home.path().join("second");
    store.backup(&second, None).await.unwrap();
    let read = |folder: &std::path::Path| std::fs::read(folder.join("dump.jsonl")).unwrap();
    assert!(read(&first) == read(&second));
    assert!(store.account("ben").await.unwrap().is_some());
    assert_eq!(store.keys().await.unwrap(), [api_key()]);
    assert_eq!(store.webhooks().await.unwrap(), [webhook("w1", 3)]);
    assert!(store.link("hash", "follow", TODAY).await.unwrap().is_some());
    assert_eq!(
        store
            .verify(&store.secrets().signing.public())
            .await
            .unwrap()
            .findings,
        []
    );
    // A damaged backup changes nothing.
    let whole = read(&first);
    for cut in [whole.len() / 2, whole.len() - 10, 0] {
        std::fs::write(first.join("dump.jsonl"), &whole[..cut]).unwrap();
        assert!(matches!(
            store.restore(&first, None, true, &setting).await,
            Err(NotRestored::Damaged { .. })
        ));
    }
    let mut altered = whole.clone();
    let at = altered
        .windows(5)
        .position(|window| window == b"\"at\":")
        .unwrap()
        + 7;
    altered[at] ^= 1;
    std::fs::write(first.join("dump.jsonl"), &altered).unwrap();
    assert!(matches!(
        store.restore(&first, None, true, &setting).await,
        Err(NotRestored::Damaged { .. })
    ));
    assert_eq!(
        store
            .verify(&store.secrets().signing.public())
            .await
            .unwrap()
            .findings,
        []
    );
    assert_eq!(
        count(&store, &queries::EVENTS_AFTER).await as u64,
        store
            .verify(&store.secrets().signing.public())
            .await
            .unwrap()
            .events
    );
}

async fn a_backup_taken_while_others_write_restores(world: &World, home: Home) {
    let (store, other) = (home.store().await, home.store().await);
    for number in 0..30 {
        receive(&store, world, number, &life(number)).await.unwrap();
    }
    let folder = home.path().join("backup");
    let done = std::sync::atomic::AtomicBool::new(false);
    let writing = async {
        let mut number = 30;
        while !done.load(Ordering::Relaxed) {
            live(&other, world, number).await;
            number += 1;
        }
        number - 30
    };
    let backing_up = async {
        store.make_checkpoint(TODAY).await.unwrap().unwrap();
        let carried = store.backup(&folder, None).await.unwrap();
        done.store(true, Ordering::Relaxed);
        carried
    };
    let (written, carried) = tokio::join!(writing, backing_up);
    assert!(written > 0);
    // What was written after the moment of the backup goes with the restore; what is restored verifies.
    let restored = store
        .restore(&folder, None, true, &world.setting(TODAY))
        .await
        .unwrap();
    assert_eq!(restored.events, carried.events);
    let report = store
        .verify(&store.secrets().signing.public())
        .await
        .unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.events, report.checkpoints), (carried.events, 1));
    assert!(report.events >= 60);
}

async fn authorities_in_one_database_are_apart(world: &World, home: Home) {
    let store = home.store().await;
    let other = home.store_of("wexcombe").await;
    live(&store, world, 1).await;
    live(&other, world, 1).await;
    live(&other, world, 2).await;
    assert_eq!(
        store
            .queue(&QueueFilter::All, true, None, 9)
            .await
            .unwrap()
            .len()
            + store
                .queue(&QueueFilter::All, false, None, 9)
                .await
                .unwrap()
                .len(),
        1
    );
    assert_eq!(store.find(&case_id(2).0).await.unwrap(), None);
    assert_eq!(
        store
            .verify(&store.secrets().signing.public())
            .await
            .unwrap()
            .cases,
        1
    );
    assert_eq!(
        other
            .verify(&other.secrets().signing.public())
            .await
            .unwrap()
            .findings,
        []
    );
    let folder = home.path().join("backup");
    store.backup(&folder, None).await.unwrap();
    let refused = store
        .restore(&folder, None, true, &world.setting(TODAY))
        .await;
    assert!(matches!(refused, Err(NotRestored::OtherAuthority(who)) if who == "wexcombe"));
}

async fn a_newer_schema_is_not_touched(_: &World, home: Home) {
    let store = home.store().await;
    script(
        &store,
        "INSERT INTO schema_version (version) VALUES (9999)".to_owned(),
    )
    .await
    .unwrap();
    store.db().close().await;
    let opened = Store::open(store::Place {
        db: home.db().await,
        authority: AUTHORITY.to_owned(),
        attachments: store::attachments::Attachments::new(home.path().join("attachments")),
        secrets: secrets(),
        retention: casework::routine::Retention {
            years: 3,
            rule: "FOI-3".to_owned(),
        },
        published_words: Box::new(str::to_owned),
        topics: Box::new(|_| String::new()),
    })
    .await;
    assert!(matches!(
        opened.err(),
        Some(Fault::Newer { found: 9999, .. })
    ));
}

async fn attachments_that_are_missing_are_refused(world: &World, home: Home) {
    let store = home.store().await;
    let life = life(1);
    let setting = world.setting(life.steps[0].on);
    let Command::Receive(receipt) = &life.steps[0].command else {
        panic!()
    };
    let mut receipt = receipt.clone();
    receipt.attachments.push(Attachment {
        name: "scan.pdf".into(),
        sha256: "a".repeat(64),
        bytes: 3,
    });
    let receive = Command::Receive(receipt.clone());
    let by = Actor::candour();
    let receipts = [act(&by, &receive, &setting, None)];
    let intake = Intake {
        case: case_id(1),
        applicant: Some(&life.applicant),
        once: None,
        numbering: None,
        acts: &receipts,
    };
    let refused = store.receive(intake).await;
    assert!(
        matches!(refused, Err(Stopped::Refused(problems)) if problems[0].code == "attachment.missing")
    );
    receipt.attachments[0] = store.attachments().put("scan.pdf", b"scan").await.unwrap();
    let receive = Command::Receive(receipt);
    let receipts = [act(&by, &receive, &setting, None)];
    let intake = Intake {
        case: case_id(1),
        applicant: Some(&life.applicant),
        once: None,
        numbering: None,
        acts: &receipts,
    };
    store.receive(intake).await.unwrap();
}

async fn references_are_given_without_gap_or_repeat(world: &World, home: Home) {
    let stores = [home.store().await, home.store().await];
    let numbering = Numbering {
        series: "2026".to_owned(),
        prefix: "FOI-2026-".to_owned(),
    };
    let setting = world.setting(TODAY);
    let candour = Actor::candour();
    let taken = async |store: &Store, number: u64, text: &str| {
        let command = match &life(number).steps[0].command {
            Command::Receive(receipt) => Command::Receive(Receipt {
                reference: String::new(),
                text: text.to_owned(),
                applicant: None,
                ..receipt.clone()
            }),
            _ => panic!("a life begins with its receipt"),
        };
        let acts = [act(&candour, &command, &setting, None)];
        store
            .receive(Intake {
                case: case_id(number),
                applicant: None,
                once: None,
                numbering: Some(&numbering),
                acts: &acts,
            })
            .await
            .map(|taken| taken.reference)
    };
    let mut references = Vec::new();
    for number in 0..5 {
        // What is refused uses no number up.
        assert!(taken(&stores[0], 100, "").await.is_err());
        let (one, two) = tokio::join!(
            taken(&stores[0], number * 2, "What is held?"),
            taken(&stores[1], number * 2 + 1, "What is held?")
        );
        references.extend([one.unwrap(), two.unwrap()]);
    }
    references.sort();
    let wanted: Vec<String> = (1..=10).map(|n| format!("FOI-2026-{n:05}")).collect();
    assert_eq!(references, wanted);
}

fn account(id: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: format!("{id} Example"),
        email: format!("{id}@Example.org"),
        secret: "secret".to_owned(),
        second_secret: None,
        second_step: 0,
        roles: vec![Role::InformationOfficer, Role::Publisher],
        team: "information-governance".to_owned(),
        is_active: true,
        failures: 0,
        locked_until: None,
        recovery: String::new(),
        subject: None,
    }
}

/// A code works once, of the two who bring the same one at the same time for one of them.
async fn codes_and_handovers_work_once(_: &World, home: Home) {
    let store = home.store().await;
    let hashes = ["1".repeat(64), "2".repeat(64)];
    let kept = Account {
        second_secret: Some("JBSWY3DPEHPK3PXP".to_owned()),
        recovery: hashes.join(" "),
        subject: Some("https://id.example.org 248289761001".to_owned()),
        ..account("ben")
    };
    store.keep_account(&kept).await.unwrap();
    let found = store
        .account_of_subject("https://id.example.org 248289761001")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.recovery, hashes.join(" "));
    assert_eq!(store.account_of_subject("other").await.unwrap(), None);
    store.count_failure("ben", 1, noon(TODAY)).await.unwrap();
    let (one, other) = tokio::join!(store.use_step("ben", 7), store.use_step("ben", 7));
    assert!(one.unwrap() ^ other.unwrap());
    assert!(!store.use_step("ben", 6).await.unwrap());
    // An account that was read before the step was used doesn't take it back.
    store.keep_account(&kept).await.unwrap();
    assert!(!store.use_step("ben", 7).await.unwrap());
    let (one, other) = tokio::join!(
        store.use_recovery("ben", &hashes[0]),
        store.use_recovery("ben", &hashes[0])
    );
    assert!(one.unwrap() ^ other.unwrap());
    for never in ["%", "", hashes[0].as_str()] {
        assert!(!store.use_recovery("ben", never).await.unwrap(), "{never}");
    }
    let now = store.account("ben").await.unwrap().unwrap();
    assert_eq!(now.recovery.trim(), hashes[1]);
    assert_eq!((now.failures, now.locked_until), (0, None));
    store.count_failure("ben", 1, noon(TODAY)).await.unwrap();
    store.forget_failures("ben").await.unwrap();
    let now = store.account("ben").await.unwrap().unwrap();
    assert_eq!((now.failures, now.locked_until), (0, None));

    let handover = |state: &str| Handover {
        state_hash: state.to_owned(),
        browser_hash: "browser".to_owned(),
        nonce: "nonce".to_owned(),
        verifier: "verifier".to_owned(),
        next_page: "/desk".to_owned(),
        began_at: noon(TODAY),
    };
    let long_ago = noon(TODAY.yesterday().unwrap());
    for state in ["a", "b"] {
        store.hand_over(&handover(state), long_ago).await.unwrap();
    }
    assert_eq!(store.take_back("a").await.unwrap(), Some(handover("a")));
    assert_eq!(store.take_back("a").await.unwrap(), None);
    let tomorrow = noon(TODAY.tomorrow().unwrap());
    store.hand_over(&handover("c"), tomorrow).await.unwrap();
    assert_eq!(store.take_back("b").await.unwrap(), None);
}

fn api_key() -> ApiKey {
    ApiKey {
        id: "key-1".to_owned(),
        key_hash: "hash".to_owned(),
        name: "Case system".to_owned(),
        scopes: "cases:read cases:write".to_owned(),
        role: "triage_officer".to_owned(),
        made_by: "ivor".to_owned(),
        made_at: noon(TODAY),
        used_at: None,
        revoked_at: None,
    }
}

fn change(at: Timestamp, details: &str) -> Change {
    Change {
        number: 0,
        at,
        by: "ivor".to_owned(),
        kind: "key".to_owned(),
        about: "A program".to_owned(),
        details: details.to_owned(),
    }
}

async fn alter(store: &Store, altered: Altered<'_>) {
    let change = change(noon(TODAY), "Made");
    store.alter(altered, &change).await.unwrap();
}

/// A change of the set-up and its entry are written together or not at all, and the entry stays as it is.
async fn changes_to_the_set_up_stay(_: &World, home: Home) {
    let store = home.store().await;
    let ben = account("ben");
    alter(&store, Altered::Account(&ben)).await;
    // Another account has this address: neither the account nor the entry is there.
    let twin = Account {
        id: "twin".to_owned(),
        ..ben.clone()
    };
    let refused = change(noon(TODAY), "Made twice");
    let altered = Altered::Account(&twin);
    assert!(store.alter(altered, &refused).await.is_err());
    assert_eq!(store.account("twin").await.unwrap(), None);
    // Two at once get numbers of their own.
    let settings = [("wording.1", "one"), ("wording", "1")];
    let (one, other) = (change(noon(TODAY), "One"), change(noon(TODAY), "The other"));
    let (first, second) = tokio::join!(
        store.alter(Altered::Settings(&settings), &one),
        store.alter(Altered::Settings(&[("branding", "two")]), &other)
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(
        store.setting("wording").await.unwrap().as_deref(),
        Some("1")
    );
    alter(&store, Altered::Key(&api_key())).await;
    // Newest first, page by page, none twice and none lost.
    let numbers = |changes: Vec<Change>| -> Vec<u64> {
        changes.into_iter().map(|change| change.number).collect()
    };
    let all = store.changes(None, 10).await.unwrap();
    assert_eq!(numbers(all.clone()), [4, 3, 2, 1]);
    assert_eq!(
        (all[3].by.as_str(), all[3].details.as_str()),
        ("ivor", "Made")
    );
    let page = store.changes(Some(3), 1).await.unwrap();
    assert_eq!(numbers(page), [2]);
    for statement in [
        "DELETE FROM office_change",
        "UPDATE office_change SET actor = 'nobody'",
    ] {
        let refused = script(&store, statement.to_owned()).await;
        assert!(refused.is_err(), "{statement}");
    }
    assert_eq!(store.changes(None, 10).await.unwrap(), all);
}

fn webhook(id: &str, position: u64) -> Webhook {
    Webhook {
        id: id.to_owned(),
        url: "https://example.org/hook".to_owned(),
        secret: "secret".to_owned(),
        kinds: "received".to_owned(),
        made_by: "ivor".to_owned(),
        made_at: noon(TODAY),
        ended_at: None,
        position,
    }
}

async fn keys_and_subscriptions_of_programs(world: &World, home: Home) {
    let store = home.store().await;
    let now = noon(TODAY);
    let later = now.checked_add(SignedDuration::from_mins(5)).unwrap();
    let key = api_key();
    alter(&store, Altered::Key(&key)).await;
    store.see_key("key-1", later).await.unwrap();
    let found = store.key_of_hash("hash").await.unwrap().unwrap();
    assert_eq!(found.used_at, Some(later));
    let revoked = change(later, "Revoked");
    let altered = Altered::KeyRevoked("key-1");
    store.alter(altered, &revoked).await.unwrap();
    assert_eq!(store.key_of_hash("hash").await.unwrap(), None);
    assert_eq!(store.keys().await.unwrap()[0].revoked_at, Some(later));

    live(&store, world, 1).await;
    let before = store.newest_position().await.unwrap();
    assert!(before > 0);
    alter(&store, Altered::Webhook(&webhook("w1", before))).await;
    alter(&store, Altered::Webhook(&webhook("w2", before))).await;
    live(&store, world, 2).await;
    let hook = store.webhooks().await.unwrap()[0].clone();
    // Two nodes that plan the same plan it once.
    let (one, other) = tokio::join!(
        store.plan_deliveries(&hook, now),
        store.plan_deliveries(&hook, now)
    );
    assert!(!one.unwrap() && !other.unwrap());
    let hooks = store.webhooks().await.unwrap();
    assert_eq!(hooks[0].position, store.newest_position().await.unwrap());
    assert_eq!(hooks[1].position, before);
    assert!(!store.plan_deliveries(&hooks[0], now).await.unwrap());
    let (one, other) = tokio::join!(
        store.claim_deliveries(now, later, 10),
        store.claim_deliveries(now, later, 10)
    );
    let mut taken = [one.unwrap(), other.unwrap()].concat();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!((taken[0].kind.as_str(), taken[0].attempts), ("received", 1));
    assert_eq!(taken[0].case, case_id(2));
    // Nobody said what came of it: it is due again.
    let again = store.claim_deliveries(later, later, 10).await.unwrap();
    assert_eq!(again[0].attempts, 2);
    taken[0].state = "delivered".to_owned();
    taken[0].outcome = Some("204".to_owned());
    store.delivered(&taken[0]).await.unwrap();
    assert_eq!(store.claim_deliveries(later, later, 10).await.unwrap(), []);
    assert_eq!(store.deliveries(10).await.unwrap()[0].state, "delivered");
    store
        .sweep_deliveries(noon(TODAY.tomorrow().unwrap()))
        .await
        .unwrap();
    assert_eq!(store.deliveries(10).await.unwrap(), []);
    // A subscription that ended gets nothing more.
    store.plan_deliveries(&hooks[1], now).await.unwrap();
    let ended = change(later, "Ended");
    let altered = Altered::WebhookEnded(&hooks[1].id);
    store.alter(altered, &ended).await.unwrap();
    assert_eq!(store.claim_deliveries(later, later, 10).await.unwrap(), []);
    assert_eq!(store.deliveries(10).await.unwrap().len(), 1);
}

async fn mail_is_planned_with_its_event_and_taken_by_one(world: &World, home: Home) {
    let store = home.store().await;
    live(&store, world, 1).await;
    let planned = store.mail_of(&case_id(1)).await.unwrap();
    let events = store.events(&case_id(1)).await.unwrap();
    let told_of: Vec<(u64, &str)> = events
        .iter()
        .filter(|event| store::mail::KINDS.contains(&event.kind.as_str()))
        .map(|event| (event.seq, event.kind.as_str()))
        .collect();
    let mails: Vec<(u64, &str)> = planned
        .iter()
        .map(|mail| (mail.seq, mail.kind.as_str()))
        .collect();
    assert_eq!(mails, told_of);
    assert_eq!(mails[0], (1, "received"));
    let now = noon(TODAY.tomorrow().unwrap());
    let later = now.checked_add(SignedDuration::from_mins(5)).unwrap();
    let (one, other) = tokio::join!(
        store.claim_mail(now, later, 100),
        store.claim_mail(now, later, 100)
    );
    let taken = [one.unwrap(), other.unwrap()].concat();
    assert_eq!(taken.len(), mails.len());
    let mut first = taken
        .into_iter()
        .find(|mail| mail.kind == "received")
        .unwrap();
    assert_eq!((first.attempts, first.state), (1, MailState::Waiting));
    // One to a colleague, planned twice.
    let colleague = store::mail::Mail {
        id: format!("{}.ben", first.id),
        recipient: "ben".to_owned(),
        ..first.clone()
    };
    store.plan_mail(&colleague).await.unwrap();
    store.plan_mail(&colleague).await.unwrap();
    for (id, state) in [
        (first.id.clone(), MailState::Refused),
        (colleague.id.clone(), MailState::Sent),
    ] {
        first = store::mail::Mail {
            id,
            state,
            outcome: Some("550".to_owned()),
            run_at: now,
            ..first
        };
        store.mail_done(&first).await.unwrap();
    }
    let kept = store.mail(&colleague.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.state, kept.recipient.as_str()),
        (MailState::Sent, "ben")
    );
    store.sweep_mail(later).await.unwrap();
    assert_eq!(store.mail(&colleague.id).await.unwrap(), None);
    // What was written to whoever asked stays as long as the case.
    let kept = store.mail_of(&case_id(1)).await.unwrap();
    assert_eq!(kept.len(), mails.len());
    assert_eq!(kept[0].outcome.as_deref(), Some("550"));
}

async fn accounts_lock_and_sessions_end(_: &World, home: Home) {
    let store = home.store().await;
    store.keep_account(&account("ben")).await.unwrap();
    let kept = store.account_of_email("BEN@example.org").await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.email, "ben@example.org");
    assert_eq!(kept.roles, account("ben").roles);
    let taken = Account {
        email: "ben@example.org".to_owned(),
        ..account("other")
    };
    assert!(matches!(
        store.keep_account(&taken).await,
        Err(Fault::Clash(_))
    ));
    let until = noon(TODAY);
    for expected in [None, None, Some(until)] {
        store.count_failure("ben", 3, until).await.unwrap();
        let now = store.account("ben").await.unwrap().unwrap();
        assert_eq!(now.locked_until, expected);
    }
    assert_eq!(store.accounts().await.unwrap().len(), 1);

    let session = |hash: &str| Session {
        token_hash: hash.to_owned(),
        account: "ben".to_owned(),
        form_token: "form".to_owned(),
        began_at: until,
        seen_at: until,
        waits: hash == "b",
    };
    for hash in ["a", "b", "c"] {
        store.begin_session(&session(hash)).await.unwrap();
    }
    assert_eq!(store.session("a").await.unwrap(), Some(session("a")));
    let later = until.checked_add(SignedDuration::from_hours(1)).unwrap();
    store.see_session("b", later).await.unwrap();
    store.end_session("a").await.unwrap();
    assert_eq!(store.session("a").await.unwrap(), None);
    store.sweep_sessions(later).await.unwrap();
    assert_eq!(store.session("c").await.unwrap(), None);
    assert_eq!(store.session("b").await.unwrap().unwrap().seen_at, later);
    store.end_sessions_of("ben").await.unwrap();
    assert_eq!(store.session("b").await.unwrap(), None);
}

async fn links_work_until_their_last_day_and_counts_add_up(_: &World, home: Home) {
    let store = home.store().await;
    let link = PrivateLink {
        token_hash: "hash".to_owned(),
        purpose: "follow".to_owned(),
        case: case_id(1),
        details: "{}".to_owned(),
        ends_on: TODAY,
    };
    store.keep_link(&link).await.unwrap();
    let tomorrow = TODAY.tomorrow().unwrap();
    assert_eq!(
        store.link("hash", "follow", TODAY).await.unwrap(),
        Some(link)
    );
    assert_eq!(store.link("hash", "task", TODAY).await.unwrap(), None);
    assert_eq!(store.link("hash", "follow", tomorrow).await.unwrap(), None);

    store.count(TODAY, "shown", 2).await.unwrap();
    store.count(TODAY, "shown", 3).await.unwrap();
    store.count(tomorrow, "shown", 4).await.unwrap();
    let total = |counts: Vec<(String, u64)>| counts;
    assert_eq!(
        total(store.counts(TODAY, TODAY).await.unwrap()),
        [("shown".to_owned(), 5)]
    );
    assert_eq!(
        total(store.counts(TODAY, tomorrow).await.unwrap()),
        [("shown".to_owned(), 9)]
    );
    assert_eq!(store.setting("branding").await.unwrap(), None);
    store.keep_setting("branding", "one").await.unwrap();
    store.keep_setting("branding", "two").await.unwrap();
    assert_eq!(
        store.setting("branding").await.unwrap().as_deref(),
        Some("two")
    );
}

/// What is published is in the log with its questions; what is taken out leaves its address with the reason.
async fn the_log_follows_the_events(world: &World, home: Home) {
    let store = home.store().await;
    let mut published = Vec::new();
    for number in 0..300 {
        if life(number)
            .steps
            .iter()
            .any(|step| matches!(step.command, Command::Publish(_)))
        {
            live(&store, world, number).await;
            published.push(number);
        }
        if published.len() == 6 {
            break;
        }
    }
    let mut listed = Vec::new();
    let mut after: Option<(String, String)> = None;
    loop {
        let place = after
            .as_ref()
            .map(|(day, address)| (day.as_str(), address.as_str()));
        let page = store.log(place, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.published_on.clone(), last.address.clone()));
        listed.extend(page);
    }
    let still: Vec<u64> = {
        let mut still = Vec::new();
        for number in &published {
            let history = store.history(&case_id(*number)).await.unwrap();
            if history
                .case()
                .is_some_and(|case| case.publication.is_some())
            {
                still.push(*number);
            }
        }
        still
    };
    assert!(!still.is_empty());
    assert_eq!(listed.len(), still.len());
    assert!(listed.is_sorted_by(|one, other| one.published_on >= other.published_on));
    let first = listed.first().unwrap();
    // By topic: each is counted and listed, and what they are called is followed.
    let counts = store.log_topics().await.unwrap();
    assert_eq!(
        counts.get("all"),
        Some(&(listed.len() as u64)),
        "{counts:?}"
    );
    let even = store.log_of("", "", "even", None, 100).await.unwrap();
    assert_eq!(even.len() as u64, counts.get("even").copied().unwrap_or(0));
    let addresses = store.log_addresses_of("even").await.unwrap();
    assert_eq!(addresses.len(), even.len());
    script(&store, "UPDATE log_entry SET topics = ''".to_owned())
        .await
        .unwrap();
    assert!(store.log_topics().await.unwrap().is_empty());
    store.follow_topics("one").await.unwrap();
    assert_eq!(store.log_topics().await.unwrap(), counts);
    script(&store, "UPDATE log_entry SET topics = 'old'".to_owned())
        .await
        .unwrap();
    store.follow_topics("one").await.unwrap();
    assert!(store.log_topics().await.unwrap().contains_key("old"));
    store.follow_topics("two").await.unwrap();
    assert_eq!(store.log_topics().await.unwrap(), counts);
    assert!(store.position().await.unwrap() > 0);
    // Narrowed to a subject it holds the entries of the cases that are about it, listed or searched.
    let about = store.find(&first.case.0).await.unwrap().unwrap().categories;
    for subject in about.split_whitespace().chain(["no-such-row"]) {
        let mut expected = std::collections::BTreeSet::new();
        for entry in &listed {
            let row = store.find(&entry.case.0).await.unwrap().unwrap();
            if row.categories.split(' ').any(|known| known == subject) {
                expected.insert(entry.address.clone());
            }
        }
        let narrowed = store.log_of("", "", subject, None, 100).await.unwrap();
        let narrowed: std::collections::BTreeSet<String> =
            narrowed.into_iter().map(|entry| entry.address).collect();
        assert_eq!(narrowed, expected, "{subject}");
        let addresses = store.log_addresses_of(subject).await.unwrap();
        assert_eq!(addresses, expected, "{subject}");
    }
    assert_eq!(
        store.log_entry(&first.address).await.unwrap().as_ref(),
        Some(first)
    );
    assert!(!first.questions.is_empty());
    // Every word of the log went through the check of personal data.
    for entry in &listed {
        assert!(entry.title.contains('_') && !entry.title.contains(' '));
        for question in &entry.questions {
            assert!(question.question.contains('_') && !question.question.contains(' '));
            assert!(!question.answer.contains(' '));
        }
    }
    let setting = world.setting(TODAY);
    let publisher = Actor {
        id: "petra".to_owned(),
        role: Role::Publisher,
    };
    let unpublish = command("unpublish", json!({"reason": "a figure was wrong"}));
    store
        .act(&first.case, act(&publisher, &unpublish, &setting, None))
        .await
        .unwrap();
    let gone = store.log_entry(&first.address).await.unwrap().unwrap();
    assert_eq!(gone.removed_because.as_deref(), Some("a figure was wrong"));
    assert!(gone.questions.is_empty() && gone.title.is_empty());
    assert_eq!(store.log_entry_of_case(&first.case.0).await.unwrap(), None);
    assert_eq!(store.log_removed(10).await.unwrap(), [gone]);
}

async fn a_locked_backup_opens_with_its_key_alone(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..8 {
        live(&store, world, number).await;
    }
    let kept = store
        .attachments()
        .put("letter.txt", b"Dear applicant, CANARY")
        .await
        .unwrap();
    let key = BackupKey::of_hex(&"0c".repeat(32)).unwrap();
    let folder = home.path().join("locked");
    let carried = store.backup(&folder, Some(&key)).await.unwrap();
    let mut names = Vec::new();
    for place in [folder.clone(), folder.join("attachments")] {
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                names.push(path.file_name().unwrap().to_string_lossy().into_owned());
                let bytes = std::fs::read(&path).unwrap();
                for word in [&b"CANARY"[..], b"harrowmere", b"received", b"case-0"] {
                    assert!(!bytes.windows(word.len()).any(|window| window == word));
                }
            }
        }
    }
    assert!(
        names
            .iter()
            .all(|name| name.ends_with(".locked") && !name.contains(&kept.sha256))
    );
    let setting = world.setting(TODAY);
    let other = BackupKey::of_hex(&"0d".repeat(32)).unwrap();
    assert!(matches!(
        store.restore(&folder, None, true, &setting).await,
        Err(NotRestored::Key(_))
    ));
    assert!(matches!(
        store.restore(&folder, Some(&other), true, &setting).await,
        Err(NotRestored::Damaged { .. })
    ));
    let plain = home.path().join("before");
    store.backup(&plain, None).await.unwrap();
    store.attachments().remove(&kept.sha256).await.unwrap();
    let restored = store
        .restore(&folder, Some(&key), true, &setting)
        .await
        .unwrap();
    assert_eq!(restored.attachments, carried.attachments);
    assert_eq!(
        store.attachments().get(&kept.sha256).await.unwrap(),
        b"Dear applicant, CANARY"
    );
    let after = home.path().join("after");
    store.backup(&after, None).await.unwrap();
    let read = |folder: &std::path::Path| std::fs::read(folder.join("dump.jsonl")).unwrap();
    assert!(read(&plain) == read(&after));
    assert!(matches!(
        store.restore(&plain, Some(&key), true, &setting).await,
        Err(NotRestored::Key(_))
    ));
}

async fn the_register_of_topics_follows_the_events(world: &World, home: Home) {
    let store = home.store().await;
    for number in 0..60 {
        live(&store, world, number).await;
    }
    let topics = store.topics().await.unwrap();
    assert!(!topics.is_empty());
    // What the register says is what the cases themselves add up to.
    let mut counted = std::collections::BTreeMap::new();
    let mut of_one = Vec::new();
    for number in 0..60 {
        let history = store.history(&case_id(number)).await.unwrap();
        let stances = history.case().map(stances).unwrap_or_default();
        for stance in &stances {
            *counted
                .entry((stance.topic.clone(), stance.way))
                .or_insert(0_u64) += 1;
        }
        if of_one.is_empty() {
            of_one = stances;
        }
    }
    let said: std::collections::BTreeMap<_, _> = topics
        .iter()
        .map(|taken| ((taken.topic.clone(), taken.way), taken.times))
        .collect();
    assert_eq!(said, counted);
    let one = &of_one[0];
    let topic = [one.topic.clone()];
    let all = store.stances_on(&topic, &case_id(999)).await.unwrap();
    let others = store.stances_on(&topic, &one.case).await.unwrap();
    assert!(all.iter().all(|stance| stance.topic == one.topic));
    assert!(others.iter().all(|stance| stance.case != one.case));
    store.rebuild(&world.setting(TODAY)).await.unwrap();
    assert_eq!(store.topics().await.unwrap(), topics);
}
