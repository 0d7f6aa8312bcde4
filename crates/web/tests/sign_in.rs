//! Signing in from outside: the second factor, and an identity provider that the tests start themselves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use casework::role::Role;
use common::*;
use office::sign_in::Provider;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use web::Settings;
use web::second;

async fn enter(desk: &Desk, id: &str, password: &str) -> Answer {
    let email = format!("{id}@harrowmere.example");
    desk.post(
        "/sign-in",
        &[("email", &email), ("password", password)],
        None,
    )
    .await
}

/// Switches the second factor on, and gives its secret and recovery codes.
async fn enrol(desk: &Desk, visitor: &Visitor) -> (String, Vec<String>, Answer) {
    let page = desk.get("/desk/account/second", Some(visitor)).await;
    assert_eq!(faults(&page.text), Vec::<String>::new());
    assert!(page.text.contains("<svg class=\"qr\"") && !page.text.contains("<script>"));
    let secret = page.between("name=\"secret\" value=\"", "\"");
    let code = second::digits(&secret, second::step_of(desk.app.now())).unwrap();
    let on = |code: &str, password: &str| {
        [
            ("do", "on".to_owned()),
            ("secret", secret.clone()),
            ("code", code.to_owned()),
            ("password", password.to_owned()),
        ]
    };
    for (code, password, wrong) in [
        ("000000", web::demo::PASSWORD, "id=\"code-wrong\""),
        (&*code, "wrong-wrong-wrong", "id=\"password-wrong\""),
    ] {
        let fields = on(code, password);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let refused = desk
            .post("/desk/account/second", &fields, Some(visitor))
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(wrong), "{}", refused.text);
        assert!(
            refused.text.contains(&secret),
            "the picture scanned stays good"
        );
    }
    let fields = on(&code, web::demo::PASSWORD);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let done = desk
        .post("/desk/account/second", &fields, Some(visitor))
        .await;
    assert_eq!(done.status, 200, "{}", done.text);
    let codes: Vec<String> = done
        .text
        .split("<li>")
        .filter_map(|rest| rest.split("</li>").next())
        .filter(|code| code.len() == 23 && code.matches('-').count() == 3)
        .map(str::to_owned)
        .collect();
    assert_eq!(codes.len(), 10, "{}", done.text);
    (secret, codes, done)
}

#[test]
fn a_second_factor_is_asked_for_works_once_and_shuts_after_five() {
    run(async {
        let desk = Desk::demo().await;
        let before = desk.sign_in("ivor").await;
        let (secret, codes, done) = enrol(&desk, &before).await;
        assert_eq!(
            desk.get("/desk/admin", Some(&before)).await.status,
            303,
            "older sessions end"
        );
        assert_eq!(
            desk.get("/desk/admin", Some(&done.cookie())).await.status,
            200
        );
        let code = |desk: &Desk| second::digits(&secret, second::step_of(desk.app.now())).unwrap();
        let send = async |desk: &Desk, waiting: &Visitor, code: &str| {
            let fields = [("code", code), ("next", "https://elsewhere.example/desk")];
            desk.post("/sign-in/code", &fields, Some(waiting)).await
        };

        let entered = enter(&desk, "ivor", web::demo::PASSWORD).await;
        assert!(entered.header("location").starts_with("/sign-in/code"));
        let waiting = entered.cookie();
        assert_eq!(
            desk.get("/desk/admin", Some(&waiting)).await.status,
            303,
            "half is nothing"
        );
        let page = desk.get("/sign-in/code", Some(&waiting)).await;
        assert_eq!((page.status, faults(&page.text)), (200, vec![]));
        // The code that was used to switch it on doesn't work again.
        assert_eq!(send(&desk, &waiting, &code(&desk)).await.status, 422);
        desk.later(30);
        let fresh = code(&desk);
        let signed = send(&desk, &waiting, &fresh).await;
        assert_eq!(
            (signed.status, signed.header("location")),
            (303, "/desk/admin")
        );
        assert_ne!(
            signed.cookie().cookie,
            waiting.cookie,
            "a session of its own"
        );
        assert_eq!(
            desk.get("/desk/admin", Some(&signed.cookie())).await.status,
            200
        );
        assert_eq!(
            send(&desk, &waiting, &fresh).await.header("location"),
            "/sign-in"
        );

        // Whoever looks over a shoulder is too late with the same code.
        let waiting = enter(&desk, "ivor", web::demo::PASSWORD).await.cookie();
        assert_eq!(send(&desk, &waiting, &fresh).await.status, 422);
        // A recovery code works once, however it is written.
        let spaced = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(send(&desk, &waiting, &spaced).await.status, 303);
        let waiting = enter(&desk, "ivor", web::demo::PASSWORD).await.cookie();
        assert_eq!(send(&desk, &waiting, &codes[0]).await.status, 422);

        // The right password in between doesn't begin the count anew: five wrong codes shut the account.
        desk.later(600);
        for _ in 0..4 {
            let waiting = enter(&desk, "ivor", web::demo::PASSWORD).await.cookie();
            assert_eq!(send(&desk, &waiting, "123456").await.status, 422);
            desk.later(60);
        }
        let shut = enter(&desk, "ivor", web::demo::PASSWORD).await;
        assert_eq!(shut.status, 422);
        desk.later(16 * 60);
        let waiting = enter(&desk, "ivor", web::demo::PASSWORD).await.cookie();
        desk.later(11 * 60);
        let late = send(&desk, &waiting, &code(&desk)).await;
        assert_eq!(
            late.header("location"),
            "/sign-in",
            "the first half doesn't wait for ever"
        );
    });
}

