//! The authority that an installation works for, as data.

use casework::routine::Retention;
use law::Problem;
use serde::Deserialize;

/// `data/office/authority.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Names its records in the database.
    pub id: String,
    /// The language of its pages as BCP 47 names it, "en" or "cy".
    pub language: String,
    /// The policy that proposals are made from: an id, or a file.
    pub policy: String,
    /// What its references begin with.
    pub reference_prefix: String,
    /// The office that answers and how to reach it, where the policy doesn't say.
    pub contact: Option<String>,
    /// The mailbox that mail comes from and that people read, where the desk's own setting doesn't say.
    pub mailbox: Option<String>,
    /// Where a weakness of the pages is told, a `mailto:`, `https:` or `tel:` address; without one no page says so.
    pub security_contact: Option<String>,
    /// Where it says how such reports are dealt with, an `https:` address.
    pub security_policy: Option<String>,
    /// Who answers questions of data protection and how to reach them, for the page on privacy.
    pub data_protection_contact: Option<String>,
    /// The authority's own privacy notice, an `https:` address.
    pub privacy_notice: Option<String>,
    /// Its publication scheme, FOIA s.19, an `https:` address.
    pub publication_scheme: Option<String>,
    /// The office whose opinion section 36 rests on, "the Chief Executive", FOIA s.36(5).
    pub qualified_person: Option<String>,
    /// The working day before which no answer leaves that neither confirms nor denies, so that the day tells nothing of a
    /// search; `None` where each leaves when it is ready.
    pub neither_leaves_on: Option<u32>,
    /// The working day after a request for clarification on which it is closed if nothing came, as the mail says; `None` where
    /// the mail names no day. The Act sets none, FOIA s.1(3).
    pub clarification_lapses_on: Option<u32>,
    /// The prefix that the Open Contracting Partnership gave it; without one a published register has no OCDS file.
    pub ocid_prefix: Option<String>,
    /// Which appropriate limit of `data/law/fees.toml` is its own, FOIA s.12(3).
    pub appropriate_limit: String,
    /// Its retention schedule.
    pub retention: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    language: Option<String>,
    policy: String,
    reference_prefix: String,
    contact: Option<String>,
    mailbox: Option<String>,
    security_contact: Option<String>,
    security_policy: Option<String>,
    data_protection_contact: Option<String>,
    privacy_notice: Option<String>,
    publication_scheme: Option<String>,
    qualified_person: Option<String>,
    neither_confirmed_nor_denied_leaves_on_working_day: Option<u32>,
    clarification_lapses_on_working_day: Option<u32>,
    ocid_prefix: Option<String>,
    appropriate_limit: Option<String>,
    retention: Schedule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schedule {
    years: i64,
    rule: String,
}

