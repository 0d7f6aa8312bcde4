//! Tokens of an identity provider: read, and checked against its keys and what they must say, OpenID Connect Core 3.1.3.7.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// Seconds by which clocks may differ.
const SLACK: i64 = 60;

/// Keys of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Keys {
    keys: Vec<Key>,
}

/// A key of a provider; which of its parts are there depends on its kind.
#[derive(Clone, Debug, Default, Deserialize)]
struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(rename = "use", default)]
    purpose: Option<String>,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

/// What a token is checked against.
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// What it calls this installation.
    pub client_id: &'a str,
    /// What was sent with the browser.
    pub nonce: &'a str,
    /// The instant.
    pub now: Timestamp,
}

/// Why a token isn't taken; for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It isn't three parts of which two are JSON.
    Malformed,
    /// It isn't signed by a way that is taken: RS256 and ES256.
    Algorithm,
    /// No key of the provider has signed it.
    Signature,
    /// Another provider gave it.
    Issuer,
    /// It is for another program.
    Audience,
    /// It has ended, or isn't good yet.
    Time,
    /// It is the answer to another browser's question.
    Nonce,
    /// It names nobody.
    Subject,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

fn part(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

impl Key {
    /// Whether this key has signed; a key of another kind, or for another purpose, has not.
    fn signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        if self
            .purpose
            .as_deref()
            .is_some_and(|purpose| purpose != "sig")
        {
            return false;
        }
        match (algorithm, self.kty.as_str()) {
            ("RS256", "RSA") => {
                let (Some(n), Some(e)) = (part(&self.n), part(&self.e)) else {
                    return false;
                };
                RsaPublicKeyComponents { n, e }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                    .is_ok()
            }
            ("ES256", "EC") if self.crv == "P-256" => {
                let (Some(x), Some(y)) = (part(&self.x), part(&self.y)) else {
                    return false;
                };
                let point = [&[4][..], &x, &y].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
            _ => false,
        }
    }
}

impl Keys {
    /// The claims of a token that one of these keys has signed.
    ///
    /// # Errors
    /// It can't be read, or none has.
    pub fn claims(&self, token: &str) -> Result<Value, Refused> {
        let mut parts = token.split('.');
        let (Some(head), Some(body), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refused::Malformed);
        };
        let header = part(head).ok_or(Refused::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| Refused::Malformed)?;
        if !["RS256", "ES256"].contains(&header.alg.as_str()) {
            return Err(Refused::Algorithm);
        }
        let message = format!("{head}.{body}");
        let signature = part(signature).ok_or(Refused::Malformed)?;
        let is_signed = self
            .keys
            .iter()
            .filter(|key| header.kid.is_none() || key.kid.is_none() || key.kid == header.kid)
            .any(|key| key.signed(&header.alg, message.as_bytes(), &signature));
        if !is_signed {
            return Err(Refused::Signature);
        }
        let body = part(body).ok_or(Refused::Malformed)?;
        serde_json::from_slice(&body).map_err(|_| Refused::Malformed)
    }
}