#[test]
fn the_person_with_their_password_or_an_administrator_switches_it_off() {
    run(async {
        let desk = Desk::demo().await;
        let ruth = desk.sign_in("ruth").await;
        let (_, codes, done) = enrol(&desk, &ruth).await;
        let mut visitor = done.cookie();
        let page = desk.get("/desk/account/second", Some(&visitor)).await;
        visitor.form_token = page.between("name=\"form_token\" value=\"", "\"");
        assert!(page.text.contains("Two-step sign-in is on"));
        let wrong = [("do", "off"), ("password", "wrong-wrong-wrong")];
        assert_eq!(
            desk.post("/desk/account/second", &wrong, Some(&visitor))
                .await
                .status,
            422
        );
        let anew = [("do", "codes"), ("password", web::demo::PASSWORD)];
        let given = desk
            .post("/desk/account/second", &anew, Some(&visitor))
            .await;
        assert!(given.status == 200 && !given.text.contains(&codes[0]));
        let mut visitor = given.cookie();
        let page = desk.get("/desk/account/second", Some(&visitor)).await;
        visitor.form_token = page.between("name=\"form_token\" value=\"", "\"");
        let off = [("do", "off"), ("password", web::demo::PASSWORD)];
        desk.act(&visitor, "/desk/account/second", &off).await;
        assert_eq!(
            enter(&desk, "ruth", web::demo::PASSWORD)
                .await
                .header("location"),
            "/desk"
        );

        let ruth = desk.sign_in("ruth").await;
        enrol(&desk, &ruth).await;
        let ivor = desk.sign_in("ivor").await;
        let page = desk.get("/desk/admin/people/ruth", Some(&ivor)).await;
        assert!(page.text.contains("Switch it off for this person"));
        let fields = [
            ("name", "Ruth Adeyemi"),
            ("email", "ruth@harrowmere.example"),
            ("roles", "auditor"),
            ("active", "yes"),
            ("second", "off"),
        ];
        desk.act(&ivor, "/desk/admin/people/ruth", &fields).await;
        assert_eq!(
            enter(&desk, "ruth", web::demo::PASSWORD)
                .await
                .header("location"),
            "/desk"
        );
    });
}

/// Nobody, a wrong password and a shut account take about as long: the least of several, which noise only adds to.
#[test]
fn how_long_it_takes_tells_nothing_of_who_has_an_account() {
    run(async {
        let desk = Desk::demo().await;
        let mut least = BTreeMap::new();
        for round in 0..8 {
            for (id, who) in [
                ("nobody", "nobody"),
                ("amina", "shut"),
                (["ben", "tess", "lena", "maud"][round % 4], "wrong"),
            ] {
                desk.later(60);
                let began = std::time::Instant::now();
                assert_eq!(enter(&desk, id, "wrong-wrong-wrong").await.status, 422);
                let took = began.elapsed();
                // The first five of amina's shut it.
                if who != "shut" || round >= 5 {
                    let known = least.entry(who).or_insert(took);
                    *known = took.min(*known);
                }
            }
        }
        let (quickest, slowest) = (least.values().min().unwrap(), least.values().max().unwrap());
        assert!(*slowest < *quickest * 3, "{least:?}");
    });
}

