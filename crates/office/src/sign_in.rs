//! Signing in through the authority's identity provider, as data.

use std::collections::BTreeMap;

use casework::role::Role;
use law::Problem;
use serde::Deserialize;

/// `data/office/sign-in.toml`: an OpenID Connect provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What staff call it.
    pub name: String,
    /// Its address, exactly as it names itself in its tokens.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// The claim of its tokens that lists a person's groups.
    pub roles_claim: String,
    /// The roles of each group.
    pub roles: BTreeMap<String, Vec<Role>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Option<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    issuer: String,
    client_id: String,
    roles_claim: String,
    roles: BTreeMap<String, Vec<String>>,
}

impl Provider {
    /// Reads the file; `None` where it names no provider.
    ///
    /// # Errors
    /// An unknown or missing key, or a value that can't be; all at once where the file can be read at all.
    pub fn parse(text: &str) -> Result<Option<Self>, Vec<Problem>> {
        let file: File = law::tables(text, "sign_in.malformed")?;
        let Some(table) = file.provider else {
            return Ok(None);
        };
        let mut problems = Vec::new();
        let mut problem = |key: &str, code, message: String| {
            let at = text.find(key).unwrap_or(0);
            problems.push(Problem::at(at..at + key.len(), code, message));
        };
        let is_own_machine = table.issuer.starts_with("http://127.0.0.1");
        if !table.issuer.starts_with("https://") && !is_own_machine {
            problem(
                "issuer",
                "sign_in.bad_issuer",
                "the provider's address begins with https://".to_owned(),
            );
        }
        for (key, value) in [
            ("name", &table.name),
            ("client_id", &table.client_id),
            ("roles_claim", &table.roles_claim),
        ] {
            if value.trim().is_empty() {
                problem(key, "sign_in.empty", format!("`{key}` can't be empty"));
            }
        }
        let mut roles: BTreeMap<String, Vec<Role>> = BTreeMap::new();
        for (group, names) in table.roles {
            let mut known = Vec::new();
            for name in names {
                let role = Role::of_spelling(&name)
                    .filter(|role| !matches!(role, Role::Applicant | Role::Candour));
                match role {
                    Some(role) => known.push(role),
                    None => problem(
                        &name,
                        "sign_in.unknown_role",
                        format!("`{name}` is no role; roles are spelt like information_officer"),
                    ),
                }
            }
            roles.insert(group, known);
        }
        if roles.is_empty() {
            problem(
                "roles",
                "sign_in.no_roles",
                "no group has a role, so nobody could sign in".to_owned(),
            );
        }
        if problems.is_empty() {
            Ok(Some(Self {
                name: table.name,
                issuer: table.issuer,
                client_id: table.client_id,
                roles_claim: table.roles_claim,
                roles,
            }))
        } else {
            Err(problems)
        }
    }

    /// The roles of somebody in these groups, each once.
    #[must_use]
    pub fn roles_of(&self, groups: &[String]) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        for role in groups
            .iter()
            .filter_map(|group| self.roles.get(group))
            .flatten()
        {
            if !roles.contains(role) {
                roles.push(*role);
            }
        }
        roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_names_none_and_its_example_reads_with_every_mistake_told_at_once() {
        let shipped = include_str!("../../../data/office/sign-in.toml");
        assert_eq!(Provider::parse(shipped).unwrap(), None);
        let example: String = shipped
            .lines()
            .filter_map(|line| line.strip_prefix("#: "))
            .map(|line| format!("{line}\n"))
            .collect();
        let provider = Provider::parse(&example).unwrap().unwrap();
        let groups = ["foi-officers", "foi-everyone", "others"].map(str::to_owned);
        assert_eq!(
            provider.roles_of(&groups),
            [Role::InformationOfficer, Role::TriageOfficer, Role::Auditor]
        );
        assert_eq!(provider.roles_of(&[]), []);
        let bad = example
            .replace("https://", "http://")
            .replace("\"candour\"", "\"\"")
            .replace("triage_officer", "clerk")
            .replace("auditor", "candour");
        let codes: Vec<&str> = Provider::parse(&bad)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes,
            [
                "sign_in.bad_issuer",
                "sign_in.empty",
                "sign_in.unknown_role",
                "sign_in.unknown_role"
            ]
        );
        let unknown = Provider::parse(&format!("colour = 1\n{example}")).unwrap_err();
        assert_eq!(unknown[0].code, "sign_in.malformed");
    }
}
