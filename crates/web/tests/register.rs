//! The contracts register from file to public page, by whoever publishes it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use casework::role::Role;
use common::*;

/// As somebody keeps it: a title above, odd names of columns, a total below, a date that no calendar has.
const FILE: &str = "Harrowmere contracts,,,,,,\n\
    ,,,,,,\n\
    Our ref,What for,Details,Who from,Worth,Begins,Ends\n\
    HM-C-0112,Telephone system,Hosted voice and contact centre,Lakeland Voice Ltd,\"£312,000\",01/04/2024,31/03/2028\n\
    HM-C-0200,Firewalls,12 FortiGate 200F firewalls running FortiOS 7.4.3,Brackenhythe Networks Ltd,\"£86,400\",01/07/2026,31/02/2029\n\
    HM-C-0201,Piano tuning,Schools,Ann Example of 4 Pond Lane HM1 2AB,\"£6,000\",01/09/2026,31/08/2027\n\
    ,Total,,,\"£404,400\",,\n";

const MAPPING: &[(&str, &str)] = &[
    ("column-reference", "Our ref"),
    ("column-title", "What for"),
    ("column-description", "Details"),
    ("column-supplier_name", "Who from"),
    ("column-value", "Worth"),
    ("column-start", "Begins"),
    ("column-end", "Ends"),
];

#[test]
fn a_file_is_shown_before_it_is_kept_and_a_quarter_before_it_is_published() {
    run(async {
        let desk = Desk::demo().await;
        let publisher = desk.sign_in_as(Role::Publisher).await;
        let token = [("form_token", publisher.form_token.as_str())];
        let form = "/desk/register/import";
        let before = desk.get("/desk/register", Some(&publisher)).await;
        assert_eq!((before.status, faults(&before.text)), (200, vec![]));

        let no_register = desk
            .upload(form, &publisher, &token, &[("a.csv", b"just,words\n1,2\n")])
            .await;
        assert!(
            no_register
                .text
                .contains("No row names at least three fields"),
            "{}",
            no_register.text
        );
        let nothing = desk.upload(form, &publisher, &token, &[]).await;
        assert!(
            nothing.text.contains("Choose the register"),
            "{}",
            nothing.text
        );

        let read = desk
            .upload(form, &publisher, &token, &[("list.csv", FILE.as_bytes())])
            .await;
        assert_eq!((read.status, faults(&read.text)), (200, vec![]));
        assert!(read.text.contains("3 contracts"), "{}", read.text);
        assert!(
            read.text.contains("31/02/2029") && read.text.contains("Cell G5"),
            "{}",
            read.text
        );
        assert!(read.text.contains("Nothing is kept yet"));
        let sha256 = read.between("name=\"sha256\" value=\"", "\"");

        // With one column said to be something else, and still nothing kept.
        let mut fields = vec![
            ("name", "list.csv"),
            ("sha256", sha256.as_str()),
            ("do", "again"),
        ];
        fields.extend(MAPPING.iter().filter(|(column, _)| *column != "column-end"));
        let again = desk
            .post("/desk/register/keep", &fields, Some(&publisher))
            .await;
        assert_eq!((again.status, faults(&again.text)), (200, vec![]));
        assert!(!again.text.contains("31/02/2029"), "{}", again.text);
        let unchanged = desk.get("/desk/register", Some(&publisher)).await;
        assert_eq!(
            without_tokens(&unchanged.text),
            without_tokens(&before.text)
        );

        // Another person can't keep what this one put by, nor this one another file under its name.
        let mut fields = vec![
            ("name", "list.csv"),
            ("sha256", sha256.as_str()),
            ("do", "keep"),
        ];
        fields.extend(MAPPING);
        let officer = desk.sign_in("amina").await;
        let theirs = desk
            .post("/desk/register/keep", &fields, Some(&officer))
            .await;
        assert!(theirs.text.contains("choose it again"), "{}", theirs.text);
        // An officer imports and does not publish; an approver does neither.
        let publish = "/desk/register/publish";
        assert_eq!(desk.get(publish, Some(&officer)).await.status, 404);
        let approver = desk.sign_in("colin").await;
        for path in ["/desk/register/import", publish] {
            assert_eq!(desk.get(path, Some(&approver)).await.status, 404);
        }
        let mut other = fields.clone();
        let wrong = "0".repeat(64);
        other[1].1 = &wrong;
        let gone = desk
            .post("/desk/register/keep", &other, Some(&publisher))
            .await;
        assert!(gone.text.contains("choose it again"), "{}", gone.text);

        desk.act(&publisher, "/desk/register/keep", &fields).await;
        let kept = desk
            .get("/desk/register?done=register-kept", Some(&publisher))
            .await;
        assert_eq!((kept.status, faults(&kept.text)), (200, vec![]));
        assert!(kept.text.contains("3 contracts") && kept.text.contains("The rows are kept"));
        let public = desk.get("/contracts?find=FortiGate", None).await;
        assert!(
            !public.text.contains("FortiOS"),
            "what is kept is no page of the public's"
        );

        let preview = desk.get("/desk/register/publish", Some(&publisher)).await;
        assert_eq!((preview.status, faults(&preview.text)), (200, vec![]));
        assert!(preview.text.contains("7.4.3"), "{}", preview.text);
        assert!(
            preview.text.contains("was published on"),
            "{}",
            preview.text
        );
        assert!(
            preview.text.contains("HM-C-0201 Piano tuning"),
            "{}",
            preview.text
        );
        let refused = desk
            .post("/desk/register/publish", &[], Some(&publisher))
            .await;
        assert_eq!(faults(&refused.text), Vec::<String>::new());
        assert!(refused.text.contains("Say why it is published again"));
        assert!(refused.text.contains("Look at each row"));
        let why = [("correction", "A firewall was left out"), ("looked", "yes")];
        desk.act(&publisher, "/desk/register/publish", &why).await;

        let list = desk.get("/contracts", None).await;
        assert!(
            list.text.contains("Piano tuning") && list.text.contains("A firewall was left out")
        );
        let csv = desk.get("/contracts/2026-Q3-2/register.csv", None).await;
        assert!(csv.text.contains("HM-C-0201"), "{}", csv.text);
        let twice = desk
            .post("/desk/register/publish", &why, Some(&publisher))
            .await;
        assert!(twice.header("location").ends_with("register-unchanged"));

        let audit = desk.get("/desk/record/audit", Some(&publisher)).await;
        assert_eq!((audit.status, faults(&audit.text)), (200, vec![]));
        assert!(audit.text.contains("hm-c-0200"), "{}", audit.text);
    });
}