/// An identity provider: what it puts into its next token, with which key, and what it was asked.
#[derive(Default)]
struct Idp {
    base: String,
    key: Option<EcdsaKeyPair>,
    other_key: Option<EcdsaKeyPair>,
    sign_with_other: bool,
    change: Vec<(&'static str, Value)>,
    now: i64,
    nonces: BTreeMap<String, (String, String)>,
    asked: Vec<(Option<String>, BTreeMap<String, String>)>,
}

type Shared = Arc<Mutex<Idp>>;

fn new_key() -> EcdsaKeyPair {
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap()
}

async fn configuration(State(idp): State<Shared>) -> Json<Value> {
    let base = idp.lock().unwrap().base.clone();
    Json(json!({
        "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys")
    }))
}

async fn keys(State(idp): State<Shared>) -> Json<Value> {
    let idp = idp.lock().unwrap();
    let point = idp.key.as_ref().unwrap().public_key().as_ref();
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({"keys": [
        {"kty": "oct", "kid": "not-for-this"},
        {"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": part(&point[1..33]), "y": part(&point[33..])}
    ]}))
}

async fn exchange(
    State(idp): State<Shared>,
    headers: axum::http::HeaderMap,
    body: String,
) -> Result<Json<Value>, axum::http::StatusCode> {
    let mut idp = idp.lock().unwrap();
    let form: BTreeMap<String, String> = serde_urlencoded::from_str(&body).unwrap();
    let authorization = headers
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    idp.asked.push((authorization, form.clone()));
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    // A code works once, and only for whoever has the verifier.
    let Some((nonce, expected)) = idp.nonces.remove(&form["code"]) else {
        return Err(axum::http::StatusCode::BAD_REQUEST);
    };
    if challenge != expected {
        return Err(axum::http::StatusCode::BAD_REQUEST);
    }
    let mut claims = json!({
        "iss": idp.base, "aud": "candour", "sub": "248289761001", "nonce": nonce, "iat": idp.now, "exp": idp.now + 300,
        "name": "Dana Whitlock", "email": "Dana.Whitlock@harrowmere.example", "groups": ["foi-officers", "everyone"]
    });
    for (name, value) in &idp.change {
        claims[*name] = value.clone();
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!(
        "{}.{}",
        part(&json!({"alg": "ES256", "kid": "one"})),
        part(&claims)
    );
    let key = if idp.sign_with_other {
        &idp.other_key
    } else {
        &idp.key
    };
    let random = ring::rand::SystemRandom::new();
    let signature = key
        .as_ref()
        .unwrap()
        .sign(&random, message.as_bytes())
        .unwrap();
    let token = format!(
        "{message}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())
    );
    Ok(Json(
        json!({"access_token": "unused", "token_type": "Bearer", "id_token": token}),
    ))
}

async fn with_provider() -> (Desk, Shared) {
    let idp: Shared = Arc::default();
    let pages = Router::new()
        .route(
            "/.well-known/openid-configuration",
            axum::routing::get(configuration),
        )
        .route("/keys", axum::routing::get(keys))
        .route("/token", axum::routing::post(exchange))
        .with_state(idp.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, pages).await });
    let desk = Desk::with(Settings {
        private_hosts: vec!["127.0.0.1".to_owned()],
        provider: Some(Provider {
            name: "your Harrowmere account".to_owned(),
            issuer: base.clone(),
            client_id: "candour".to_owned(),
            roles_claim: "groups".to_owned(),
            roles: BTreeMap::from([
                ("foi-officers".to_owned(), vec![Role::InformationOfficer]),
                ("approvers".to_owned(), vec![Role::Approver]),
            ]),
        }),
        provider_secret: Some("s3cr&t".to_owned()),
        ..Settings::default()
    })
    .await;
    let mut locked = idp.lock().unwrap();
    locked.base = base;
    locked.key = Some(new_key());
    locked.other_key = Some(new_key());
    locked.now = desk.app.now().as_second();
    drop(locked);
    (desk, idp)
}

