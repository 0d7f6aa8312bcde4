//! Ten thousand random changes of one byte in an export: every one is found.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use common::*;
use store::Engine;
use store::export::verify_export;

#[test]
fn any_changed_byte_of_an_export_is_found() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (all, one, key) = runtime.block_on(async {
        let world = World::new();
        let home = Home::new(Engine::Sqlite, "mutation").await;
        let store = home.store().await;
        for number in 0..3 {
            live(&store, &world, number).await;
            store.make_checkpoint(TODAY).await.unwrap().unwrap();
        }
        let all = store.export(None).await.unwrap();
        let one = store.export(Some(&case_id(1))).await.unwrap();
        (all, one, store.secrets().signing.public())
    });
    for export in [all, one] {
        verify_export(export.as_bytes(), &key).unwrap();
        let mut state: u64 = 42;
        let mut dice = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        for _ in 0..5_000 {
            let mut bytes = export.clone().into_bytes();
            let at = dice(bytes.len());
            let change = u8::try_from(dice(255) + 1).unwrap();
            bytes[at] ^= change;
            let found = verify_export(&bytes, &key);
            assert!(
                found.is_err(),
                "byte {at} changed by {change:#x} was not found"
            );
        }
        // A line taken out, doubled, or moved.
        let lines: Vec<&str> = export.split_inclusive('\n').collect();
        for at in 0..lines.len() {
            let mut without = lines.clone();
            without.remove(at);
            assert!(
                verify_export(without.concat().as_bytes(), &key).is_err(),
                "line {at} removed"
            );
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            assert!(
                verify_export(doubled.concat().as_bytes(), &key).is_err(),
                "line {at} doubled"
            );
            if at > 0 {
                let mut moved = lines.clone();
                moved.swap(at, at - 1);
                assert!(
                    verify_export(moved.concat().as_bytes(), &key).is_err(),
                    "line {at} moved"
                );
            }
        }
    }
}
