//! The demonstration: an invented authority, its people, and requests in every state. Nobody in it exists.

mod register;
mod requests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use casework::command::Command;
use casework::event::CaseId;
use casework::role::{Actor, Role};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use office::data::Data;
use office::fault::Stop;
use office::{Office, Setup};
use store::desk::Account;
use store::mail::{Mail, MailState};

use crate::accounts;
use crate::app::DemoSignIn;
use crate::branding::Branding;

/// The password of everybody in the demonstration.
pub const PASSWORD: &str = "reading-room-1766";

/// The people: id, name, roles, team.
const PEOPLE: &[(&str, &str, &[Role], &str)] = &[
    (
        "amina",
        "Amina Yusuf",
        &[Role::InformationOfficer, Role::TriageOfficer],
        "information-governance",
    ),
    (
        "ben",
        "Ben Osei",
        &[Role::InformationOfficer],
        "information-governance",
    ),
    (
        "tess",
        "Tess Hollis",
        &[Role::TriageOfficer],
        "information-governance",
    ),
    (
        "gareth",
        "Gareth Pugh",
        &[Role::ServiceAreaContact],
        "repairs",
    ),
    ("lena", "Lena Fischer", &[Role::SecurityAdviser], "ict"),
    ("colin", "Colin Marsh", &[Role::Approver], "legal"),
    ("maud", "Maud Ellery", &[Role::QualifiedPerson], "legal"),
    (
        "petra",
        "Petra Lowe",
        &[Role::Publisher],
        "information-governance",
    ),
    ("ruth", "Ruth Adeyemi", &[Role::Auditor], "audit"),
    ("ivor", "Ivor Crane", &[Role::Administrator], "ict"),
];

/// A clock that can be set: the demonstration's requests came in over the last weeks.
pub struct DemoClock {
    set: Mutex<Option<Timestamp>>,
    real: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl DemoClock {
    /// A clock that tells the real time until it is set.
    #[must_use]
    pub fn new(real: Box<dyn Fn() -> Timestamp + Send + Sync>) -> Arc<Self> {
        Arc::new(Self {
            set: Mutex::new(None),
            real,
        })
    }

    /// The instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let set = self.set.lock().ok().and_then(|set| *set);
        set.unwrap_or_else(|| (self.real)())
    }

    /// Sets it, or lets it go.
    pub fn set(&self, to: Option<Timestamp>) {
        if let Ok(mut set) = self.set.lock() {
            *set = to;
        }
    }
}

/// The authority's name.
pub const NAME: &str = "Harrowmere Borough Council";

/// Where its register of contracts stands.
const REGISTER: &str = "https://www.harrowmere.example/contracts";

/// What it weighs about content, of which the policy that it took over says nothing.
const CONTENT_FACTORS: &str = r#"[content_factors]
favouring = [
  "People should be able to see that public money spent on ICT is well spent.",
  "People whose data the Council holds should be able to judge whether it looks after it.",
]
against = [
  "There is a strong public interest in preventing crimes against the systems that public services run on.",
  "An attack that this content makes easier would stop services that residents depend on.",
]
"#;

/// The invented authority's name and contacts.
#[must_use]
pub fn branding() -> Branding {
    Branding {
        name: NAME.to_owned(),
        short_name: "Harrowmere".to_owned(),
        email: "foi@harrowmere.example".to_owned(),
        telephone: "01632 960 123".to_owned(),
        post: "Information Governance, Town Hall, Harrowmere HM1 1AA".to_owned(),
        ..Branding::default()
    }
}

