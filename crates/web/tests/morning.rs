//! What makes an officer's morning shorter without making it worse: their own settings, requests that ask the same, and
//! the questions of which the proposal is shown only afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use common::*;

#[test]
fn everybody_chooses_rows_colours_and_keys_for_themselves() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let before = desk.get("/desk", Some(&officer)).await;
        assert!(before.text.contains("href=\"/desk/settings\">My settings"));
        assert!(before.text.contains("<html lang=\"en-GB\">"));
        assert!(before.text.contains("content=\"light dark\""));
        assert!(!before.text.contains("data-single-keys"), "keys are off");
        let wrong = desk
            .post(
                "/desk/settings",
                &[("colours", "sepia"), ("keys", "on")],
                Some(&officer),
            )
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("Choose the colours"));
        let chosen = [("colours", "dark"), ("compact", "on"), ("keys", "on")];
        desk.act(&officer, "/desk/settings", &chosen).await;
        let page = desk
            .get("/desk/settings?done=settings", Some(&officer))
            .await;
        assert!(page.text.contains("Your settings are saved."));
        assert_eq!(page.text.matches(" checked").count(), 3, "{}", page.text);
        for path in ["/desk", "/desk/settings", "/"] {
            let page = desk.get(path, Some(&officer)).await;
            assert!(
                page.text
                    .contains("<html lang=\"en-GB\" data-colours=\"dark\" data-rows=\"compact\">"),
                "{path}"
            );
            assert!(page.text.contains("name=\"color-scheme\" content=\"dark\""));
        }
        // They hold wherever this person signs in, and for nobody else.
        let again = desk.sign_in("ben").await;
        let page = desk.get("/desk", Some(&again)).await;
        assert!(page.text.contains(" data-single-keys>"));
        let other = desk.sign_in("amina").await;
        for visitor in [Some(&other), None] {
            let page = desk.get("/", visitor).await;
            assert!(page.text.contains("<html lang=\"en-GB\">"));
        }
        desk.act(&again, "/desk/settings", &[("colours", "system")])
            .await;
        let page = desk.get("/desk", Some(&officer)).await;
        assert!(page.text.contains("<html lang=\"en-GB\">"));
        assert!(!page.text.contains("data-single-keys"));
        // What can't be read any more is as if nothing was chosen.
        let store = desk.app.office.store();
        store.keep_setting("preferences:ben", "{").await.unwrap();
        assert_eq!(desk.get("/desk", Some(&officer)).await.status, 200);
    });
}