/// Holds the claims of a token against what they must say; answers with whom it names.
///
/// # Errors
/// One of them says something else.
pub fn subject(claims: &Value, expected: &Expected<'_>) -> Result<String, Refused> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let second = |name: &str| claims.get(name).and_then(Value::as_f64);
    if text("iss") != Some(expected.issuer) {
        return Err(Refused::Issuer);
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_for_us = audience.contains(&expected.client_id);
    let is_to_us = text("azp").map_or(audience.len() == 1, |to| to == expected.client_id);
    if !is_for_us || !is_to_us {
        return Err(Refused::Audience);
    }
    let (now, slack) = (expected.now.as_second() as f64, SLACK as f64);
    let is_in_time = second("exp").is_some_and(|end| now < end + slack)
        && second("iat").is_some_and(|given| given <= now + slack)
        && second("nbf").is_none_or(|start| start <= now + slack);
    if !is_in_time {
        return Err(Refused::Time);
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(Refused::Nonce);
    }
    text("sub")
        .filter(|subject| !subject.is_empty() && subject.len() <= 255)
        .map(str::to_owned)
        .ok_or(Refused::Subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(key: Value) -> Keys {
        serde_json::from_value(json!({ "keys": [key] })).unwrap()
    }

    /// RFC 7515, appendices A.2 and A.3.
    const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const BY_RSA: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const BY_CURVE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn rsa() -> Value {
        json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})
    }

    fn curve() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    #[test]
    fn signatures_of_the_standard_hold_and_no_other_does() {
        let by_rsa = format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.{BY_RSA}");
        let by_curve = format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.{BY_CURVE}");
        for (key, token) in [(rsa(), &by_rsa), (curve(), &by_curve)] {
            let claims = keys(key.clone()).claims(token).unwrap();
            assert_eq!(claims["iss"], "joe");
            let mut named = key.clone();
            named["kid"] = "one".into();
            assert!(keys(named).claims(token).is_ok());
            let mut other = key.clone();
            other["use"] = "enc".into();
            assert_eq!(keys(other).claims(token), Err(Refused::Signature));
            let altered = token.replace("eyJpc3MiOiJqb2U", "eyJpc3MiOiJqb3U");
            assert_eq!(keys(key).claims(&altered), Err(Refused::Signature));
        }
        assert_eq!(keys(curve()).claims(&by_rsa), Err(Refused::Signature));
        assert_eq!(keys(rsa()).claims(&by_curve), Err(Refused::Signature));
        // {"alg":"none"} and {"alg":"HS256"}: whoever has the public key could make these.
        for head in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"] {
            let token = format!("{head}.{CLAIMS}.");
            assert_eq!(keys(rsa()).claims(&token), Err(Refused::Algorithm));
        }
        for token in [
            "",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            "eyJhbGciOiJSUzI1NiJ9..",
            "e30.e30.e30",
        ] {
            assert!(keys(rsa()).claims(token).is_err(), "{token}");
        }
    }

    #[test]
    fn a_token_is_from_the_provider_for_us_in_time_and_the_answer_to_our_question() {
        let now = Timestamp::from_second(1_795_431_600).unwrap();
        let expected = Expected {
            issuer: "https://id.example.org",
            client_id: "candour",
            nonce: "n-1",
            now,
        };
        let good = json!({
            "iss": "https://id.example.org", "aud": "candour", "exp": 1_795_431_900, "iat": 1_795_431_590,
            "nonce": "n-1", "sub": "248289761001"
        });
        assert_eq!(subject(&good, &expected).unwrap(), "248289761001");
        for (name, value, outcome) in [
            (
                "iss",
                json!("https://id.example.org/"),
                Some(Refused::Issuer),
            ),
            ("iss", json!(null), Some(Refused::Issuer)),
            ("aud", json!("other"), Some(Refused::Audience)),
            ("aud", json!(["candour"]), None),
            ("aud", json!(["candour", "other"]), Some(Refused::Audience)),
            ("aud", json!([]), Some(Refused::Audience)),
            ("azp", json!("other"), Some(Refused::Audience)),
            ("azp", json!("candour"), None),
            ("exp", json!(1_795_431_541), None),
            ("exp", json!(1_795_431_540), Some(Refused::Time)),
            ("exp", json!(null), Some(Refused::Time)),
            ("iat", json!(1_795_431_661), Some(Refused::Time)),
            ("nbf", json!(1_795_431_661), Some(Refused::Time)),
            ("nonce", json!("n-2"), Some(Refused::Nonce)),
            ("nonce", json!(null), Some(Refused::Nonce)),
            ("sub", json!(""), Some(Refused::Subject)),
            ("sub", json!("x".repeat(256)), Some(Refused::Subject)),
        ] {
            let mut claims = good.clone();
            claims[name] = value.clone();
            assert_eq!(
                subject(&claims, &expected).err(),
                outcome,
                "{name}: {value}"
            );
        }
    }
}