/// Writes the data of the invented authority: the published policy carried over to it, and its particulars.
///
/// # Errors
/// The folder can't be written.
pub fn data(folder: &Path) -> Result<Data, Stop> {
    let shipped = Data::new(None)?;
    let unwritable = |error: std::io::Error| {
        Stop::input(format!("{}: state.unwritable: {error}", folder.display()))
    };
    let policy = shipped
        .text("policy/coventry-ict.toml")?
        .0
        .replace("id = \"coventry-ict\"", "id = \"harrowmere-ict\"")
        .replace("Coventry City Council", NAME)
        .replace(
            "[content_factors]\nfavouring = []\nagainst = []\n",
            CONTENT_FACTORS,
        )
        .replace("https://www.coventry.gov.uk/contractsregister", REGISTER);
    let authority = shipped
        .text("office/authority.toml")?
        .0
        .replace("id = \"authority\"", "id = \"harrowmere\"")
        .replace("\"coventry-ict\"", "\"harrowmere-ict\"")
        .replace(
            "reference_prefix = \"FOI\"",
            "reference_prefix = \"HM\"\ncontact = \"Information Governance, foi@harrowmere.example\"\nmailbox = \"foi@harrowmere.example\"\nsecurity_contact = \"mailto:security@harrowmere.example\"\nqualified_person = \"the Monitoring Officer\"",
        );
    let complaints = shipped
        .text("law/complaints.toml")?
        .0
        .replace(
            "# verified_on = \"2026-01-31\"",
            "verified_on = \"2026-10-01\"",
        )
        .replace(
            "# internal_review_contact = \"Information Governance, foi@example.gov.uk\"",
            "internal_review_contact = \"Information Governance, foi@harrowmere.example\"",
        );
    for (name, text) in [
        ("policy/harrowmere-ict.toml", policy),
        ("office/authority.toml", authority),
        ("law/complaints.toml", complaints),
    ] {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(unwritable)?;
        }
        std::fs::write(&path, text).map_err(unwritable)?;
    }
    Data::new(Some(folder))
}

/// Opens the invented authority's office in an empty folder and fills it.
///
/// # Errors
/// The folder can't be written, or a step of an invented request is refused, which a test would tell first.
pub async fn open(folder: &Path, clock: &Arc<DemoClock>) -> Result<Office, Stop> {
    let data = data(&folder.join("data"))?;
    let reads = Arc::clone(clock);
    let office = Office::open(Setup {
        attachments: None,
        state: folder.join("state"),
        database: None,
        data,
        clock: Arc::new(move || reads.now()),
        passes: true,
        entropy: None,
    })
    .await?;
    publish_register(&office)?;
    let stop = |what: String| Stop::input(format!("demo.refused: {what}"));
    people(&office)
        .await
        .map_err(|fault| stop(fault.to_string()))?;
    let mut filler = Filler {
        office: &office,
        clock,
        today: office.today(),
    };
    let outcome = requests::fill(&mut filler).await;
    clock.set(None);
    outcome.map_err(stop)?;
    mails_left(&office)
        .await
        .map_err(|fault| stop(fault.to_string()))?;
    office
        .follow()
        .await
        .map_err(|trouble| stop(trouble.to_string()))?;
    Ok(office)
}

/// Publishes the register of the invented authority, for the last two quarters.
///
/// # Errors
/// The folder can't be written.
pub fn publish_register(office: &Office) -> Result<(), Stop> {
    let policy = &office.bundle().policy.policy;
    register::publish(office.state(), policy, office.today())
}

/// The mails about what the demonstration invents left when it happened: nobody is written to about the past.
async fn mails_left(office: &Office) -> Result<(), store::Fault> {
    let now = office.now();
    loop {
        let mails = office.store().claim_mail(now, now, 100).await?;
        if mails.is_empty() {
            return Ok(());
        }
        for mail in mails {
            let sent = Mail {
                state: MailState::Sent,
                run_at: mail.happened_at,
                ..mail
            };
            office.store().mail_done(&sent).await?;
        }
    }
}