impl Authority {
    /// Reads the file.
    ///
    /// # Errors
    /// An unknown or missing key, or a value that can't be; all at once where the file can be read at all.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "authority.malformed")?;
        let mut problems = Vec::new();
        let mut problem = |key: &str, code, message: &str| {
            let at = text.find(key).unwrap_or(0);
            problems.push(Problem::at(at..at + key.len(), code, message));
        };
        let plain = |text: &str, also: &[u8]| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
        };
        if !plain(&file.id, b"-") {
            problem(
                "id",
                "authority.bad_id",
                "an id has only letters, digits and hyphens, like harrowmere",
            );
        }
        let language = file.language.clone().unwrap_or_else(|| "en".to_owned());
        if !plain(&language, b"-") {
            problem(
                "language",
                "authority.bad_language",
                "a language is named by its code, like en or cy",
            );
        }
        if !plain(&file.reference_prefix, b"-/") {
            problem(
                "reference_prefix",
                "authority.bad_prefix",
                "a prefix has only letters, digits, hyphens and slashes, like FOI",
            );
        }
        if !(1..=100).contains(&file.retention.years) {
            problem(
                "years",
                "authority.bad_retention",
                "keep requests for at least one year and at most a hundred",
            );
        }
        if file.retention.rule.trim().is_empty() {
            problem(
                "rule",
                "authority.no_rule",
                "name the rule of the retention schedule; every destruction cites it",
            );
        }
        let day = file.neither_confirmed_nor_denied_leaves_on_working_day;
        if day.is_some_and(|day| !(1..=20).contains(&day)) {
            problem(
                "neither_confirmed_nor_denied_leaves_on_working_day",
                "authority.bad_reply_day",
                "choose a working day from 1 to 20: FOIA s.10(1) allows no later one",
            );
        }
        let lapses_on = file.clarification_lapses_on_working_day;
        if lapses_on.is_some_and(|day| !(10..=250).contains(&day)) {
            problem(
                "clarification_lapses_on_working_day",
                "authority.bad_lapse",
                "give at least 10 working days for a reply to a request for clarification, and at most 250",
            );
        }
        if file
            .mailbox
            .as_deref()
            .is_some_and(|mailbox| mailbox.parse::<lettre::Address>().is_err())
        {
            problem(
                "mailbox",
                "authority.bad_mailbox",
                "a mailbox is an address such as foi@harrowmere.gov.uk",
            );
        }
        let is_address = |address: &str, begins: &[&str]| {
            begins.iter().any(|begin| {
                address
                    .strip_prefix(begin)
                    .is_some_and(|rest| !rest.is_empty())
            }) && address.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let contact = file.security_contact.as_deref();
        if contact.is_some_and(|to| !is_address(to, &["mailto:", "https://", "tel:"])) {
            problem(
                "security_contact",
                "authority.bad_security_contact",
                "a security contact is an address such as mailto:security@harrowmere.gov.uk or https://harrowmere.gov.uk/report",
            );
        }
        let security_policy = file.security_policy.as_deref();
        if security_policy.is_some_and(|at| !is_address(at, &["https://"])) {
            problem(
                "security_policy",
                "authority.bad_security_policy",
                "a security policy is an address that begins with https://",
            );
        }
        for (name, address) in [
            ("privacy_notice", file.privacy_notice.as_deref()),
            ("publication_scheme", file.publication_scheme.as_deref()),
        ] {
            if address.is_some_and(|at| !is_address(at, &["https://"])) {
                problem(
                    name,
                    "authority.bad_page",
                    "a page of the authority is an address that begins with https://",
                );
            }
        }
        if security_policy.is_some() && contact.is_none() {
            problem(
                "security_policy",
                "authority.no_security_contact",
                "a security policy needs a security_contact beside it",
            );
        }
        if file
            .ocid_prefix
            .as_deref()
            .is_some_and(|prefix| !plain(prefix, b"-"))
        {
            problem(
                "ocid_prefix",
                "authority.bad_ocid_prefix",
                "a prefix has only letters, digits and hyphens, like ocds-a1b2c3",
            );
        }
        let limit = file.appropriate_limit.unwrap_or_else(|| "other".to_owned());
        if !["central-government", "other"].contains(&limit.as_str()) {
            problem(
                "appropriate_limit",
                "authority.bad_limit",
                "a limit is \"central-government\" or \"other\", as in data/law/fees.toml",
            );
        }
        if problems.is_empty() {
            Ok(Self {
                appropriate_limit: limit,
                neither_leaves_on: day,
                id: file.id,
                language,
                policy: file.policy,
                reference_prefix: file.reference_prefix,
                contact: file.contact,
                mailbox: file.mailbox,
                security_contact: file.security_contact,
                security_policy: file.security_policy,
                data_protection_contact: file.data_protection_contact,
                privacy_notice: file.privacy_notice,
                publication_scheme: file.publication_scheme,
                qualified_person: file.qualified_person,
                clarification_lapses_on: lapses_on,
                ocid_prefix: file.ocid_prefix,
                retention: Retention {
                    years: file.retention.years,
                    rule: file.retention.rule,
                },
            })
        } else {
            Err(problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_authority_reads_and_every_mistake_is_told_at_once() {
        let shipped = include_str!("../../../data/office/authority.toml");
        assert_eq!(Authority::parse(shipped).unwrap().reference_prefix, "FOI");
        let bad = shipped
            .replace("id = \"authority\"", "id = \"a b\"")
            .replace("\"FOI\"", "\"\"")
            .replace("years = 3", "years = 0")
            .replace(
                "rule = \"requests under the Act: three years after closing\"",
                "rule = \" \"",
            );
        let codes: Vec<&str> = Authority::parse(&bad)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes,
            [
                "authority.bad_id",
                "authority.bad_prefix",
                "authority.bad_retention",
                "authority.no_rule"
            ]
        );
        let late = format!("neither_confirmed_nor_denied_leaves_on_working_day = 21\n{shipped}");
        let problems = Authority::parse(&late).unwrap_err();
        assert_eq!(problems[0].code, "authority.bad_reply_day");
        let prefix = format!("ocid_prefix = \"ocds a1\"\n{shipped}");
        let problems = Authority::parse(&prefix).unwrap_err();
        assert_eq!(problems[0].code, "authority.bad_ocid_prefix");
        let mailbox = format!("mailbox = \"foi at harrowmere\"\n{shipped}");
        let problems = Authority::parse(&mailbox).unwrap_err();
        assert_eq!(problems[0].code, "authority.bad_mailbox");
        for (lines, code) in [
            (
                "security_contact = \"security@harrowmere.gov.uk\"",
                "authority.bad_security_contact",
            ),
            (
                "security_contact = \"mailto:a@b.example\\nExpires: never\"",
                "authority.bad_security_contact",
            ),
            (
                "security_contact = \"mailto:a@b.example\"\nsecurity_policy = \"http://b.example\"",
                "authority.bad_security_policy",
            ),
            (
                "security_policy = \"https://b.example/report\"",
                "authority.no_security_contact",
            ),
        ] {
            let problems = Authority::parse(&format!("{lines}\n{shipped}")).unwrap_err();
            assert_eq!(problems[0].code, code, "{lines}");
        }
        let unknown = Authority::parse(&format!("colour = 1\n{shipped}")).unwrap_err();
        assert_eq!(unknown[0].code, "authority.malformed");
        assert!(unknown[0].message.contains("colour"));
    }
}
