//! Random stories: a request is asked, searched for, weighed, decided, answered, published, reviewed. What happens follows
//! from the seed alone; only what the searches find differs between the two runs.

use casework::case::QuestionState;
use casework::event::{KeyKind, Opening, QuestionId};
use casework::notice::Severity;
use casework::procedure::State;
use casework::proposal::Kind;
use casework::role::{Actor, Role};
use serde_json::{Value, json};
use web::keys::Scope;

use crate::channels;
use crate::leaks::Leak;
use crate::world::{Run, World};

/// Numbers from a seed: splitmix64.
#[derive(Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Questions whose bare yes or no tells something.
const CLOSED: &[&str] = &[
    "Was any council system hit by ransomware in October 2026, and was a ransom paid?",
    "Has the council's email been compromised by phishing since June 2026?",
    "Did anyone gain unauthorised access to the council's network during September 2026?",
    "Were any records lost in a cyber attack on the housing system in August 2026?",
    "Has the council received a ransom demand from a hacking group this month?",
];

/// Questions that nobody minds.
const OPEN: &[&str] = &[
    "How many ducks live on the town pond?",
    "Which libraries opened on Sundays in 2025?",
    "How many allotments are free, by site?",
    "How much was spent on grass cutting in 2025?",
];

const IF_HELD: &str =
    "A yes would tell an attacker that this kind of attack works here and is worth repeating.";
const IF_NOT_HELD: &str = "A no would tell them that theirs has not been noticed; asked again each month, either answer \
    maps what our monitoring sees.";

/// The officer's own words: evidence may have been given in confidence.
const IN_THE_LETTER: &str = "If we said yes, whoever plans an attack would learn that this way leads in; if we said no, \
    that nobody watches it. Asked again and again, either shows what is watched and what is not.";

/// Whether the desk offers to use a row in one press: not where triage takes the question for one that the policy covers.
fn in_one_press(state: &QuestionState) -> bool {
    let proposal = state.question.proposal.as_ref();
    proposal.is_none_or(|proposal| proposal.kind != Kind::Protected)
}

/// Whether the desk wants it decided first whether to say that it is held.
fn wants_the_duty_first(state: &QuestionState) -> bool {
    let proposal = state.question.proposal.as_ref();
    proposal.is_some_and(|proposal| matches!(proposal.kind, Kind::Protected | Kind::Mixed))
        && state.outcome().is_none()
}

/// A word that stands in what was found and nowhere else.
pub const TELLTALE: &str = "zebrafinch";

/// What a search finds in one run.
#[derive(Clone)]
struct Found {
    held: &'static str,
    words: String,
}

/// How a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the public form, as anybody would ask.
    Form,
    /// By post, recorded at the desk with its files.
    Post,
    /// From a program with a key.
    Program,
}

/// What may become of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Any,
    /// It has an ordinary question, is answered in time, published, and stays so.
    EndsWell,
}

pub struct Story {
    pub reference: String,
    /// The end of the link of the person who asked, who got one by the public form.
    pub token: Option<String>,
    pub dice: Dice,
    /// The numbers of the questions whose bare yes or no tells something, once the desk has read them.
    closed: Vec<usize>,
    /// The areas asked, with the link of each and the stage at which it answers.
    teams: Vec<(String, String, usize)>,
    finds: Vec<[Found; 2]>,
    stage: usize,
    fate: Fate,
    /// It lies still for weeks, so that reminders come.
    lies_still: bool,
    /// Its letter is sent back once, whatever the dice say.
    is_sent_back: bool,
    /// More time is taken to weigh, whatever the dice say.
    takes_time: bool,
    over: bool,
    path: Option<String>,
}

const WORDS: &[&str] = &[
    "report",
    "log",
    "nothing",
    "page",
    "server",
    "“quoted”",
    "12",
    "été",
];

/// A finding in words of a random length.
fn words(dice: &mut Dice) -> String {
    let mut text = format!("{TELLTALE} ");
    for _ in 0..dice.below(160) {
        let word: &&str = dice.pick(WORDS);
        text.push_str(word);
        text.push(' ');
    }
    text
}

/// By the public form: reference and link.
async fn by_form(world: &mut World, text: &str) -> (String, Option<String>) {
    let first = world
        .visit("GET", "/ask/questions", "/ask/questions", &[], None)
        .await;
    let once = once(&first);
    let mut fields = vec![
        ("questions", text),
        ("once", once.as_str()),
        ("way", "email"),
        ("email", "sam@example.org"),
        ("name", "Sam Duckworth"),
    ];
    world
        .visit("POST", "/ask/guidance", "/ask/guidance", &fields, None)
        .await;
    fields.push(("step", "questions"));
    world
        .visit("POST", "/ask/step", "/ask/step", &fields, None)
        .await;
    fields.pop();
    fields.push(("step", "check"));
    // With a file; then once more without, which is the same request.
    let files = [("ponds.txt", "A list of ponds.")];
    world
        .upload("/ask/send", "/ask/send", &fields, &files, "")
        .await;
    let sent = world
        .visit("POST", "/ask/step", "/ask/step", &fields, None)
        .await;
    let token = sent.between("/follow/", "\"");
    let end = sent.between("HM-", "<").unwrap();
    (format!("HM-{end}"), token)
}