async fn people(office: &Office) -> Result<(), store::Fault> {
    // One secret for all: the password is printed on the sign-in page.
    let secret = accounts::secret(PASSWORD).unwrap_or_default();
    for (id, name, roles, team) in PEOPLE {
        office
            .store()
            .keep_account(&Account {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                email: format!("{id}@harrowmere.example"),
                secret: secret.clone(),
                second_secret: None,
                second_step: 0,
                roles: roles.to_vec(),
                team: (*team).to_owned(),
                is_active: true,
                failures: 0,
                locked_until: None,
                recovery: String::new(),
                subject: None,
            })
            .await?;
    }
    Ok(())
}

/// The sign-ins, to show.
#[must_use]
pub fn sign_ins() -> Vec<DemoSignIn> {
    PEOPLE
        .iter()
        .map(|(id, name, roles, _)| DemoSignIn {
            name: (*name).to_owned(),
            roles: roles
                .iter()
                .map(|role| role.name())
                .collect::<Vec<_>>()
                .join(", "),
            email: format!("{id}@harrowmere.example"),
            password: PASSWORD.to_owned(),
        })
        .collect()
}

/// Fills the office as time goes by.
pub struct Filler<'a> {
    office: &'a Office,
    clock: &'a DemoClock,
    today: Date,
}

/// What stopped the filling.
type Filled<T> = Result<T, String>;

impl Filler<'_> {
    /// The day on which a request came in whose answer is due so many working days from today (before it, if negative).
    fn received_for_due_in(&self, left: i64) -> Date {
        let calendar = &self.office.bundle().calendar;
        let mut day = self.today;
        loop {
            let due = calendar
                .nth_working_day_after(day, law::WorkingDays(20))
                .unwrap_or(day);
            let off = if due >= self.today {
                calendar
                    .working_days_between(self.today, due)
                    .map_or(0, i64::from)
            } else {
                -calendar
                    .working_days_between(due, self.today)
                    .map_or(0, i64::from)
            };
            let is_it = off == left && (left != 0 || due == self.today);
            if is_it || off < left - 3 {
                return day;
            }
            day = day.yesterday().unwrap_or(day);
        }
    }

    /// Sets the clock to the middle of a day, never later than now.
    fn on(&self, day: Date) {
        let at = day
            .at(11, 0, 0, 0)
            .to_zoned_datetime(self.office.london().clone())
            .map_or_else(|_| (self.clock.real)(), |zoned| zoned.timestamp());
        let now = (self.clock.real)();
        self.clock.set(Some(at.min(now)));
    }

    /// Some minutes later.
    fn later(&self) {
        let now = (self.clock.real)();
        let at = self
            .clock
            .now()
            .checked_add(SignedDuration::from_mins(7))
            .unwrap_or(now);
        self.clock.set(Some(at.min(now)));
    }

    /// Someone does something to a case.
    async fn act(&self, case: &CaseId, who: &str, role: Role, command: Command) -> Filled<()> {
        self.later();
        let by = Actor {
            id: who.to_owned(),
            role,
        };
        self.office
            .act(&by, case, None, &command)
            .await
            .map(drop)
            .map_err(|stopped| format!("{}: {stopped}", command.kind().name()))
    }

    /// Composes the letter and keeps its warnings, as an officer would.
    async fn compose(&self, case: &CaseId, who: &str) -> Filled<String> {
        self.later();
        let by = Actor {
            id: who.to_owned(),
            role: Role::InformationOfficer,
        };
        let letter = self
            .office
            .letter(case)
            .await
            .map_err(|stopped| stopped.to_string())?;
        let kept: BTreeMap<String, String> = letter
            .findings
            .iter()
            .filter(|finding| finding.severity == casework::notice::Severity::Warning)
            .map(|finding| {
                (
                    finding.code.clone(),
                    "Looked at with the adviser; it stands for this request.".to_owned(),
                )
            })
            .collect();
        let (_, letter) = self
            .office
            .compose_draft(&by, case, None, &kept)
            .await
            .map_err(|stopped| stopped.to_string())?;
        let errors = letter.errors();
        if errors.is_empty() {
            Ok(letter.identity)
        } else {
            Err(errors.join("; "))
        }
    }
}