/// Leaves for the provider, which remembers what was asked under this code, and gives what comes back to us.
async fn leave(desk: &Desk, idp: &Shared, code: &str, next: &str) -> (Visitor, String) {
    // One place may begin so often in a minute.
    desk.later(60);
    idp.lock().unwrap().now = desk.app.now().as_second();
    let next: String = serde_urlencoded::to_string([("next", next)]).unwrap();
    let away = desk.get(&format!("/sign-in/provider?{next}"), None).await;
    assert_eq!(away.status, 303, "{}", away.text);
    let address = url::Url::parse(away.header("location")).unwrap();
    let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!(address.path(), "/authorize");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], "candour");
    assert_eq!(asked["redirect_uri"], "http://desk.example/sign-in/return");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let mut idp = idp.lock().unwrap();
    idp.nonces.insert(
        code.to_owned(),
        (asked["nonce"].clone(), asked["code_challenge"].clone()),
    );
    (
        away.cookie(),
        format!("/sign-in/return?code={code}&state={}", asked["state"]),
    )
}

#[test]
fn whom_the_provider_names_is_signed_in_with_the_roles_of_their_groups() {
    run(async {
        let (desk, idp) = with_provider().await;
        let page = desk.get("/sign-in?next=/desk/new", None).await;
        assert!(page.text.contains("Sign in with your Harrowmere account"));
        assert!(
            page.text
                .contains("href=\"/sign-in/provider?next=%2Fdesk%2Fnew\""),
            "{}",
            page.text
        );
        let (browser, back) = leave(&desk, &idp, "code-1", "/desk/new").await;
        let signed = desk.get(&back, Some(&browser)).await;
        assert_eq!(
            (signed.status, signed.header("location")),
            (303, "/desk/new"),
            "{}",
            signed.text
        );
        let (authorization, form) = idp.lock().unwrap().asked[0].clone();
        // `candour:s3cr%26t`, as RFC 6749 section 2.3.1 writes it.
        assert_eq!(authorization.unwrap(), "Basic Y2FuZG91cjpzM2NyJTI2dA==");
        assert!(!form.contains_key("client_secret"));
        let store = desk.app.office.store();
        let known_as = format!("{} 248289761001", idp.lock().unwrap().base);
        let account = store.account_of_subject(&known_as).await.unwrap().unwrap();
        assert_eq!(
            (account.name.as_str(), account.id.as_str()),
            ("Dana Whitlock", "dana")
        );
        assert_eq!(account.roles, [Role::InformationOfficer]);
        assert!(account.secret.is_empty());
        assert_eq!(
            enter(&desk, "dana.whitlock", "").await.status,
            422,
            "no password fits"
        );

        // Again with another group: the same account, other roles, and older sessions end.
        idp.lock().unwrap().change = vec![
            ("groups", json!("approvers")),
            ("email", json!("new@harrowmere.example")),
        ];
        let (browser, back) = leave(&desk, &idp, "code-2", "https://elsewhere.example/").await;
        let again = desk.get(&back, Some(&browser)).await;
        assert_eq!(
            again.header("location"),
            "/desk/approvals",
            "no open redirect"
        );
        let account = store.account_of_subject(&known_as).await.unwrap().unwrap();
        assert_eq!(account.roles, [Role::Approver]);
    });
}