fn once(page: &crate::world::Answer) -> String {
    page.between("name=\"once\" value=\"", "\"")
        .unwrap_or_default()
}

/// By post, with two files: the reference.
async fn by_post(world: &mut World, text: &str) -> String {
    const PATH: &str = "/desk/new/request";
    let form = world
        .visit("GET", PATH, PATH, &[], Some("triage_officer"))
        .await;
    let once = once(&form);
    let today = world.office().today().to_string();
    let fields = [
        ("once", once.as_str()),
        ("channel", "post"),
        ("received_on", today.as_str()),
        ("subject", "Question about security"),
        ("text", text),
        ("name", "Sam Duckworth"),
        ("contact", "1 Pond Lane, Harrowmere"),
    ];
    let files = [
        ("letter.pdf", "%PDF-1.7 a letter"),
        ("notes.txt", "Please answer by post."),
    ];
    let sent = world
        .upload(PATH, PATH, &fields, &files, "triage_officer")
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let path = sent.location().split('?').next().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

/// From a program: the reference.
async fn by_program(world: &mut World, text: &str) -> String {
    const PATH: &str = "/api/v1/cases";
    let new = json!({
        "subject": "Question about security", "text": text, "channel": "email",
        "applicant": {"name": "Sam Duckworth", "contact": "sam@example.org"}
    });
    let sent = world
        .program(PATH, PATH, Scope::WriteCases, Some(&new))
        .await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let case: Value = serde_json::from_str(&sent.text).unwrap();
    case["reference"].as_str().unwrap().to_owned()
}

impl Story {
    /// Asks.
    pub async fn begin(world: &mut World, seed: u64, way: Way, fate: Fate) -> Self {
        let mut dice = Dice(seed);
        let closed = 1 + dice.below(2);
        // Who asks by post or through a program asks an ordinary question too.
        let has_open = way != Way::Form || fate == Fate::EndsWell;
        let open = dice.below(3).max(usize::from(has_open));
        let mut questions: Vec<String> = Vec::new();
        for number in 0..closed {
            let at = (dice.below(CLOSED.len()) + number) % CLOSED.len();
            questions.push(CLOSED[at].to_owned());
        }
        questions.dedup();
        for number in 0..open {
            let at = (dice.below(OPEN.len()) + number) % OPEN.len();
            if !questions.iter().any(|question| question == OPEN[at]) {
                questions.push(OPEN[at].to_owned());
            }
        }
        let text = (1..)
            .zip(&questions)
            .map(|(number, question)| format!("{number}. {question}\n"))
            .collect::<String>();
        let finds = questions
            .iter()
            .map(|_| {
                // Held against not held, the other way round, or held with other words.
                let (one, other) =
                    *dice.pick(&[("held", "not_held"), ("not_held", "held"), ("held", "held")]);
                [
                    Found {
                        held: one,
                        words: words(&mut dice),
                    },
                    Found {
                        held: other,
                        words: words(&mut dice),
                    },
                ]
            })
            .collect();
        let (reference, token) = match way {
            Way::Form => by_form(world, &text).await,
            Way::Post => (by_post(world, &text).await, None),
            Way::Program => (by_program(world, &text).await, None),
        };
        Self {
            reference,
            token,
            dice,
            closed: Vec::new(),
            teams: Vec::new(),
            finds,
            stage: 0,
            fate,
            lies_still: false,
            is_sent_back: false,
            takes_time: false,
            over: false,
            path: None,
        }
    }

    /// A plain story, told to its publication: one closed question, found held with many words, or not held with few.
    pub async fn told(world: &mut World, seed: u64, is_held: bool) -> Self {
        let mut story = Self::begin(world, seed, Way::Form, Fate::EndsWell).await;
        let found = if is_held {
            Found {
                held: "held",
                words: format!("{TELLTALE} {}", "a report and a log ".repeat(90)),
            }
        } else {
            Found {
                held: "not_held",
                words: TELLTALE.to_owned(),
            }
        };
        for finds in &mut story.finds {
            *finds = [found.clone(), found.clone()];
        }
        story.confirm(world).await;
        story.ask_teams(world).await;
        for team in &mut story.teams {
            team.2 = 0;
        }
        story.answers_of_teams(world, 0).await;
        story.harm(world).await;
        story.weigh(world).await;
        story.neither(world).await;
        story.others(world).await;
        story.compose(world).await;
        world.pass(30);
        // Every one of them goes the same way: nobody takes it back or sends it back.
        story.dice = Dice(u64::MAX);
        story.approve(world).await;
        story.issue(world).await;
        story.publish(world).await;
        story
    }

    /// One time in so many, something that keeps a story from ending well.
    fn mishap(&mut self, of: usize) -> bool {
        self.dice.one_in(of) && self.fate == Fate::Any
    }

    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The end of its address in the log, once it was published.
    pub fn address(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The two parts of that end.
    pub fn published_in(&self) -> (&str, &str) {
        self.address()
            .and_then(|address| address.split_once('/'))
            .unwrap_or(("2026", "nothing"))
    }

    /// A program records something on the case.
    async fn act(&self, world: &mut World, command: &str, with: Value) {
        let path = format!("/api/v1/cases/{}/acts", self.reference);
        let body = json!({"command": command, "with": with});
        let template = "/api/v1/cases/{reference}/acts";
        let done = world
            .program(template, &path, Scope::WriteCases, Some(&body))
            .await;
        assert!([200, 422].contains(&done.status), "{}", done.text);
    }

    async fn post(
        &self,
        world: &mut World,
        template: &str,
        number: usize,
        fields: &[(&str, &str)],
        account: &str,
    ) -> crate::world::Answer {
        let path = template
            .replace("{reference}", &self.reference)
            .replace("{number}", &number.to_string())
            .replace("{about}", "confirm-or-deny");
        world
            .visit("POST", template, &path, fields, Some(account))
            .await
    }

    /// One stage further.
    pub async fn step(&mut self, world: &mut World) {
        let stage = self.stage;
        self.stage += 1;
        self.answers_of_teams(world, stage).await;
        // A request may be withdrawn, passed on, or lie still, at any stage.
        if stage > 0 && stage < 8 && self.mishap(16) {
            if self.dice.one_in(3) {
                self.pass_on(world).await;
            } else {
                self.withdraw(world).await;
            }
            self.over = true;
            return;
        }
        match stage {
            0 => self.confirm(world).await,
            1 => {
                self.add(world).await;
                self.ask_teams(world).await;
                self.remind(world).await;
            }
            2 => self.harm(world).await,
            3 => self.weigh(world).await,
            4 => self.refused_at_the_door(world).await,
            5 => self.neither(world).await,
            6 => {
                self.others(world).await;
                if self.lies_still {
                    // Reminders come, and for some the day passes.
                    let days = if self.fate == Fate::EndsWell {
                        20
                    } else {
                        18 + self.dice.below(9)
                    };
                    world.pass(days as i64 * 24 * 60);
                    world.work().await;
                }
            }
            7 => self.compose(world).await,
            8 => self.approve(world).await,
            9 => self.issue(world).await,
            10 => self.publish(world).await,
            11 => self.review(world).await,
            _ => self.over = true,
        }
    }

    /// To a team, as one for the person's own data or an everyday matter; or by hand. Now and then it comes back.
    async fn pass_on(&mut self, world: &mut World) {
        let template = "/desk/cases/{reference}/treatment";
        let regime = *self.dice.pick(&["own-data", "environmental", "service"]);
        let to = *self.dice.pick(&["ict", "by-hand"]);
        for preview in [true, false] {
            let mut fields = vec![("regime", regime), ("to", to)];
            if preview {
                fields.push(("do", "preview"));
            }
            self.post(world, template, 0, &fields, "triage_officer")
                .await;
        }
        if self.dice.one_in(3) {
            let back = json!({"regime": "freedom_of_information"});
            self.act(world, "choose_treatment", back).await;
        }
    }

    /// By the person who asked, or by an officer or a program that was told.
    async fn withdraw(&mut self, world: &mut World) {
        let today = world.office().today().to_string();
        if self.dice.one_in(2) && self.token.is_some() {
            self.follow(world, &[("do", "withdraw"), ("sure", "yes")])
                .await;
        } else if self.dice.one_in(2) {
            self.act(world, "withdraw", json!({"received_on": today}))
                .await;
        } else {
            let template = "/desk/cases/{reference}/withdraw";
            let fields = [("received_on", today.as_str())];
            self.post(world, template, 0, &fields, "triage_officer")
                .await;
        }
    }

    /// The person who asked adds something without being asked: by their page, or by a letter that an officer records.
    async fn add(&self, world: &mut World) {
        let Some(token) = &self.token else {
            let today = world.office().today().to_string();
            let fields = [
                ("text", "I also mean the Drill Hall."),
                ("received_on", today.as_str()),
            ];
            let template = "/desk/cases/{reference}/add";
            self.post(world, template, 0, &fields, "triage_officer")
                .await;
            return;
        };
        let path = format!("/follow/{token}/add");
        let fields = [("form_token", ""), ("text", "I also mean the Drill Hall.")];
        let files = [("halls.txt", "A list of halls.")];
        world
            .upload("/follow/{token}/add", &path, &fields, &files, "")
            .await;
    }

    async fn see(&self, world: &mut World, template: &str, account: &str) {
        let path = template.replace("{reference}", &self.reference);
        world
            .visit("GET", template, &path, &[], Some(account))
            .await;
    }

    async fn follow(&self, world: &mut World, fields: &[(&str, &str)]) {
        let path = format!("/follow/{}", self.token.as_deref().unwrap());
        world
            .visit("POST", "/follow/{token}", &path, fields, None)
            .await;
    }

    async fn confirm(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let mut fields = vec![("regime".to_owned(), "foi".to_owned())];
        for (number, state) in (1..).zip(&case.questions) {
            let words = state.question.text.trim_end_matches('?');
            if CLOSED.iter().any(|closed| closed.contains(words)) {
                self.closed.push(number);
            }
            fields.push((format!("keep_{number}"), "keep".to_owned()));
            fields.push((format!("text_{number}"), state.question.text.clone()));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self
            .post(
                world,
                "/desk/cases/{reference}/questions",
                0,
                &fields,
                "information_officer",
            )
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// A search is asked for, sometimes of two teams, before anybody decided anything.
    async fn ask_teams(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let ids: Vec<QuestionId> = case
            .questions
            .iter()
            .map(|state| state.question.id.clone())
            .collect();
        let office = world.office();
        let calendar = &office.bundle().calendar;
        let wanted_on = calendar
            .nth_working_day_after(office.today(), law::WorkingDays(1))
            .unwrap()
            .to_string();
        let areas: &[&str] = if self.dice.one_in(3) {
            &["ict", "housing"]
        } else {
            &["ict"]
        };
        for area in areas {
            if self.dice.one_in(3) {
                let with = json!({"area": area, "questions": ids, "wanted_on": wanted_on});
                self.act(world, "assign", with).await;
            } else {
                let mut fields = vec![("area", *area), ("wanted_on", wanted_on.as_str())];
                fields.extend(ids.iter().map(|id| ("questions", id.0.as_str())));
                let task = "/desk/cases/{reference}/task";
                let asked = self
                    .post(world, task, 0, &fields, "information_officer")
                    .await;
                assert_eq!(asked.status, 303, "{}", asked.text);
            }
            let made = self
                .post(
                    world,
                    "/desk/cases/{reference}/tasks/link",
                    0,
                    &[("area", area)],
                    "triage_officer",
                )
                .await;
            let token = made.between("/team/", "<").unwrap();
            // Before the decision, after it, or when the answer is nearly gone.
            let at = 2 + self.dice.below(7);
            self.teams.push(((*area).to_owned(), token, at));
        }
    }

    /// A reminder, which comes whether or not there is anything to find.
    async fn remind(&mut self, world: &mut World) {
        let remind = "/desk/cases/{reference}/remind";
        self.see(world, remind, "information_officer").await;
        if self.dice.one_in(2) {
            let due_on = world.case(&self.reference).await.next_due_on();
            let with = json!({"area": "ict", "due_on": due_on, "working_days_left": 9});
            self.act(world, "remind", with).await;
            return;
        }
        let fields = [("area", "ict")];
        self.post(world, remind, 0, &fields, "information_officer")
            .await;
    }

    /// The teams whose day it is say what they found. What they send is theirs; what comes back is observed.
    async fn answers_of_teams(&mut self, world: &mut World, stage: usize) {
        for (area, token, at) in self.teams.clone() {
            if at != stage {
                continue;
            }
            // With the link that they were given, or signed in.
            let desk = "/desk/team/{reference}";
            let (form, path, who) = if area == "ict" && self.dice.one_in(2) {
                let path = desk.replace("{reference}", &self.reference);
                (desk, path, Some("service_area_contact"))
            } else {
                ("/team/{token}", format!("/team/{token}"), None)
            };
            world.visit("GET", form, &path, &[], who).await;
            let case = world.case(&self.reference).await;
            let mut fields = Vec::new();
            for number in 1..=case.questions.len() {
                let (held, words) = self.found(world.run, number);
                fields.push((format!("held_{number}"), held.to_owned()));
                fields.push((format!("found_{number}"), format!("{area}: {words}")));
            }
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            world.search_takes_place().await;
            world.visit("POST", form, &path, &fields, who).await;
        }
    }

    fn found(&self, run: Run, number: usize) -> (&'static str, String) {
        let found = &self.finds[(number - 1) % self.finds.len()];
        let found = &found[usize::from(run == Run::Second)];
        (found.held, found.words.clone())
    }

    async fn harm(&mut self, world: &mut World) {
        let assigns = self.dice.one_in(2).then_some("information_officer");
        let leaks = world.leaks(Leak::OwnerByAProgram).then_some("reviewer");
        for officer in assigns.into_iter().chain(leaks) {
            self.act(world, "assign_owner", json!({"officer": officer}))
                .await;
        }
        let quotable = if self.dice.one_in(4) { "no" } else { "yes" };
        for number in self.closed.clone() {
            // The same words twice are sent back.
            let reference = &self.reference;
            let if_held = format!("{IF_HELD} It is asked in question {number} of {reference}.");
            let fields = [
                ("likelihood", "would_be_likely_to"),
                ("if_held", if_held.as_str()),
                ("if_not_held", IF_NOT_HELD),
                ("adds", "Nothing about it is published."),
                (
                    "instead",
                    "What is done in general to protect residents' data.",
                ),
                ("quotable", quotable),
            ];
            // As the adviser does: read first, then written.
            let form = "/desk/harm/{reference}/{number}/{about}";
            let path = form
                .replace("{reference}", &self.reference)
                .replace("{number}", &number.to_string())
                .replace("{about}", "confirm-or-deny");
            world
                .visit("GET", form, &path, &[], Some("security_adviser"))
                .await;
            let given = self
                .post(world, form, number, &fields, "security_adviser")
                .await;
            assert_eq!(given.status, 303, "{}", given.text);
        }
    }

    async fn weigh(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let ids: Vec<QuestionId> = case
            .questions
            .iter()
            .zip(1..)
            .filter(|(_, number)| self.closed.contains(number))
            .map(|(state, _)| state.question.id.clone())
            .collect();
        let needs_time = self.mishap(5) || self.takes_time;
        if needs_time || world.leaks(Leak::MoreTimeTaken) {
            let mut fields = vec![
                ("provision", "FOIA s.31(3)"),
                ("reason", IN_THE_LETTER),
                ("until", "2028-11-01"),
                ("agreed_by", "approver"),
            ];
            fields.extend(ids.iter().map(|id| ("questions", id.0.as_str())));
            self.post(
                world,
                "/desk/cases/{reference}/extension",
                0,
                &fields,
                "information_officer",
            )
            .await;
        }
        let mut fields = vec![
            ("provision", "FOIA s.31(3)"),
            (
                "for_own",
                "Residents who read of attacks elsewhere have an interest in knowing whether theirs was one.",
            ),
            ("for_own_weight", "some"),
            (
                "against_own",
                "Saying so about one month and one kind of attack would show what is noticed here.",
            ),
            ("against_own_weight", "strong"),
            ("maintained", "yes"),
            (
                "conclusion",
                "A yes or a no about this month would help the next attacker more than it would help residents, so the public interest in maintaining the exclusion of the duty outweighs that in saying whether we hold this.",
            ),
        ];
        fields.extend(ids.iter().map(|id| ("questions", id.0.as_str())));
        let weighed = self
            .post(
                world,
                "/desk/cases/{reference}/public-interest/confirm-or-deny",
                0,
                &fields,
                "information_officer",
            )
            .await;
        assert_eq!(weighed.status, 303, "{}", weighed.text);
    }

    /// Somebody who may not yet asks what was found.
    async fn refused_at_the_door(&mut self, world: &mut World) {
        for account in ["information_officer", "reviewer"] {
            let opened = self
                .post(
                    world,
                    "/desk/cases/{reference}/questions/{number}/holding",
                    1,
                    &[("reason", "To answer the question")],
                    account,
                )
                .await;
            assert!(!opened.text.contains(TELLTALE));
        }
        // A form without its day is sent back in the same words.
        let template = "/desk/cases/{reference}/withdraw";
        self.see(world, template, "triage_officer").await;
        self.post(world, template, 0, &[], "triage_officer").await;
    }

    async fn neither(&mut self, world: &mut World) {
        for number in self.closed.clone() {
            let mut mechanism = IN_THE_LETTER.to_owned();
            if world.leaks(Leak::WordsOfTheOfficer) {
                mechanism.push_str(" This kind of question is a delicate one.");
            }
            let fields = [
                ("outcome", "neither"),
                ("if_held", "That this kind of attack works here."),
                ("if_not_held", "That theirs was not noticed."),
                (
                    "although",
                    "The question is about one month, and a yes or a no about it shows what is noticed.",
                ),
                ("provision", "FOIA s.31(3)"),
                ("likelihood", "would_be_likely_to"),
                ("mechanism", mechanism.as_str()),
            ];
            let step = "/desk/cases/{reference}/questions/{number}/confirm-or-deny";
            self.post(world, step, number, &fields, "information_officer")
                .await;
            let template = "/desk/cases/{reference}/questions/{number}/neither";
            if self.dice.one_in(3) {
                // Words that give it away are sent back, whatever is held.
                let leaky = [
                    ("mechanism", "We hold the document, attached."),
                    ("provision", "FOIA s.31(3)"),
                ];
                self.post(world, template, number, &leaky, "information_officer")
                    .await;
            }
            let decided = self
                .post(world, template, number, &fields, "information_officer")
                .await;
            assert_eq!(decided.status, 303, "{}", decided.text);
        }
    }

    /// The person who asked is asked what they mean by an ordinary question, and says it.
    async fn clarify(&self, world: &mut World, id: &QuestionId) {
        let today = world.office().today().to_string();
        let asked = [
            ("questions", id.0.as_str()),
            (
                "wording",
                "Which of the two ponds do you mean: Town or Mill?",
            ),
            ("sought_on", today.as_str()),
        ];
        let template = "/desk/cases/{reference}/clarification";
        self.post(world, template, 0, &asked, "information_officer")
            .await;
        let template = "/desk/cases/{reference}/clarified";
        self.see(world, template, "information_officer").await;
        let said = [
            ("questions", id.0.as_str()),
            ("text", "The one in town."),
            ("received_on", today.as_str()),
        ];
        self.post(world, template, 0, &said, "information_officer")
            .await;
    }

    /// The qualified person is asked about a question, and says.
    async fn opinion(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let mut open = (1..=case.questions.len()).filter(|number| !self.closed.contains(number));
        let Some(number) = open.next() else {
            return;
        };
        let template = "/desk/cases/{reference}/questions/{number}/seek-opinion";
        let asks = [(
            "submission",
            "Whether advice would be given less freely if this were answered, section 36(2)(b)(i).",
        )];
        let asked = self
            .post(world, template, number, &asks, "information_officer")
            .await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        let template = "/desk/cases/{reference}/questions/{number}/opinion";
        let says = [
            ("provision", "FOIA s.36(2)(b)(i)"),
            ("likelihood", "would_be_likely_to"),
            (
                "opinion",
                "Officers would advise less freely if drafts were read out.",
            ),
        ];
        let given = self
            .post(world, template, number, &says, "qualified_person")
            .await;
        assert_eq!(given.status, 303, "{}", given.text);
    }

    async fn others(&mut self, world: &mut World) {
        if self.dice.one_in(3) {
            self.opinion(world).await;
        }
        let case = world.case(&self.reference).await;
        let mut has_file = false;
        for number in (1..=case.questions.len()).filter(|number| !self.closed.contains(number)) {
            if self.dice.one_in(3) {
                let id = case.questions[number - 1].question.id.clone();
                self.clarify(world, &id).await;
            }
            let wants_row = self.dice.one_in(4) || world.leaks(Leak::RowOfTheRegisterUsed);
            if wants_row && in_one_press(&case.questions[number - 1]) {
                self.use_row(world, number).await;
                continue;
            }
            if wants_the_duty_first(&case.questions[number - 1]) {
                let template = "/desk/cases/{reference}/questions/{number}/confirm-or-deny";
                let duty = [
                    ("outcome", "duty"),
                    ("departs_from", "This one asks about ponds and libraries."),
                ];
                let decided = self
                    .post(world, template, number, &duty, "information_officer")
                    .await;
                assert_eq!(decided.status, 303, "{}", decided.text);
            }
            let fields = [
                ("answer", "27 on the day of this letter."),
                ("departs", "Other"),
            ];
            let template = "/desk/cases/{reference}/questions/{number}/answer";
            let answered = self
                .post(world, template, number, &fields, "information_officer")
                .await;
            assert_eq!(answered.status, 303, "{}", answered.text);
            if !has_file {
                has_file = true;
                self.give_file(world, number).await;
            }
        }
    }

    /// A team that was asked sends a file for an answer, after the officer opened what was found: that it was opened is the
    /// same both times, and what was found is only for those who open it.
    async fn team_sends(&self, world: &mut World, number: usize) {
        let case = world.case(&self.reference).await;
        let state = &case.questions[number - 1];
        let Some((area, token, _)) = self.teams.first().cloned() else {
            return;
        };
        let is_asked = case.assignments.iter().any(|assignment| {
            assignment.area == area && assignment.questions.contains(&state.question.id)
        });
        // It has answered, whatever it found.
        if !is_asked || !state.duty_applies() || !state.searched_by.contains(&area) {
            return;
        }
        let by = Actor {
            id: "information_officer".to_owned(),
            role: Role::InformationOfficer,
        };
        let opening = Opening {
            question: state.question.id.clone(),
            key: KeyKind::DutyApplies,
            reason: "to answer".to_owned(),
        };
        let opened = world.office().open_holding(&by, &case.id, None, &opening);
        opened.await.unwrap();
        let (template, path, who) =
            if area == "ict" && self.reference.ends_with(['0', '2', '4', '6', '8']) {
                let template = "/desk/team/{reference}/files/{number}";
                let path = template.replace("{reference}", &self.reference);
                (template, path, "service_area_contact")
            } else {
                let template = "/team/{token}/files/{number}";
                (template, template.replace("{token}", &token), "")
            };
        let path = path.replace("{number}", &number.to_string());
        let account = (!who.is_empty()).then_some(who);
        world.visit("GET", template, &path, &[], account).await;
        let files = [(channels::FIGURES, "Pond,Ducks\nTown,27\n")];
        let sent = world.upload(template, &path, &[], &files, who).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }

    /// A file goes with an answer.
    async fn give_file(&self, world: &mut World, number: usize) {
        self.team_sends(world, number).await;
        let template = "/desk/cases/{reference}/questions/{number}/files";
        let path = template
            .replace("{reference}", &self.reference)
            .replace("{number}", &number.to_string());
        let files = [(channels::FIGURES, "Pond,Ducks\nTown,27\n")];
        let added = world
            .upload(template, &path, &[], &files, "information_officer")
            .await;
        assert_eq!(added.status, 303, "{}", added.text);
    }

    /// Answers an ordinary question with a row of the published register, in one press.
    async fn use_row(&self, world: &mut World, number: usize) {
        let row = world.office().registers().latest.as_ref().unwrap().ids[0].clone();
        let seen = world.case(&self.reference).await.seq.to_string();
        let used = format!("{number} {row}");
        let fields = [("use", used.as_str()), ("seen", seen.as_str())];
        let template = "/desk/cases/{reference}/use";
        let answered = self
            .post(world, template, 0, &fields, "information_officer")
            .await;
        assert_eq!(answered.status, 303, "{}", answered.text);
    }

    async fn compose(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let letter = world.office().letter(&case.id).await.unwrap();
        let mut kept: Vec<String> = letter
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .map(|finding| format!("keep-{}", finding.code))
            .collect();
        kept.sort();
        kept.dedup();
        if self.dice.one_in(3) {
            // A program composes it first, for a person to read.
            let template = "/api/v1/cases/{reference}/letter";
            let path = template.replace("{reference}", &self.reference);
            let because: std::collections::BTreeMap<&str, &str> = letter
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Warning)
                .map(|finding| (finding.code.as_str(), "It stands for this request."))
                .collect();
            let body = json!({"kept_because": because});
            world
                .program(template, &path, Scope::WriteCases, Some(&body))
                .await;
        }
        let mut fields = vec![("do", "send")];
        fields.extend(
            kept.iter()
                .map(|name| (name.as_str(), "It stands for this request.")),
        );
        if case.sent_back.is_some() {
            fields.push(("reply", "Nothing more is known."));
        }
        let template = "/desk/cases/{reference}/letter";
        let sent = self
            .post(world, template, 0, &fields, "information_officer")
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }

    async fn approve(&mut self, world: &mut World) {
        self.see(world, "/desk/cases/{reference}/approval", "approver")
            .await;
        let recall = "/desk/cases/{reference}/recall";
        self.see(world, recall, "information_officer").await;
        if self.dice.one_in(3) {
            self.recall(world).await;
            if self.over {
                return;
            }
        }
        if self.dice.one_in(6) || self.is_sent_back {
            let back = [
                ("do", "send-back"),
                ("comment", "Say more about the balance."),
            ];
            self.post(
                world,
                "/desk/cases/{reference}/approval",
                0,
                &back,
                "approver",
            )
            .await;
            world.work().await;
            self.compose(world).await;
            if self.over {
                return;
            }
        }
        self.approval(world).await;
    }

    /// Approved by somebody who decided nothing.
    async fn approval(&mut self, world: &mut World) {
        let case = world.case(&self.reference).await;
        let identity = case.letter_in_approval.clone().unwrap_or_default();
        let fields = [
            ("do", "approve"),
            ("identity", identity.as_str()),
            ("judged", "answer"),
            ("judged", "reasons"),
            ("judged", "more"),
            ("judged", "balance"),
        ];
        let approved = self
            .post(
                world,
                "/desk/cases/{reference}/approval",
                0,
                &fields,
                "approver",
            )
            .await;
        assert_eq!(approved.status, 303, "{}", approved.text);
    }

    async fn issue(&mut self, world: &mut World) {
        let template = "/desk/cases/{reference}/issue";
        self.see(world, template, "information_officer").await;
        let sent = self
            .post(world, template, 0, &[], "information_officer")
            .await;
        if sent.status == 303 {
            return;
        }
        // A letter that became late since can't go as it is; there the story ends.
        if sent.text.contains("the twentieth working day after") {
            self.over = true;
            return;
        }
        // Another sentence is in force since it was approved: it is composed and approved again.
        let has_changed = sent.text.contains("the data it is composed from changed");
        assert!(has_changed, "{}", sent.text);
        self.recall(world).await;
        if self.over {
            return;
        }
        self.approval(world).await;
        let sent = self
            .post(world, template, 0, &[], "information_officer")
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }

    /// Taken back and composed anew.
    async fn recall(&mut self, world: &mut World) {
        let template = "/desk/cases/{reference}/recall";
        let why = [("reason", "A figure is missing.")];
        self.post(world, template, 0, &why, "information_officer")
            .await;
        self.compose(world).await;
    }

    async fn publish(&mut self, world: &mut World) {
        if self.mishap(3) {
            return;
        }
        let address = format!("2026/{}", self.reference.to_lowercase());
        let title = if world.leaks(Leak::TitleInTheLog) {
            "Questions about security"
        } else {
            "Question about security"
        };
        let fields = [
            ("when", "now"),
            ("title", title),
            ("address", address.as_str()),
            ("checked", "yes"),
        ];
        let answer = self
            .post(
                world,
                "/desk/cases/{reference}/publish",
                0,
                &fields,
                "publisher",
            )
            .await;
        if answer.status == 303 {
            self.path = Some(address);
        }
        world.office().follow().await.unwrap();
        if self.mishap(6) {
            let why = [("reason", "A figure was wrong.")];
            self.post(
                world,
                "/desk/cases/{reference}/unpublish",
                0,
                &why,
                "publisher",
            )
            .await;
        }
    }

    /// Sometimes a review: whoever decides it opens what was found, and nobody else learns of it.
    async fn review(&mut self, world: &mut World) {
        if self.dice.one_in(2) {
            self.post(
                world,
                "/desk/cases/{reference}/close",
                0,
                &[],
                "information_officer",
            )
            .await;
            self.over = true;
            return;
        }
        let today = world.office().today().to_string();
        let text = "Please look at this again.";
        if self.token.is_some() {
            self.follow(world, &[("do", "review"), ("text", text)])
                .await;
        } else if self.dice.one_in(2) {
            let with = json!({"received_on": today, "questions": [], "text": text, "late_but_taken_because": null});
            self.act(world, "ask_review", with).await;
        } else {
            let template = "/desk/cases/{reference}/review-asked";
            let fields = [("text", text), ("received_on", today.as_str())];
            self.post(world, template, 0, &fields, "triage_officer")
                .await;
        }
        let case = world.case(&self.reference).await;
        assert_eq!(case.state, State::UnderReview);
        let template = "/desk/cases/{reference}/owner";
        self.post(
            world,
            template,
            0,
            &[("officer", "reviewer")],
            "triage_officer",
        )
        .await;
        let path = format!("/desk/cases/{}/questions/1/holding", self.reference);
        let why = vec![("reason".to_owned(), "To decide the review".to_owned())];
        let (status, _, body) = world.raw("POST", &path, &why, Some("reviewer")).await;
        assert_eq!(status, 200);
        world.opened.push(String::from_utf8(body).unwrap());
        self.see(world, "/desk/cases/{reference}/review", "reviewer")
            .await;
        let mut fields = vec![("do".to_owned(), "send".to_owned())];
        let late = "Several had to look again.";
        fields.push(("late_because".to_owned(), late.to_owned()));
        for number in 1..=case.questions.len() {
            fields.push((format!("outcome_{number}"), "upheld".to_owned()));
            fields.push((
                format!("reason_{number}"),
                "Looked at afresh; it stands.".to_owned(),
            ));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post(
            world,
            "/desk/cases/{reference}/review",
            0,
            &fields,
            "reviewer",
        )
        .await;
    }
}

/// Several stories side by side, a step of one, then of another; everything observed on the way and at the end.
pub async fn live(world: &mut World, seed: u64, stories: usize, fate: Fate) {
    let mut dice = Dice(seed);
    let mut running = Vec::new();
    let ways = [Way::Form, Way::Post, Way::Form, Way::Program];
    for (number, way) in (0..stories).zip(ways.into_iter().cycle()) {
        running.push(Story::begin(world, seed.wrapping_add(number as u64 + 1), way, fate).await);
        world.pass(30 + dice.below(300) as i64);
    }
    running[0].lies_still = true;
    if let Some(second) = running.get_mut(1) {
        second.is_sent_back = true;
    }
    if let Some(third) = running.get_mut(2) {
        third.takes_time = true;
    }
    while !running.is_empty() {
        let at = dice.below(running.len());
        running[at].step(world).await;
        world.pass(20 + dice.below(480) as i64);
        if dice.one_in(3) {
            world.work().await;
            // Now and then the program that is told can't take it, and it comes again.
            world.tell(if dice.one_in(4) { 503 } else { 204 }).await;
        } else {
            world.office().follow().await.unwrap();
        }
        if running[at].is_over() {
            channels::observe_all(world, &mut running[at]).await;
            running.swap_remove(at);
        } else {
            channels::observe_some(world, &mut running[at], 4).await;
        }
    }
    world.work().await;
    while world.tell(204).await > 0 {}
    channels::observe_office(world).await;
}