#[test]
fn nobody_is_signed_in_by_what_is_wrong_old_stolen_or_used_before() {
    run(async {
        let (desk, idp) = with_provider().await;
        let now = idp.lock().unwrap().now;
        let refuse = async |why: &str, who: &Visitor, back: &str| {
            let answer = desk.get(back, Some(who)).await;
            assert_eq!(answer.status, 422, "{why}");
            assert!(answer.text.contains("You could not be signed in"), "{why}");
            let given = answer.cookie();
            assert!(
                given.cookie.ends_with("candour-away="),
                "{why}: {}",
                given.cookie
            );
        };
        for (why, change) in [
            ("nonce", vec![("nonce", json!("another"))]),
            ("no nonce", vec![("nonce", json!(null))]),
            ("audience", vec![("aud", json!("another"))]),
            (
                "two audiences",
                vec![("aud", json!(["candour", "another"]))],
            ),
            ("expired", vec![("exp", json!(now))]),
            ("not yet", vec![("nbf", json!(now + 3600))]),
            ("issuer", vec![("iss", json!("https://elsewhere.example"))]),
            ("nobody", vec![("sub", json!(""))]),
            ("no role", vec![("groups", json!(["everyone"]))]),
            ("no groups", vec![("groups", json!(null))]),
            (
                "an address of another account",
                vec![("email", json!("amina@harrowmere.example"))],
            ),
            ("no address", vec![("email", json!(null))]),
        ] {
            idp.lock().unwrap().change = change;
            // What was `now` at the beginning is long ago at the end.
            desk.later(120);
            let (browser, back) = leave(&desk, &idp, &why.replace(' ', "-"), "/desk").await;
            refuse(why, &browser, &back).await;
        }
        idp.lock().unwrap().change = Vec::new();

        idp.lock().unwrap().sign_with_other = true;
        let (browser, back) = leave(&desk, &idp, "wrong-key", "/desk").await;
        refuse("key", &browser, &back).await;
        // Keys that the provider changed are asked for anew.
        {
            let mut locked = idp.lock().unwrap();
            locked.sign_with_other = false;
            locked.key = Some(new_key());
        }
        let (browser, back) = leave(&desk, &idp, "new-key", "/desk").await;
        assert_eq!(desk.get(&back, Some(&browser)).await.status, 303);

        // The same state twice, a made-up one, another browser's, none at all.
        refuse("used before", &browser, &back).await;
        let (browser, back) = leave(&desk, &idp, "a", "/desk").await;
        refuse("made up", &browser, "/sign-in/return?code=a&state=made-up").await;
        let (other, _) = leave(&desk, &idp, "b", "/desk").await;
        refuse("another browser", &other, &back).await;
        refuse("used up by another browser", &browser, &back).await;
        let (browser, back) = leave(&desk, &idp, "c", "/desk").await;
        let elsewhere = format!("{back}&iss=https%3A%2F%2Felsewhere.example");
        refuse("another provider", &browser, &elsewhere).await;
        let (browser, back) = leave(&desk, &idp, "d", "/desk").await;
        let denied = back.replace("code=d", "error=access_denied");
        refuse("denied", &browser, &denied).await;
        let (browser, back) = leave(&desk, &idp, "e", "/desk").await;
        desk.later(11 * 60);
        refuse("too late", &browser, &back).await;
        // A code that was stolen is no use without what went with it.
        let (_, _) = leave(&desk, &idp, "stolen", "/desk").await;
        let (browser, back) = leave(&desk, &idp, "own", "/desk").await;
        refuse(
            "stolen code",
            &browser,
            &back.replace("code=own", "code=stolen"),
        )
        .await;
        let (browser, back) = leave(&desk, &idp, "f", "/desk").await;
        let nobody = Visitor {
            cookie: "other=1".to_owned(),
            form_token: String::new(),
        };
        refuse("no cookie", &nobody, &back).await;
        drop(browser);

        // An account that may not sign in doesn't.
        let store = desk.app.office.store();
        let known_as = format!("{} 248289761001", idp.lock().unwrap().base);
        let mut account = store.account_of_subject(&known_as).await.unwrap().unwrap();
        account.is_active = false;
        store.keep_account(&account).await.unwrap();
        let (browser, back) = leave(&desk, &idp, "inactive", "/desk").await;
        refuse("inactive", &browser, &back).await;
    });
}

#[test]
fn without_a_provider_there_is_no_such_way() {
    run(async {
        let desk = Desk::demo().await;
        let page = desk.get("/sign-in", None).await;
        assert!(!page.text.contains("/sign-in/provider"));
        for path in ["/sign-in/provider", "/sign-in/return?code=a&state=b"] {
            assert_eq!(desk.get(path, None).await.status, 404, "{path}");
        }
    });
}
